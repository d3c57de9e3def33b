"""The file endpoints: all of `fileops` and `filepos`."""

from collections.abc import Callable, Mapping
import hashlib
import json
from typing import Concatenate

from aiohttp import BodyPartReader, MultipartReader, web

from . import params, wire
from .errors import (
    CANNOT_OPEN,
    CANNOT_WRITE,
    NO_DATA_FILE,
    START_ERROR,
    TOO_LARGE,
    HttpError,
    RefusedError,
)
from .models import StoredFile
from .params import OUT_OF_RANGE, Query
from .printer import Printer
from .storage import Storage, inside
from .wire import Data

type Body = Mapping[str, object]
BAD_REQUEST, BAD_TYPE = 400, 415
UPLOAD = "fileops/upload"
BINARY = "application/octet-stream"
PIECE = 256 * 1024
MAX_FILES = 24


def file_list(printer: Printer, query: Query) -> Data:
    """Page through a folder."""
    start, number = params.number(query, "start_pos"), params.number(query, "max_num")
    folder = printer.storage.folder(params.text(query, "dir"))
    if start < 0:
        raise RefusedError(*START_ERROR)
    if not 1 <= number <= MAX_FILES:
        raise RefusedError(OUT_OF_RANGE, f"max_num error, range(1~{MAX_FILES})")
    data = wire.file_list(printer, folder, start, number)
    if start and not any(data.values()) and printer.unknowns.list_end_refused:
        raise RefusedError(*START_ERROR)
    return data


def file_image(printer: Printer, query: Query) -> Data:
    """Show a file's picture as base64 PNG."""
    data_path, size = inside(params.text(query, "data_path")), params.size(query)
    path = printer.storage.file_of(data_path)
    if path is None:
        raise RefusedError(*NO_DATA_FILE)
    return params.picture(path, size)


async def upload(printer: Printer, request: web.Request) -> None:
    """Take a file; its size and hash are kept, the rest is counted and forgotten."""
    if request.content_type != "multipart/form-data":
        raise HttpError(BAD_TYPE)
    try:
        reader = await request.multipart()
        folder = await _upload_folder(printer, await _part(reader, "desc"))
        file = await _part(reader, "file")
        if not file.filename or file.headers.get("Content-Type") != BINARY:
            raise HttpError(BAD_REQUEST)
        path = f"{folder}/{file.filename}"
        _require_room_for(printer, path)
        stored = await _receive(printer, file)
        if await reader.next() is not None:
            raise HttpError(BAD_REQUEST)
    except ValueError:
        raise HttpError(BAD_REQUEST) from None
    printer.files[path] = stored


async def _upload_folder(printer: Printer, part: BodyPartReader) -> str:
    if part.headers.get("Content-Type") != "application/json":
        raise HttpError(BAD_REQUEST)
    description = json.loads(await part.read())
    if not isinstance(description, dict):
        raise HttpError(BAD_REQUEST)
    return printer.storage.folder(text(description, "dir_path"))


async def _part(reader: MultipartReader, name: str) -> BodyPartReader:
    """Insist on the documented order of the parts."""
    part = await reader.next()
    if not isinstance(part, BodyPartReader) or part.name != name:
        raise HttpError(BAD_REQUEST)
    return part


def _require_room_for(printer: Printer, path: str) -> None:
    storage = printer.storage
    kept = path in printer.files and not printer.unknowns.upload_replaces
    if kept or path in storage.folders or path == storage.in_use():
        raise RefusedError(*CANNOT_OPEN)


async def _receive(printer: Printer, part: BodyPartReader) -> StoredFile:
    size, digest = 0, hashlib.sha256()
    while piece := await part.read_chunk(PIECE):
        size += len(piece)
        if size > printer.unknowns.max_upload:
            raise RefusedError(*TOO_LARGE)
        if size > printer.storage_free_kb * 1024:
            raise RefusedError(*CANNOT_WRITE)
        digest.update(piece)
    # ideaMaker writes the preview into a file of its own, which nobody has sent
    return StoredFile(has_preview=False, size=size, sha256=digest.hexdigest())


def text(body: Body, key: str) -> str:
    """Insist on a text."""
    value = body.get(key)
    if not isinstance(value, str):
        raise HttpError(BAD_REQUEST)
    return value


def _change(
    change: Callable[Concatenate[Storage, ...], None], *keys: str
) -> Callable[[Printer, Body], None]:
    """Return a command that changes the storage, with the texts of a body."""

    def command(printer: Printer, body: Body) -> None:
        change(printer.storage, *(text(body, key) for key in keys))

    return command


FILE_QUERIES: dict[str, Callable[[Printer, Query], Data]] = {
    "fileops/list": file_list,
    "fileops/imagedownload": file_image,
}
FILE_COMMANDS: dict[str, Callable[[Printer, Body], None]] = {
    "filepos/dir/create": _change(Storage.make_folder, "dir_path"),
    "filepos/dir/delete": _change(Storage.delete_folder, "dir_path"),
    "filepos/dir/rename": _change(Storage.rename_folder, "dir_path", "new_name"),
    "filepos/moveto": _change(Storage.move, "file_src", "file_dst"),
    "filepos/copy": _change(Storage.copy, "file_src", "file_dst"),
    "filepos/delete": _change(Storage.delete, "file_path"),
    # the table has dir_path, the example file_path
    "filepos/rename": _change(Storage.rename, "file_path", "new_name"),
}
