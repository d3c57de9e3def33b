"""The history cursor: up to where the printer's history is known."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..api import HistoryBookmark, HistoryEnd
from .stored import read_mapping, read_time

# A history that stays empty for that long is really empty, not just slow to load.
_EMPTY_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class HistoryUnread:
    """The printer's history has not been read yet."""

    @property
    def bookmark(self) -> None:
        """Where to read on: nothing is known."""


@dataclass(frozen=True, slots=True)
class HistoryEmpty:
    """The history was empty: the printer is new, or was not ready yet."""

    since: datetime
    bookmark: HistoryBookmark


@dataclass(frozen=True, slots=True)
class HistoryKnown:
    """All that the history held when it was last read is known."""

    bookmark: HistoryBookmark


type HistoryCursor = HistoryUnread | HistoryEmpty | HistoryKnown


def advance(
    cursor: HistoryCursor,
    history: HistoryEnd,
    now: datetime,
    *,
    undecided: bool,
    judged: bool,
) -> HistoryCursor:
    """Return the cursor after a read.

    Nothing counts as known while the end of a job is undecided, and new entries only
    once they are judged.
    """
    match cursor:
        case HistoryUnread() if not history.entries:
            return HistoryEmpty(now, history.bookmark)
        case HistoryEmpty(since) if not history.entries and now - since < _EMPTY_FOR:
            return cursor
    if undecided or (history.new and not judged):
        return cursor
    return HistoryKnown(history.bookmark)


def with_known(cursor: HistoryCursor, job_id: str) -> HistoryCursor:
    """Return the cursor with a job that is not new any more."""
    match cursor:
        case HistoryKnown(bookmark):
            return replace(cursor, bookmark=bookmark.with_known(job_id))
        case HistoryUnread() | HistoryEmpty():
            return cursor


def cursor_as_dict(cursor: HistoryCursor) -> dict[str, object]:
    """Return a cursor as it is stored."""
    match cursor:
        case HistoryUnread():
            return {}
        case HistoryEmpty(since, bookmark):
            return {"empty_since": since.isoformat(), "bookmark": bookmark.as_dict()}
        case HistoryKnown(bookmark):
            return {"bookmark": bookmark.as_dict()}


def cursor_from_dict(data: object) -> HistoryCursor:
    """Read a cursor that was stored; raises TypeError or ValueError if damaged."""
    stored = read_mapping(data)
    if "bookmark" not in stored:
        return HistoryUnread()
    bookmark = HistoryBookmark.from_dict(read_mapping(stored["bookmark"]))
    since = read_time(stored.get("empty_since"))
    return HistoryEmpty(since, bookmark) if since else HistoryKnown(bookmark)
