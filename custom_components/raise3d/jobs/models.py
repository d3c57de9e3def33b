"""What is known of a printer's jobs, and what is reported of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from ..api import HistoryBookmark, HistoryEntry, JobReport

# Jobs that an answer may still name after they have ended; one would do for a lag.
_MAX_RECENT = 16


class JobEventType(StrEnum):
    """What can happen to a job."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    COMPLETED = "completed"
    STOPPED = "stopped"
    FAILED = "failed"


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
    late: bool = False
    """Whether it was found out after a restart or an outage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedJob:
    """The newest job that the printer has named."""

    job_id: str | None = field(repr=False)
    file_name: str | None = field(repr=False)
    phase: JobPhase
    certain: bool = False
    """Whether the printer itself has said how the job ended."""
    elapsed: int | None = None
    """Seconds printed when the phase began: without an id, less is another job."""
    started_at: datetime | None = None

    @property
    def key(self) -> str:
        """What tells it from other jobs, empty where nothing does."""
        return self.job_id or self.file_name or ""

    @classmethod
    def named_by(cls, job: JobReport | HistoryEntry, phase: JobPhase) -> Self:
        """Return the job of an answer."""
        return cls(job_id=job.job_id, file_name=job.file_name, phase=phase)


@dataclass(frozen=True, slots=True)
class HistoryUnread:
    """The printer's history has not been read yet."""


@dataclass(frozen=True, slots=True)
class HistoryEmpty:
    """The history was empty: a new printer's, or it was not ready to be read."""

    since: datetime
    bookmark: HistoryBookmark


@dataclass(frozen=True, slots=True)
class HistoryKnown:
    """All that the history held when it was last read is known."""

    bookmark: HistoryBookmark


type HistoryCursor = HistoryUnread | HistoryEmpty | HistoryKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMemory:
    """What has to outlive a restart, so that nothing is reported twice or lost."""

    job: TrackedJob | None = None
    cursor: HistoryCursor = HistoryUnread()
    recent: tuple[str, ...] = field(default=(), repr=False)
    """Ids of the jobs before, which a late answer may still name."""
    polled_at: datetime | None = field(default=None, compare=False)
    """When the printer last said clearly what it does."""

    def turn_to(self, job: TrackedJob) -> Self:
        """Return the memory with another job; the one before is still known."""
        before = self.job.job_id if self.job else None
        recent = (*self.recent, before) if before else self.recent
        return replace(self, job=job, recent=recent[-_MAX_RECENT:])

    def as_dict(self) -> dict[str, object]:
        """Return what can be stored as JSON."""
        job = self.job
        return {
            "job": job
            and {
                "job_id": job.job_id,
                "file_name": job.file_name,
                "phase": job.phase.value,
                "certain": job.certain,
                "elapsed": job.elapsed,
                "started_at": _stored_time(job.started_at),
            },
            "history": _cursor_as_dict(self.cursor),
            "recent": list(self.recent),
            "polled_at": _stored_time(self.polled_at),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what was stored; raises ValueError where that is damaged."""
        try:
            recent = data["recent"]
            return cls(
                job=_job_from_dict(data["job"]),
                cursor=_cursor_from_dict(data["history"]),
                recent=tuple(map(str, recent if isinstance(recent, list) else ())),
                polled_at=_read_time(data["polled_at"]),
            )
        except (KeyError, TypeError) as err:
            raise ValueError(err) from None


def _job_from_dict(data: object) -> TrackedJob | None:
    """Read a job that was stored."""
    if data is None:
        return None
    stored = _mapping(data)
    elapsed = stored["elapsed"]
    return TrackedJob(
        job_id=_read_text(stored["job_id"]),
        file_name=_read_text(stored["file_name"]),
        phase=JobPhase(str(stored["phase"])),
        certain=stored["certain"] is True,
        elapsed=elapsed if isinstance(elapsed, int) else None,
        started_at=_read_time(stored["started_at"]),
    )


def _cursor_as_dict(cursor: HistoryCursor) -> dict[str, object]:
    """Return a cursor as it is stored."""
    match cursor:
        case HistoryUnread():
            return {}
        case HistoryEmpty(since, bookmark):
            return {"empty_since": since.isoformat(), "bookmark": bookmark.as_dict()}
        case HistoryKnown(bookmark):
            return {"bookmark": bookmark.as_dict()}


def _cursor_from_dict(data: object) -> HistoryCursor:
    """Read a cursor that was stored."""
    stored = _mapping(data)
    if "bookmark" not in stored:
        return HistoryUnread()
    bookmark = HistoryBookmark.from_dict(_mapping(stored["bookmark"]))
    since = _read_time(stored.get("empty_since"))
    return HistoryEmpty(since, bookmark) if since else HistoryKnown(bookmark)


def _mapping(value: object) -> Mapping[str, object]:
    """Return a value that has to be a mapping."""
    if not isinstance(value, Mapping):
        msg = "not a mapping"
        raise TypeError(msg)
    return value


def _read_text(value: object) -> str | None:
    """Return a text, None for anything else."""
    return value if isinstance(value, str) else None


def _stored_time(value: datetime | None) -> str | None:
    """Return a time as it is stored."""
    return value.isoformat() if value else None


def _read_time(value: object) -> datetime | None:
    """Read a time; raises ValueError where it is none."""
    return datetime.fromisoformat(value) if isinstance(value, str) else None
