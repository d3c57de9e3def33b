"""Prints stopped unseen, on printers whose history lists stopped prints as well."""

from dataclasses import replace

import pytest

from custom_components.raise3d.api import JobReport, RunningState
from custom_components.raise3d.jobs import JobMemory, JobPhase, JobTracker

from .common import Follower, history, report

RUNS, RESTS, DONE = RunningState.RUNNING, RunningState.PAUSED, RunningState.COMPLETED
IDLE, ERROR = RunningState.IDLE, RunningState.ERROR
GONE = report(elapsed=0)
NEXT = report("job-2", elapsed=0)
LISTED = history("job-0", new=("job-1",))
NOTHING: list[str] = []
# Ten of a hundred layers and an eighth of the file in 615 of 3600 s.
EARLY = report(elapsed=615)
# What a print may show that has only some seconds left.
ALMOST_DONE: list[JobReport] = [
    replace(EARLY, printed_layers=99),
    replace(EARLY, printed_layers=80),
    replace(EARLY, progress=95.0),
    replace(EARLY, elapsed=3500),
    replace(EARLY, total=700),
]
UNKNOWN: list[JobReport] = [
    replace(EARLY, printed_layers=0),
    replace(EARLY, printed_layers=None),
    replace(EARLY, total_layers=None),
    replace(EARLY, progress=0.0),
    replace(EARLY, progress=None),
    replace(EARLY, total=None),
]


def printing(last: JobReport = EARLY) -> Follower:
    """Return the follower of a job that has finished a layer, and its last figures."""
    follower = Follower(JobPhase.PRINTING)
    layers = max((last.printed_layers or 0) - 1, 0)
    elapsed = (last.elapsed or 0) - 15
    follower.poll(RUNS, replace(last, elapsed=elapsed, printed_layers=layers))
    follower.poll(RUNS, last)
    return follower


def test_a_listed_print_that_cannot_be_completed_yet_is_stopped() -> None:
    follower = printing()
    assert follower.poll(IDLE, GONE, LISTED) == ["stopped"]


def test_a_listed_print_that_another_one_follows_too_soon_is_stopped() -> None:
    follower = printing()
    follower.poll(RUNS, NEXT, LISTED)
    assert follower.events == [("stopped", "job-1"), ("started", "job-2")]


def test_a_listed_print_that_ends_in_an_error_too_soon_has_failed() -> None:
    assert printing().poll(ERROR, EARLY, LISTED) == ["failed"]


def test_a_print_that_is_stopped_in_a_long_pause_is_stopped() -> None:
    follower = printing()
    assert follower.hold(RESTS, EARLY, seconds=3600) == ["paused"]
    assert follower.poll(IDLE, GONE, LISTED) == ["stopped"]


def test_a_state_that_is_ahead_of_the_figures_hides_no_stop() -> None:
    follower = printing()
    follower.poll(IDLE, replace(EARLY, elapsed=630), history("job-0"))
    assert follower.poll(IDLE, GONE, LISTED) == ["stopped"]


@pytest.mark.parametrize("restart", [False, True])
def test_a_stopped_print_stays_stopped_when_the_history_lists_it_late(
    restart: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    follower = printing()
    assert follower.hold(IDLE, GONE, history("job-0")) == ["stopped"]
    stored = JobMemory.from_dict(follower.tracker.memory.as_dict())
    follower.tracker = {False: follower.tracker, True: JobTracker(stored)}[restart]
    follower.tracker.mark_outage()
    assert follower.poll(IDLE, GONE, LISTED, after=3600) == NOTHING
    assert follower.tracker.memory.job == stored.job


@pytest.mark.parametrize("last", ALMOST_DONE)
def test_a_listed_print_that_was_almost_done_is_completed(
    last: JobReport,
) -> None:
    follower = printing(last)
    assert follower.poll(IDLE, GONE, LISTED) == ["completed"]


@pytest.mark.parametrize("last", UNKNOWN)
def test_a_listed_print_is_completed_where_a_figure_is_unknown(
    last: JobReport,
) -> None:
    follower = printing(last)
    assert follower.poll(IDLE, GONE, LISTED) == ["completed"]


def test_a_listed_print_is_completed_where_its_layers_were_not_seen_to_grow() -> None:
    follower = Follower(JobPhase.PRINTING)
    follower.poll(RUNS, EARLY)
    assert follower.poll(IDLE, GONE, LISTED) == ["completed"]


def test_a_listed_print_is_completed_where_its_layers_stand_still() -> None:
    follower = printing()
    follower.poll(RUNS, replace(EARLY, elapsed=900))
    assert follower.poll(IDLE, GONE, LISTED) == ["completed"]


def test_a_listed_print_is_completed_where_all_its_figures_stand_still() -> None:
    follower = printing()
    follower.hold(RUNS, EARLY, seconds=600)
    assert follower.poll(IDLE, GONE, LISTED) == ["completed"]


def test_a_listed_print_of_a_long_outage_is_completed() -> None:
    follower = printing()
    follower.tracker.mark_outage()
    assert follower.poll(IDLE, GONE, LISTED, after=900) == ["completed"]


def test_a_listed_print_of_a_restart_is_completed() -> None:
    follower = printing()
    follower.tracker = JobTracker(follower.tracker.memory)
    assert follower.poll(IDLE, GONE, LISTED) == ["completed"]


def test_a_listed_print_is_completed_where_its_figures_started_again() -> None:
    # as after a power cut, where they may count only what was left of the file
    follower = printing()
    for layers in range(1, 60):
        again = replace(EARLY, elapsed=15 * layers, printed_layers=layers)
        follower.poll(RUNS, again)
    assert follower.poll(IDLE, GONE, LISTED) == ["completed"]


def test_a_listed_print_is_completed_where_it_shows_figures_of_the_next_one() -> None:
    follower = printing(replace(EARLY, printed_layers=99))
    follower.poll(RUNS, replace(EARLY, elapsed=45, printed_layers=2))
    assert follower.poll(RUNS, NEXT, LISTED) == ["completed", "started"]


def test_a_clock_that_is_set_back_stops_no_print() -> None:
    follower = printing()
    assert follower.poll(IDLE, GONE, LISTED, after=-600) == ["completed"]


def test_a_print_that_a_power_cut_stopped_can_be_completed_unseen() -> None:
    follower = printing()
    follower.tracker.mark_outage()
    assert follower.hold(IDLE, GONE, history("job-0")) == ["stopped"]
    follower.tracker.mark_outage()
    events = follower.poll(IDLE, GONE, LISTED, after=7200)
    assert events == ["resumed", "completed"]


def test_the_completed_view_is_believed_whatever_the_figures_say() -> None:
    assert printing().poll(DONE, EARLY, LISTED) == ["completed"]


def test_a_print_that_goes_on_after_it_was_found_stopped_can_be_completed() -> None:
    follower = printing()
    follower.poll(IDLE, GONE, LISTED)
    again = replace(EARLY, elapsed=700)
    assert follower.hold(RUNS, again) == ["resumed"]
    assert follower.hold(DONE, again) == ["completed"]
