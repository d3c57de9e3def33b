"""Files and folders on the printer, all of them below `Local/`."""

from collections.abc import AsyncIterable
from functools import partial

from .const import FILE_LIST_MAX, MAX_FILE_SIZE
from .folders import read_parts
from .mistake import Mistake
from .models import FileEntry, FileList
from .pictures import decode_image, size_params
from .requests import Requests
from .upload import Upload
from .values import (
    ROOT_FOLDER,
    checked_folder,
    checked_int,
    checked_name,
    checked_path,
    child_path,
)

# Anything that can be counted: how far a list begins is up to the printer.
_MAX_START = 2**31 - 1


class Files:
    """Listing, previews, upload, and changes.

    A path that is not below `Local/` or has a `..` in it, and a name with a slash,
    raise Raise3DInvalidValueError before anything is sent. Raise3DNotFoundError: no
    such file, folder or picture. Raise3DRefusedError: the printer could not do it.
    """

    def __init__(self, requests: Requests) -> None:
        """Share what sends requests."""
        self._requests = requests

    async def list(self, folder: str = ROOT_FOLDER) -> FileList:
        """Return all of a folder, part by part, up to 2400 entries, `/fileops/list`.

        It ends with a part that has nothing new; what comes twice is dropped.
        """
        folders: list[str] = []
        files: list[FileEntry] = []
        async for part in read_parts(partial(self.list_page, folder)):
            folders += part.folders
            files += part.files
        return FileList(folders=tuple(folders), files=tuple(files))

    async def list_page(
        self, folder: str = ROOT_FOLDER, start: int = 0, count: int = FILE_LIST_MAX
    ) -> FileList:
        """Return a part of a folder, `/fileops/list`.

        `start` is 0 or more, `count` 1..24. How the printer counts folders and files,
        and in which order, is not documented: see `list`.
        """
        path = checked_folder(folder)
        params = {
            "dir": path,
            "start_pos": str(checked_int("start", start, 0, _MAX_START)),
            "max_num": str(checked_int("count", count, 1, FILE_LIST_MAX)),
        }
        return FileList.from_dict(
            await self._requests.get("fileops/list", params), path
        )

    async def get_image(self, preview_path: str, width: int, height: int) -> bytes:
        """Return a file's preview as PNG, `/fileops/imagedownload`.

        `preview_path` is that of a FileEntry; `width` and `height` are 1..1024 pixels,
        and the picture fits in. Raises Raise3DNotFoundError where there is none.
        """
        params = {"data_path": checked_path(preview_path)} | size_params(width, height)
        path = "fileops/imagedownload"
        return decode_image(path, await self._requests.get(path, params))

    async def upload(
        self, folder: str, name: str, stream: AsyncIterable[bytes], size: int
    ) -> str:
        """Store a file of `size` bytes, up to 500 MB, `/fileops/upload`.

        Returns its path. The stream is read once, while the file is sent, and never
        held in memory; it must give exactly `size` bytes, else
        Raise3DInvalidValueError, and what it raises itself is passed on. There is no
        limit to the time as long as something moves each minute. Until it is done
        everything else of this client raises Raise3DBusyError, see `uploading`. It is
        never sent twice: after a Raise3DConnectionError list the folder to see whether
        it has arrived. Whether a file of the same name is replaced is not documented.
        """
        path = checked_folder(folder)
        length = checked_int("size in bytes", size, 0, MAX_FILE_SIZE, Mistake.FILE_SIZE)
        upload = Upload(path, checked_name(name), stream, length)
        params = {"dir": path, "start_pos": "0", "max_num": "1"}
        await self._requests.upload(
            "fileops/upload", upload, before="fileops/list", params=params
        )
        return child_path(path, name)

    async def create_folder(self, path: str) -> None:
        """Make a folder in one that is there, `/filepos/dir/create`.

        Raises Raise3DRefusedError where there is such a folder already.
        """
        await self._requests.post(
            "filepos/dir/create", {"dir_path": checked_path(path)}
        )

    async def delete_folder(self, path: str) -> None:
        """Delete a folder, never `Local/` itself, `/filepos/dir/delete`.

        Whether one that is not empty goes with all that is in it: not documented.
        """
        await self._requests.post(
            "filepos/dir/delete", {"dir_path": checked_path(path)}
        )

    async def rename_folder(self, path: str, new_name: str) -> None:
        """Give a folder another name in the same place, `/filepos/dir/rename`."""
        body = {"dir_path": checked_path(path), "new_name": checked_name(new_name)}
        await self._requests.post("filepos/dir/rename", body)

    async def move(self, source: str, destination: str) -> None:
        """Move a file to another path, `/filepos/moveto`.

        Both paths have the file's name. Whether a file at the destination is replaced
        is not documented.
        """
        body = {"file_src": checked_path(source), "file_dst": checked_path(destination)}
        await self._requests.post("filepos/moveto", body)

    async def copy(self, source: str, destination: str) -> None:
        """Copy a file to another path, `/filepos/copy`.

        Both paths have the file's name. Whether a file at the destination is replaced
        is not documented.
        """
        body = {"file_src": checked_path(source), "file_dst": checked_path(destination)}
        await self._requests.post("filepos/copy", body)

    async def delete(self, path: str) -> None:
        """Delete a file, `/filepos/delete`."""
        await self._requests.post("filepos/delete", {"file_path": checked_path(path)})

    async def rename(self, path: str, new_name: str) -> None:
        """Give a file another name in the same folder, `/filepos/rename`."""
        body = {"file_path": checked_path(path), "new_name": checked_name(new_name)}
        await self._requests.post("filepos/rename", body)
