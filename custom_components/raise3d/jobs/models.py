"""The job that is tracked, its events, and what is stored of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from ..api import HistoryEnd, HistoryEntry, JobReport
from .cursor import (
    HistoryCursor,
    HistoryUnread,
    advance,
    cursor_as_dict,
    cursor_from_dict,
    with_known,
)
from .marks import Marks
from .stored import format_time, read_mapping, read_str, read_time

# Previous jobs that an answer may still name; for a lag, one would be enough.
_MAX_RECENT = 16


class JobEventType(StrEnum):
    """What can happen to a job."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    COMPLETED = "completed"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def is_end(self) -> bool:
        """Whether the job goes on no more, unless it is recovered."""
        return self in (
            JobEventType.COMPLETED,
            JobEventType.STOPPED,
            JobEventType.FAILED,
        )


class JobPhase(StrEnum):
    """How far a job has come."""

    NAMED = "named"
    """The printer names it, but has not been seen to print it."""
    PRINTING = "printing"
    PAUSED = "paused"
    COMPLETED = "completed"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def active(self) -> bool:
        """Whether the job still goes on."""
        return self in (JobPhase.PRINTING, JobPhase.PAUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEvent:
    """Something that happened to a job, reported once."""

    type: JobEventType
    job_id: str = field(repr=False)
    """The file's name where a printer sends no id; empty where it sends neither."""
    file_name: str | None = field(repr=False)
    duration: int | None = None
    """Seconds printed so far."""
    estimated_duration: int | None = None
    """Seconds."""
    progress: float | None = None
    """Percent of the file."""
    layers: int | None = None
    """Layers printed so far."""
    started_at: datetime | None = None
    """When the printer began with it, the same in each of its events."""
    late: bool = False
    """Whether it was found out after a restart or an outage."""
    path: str | None = field(default=None, repr=False, compare=False)
    """The file with all its folders."""
    at: datetime | None = field(default=None, compare=False)
    """When the poll found it out."""
    polled_before: datetime | None = field(default=None, compare=False)
    """When a poll before had last said clearly what the printer does."""

    @property
    def identified(self) -> bool:
        """Whether the printer sends an id, for which the name of the file stands in."""
        return self.job_id not in ("", self.path, self.file_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedJob:
    """The newest job that the printer has named."""

    job_id: str | None = field(repr=False)
    file_name: str | None = field(repr=False)
    phase: JobPhase
    final: bool = False
    """Whether the history cannot change how it ended, see `Verdict`."""
    elapsed: int | None = None
    """Seconds printed when the phase began. Without an id, fewer mean another job."""
    started_at: datetime | None = None
    reported: bool = field(default=False, compare=False)
    """Whether there was an event of it: what was before the first poll is none."""
    marks: Marks = field(default_factory=Marks, compare=False)
    """What has been reported of it beside its events."""

    @property
    def key(self) -> str:
        """What distinguishes it from other jobs, empty where nothing does."""
        return self.job_id or self.file_name or ""

    @property
    def is_resolved(self) -> bool:
        """Whether the history can say nothing new about it."""
        return self.final or self.phase is JobPhase.COMPLETED

    def is_named_by(self, report: JobReport) -> bool:
        """Whether an answer names this job, by its id or else its file."""
        return self.key == (report.job_id or report.file_name or "")

    def is_same_as(self, report: JobReport) -> bool:
        """Whether id and file of an answer are this job's."""
        return (self.job_id, self.file_name) == (report.job_id, report.file_name)

    def with_start(self, report: JobReport, now: datetime) -> Self:
        """Return the job with the time of its start, which a later pause keeps."""
        if self.started_at is not None or report.elapsed is None:
            return self
        began = (now - timedelta(seconds=report.elapsed)).replace(microsecond=0)
        return replace(self, started_at=began)

    @classmethod
    def named_by(cls, job: JobReport | HistoryEntry) -> Self:
        """Return the job of an answer, which has not been seen to print."""
        return cls(job_id=job.job_id, file_name=job.file_name, phase=JobPhase.NAMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMemory:
    """What has to outlive a restart, so that nothing is reported twice or lost."""

    job: TrackedJob | None = None
    cursor: HistoryCursor = field(default_factory=HistoryUnread)
    recent: tuple[str, ...] = field(default=(), repr=False)
    """Ids of previous jobs, which an answer that lags may still name."""
    polled_at: datetime | None = field(default=None, compare=False)
    """When the printer last said clearly what it does."""

    def seconds_since_poll(self, now: datetime) -> float:
        """Return for how long nobody has polled, 0 where that is not known."""
        since = self.polled_at
        return max(0.0, (now - since).total_seconds()) if since else 0.0

    def after_poll(self, now: datetime, *, clear: bool) -> Self:
        """Return the memory with the time of a poll, where its state was clear."""
        if self.job is None or not (clear or self.polled_at is None):
            return self
        return replace(self, polled_at=now)

    def with_job(self, job: TrackedJob) -> Self:
        """Return the memory with another job; the id of the previous one is kept."""
        before = self.job.job_id if self.job else None
        if self.job is not None:
            job = replace(job, marks=self.job.marks.for_next_job())
        left = before if before != job.job_id else None
        recent = (*self.recent, left) if left else self.recent
        return replace(self, job=job, recent=recent[-_MAX_RECENT:])

    def with_details(self, report: JobReport) -> Self:
        """Return the memory with the id and the file that an answer adds to the job."""
        if self.job is None:
            return self
        job = replace(
            self.job,
            job_id=report.job_id or self.job.job_id,
            file_name=report.file_name or self.job.file_name,
        )
        return replace(self, job=job)

    def after_history(
        self, history: HistoryEnd, now: datetime, *, undecided: bool, judged: bool
    ) -> Self:
        """Return the memory after the history was read, see `cursor.advance`."""
        cursor = advance(self.cursor, history, now, undecided=undecided, judged=judged)
        return replace(self, cursor=cursor).with_phase_of(self.job)

    def with_phase_of(self, job: TrackedJob | None) -> Self:
        """Return the memory with a job as it is now, for the history too."""
        memory = replace(self, job=job)
        if job and job.job_id and job.is_resolved:
            return memory.with_known(job.job_id)
        return memory

    def with_unseen(self, job_id: str) -> Self:
        """Return the memory with a job that only the history holds."""
        memory = replace(self, recent=(*self.recent, job_id))
        return memory.with_known(job_id)

    def with_known(self, job_id: str) -> Self:
        """Return the memory with a job that is not new to the history any more."""
        return replace(self, cursor=with_known(self.cursor, job_id))

    def as_dict(self) -> dict[str, object]:
        """Return what can be stored as JSON."""
        job = self.job
        return {
            "job": job
            and {
                "job_id": job.job_id,
                "file_name": job.file_name,
                "phase": job.phase.value,
                "certain": job.final,
                "elapsed": job.elapsed,
                "started_at": format_time(job.started_at),
                "reported": job.reported,
                "marks": job.marks.as_dict(),
            },
            "history": cursor_as_dict(self.cursor),
            "recent": list(self.recent),
            "polled_at": format_time(self.polled_at),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what was stored; raises ValueError where that is damaged."""
        try:
            recent = data["recent"]
            return cls(
                job=_job_from_dict(data["job"]),
                cursor=cursor_from_dict(data["history"]),
                recent=tuple(map(str, recent if isinstance(recent, list) else ())),
                polled_at=read_time(data["polled_at"]),
            )
        except (KeyError, TypeError) as err:
            raise ValueError(err) from None


def _job_from_dict(data: object) -> TrackedJob | None:
    """Read a job that was stored."""
    if data is None:
        return None
    stored = read_mapping(data)
    elapsed = stored["elapsed"]
    return TrackedJob(
        job_id=read_str(stored["job_id"]),
        file_name=read_str(stored["file_name"]),
        phase=JobPhase(str(stored["phase"])),
        final=stored["certain"] is True,
        elapsed=elapsed if isinstance(elapsed, int) else None,
        started_at=read_time(stored["started_at"]),
        reported=stored.get("reported") is True,
        marks=Marks.from_dict(stored.get("marks")),
    )
