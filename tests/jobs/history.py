"""The history of a simulated printer as the client reads it, without a network."""

from custom_components.raise3d.api import HistoryBookmark, HistoryEnd, HistoryEntry
from simulator import Printer, wire


def read_history(printer: Printer, bookmark: HistoryBookmark | None) -> HistoryEnd:
    rows = wire.job_list(printer, max(0, len(printer.history) - 11), 12)
    entries = tuple(HistoryEntry.list_from_dict(rows))
    known = bookmark.known if bookmark else ()
    ids = [entry.job_id for entry in entries]
    start = 0 if bookmark and not known else len(ids)
    for index, job_id in enumerate(ids):
        if job_id in known:
            start = index + 1
    new = tuple(entry for entry in entries[start:] if entry.job_id not in known)
    return HistoryEnd(
        entries=entries,
        new=new,
        bookmark=HistoryBookmark(known=tuple(dict.fromkeys((*known, *ids)))),
    )
