"""The moments of a job that automations react to, each of them reported once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from ..api import BasicInfo, JobReport, JobState, NozzleInfo, RunningState
from ..const import FINISH_TIME_TOLERANCE
from .marks import HOTTEST, Marks
from .models import JobEvent, JobEventType, JobPhase, TrackedJob
from .progress import display_name
from .relation import LAG
from .tracker import JobTracker

# Seconds. An estimate that rises by more is another plan, by less the same one.
_REARM_AFTER = 2 * FINISH_TIME_TOLERANCE.total_seconds()
# The count names the layer that is being printed: at 2, the first one is finished.
_SECOND_LAYER = 2
# States in which a job may go on; None is a state that is not known.
_GOING_ON = (RunningState.RUNNING, RunningState.PAUSED, RunningState.BUSY, None)

type Heaters = tuple[BasicInfo | NozzleInfo, ...]


class MomentType(StrEnum):
    """What an automation can wait for."""

    FINISHES_SOON = "finishes_soon"
    FIRST_LAYER_FINISHED = "first_layer_finished"
    REACHED_LAYER = "reached_layer"
    COOLED_DOWN = "cooled_down"
    BECAME_FREE = "became_free"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A move of a mark; a trigger fires if it passes the threshold of this trigger."""

    type: MomentType
    job_id: str = field(repr=False)
    """The file's name where a printer sends no id; empty where it sends neither."""
    file_name: str | None = field(repr=False)
    late: bool
    """Whether it was found out after a restart or an outage."""
    before: float = 0
    now: float = 0
    """Layer, seconds left or degrees Celsius."""
    total_layers: int | None = None
    finish_at: datetime | None = None

    def passes(self, threshold: float) -> bool:
        """Whether a threshold lies between the mark before and the one now."""
        match self.type:
            case MomentType.FINISHES_SOON:
                return self.now <= threshold < self.before
            case MomentType.REACHED_LAYER:
                return self.before < threshold <= self.now
            case MomentType.COOLED_DOWN:
                return self.now < threshold <= self.before
        return True


