"""What all sources of the media browser share: their folders, texts and printers."""

from homeassistant.components.media_player.const import MediaClass
from homeassistant.components.media_source import BrowseMediaSource
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN
from .coordinator import Raise3DConfigEntry


def media_folder(
    identifier: str | None, title: str, children: MediaClass | None = None
) -> BrowseMediaSource:
    """Return a folder, of one class of media where it holds no other."""
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        media_class=MediaClass.DIRECTORY,
        media_content_type="",
        title=title,
        can_play=False,
        can_expand=True,
        children_media_class=children,
    )


@callback
def async_loaded_entry(hass: HomeAssistant, entry_id: str) -> Raise3DConfigEntry | None:
    """Return the config entry of a printer, None unless it is loaded."""
    entries: list[Raise3DConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    return next((entry for entry in entries if entry.entry_id == entry_id), None)


async def async_media_texts(hass: HomeAssistant) -> dict[str, str]:
    """Return the texts; media sources do not learn the language of their user."""
    found: dict[str, str] = {}
    for category in ("config_panel", "entity"):
        found |= await async_get_translations(
            hass, hass.config.language, category, [DOMAIN]
        )
    return found


def text_key(path: str) -> str:
    """Return the key of a text."""
    return f"component.{DOMAIN}.{path}"
