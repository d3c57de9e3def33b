"""The print job and what happens to it; no Home Assistant, no I/O."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from .api import HistoryEntry, JobReport, JobState, RunningState
from .print_job import ActiveJob, describe, display_name

# In place of a job's id: not empty, because that is a history without jobs.
_UNTOLD = "untold"


class JobEventType(StrEnum):
    """What can happen to a job."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    COMPLETED = "completed"
    STOPPED = "stopped"
    FAILED = "failed"


class JobPhase(StrEnum):
    """How far the job has come."""

    PRINTING = "printing"
    PAUSED = "paused"
    COMPLETED = "completed"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def live(self) -> bool:
        """Whether the job still goes on."""
        return self in (JobPhase.PRINTING, JobPhase.PAUSED)


# What the printer says of a job, in the words of the job; all other states say nothing.
_PHASES = {
    RunningState.RUNNING: JobPhase.PRINTING,
    RunningState.PAUSED: JobPhase.PAUSED,
    RunningState.COMPLETED: JobPhase.COMPLETED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEvent:
    """Something that happened to a job, told once."""

    type: JobEventType
    job_id: str = field(repr=False)
    file_name: str | None = field(repr=False)
    duration: int | None = None
    """Seconds printed so far."""
    estimated_duration: int | None = None
    """Seconds."""
    progress: float | None = None
    """Percent of the file."""
    layers: int | None = None
    """Layers printed so far."""
    late: bool = False
    """Whether it was learnt after a restart or an outage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedJob:
    """What has to outlive a restart so that nothing is told twice."""

    key: str = field(repr=False)
    """The job's id; the file's name where a printer sends no id; empty for none."""
    phase: JobPhase
    file_name: str | None = field(default=None, repr=False)
    started_at: datetime | None = None
    previous: str = field(default="", repr=False)
    """Key of the job before, which an answer that comes late may still name."""
    completed: str | None = field(default=None, repr=False)
    """Newest job of the printer's history that is known; empty where that is empty."""

    def as_dict(self) -> dict[str, str | None]:
        """Return what can be stored as JSON."""
        return {
            "key": self.key,
            "phase": self.phase.value,
            "file_name": self.file_name,
            "started_at": self.started_at.isoformat() if self.started_at else None,
            "previous": self.previous,
            "completed": self.completed,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, str | None]) -> Self:
        """Read what was stored; raises ValueError where that is damaged."""
        try:
            started_at = data["started_at"]
            return cls(
                key=str(data["key"]),
                phase=JobPhase(str(data["phase"])),
                file_name=data["file_name"],
                started_at=datetime.fromisoformat(started_at) if started_at else None,
                previous=str(data["previous"]),
                completed=data["completed"],
            )
        except (KeyError, TypeError) as err:
            raise ValueError(err) from None


