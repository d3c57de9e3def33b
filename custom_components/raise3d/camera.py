"""Camera of the Raise3D integration."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
import math
import time
from typing import override

from aiohttp import web

from homeassistant.components.camera import Camera, CameraEntityDescription
from homeassistant.const import CONF_HOST, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import CameraInfo, Raise3DCamera, Raise3DError
from .const import CAMERA_LOGIN_PAUSE, DOMAIN, STILL_LIFETIME
from .coordinator import Raise3DConfigEntry, Raise3DCoordinator
from .entity import Raise3DEntity
from .interest import async_enabled_parts
from .mjpeg import async_send_pictures
from .models import NO_CAMERA
from .polling import Part

PARALLEL_UPDATES = 0

CAMERA = CameraEntityDescription(key="camera", translation_key="camera")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: Raise3DConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the camera, now or when one is plugged in for the first time."""
    coordinator = entry.runtime_data
    entity = Raise3DCameraEntity(coordinator, CAMERA)
    # The printer may be off now; dashboards still refer to the camera that it had.
    if er.async_get(hass).async_get_entity_id(
        Platform.CAMERA, DOMAIN, str(entity.unique_id)
    ):
        async_add_entities([entity])
    else:
        _add_when_connected(entry, entity, async_add_entities)
    enabled = Part.CAMERA in async_enabled_parts(hass, entry)
    if enabled and coordinator.data.online and coordinator.data.camera is NO_CAMERA:
        # not a part of the first poll, which a start of Home Assistant waits for
        entry.async_create_background_task(
            hass, _async_poll_camera(coordinator), "raise3d camera"
        )


@callback
def _add_when_connected(
    entry: Raise3DConfigEntry,
    entity: Raise3DCameraEntity,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Listen until a camera is connected for the first time, then add it."""
    coordinator = entry.runtime_data
    listening = ExitStack()
    entry.async_on_unload(listening.close)

    @callback
    def add_camera() -> None:
        """Add the camera, and stop listening."""
        if coordinator.data.camera.connected:
            async_add_entities([entity])
            listening.close()

    listening.callback(coordinator.async_add_listener(add_camera, (Part.CAMERA,)))


async def _async_poll_camera(coordinator: Raise3DCoordinator) -> None:
    """Poll the camera; where that fails, the next regular poll does."""
    with suppress(Raise3DError):
        await coordinator.async_refresh_camera()


class Raise3DCameraEntity(Raise3DEntity, Camera):
    """Raise3D camera; its login is never exposed."""

    def __init__(
        self, coordinator: Raise3DCoordinator, description: CameraEntityDescription
    ) -> None:
        """Start without a still; one is shared by all viewers."""
        super().__init__(coordinator, description)
        Camera.__init__(self)
        self._camera = Raise3DCamera(
            async_get_clientsession(coordinator.hass),
            coordinator.config_entry.data[CONF_HOST],
        )
        self._still_lock = asyncio.Lock()
        self._still: bytes | None = None
        self._still_at = -math.inf
        self._login_lock = asyncio.Lock()
        self._login_at = -math.inf

    @property
    @override
    def available(self) -> bool:
        """Whether the camera is plugged in."""
        return super().available and self.coordinator.data.camera.connected is True

    @override
    async def async_update(self) -> None:
        """Poll the camera, too, at an update on request: it may just be plugged in."""
        await _async_poll_camera(self.coordinator)
        await super().async_update()

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Return a still, which is shared by all viewers for a moment."""
        async with self._still_lock:
            if time.monotonic() - self._still_at >= STILL_LIFETIME:
                self._still = await self._async_call(self._camera.take_shot)
                self._still_at = time.monotonic()
            return self._still

    @override
    async def handle_async_mjpeg_stream(
        self, request: web.Request
    ) -> web.StreamResponse | None:
        """Forward the camera's stream for as long as someone watches."""
        stream = await self._async_call(self._camera.open_stream)
        if stream is None:
            return None
        try:
            return await async_send_pictures(self.hass, request, stream)
        finally:
            stream.close()

    async def _async_call[AnswerT](
        self, request: Callable[[CameraInfo], Awaitable[AnswerT]]
    ) -> AnswerT | None:
        """Send a request to the camera; return None where it does not answer.

        After a failure the login is read again: the printer may have rebooted, which
        changes the password, or the camera may have been unplugged.
        """
        if not self.available:
            return None
        camera = self.coordinator.data.camera
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
            known = self.coordinator.data.camera
            now = time.monotonic()
            if known == stale and now - self._login_at >= CAMERA_LOGIN_PAUSE:
                self._login_at = now
                known = await self.coordinator.async_refresh_camera()
            return known
