"""Reading folders of the printer part by part, and finding files in them."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from functools import partial
import logging
from typing import Final, Protocol

from .const import MAX_FILE_PAGES, MAX_SEARCH_PAGES
from .exceptions import Raise3DInvalidValueError, Raise3DNotFoundError
from .models import FileEntry, FileList
from .values import ROOT_FOLDER, child_path

_LOGGER = logging.getLogger(__name__)

# A folder that cannot be listed: it is gone, or no path can name it.
_NO_FOLDER: Final = (Raise3DInvalidValueError, Raise3DNotFoundError)

type ReadPart = Callable[[int], Awaitable[FileList]]


class ListsFolders(Protocol):
    """What lists folders: `client.files`."""

    async def list(self, folder: str) -> FileList:
        """Return all parts of a folder."""

    async def list_page(self, folder: str, start: int) -> FileList:
        """Return a part of a folder."""


async def read_parts(read_part: ReadPart) -> AsyncGenerator[FileList]:
    """Yield what is new in each part of a folder, up to the part without anything new.

    Each next part begins as many places further as there were files in the last one,
    or folders where there were no files: whether files and folders count together,
    apart, or the files alone, nothing is passed over that way.
    """
    folders: dict[str, None] = {}
    files: dict[FileEntry, None] = {}
    start = 0
    for _ in range(MAX_FILE_PAGES):
        try:
            part = await read_part(start)
        except Raise3DInvalidValueError:
            if not start:
                raise
            # It is not documented that a start behind the end is an empty list.
            return
        new = FileList(
            folders=tuple(name for name in part.folders if name not in folders),
            files=tuple(file for file in part.files if file not in files),
        )
        if not (new.folders or new.files):
            return
        folders |= dict.fromkeys(new.folders)
        files |= dict.fromkeys(new.files)
        yield new
        start += len(part.files) or len(part.folders)
    _LOGGER.warning("A folder of the printer is too large: some is left out")


async def find_file(files: ListsFolders, path: str) -> str | None:
    """Return a file's path as the printer spells it, None where it is not there.

    What a job says of its file has lost the spaces at its end. Raises a Raise3DError
    where the printer did not answer.
    """
    folder = path.rpartition("/")[0]
    try:
        found = (await files.list(folder)).files
    except _NO_FOLDER:
        return None
    paths = [file.path for file in found]
    if path in paths:
        return path
    return next((each for each in paths if each.strip() == path), None)


async def find_files(files: ListsFolders, name: str) -> tuple[str, ...] | None:
    """Return the paths of all files with a name, in `Local/` and all its folders.

    None where that takes more than 120 requests: nobody knows what else there is.
    Raises a Raise3DError where the printer did not answer.
    """
    left = MAX_SEARCH_PAGES
    folders, found = [ROOT_FOLDER], []
    while folders:
        folder = folders.pop(0)
        # of each folder one part more is read than has anything new
        left -= 1
        try:
            async for part in read_parts(partial(files.list_page, folder)):
                left -= 1
                found += [each.path for each in part.files if each.name.strip() == name]
                folders += [child_path(folder, each) for each in part.folders]
                if left < 0:
                    break
        except _NO_FOLDER:
            continue
        if left < 0:
            return None
    return tuple(found)
