"""The end of the history: whatever the list is like, what is new is found once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, product
import json
from typing import Any, override

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.raise3d.api import (
    HistoryBookmark,
    HistoryEnd,
    HistoryEntry,
    Raise3DBusyError,
    Raise3DInvalidValueError,
)
from custom_components.raise3d.api.history import read_end, read_newest

PAGE = 12
MACS = "C400AD000001_48E7DA000002"


def dated(number: int) -> str:
    """Return an id as printers make them: it tells when the job was started."""
    day, minute = divmod(number, 24 * 60)
    month, day = divmod(day, 28)
    hour, minute = divmod(minute, 60)
    year = 2024 + month // 12
    parts = (month % 12 + 1, day + 1, hour, minute, 7)
    code = f"{year:03x}{''.join(f'{part:02x}' for part in parts)}"
    return f"{MACS}_{code}{number % 1000:03x}{number % 256:02x}"


def opaque(number: int) -> str:
    """Return an id that tells nothing."""
    return f"job-{number * 7919 % 10007}-{number}"


@dataclass(frozen=True)
class Kind:
    """How a printer could keep its history."""

    base: int = 0
    newest_first: bool = False
    indexed: bool = True
    cap: int | None = None
    keeps_places: bool = False
    """Whether entries keep their places when older ones drop out."""
    refuses: bool = True
    """Whether a start without an entry is an error, or an empty list."""
    name: Callable[[int], str] = dated

    @override
    def __str__(self) -> str:
        """Name what differs from the documented example."""
        words = [
            getattr(value, "__name__", f"{key}={value}")
            for key, value in vars(self).items()
            if value != getattr(Kind, key)
        ]
        return "-".join(words) or "documented"


@dataclass
class Listing:
    """A history, and what was asked of it."""

    kind: Kind = Kind()
    ids: list[str] = field(default_factory=list)
    dropped: int = 0
    pages: list[tuple[int, int]] = field(default_factory=list)
    numbers: count[int] = field(default_factory=count)

    def append(self, jobs: int = 1) -> list[str]:
        """Complete some prints."""
        added = [self.kind.name(next(self.numbers)) for _ in range(jobs)]
        self.ids += added
        if self.kind.cap is not None and (over := len(self.ids) - self.kind.cap) > 0:
            del self.ids[:over]
            self.dropped += over
        return added

    def clear(self) -> None:
        """Delete the history at the panel."""
        self.ids.clear()
        self.dropped = 0

    def change(self, before: int, cleared: bool, after: int) -> list[str]:  # noqa: FBT001
        """Print, perhaps delete the history, print; return what was printed."""
        added = self.append(before)
        if cleared:
            self.clear()
        return added + self.append(after)

    def in_order(self, new: list[str]) -> list[str]:
        """Sort jobs where nothing can tell their order."""
        free = self.kind.name is opaque and self.kind.newest_first
        return sorted(new, key=self.ids.index) if free else new

    async def read_page(self, start: int, number: int) -> list[HistoryEntry]:
        """Answer as `dashboard/joblist` does."""
        assert 1 <= number <= PAGE
        assert start >= 0
        self.pages.append((start, number))
        rows = self.ids[::-1] if self.kind.newest_first else self.ids
        first = self.kind.base + (self.dropped if self.kind.keeps_places else 0)
        place = start - first
        if not 0 <= place < len(rows):
            if self.kind.refuses:
                msg = "start_pos error"
                raise Raise3DInvalidValueError(msg)
            return []
        answer = [
            {"job_id": job_id, **({"job_index": index} if self.kind.indexed else {})}
            for index, job_id in enumerate(rows[place : place + number], start)
        ]
        return HistoryEntry.list_from_dict({"job_list": answer}, start)

    async def read(
        self, bookmark: HistoryBookmark | None, hint: int | None = None
    ) -> HistoryEnd:
        """Read the end, and forget what was asked before."""
        self.pages.clear()
        return await read_end(self.read_page, bookmark, hint)


async def known(kind: Kind, size: int) -> tuple[Listing, HistoryBookmark]:
    """Return a history whose end has been read, and the bookmark of that."""
    listing = Listing(kind)
    listing.append(size)
    return listing, (await listing.read(None, size)).bookmark


def ids(entries: Sequence[HistoryEntry]) -> list[str]:
    return [entry.job_id for entry in entries]


KINDS = [
    Kind(),
    Kind(base=1),
    Kind(indexed=False),
    Kind(base=1, indexed=False),
    Kind(refuses=False),
    Kind(base=1, refuses=False),
    Kind(newest_first=True),
    Kind(newest_first=True, base=1),
    Kind(newest_first=True, indexed=False, refuses=False),
    Kind(cap=20),
    Kind(cap=8, base=1),
    Kind(cap=20, newest_first=True),
    Kind(name=opaque),
    Kind(name=opaque, base=1),
    Kind(name=opaque, newest_first=True),
    Kind(name=opaque, newest_first=True, base=1, indexed=False),
    Kind(name=opaque, cap=20),
    Kind(name=opaque, cap=20, newest_first=True),
]
kinds = pytest.mark.parametrize("kind", KINDS, ids=str)
# The same without what their ids are like, each once.
DATED = list(dict.fromkeys(replace(kind, name=dated) for kind in KINDS))
KEPT = [Kind(cap=20, keeps_places=True), Kind(cap=20, keeps_places=True, base=1)]
# The counter counts right, has stood still, was reset, or is not sent.
HINTS = [41, 40, 12, 3, 1, 0, None, 500, 2**62]
SIZES = [0, 1, 2, 5, 6, 7, 11, 12, 13, 14, 23, 24, 25, 40, 61]


@kinds
async def test_any_counter_lets_the_next_print_be_found(kind: Kind) -> None:
    for hint, size in product(HINTS, SIZES):
        listing = Listing(kind)
        listing.append(size)
        first = await listing.read(None, hint)
        assert first.new == ()
        assert (first.bookmark.known == ()) is (size == 0)
        assert len(listing.pages) <= 30
        added = listing.append()
        second = await listing.read(first.bookmark)
        assert ids(second.new) == added
        assert ids(second.entries)[-1:] == added
        assert len(listing.pages) <= 3


@pytest.mark.parametrize("kind", [*KINDS, *KEPT], ids=str)
async def test_once_known_an_end_costs_one_request(kind: Kind) -> None:
    for size in SIZES[1:]:
        listing, bookmark = await known(kind, size)
        # the first that is new tells the order where no id does
        listing.append()
        end = await listing.read(bookmark)
        for _ in range(20):
            same = await listing.read(end.bookmark)
            assert len(listing.pages) == 1
            assert same.new == ()
            added = listing.append()
            end = await listing.read(same.bookmark)
            assert len(listing.pages) == 1
            assert ids(end.new) == added


@kinds
async def test_several_unseen_prints_are_all_new(kind: Kind) -> None:
    for jobs, size in product((2, 5, 6, 7, 13, 30), SIZES):
        listing, bookmark = await known(kind, size)
        added = listing.append(jobs)
        end = await listing.read(bookmark)
        assert sorted(ids(end.new)) == sorted(set(added) & set(listing.ids))
        assert len(listing.pages) <= 12


@pytest.mark.parametrize("kind", KEPT, ids=str)
async def test_a_list_that_drops_entries_in_place_is_followed(kind: Kind) -> None:
    for jobs, size in product((2, 5, 6, 7, 13, 19, 30), (15, 19, 25, 40, 61)):
        listing, bookmark = await known(kind, size)
        added = listing.append(jobs)
        end = await listing.read(bookmark)
        assert ids(end.new) == added[-20:]
        assert len(listing.pages) <= 30


# What happens between two reads: prints, the history perhaps deleted, prints.
CHANGES = st.lists(
    st.tuples(st.integers(0, 20), st.booleans(), st.integers(0, 20)), max_size=10
)


@given(
    kind=st.sampled_from(KINDS),
    size=st.integers(0, 70),
    hint=st.none() | st.integers(0, 90),
    changes=CHANGES,
)
@settings(max_examples=1080, deadline=None)
async def test_each_print_is_new_once_whatever_happens_to_the_list(
    kind: Kind, size: int, hint: int | None, changes: list[tuple[int, bool, int]]
) -> None:
    listing = Listing(kind)
    listing.append(size)
    bookmark = (await listing.read(None, hint)).bookmark
    for change in changes:
        added = listing.change(*change)
        # as after a restart
        stored = json.loads(json.dumps(bookmark.as_dict()))
        assert HistoryBookmark.from_dict(stored) == bookmark
        end = await listing.read(bookmark)
        # undated jobs of a newest-first list have no order until it has grown once
        assert listing.in_order(ids(end.new)) == [
            job_id for job_id in added if job_id in listing.ids
        ]
        bookmark = end.bookmark
        assert (await listing.read(bookmark)).new == ()


@pytest.mark.parametrize("kind", DATED, ids=str)
async def test_the_newest_come_first(kind: Kind) -> None:
    listing = Listing(kind)
    hints, limits = (None, 0, 3, 40, 500), (1, 5, 12, 30, 100)
    for hint, size, limit in product(hints, SIZES, limits):
        listing.clear()
        listing.append(size)
        entries = await read_newest(listing.read_page, limit, hint)
        assert ids(entries) == listing.ids[::-1][:limit]


async def test_the_newest_are_found_where_old_entries_drop_out_in_place() -> None:
    for base in (0, 1):
        listing = Listing(Kind(base=base, cap=20, keeps_places=True))
        listing.append(61)
        entries = await read_newest(listing.read_page, 100, 61)
        assert ids(entries) == listing.ids[::-1]


async def test_an_entry_after_the_end_is_new_when_it_comes() -> None:
    for kind in KINDS:
        listing, bookmark = await known(kind, 30)
        early = await listing.read(bookmark)
        assert early.new == ()
        added = listing.append()
        assert ids((await listing.read(early.bookmark)).new) == added, kind


@kinds
async def test_a_job_that_was_seen_to_complete_is_not_new(kind: Kind) -> None:
    for size in SIZES:
        listing, bookmark = await known(kind, size)
        for _ in range(20):
            # one that nobody saw, before one that was seen and is listed late
            unseen = listing.append()
            seen = listing.kind.name(next(listing.numbers))
            bookmark = bookmark.with_known(seen)
            assert seen in bookmark.known
            end = await listing.read(bookmark)
            assert ids(end.new) == unseen
            listing.ids.append(seen)
            end = await listing.read(end.bookmark)
            assert end.new == ()
            bookmark = end.bookmark


async def test_a_print_before_a_seen_one_is_new_in_a_list_that_was_cleared() -> None:
    listing, bookmark = await known(Kind(), 30)
    listing.clear()
    unseen, seen = listing.append(2)
    end = await listing.read(bookmark.with_known(seen))
    assert ids(end.new) == [unseen]


async def test_old_jobs_that_come_back_after_an_empty_list_are_not_new() -> None:
    listing, bookmark = await known(Kind(), 40)
    past = listing.ids
    listing.ids = []
    end = await listing.read(bookmark)
    assert (end.entries, end.new) == ((), ())
    listing.ids = past
    added = listing.append()
    assert ids((await listing.read(end.bookmark)).new) == added


async def test_the_past_of_another_board_is_not_new_where_it_is_older() -> None:
    listing = Listing()
    past = listing.append(20)
    listing.clear()
    listing.append(10)
    bookmark = (await listing.read(None, 3)).bookmark
    listing.ids = past
    end = await listing.read(bookmark)
    assert end.new == ()
    added = listing.append()
    assert ids((await listing.read(end.bookmark)).new) == added


async def test_a_clock_that_was_set_back_hides_no_print() -> None:
    listing, bookmark = await known(Kind(), 30)
    for name in ("7d0010100000000001", "7e80101000000000ff", "7b20101000000000ff"):
        job_id = f"{MACS}_{name}"
        listing.ids.append(job_id)
        end = await listing.read(bookmark)
        assert ids(end.new) == [job_id]
        assert len(listing.pages) == 1
        bookmark = end.bookmark


async def test_an_update_that_turns_the_list_round_is_noticed() -> None:
    for before in (False, True):
        listing, bookmark = await known(Kind(newest_first=before), 40)
        listing.kind = Kind(newest_first=not before)
        added = listing.append(2)
        assert ids((await listing.read(bookmark)).new) == added


async def test_an_empty_history_is_remembered_as_such() -> None:
    end = await Listing().read(None, 0)
    assert (end.entries, end.new, end.bookmark.known) == ((), (), ())
    assert end.bookmark != HistoryBookmark()
    assert HistoryBookmark.from_dict(end.bookmark.as_dict()) == end.bookmark


async def test_the_same_page_for_each_start_is_not_read_for_ever() -> None:
    listing = Listing()
    page = [
        HistoryEntry(job_id=job_id, index=place, file_name=None, user_tag=None)
        for place, job_id in enumerate(listing.append(12))
    ]
    requested = []

    async def read_page(start: int, number: int) -> list[HistoryEntry]:
        requested.append(start)
        return page

    for hint in (None, 0, 12, 40):
        end = await read_end(read_page, None, hint)
        assert ids(end.entries) == listing.ids
        again = await read_end(read_page, end.bookmark, None)
        assert again.new == ()
        newest = await read_newest(read_page, 100, hint)
        assert ids(newest) == listing.ids[::-1]
    assert len(requested) < 100


async def test_a_list_without_end_is_not_read_for_ever() -> None:
    numbers = count()
    requested = []

    async def read_page(start: int, number: int) -> list[HistoryEntry]:
        requested.append(start)
        return [
            HistoryEntry(job_id=dated(one), index=0, file_name=None, user_tag=None)
            for one in (next(numbers) for _ in range(PAGE))
        ]

    end = await read_end(read_page, None, None)
    assert len(requested) < 100
    requested.clear()
    await read_end(read_page, end.bookmark, None)
    assert len(requested) < 100


async def test_a_printer_that_is_busy_half_way_is_read_again_later() -> None:
    listing, bookmark = await known(Kind(), 40)

    async def read_page(start: int, number: int) -> list[HistoryEntry]:
        raise Raise3DBusyError(str(start))

    with pytest.raises(Raise3DBusyError):
        await read_end(read_page, bookmark, None)
    added = listing.append()
    assert ids((await listing.read(bookmark)).new) == added


GOOD = HistoryBookmark(known=("a", "b"), start=3, base=1, newest_first=True)


def is_damaged(stored: dict[str, Any]) -> bool:
    """Return whether a bookmark is refused as damaged."""
    try:
        HistoryBookmark.from_dict(stored)
    except ValueError as err:
        return "damaged" in str(err)
    return False


def test_a_damaged_bookmark_is_refused() -> None:
    damages: dict[str, list[object]] = {
        "known": [None, "ab", [1]],
        "awaited": [{}],
        "start": [None, -1, True, 1.5],
        "first": [1],
        "base": [2, True, "0"],
        "newest_first": [1],
        "complete": [None, "yes"],
    }
    stored = GOOD.as_dict()
    assert HistoryBookmark.from_dict(stored) == GOOD
    assert is_damaged({})
    assert not [
        (key, value)
        for key, values in damages.items()
        for value in values
        if not is_damaged({**stored, key: value})
    ]


def test_a_bookmark_does_not_grow_and_shows_no_id() -> None:
    bookmark = GOOD
    for number in range(200):
        bookmark = bookmark.with_known(f"job {number}")
    assert len(bookmark.known) == 64
    assert bookmark.known[-1] == "job 199"
    assert bookmark.with_known("job 199") is bookmark
    assert "job" not in repr(bookmark)


@pytest.mark.parametrize("size", [5, 100])
async def test_a_list_of_ids_without_a_date_shows_its_order_when_it_grows(
    size: int,
) -> None:
    for newest_first in (False, True):
        kind = Kind(name=opaque, newest_first=newest_first)
        listing, bookmark = await known(kind, size)
        assert bookmark.newest_first is None
        listing.append()
        bookmark = (await listing.read(bookmark)).bookmark
        assert bookmark.newest_first is newest_first
