"""Tests of the import of the printer's history: slow, once, nothing lost or doubled."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.raise3d.jobs import LoggedJob
from homeassistant.const import Platform
from simulator import Printer, Unknowns
from simulator.history import HistoryEntry

from .common import HOUR, MINUTE, START, Home, new_printer

# More than a page of the list, which has twelve.
PAST = 14

pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platform that has read what is read at home, but for the camera."""
    return [Platform.SENSOR]


@pytest.fixture
def unknowns() -> dict[str, Any]:
    """Return what the printer's history is like; a test may parametrize it."""
    return {}


@pytest.fixture
def history() -> int:
    """Return the number of jobs that it has completed; a test may parametrize it."""
    return PAST


@pytest.fixture
def few_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Poll less often, where a test waits for retries."""
    monkeypatch.setattr("custom_components.raise3d.polling.STATE_INTERVAL", MINUTE)
    name = "custom_components.raise3d.polling.TEMPERATURES_IDLE_INTERVAL"
    monkeypatch.setattr(name, HOUR)


@pytest.fixture
def printer(
    unknowns: dict[str, Any], history: int, freezer: FrozenDateTimeFactory
) -> Printer:
    """Return a printer with a long past."""
    freezer.move_to(START)
    return new_printer(history=history, unknowns=Unknowns(**unknowns))


def jobs(home: Home) -> tuple[LoggedJob, ...]:
    """Return the log."""
    return home.coordinator.log.jobs


def agrees(home: Home) -> bool:
    """Whether the log has all of the printer's history, in its order and no more."""
    logged = [
        (job.job_id, job.file_name, job.duration, job.filament_left, job.filament_right)
        for job in jobs(home)
        if job.phase.value == "completed"
    ]
    return logged == [
        (entry.job_id, entry.file_name, entry.real_print_time, *entry.filament)
        for entry in home.printer.history
    ]


def requests(home: Home) -> Counter[str]:
    """Return how often each endpoint of the history was read."""
    paths = ("dashboard/joblist", "dashboard/job")
    return Counter(path for path in home.paths if path in paths)


@pytest.mark.parametrize(
    ("unknowns", "minutes"),
    [
        ({}, 10),
        ({"history_newest_first": True, "history_index": False}, 10),
        ({"history_base": 1, "history_end_refused": False, "counter_offset": -3}, 10),
        ({"history_empty_for": 900}, 25),
    ],
)
@pytest.mark.parametrize("history", [28], ids=["three_pages"])
async def test_the_whole_history_is_imported_once(home: Home, minutes: int) -> None:
    await home.tick(minutes * MINUTE)
    assert agrees(home)
    before = requests(home)
    await home.restart()
    await home.tick(5 * MINUTE)
    assert requests(home)["dashboard/job"] == before["dashboard/job"]
    # one page, for events, at the start of Home Assistant
    assert requests(home)["dashboard/joblist"] <= before["dashboard/joblist"] + 1
    assert not [job for job in jobs(home) if job.started_at or job.ended_at]


@pytest.mark.parametrize("history", [28])
async def test_an_idle_hour_with_import_costs_less_than_a_printing_one(
    home: Home,
) -> None:
    await home.tick(90)
    before = home.count_requests()
    await home.tick(15 * MINUTE)
    assert home.count_requests() - before <= 500 / 4
    assert len(jobs(home)) > 20


