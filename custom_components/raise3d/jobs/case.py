"""What a poll is judged by, and what the judgement is."""

from dataclasses import dataclass, field
from datetime import datetime

from ..api import HistoryEnd, HistoryEntry, JobReport, RunningState
from .models import JobMemory, JobPhase
from .relation import LAG, Relation

# The states that say what becomes of a job: all but busy, error and unknown words.
CLEAR_STATES = (
    RunningState.RUNNING,
    RunningState.PAUSED,
    RunningState.COMPLETED,
    RunningState.IDLE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One answer of each endpoint that says something of a job."""

    state: RunningState | None
    """None for a word that is not known."""
    report: JobReport
    at: datetime
    before: RunningState | None = None
    """The state at the poll before."""
    blind: float = 0.0
    """Seconds since it was last clear what the printer does."""
    late: bool = False
    """Whether it is the first after a restart or an outage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A job has come to a phase."""

    job: JobReport | HistoryEntry | None
    """A job that is new; None for the one that is tracked."""
    phase: JobPhase
    certain: bool = False
    silent: bool = False
    """Whether it happened before the printer was known, which is no event."""


def is_within_lag(since: datetime | None, now: datetime) -> bool:
    """Whether that is so recent; never for a time before the clock was set back."""
    return since is not None and 0 <= (now - since).total_seconds() <= LAG


class Claims:
    """What answers claim, and since when: what only lags does not last."""

    def __init__(self, now: datetime, before: dict[str, datetime]) -> None:
        """Take the claims of the poll before."""
        self.since: dict[str, datetime] = {}
        self._now = now
        self._before = before

    def hold(self, claim: str, seconds: float = LAG) -> bool:
        """Whether a claim has been made at each poll for longer than that."""
        # a clock that is set back makes no claim last longer
        since = min(self._before.get(claim, self._now), self._now)
        self.since[claim] = since
        return (self._now - since).total_seconds() > seconds


@dataclass(slots=True)
class Judgement:
    """What one poll says."""

    relation: Relation
    verdicts: list[Verdict] = field(default_factory=list)
    needs_history: bool = False
    """Whether the history can say more."""
    undecided: bool = False
    """Whether the end of the tracked job is still open."""
    used_history: bool = False
    """Whether the prints that only the history holds are among the verdicts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that a poll is judged by."""

    memory: JobMemory
    poll: Poll
    claims: Claims
    last: JobReport | None = None
    """What the tracked job said before."""
    active_since: datetime | None = None
    """When the tracked job was first seen to print."""
    changed_at: datetime | None = None
    """When it came to its phase."""
    known_since: datetime | None = None
    """When the printer was first polled, while its answers may be from before that."""
    history: HistoryEnd | None = None
    """The end of the history, where it was needed and could be read."""

    def lists(self, job_id: str | None) -> bool:
        """Whether the history holds a job."""
        entries = self.history.entries if self.history else ()
        return any(entry.job_id == job_id for entry in entries)

    def is_within_lag(self, since: datetime | None) -> bool:
        """Whether a change is so recent that an answer may be older."""
        return is_within_lag(since, self.poll.at)
