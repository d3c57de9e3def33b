"""Camera of the Raise3D integration."""

import asyncio
from collections.abc import Awaitable, Callable
import time
from typing import override

from aiohttp import hdrs, web

from homeassistant.components.camera import Camera, CameraEntityDescription
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import (
    async_aiohttp_proxy_stream,
    async_get_clientsession,
)
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import (
    CameraInfo,
    Raise3DAuthenticationError,
    Raise3DCamera,
    Raise3DError,
)
from .const import STILL_LIFETIME
from .coordinator import Raise3DConfigEntry, Raise3DCoordinator
from .entity import Raise3DEntity

PARALLEL_UPDATES = 0

CAMERA = CameraEntityDescription(key="camera", translation_key="camera")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: Raise3DConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the camera once there is one; it may be plugged in later."""
    coordinator = entry.runtime_data
    added = False

    @callback
    def add_camera() -> None:
        """Add the camera when it has been seen for the first time."""
        nonlocal added
        camera = coordinator.data.camera
        if not added and camera is not None and camera.connected:
            added = True
            async_add_entities([Raise3DCameraEntity(coordinator, CAMERA)])

    entry.async_on_unload(coordinator.async_add_listener(add_camera))
    add_camera()


class Raise3DCameraEntity(Raise3DEntity, Camera):
    """The printer's camera; its credentials stay in here."""

    def __init__(
        self, coordinator: Raise3DCoordinator, description: CameraEntityDescription
    ) -> None:
        """Take a still only so often, however many people look."""
        super().__init__(coordinator, description)
        Camera.__init__(self)
        self._camera = Raise3DCamera(
            async_get_clientsession(coordinator.hass),
            coordinator.config_entry.data[CONF_HOST],
        )
        self._lock = asyncio.Lock()
        self._still: bytes | None = None
        self._still_at = 0.0

    @property
    @override
    def available(self) -> bool:
        """Whether the camera is plugged in."""
        camera = self.coordinator.data.camera
        return super().available and camera is not None and camera.connected is True

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Return a still; one request serves all who look at the same time."""
        async with self._lock:
            if time.monotonic() - self._still_at < STILL_LIFETIME:
                return self._still
            try:
                self._still = await self._async_with_password(self._camera.take_shot)
            except Raise3DError:
                self._still = None
            self._still_at = time.monotonic()
            return self._still

    @override
    async def handle_async_mjpeg_stream(
        self, request: web.Request
    ) -> web.StreamResponse | None:
        """Pass the printer's stream on for as long as somebody watches."""
        try:
            stream = await self._async_with_password(self._camera.open_stream)
        except Raise3DError:
            return None
        try:
            return await async_aiohttp_proxy_stream(
                self.hass,
                request,
                stream.content,
                stream.headers.get(hdrs.CONTENT_TYPE),
            )
        finally:
            stream.close()

    async def _async_with_password[AnswerT](
        self, ask: Callable[[CameraInfo], Awaitable[AnswerT]]
    ) -> AnswerT:
        """Ask the camera, with the password of this boot of the printer."""
        camera = self.coordinator.data.camera
        if camera is not None:
            try:
                return await ask(camera)
            except Raise3DAuthenticationError:
                pass
        return await ask(await self.coordinator.async_refresh_camera())
