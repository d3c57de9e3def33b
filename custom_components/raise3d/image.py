"""Preview image of the Raise3D integration."""

from typing import override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .api import picture_type
from .coordinator import Raise3DConfigEntry, Raise3DCoordinator
from .entity import Raise3DEntity
from .models import NO_PREVIEW

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
    """Raise3D image: the preview of the job, kept until the next one."""

    def __init__(
        self, coordinator: Raise3DCoordinator, description: ImageEntityDescription
    ) -> None:
        """Start without a picture."""
        super().__init__(coordinator, description)
        ImageEntity.__init__(self, coordinator.hass)
        self._preview = NO_PREVIEW

    @property
    @override
    def available(self) -> bool:
        """Whether the printer answers, or there is a picture, which is kept."""
        return self._preview.picture is not None or super().available

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture."""
        return self._preview.picture

    @override
    @callback
    def _update_attrs(self) -> None:
        """Update the picture, if it has changed."""
        preview = self.coordinator.data.preview
        if preview == self._preview:
            return
        self._preview = preview
        self._attr_image_last_updated = None
        if preview.picture is not None:
            self._attr_content_type = picture_type(preview.picture)
            self._attr_image_last_updated = dt_util.utcnow()
