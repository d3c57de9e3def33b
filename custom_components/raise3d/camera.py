"""Camera of the Raise3D integration."""

import asyncio
from contextlib import suppress
import math
import time
from typing import override

from aiohttp import web

from homeassistant.components.camera import Camera, CameraEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import Raise3DError
from .camera_setup import async_add_with_camera
from .const import CAMERA_KEY, STILL_LIFETIME
from .coordinator import Raise3DConfigEntry, Raise3DCoordinator
from .entity import Raise3DEntity
from .interest import async_enabled_parts
from .mjpeg import async_send_pictures
from .models import NO_CAMERA
from .polling import Part

PARALLEL_UPDATES = 0

CAMERA = CameraEntityDescription(key=CAMERA_KEY, translation_key=CAMERA_KEY)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: Raise3DConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the camera, now or when one is plugged in for the first time."""
    coordinator = entry.runtime_data
    camera = Raise3DCameraEntity(coordinator, CAMERA)
    async_add_with_camera(entry, [camera], async_add_entities)
    enabled = Part.CAMERA in async_enabled_parts(hass, entry)
    if enabled and coordinator.data.online and coordinator.data.camera is NO_CAMERA:
        # not a part of the first poll, which a start of Home Assistant waits for
        entry.async_create_background_task(
            hass, _async_poll_camera(coordinator), "raise3d camera"
        )


async def _async_poll_camera(coordinator: Raise3DCoordinator) -> None:
    """Poll the camera; where that fails, the next regular poll does."""
    with suppress(Raise3DError):
        await coordinator.camera.async_refresh()


class Raise3DCameraEntity(Raise3DEntity, Camera):
    """Raise3D camera; its login is never exposed."""

    def __init__(
        self, coordinator: Raise3DCoordinator, description: CameraEntityDescription
    ) -> None:
        """Start without a still; one is shared by all viewers."""
        super().__init__(coordinator, description)
        Camera.__init__(self)
        self._still_lock = asyncio.Lock()
        self._still: bytes | None = None
        self._still_at = -math.inf

    @property
    @override
    def available(self) -> bool:
        """Whether the camera is plugged in."""
        return super().available and self.coordinator.camera.connected

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
                camera = self.coordinator.camera
                self._still = (
                    await camera.async_take_still() if self.available else None
                )
                self._still_at = time.monotonic()
            return self._still

    @override
    async def handle_async_mjpeg_stream(
        self, request: web.Request
    ) -> web.StreamResponse | None:
        """Forward the camera's stream for as long as someone watches."""
        if not self.available:
            return None
        stream = await self.coordinator.camera.async_open_stream()
        if stream is None:
            return None
        try:
            return await async_send_pictures(self.hass, request, stream)
        finally:
            stream.close()