@pytest.mark.parametrize("unknowns", [{"history_newest_first": True}])
async def test_an_import_that_is_interrupted_goes_on_where_it_was(home: Home) -> None:
    await home.tick(2 * MINUTE)
    assert 0 < len(jobs(home)) < PAST
    await home.restart()
    await home.tick(2 * MINUTE)
    home.printer.power_off()
    await home.tick(2 * MINUTE)
    home.printer.power_on()
    await home.tick(2 * MINUTE)
    assert not agrees(home)
    home.printer.touch(5 * MINUTE)
    await home.tick(MINUTE)
    at_panel = requests(home)
    await home.tick(3 * MINUTE)
    assert requests(home) == at_panel
    home.printer.start("Local/part.gcode", duration=240)
    await home.tick(5 * MINUTE)
    assert requests(home)["dashboard/job"] <= at_panel["dashboard/job"] + 1
    home.printer.dismiss()
    await home.tick(10 * MINUTE)
    assert agrees(home)
    # each entry once, but for the requests in which it was interrupted
    assert requests(home)["dashboard/job"] <= PAST + 1 + 4


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("dashboard/joblist", "busy_body"),
        ("dashboard/joblist", "refuse"),
        ("dashboard/job", "http_500"),
        ("dashboard/job", "disconnect"),
        ("dashboard/job", "no_data"),
    ],
)
async def test_a_request_that_fails_for_a_while_loses_nothing(
    home: Home, path: str, kind: str
) -> None:
    await home.tick(2 * MINUTE)
    home.simulator.faults.add(kind, path=path, count=3)
    await home.tick(14 * MINUTE)
    assert agrees(home)


def without(entry: HistoryEntry, details: object) -> Callable[[dict[str, Any]], object]:
    """Return what changes the answer about an entry."""

    def change(data: dict[str, Any]) -> object:
        same = data["real_print_time"] == entry.real_print_time
        return details if same else data

    return change


@pytest.mark.parametrize(
    ("details", "tries"), [({}, 1), (None, 5)], ids=["empty", "none"]
)
@pytest.mark.usefixtures("few_polls")
async def test_an_entry_that_can_never_be_read_is_kept_without_its_figures(
    home: Home, details: object, tries: int
) -> None:
    broken = home.printer.history[8]
    home.answer("dashboard/job", without(broken, details))
    await home.tick(30 * MINUTE)
    job = home.coordinator.log.get(broken.job_id)
    assert job
    assert (job.file_name, job.duration) == (broken.file_name, None)
    assert len(jobs(home)) == PAST
    assert home.coordinator.log.complete
    assert requests(home)["dashboard/job"] == PAST - 1 + tries
    before = requests(home)
    await home.tick(HOUR)
    assert requests(home) == before


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("http_404", {}),
        ("http_500", {}),
        ("refuse", {"code": 10002, "msg": "job id not match pos"}),
        ("disconnect", {}),
    ],
)
async def test_a_history_without_any_details_is_listed_at_the_usual_pace(
    home: Home, kind: str, options: dict[str, Any]
) -> None:
    home.fail(kind, "dashboard/job", **options)
    before = home.count_requests()
    await home.tick(20 * MINUTE)
    assert home.count_requests() - before <= 500 / 3
    listed = [(job.job_id, job.file_name, job.duration) for job in jobs(home)]
    past = home.printer.history
    assert listed == [(entry.job_id, entry.file_name, None) for entry in past]
    await home.tick(50 * MINUTE)
    given_up = requests(home)["dashboard/job"]
    # five tries; a request that is cut off is repeated at once
    assert given_up <= 5 * 2 * PAST
    await home.restart()
    await home.tick(3 * MINUTE)
    assert requests(home)["dashboard/job"] == given_up
    assert home.coordinator.log.complete


@pytest.mark.usefixtures("few_polls")
async def test_a_printer_that_is_busy_for_details_alone_has_its_history_listed(
    home: Home,
) -> None:
    home.fail("busy_body", "dashboard/job")
    await home.tick(50 * MINUTE)
    listed = [job.job_id for job in jobs(home)]
    assert listed == [entry.job_id for entry in home.printer.history]
    home.heal()
    await home.tick(70 * MINUTE)
    assert agrees(home)


@pytest.mark.parametrize("kind", ["http_404", "http_503", "disconnect"])
@pytest.mark.usefixtures("few_polls")
async def test_details_that_cannot_be_read_for_a_while_are_read_later(
    home: Home, kind: str
) -> None:
    home.fail(kind, "dashboard/job")
    await home.tick(10 * MINUTE)
    assert not agrees(home)
    home.heal()
    await home.tick(25 * MINUTE)
    assert agrees(home)


