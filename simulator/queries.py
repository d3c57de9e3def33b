"""What the API's GET endpoints take and answer."""

import base64
from collections.abc import Callable, Mapping
from functools import partial
import re

from . import wire
from .errors import (
    HISTORY_BUSY,
    NO_DATA_FILE,
    NO_IMAGE,
    SIGN_ERROR,
    START_ERROR,
    HttpError,
    RefusedError,
)
from .picture import preview
from .printer import Printer
from .storage import inside
from .tokens import sign
from .wire import Data

type Query = Mapping[str, str]
BAD_REQUEST = 400
OUT_OF_RANGE = 10002
MAX_JOBS = 12
MAX_FILES = 24
MAX_PIXELS = 1024


def login(printer: Printer, query: Query) -> Data:
    """Hand out a token for the right hash; no document says that the time matters."""
    timestamp = str(_number(query, "timestamp"))
    if _text(query, "sign") != sign(printer.password, timestamp):
        raise RefusedError(*SIGN_ERROR)
    return {"token": printer.tokens.issue(printer.own_time)}


def job_list(printer: Printer, query: Query) -> Data:
    """Page through the history."""
    start, number = _number(query, "start_pos"), _number(query, "max_num")
    if not 1 <= number <= MAX_JOBS:
        raise RefusedError(OUT_OF_RANGE, f"max_num error value(1~{MAX_JOBS})")
    _require_history(printer)
    if start not in printer.listed and printer.unknowns.history_end_refused:
        raise RefusedError(OUT_OF_RANGE, "start_pos error")
    return wire.job_list(printer, start, number)


def job(printer: Printer, query: Query) -> Data:
    """Show one job of the history; place and id must agree."""
    position, job_id = _number(query, "pos"), _text(query, "job_id")
    _require_history(printer)
    entry = printer.listed.get(position)
    if entry is None:
        raise RefusedError(OUT_OF_RANGE, "pos error")
    if entry.job_id != job_id:
        raise RefusedError(OUT_OF_RANGE, "job id not match pos")
    return wire.job(printer, entry)


def image(printer: Printer, query: Query) -> Data:
    """Show a job's picture as base64 PNG."""
    job_id, size = _text(query, "job_id"), _size(query)
    if not wire.has_preview(printer, job_id):
        raise RefusedError(*NO_IMAGE)
    return _picture(job_id, size)


def file_list(printer: Printer, query: Query) -> Data:
    """Page through a folder."""
    start, number = _number(query, "start_pos"), _number(query, "max_num")
    folder = printer.storage.folder(_text(query, "dir"))
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
    data_path, size = inside(_text(query, "data_path")), _size(query)
    path = printer.storage.file_of(data_path)
    if path is None:
        raise RefusedError(*NO_DATA_FILE)
    return _picture(path, size)


def _size(query: Query) -> tuple[int, int]:
    width, height = _number(query, "width"), _number(query, "height")
    for name, pixels in (("width", width), ("height", height)):
        if not 1 <= pixels <= MAX_PIXELS:
            msg = f"{name} error, range(1~{MAX_PIXELS})"
            raise RefusedError(OUT_OF_RANGE, msg)
    return width, height


def _picture(of: str, size: tuple[int, int]) -> Data:
    png = preview(of, *size)
    return {"img_data": base64.b64encode(png).decode()}


def _require_history(printer: Printer) -> None:
    busy_until = printer.booted_at + printer.unknowns.history_busy_for
    if printer.time.catch_up() < busy_until:
        raise RefusedError(*HISTORY_BUSY)


def _text(query: Query, key: str) -> str:
    value = query.get(key)
    if not value:
        raise HttpError(BAD_REQUEST)
    return value


def _number(query: Query, key: str) -> int:
    # int() alone would take "1_0" and blanks
    if not re.fullmatch(r"-?[0-9]{1,18}", value := _text(query, key)):
        raise HttpError(BAD_REQUEST)
    return int(value)


def _plain(read: Callable[[Printer], Data]) -> Callable[[Printer, Query], Data]:
    return lambda printer, _: read(printer)


GETS: dict[str, Callable[[Printer, Query], Data]] = {
    "login": login,
    "printer/system": _plain(wire.system),
    "printer/camera": _plain(wire.camera),
    "printer/runningstatus": _plain(wire.running_status),
    "printer/basic": _plain(wire.basic),
    "printer/nozzle1": _plain(partial(wire.nozzle, number=1)),
    "printer/nozzle2": _plain(partial(wire.nozzle, number=2)),
    "job/currentjob": _plain(wire.current_job),
    "dashboard/statistics": _plain(wire.statistics),
    "dashboard/joblist": job_list,
    "dashboard/job": job,
    "dashboard/imagedownload": image,
    "fileops/list": file_list,
    "fileops/imagedownload": file_image,
}
