"""Preview image of the Raise3D integration."""

from typing import override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .api import Raise3DError
from .const import PREVIEW_SIZE
from .coordinator import Raise3DConfigEntry, Raise3DCoordinator
from .entity import Raise3DEntity

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

    _attr_content_type = "image/png"

    def __init__(
        self, coordinator: Raise3DCoordinator, description: ImageEntityDescription
    ) -> None:
        """Start without a picture."""
        super().__init__(coordinator, description)
        ImageEntity.__init__(self, coordinator.hass)
        self._job_id: str | None = None
        self._picture: bytes | None = None
        self._fetched = False
        self._note_job()

    @override
    @callback
    def _handle_coordinator_update(self) -> None:
        """Change the picture with the job; it outlives the job until the next one."""
        self._note_job()
        super()._handle_coordinator_update()

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture, fetched once for each job."""
        if not self._fetched and self._job_id is not None:
            job_id = self._job_id
            picture = await self._async_fetch(job_id)
            if job_id == self._job_id:
                self._picture, self._fetched = picture, True
        return self._picture

    async def _async_fetch(self, job_id: str) -> bytes | None:
        """Fetch a picture; not every file has one, and that is no error."""
        try:
            return await self.coordinator.client.get_job_image(
                job_id, PREVIEW_SIZE, PREVIEW_SIZE
            )
        except Raise3DError:
            return None

    @callback
    def _note_job(self) -> None:
        """Turn to the job that is there now."""
        job = self.coordinator.data.job
        if job is None or job.job_id is None or job.job_id == self._job_id:
            return
        self._job_id = job.job_id
        self._picture, self._fetched = None, False
        self._attr_image_last_updated = dt_util.utcnow()