@pytest.mark.parametrize("unknowns", [{"counter": 0, "history_newest_first": True}])
@pytest.mark.usefixtures("few_polls")
async def test_a_page_that_is_missed_once_is_read_again_whatever_the_printer_counts(
    home: Home,
) -> None:
    await home.tick(4 * MINUTE)
    assert 0 < len(jobs(home)) < 12
    home.simulator.faults.add("override", path="dashboard/joblist", data=lambda _: {})
    await home.tick(12 * MINUTE)
    assert not agrees(home)
    await home.tick(70 * MINUTE)
    assert agrees(home)
    assert home.coordinator.log.complete


@pytest.mark.usefixtures("few_polls")
async def test_a_history_that_is_cleared_meanwhile_ends_the_import(home: Home) -> None:
    await home.tick(4 * MINUTE)
    home.printer.clear_history()
    before = len(jobs(home))
    await home.tick(105 * MINUTE)
    assert before <= len(jobs(home)) < PAST
    assert home.coordinator.log.complete


async def test_another_printer_at_the_address_gives_the_log_nothing(
    home: Home,
) -> None:
    await home.tick(2 * MINUTE)
    before = jobs(home)
    other = new_printer(history=20, machine_id="99", seed=9)
    async with home.replaced_by(other):
        await home.tick(6 * MINUTE)
        assert jobs(home) == before
    await home.tick(10 * MINUTE)
    assert agrees(home)


@pytest.mark.parametrize(
    "unknowns", [{"history_of_all": True}, {"history_delay": 200.0}]
)
async def test_later_prints_are_completed_and_stopped_ones_stay_stopped(
    home: Home,
) -> None:
    await home.tick(7 * MINUTE)
    home.printer.start("Local/part.gcode", duration=1200)
    await home.tick(3 * MINUTE)
    # at the panel, seen by no poll
    home.printer.stop()
    await home.tick(2 * MINUTE)
    home.printer.start("Local/part.gcode", duration=180, filament=(1.5, 0.5))
    await home.tick(4 * MINUTE)
    home.printer.dismiss()
    await home.tick(20 * MINUTE)
    *_, stopped, done = jobs(home)
    assert (stopped.phase.value, stopped.filament_left) == ("stopped", None)
    assert (done.filament_left, done.filament_right, done.duration) == (1.5, 0.5, 180)


@pytest.mark.parametrize(
    ("unknowns", "number"),
    [({}, PAST), ({"clock_zone": 0.0}, PAST), ({"clock_dead": True}, 0)],
)
async def test_dates_are_right_or_absent(
    home: Home, unknowns: dict[str, Any], number: int
) -> None:
    started = {entry.job_id: entry.started for entry in home.printer.history}
    await home.tick(8 * MINUTE)
    for _ in range(2):
        assert not [job for job in jobs(home)[:PAST] if job.started_at]
        home.printer.start("Local/part.gcode", duration=150)
        await home.tick(3 * MINUTE)
        home.printer.dismiss()
        await home.tick(3 * MINUTE)
    dated = [job for job in jobs(home)[:PAST] if job.started_at]
    assert len(dated) == number
    assert all(
        job.started_at
        and job.started_at.timestamp()
        == pytest.approx(started[str(job.job_id)], abs=60)
        for job in dated
    )


@pytest.mark.parametrize("unknowns", [{"job_ids": False}])
@pytest.mark.usefixtures("few_polls")
async def test_a_history_without_ids_is_left_alone_and_prints_are_logged_as_seen(
    home: Home,
) -> None:
    await home.tick(8 * MINUTE)
    home.printer.start("Local/part.gcode", duration=240)
    await home.tick(5 * MINUTE)
    home.printer.dismiss()
    await home.tick(90 * MINUTE)
    await home.restart()
    await home.tick(HOUR)
    before = requests(home)
    await home.tick(HOUR)
    assert requests(home)["dashboard/joblist"] <= before["dashboard/joblist"] + 4
    (job,) = jobs(home)
    assert (job.file_name, job.phase.value) == ("Local/part.gcode", "completed")
