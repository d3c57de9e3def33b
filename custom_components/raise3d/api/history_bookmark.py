"""What is remembered of the history, and what follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
import re
from typing import Self

from .const import HISTORY_KNOWN
from .models import HistoryEntry

type JSON = bool | int | str | list[str] | None

# Year, month, day, hour, minute and second of the start, by the printer's clock; then
# milliseconds and a counter.
_START_TIME = re.compile(r"_([0-9a-f]{3}(?:[0-9a-f]{2}){5})[0-9a-f]{5}$", re.IGNORECASE)
# RaiseTouch's API is not older; an earlier clock was never set.
_YEARS = range(2018, 2100)
_MONTHS = range(1, 13)
_DAYS = range(1, 32)
# Neighbours that agree on the order of the list: with a clock that was set back now and
# then, one or two prove nothing.
_SURE_PAIRS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryBookmark:
    """Where the history ended when it was last read, and what was there."""

    known: tuple[str, ...] = field(default=(), repr=False)
    """Ids of jobs, oldest first; empty where the list has always been empty."""
    awaited: tuple[str, ...] = field(default=(), repr=False)
    """Known ids that the tracker has added and that the list has not shown yet."""
    start: int = 0
    """Start of a page that holds the end and some known jobs."""
    first: str | None = field(default=None, repr=False)
    """Id at that start, kept while the order is unknown."""
    base: int | None = None
    """Place of the first entry, 0 or 1, None where this is not known."""
    newest_first: bool | None = None
    """Order of the list, None where this is not known."""
    complete: bool = False
    """Whether the known ids are the whole list."""

    def as_dict(self) -> dict[str, JSON]:
        """Return what can be stored as JSON."""
        data: dict[str, JSON] = asdict(self)
        return data | {"known": list(self.known), "awaited": list(self.awaited)}

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what was stored; raises ValueError where it is damaged."""
        start, base, first = data.get("start"), data.get("base"), data.get("first")
        newest_first, complete = data.get("newest_first"), data.get("complete")
        if (
            type(start) is int
            and start >= 0
            and (base is None or (type(base) is int and base in {0, 1}))
            and (first is None or isinstance(first, str))
            and (newest_first is None or isinstance(newest_first, bool))
            and isinstance(complete, bool)
        ):
            return cls(
                known=_ids(data.get("known")),
                awaited=_ids(data.get("awaited")),
                start=start,
                first=first,
                base=base,
                newest_first=newest_first,
                complete=complete,
            )
        msg = "The bookmark is damaged"
        raise ValueError(msg)

    def with_known(self, job_id: str) -> Self:
        """Return a bookmark that also knows a job which was seen to complete."""
        if job_id in self.known:
            return self
        known = (*self.known, job_id)[-HISTORY_KNOWN:]
        return replace(
            self,
            known=known,
            awaited=(*self.awaited, job_id)[-HISTORY_KNOWN:],
            complete=self.complete and len(known) > len(self.known),
        )

    @property
    def listed(self) -> set[str]:
        """Known ids that the list has shown."""
        return set(self.known) - set(self.awaited)

    def order(self, entries: Sequence[HistoryEntry]) -> bool | None:
        """Return whether a list with these entries begins with the newest job."""
        if self.complete and (side := self._grown_side(entries)) is not None:
            return side
        newest_first, pairs = written_order(entries)
        if pairs >= _SURE_PAIRS or self.newest_first is None:
            return newest_first
        return self.newest_first

    def new_among(
        self, entries: Sequence[HistoryEntry], *, reached_oldest: bool
    ) -> list[HistoryEntry]:
        """Return which entries, given oldest first, were not in the list before."""
        listed = self.listed
        places = [n for n, entry in enumerate(entries) if entry.job_id in listed]
        # Before the first known job there may be entries that were never read.
        first = places[0] if places and not self.complete else 0
        new = [entry for entry in entries[first:] if entry.job_id not in self.known]
        if places:
            return new
        # Cleared, rotated, or another board: what is older than the last known job
        # was not printed since.
        since = max((_start_time(job_id) or "" for job_id in listed), default="")
        if not since and not reached_oldest:
            return []
        without_time = since if reached_oldest else ""
        return [
            entry
            for entry in new
            if (_start_time(entry.job_id) or without_time) >= since
        ]

    def _grown_side(self, entries: Sequence[HistoryEntry]) -> bool | None:
        """Return whether new jobs come first, None where that is not clear."""
        listed = self.listed
        places = [n for n, entry in enumerate(entries) if entry.job_id in listed]
        if not places:
            return None
        before, behind = places[0] > 0, places[-1] < len(entries) - 1
        return before if before is not behind else None


def written_order(entries: Sequence[HistoryEntry]) -> tuple[bool | None, int]:
    """Return whether the ids' times fall, and how many pairs show it, if all agree."""
    times = [time for entry in entries if (time := _start_time(entry.job_id))]
    falls = [before > after for before, after in pairwise(times) if before != after]
    if not falls or any(falls) is not all(falls):
        return None, 0
    return falls[0], len(falls)


def _start_time(job_id: str) -> str | None:
    """Return when a job was started, None where its id shows no credible time."""
    match = _START_TIME.search(job_id)
    if match is None:
        return None
    time = match[1].lower()
    month, day = int(time[3:5], 16), int(time[5:7], 16)
    credible = int(time[:3], 16) in _YEARS and month in _MONTHS and day in _DAYS
    return time if credible else None


def _ids(value: object) -> tuple[str, ...]:
    """Return stored ids; raises ValueError where they are damaged."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        msg = "The bookmark is damaged"
        raise ValueError(msg)
    return tuple(str(item) for item in value[-HISTORY_KNOWN:])
