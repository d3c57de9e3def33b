"""Images of the Raise3D integration: the preview, and pictures of ends."""

from typing import override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .api import picture_type
from .camera_setup import async_add_with_camera
from .coordinator import Raise3DConfigEntry, Raise3DCoordinator
from .entity import Raise3DEntity
from .models import NO_PREVIEW
from .picture_store import PICTURE_TYPE, EndPicture, PictureKind

PARALLEL_UPDATES = 0

PREVIEW = ImageEntityDescription(key="preview", translation_key="preview")
END_PICTURES = tuple(
    ImageEntityDescription(key=kind.value, translation_key=kind.value)
    for kind in PictureKind
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: Raise3DConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the preview, and with a camera the pictures of ends."""
    coordinator = entry.runtime_data
    async_add_entities([Raise3DPreview(coordinator, PREVIEW)])
    pictures = [Raise3DEndPicture(coordinator, each) for each in END_PICTURES]
    async_add_with_camera(entry, pictures, async_add_entities)


class Raise3DImage(Raise3DEntity, ImageEntity):
    """Base of the images: a picture is kept until the next one."""

    def __init__(
        self, coordinator: Raise3DCoordinator, description: ImageEntityDescription
    ) -> None:
        """Start without a picture."""
        super().__init__(coordinator, description)
        ImageEntity.__init__(self, coordinator.hass)

    @property
    @override
    def available(self) -> bool:
        """Whether the printer answers, or there is a picture, which is kept."""
        return self.image_last_updated is not None or super().available


class Raise3DPreview(Raise3DImage):
    """Raise3D image: the preview of the job."""

    _preview = NO_PREVIEW

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


class Raise3DEndPicture(Raise3DImage):
    """Raise3D image: the last picture of an end."""

    _attr_content_type = PICTURE_TYPE
    _picture: EndPicture | None = None

    def __init__(
        self, coordinator: Raise3DCoordinator, description: ImageEntityDescription
    ) -> None:
        """Show the pictures of the kind that is the entity's key."""
        super().__init__(coordinator, description)
        self._kind = PictureKind(description.key)

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to new pictures, which are taken only for those who listen."""
        await super().async_added_to_hass()
        pictures = self.coordinator.pictures
        self.async_on_remove(
            pictures.async_add_listener(self._kind, self._handle_picture)
        )

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture."""
        if self._picture is None:
            return None
        return await self.coordinator.pictures.store.async_read(self._picture)

    @callback
    def _handle_picture(self) -> None:
        """Show a new picture, before the event of the end is fired."""
        self._update_attrs()
        self.async_write_ha_state()

    @override
    @callback
    def _update_attrs(self) -> None:
        """Update the picture, and what its event says about the job."""
        picture = self.coordinator.pictures.store.newest(self._kind)
        if picture is None or picture == self._picture:
            return
        self._picture = picture
        self._attr_image_last_updated = picture.taken_at
        self._attr_extra_state_attributes = {
            "event_type": picture.event_type.value,
            "job_id": picture.job_id,
            "file_name": picture.file_name,
        }
