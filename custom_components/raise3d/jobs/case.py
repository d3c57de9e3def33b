"""The input and the output of a judgement."""

from dataclasses import dataclass, field
from datetime import datetime

from ..api import HistoryEnd, HistoryEntry, JobReport, RunningState
from .cursor import HistoryKnown
from .cut_short import Figures
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
    """State and job of one poll."""

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
    """A job has reached a phase."""

    job: JobReport | HistoryEntry | None
    """A job that is new; None for the one that is tracked."""
    phase: JobPhase
    final: bool = False
    """Whether no history can change this end: it is the printer's own word, the last
    figures leave no other, or the history could not be read for minutes."""
    silent: bool = False
    """Whether it happened before the first poll ever, and is no event."""


def is_within_lag(since: datetime | None, now: datetime) -> bool:
    """Whether a time is within the lag, never where a reset clock puts it ahead."""
    return since is not None and 0 <= (now - since).total_seconds() <= LAG


class Claims:
    """Since when each claim has been made at every poll: a mere lag does not last.

    A claim is kept only by asking for it: one that a poll does not hold is dropped.
    """

    def __init__(self, now: datetime, before: dict[str, datetime]) -> None:
        """Continue the claims of the poll before."""
        self.since: dict[str, datetime] = {}
        self._now = now
        self._before = before

    def hold(self, claim: str, seconds: float = LAG) -> bool:
        """Make a claim; return whether it has been made for longer than `seconds`."""
        # a clock that is set back makes no claim last longer
        since = min(self._before.get(claim, self._now), self._now)
        self.since[claim] = since
        return (self._now - since).total_seconds() > seconds


@dataclass(slots=True)
class Judgement:
    """The result of judging one poll."""

    relation: Relation
    verdicts: list[Verdict] = field(default_factory=list)
    needs_history: bool = False
    """Whether the history can say more."""
    undecided: bool = False
    """Whether the end of the tracked job is still open."""
    judged_history: bool = False
    """Whether all that is new in the history was judged, and is known from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything that a poll is judged by."""

    memory: JobMemory
    poll: Poll
    claims: Claims
    last: JobReport | None = None
    """The last report of the tracked job."""
    figures: Figures | None = None
    """Its last figures, and how long they have stood still."""
    active_since: datetime | None = None
    """When the tracked job was first seen printing."""
    changed_at: datetime | None = None
    """When it reached its phase."""
    known_since: datetime | None = None
    """When the first job ever was tracked, as long as answers may lag from before."""
    history: HistoryEnd | None = None
    """The end of the history, where it was needed and could be read."""

    def lists(self, job_id: str | None) -> bool:
        """Whether the history holds a job."""
        entries = self.history.entries if self.history else ()
        return any(entry.job_id == job_id for entry in entries)

    def knows(self, job_id: str | None) -> bool:
        """Whether a job was in the history when that was read before."""
        cursor = self.memory.cursor
        return isinstance(cursor, HistoryKnown) and job_id in cursor.bookmark.known

    def is_within_lag(self, since: datetime | None) -> bool:
        """Whether a change is so recent that an answer may be older."""
        return is_within_lag(since, self.poll.at)
