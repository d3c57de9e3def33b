"""Tests of the printer's clock: dates are right, or there is none."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.raise3d.jobs import JobPhase, LoggedJob
from custom_components.raise3d.jobs.id_time import read_start
from custom_components.raise3d.jobs.printer_clock import date_jobs

from .common import MACS, dated

BOTH = "_".join(MACS)
START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DEAD = datetime(2000, 1, 1, tzinfo=UTC) - START


def past(day: int, offset: timedelta = 8 * HOUR) -> LoggedJob:
    """Return an imported job of a day, by a clock that is off."""
    own = dated(START + day * DAY + offset)
    return LoggedJob(key=own, job_id=own, phase=JobPhase.COMPLETED, duration=3600)


def seen(day: int, offset: timedelta = 8 * HOUR) -> LoggedJob:
    """Return a job whose start was seen, a little after that of its id."""
    own = dated(START + day * DAY + offset)
    at = START + day * DAY + timedelta(seconds=25)
    return LoggedJob(
        key=own,
        job_id=own,
        phase=JobPhase.STOPPED,
        started_at=at,
        ended_at=at + HOUR,
        start_seen=True,
    )


def dates(*jobs: LoggedJob) -> list[float | None]:
    """Return the days from the start on which jobs are dated, None for the others."""
    changed = {job.key: job for job in date_jobs(jobs)}
    after = [changed.get(job.key, job) for job in jobs]
    assert all(
        job.ended_at == (job.started_at and job.started_at + HOUR) for job in after
    )
    return [
        None
        if job.started_at is None
        else round((job.started_at - START) / DAY, ndigits=2)
        for job in after
    ]


def test_the_published_id_is_read_to_the_millisecond() -> None:
    expected = datetime(2022, 10, 23, 21, 40, 26, 314000, UTC)
    assert read_start(f"{BOTH}_7e60a1715281a13a10") == expected


@pytest.mark.parametrize(
    "job_id",
    [
        "",
        "part.gcode",
        f"{BOTH}_7e60a1715281a13a1",
        f"{BOTH}_7e60a1715281a13a100",
        f"{BOTH}_7e60d1715281a13a10",
        f"{BOTH}_7e60a1718281a13a10",
        f"{BOTH}_7e60a17153c1a13a10",
        f"{BOTH}_0000000000000000000"[:-1],
        f"{BOTH}_7e60a1715281afffff",
        f"x{BOTH}_7e60a1715281a13a10",
        "0200C0FFEE01_7e60a1715281a13a10",
    ],
)
def test_an_id_that_is_malformed_has_no_start(job_id: str) -> None:
    assert read_start(job_id) is None


@pytest.mark.parametrize(
    "offset", [timedelta(), 8 * HOUR, -12 * HOUR, 14 * HOUR, 5.75 * HOUR]
)
def test_two_starts_that_were_seen_date_the_jobs_before_between_and_after(
    offset: timedelta,
) -> None:
    jobs = [past(0, offset), seen(1, offset), past(2, offset)]
    assert dates(*jobs) == [None, 1, None]
    jobs += [seen(3, offset), past(4, offset)]
    assert dates(*jobs) == [0, 1, 2, 3, 4]


def test_a_date_is_taken_back_where_the_clock_turns_out_to_be_set_back() -> None:
    first = [past(0), seen(1), seen(3), past(4)]
    changed = {job.key: job for job in date_jobs(first)}
    known = [changed.get(job.key, job) for job in first]
    assert dates(*known) == [0, 1, 3, 4]
    assert dates(*known, seen(6, HOUR)) == [0, 1, 3, None, 6]
    assert dates(*known, seen(6, HOUR), past(7, HOUR), seen(8, HOUR)) == [
        *(0, 1, 3, None, 6),
        *(7, 8),
    ]


def test_a_clock_that_is_off_by_more_than_a_zone_gives_no_date() -> None:
    off = -400 * DAY
    assert dates(past(0, off), seen(1, off), past(2, off), seen(3, off)) == [
        *(None, 1, None, 3)
    ]


def test_a_dead_clock_gives_no_date_and_takes_none_from_the_years_before() -> None:
    jobs = [past(0), seen(1), seen(2), past(3, DEAD), seen(4, DEAD), past(5, DEAD)]
    assert dates(*jobs) == [0, 1, 2, None, 4, None]


def test_jobs_from_before_a_dead_clock_was_set_have_no_date_of_its_time() -> None:
    # it began with 2021 again, which would be a likely year
    off = -5 * 365 * DAY
    jobs = [past(0), past(1, off), past(2, off), past(3), seen(4), seen(5)]
    assert dates(*jobs)[1:] == [None, None, 3, 4, 5]


def test_jobs_that_a_clock_contradicts_which_was_set_back_have_no_date() -> None:
    jobs = [past(0, 2 * DAY + 8 * HOUR), past(1), past(3), seen(4), seen(5)]
    assert dates(*jobs) == [None, None, 3, 4, 5]


def test_what_was_seen_is_dated_by_nothing_else() -> None:
    late = LoggedJob(
        key="late",
        job_id=dated(START + 2 * DAY),
        phase=JobPhase.COMPLETED,
        started_at=START + 2 * DAY + HOUR / 2,
        duration=60,
    )
    jobs = [seen(0), seen(1), late, past(3)]
    assert [job.key for job in date_jobs(jobs)] == [jobs[3].key]


def test_a_late_end_before_the_start_by_the_clock_shows_a_wrong_clock() -> None:
    end = START + 2 * DAY
    job = LoggedJob(
        key="k",
        job_id=dated(end + DAY + 8 * HOUR),
        phase=JobPhase.COMPLETED,
        ended_after=end - HOUR,
        ended_before=end,
        duration=600,
    )
    assert not date_jobs([seen(0), seen(1), job])
