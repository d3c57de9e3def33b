"""What all sources of the media browser share: folders, titles, texts, printers."""

from datetime import datetime

from homeassistant.components.media_player.const import MediaClass
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import BrowseMediaSource
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

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


def media_title(at: datetime | None, name: str | None, phase: str) -> str:
    """Return the title of a print or of a picture of it, with what is known of it."""
    local = dt_util.as_local(at).strftime("%Y-%m-%d %H:%M") if at else None
    return " · ".join(filter(None, (local, name, phase)))


@callback
def async_loaded_entry(hass: HomeAssistant, entry_id: str) -> Raise3DConfigEntry | None:
    """Return the config entry of a printer, None unless it is loaded."""
    entries: list[Raise3DConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    return next((entry for entry in entries if entry.entry_id == entry_id), None)


@callback
def browsed_entry(hass: HomeAssistant, entry_id: str) -> Raise3DConfigEntry:
    """Return the config entry of a printer; raises BrowseError unless it is loaded."""
    entry = async_loaded_entry(hass, entry_id)
    if entry is None:
        raise BrowseError(translation_domain=DOMAIN, translation_key="unknown_printer")
    return entry


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
