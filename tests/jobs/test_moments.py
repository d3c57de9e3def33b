"""Tests of the marks of a job, poll by poll: which thresholds they pass."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
import math

import pytest

from custom_components.raise3d.api import (
    BasicInfo,
    JobReport,
    JobState,
    NozzleInfo,
    RunningState,
)
from custom_components.raise3d.jobs import (
    JobMemory,
    JobPhase,
    Marks,
    Moment,
    MomentTracker,
    MomentType,
)

from .common import BUSY, DONE, ERROR, IDLE, RESTS, RUNS, Follower, report

type Passed = list[tuple[MomentType, float]]

SOON, REACHED = MomentType.FINISHES_SOON, MomentType.REACHED_LAYER
FIRST, COOL, FREE = (
    MomentType.FIRST_LAYER_FINISHED,
    MomentType.COOLED_DOWN,
    MomentType.BECAME_FREE,
)
THRESHOLDS: dict[MomentType, Iterable[int]] = {
    SOON: range(60, 14_401, 60),
    FIRST: (0,),
    REACHED: range(1, 1001),
    COOL: range(25, 151),
    FREE: (0,),
}


class Watcher(Follower):
    """A follower of jobs for which everything that can be waited for is."""

    def __init__(
        self,
        phase: JobPhase | None = None,
        *,
        late: bool = False,
        **marks: float | None,
    ) -> None:
        """Let it know job-1 in a phase, with some marks."""
        super().__init__(phase, late=late)
        job = self.tracker.memory.job
        if job is not None:
            stored = Marks.from_dict(marks)
            memory = replace(self.tracker.memory, job=replace(job, marks=stored))
            self.tracker.memory = memory
        self.moments = MomentTracker(self.tracker, self._pass)
        self.passed: Passed = []
        self.lateness: set[bool] = set()

    def _pass(self, moment: Moment) -> None:
        self.passed += [
            (moment.type, threshold)
            for threshold in THRESHOLDS[moment.type]
            if moment.passes(threshold)
        ]
        self.lateness.add(moment.late)

    def see(
        self,
        state: RunningState | None,
        job: JobReport | None = None,
        *temperatures: float | None,
        uploading: bool = False,
    ) -> Passed:
        """Poll once more, and return what was passed."""
        self.passed.clear()
        self.lateness.clear()
        self.now += timedelta(seconds=15)
        job = job or figures()
        events = self.tracker.update(state, job, self.now)
        self.moments.note_job(state, job, events)
        self.moments.note_snapshot(
            state, heaters(*(temperatures or (None,))), uploading=uploading
        )
        return list(self.passed)


def figures(
    layer: int | None = 1,
    left: int | None = 1000,
    elapsed: int | None = 600,
    *,
    total_layers: int | None = 500,
    state: JobState = JobState.RUNNING,
    job_id: str | None = "job-1",
) -> JobReport:
    """Return a job with a layer and with seconds left."""
    total = None if left is None or elapsed is None else elapsed + left
    given = report(job_id, state, elapsed)
    return replace(given, printed_layers=layer, total_layers=total_layers, total=total)


def heaters(*temperatures: float | None) -> tuple[BasicInfo | NozzleInfo, ...]:
    """Return a bed and nozzles that are switched off."""
    bed = BasicInfo.from_dict({"heatbed_tar_temp": 0, "heatbed_cur_temp": 20})
    return (
        bed,
        *(
            NozzleInfo.from_dict({"nozzle_tar_temp": 0, "nozzle_cur_temp": each})
            for each in temperatures
        ),
    )


# Layers


@pytest.mark.parametrize(
    ("mark", "layers", "passed"),
    [
        # at first sight, only the layer in work
        (None, [10], [10]),
        (None, [0, 1], [1]),
        # each once, however far a poll goes
        (0, [1, 1, 4, 4], [1, 2, 3, 4]),
        (9, [10, 3, 10, 11], [10, 11]),
        (12, [0, 11, 12], []),
        # what cannot be
        (3, [None, 501, 5], [4, 5]),
    ],
)
def test_layers_pass_once(
    mark: int | None, layers: list[int | None], passed: list[int]
) -> None:
    watcher = Watcher(JobPhase.PRINTING, layer=mark, left=5)
    got = [each for layer in layers for each in watcher.see(RUNS, figures(layer))]
    assert [number for kind, number in got if kind is REACHED] == passed


@pytest.mark.parametrize(
    ("mark", "layer", "fires"),
    [(None, 2, 0), (None, 1, 0), (0, 2, 1), (1, 2, 1), (1, 9, 1), (2, 3, 0), (0, 1, 0)],
)
def test_the_first_layer_is_finished_only_for_those_who_saw_it(
    mark: int | None, layer: int, fires: int
) -> None:
    watcher = Watcher(JobPhase.PRINTING, layer=mark)
    got = watcher.see(RUNS, figures(layer)) + watcher.see(RUNS, figures(layer))
    assert got.count((FIRST, 0)) == fires


def test_a_print_that_has_not_begun_is_before_its_first_layer() -> None:
    watcher = Watcher(JobPhase.PRINTING)
    assert watcher.see(RUNS, figures(0, None, 0, total_layers=None)) == []
    passed = watcher.see(RUNS, figures(3, None))
    assert passed == [(FIRST, 0), (REACHED, 1), (REACHED, 2), (REACHED, 3)]


def test_zeros_in_the_middle_of_a_print_do_not_begin_it_again() -> None:
    watcher = Watcher(JobPhase.PRINTING, layer=10, left=500)
    assert watcher.see(RUNS, figures(0, None, 0, total_layers=None)) == []
    assert watcher.see(RUNS, figures(11, None)) == [(REACHED, 11)]


def test_a_layer_without_a_total_or_a_time_is_none() -> None:
    watcher = Watcher(JobPhase.PRINTING, layer=0)
    assert watcher.see(RUNS, figures(7, None, total_layers=None)) == []
    assert watcher.see(RUNS, figures(7, None, 0)) == []
    assert watcher.see(RUNS, figures(7, None, None)) == []


# Seconds left


@pytest.mark.parametrize(
    ("mark", "lefts", "passed"),
    [
        # at first sight, only what is left exactly
        (None, [600], [600]),
        (None, [599, 590], []),
        (None, [615, 600, 585], [600]),
        # each once; nothing that lies behind the mark
        (700, [610, 595, 595], [660, 600]),
        (590, [700, 599, 585], []),
        # another plan re-arms what is ahead of it again
        (590, [830, 599], []),
        (590, [831, 599], [600, 660, 720, 780]),
        # longer than estimated
        (70, [0, 0, 0], [60]),
    ],
)
def test_seconds_pass_once_unless_the_plan_moves_back(
    mark: int | None, lefts: list[int], passed: list[int]
) -> None:
    watcher = Watcher(JobPhase.PRINTING, layer=1, left=mark)
    got = [each for left in lefts for each in watcher.see(RUNS, figures(1, left))]
    assert [seconds for kind, seconds in got if kind is SOON] == passed


def test_an_answer_that_lags_brings_no_plan_back() -> None:
    watcher = Watcher(JobPhase.PRINTING, layer=1, left=1000)
    assert watcher.see(RUNS, figures(1, 590, 610)) != []
    assert watcher.see(RUNS, figures(1, 3000, 625)) == []
    assert watcher.see(RUNS, figures(1, 585, 615)) == []
    assert watcher.see(RUNS, figures(1, 2970, 655)) == []


@pytest.mark.parametrize("known", [[650], []])
def test_zeros_in_the_middle_of_a_print_bring_no_plan_back(known: list[int]) -> None:
    watcher = Watcher(JobPhase.PRINTING, layer=100, left=650)
    for left in known:
        watcher.see(RUNS, figures(100, left, 3000))
    assert watcher.see(RUNS, figures(0, 3700, 0)) == []
    assert watcher.see(RUNS, figures(100, 590, 3060)) == [(SOON, 600)]
    assert watcher.see(RUNS, figures(0, 3700, 0)) == []
    assert watcher.see(RUNS, figures(100, 560, 3090)) == []


def test_seconds_that_are_not_known_are_not_few() -> None:
    watcher = Watcher(JobPhase.PRINTING, layer=1, left=700)
    assert watcher.see(RUNS, figures(1, None)) == []
    assert watcher.see(RUNS, figures(1, 650)) == [(SOON, 660)]


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (RESTS, JobState.PAUSED),
        (RESTS, JobState.RUNNING),
        (RUNS, JobState.PAUSED),
        (BUSY, JobState.PAUSED),
        (None, JobState.PAUSED),
    ],
)
def test_a_pause_does_not_count_down(state: RunningState, word: JobState) -> None:
    watcher = Watcher(JobPhase.PRINTING, layer=1, left=700)
    for left in (650, 620, 590):
        assert watcher.see(state, figures(1, left, 1000 - left, state=word)) == []


def test_a_print_that_is_first_seen_in_a_pause_fires_when_it_goes_on() -> None:
    watcher = Watcher(JobPhase.PAUSED, layer=1)
    assert watcher.see(RESTS, figures(1, 600, state=JobState.PAUSED)) == []
    passed = watcher.see(RUNS, figures(1, 595, 605))
    assert passed == [(SOON, 600)]
    assert watcher.lateness == {False}


def test_layers_of_an_outage_wait_for_the_end_of_a_pause() -> None:
    watcher = Watcher(JobPhase.PRINTING, late=True, layer=9, left=700)
    paused = figures(11, 590, state=JobState.PAUSED)
    for _ in range(4):
        assert watcher.see(RESTS, paused) == []
    assert watcher.see(RUNS, figures(12, 570, 620)) == [
        (REACHED, 10),
        (REACHED, 11),
        (REACHED, 12),
        (SOON, 600),
        (SOON, 660),
    ]
    assert watcher.lateness == {True}
    assert watcher.see(RUNS, figures(13, 530, 660)) == [(REACHED, 13), (SOON, 540)]
    assert watcher.lateness == {False}


def test_an_answer_about_another_job_says_nothing_of_this_one() -> None:
    watcher = Watcher(JobPhase.PRINTING, layer=1, left=5000)
    other = figures(400, 30, 3000, job_id="job-0")
    watcher.tracker.memory = replace(watcher.tracker.memory, recent=("job-0",))
    assert watcher.see(RUNS, other) == []


# The end


def test_the_end_reaches_the_last_layers_and_finishes_nothing_soon() -> None:
    watcher = Watcher(JobPhase.PRINTING, layer=498, left=70)
    end = figures(500, 0, 700, state=JobState.COMPLETED)
    assert watcher.see(DONE, end) == [(REACHED, 499), (REACHED, 500)]
    assert watcher.see(DONE, end) == []


@pytest.mark.parametrize(
    ("phase", "layer", "late", "word"),
    [
        (JobPhase.PRINTING, 498, True, JobState.COMPLETED),
        (JobPhase.PRINTING, 498, False, JobState.STOPPED),
        (JobPhase.NAMED, None, False, JobState.COMPLETED),
    ],
)
def test_an_end_of_another_kind_reaches_no_layer(
    phase: JobPhase, layer: int | None, word: JobState, *, late: bool
) -> None:
    watcher = Watcher(phase, late=late, layer=layer)
    end = figures(500, 0, 700, state=word)
    assert REACHED not in dict(watcher.see(DONE, end))


# Heat

DONE_JOB = figures(500, 0, 700, state=JobState.COMPLETED)


def all_between(low: int, high: int) -> Passed:
    """Return the temperatures from one up to another."""
    return [(COOL, each) for each in range(low, high + 1)]


def test_each_temperature_passes_once_after_the_end() -> None:
    watcher = Watcher(JobPhase.PRINTING, layer=500)
    assert watcher.see(RUNS, figures(), 30) == []
    assert watcher.see(DONE, DONE_JOB, 140) == all_between(141, 150)
    assert watcher.see(DONE, DONE_JOB, 138, 136) == all_between(139, 140)
    assert watcher.see(DONE, DONE_JOB, 20, 145) == []
    assert watcher.see(DONE, DONE_JOB, 20, None) == []
    assert watcher.see(DONE, DONE_JOB, 136, 120) == all_between(137, 138)


def test_what_was_read_before_the_end_does_not_count() -> None:
    watcher = Watcher(JobPhase.PRINTING)
    cold = heaters(22, 22)
    watcher.moments.note_snapshot(RUNS, cold, uploading=False)
    events = watcher.tracker.update(DONE, DONE_JOB, watcher.now)
    watcher.moments.note_job(DONE, DONE_JOB, events)
    watcher.moments.note_snapshot(DONE, cold, uploading=False)
    half = (*cold[:2], *heaters(23)[1:])
    watcher.moments.note_snapshot(DONE, half, uploading=False)
    assert COOL not in dict(watcher.passed)
    watcher.moments.note_snapshot(DONE, heaters(22, 22), uploading=False)
    assert COOL in dict(watcher.passed)


def test_a_job_that_goes_on_passes_no_temperature_again() -> None:
    watcher = Watcher(JobPhase.STOPPED, layer=500, heat=45.0, free=True)
    watcher.see(RUNS, figures(elapsed=700), 210)
    watcher.see(RUNS, figures(elapsed=715), 210)
    watcher.see(RUNS, figures(elapsed=730), 210)
    assert watcher.moments.heat is None
    assert watcher.see(DONE, DONE_JOB, 60) == []
    assert watcher.see(IDLE, figures(0, None, 0), 43) == all_between(44, 45)


def test_a_new_job_has_a_cool_down_of_its_own() -> None:
    watcher = Watcher(JobPhase.COMPLETED, heat=60.0, free=True)
    watcher.see(RUNS, figures(job_id="job-2", elapsed=15), 40)
    assert watcher.moments.heat is None
    assert COOL not in dict(watcher.passed)


# Free


@pytest.mark.parametrize("mark", [None, True])
def test_a_printer_that_was_free_before_does_not_become_so(mark: bool | None) -> None:  # noqa: FBT001
    watcher = Watcher(JobPhase.COMPLETED, free=mark)
    assert watcher.see(IDLE, figures(0, None, 0)) == []
    assert watcher.see(BUSY, figures(0, None, 0)) == []
    assert watcher.see(IDLE, figures(0, None, 0)) == []


@pytest.mark.parametrize("state", [DONE, BUSY, None, ERROR])
def test_a_printer_that_was_not_free_becomes_so_once(state: RunningState) -> None:
    watcher = Watcher(JobPhase.COMPLETED)
    assert watcher.see(state, DONE_JOB) == []
    assert watcher.see(IDLE, figures(0, None, 0), uploading=True) == []
    assert watcher.see(IDLE, figures(0, None, 0)) == [(FREE, 0)]
    assert watcher.see(state, DONE_JOB) == []
    assert watcher.see(IDLE, figures(0, None, 0)) == []


def test_a_job_that_was_named_before_it_printed_becomes_free_at_its_end() -> None:
    watcher = Watcher(JobPhase.PRINTING, free=True)
    watcher.see(RUNS, figures())
    watcher.see(DONE, DONE_JOB)
    assert watcher.see(IDLE, figures(0, None, 0)) == [(FREE, 0)]


def test_a_plate_that_is_full_stays_so_for_the_next_job() -> None:
    watcher = Watcher(JobPhase.COMPLETED, free=False)
    watcher.see(RUNS, figures(job_id="job-2", elapsed=15))
    job = watcher.tracker.memory.job
    assert job is not None
    assert (job.job_id, job.marks.free) == ("job-2", False)


# What is stored


def test_marks_are_stored_with_the_job() -> None:
    watcher = Watcher(JobPhase.PRINTING, layer=7, left=70, heat=45.5, free=True)
    stored = JobMemory.from_dict(watcher.tracker.memory.as_dict())
    assert stored.job is not None
    assert stored.job.marks == Marks(layer=7, left=70, heat=45.5, free=True)


@pytest.mark.parametrize(
    "marks",
    [
        *(None, {}, [], {"layer": "7", "heat": "hot"}),
        {"layer": True, "left": False, "heat": True, "free": 1},
        {"layer": -1, "left": -600, "heat": -1.0},
        {"layer": 10**18, "left": 10**18, "heat": 10**400},
        {"layer": math.nan, "left": math.inf, "heat": math.nan},
    ],
)
def test_a_job_that_was_stored_without_marks_has_none(marks: object) -> None:
    data = Watcher(JobPhase.PRINTING).tracker.memory.as_dict()
    job = data["job"]
    assert isinstance(job, dict)
    job["marks"] = marks
    stored = JobMemory.from_dict(data)
    assert stored.job is not None
    assert stored.job.marks == Marks()
    del job["marks"]
    assert JobMemory.from_dict(data) == stored


def test_mere_progress_is_not_worth_a_write() -> None:
    watcher = Watcher(JobPhase.PRINTING)
    watcher.see(RUNS, figures(5, 900))
    memory = watcher.tracker.memory
    assert watcher.moments.unsaved
    watcher.moments.unsaved = False
    watcher.see(RUNS, figures(6, 885, 615))
    assert not watcher.moments.unsaved
    assert watcher.tracker.memory == memory
    # what it re-arms must not be forgotten
    watcher.see(RUNS, figures(7, 3000, 630))
    assert watcher.moments.unsaved
