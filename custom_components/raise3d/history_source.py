"""The print history in the media browser, and the view that serves its pictures."""

from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, unquote

from aiohttp import web

from homeassistant.auth.models import User
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.components.media_player.const import MediaClass
from homeassistant.components.media_source import (
    BrowseMediaSource,
    PlayMedia,
    Unresolvable,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.http import HomeAssistantView

from .api import (
    Raise3DBusyError,
    Raise3DClient,
    Raise3DError,
    Raise3DNotFoundError,
)
from .const import (
    DOMAIN,
    JOB_EVENT_KEY,
    MAX_SHOWN_PRINTS,
    PREVIEW_SIZE,
    THUMBNAIL_SIZE,
)
from .coordinator import Raise3DConfigEntry
from .jobs import JobPhase, LoggedJob, display_name
from .media_folders import (
    async_loaded_entry,
    async_media_texts,
    browsed_entry,
    media_folder,
    media_title,
    text_key,
)
from .permissions import READ_FILES, async_check_right, has_right
from .thumbnails import Thumbnails, thumbnail_response

# No entry has this id.
ROOT: Final = "history"
_VIEW: Final = "/api/raise3d/history"
# What is shown of a print, and how large it is.
_SIZES: Final = {"thumbnail": THUMBNAIL_SIZE, "preview": PREVIEW_SIZE}
_TYPE: Final = "image/png"
_ENDED: Final = (JobPhase.COMPLETED, JobPhase.STOPPED, JobPhase.FAILED)


class HistorySource:
    """The newest prints of each printer, as far as a user may see them.

    An identifier is `history`, the id of a config entry and the quoted id of a job.
    It comes from the log, so that it is there while a printer is off.
    """

    def __init__(self, hass: HomeAssistant, thumbnails: Thumbnails) -> None:
        """Find prints, and serve their pictures."""
        self._hass = hass
        hass.http.register_view(HistoryView(hass, thumbnails))

    @staticmethod
    def owns(identifier: str) -> bool:
        """Whether an identifier is one of the history."""
        return identifier.partition("/")[0] == ROOT

    async def async_folders(
        self, user: User | None, entry: Raise3DConfigEntry
    ) -> list[BrowseMediaSource]:
        """Return the folder of a printer, nothing where a user sees no print of it."""
        if not _visible(self._hass, user, entry):
            return []
        title = (await async_media_texts(self._hass))[
            text_key("config_panel.media_source.history")
        ]
        return [media_folder(f"{ROOT}/{entry.entry_id}", title, MediaClass.IMAGE)]

    async def async_browse(
        self, user: User | None, identifier: str
    ) -> BrowseMediaSource:
        """Return the newest prints of a printer, newest first."""
        entry_id = identifier.partition("/")[2]
        entry = browsed_entry(self._hass, entry_id)
        async_check_right(self._hass, user, entry, READ_FILES)
        texts = await async_media_texts(self._hass)
        title = texts[text_key("config_panel.media_source.history")]
        folder = media_folder(identifier, title, MediaClass.IMAGE)
        folder.children = [
            _print(entry_id, job, texts) for job in _visible(self._hass, user, entry)
        ]
        return folder

    @callback
    def resolve(self, user: User | None, identifier: str) -> PlayMedia:
        """Return where the preview of a print is served, which takes a login too."""
        entry_id, _, quoted = identifier.removeprefix(f"{ROOT}/").partition("/")
        job_id = unquote(quoted)
        if _find(self._hass, user, entry_id, job_id) is None:
            raise Unresolvable(translation_domain=DOMAIN, translation_key="no_picture")
        return PlayMedia(_url(entry_id, "preview", job_id), _TYPE)


class HistoryView(HomeAssistantView):
    """View for the preview of a print, for users who may see its file's name."""

    url = f"{_VIEW}/{{entry_id}}/{{size}}/{{job_id:.+}}"
    name = "api:raise3d:history"

    def __init__(self, hass: HomeAssistant, thumbnails: Thumbnails) -> None:
        """Serve the previews of all printers."""
        self._hass = hass
        self._thumbnails = thumbnails

    async def get(
        self, request: web.Request, entry_id: str, size: str, job_id: str
    ) -> web.Response:
        """Return a picture."""
        entry = _find(self._hass, request[KEY_HASS_USER], entry_id, job_id)
        pixels = _SIZES.get(size)
        # each of a hundred requests to a printer that is off would take seconds
        if entry is None or pixels is None or not entry.runtime_data.data.online:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        fetch = partial(_async_fetch, entry.runtime_data.client, job_id, pixels)
        try:
            picture = await self._thumbnails.async_get(entry_id, (size, job_id), fetch)
        except Raise3DBusyError:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        except Raise3DError:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        if not picture:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return thumbnail_response(picture)


async def _async_fetch(client: Raise3DClient, job_id: str, pixels: int) -> bytes:
    """Return the preview of a print; an empty one, which is kept, where it has none."""
    try:
        return await client.history.get_image(job_id, pixels, pixels)
    except Raise3DNotFoundError:
        return b""


@callback
def _visible(
    hass: HomeAssistant, user: User | None, entry: Raise3DConfigEntry
) -> list[LoggedJob]:
    """Return the newest prints of a printer that a user may see, newest first."""
    if not has_right(hass, user, entry, READ_FILES):
        return []
    jobs = reversed(entry.runtime_data.log.jobs)
    return [job for job in jobs if job.phase in _ENDED][:MAX_SHOWN_PRINTS]


@callback
def _find(
    hass: HomeAssistant, user: User | None, entry_id: str, job_id: str
) -> Raise3DConfigEntry | None:
    """Return the printer of a print that a user may see, None where there is none."""
    entry = async_loaded_entry(hass, entry_id)
    if entry is None or not job_id:
        return None
    jobs = _visible(hass, user, entry)
    return entry if any(job.job_id == job_id for job in jobs) else None


def _url(entry_id: str, size: str, job_id: str) -> str:
    """Return where the picture of a print is served."""
    return f"{_VIEW}/{entry_id}/{size}/{quote(job_id, safe='')}"


def _print(entry_id: str, job: LoggedJob, texts: dict[str, str]) -> BrowseMediaSource:
    """Return a print, with what is known of it as its title."""
    at = job.ended_at or job.started_at
    phase = texts[
        text_key(
            f"entity.event.{JOB_EVENT_KEY}"
            f".state_attributes.event_type.state.{job.phase.value}"
        )
    ]
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"{ROOT}/{entry_id}/{quote(job.job_id or job.key, safe='')}",
        media_class=MediaClass.IMAGE,
        media_content_type=_TYPE,
        title=media_title(at, display_name(job.file_name), phase),
        can_play=job.job_id is not None,
        can_expand=False,
        thumbnail=job.job_id and _url(entry_id, "thumbnail", job.job_id),
    )
