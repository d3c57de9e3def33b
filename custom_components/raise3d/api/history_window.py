"""A contiguous part of the printer's history, read page by page."""

from collections.abc import Awaitable, Callable, Iterable

from .const import HISTORY_PROBES, JOB_LIST_MAX
from .exceptions import Raise3DInvalidValueError
from .models import HistoryEntry

type ReadPage = Callable[[int, int], Awaitable[list[HistoryEntry]]]


class HistoryWindow:
    """Neighbouring entries in the order of the list, whichever that is.

    A place is what `start_pos` counts. A start that is refused and one with an empty
    answer mean the same: there is no entry.
    """

    def __init__(self, read_page: ReadPage) -> None:
        """Begin without an entry."""
        self.entries: list[HistoryEntry] = []
        self.low = 0
        """Place of the first entry."""
        self.high = 0
        """Place behind the last entry."""
        self.at_high = False
        """Whether nothing comes behind the last entry."""
        self._read_page = read_page
        self._bottom = False
        """Whether nothing was found before the first entry."""
        self._limit: int | None = None
        """A place without an entry."""
        self._has_zero: bool | None = None
        """Whether place 0 has an entry, None where it was not read."""

    @property
    def base(self) -> int | None:
        """Place from which the list counts, None where this is not known."""
        if self._has_zero is None:
            return None
        if self._has_zero:
            return 0
        return 1 if self.low == 1 else None

    @property
    def at_low(self) -> bool:
        """Whether nothing comes before the first entry."""
        return self._bottom or self.low in {0, self.base}

    async def start_at(self, starts: Iterable[int]) -> bool:
        """Read a page at the first of the starts that has entries."""
        for start in starts:
            if page := await self._read(start):
                self._replace(start, page)
                return True
            self._limit = start
        return False

    async def extend_up(self) -> None:
        """Add the page behind the last entry."""
        page = await self._read(self.high)
        fresh = self._unseen(page)
        self.entries += fresh
        if fresh:
            self.high += len(page)
        # a printer may answer the same for each start
        self.at_high = not fresh or len(page) < JOB_LIST_MAX

    async def extend_down(self) -> None:
        """Add the page before the first entry."""
        step = JOB_LIST_MAX
        while step:
            # 0 alone and last: it is refused where the list counts from 1
            start = max(1, self.low - step) if self.low > 1 else 0
            page = await self._read(start, self.low - start)
            if fresh := self._unseen(page):
                self.entries[:0] = fresh
                self.low = start
                return
            # The list may begin between there and here, where the oldest entries
            # drop out and the others keep their places.
            step = 0 if page else (self.low - start) // 2
        self._bottom = True

    async def jump_up(self) -> None:
        """Move to the last page: by growing steps, then by halving the last one."""
        limit = self._limit if (self._limit or 0) > self.low else None
        step = JOB_LIST_MAX
        for _ in range(HISTORY_PROBES):
            # of the last page, which is a full one
            last = self.high - JOB_LIST_MAX
            if self.at_high or (limit is not None and limit <= self.high):
                break
            start = last + step
            if limit is not None:
                start = min(start, (last + limit) // 2)
            page = await self._read(start)
            if self._unseen(page):
                self._replace(start, page)
                step *= 2
            else:
                limit = start
        self.at_high = True

    async def jump_down(self) -> None:
        """Move to the first page."""
        if not self.at_low:
            await self.start_at((0, 1))

    def has_any(self, job_ids: set[str]) -> bool:
        """Whether one of these jobs is among the entries."""
        return any(entry.job_id in job_ids for entry in self.entries)

    def _replace(self, start: int, page: list[HistoryEntry]) -> None:
        """Hold this page alone."""
        self.entries = []
        self.entries = self._unseen(page)
        self.low, self.high = start, start + len(page)
        # from 0, a full page of a list that counts from 1 is one short
        self.at_high = len(page) < JOB_LIST_MAX - (start == 0)

    def _unseen(self, page: list[HistoryEntry]) -> list[HistoryEntry]:
        """Return what is not among the entries yet, each job once."""
        seen = {entry.job_id for entry in self.entries}
        fresh = {entry.job_id: entry for entry in page if entry.job_id not in seen}
        return list(fresh.values())

    async def _read(self, start: int, count: int = JOB_LIST_MAX) -> list[HistoryEntry]:
        """Read a page, empty where there is none."""
        try:
            page = await self._read_page(start, count)
        except Raise3DInvalidValueError:
            page = []
        if start == 0:
            self._has_zero = bool(page)
        return page
