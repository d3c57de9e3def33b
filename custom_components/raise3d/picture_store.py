"""Stores the pictures of the end of prints below Home Assistant's own storage."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
import logging
from pathlib import Path
import re
import shutil
from typing import Final, Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import STORAGE_DIR

from .api import picture_type
from .const import DOMAIN, MAX_PICTURE_SIZE, MAX_PICTURES, PICTURES_VERSION
from .entry_store import DAMAGE_ERRORS, EntryStore
from .jobs import JobEventType
from .jobs.stored import read_time

_LOGGER = logging.getLogger(__name__)

# The names that we give: nothing of them comes from the printer.
_NAME: Final = re.compile(r"[0-9a-f]{32}")
_SUFFIX: Final = ".jpg"
PICTURE_TYPE: Final = "image/jpeg"


class PictureKind(StrEnum):
    """Which end a picture shows; the key of its image entity."""

    FINISHED = "finished_part"
    FAILURE = "last_failure"


KINDS: Final[Mapping[JobEventType, PictureKind]] = {
    JobEventType.COMPLETED: PictureKind.FINISHED,
    JobEventType.STOPPED: PictureKind.FAILURE,
    JobEventType.FAILED: PictureKind.FAILURE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPicture:
    """A picture of the end of a print; its content is in a file."""

    name: str
    """Name of the file, without its suffix."""
    event_type: JobEventType
    taken_at: datetime
    job_id: str = field(repr=False)
    """That of the event."""
    file_name: str | None = field(repr=False)

    @property
    def kind(self) -> PictureKind:
        """Which end it shows."""
        return KINDS[self.event_type]

    def as_dict(self) -> dict[str, object]:
        """Return the picture as it is stored."""
        return {
            "name": self.name,
            "event_type": self.event_type.value,
            "taken_at": self.taken_at.isoformat(),
            "job_id": self.job_id,
            "file_name": self.file_name,
        }

    @classmethod
    def from_dict(cls, data: object) -> Self | None:
        """Read a picture that was stored, None where it is damaged."""
        match data:
            case {
                "name": str(name),
                "event_type": "completed" | "stopped" | "failed" as event_type,
                "taken_at": str(taken_at),
                "job_id": str(job_id),
                "file_name": str() | None as file_name,
            } if _NAME.fullmatch(name) and (at := _time(taken_at)) is not None:
                return cls(
                    name=name,
                    event_type=JobEventType(event_type),
                    taken_at=at,
                    job_id=job_id,
                    file_name=file_name,
                )
        return None


class PictureStore:
    """The last pictures of one printer, in files, and an index of them."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Start without a picture; `async_load` finds those of before."""
        self._hass = hass
        self._entry = entry
        self._index = _index(hass, entry)
        self._folder = _folder(hass, entry)
        self._unsaved: dict[str, bytes] = {}
        self.pictures: tuple[EndPicture, ...] = ()
        """The newest first."""

    async def async_load(self) -> None:
        """Load the index, without the pictures whose file is gone or damaged."""
        stored: Mapping[str, object] | None = None
        # Without its pictures, a printer is as good as with them.
        with suppress(*DAMAGE_ERRORS):
            stored = await self._index.async_load()
        listed = stored.get("pictures") if isinstance(stored, Mapping) else None
        entries = listed if isinstance(listed, list) else []
        found = [EndPicture.from_dict(each) for each in entries[:MAX_PICTURES]]
        pictures = [each for each in found if each is not None]
        names = {each.name for each in pictures}
        usable = await self._hass.async_add_executor_job(_tidy, self._folder, names)
        self.pictures = tuple(each for each in pictures if each.name in usable)

    def newest(self, kind: PictureKind) -> EndPicture | None:
        """Return the newest picture of a kind."""
        return next((each for each in self.pictures if each.kind is kind), None)

    def path(self, picture: EndPicture) -> Path:
        """Return the file of a picture."""
        return self._folder / f"{picture.name}{_SUFFIX}"

    async def async_read(self, picture: EndPicture) -> bytes | None:
        """Return the content of a picture, None where its file is gone or damaged."""
        if (content := self._unsaved.get(picture.name)) is not None:
            return content
        return await self._hass.async_add_executor_job(_read, self.path(picture))

    @callback
    def async_add(self, picture: EndPicture, content: bytes) -> None:
        """Add a picture, which is there at once, and write it to a file."""
        # Where the disk takes no files, the newest of each kind is all that is kept.
        written = (
            each
            for each in self.pictures
            if each.kind is not picture.kind or each.name not in self._unsaved
        )
        kept = _kept_of((picture, *written))
        gone = [each for each in self.pictures if each not in kept]
        for each in gone:
            self._unsaved.pop(each.name, None)
        self.pictures = kept
        self._unsaved[picture.name] = content
        self._entry.async_create_task(self._hass, self._async_save(picture, gone))

    async def _async_save(
        self, picture: EndPicture, gone: Iterable[EndPicture]
    ) -> None:
        """Write a picture and the index; remove the files that are no longer in it."""
        paths = [self.path(each) for each in gone]
        content = self._unsaved[picture.name]
        try:
            await self._hass.async_add_executor_job(
                _write, self.path(picture), content, paths
            )
        except OSError as err:
            # without the path
            _LOGGER.warning(
                "A picture of %s cannot be stored: %s", self._entry.title, err.strerror
            )
            return
        self._unsaved.pop(picture.name, None)
        pictures = [each.as_dict() for each in self.pictures]
        await self._index.async_save({"pictures": pictures})


