"""Random courses with automations that wait for moments, and what they must do.

`python -m tests.jobs.moment_course KIND COUNT [FIRST]` runs many of them.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
import sys
from typing import override

from custom_components.raise3d.api import (
    BasicInfo,
    JobReport,
    JobState,
    NozzleInfo,
    RunningState,
)
from custom_components.raise3d.jobs import (
    JobEvent,
    JobEventType,
    JobMemory,
    JobTracker,
    Moment,
    MomentTracker,
    MomentType,
)
from simulator import Phase, wire

from .course import LAG, STEP, Course, Kind, main

# Seconds after which the tracker has to have seen what a printer does.
SURE = 90.0
# Seconds. A plan that moves back by more is another one.
REARM = 240

type Heaters = tuple[BasicInfo | NozzleInfo, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """What the printer really did at a time."""

    at: float
    phase: Phase
    layer: int
    left: int
    heat: float


@dataclass(frozen=True, slots=True)
class Sight:
    """What a poll has shown of a job, where the figures are known."""

    at: float
    layer: int
    left: int | None
    clear: bool
    """Whether it has been printing, and polled, for long enough to be sure."""
    followed: bool
    """Whether the tracker has accepted that it is active."""


@dataclass(slots=True)
class Run:
    """A print, from its start to the end; without ids, each part of it."""

    samples: list[Sample] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)
    replans: int = 0
    seen_end_at: float | None = None
    cool: float | None = None
    """The lowest heat read after an end that was seen."""
    occupied: bool | None = None
    """Whether the first poll has shown the printer as not free."""
    surely_free: bool = False

    def recent(self, since: float) -> list[Sample]:
        """Return what the printer has done since a time."""
        times = [sample.at for sample in self.samples[-100:]]
        return self.samples[-100:][bisect_left(times, since) :]


@dataclass(frozen=True, slots=True)
class Fired:
    """A threshold that was passed."""

    at: float
    type: MomentType
    run: str
    threshold: float


class MomentCourse(Course):
    """A course in which automations wait for the moments of each job."""

    def __init__(self, seed: int, kind: Kind) -> None:
        """Choose what is waited for."""
        self.fired: list[Fired] = []
        self.runs: dict[str, Run] = {}
        self.moments = MomentTracker(JobTracker(), self._pass)
        self.heaters: Heaters = ()
        self.stored: dict[str, object] = {}
        self.saved = JobMemory()
        self.polls_since = 0.0
        self._newest = ""
        self.triggered = False
        super().__init__(seed, kind)

    @override
    def _live_past(self) -> None:
        """Choose the thresholds, before anything happens."""
        rng = self.rng
        self.thresholds = {
            MomentType.FINISHES_SOON: {rng.randrange(1, 25) * 60.0 for _ in range(5)},
            MomentType.FIRST_LAYER_FINISHED: {0.0},
            MomentType.REACHED_LAYER: {float(rng.randrange(1, 60)) for _ in range(6)},
            MomentType.COOLED_DOWN: {float(rng.randrange(26, 150)) for _ in range(4)},
            MomentType.BECAME_FREE: {0.0},
        }
        self.moments = MomentTracker(self.tracker, self._pass)
        super()._live_past()

    @override
    def start(self, file_name: str) -> None:
        """Start a print of any number of layers, whose estimate may be wrong."""
        rng, duration = self.rng, self.rng.uniform(60, 3000)
        estimate = duration * rng.choice((1, 1, 0.4, 1.5))
        self.printer.start(
            file_name,
            duration=duration,
            estimate=estimate,
            layers=rng.choice((0, 1, 2, 30, 60)),
        )

    @override
    def act(self) -> None:
        """Do something, or let the printer change its estimate."""
        if self.printer.phase is Phase.RUNNING and self.rng.random() < 0.25:
            self.steps.append(f"{self.now:.0f} another plan")
            self.printer._job.estimate *= self.rng.uniform(0.5, 3)
            self.runs[self._run].replans += 1
            return
        super().act()

    @property
    def _run(self) -> str:
        """The newest print."""
        # after a boot the printer has none in mind
        self._newest = job_id = self.printer.job.job_id or self._newest
        if self.kind.ids:
            return job_id
        ends = ("stopped", "failed", "completed")
        parts = [e for e in self.printer.record if e.job_id == job_id]
        again = [e.kind in ends for e in parts if e.kind in (*ends, "resumed")]
        # a part that goes on after its end is another one
        number = sum(before and not now for before, now in pairwise(again))
        return f"{job_id} {number}"

    @override
    def _sample(self) -> None:
        """Note what the printer really does."""
        super()._sample()
        if not self.printer.powered:
            return
        run = self.runs.setdefault(self._run, Run())
        job, phase = wire.current_job(self.printer), self.printer.phase
        heaters = [self.printer.machine.bed, *self.printer.machine.nozzles]
        heats = [max(each.reading(self.now), each.target) for each in heaters]
        left = max(0, int(str(job["total_time"])) - int(str(job["printed_time"])))
        run.samples.append(
            Sample(self.now, phase, int(str(job["printed_layer"])), left, max(heats))
        )

    @override
    def restart(self) -> None:
        """Restart Home Assistant, which may also crash."""
        crashed = self.rng.random() < 0.4
        if not crashed:
            self._store()
        self.steps.append(f"{self.now:.0f} crashed {crashed}")
        self.tracker = JobTracker(JobMemory.from_dict(self.stored))
        self.saved = self.tracker.memory
        self.moments = MomentTracker(self.tracker, self._pass)
        self.heaters = ()

    def _store(self) -> None:
        """Store what is known."""
        self.saved = self.tracker.memory
        self.stored = self.saved.as_dict()
        self.moments.unsaved = self.triggered = False

    @override
    def have_outage(self) -> None:
        """Let nobody poll for a while."""
        super().have_outage()
        self.polls_since = self.now

    @override
    def note_job(
        self, state: RunningState | None, report: JobReport, events: list[JobEvent]
    ) -> None:
        """Let the moments follow the job, and note what the poll has shown."""
        self._note_sight(state, report)
        self.moments.note_job(state, report, events)
        job = self.tracker.memory.job
        ends = (JobEventType.COMPLETED, JobEventType.STOPPED, JobEventType.FAILED)
        for event in events:
            run = self._run_of(event.job_id)
            tracked = job is not None and job.key == event.job_id
            if event.type in ends and tracked and run in self.runs:
                self.runs[run].seen_end_at = self.now
                self.runs[run].cool = None

    def _run_of(self, job_id: str) -> str:
        """Return the print that an id means, the newest one where there are none."""
        return job_id if self.kind.ids and job_id else self._run

    def _note_sight(self, state: RunningState | None, report: JobReport) -> None:
        """Note what a poll has shown of a job."""
        run = self.runs.get(self._run_of(report.job_id or ""))
        running = state is RunningState.RUNNING and report.state is JobState.RUNNING
        if run is None or report.elapsed is None:
            return
        known = report.total_layers is not None and report.printed_layers is not None
        layer = report.printed_layers if known and report.printed_layers else 0
        if report.elapsed and not known:
            layer = -1
        left = None if report.total is None else max(0, report.total - report.elapsed)
        since = max(self.now - SURE, self.polls_since)
        recent = run.recent(self.now - SURE)
        clear = (
            running
            and since == self.now - SURE
            and len(recent) >= SURE / STEP - 1
            and all(each.phase is Phase.RUNNING for each in recent)
            and recent[0].at <= self.now - SURE + STEP
        )
        job = self.tracker.memory.job
        followed = job is not None and job.phase.active and job.key == self._key
        run.sights.append(Sight(self.now, layer, left, clear, followed))

    @override
    def finish_poll(self, state: RunningState | None) -> None:
        """Let the moments follow the rest, and store what has to be stored."""
        if not self.heaters or self.rng.random() < 0.4:
            nozzles = [wire.nozzle(self.printer, number) for number in (1, 2)]
            if self.rng.random() < 0.1:
                # cannot be read
                nozzles = [{}, {}]
            self.heaters = (
                BasicInfo.from_dict(wire.basic(self.printer)),
                *map(NozzleInfo.from_dict, nozzles),
            )
            self._note_heat()
        uploading = self.rng.random() < 0.03
        self._note_free(state, uploading=uploading)
        self.moments.note_snapshot(state, self.heaters, uploading=uploading)
        memory = self.tracker.memory
        if self.triggered or self.moments.unsaved or memory != self.saved:
            self._store()

    def _note_heat(self) -> None:
        """Note what was read after the end of a print."""
        heats = [
            heat
            for each in self.heaters
            for heat in (each.temperature, each.target_temperature)
        ]
        run = self.runs.get(self._run)
        active = self.tracker.memory.job and self.tracker.memory.job.phase.active
        if run is None or run.seen_end_at is None or active or None in heats:
            return
        heat = max(heat for heat in heats if heat is not None)
        run.cool = heat if run.cool is None else min(run.cool, heat)

    def _note_free(self, state: RunningState | None, *, uploading: bool) -> None:
        """Note whether the printer is free for sure, or surely not."""
        job, run = self.tracker.memory.job, self.runs.get(self._run)
        if run is None or job is None or job.key != self._key:
            return
        if self.tracker.unresolved:
            return
        if run.occupied is None:
            run.occupied = state is not RunningState.IDLE or job.phase.active
        recent = run.recent(self.now - 400)
        idle = all(each.phase is Phase.IDLE for each in recent)
        long = recent and recent[0].at <= self.now - 400 + STEP
        polled = self.polls_since <= self.now - 400
        if run.occupied and idle and long and polled and not uploading:
            run.surely_free = True

    @property
    def _key(self) -> str:
        """How the tracker names the printer's job."""
        if self.kind.ids:
            return self._run
        return self.printer.job.file_name if self.kind.names else ""

    def _pass(self, moment: Moment) -> None:
        """Note each threshold that is passed."""
        run = self._run_of(moment.job_id)
        for threshold in sorted(self.thresholds[moment.type]):
            if moment.passes(threshold):
                self.triggered = True
                self.fired.append(Fired(self.now, moment.type, run, threshold))
                late = " late" if moment.late else ""
                self.steps.append(
                    f"{self.now:.0f}     {moment.type} {threshold} {run[-6:]}{late}"
                )

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with what has fired."""
        yield from self._twice()
        for fired in self.fired:
            run = self.runs.get(fired.run)
            if run is None or not self._happened(run, fired):
                yield f"invented: {fired}"
            elif _was_past(run, fired):
                yield f"past already: {fired}"
        done = {(each.type, each.run, each.threshold) for each in self.fired}
        for name, run in self.runs.items():
            for kind, thresholds in self.thresholds.items():
                for threshold in thresholds:
                    expected = _must_fire(run, kind, threshold)
                    if expected and (kind, name, threshold) not in done:
                        yield f"missed: {kind} {threshold} {name[-6:]}"

    def _twice(self) -> Iterator[str]:
        """Yield what has fired more often than a job may."""
        fired = Counter((each.type, each.run, each.threshold) for each in self.fired)
        for (kind, name, threshold), times in fired.items():
            replans = self.runs[name].replans if name in self.runs else 0
            again = replans if kind is MomentType.FINISHES_SOON else 0
            if times > 1 + again:
                yield f"{times} times: {kind} {threshold} {name[-6:]}"

    def _happened(self, run: Run, fired: Fired) -> bool:
        """Whether the printer's own course has what was reported."""
        before = [each for each in run.samples if each.at <= fired.at]
        recent = [each for each in before if each.at >= fired.at - LAG - 4 * STEP]
        match fired.type:
            case MomentType.REACHED_LAYER:
                return any(each.layer >= fired.threshold for each in before)
            case MomentType.FIRST_LAYER_FINISHED:
                return any(each.layer > 1 for each in before)
            case MomentType.FINISHES_SOON:
                going = (Phase.RUNNING, Phase.BUSY)
                return any(
                    each.phase in going and each.left <= fired.threshold
                    for each in recent
                )
            case MomentType.COOLED_DOWN:
                active = (Phase.RUNNING, Phase.PAUSED, Phase.BUSY)
                return any(
                    each.phase not in active and each.heat < fired.threshold
                    for each in before
                )
        return any(each.phase is Phase.IDLE for each in recent)


