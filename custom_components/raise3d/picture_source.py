"""The pictures of ends in the media browser, and the view that serves them."""

from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

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

from .const import DOMAIN
from .coordinator import Raise3DConfigEntry
from .media_folders import (
    async_loaded_entry,
    async_media_texts,
    browsed_entry,
    media_folder,
    media_title,
    text_key,
)
from .permissions import READ_FILES, SEE_PICTURES, has_right
from .picture_store import PICTURE_TYPE, EndPicture, PictureStore

# No entry has this id, and no printer this folder.
ROOT: Final = "pictures"
_VIEW: Final = "/api/raise3d/picture"
# A picture never changes: the next one has another name.
_CACHE: Final = {hdrs.CACHE_CONTROL: "private, max-age=86400, immutable"}


class PictureSource:
    """The pictures of all printers, as far as a user may see them.

    An identifier is `pictures`, the id of a config entry and the name of a picture.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Find pictures, and serve them."""
        self._hass = hass
        hass.http.register_view(PictureView(hass))

    @staticmethod
    def owns(identifier: str) -> bool:
        """Whether an identifier is one of pictures."""
        return identifier.partition("/")[0] == ROOT

    async def async_folders(self, user: User | None) -> list[BrowseMediaSource]:
        """Return the folder of all pictures, nothing where a user sees none."""
        folder = await self.async_browse(user, ROOT)
        return [folder] if folder.children else []

    async def async_browse(
        self, user: User | None, identifier: str
    ) -> BrowseMediaSource:
        """Return the printers that have pictures, or the pictures of one."""
        texts = await async_media_texts(self._hass)
        entry_id = identifier.partition("/")[2]
        if not entry_id:
            folder = media_folder(
                ROOT,
                texts[text_key("config_panel.media_source.pictures")],
                MediaClass.IMAGE,
            )
            found = self._hass.config_entries.async_loaded_entries(DOMAIN)
            folder.children = [
                media_folder(f"{ROOT}/{entry.entry_id}", entry.title, MediaClass.IMAGE)
                for entry in sorted(found, key=lambda entry: entry.title.casefold())
                if _visible(self._hass, user, entry)
            ]
            return folder
        entry = browsed_entry(self._hass, entry_id)
        folder = media_folder(identifier, entry.title, MediaClass.IMAGE)
        folder.children = [
            _picture(entry, picture, texts)
            for picture in _visible(self._hass, user, entry)
        ]
        return folder

    @callback
    def resolve(self, user: User | None, identifier: str) -> PlayMedia:
        """Return where a picture is served, which takes a login as well."""
        entry_id, _, name = identifier.removeprefix(f"{ROOT}/").partition("/")
        found = _find(self._hass, user, entry_id, name)
        if found is None:
            raise Unresolvable(translation_domain=DOMAIN, translation_key="no_picture")
        store, picture = found
        url = f"{_VIEW}/{entry_id}/{picture.name}"
        return PlayMedia(url, PICTURE_TYPE, path=store.path(picture))


class PictureView(HomeAssistantView):
    """View for a picture of an end, for users who may see it."""

    url = f"{_VIEW}/{{entry_id}}/{{name}}"
    name = "api:raise3d:picture"

    def __init__(self, hass: HomeAssistant) -> None:
        """Serve the pictures of all printers."""
        self._hass = hass

    async def get(self, request: web.Request, entry_id: str, name: str) -> web.Response:
        """Return a picture."""
        found = _find(self._hass, request[KEY_HASS_USER], entry_id, name)
        content = await found[0].async_read(found[1]) if found else None
        if content is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return web.Response(body=content, content_type=PICTURE_TYPE, headers=_CACHE)


@callback
def _visible(
    hass: HomeAssistant, user: User | None, entry: Raise3DConfigEntry
) -> list[EndPicture]:
    """Return the pictures of a printer that a user may see, with their files' names."""
    if not has_right(hass, user, entry, READ_FILES):
        return []
    pictures = entry.runtime_data.pictures.store.pictures
    return [
        picture
        for picture in pictures
        if has_right(hass, user, entry, SEE_PICTURES[picture.kind])
    ]


@callback
def _find(
    hass: HomeAssistant, user: User | None, entry_id: str, name: str
) -> tuple[PictureStore, EndPicture] | None:
    """Return a picture that a user may see, None where there is none."""
    if (entry := async_loaded_entry(hass, entry_id)) is None:
        return None
    store = entry.runtime_data.pictures.store
    visible = _visible(hass, user, entry)
    return next(((store, each) for each in visible if each.name == name), None)


def _picture(
    entry: Raise3DConfigEntry, picture: EndPicture, texts: dict[str, str]
) -> BrowseMediaSource:
    """Return a picture, with what it shows as its title."""
    path = f"{entry.entry_id}/{picture.name}"
    event_type = f"state_attributes.event_type.state.{picture.event_type}"
    phase = texts[text_key(f"entity.image.{picture.kind}.{event_type}")]
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"{ROOT}/{path}",
        media_class=MediaClass.IMAGE,
        media_content_type=PICTURE_TYPE,
        title=media_title(picture.taken_at, picture.file_name, phase),
        can_play=True,
        can_expand=False,
        thumbnail=f"{_VIEW}/{path}",
    )
