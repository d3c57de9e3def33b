"""The printer's history, a few requests at a time."""

from dataclasses import replace

from .api import HistoryDetails, HistoryEntry, Raise3DInvalidValueError
from .api.const import JOB_LIST_MAX
from .api.history import History


class PauseError(Exception):
    """No request is left: what is being read goes on at a later poll."""


class PagedHistory:
    """Reads the history a few requests at a time, and remembers the pages.

    So what is interrupted at any request starts from the front, and comes to the same
    request again without repeating the others.
    """

    def __init__(self, history: History) -> None:
        """Start without a page, and without a request that may be sent."""
        self._history = history
        self._pages: dict[tuple[int, int], list[HistoryEntry] | None] = {}
        self._shift = 0
        self._left = 0
        self.moved = False
        """Whether entries have come to other places since they were read."""

    def allow(self, requests: int) -> None:
        """Allow so many requests from now on."""
        self._left = requests

    def forget(self) -> None:
        """Forget the pages: the history has changed."""
        self._pages.clear()
        self._shift = 0
        self.moved = False

    async def read_page(self, start: int, count: int) -> list[HistoryEntry]:
        """Return a page, from memory where it was read before."""
        place = (start, count)
        if place not in self._pages:
            try:
                self._pages[place] = await self._fetch_page(start, count)
            except Raise3DInvalidValueError:
                self._pages[place] = None
        page = self._pages[place]
        if page is None:
            msg = "no job has that place"
            raise Raise3DInvalidValueError(msg)
        return page

    async def read_details(self, entry: HistoryEntry) -> HistoryDetails:
        """Return the details of an entry, also where it is at another place by now.

        Raises Raise3DInvalidValueError where the history does not hold it any more.
        """
        try:
            return await self._fetch_details(entry)
        except Raise3DInvalidValueError:
            start = max(1, entry.index + self._shift - JOB_LIST_MAX // 2)
            page = await self._fetch_page(start, JOB_LIST_MAX)
            indexes = {each.job_id: each.index for each in page}
            if entry.job_id not in indexes:
                # what is remembered of the list is out of date
                self.moved = True
                raise
            shift = indexes[entry.job_id] - entry.index
            if shift == self._shift:
                raise
            # a new job has come before it, or an old one has dropped out
            self._shift = shift
            self.moved = True
        return await self._fetch_details(entry)

    async def _fetch_details(self, entry: HistoryEntry) -> HistoryDetails:
        """Read the details of an entry."""
        self._spend()
        moved = replace(entry, index=entry.index + self._shift)
        return await self._history.get_details(moved)

    async def _fetch_page(self, start: int, count: int) -> list[HistoryEntry]:
        """Read a page."""
        self._spend()
        return await self._history.get_page(start, count)

    def _spend(self) -> None:
        """Use up a request; raises PauseError where none is left."""
        if self._left <= 0:
            raise PauseError
        self._left -= 1