def _was_past(run: Run, fired: Fired) -> bool:
    """Whether the job had passed a threshold when it was first seen."""
    layers = [each.layer for each in run.sights if each.layer >= 0]
    lefts = [each.left for each in run.sights if each.left is not None]
    match fired.type:
        case MomentType.REACHED_LAYER:
            return bool(layers) and layers[0] > fired.threshold
        case MomentType.FIRST_LAYER_FINISHED:
            return bool(layers) and layers[0] > 1
        case MomentType.FINISHES_SOON:
            return bool(lefts) and max(lefts) < fired.threshold
    return False


def _must_fire(run: Run, kind: MomentType, threshold: float) -> bool:
    """Whether a threshold was passed in clear sight."""
    sights = [each for each in run.sights if each.clear]
    layers = [each.layer for each in sights if each.layer >= 0]
    lefts = [each.left for each in sights if each.left is not None]
    match kind:
        case MomentType.REACHED_LAYER:
            return _crosses(layers, threshold - 1)
        case MomentType.FIRST_LAYER_FINISHED:
            return _crosses(layers, 1)
        case MomentType.FINISHES_SOON:
            seen = [
                each.left
                for each in run.sights
                if each.left is not None and each.followed
            ]
            return bool(seen) and seen[0] > threshold >= min(lefts, default=seen[0])
        case MomentType.COOLED_DOWN:
            return run.cool is not None and run.cool < threshold
    return run.surely_free


def _crosses(values: list[int], limit: float) -> bool:
    """Whether a value is at most a limit, and a later one above it."""
    first = next((i for i, value in enumerate(values) if value <= limit), None)
    return first is not None and any(value > limit for value in values[first:])


if __name__ == "__main__":
    sys.exit(main(MomentCourse, MomentCourse.faults, *sys.argv[1:]) > 0)
