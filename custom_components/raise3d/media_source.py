"""Media source of the Raise3D integration: files on the printers, and pictures."""

from functools import partial
from http import HTTPStatus
from typing import Final, override
from urllib.parse import quote, unquote

from aiohttp import web

from homeassistant.auth.models import User
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.components.media_player.browse_media import BrowseMedia
from homeassistant.components.media_player.const import MediaClass
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.components.websocket_api.connection import current_connection
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.http import HomeAssistantView, current_request

from .api import (
    ROOT_FOLDER,
    FileEntry,
    FileList,
    Raise3DBusyError,
    Raise3DConnectionError,
    Raise3DError,
    child_path,
)
from .const import DOMAIN, THUMBNAIL_SIZE
from .coordinator import Raise3DConfigEntry
from .history_source import HistorySource
from .media_folders import async_loaded_entry, browsed_entry, media_folder
from .permissions import READ_FILES, async_check_right, has_right
from .picture_source import PictureSource
from .thumbnails import Thumbnails, thumbnail_response

# In identifiers, in which no part is empty.
_ROOT = ROOT_FOLDER.removesuffix("/")
_FILE_TYPE = "text/x-gcode"
_PREVIEW = "/api/raise3d/preview"
# What is said of a printer that does not answer.
_OFF: Final = frozenset({"api_down", "cannot_connect"})


async def async_get_media_source(hass: HomeAssistant) -> Raise3DMediaSource:
    """Set up the media source, and the view for its thumbnails."""
    thumbnails = Thumbnails()
    hass.http.register_view(PreviewView(hass, thumbnails))
    return Raise3DMediaSource(hass, thumbnails)


class Raise3DMediaSource(MediaSource):
    """Printers, their folders, and the files in them.

    An identifier is the id of a config entry and a quoted path, as `ID/Local/a%20b`:
    names may contain anything, and the frontend puts identifiers into URLs. Beside the
    printers there is a folder with the pictures of the ends of their prints; in each
    printer is one of its prints.
    """

    name = "Raise3D"

    def __init__(self, hass: HomeAssistant, thumbnails: Thumbnails) -> None:
        """Browse all printers."""
        super().__init__(DOMAIN)
        self._hass = hass
        self._pictures = PictureSource(hass)
        self._history = HistorySource(hass, thumbnails)
        self._sources: Final = (self._pictures, self._history)

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return a picture; of a file, raise an error that says what can be done."""
        for source in self._sources:
            if source.owns(item.identifier):
                return source.resolve(_caller(), item.identifier)
        raise Unresolvable(
            translation_domain=DOMAIN,
            translation_key="not_playable",
            translation_placeholders={"path": _split(item.identifier)[1]},
        )

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return the printers, or a folder of one."""
        user = _caller()
        if not item.identifier:
            root = self._printers(user)
            printers = root.children or ()
            root.children = [*printers, *await self._pictures.async_folders(user)]
            return root
        for source in self._sources:
            if source.owns(item.identifier):
                return await source.async_browse(user, item.identifier)
        entry_id, path = _split(item.identifier)
        entry = browsed_entry(self._hass, entry_id)
        async_check_right(self._hass, user, entry, READ_FILES)
        first = await self._history.async_folders(user, entry) if path == _ROOT else []
        try:
            return await _async_folder(entry, path, first)
        except HomeAssistantError as err:
            raise BrowseError(
                translation_domain=err.translation_domain,
                translation_key=err.translation_key,
                translation_placeholders=err.translation_placeholders,
            ) from None

    @callback
    def _printers(self, user: User | None) -> BrowseMediaSource:
        """Return all printers that are set up and whose files a user may see."""
        root = media_folder(None, self.name)
        root.children = sorted(
            (
                media_folder(f"{entry.entry_id}/{_ROOT}", entry.title)
                for entry in self._hass.config_entries.async_loaded_entries(DOMAIN)
                if has_right(self._hass, user, entry, READ_FILES)
            ),
            key=_by_title,
        )
        return root


def _caller() -> User | None:
    """Return the user who browses; media sources do not get one."""
    if (connection := current_connection.get()) is not None:
        return connection.user
    if (request := current_request.get()) is not None:
        user: User | None = request.get(KEY_HASS_USER)
        return user
    return None


async def _async_folder(
    entry: Raise3DConfigEntry, path: str, first: list[BrowseMediaSource]
) -> BrowseMediaSource:
    """Return a folder and what is in it, folders first.

    A printer that is off has no files to show, but may have what comes first.
    """
    coordinator = entry.runtime_data
    try:
        content = await coordinator.async_call(coordinator.client.files.list(path))
    except HomeAssistantError as err:
        if not first or err.translation_key not in _OFF:
            raise
        content = FileList(folders=(), files=())
    name = entry.title if path == _ROOT else path.rpartition("/")[2]
    folder = media_folder(f"{entry.entry_id}/{quote(path)}", name)
    folder.children = [
        *first,
        *sorted(
            (
                media_folder(f"{entry.entry_id}/{quote(child_path(path, name))}", name)
                for name in content.folders
            ),
            key=_by_title,
        ),
        *sorted((_file(entry.entry_id, file) for file in content.files), key=_by_title),
    ]
    return folder


def _file(entry_id: str, file: FileEntry) -> BrowseMediaSource:
    """Return a file with its picture, if it has one."""
    preview = file.preview_path
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"{entry_id}/{quote(file.path)}",
        media_class=MediaClass.IMAGE,
        media_content_type=_FILE_TYPE,
        title=file.name,
        can_play=False,
        can_expand=False,
        thumbnail=preview and f"{_PREVIEW}/{entry_id}/{quote(preview)}",
    )


def _by_title(item: BrowseMedia) -> tuple[str, str]:
    """Return a sort key that ignores case, and is stable for equal titles."""
    return item.title.casefold(), item.title


def _split(identifier: str) -> tuple[str, str]:
    """Return the id of a config entry and the path on its printer."""
    entry_id, _, path = identifier.partition("/")
    return entry_id, unquote(path) or _ROOT


class PreviewView(HomeAssistantView):
    """View for the picture of a file, for users who may see the printer's files."""

    url = f"{_PREVIEW}/{{entry_id}}/{{path:.+}}"
    name = "api:raise3d:preview"

    def __init__(self, hass: HomeAssistant, thumbnails: Thumbnails) -> None:
        """Serve the pictures of the files of all printers."""
        self._hass = hass
        self._thumbnails = thumbnails

    async def get(self, request: web.Request, entry_id: str, path: str) -> web.Response:
        """Return a picture."""
        entry = async_loaded_entry(self._hass, entry_id)
        if entry is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        async_check_right(self._hass, request[KEY_HASS_USER], entry, READ_FILES)
        files = entry.runtime_data.client.files
        fetch = partial(files.get_image, path, THUMBNAIL_SIZE, THUMBNAIL_SIZE)
        try:
            picture = await self._thumbnails.async_get(entry_id, ("file", path), fetch)
        except Raise3DBusyError, Raise3DConnectionError:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        except Raise3DError:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return thumbnail_response(picture)