class MomentTracker:
    """Moves the marks of the tracked job with each poll, and reports what they pass.

    A mark only moves on, so that a job passes no threshold twice. The first sight of a
    job sets its marks: what it had passed before is not reported.
    """

    def __init__(self, tracker: JobTracker, report: Callable[[Moment], None]) -> None:
        """Follow the job of a tracker."""
        self.unsaved = False
        """Whether the marks have to be stored; progress alone is no reason."""
        self._tracker = tracker
        self._report = report
        # what the next poll shows of these may have happened in an outage
        self._late: set[MomentType] = set()
        self._heaters: Heaters = ()
        self._stale: Heaters = ()
        self._elapsed = ("", 0)

    @property
    def heat(self) -> float | None:
        """The lowest heat after a print, None where no cool-down is followed."""
        job = self._tracker.memory.job
        return None if job is None or job.phase.active else job.marks.heat

    def mark_unsaved(self) -> None:
        """Have the marks stored: what has been passed must not be passed again."""
        self.unsaved = True

    def note_job(
        self,
        state: RunningState | None,
        report: JobReport,
        events: Sequence[JobEvent],
    ) -> None:
        """Process what a poll has shown of the job, after the tracker has."""
        job = self._tracker.memory.job
        if job is None:
            return
        if self._tracker.late:
            self._late.update(MomentType)
        if not job.phase.active:
            self._note_end(job, report, events)
            self._late -= {MomentType.FINISHES_SOON, MomentType.REACHED_LAYER}
        elif state in _GOING_ON and job.is_named_by(report):
            paused = (
                job.phase is JobPhase.PAUSED
                or state is RunningState.PAUSED
                or report.state is JobState.PAUSED
            )
            # what fell into an outage waits until the print goes on
            if not paused or MomentType.REACHED_LAYER not in self._late:
                job = self._reach_layer(job, report)
            self._count_down(job, report, paused=paused)

    def note_snapshot(
        self, state: RunningState | None, heaters: Heaters, *, uploading: bool
    ) -> None:
        """Process what a poll has shown beside the job."""
        job = self._tracker.memory.job
        if job is not None:
            job = self._cool_down(job, heaters)
            decided = not self._tracker.unresolved and not uploading
            if job.phase.active or decided:
                idle = state is RunningState.IDLE
                self._become_free(job, free=idle and not job.phase.active)
        self._heaters = heaters

    def _note_end(
        self, job: TrackedJob, report: JobReport, events: Sequence[JobEvent]
    ) -> None:
        """Follow the cool-down from the end on, and count the last layers."""
        names = (job.key, job.file_name, "")
        ends = [each for each in events if each.type.is_end and each.job_id in names]
        if not ends:
            return
        # what was read before the end is no sign of a cool-down
        self._stale = self._heaters
        if job.marks.heat is None:
            job = self._keep(job, replace(job.marks, heat=HOTTEST))
        if (
            ends[-1].type is JobEventType.COMPLETED
            and MomentType.REACHED_LAYER not in self._late
            and job.marks.layer is not None
            and job.is_named_by(report)
        ):
            self._reach_layer(job, report)

    def _reach_layer(self, job: TrackedJob, report: JobReport) -> TrackedJob:
        """Move the mark up to the layer that is being printed."""
        layer, mark = current_layer(report), job.marks.layer
        if layer is None:
            return job
        # at first sight, only the layer that is being printed is reached
        before = layer - 1 if mark is None else mark
        if layer > max(before, 0):
            moment = self._moment(MomentType.REACHED_LAYER, job, before, layer)
            moment = replace(moment, total_layers=report.total_layers)
            if mark is not None and mark < _SECOND_LAYER <= layer:
                self._report(replace(moment, type=MomentType.FIRST_LAYER_FINISHED))
            self._report(moment)
        self._late.discard(MomentType.REACHED_LAYER)
        return self._keep(job, replace(job.marks, layer=max(layer, mark or 0)))

    def _count_down(self, job: TrackedJob, report: JobReport, *, paused: bool) -> None:
        """Move the mark down to the seconds left, or back where the plan has moved.

        A pause does not count down, but a job may be first seen in one.
        """
        mark, (key, newest) = job.marks.left, self._elapsed
        if report.total is None or report.elapsed is None:
            return
        # an answer that lags may still have the plan before
        lags = key == job.key and 0 < newest - report.elapsed <= LAG
        # nothing printed is no plan that has moved back
        if lags or (mark is not None and (paused or not report.elapsed)):
            return
        self._elapsed = (job.key, report.elapsed)
        left = max(0, report.total - report.elapsed)
        # at first sight, only a threshold of exactly what is left is reached
        before = left + 1 if mark is None else mark
        left = before if paused else left
        if left < before:
            moment = self._moment(MomentType.FINISHES_SOON, job, before, left)
            active = self._tracker.job
            finish_at = active.finish_at if active else None
            self._report(replace(moment, finish_at=finish_at))
        self._late.discard(MomentType.FINISHES_SOON)
        moved_back = left > before + _REARM_AFTER
        self.unsaved |= moved_back
        left = left if moved_back else min(left, before)
        self._keep(job, replace(job.marks, left=left))

    def _cool_down(self, job: TrackedJob, heaters: Heaters) -> TrackedJob:
        """Move the mark down to the hottest part."""
        mark, heat = self.heat, hottest(heaters)
        if mark is not None:
            if heat is None or any(
                now is old for now in heaters for old in self._stale
            ):
                return job
            if heat < mark:
                self._report(self._moment(MomentType.COOLED_DOWN, job, mark, heat))
                job = self._keep(job, replace(job.marks, heat=heat))
        self._late.discard(MomentType.COOLED_DOWN)
        return job

    def _become_free(self, job: TrackedJob, *, free: bool) -> None:
        """Move the mark from not free to free, which is final for a job."""
        mark = job.marks.free
        if job.phase.active and job.marks.heat is None:
            # it was free before this job was printed, not after it
            mark = None
        if free and mark is False:
            self._report(self._moment(MomentType.BECAME_FREE, job))
        self._late.discard(MomentType.BECAME_FREE)
        self._keep(job, replace(job.marks, free=mark or free))

    def _moment(
        self, kind: MomentType, job: TrackedJob, before: float = 0, now: float = 0
    ) -> Moment:
        """Return a moment of the job."""
        return Moment(
            type=kind,
            job_id=job.key,
            file_name=display_name(job.file_name),
            late=kind in self._late,
            before=before,
            now=now,
        )

    def _keep(self, job: TrackedJob, marks: Marks) -> TrackedJob:
        """Return the job with its new marks, which are kept."""
        self.unsaved |= marks.known != job.marks.known
        job = replace(job, marks=marks)
        self._tracker.memory = replace(self._tracker.memory, job=job)
        return job


def current_layer(report: JobReport) -> int | None:
    """Return the layer being printed, 0 before the first, None where unknown."""
    layer, total = report.printed_layers, report.total_layers
    if report.elapsed == 0 and not layer:
        return 0
    if not report.elapsed or layer is None or total is None:
        return None
    return layer if layer <= total else None


def hottest(heaters: Heaters) -> float | None:
    """Return the hottest temperature or target, None where one is not known."""
    heats: list[float] = []
    for heater in heaters:
        if heater.temperature is None or heater.target_temperature is None:
            return None
        heats += (heater.temperature, heater.target_temperature)
    return max(heats, default=None)