async def async_remove_pictures(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove all pictures of a printer."""
    await _index(hass, entry).async_remove()
    await hass.async_add_executor_job(_remove, _folder(hass, entry))


def _index(hass: HomeAssistant, entry: ConfigEntry) -> EntryStore:
    """Return the storage of the index."""
    key = f"{DOMAIN}.pictures.{entry.entry_id}"
    return EntryStore(hass, PICTURES_VERSION, key)


def _folder(hass: HomeAssistant, entry: ConfigEntry) -> Path:
    """Return the folder of a printer's pictures."""
    return Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.pictures"), entry.entry_id)


def _time(text: str) -> datetime | None:
    """Return a time that was stored, None where it is damaged."""
    try:
        return read_time(text)
    except ValueError:
        return None


def _kept_of(pictures: tuple[EndPicture, ...]) -> tuple[EndPicture, ...]:
    """Return as many as are kept, always with the newest of each kind."""
    shown = {each.kind: each for each in reversed(pictures)}.values()
    others = [each for each in pictures if each not in shown]
    kept = (*shown, *others[: MAX_PICTURES - len(shown)])
    return tuple(each for each in pictures if each in kept)


def _write(path: Path, content: bytes, gone: Iterable[Path]) -> None:
    """Write a file that is private, and remove others."""
    for each in gone:
        each.unlink(missing_ok=True)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        path.touch(mode=0o600)
        path.write_bytes(content)
    except OSError:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise


def _read(path: Path) -> bytes | None:
    """Return the JPEG in a file, None where there is none."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_PICTURE_SIZE + 1)
    except OSError:
        return None
    usable = len(content) <= MAX_PICTURE_SIZE and picture_type(content) == PICTURE_TYPE
    return content if usable else None


def _tidy(folder: Path, names: set[str]) -> set[str]:
    """Return the names whose files are usable; remove files that are in no index."""
    usable = {name for name in names if _read(folder / f"{name}{_SUFFIX}")}
    with suppress(OSError):
        for path in folder.glob(f"*{_SUFFIX}"):
            if _NAME.fullmatch(path.stem) and path.stem not in usable:
                path.unlink(missing_ok=True)
    return usable


def _remove(folder: Path) -> None:
    """Remove a printer's folder, and with the last one the folder of all."""
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        folder.parent.rmdir()