class JobTracker:
    """Follows the jobs of one printer, and tells each thing that happens once.

    Success is never concluded from percent: only the printer's word or the printer's
    history makes a job completed.
    """

    def __init__(self, seen: TrackedJob | None = None) -> None:
        """Go on from what was seen before; without that, the first look tells none."""
        self.seen = seen
        self.job: ActiveJob | None = None
        self._last: JobReport | None = None
        self._revived = False
        self._gap = True

    def note_gap(self) -> None:
        """Take the next look for one after an outage: what it tells is old."""
        self._gap = True

    @property
    def needs_first_history(self) -> bool:
        """Whether it is not yet known what the printer had printed before our time."""
        return self.seen is not None and self.seen.completed is None

    def give_up_history(self) -> None:
        """Go on without the history: this printer does not tell it."""
        if self.needs_first_history and self.seen is not None:
            self.seen = replace(self.seen, completed=_UNTOLD)

    def needs_history(self, state: RunningState | None, current: JobReport) -> bool:
        """Whether only the printer's history can tell what became of a job."""
        seen = self.seen
        if seen is None or state in (RunningState.BUSY, None):
            return False
        if state is RunningState.ERROR:
            # it may have been completed between two looks, and then failed
            return seen.phase.live
        key = _key(current)
        if seen.phase.live and key == seen.key:
            ended = state is RunningState.IDLE
            needed = ended and current.state is not JobState.COMPLETED
        elif seen.phase.live:
            needed = not key or key != seen.previous
        elif key in ("", seen.key, seen.previous):
            # The same job as before: only a gap can hide that it was taken up again,
            # or that others came and went.
            completed = seen.phase is JobPhase.COMPLETED
            needed = self._gap and not (completed and key == seen.key)
        else:
            needed = self._gap or state is not RunningState.RUNNING
        return needed or seen.completed is None

    def update(
        self,
        state: RunningState | None,
        current: JobReport,
        now: datetime,
        history: Sequence[HistoryEntry] | None = None,
    ) -> list[JobEvent]:
        """Take in one look at the printer and return what has happened.

        `history` is the newest part of the printer's, oldest first, where
        `needs_history` asked for it and it could be read.
        """
        events = []
        if self.seen is None:
            self._begin(state, current)
        else:
            events = [
                replace(event, late=self._gap)
                for event in self._events(self.seen, state, current, history or ())
            ]
        if self.seen is not None and self.needs_first_history and history is not None:
            newest = history[-1].job_id if history else ""
            self.seen = replace(self.seen, completed=newest)
        if state is RunningState.IDLE or state in _PHASES:
            self._gap = False
        if self.seen is not None and _key(current) == self.seen.key:
            self._last = current
        self.job = self._describe(state, current, now)
        return events

    def _begin(self, state: RunningState | None, current: JobReport) -> None:
        """Take the first look ever as it is: all this happened before our time."""
        if state is RunningState.IDLE:
            self._remember(current, JobPhase.STOPPED)
        elif state in _PHASES:
            self._remember(current, _PHASES[state])

    def _events(
        self,
        seen: TrackedJob,
        state: RunningState | None,
        current: JobReport,
        history: Sequence[HistoryEntry],
    ) -> Iterator[JobEvent]:
        """Compare what was seen with what is."""
        key = _key(current) or (seen.key if seen.phase.live else "")
        same = key == seen.key
        says_completed = same and current.state is JobState.COMPLETED
        if state is RunningState.ERROR:
            if seen.phase.live and seen.key in [record.job_id for record in history]:
                yield from self._complete(seen, current)
            elif seen.phase.live and same:
                yield self._tell(seen, JobEventType.FAILED, JobPhase.FAILED, current)
        elif state is RunningState.IDLE:
            self._revived = False
            yield from self._settle(seen, current, history, completed=says_completed)
            if _key(current) and not same:
                self._remember(current, JobPhase.STOPPED)
        elif state not in _PHASES:
            # Busy, or a word that is not known yet: never the end of a job, unless
            # the job itself says so.
            if seen.phase.live and says_completed:
                yield from self._complete(seen, current)
        elif same:
            phase = JobPhase.COMPLETED if says_completed else _PHASES[state]
            yield from self._go_on(seen, phase, current)
        elif key != seen.previous:
            yield from self._change(seen, _PHASES[state], current, history)

    def _settle(
        self,
        seen: TrackedJob,
        current: JobReport,
        history: Sequence[HistoryEntry],
        *,
        completed: bool = False,
    ) -> Iterator[JobEvent]:
        """End a job that has ended unseen, and tell those that ran unseen after it."""
        if seen.phase.live:
            if completed or seen.key in [record.job_id for record in history]:
                yield from self._complete(seen, current)
            else:
                yield self._tell(seen, JobEventType.STOPPED, JobPhase.STOPPED, current)
        for record in _unknown(seen, current, history):
            if record.job_id == seen.key:
                if seen.phase.live:
                    continue
                begun, kind = seen, JobEventType.RESUMED
            else:
                begun = self._remember(record, JobPhase.PRINTING)
                kind = JobEventType.STARTED
            yield self._tell(begun, kind, JobPhase.PRINTING, current)
            yield from self._complete(begun, current)
        if history and self.seen is not None:
            # only here: a look that settles nothing leaves all of it to be told
            self.seen = replace(self.seen, completed=history[-1].job_id)

    def _go_on(
        self, seen: TrackedJob, phase: JobPhase, current: JobReport
    ) -> Iterator[JobEvent]:
        """Follow the job that was there before."""
        if phase is seen.phase or seen.phase is JobPhase.COMPLETED:
            return
        if not seen.phase.live:
            # A print that a power failure ended can be taken up again. One look
            # could also be an old answer, so it takes two.
            self._revived = not self._revived
            if self._revived and phase is not JobPhase.COMPLETED:
                return
            self._revived = False
            yield self._tell(seen, JobEventType.RESUMED, JobPhase.PRINTING, current)
            if phase is JobPhase.PRINTING:
                return
        if phase is JobPhase.COMPLETED:
            yield from self._complete(seen, current)
        elif phase is JobPhase.PAUSED:
            yield self._tell(seen, JobEventType.PAUSED, phase, current)
        else:
            yield self._tell(seen, JobEventType.RESUMED, phase, current)

    def _complete(self, seen: TrackedJob, current: JobReport) -> Iterator[JobEvent]:
        """Complete a job; a paused one has gone on unseen before that."""
        if seen.phase is JobPhase.PAUSED:
            yield self._tell(seen, JobEventType.RESUMED, JobPhase.PRINTING, current)
        yield self._tell(seen, JobEventType.COMPLETED, JobPhase.COMPLETED, current)

    def _change(
        self,
        seen: TrackedJob,
        phase: JobPhase,
        current: JobReport,
        history: Sequence[HistoryEntry],
    ) -> Iterator[JobEvent]:
        """End the job that was there before, then begin with the one that is."""
        key = _key(current)
        if phase is JobPhase.COMPLETED and not (
            current.state is JobState.COMPLETED
            or key in [record.job_id for record in history]
        ):
            # The view may belong to the job before, which ends as soon as it is gone.
            return
        before = [record for record in history if record.job_id != key]
        yield from self._settle(seen, current, before)
        started = self._remember(current, JobPhase.PRINTING)
        yield self._tell(started, JobEventType.STARTED, started.phase, current)
        if phase is JobPhase.PAUSED:
            yield self._tell(started, JobEventType.PAUSED, phase, current)
        elif phase is JobPhase.COMPLETED:
            yield from self._complete(started, current)

    def _remember(self, job: JobReport | HistoryEntry, phase: JobPhase) -> TrackedJob:
        """Turn to another job."""
        self._last = None
        self._revived = False
        self.seen = TrackedJob(
            key=_key(job),
            phase=phase,
            file_name=job.file_name,
            previous=self.seen.key if self.seen else "",
            completed=self.seen.completed if self.seen else None,
        )
        return self.seen

    def _tell(
        self, seen: TrackedJob, kind: JobEventType, phase: JobPhase, current: JobReport
    ) -> JobEvent:
        """Note that a job has come to a phase, and return the event."""
        self.seen = replace(
            seen,
            phase=phase,
            completed=seen.key if phase is JobPhase.COMPLETED else seen.completed,
        )
        facts = self._last
        if _key(current) == seen.key and current.elapsed:
            facts = current
        return JobEvent(
            type=kind,
            job_id=seen.key,
            file_name=display_name(seen.file_name),
            duration=facts.elapsed if facts else None,
            estimated_duration=facts.total if facts else None,
            progress=facts.progress if facts else None,
            layers=facts.printed_layers if facts else None,
        )

    def _describe(
        self, state: RunningState | None, current: JobReport, now: datetime
    ) -> ActiveJob | None:
        """Return the job as it stands, None where there is none."""
        if not self._is_real(state, current):
            return None
        return describe(
            state, current, self.job, started_at=self._started_at(current, now), now=now
        )

    def _is_real(self, state: RunningState | None, current: JobReport) -> bool:
        """Tell a job from the old name that an idle printer keeps.

        Busy, error and words that are not known yet say nothing about a job: then it
        is the one that was there before, or one that has visibly been printed on.
        """
        if state is RunningState.IDLE:
            return False
        if state in _PHASES or current.elapsed:
            return True
        seen = self.seen
        if seen is None or seen.key != _key(current):
            return False
        failed = seen.phase is JobPhase.FAILED and state is RunningState.ERROR
        return seen.phase.live or failed

    def _started_at(self, current: JobReport, now: datetime) -> datetime | None:
        """Return when the job began; a pause later does not move that."""
        seen = self.seen
        if seen is None or seen.key != _key(current) or current.elapsed is None:
            return None
        if seen.started_at is None:
            started_at = now - timedelta(seconds=current.elapsed)
            self.seen = replace(seen, started_at=started_at.replace(microsecond=0))
        return self.seen.started_at if self.seen else None


def _key(job: JobReport | HistoryEntry) -> str:
    """Return what tells one job from another, empty where nothing does."""
    return job.job_id or job.file_name or ""


def _unknown(
    seen: TrackedJob, current: JobReport, history: Sequence[HistoryEntry]
) -> Sequence[HistoryEntry]:
    """Return the jobs of the history that are news."""
    ids = [record.job_id for record in history]
    if seen.completed == "":
        return history
    if seen.completed in ids:
        return history[ids.index(seen.completed) + 1 :]
    # No telling how far back to look: only the job that the printer still names is
    # certain to be news.
    return [record for record in history if record.job_id == _key(current)]
