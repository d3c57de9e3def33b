"""Preview image of the Raise3D integration."""

import asyncio
from typing import override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .api import Raise3DError, picture_type, read_preview
from .const import MAX_PREVIEW_ATTEMPTS, PREVIEW_SIZE
from .coordinator import Raise3DConfigEntry, Raise3DCoordinator
from .entity import Raise3DEntity
from .jobs import ActiveJob

PARALLEL_UPDATES = 0

PREVIEW = ImageEntityDescription(key="preview", translation_key="preview")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: Raise3DConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the preview of a printer."""
    async_add_entities([Raise3DPreview(entry.runtime_data, PREVIEW)])


class Raise3DPreview(Raise3DEntity, ImageEntity):
    """What the job of the printer shall become."""

    def __init__(
        self, coordinator: Raise3DCoordinator, description: ImageEntityDescription
    ) -> None:
        """Start without a picture."""
        super().__init__(coordinator, description)
        ImageEntity.__init__(self, coordinator.hass)
        self._job: ActiveJob | None = None
        self._picture: bytes | None = None
        self._attempts = 0
        self._fetching: asyncio.Task[None] | None = None

    @property
    @override
    def available(self) -> bool:
        """Whether there is a picture, or may be one: it outlives a power cut."""
        return self._picture is not None or super().available

    @override
    async def async_added_to_hass(self) -> None:
        """Begin with the job that is there."""
        await super().async_added_to_hass()
        self._follow_job()

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture, which was fetched when the job began."""
        return self._picture

    @override
    @callback
    def _handle_coordinator_update(self) -> None:
        """Change the picture with the job; it outlives the job until the next one."""
        self._follow_job()
        super()._handle_coordinator_update()

    @callback
    def _follow_job(self) -> None:
        """Turn to the job that is there now, and fetch its picture once."""
        job = self.coordinator.data.job
        before = self._job.job_id if self._job else None
        if job is not None and job.job_id not in (None, before):
            self._job = job
            self._picture = None
            self._attr_image_last_updated = None
            self._attempts = MAX_PREVIEW_ATTEMPTS
        idle = self._fetching is None or self._fetching.done()
        if self._attempts and self.coordinator.data.online and idle:
            self._attempts -= 1
            self._fetching = self.coordinator.config_entry.async_create_background_task(
                self.hass, self._async_fetch(), "raise3d preview", eager_start=False
            )

    async def _async_fetch(self) -> None:
        """Fetch the picture; a printer that is busy is asked with the next look."""
        job = self._job
        assert job is not None  # noqa: S101 - there are attempts for a job only
        try:
            picture = await read_preview(
                self.coordinator.client, str(job.job_id), job.file_name, PREVIEW_SIZE
            )
        except Raise3DError:
            return
        if job is not self._job:
            return
        self._attempts = 0
        if picture is not None:
            self._picture = picture
            self._attr_content_type = picture_type(picture)
            self._attr_image_last_updated = dt_util.utcnow()
            self.async_write_ha_state()
