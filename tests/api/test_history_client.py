"""The client reads the history of a simulated printer, however that is kept."""

import pytest

from custom_components.raise3d.api import Raise3DAuthenticationError, Raise3DBusyError
from simulator import Unknowns

from .conftest import Lab

KINDS = {
    "documented": Unknowns(),
    "from 1": Unknowns(history_base=1),
    "newest first": Unknowns(history_newest_first=True),
    "newest first from 1": Unknowns(history_newest_first=True, history_base=1),
    "no index": Unknowns(history_index=False),
    "no index from 1": Unknowns(history_index=False, history_base=1),
    "capped": Unknowns(history_cap=15),
    "capped, newest first": Unknowns(history_cap=15, history_newest_first=True),
    "capped in place": Unknowns(history_cap=15, history_keeps_places=True),
    "all jobs": Unknowns(history_of_all=True),
    "empty list at the end": Unknowns(history_end_refused=False),
    "counter 0": Unknowns(counter=0),
    "counter frozen": Unknowns(counter=7),
    "counter too high": Unknowns(counter_offset=50),
    "counter below 0": Unknowns(counter_offset=-100),
}


@pytest.fixture
def unknowns() -> Unknowns:
    """Return the switches; a test may parametrize them."""
    return Unknowns()


@pytest.fixture
def history() -> int:
    """Return the number of earlier jobs; a test may parametrize it."""
    return 30


def finish(lab: Lab) -> str:
    job_id = lab.printer.start(duration=100)
    lab.skip(110)
    lab.printer.dismiss()
    return job_id


kinds = pytest.mark.parametrize("unknowns", KINDS.values(), ids=KINDS)


@kinds
@pytest.mark.parametrize("history", [1, 10, 22])
async def test_each_print_is_new_once_and_costs_one_request(lab: Lab) -> None:
    end = await lab.history.read_end(None)
    assert end.new == ()
    for _ in range(4):
        job_id = finish(lab)
        before = len(lab.requests)
        end = await lab.history.read_end(end.bookmark)
        assert [entry.job_id for entry in end.new] == [job_id]
        assert (await lab.history.get_details(end.new[0])).real_print_time == 100
        # the list and the job
        assert len(lab.requests) - before == 2


@kinds
async def test_the_newest_jobs_are_read_in_full(lab: Lab, unknowns: Unknowns) -> None:
    shown = [entry.job_id for entry in lab.printer.history[::-1]][
        : unknowns.history_cap
    ]
    for limit in (1, 12, 100):
        entries = await lab.history.read_newest(limit)
        assert [entry.job_id for entry in entries] == shown[:limit]
        for entry in entries[::7]:
            await lab.history.get_details(entry)


@pytest.mark.parametrize("unknowns", [Unknowns(history_of_all=True)])
async def test_a_stopped_job_that_is_listed_is_new_too(lab: Lab) -> None:
    end = await lab.history.read_end(None)
    stopped = lab.printer.start(duration=100)
    lab.skip(50)
    lab.printer.stop()
    lab.skip(60)
    end = await lab.history.read_end(end.bookmark)
    assert [entry.job_id for entry in end.new] == [stopped]


@pytest.mark.parametrize("unknowns", [Unknowns(history_delay=20)])
async def test_an_entry_that_comes_late_is_new_when_it_comes(lab: Lab) -> None:
    bookmark = (await lab.history.read_end(None)).bookmark
    job_id = finish(lab)
    end = await lab.history.read_end(bookmark)
    assert end.new == ()
    lab.skip(20)
    end = await lab.history.read_end(end.bookmark)
    assert [entry.job_id for entry in end.new] == [job_id]


async def test_what_is_printed_after_the_list_was_cleared_is_new(lab: Lab) -> None:
    bookmark = (await lab.history.read_end(None)).bookmark
    lab.printer.clear_history()
    empty = await lab.history.read_end(bookmark)
    jobs = [finish(lab), finish(lab)]
    for known in (bookmark, empty.bookmark):
        end = await lab.history.read_end(known)
        assert [entry.job_id for entry in end.new] == jobs


@pytest.mark.parametrize("unknowns", [Unknowns(history_empty_for=60)])
async def test_a_list_that_is_empty_after_a_boot_makes_nothing_new(lab: Lab) -> None:
    lab.skip(60)
    bookmark = (await lab.history.read_end(None)).bookmark
    lab.printer.power_off()
    lab.printer.power_on()
    lab.simulator.drop_tokens()
    empty = await lab.history.read_end(bookmark)
    assert empty.entries == ()
    lab.skip(60)
    end = await lab.history.read_end(empty.bookmark)
    assert end.entries
    assert end.new == ()


@pytest.mark.parametrize(
    "fault", ["http_500", "busy_body", "html", "no_data", "wrong_types", "missing_keys"]
)
async def test_the_counter_is_not_needed(lab: Lab, fault: str) -> None:
    lab.faults.add(fault, path="dashboard/statistics", count=None)
    end = await lab.history.read_end(None)
    assert end.entries[-1].job_id == lab.printer.history[-1].job_id
    newest = await lab.history.read_newest(5)
    assert newest[0].job_id == lab.printer.history[-1].job_id


async def test_with_a_bookmark_the_counter_is_not_read(lab: Lab) -> None:
    end = await lab.history.read_end(None)
    before = len(lab.requests)
    await lab.history.read_end(end.bookmark)
    paths = [request.path for request in lab.requests[before:]]
    assert paths == ["/v1/dashboard/joblist"]


async def test_a_history_that_cannot_be_read_is_an_error(lab: Lab) -> None:
    lab.faults.add("busy_body", path="dashboard/joblist", count=None)
    with pytest.raises(Raise3DBusyError):
        await lab.history.read_end(None)
    lab.faults.clear()
    lab.faults.add("refuse", path="login", code=10000, msg="password error")
    lab.simulator.drop_tokens()
    with pytest.raises(Raise3DAuthenticationError):
        await lab.history.read_end(None)
