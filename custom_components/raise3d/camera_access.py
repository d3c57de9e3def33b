"""Sends requests to a printer's camera, with the login that is valid now."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
import math
import time

from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .api import CameraInfo, PictureStream, Raise3DCamera, Raise3DError
from .const import CAMERA_LOGIN_PAUSE
from .models import Raise3DData
from .reader import PrinterReader


class CameraAccess:
    """Access to the camera of one printer; its login changes at each boot."""

    def __init__(
        self,
        coordinator: DataUpdateCoordinator[Raise3DData],
        reader: PrinterReader,
        host: str,
    ) -> None:
        """Share the coordinator's data, and the reader that reads the login."""
        self._coordinator = coordinator
        self._reader = reader
        self._camera = Raise3DCamera(async_get_clientsession(coordinator.hass), host)
        self._login_lock = asyncio.Lock()
        self._login_at = -math.inf

    @property
    def connected(self) -> bool:
        """Whether a camera is plugged in."""
        return self._coordinator.data.camera.connected is True

    async def async_take_still(self) -> bytes | None:
        """Return a JPEG, None where the camera sends none."""
        return await self._async_call(self._camera.take_shot)

    async def async_open_stream(self) -> PictureStream | None:
        """Return the live stream, which the caller closes, None where there is none."""
        return await self._async_call(self._camera.open_stream)

    async def async_refresh(self) -> CameraInfo:
        """Return the camera's login, read again: it changes at each boot.

        The polls go on as planned: a new plan each time would put them off for as
        long as someone watches a camera that does not work.
        """
        fresh = await self._reader.read_camera(self._coordinator.data)
        if fresh.camera != self._coordinator.data.camera:
            data = replace(self._coordinator.data, camera=fresh.camera)
            self._coordinator.data = data
            self._coordinator.async_update_listeners()
        return fresh.camera

    async def _async_call[AnswerT](
        self, request: Callable[[CameraInfo], Awaitable[AnswerT]]
    ) -> AnswerT | None:
        """Send a request to the camera; return None where it does not answer.

        After a failure the login is read again: the printer may have rebooted, which
        changes the password, or the camera may have been unplugged.
        """
        if not self.connected:
            return None
        camera = self._coordinator.data.camera
        with suppress(Raise3DError):
            return await request(camera)
        with suppress(Raise3DError):
            fresh = await self._async_login(camera)
            if fresh != camera:
                return await request(fresh)
        return None

    async def _async_login(self, stale: CameraInfo) -> CameraInfo:
        """Return the current login; one request serves all viewers."""
        async with self._login_lock:
            known = self._coordinator.data.camera
            now = time.monotonic()
            if known == stale and now - self._login_at >= CAMERA_LOGIN_PAUSE:
                self._login_at = now
                known = await self.async_refresh()
            return known
