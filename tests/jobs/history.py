"""The history of a simulated printer as the client reads it, without a network."""

from collections.abc import Mapping

from custom_components.raise3d.api import (
    HistoryBookmark,
    HistoryEnd,
    HistoryEntry,
    Raise3DInvalidValueError,
)
from custom_components.raise3d.api.history import read_end
from simulator import Printer, wire
from simulator.errors import RefusedError
from simulator.queries import job_list


def read_history(printer: Printer, bookmark: HistoryBookmark | None) -> HistoryEnd:
    """Read the end of the history: nothing is waited for, so that one step does."""
    count = wire.statistics(printer)["printed_file_num"]
    hint = count if isinstance(count, int) and bookmark is None else None

    async def read_page(start: int, number: int) -> list[HistoryEntry]:
        query = {"start_pos": str(start), "max_num": str(number)}
        return HistoryEntry.list_from_dict(_send(printer, query), start)

    reading = read_end(read_page, bookmark, hint)
    try:
        reading.send(None)
    except StopIteration as end:
        result: HistoryEnd = end.value
        return result
    msg = "the history was waited for"
    raise AssertionError(msg)


def _send(printer: Printer, query: Mapping[str, str]) -> Mapping[str, object]:
    """Return what the printer answers."""
    try:
        return job_list(printer, query)
    except RefusedError:
        msg = "start_pos error"
        raise Raise3DInvalidValueError(msg) from None
