"""What the API's GET endpoints take and answer."""

from collections.abc import Callable
from functools import partial

from . import wire
from .errors import HISTORY_BUSY, NO_IMAGE, SIGN_ERROR, RefusedError
from .files import FILE_QUERIES
from .params import OUT_OF_RANGE, Query, number, picture, size, text
from .printer import Printer
from .tokens import sign
from .wire import Data

MAX_JOBS = 12


def login(printer: Printer, query: Query) -> Data:
    """Hand out a token for the right hash; that the time matters is not documented."""
    timestamp = str(number(query, "timestamp"))
    if text(query, "sign") != sign(printer.password, timestamp):
        raise RefusedError(*SIGN_ERROR)
    return {"token": printer.tokens.issue(printer.own_time)}


def job_list(printer: Printer, query: Query) -> Data:
    """Page through the history."""
    start, count = number(query, "start_pos"), number(query, "max_num")
    if not 1 <= count <= MAX_JOBS:
        raise RefusedError(OUT_OF_RANGE, f"max_num error value(1~{MAX_JOBS})")
    _require_history(printer)
    if start not in printer.listed and printer.unknowns.history_end_refused:
        raise RefusedError(OUT_OF_RANGE, "start_pos error")
    return wire.job_list(printer, start, count)


def job(printer: Printer, query: Query) -> Data:
    """Show one job of the history; place and id must agree."""
    position, job_id = number(query, "pos"), text(query, "job_id")
    _require_history(printer)
    entry = printer.listed.get(position)
    if entry is None:
        raise RefusedError(OUT_OF_RANGE, "pos error")
    if entry.job_id != job_id:
        raise RefusedError(OUT_OF_RANGE, "job id not match pos")
    return wire.job(printer, entry)


def image(printer: Printer, query: Query) -> Data:
    """Show a job's picture as base64 PNG."""
    job_id, pixels = text(query, "job_id"), size(query)
    if not wire.has_preview(printer, job_id):
        raise RefusedError(*NO_IMAGE)
    return picture(job_id, pixels)


def _require_history(printer: Printer) -> None:
    busy_until = printer.booted_at + printer.unknowns.history_busy_for
    if printer.time.catch_up() < busy_until:
        raise RefusedError(*HISTORY_BUSY)


def _plain(read: Callable[[Printer], Data]) -> Callable[[Printer, Query], Data]:
    return lambda printer, _: read(printer)


QUERIES: dict[str, Callable[[Printer, Query], Data]] = {
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
    **FILE_QUERIES,
}
