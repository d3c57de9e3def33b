"""A clock that is set, by an hour or for a start without the network's time."""

import pytest

from custom_components.raise3d.jobs import JobPhase

from .common import DONE, IDLE, RUNS, Follower, history, report

HOUR = 3600
JUMPS = (-30 * 24 * HOUR, -HOUR, HOUR)


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_is_set_delays_no_end(jump: int) -> None:
    follower = Follower(JobPhase.STOPPED)
    follower.poll(RUNS, report("job-2", elapsed=0))
    follower.poll(RUNS, report("job-2", elapsed=15), after=jump)
    assert follower.hold(IDLE, report("job-2", elapsed=0), history("job-0"), 90) == [
        "stopped"
    ]


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_is_set_while_an_end_is_open_delays_it_no_more(jump: int) -> None:
    follower = Follower(JobPhase.PRINTING)
    follower.poll(IDLE, report(elapsed=0), history("job-0"))
    first = follower.poll(IDLE, report(elapsed=0), history("job-0"), after=jump)
    then = follower.hold(IDLE, report(elapsed=0), history("job-0"))
    assert first + then == ["stopped"]


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_is_set_loses_no_print(jump: int) -> None:
    follower = Follower(JobPhase.COMPLETED)
    follower.poll(IDLE, report(elapsed=0), after=jump)
    follower.poll(RUNS, report("job-2", elapsed=0), history("job-0"))
    follower.poll(RUNS, report("job-2", elapsed=90), history("job-0"), after=90)
    follower.poll(DONE, report("job-2", elapsed=900), history("job-0"))
    assert follower.events == [("started", "job-2"), ("completed", "job-2")]
