"""The end of the printer's history, found from the list itself.

The list may be shorter or longer than the counter of completed jobs, count from 0 or
from 1, and begin with the oldest or with the newest job. So a bookmark keeps where the
end was and what was there, and what the list holds besides is new.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .const import (
    HISTORY_KNOWN,
    HISTORY_OVERLAP,
    HISTORY_PAGES,
    JOB_LIST_MAX,
    MAX_HISTORY_COUNT,
)
from .exceptions import (
    Raise3DAuthenticationError,
    Raise3DError,
    Raise3DWrongPrinterError,
)
from .history_bookmark import HistoryBookmark, written_order
from .history_window import HistoryWindow, ReadPage
from .models import HistoryDetails, HistoryEntry
from .pictures import decode_image, size_params
from .queries import Queries
from .requests import Requests

__all__ = ["History", "HistoryBookmark", "HistoryEnd", "read_end", "read_newest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEnd:
    """The newest part of the history."""

    entries: tuple[HistoryEntry, ...]
    """Oldest first."""
    new: tuple[HistoryEntry, ...]
    """What was not there before, oldest first; empty without a bookmark."""
    bookmark: HistoryBookmark


class History:
    """The jobs that the printer has printed to their end.

    A value that is missing or not plausible is None. Raise3DResponseError: the answer
    cannot be read.
    """

    def __init__(self, requests: Requests, queries: Queries) -> None:
        """Share what sends requests, and the counter of completed jobs."""
        self._requests = requests
        self._queries = queries

    async def get_page(
        self, start: int, count: int = JOB_LIST_MAX
    ) -> list[HistoryEntry]:
        """Return a part of the history in its own order, `/dashboard/joblist`.

        `start` is a place in the history, `count` is 1 to 12. Raises
        Raise3DInvalidValueError where no job has that place: 0 is refused where the
        history counts from 1.
        """
        params = {"start_pos": str(start), "max_num": str(count)}
        data = await self._requests.get("dashboard/joblist", params)
        return HistoryEntry.list_from_dict(data, start)

    async def get_details(self, entry: HistoryEntry) -> HistoryDetails:
        """Return what a job took, in seconds and grams, `/dashboard/job`.

        Raises Raise3DInvalidValueError where the history has moved on since the
        entry was read: read it again.
        """
        params = {"pos": str(entry.index), "job_id": entry.job_id}
        data = await self._requests.get("dashboard/job", params)
        return HistoryDetails.from_dict(data)

    async def get_image(self, job_id: str, width: int, height: int) -> bytes:
        """Return a job's preview as PNG, `/dashboard/imagedownload`.

        `width` and `height` are 1..1024 pixels, and the picture fits in. Raises
        Raise3DInvalidValueError for others and Raise3DNotFoundError where there is no
        picture.
        """
        path = "dashboard/imagedownload"
        params = {"job_id": job_id} | size_params(width, height)
        return decode_image(path, await self._requests.get(path, params))

    async def read_end(self, bookmark: HistoryBookmark | None) -> HistoryEnd:
        """Return the newest jobs and those since a bookmark, `/dashboard/joblist`.

        One request where the bookmark is right, else several; without a bookmark
        `/dashboard/statistics` first. An empty history is no error.
        """
        count = None if bookmark else await self._count()
        return await read_end(self.get_page, bookmark, count)

    async def read_newest(self, limit: int) -> list[HistoryEntry]:
        """Return up to `limit` of the newest jobs, newest first, `/dashboard/joblist`.

        `limit` is 1 or more, one request for each 12 jobs and some to find the end,
        which begin with `/dashboard/statistics`. An empty history is no error.
        """
        return await read_newest(self.get_page, limit, await self._count())

    async def _count(self) -> int | None:
        """Return how many jobs the printer counts, None where it has no number.

        The list decides what there is: the count is only where to begin.
        """
        try:
            return (await self._queries.get_statistics()).prints_completed
        except Raise3DAuthenticationError, Raise3DWrongPrinterError:
            raise
        except Raise3DError:
            return None


async def read_end(
    read_page: ReadPage, bookmark: HistoryBookmark | None, count_hint: int | None
) -> HistoryEnd:
    """Read the newest part of the history: one request where a bookmark is right."""
    window = HistoryWindow(read_page)
    if not await window.start_at(_starts(bookmark, count_hint)):
        # No entry. Those that were known may come back: some printers show an empty
        # list for a while after a boot.
        bookmark = bookmark or HistoryBookmark(complete=True)
        bookmark = replace(bookmark, start=bookmark.base or 0, first=None)
        return HistoryEnd(entries=(), new=(), bookmark=bookmark)
    if bookmark is None:
        return await _read_first(window, read_page)
    return await _read_again(window, read_page, bookmark)


async def read_newest(
    read_page: ReadPage, limit: int, count_hint: int | None
) -> list[HistoryEntry]:
    """Read up to `limit` of the newest entries, newest first."""
    window = HistoryWindow(read_page)
    if not await window.start_at(_starts(None, count_hint)):
        return []
    if await _seek_end(window):
        while len(window.entries) < limit and not window.at_high:
            await window.extend_up()
        return window.entries[:limit]
    while len(window.entries) < limit and not window.at_low:
        await window.extend_down()
    return window.entries[::-1][:limit]


async def _read_first(window: HistoryWindow, read_page: ReadPage) -> HistoryEnd:
    """Read the end of a history that nothing is known of."""
    newest_first = await _seek_end(window)
    known: list[str] = []
    if newest_first is None:
        # The other end shows the order as soon as one of the two changes. What lies
        # between must be more than a page, or be read: it would seem new one day.
        while not window.at_low and (
            window.low <= 3 * JOB_LIST_MAX or len(window.entries) < HISTORY_OVERLAP
        ):
            await window.extend_down()
        if not window.at_low:
            head = HistoryWindow(read_page)
            await head.start_at((0, 1))
            known += [entry.job_id for entry in head.entries]
    entries = _chronological(window, newest_first=newest_first)
    bookmark = HistoryBookmark(known=tuple(known))
    return HistoryEnd(
        entries=tuple(entries),
        new=(),
        bookmark=_next_bookmark(bookmark, window, entries, newest_first=newest_first),
    )


async def _read_again(
    window: HistoryWindow, read_page: ReadPage, bookmark: HistoryBookmark
) -> HistoryEnd:
    """Read on from a bookmark, until the end and a known job are found."""
    newest_first = bookmark.order(window.entries)
    if not newest_first:
        await _read_up(window)
        if newest_first is None:
            newest_first = bookmark.order(window.entries)
    if newest_first is None and _is_shifted(window, bookmark):
        head = HistoryWindow(read_page)
        await head.start_at((bookmark.base or 0, 1))
        if head.entries and head.entries[0].job_id not in bookmark.known:
            window, newest_first = head, True
    elif newest_first is None and _has_grown_behind(window, bookmark):
        newest_first = False
    await _reach_known(window, bookmark, newest_first=newest_first)
    entries = _chronological(window, newest_first=newest_first)
    reached = window.at_high if newest_first else window.at_low
    return HistoryEnd(
        entries=tuple(entries),
        new=tuple(bookmark.new_among(entries, reached_oldest=reached)),
        bookmark=_next_bookmark(bookmark, window, entries, newest_first=newest_first),
    )


async def _seek_end(window: HistoryWindow) -> bool | None:
    """Move to the newest page; return whether the list begins with it."""
    newest_first, _ = written_order(window.entries)
    if newest_first is None:
        await window.jump_up()
        if len(window.entries) < HISTORY_OVERLAP and not window.at_low:
            # one entry alone has no order
            await window.extend_down()
        newest_first, _ = written_order(window.entries)
    if newest_first:
        await window.jump_down()
    else:
        await window.jump_up()
    return newest_first


async def _read_up(window: HistoryWindow) -> None:
    """Read up to the last place: page by page at first, then by growing steps."""
    for _ in range(HISTORY_PAGES):
        if window.at_high:
            return
        await window.extend_up()
    await window.jump_up()


async def _reach_known(
    window: HistoryWindow, bookmark: HistoryBookmark, *, newest_first: bool | None
) -> None:
    """Read from the newest entry on into the past, until a known job is found."""
    if newest_first and window.low > 1:
        await window.jump_down()
    listed = bookmark.listed
    if newest_first and window.low == 1 and not window.has_any(listed):
        # another board may count from 0
        await window.extend_down()
    for _ in range(HISTORY_PAGES):
        if window.has_any(listed):
            return
        if window.at_high if newest_first else window.at_low:
            return
        await (window.extend_up() if newest_first else window.extend_down())


def _starts(bookmark: HistoryBookmark | None, count_hint: int | None) -> Iterator[int]:
    """Yield the starts to try, the likeliest first."""
    base = bookmark.base if bookmark else None
    if bookmark:
        start = bookmark.start
    else:
        # Short of a full page, so that the page itself shows the end.
        count = min(count_hint or 0, MAX_HISTORY_COUNT)
        start = max(0, count - JOB_LIST_MAX + 2)
    lower = start
    while lower > 1:
        yield lower
        lower //= 2
    yield from (1, 0) if base == 1 else (0, 1)
    if start > 1:
        # The oldest entries may have dropped out while the others kept their places.
        for step in range(1, HISTORY_PAGES):
            yield start + step * HISTORY_OVERLAP


def _chronological(
    window: HistoryWindow, *, newest_first: bool | None
) -> list[HistoryEntry]:
    """Return the entries oldest first."""
    return window.entries[::-1] if newest_first else window.entries


def _next_bookmark(
    bookmark: HistoryBookmark,
    window: HistoryWindow,
    entries: Sequence[HistoryEntry],
    *,
    newest_first: bool | None,
) -> HistoryBookmark:
    """Return the bookmark after a read: what is known now, and where to read next."""
    read = {entry.job_id: None for entry in entries}
    known = (*(job_id for job_id in bookmark.known if job_id not in read), *read)
    base = bookmark.base if window.base is None else window.base
    reaches_known = window.has_any(bookmark.listed)
    at_low = window.at_low or (reaches_known and window.low == base)
    whole_list = at_low and window.at_high
    # without a gap between what was read before and now
    joined = bookmark.complete and reaches_known
    start = _next_start(window, base, newest_first=newest_first, at_low=at_low)
    first = _id_at(window, start) if newest_first is None else None
    return HistoryBookmark(
        known=known[-HISTORY_KNOWN:],
        awaited=tuple(job_id for job_id in bookmark.awaited if job_id not in read),
        start=start,
        first=first,
        base=base,
        newest_first=newest_first,
        complete=len(known) <= HISTORY_KNOWN and (whole_list or joined),
    )


def _next_start(
    window: HistoryWindow, base: int | None, *, newest_first: bool | None, at_low: bool
) -> int:
    """Return the start of the page that will hold what is new."""
    lowest = window.low if at_low else base or 0
    if newest_first:
        return lowest
    # the last page, with some known jobs before what will come
    last_page = window.high - HISTORY_OVERLAP
    if newest_first is False:
        return max(lowest, last_page)
    if at_low and window.high - window.low <= JOB_LIST_MAX:
        # the whole list in one page
        return lowest
    # its first entry is known, which shows when something comes before
    return max(window.low, last_page)


def _id_at(window: HistoryWindow, place: int) -> str | None:
    """Return the job at a place, None where the window does not hold it."""
    number = place - window.low
    held = 0 <= number < len(window.entries)
    return window.entries[number].job_id if held else None


def _is_shifted(window: HistoryWindow, bookmark: HistoryBookmark) -> bool:
    """Whether known jobs have moved to other places, as if something came before."""
    return (
        bookmark.first is not None
        and window.entries[0].job_id != bookmark.first
        and window.entries[-1].job_id in bookmark.listed
    )


def _has_grown_behind(window: HistoryWindow, bookmark: HistoryBookmark) -> bool:
    """Whether something new comes last, behind known jobs."""
    listed = bookmark.listed
    return window.has_any(listed) and window.entries[-1].job_id not in listed
