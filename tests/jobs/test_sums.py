"""Tests of the sums of what was printed, hour by hour."""

from datetime import UTC, datetime, timedelta
from typing import Any

from custom_components.raise3d.jobs import (
    Figures,
    HourSums,
    JobPhase,
    LogBook,
    LoggedJob,
    changed_hours,
)

START = datetime(2026, 11, 1, tzinfo=UTC)
NOW = START + timedelta(days=30)


def hour(number: int) -> datetime:
    """Return an hour by its number."""
    return START + timedelta(hours=number)


def job(key: str, number: int, minute: int = 30, **figures: Any) -> LoggedJob:
    """Return a job that ended in an hour."""
    known = {
        "phase": JobPhase.COMPLETED,
        "ended_at": hour(number) + timedelta(minutes=minute),
        "duration": 1800,
        **figures,
    }
    return LoggedJob(key=key, **known)


def stored_after(
    hours: list[HourSums], stored: dict[datetime, Figures] | None = None
) -> dict[datetime, Figures]:
    """Return what is stored once some hours are written."""
    return {**(stored or {}), **{one.start: one.sums for one in hours}}


def test_sums_grow_by_what_is_known() -> None:
    hours = changed_hours(
        [
            job("b", 5, phase=JobPhase.FAILED, duration=None),
            job("a", 2, filament_left=12.5, filament_right=0.5),
            job("c", 5, phase=JobPhase.STOPPED),
        ],
        {},
        NOW,
    )
    assert hours == [
        HourSums(
            start=hour(2),
            sums=Figures(
                prints=1, completed=1, hours=0.5, filament_left=12.5, filament_right=0.5
            ),
            success_rate=100,
        ),
        HourSums(
            start=hour(5),
            sums=Figures(
                prints=3,
                completed=1,
                failed=1,
                hours=1,
                filament_left=12.5,
                filament_right=0.5,
            ),
            success_rate=0,
        ),
    ]


def test_what_was_stopped_is_neither_a_success_nor_a_failure() -> None:
    (one,) = changed_hours([job("a", 2, phase=JobPhase.STOPPED)], {}, NOW)
    assert one.success_rate is None
    (one,) = changed_hours(
        [
            job("a", 2, phase=JobPhase.STOPPED),
            job("b", 2),
            job("c", 2),
            job("d", 2),
            job("e", 2, phase=JobPhase.FAILED),
        ],
        {},
        NOW,
    )
    assert one.success_rate == 75


def test_what_has_no_known_end_is_not_counted() -> None:
    jobs = [
        job("a", 2, ended_at=None),
        job("b", 2, phase=JobPhase.PRINTING),
        job("c", 24 * 31),
    ]
    assert changed_hours(jobs, {}, NOW) == []


def test_nothing_is_written_twice() -> None:
    jobs = [job(str(number), number * 3, filament_left=0.1) for number in range(50)]
    stored = stored_after(changed_hours(jobs, {}, NOW))
    assert changed_hours(jobs, stored, NOW) == []


def test_a_job_that_arrives_late_changes_all_that_follows() -> None:
    jobs = [job("a", 2), job("c", 8)]
    stored = stored_after(changed_hours(jobs, {}, NOW))
    hours = changed_hours([*jobs, job("b", 5)], stored, NOW)
    assert [(one.start, one.sums.prints) for one in hours] == [
        (hour(5), 2),
        (hour(8), 3),
    ]


def test_a_job_that_made_room_for_others_is_still_counted() -> None:
    jobs = [job("a", 2), job("b", 2), job("c", 4), job("d", 6)]
    stored = stored_after(changed_hours(jobs, {}, NOW))
    assert changed_hours(jobs[1:], stored, NOW) == []
    assert changed_hours(jobs[3:], stored, NOW) == []
    assert changed_hours([], stored, NOW) == []
    (new,) = changed_hours([jobs[3], job("e", 7)], stored, NOW)
    assert (new.start, new.sums.prints) == (hour(7), 5)


def test_a_job_that_makes_room_while_an_older_one_is_behind_it_is_still_counted() -> (
    None
):
    log = LogBook(3, [job("a", 4), job("b", 2), job("c", 6)])
    stored = stored_after(changed_hours(log.jobs, {}, NOW))
    for key, number in (("d", 8), ("e", 10), ("f", 12)):
        log.put(job(key, number))
        (new,) = changed_hours(log.jobs, stored, NOW)
        assert new.start == hour(number)
        stored = stored_after([new], stored)
    assert new.sums.prints == 6
    assert [each.key for each in log.jobs] == ["d", "e", "f"]


def test_a_job_whose_time_was_corrected_is_counted_once() -> None:
    jobs = [job("a", 2), job("b", 5)]
    stored = stored_after(changed_hours(jobs, {}, NOW))
    moved = [job("a", 10), job("b", 5)]
    hours = changed_hours(moved, stored, NOW, {hour(2)})
    assert [(one.start, one.sums.prints) for one in hours] == [
        (hour(2), 0),
        (hour(5), 1),
        (hour(10), 2),
    ]


def test_an_outcome_that_was_corrected_changes_the_rate() -> None:
    jobs = [job("a", 2), job("b", 5, phase=JobPhase.FAILED)]
    stored = stored_after(changed_hours(jobs, {}, NOW))
    (one,) = changed_hours([jobs[0], job("b", 5)], stored, NOW)
    assert (one.sums.completed, one.sums.failed, one.success_rate) == (2, 0, 100)
