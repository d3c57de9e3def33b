"""Tests of the sums over jobs, and of the jobs as CSV."""

import csv
from datetime import timedelta
import io
from zoneinfo import ZoneInfo

import pytest

from custom_components.raise3d.jobs import JobPhase, LoggedJob
from custom_components.raise3d.jobs.summary import (
    CSV_COLUMNS,
    as_csv,
    count_undated,
    sums_by_tag,
    sums_of,
    within,
)

from .common import NOW

KNOWN = LoggedJob(
    key="a",
    job_id="a",
    file_name="Local/part.gcode",
    user_tag="order 66",
    phase=JobPhase.COMPLETED,
    started_at=NOW - timedelta(hours=1),
    ended_at=NOW,
    layers=100,
    estimated_duration=3500,
    duration=3600,
    filament_left=0.1,
    filament_right=0.2,
    energy=0.1,
    cost=0.1,
)
FAILED = LoggedJob(
    key="b", phase=JobPhase.FAILED, ended_at=NOW, duration=1800, energy=0.2
)
RUNNING = LoggedJob(key="c", phase=JobPhase.PRINTING)
UNDATED = LoggedJob(key="d", phase=JobPhase.STOPPED)


def test_sums_are_exact_and_say_what_they_lack() -> None:
    assert sums_of([KNOWN, KNOWN, KNOWN, FAILED], nozzles=2) == {
        "prints_completed": 3,
        "prints_stopped": 0,
        "prints_failed": 1,
        "hours": 3.5,
        "filament_left": 0.3,
        "filament_right": 0.6,
        "energy": 0.5,
        "cost": 0.3,
        "jobs_without_duration": 0,
        "jobs_without_filament": 1,
        "jobs_without_energy": 0,
        "jobs_without_cost": 1,
    }


def test_what_is_not_known_of_any_job_is_no_sum() -> None:
    sums = sums_of([FAILED], nozzles=2)
    assert (sums["filament_left"], sums["cost"]) == (None, None)
    assert sums_of([], nozzles=2)["cost"] == 0


def test_a_nozzle_that_there_is_not_is_not_missed() -> None:
    one = LoggedJob(key="e", phase=JobPhase.COMPLETED, filament_left=5.0)
    sums = sums_of([one], nozzles=1)
    assert (sums["filament_right"], sums["jobs_without_filament"]) == (None, 0)


def test_each_user_tag_has_its_sums_and_no_tag_comes_last() -> None:
    rows = sums_by_tag([FAILED, KNOWN], nozzles=2)
    assert [(row["user_tag"], row["energy"]) for row in rows] == [
        *(("order 66", 0.1), (None, 0.2))
    ]


def test_a_period_has_what_ended_in_it_and_not_its_last_moment() -> None:
    jobs = [KNOWN, RUNNING, UNDATED]
    assert within(jobs, NOW, NOW + timedelta(seconds=1)) == [KNOWN]
    assert within(jobs, NOW - timedelta(days=1), NOW) == []
    assert count_undated(jobs) == 1


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1"]
)
def test_a_name_that_begins_like_a_formula_is_defused(name: str) -> None:
    job = LoggedJob(key=name, file_name=name, user_tag=name, phase=JobPhase.COMPLETED)
    (row,) = csv.DictReader(io.StringIO(as_csv([job], ZoneInfo("UTC")), newline=""))
    assert (row["file_name"], row["user_tag"]) == (f"'{name}", f"'{name}")


def test_a_name_is_no_formula_where_semicolons_separate_either() -> None:
    job = LoggedJob(key="a", file_name="a;=1+1; -2;b", phase=JobPhase.COMPLETED)
    (row,) = csv.DictReader(io.StringIO(as_csv([job], ZoneInfo("UTC")), newline=""))
    assert row["file_name"] == "a;'=1+1; '-2;b"


def test_the_text_is_that_of_rfc_4180_with_local_times() -> None:
    job = LoggedJob(
        key="a",
        file_name='a "b", c\nd',
        phase=JobPhase.COMPLETED,
        ended_at=NOW,
        cost=-0.5,
    )
    head, row = as_csv([job], ZoneInfo("Europe/Berlin")).split("\r\n", 1)
    assert tuple(head.split(",")) == CSV_COLUMNS
    assert row == (
        ',"a ""b"", c\nd",,completed,,2026-11-24T09:00:00+01:00,,,,,,,-0.5\r\n'
    )
