"""Judges one poll: which job has come to which phase, and what has to wait."""

from dataclasses import dataclass, field
from datetime import datetime

from ..api import HistoryEnd, HistoryEntry, JobReport, JobState, RunningState
from .models import HistoryEmpty, HistoryUnread, JobMemory, JobPhase, TrackedJob
from .relation import LAG, Relation, relate

# Seconds for which a history that cannot be read may hold back the end of a print.
HISTORY_PATIENCE = 4 * 60.0
# Seconds without progress under a state that is not known: no busy phase lasts longer.
UNKNOWN_STATE_PATIENCE = 5 * 60.0
# Seconds. No print is shorter: more of them than fit into an outage are old ones.
_SHORTEST_PRINT = 20.0
# Seconds. The same where an empty history may just not have been ready.
_USUAL_PRINT = 120.0
# Seconds without a clear state after which a print may have come and gone unseen.
_BLIND_AFTER = 60.0
# Seconds after an error within which a printer that lists failed prints has listed it:
# no print is repaired and completed as fast.
_REPAIRED_AFTER = 45.0

# The printer's word for the job itself. Idle printers say running, and mean nothing.
_WORDS = {JobState.COMPLETED: JobPhase.COMPLETED, JobState.STOPPED: JobPhase.STOPPED}
_PACES = {
    RunningState.RUNNING: JobPhase.PRINTING,
    RunningState.PAUSED: JobPhase.PAUSED,
}
_ENDS = (RunningState.IDLE, RunningState.COMPLETED, RunningState.ERROR)
# The states that say what becomes of a job: all but busy, error and unknown words.
CLEAR_STATES = (*_PACES, RunningState.COMPLETED, RunningState.IDLE)


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


class Claims:
    """What answers claim, and since when: what only lags does not last."""

    def __init__(self, now: datetime, before: dict[str, datetime]) -> None:
        """Take the claims of the poll before."""
        self.since: dict[str, datetime] = {}
        self._now = now
        self._before = before

    def hold(self, claim: str, seconds: float = LAG) -> bool:
        """Whether a claim has been made at each poll for longer than that."""
        since = self.since[claim] = self._before.get(claim, self._now)
        return (self._now - since).total_seconds() > seconds


@dataclass(slots=True)
class Judgement:
    """What one poll says."""

    relation: Relation
    verdicts: list[Verdict] = field(default_factory=list)
    asks_history: bool = False
    """Whether the history can say more."""
    undecided: bool = False
    """Whether the end of the tracked job is still open."""
    used_history: bool = False
    """Whether the prints that only the history tells of are among the verdicts."""


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
    """The end of the history, where it was asked for and could be read."""


def judge(case: Case) -> Judgement:
    """Return what has happened, in its order; changes nothing."""
    job = case.memory.job
    if job is None:
        return _Judge(case).begin()
    if job.phase.active:
        return _ActiveJudge(case).follow(job)
    return _Judge(case).meet(job)


class _Judge:
    """Judges a poll while no job is on."""

    def __init__(self, case: Case) -> None:
        """Take the case apart."""
        self._case = case
        self._state = case.poll.state
        self._report = case.poll.report
        self._hold = case.claims.hold
        relation = relate(case.memory, case.last, case.poll.state, case.poll.report)
        self._result = Judgement(relation)

    def begin(self) -> Judgement:
        """Take the first poll ever as it is: all that was before our time."""
        phase = self._word() or self._first_phase()
        if phase and phase.active and self._is_listed(self._report.job_id):
            # completed before, and the answers lag
            phase = JobPhase.COMPLETED
        if phase is not None:
            self._add(phase, self._report, silent=True)
        return self._result

    def _first_phase(self) -> JobPhase | None:
        """Return the phase of the first job, None while it cannot be said."""
        match self._state:
            case RunningState.RUNNING | RunningState.PAUSED:
                return _PACES[self._state]
            case RunningState.COMPLETED:
                return JobPhase.COMPLETED
            case RunningState.IDLE:
                return JobPhase.STOPPED
            case RunningState.ERROR:
                return JobPhase.FAILED if self._report.elapsed else JobPhase.STOPPED
        return self._printed_phase()

    def _printed_phase(self) -> JobPhase | None:
        """Return the phase of a job that is printed on while the state hides it."""
        if not self._report.elapsed:
            return None
        paused = self._report.state is JobState.PAUSED
        return JobPhase.PAUSED if paused else JobPhase.PRINTING

    def meet(self, job: TrackedJob) -> Judgement:
        """Judge what the printer says after the end of a job."""
        if self._wants_history(job):
            self._result.asks_history = True
        self._meet_unseen(job)
        match self._result.relation:
            case Relation.NEW:
                self._meet_named(self._report)
            case Relation.SAME if job.phase is JobPhase.NAMED:
                self._meet_named(None)
            case Relation.SAME if not self._result.verdicts:
                self._meet_again(job)
            case Relation.NONE:
                self._meet_nameless()
        return self._result

    def _wants_history(self, job: TrackedJob) -> bool:
        """Whether prints may have come and gone unseen."""
        poll = self._case.poll
        if poll.state not in CLEAR_STATES:
            return False
        repaired = poll.before is RunningState.ERROR and job.phase is JobPhase.FAILED
        return poll.late or repaired or poll.blind > _BLIND_AFTER

    def _meet_unseen(self, job: TrackedJob) -> None:
        """Report the prints that only the history tells of."""
        history, recent = self._case.history, self._case.memory.recent
        self._result.used_history = True
        new = [
            entry
            for entry in (history.new if history else ())
            if entry.job_id not in recent
        ]
        unsure = isinstance(self._case.memory.cursor, HistoryEmpty)
        blind = self._case.poll.blind
        most = blind / _USUAL_PRINT if unsure else 1 + blind / _SHORTEST_PRINT
        if len(new) > most:
            # entries of a time in which the history could not be read
            return
        for entry in new:
            if entry.job_id != job.job_id:
                named = entry.job_id == self._report.job_id
                self._add(JobPhase.COMPLETED, self._report if named else entry)
            elif self._can_complete(job):
                self._add(JobPhase.COMPLETED)

    def _can_complete(self, job: TrackedJob) -> bool:
        """Whether the history can say more of a job that has ended."""
        if job.phase.active or job.certain or self._result.verdicts:
            return False
        failed = job.phase is JobPhase.FAILED
        return not failed or self._case.poll.blind > _REPAIRED_AFTER

    def _meet_named(self, job: JobReport | None) -> None:
        """Judge a job that has not been seen to print; None is the tracked one."""
        if any(verdict.job is self._report for verdict in self._result.verdicts):
            return
        phase = self._phase_of_named()
        if phase is not None:
            self._add(phase, job, certain=phase is self._word())
        elif job is not None and self._state in _ENDS and self._hold("named"):
            self._result.asks_history = True
            if self._case.history or self._hold("named", HISTORY_PATIENCE):
                self._add(JobPhase.NAMED, job, silent=True)

    def _phase_of_named(self) -> JobPhase | None:
        """Return the phase of a new job, None while the answers disagree."""
        word = self._word()
        printed = bool(self._report.elapsed)
        if word is JobPhase.COMPLETED or (word and (printed or self._hold("word"))):
            return word
        match self._state:
            case RunningState.RUNNING:
                return JobPhase.PRINTING
            case RunningState.PAUSED:
                agreed = self._report.state is JobState.PAUSED
                phase, agreed = JobPhase.PAUSED, agreed or self._hold("pause")
            case RunningState.COMPLETED:
                phase, agreed = JobPhase.COMPLETED, self._hold("end")
            case RunningState.ERROR:
                phase, agreed = JobPhase.FAILED, printed
                self._result.asks_history |= printed
            case RunningState.IDLE:
                return None
            case _:
                return self._printed_phase()
        return phase if agreed else None

    def _meet_again(self, job: TrackedJob) -> None:
        """Judge a job that had ended: a power cut's print can be resumed."""
        word = self._word()
        if job.phase is JobPhase.COMPLETED and job.job_id is not None:
            return
        if word is JobPhase.COMPLETED and job.phase is not word:
            self._add(word, certain=True)
        elif word is None and self._state in _PACES:
            phase = _PACES[self._state]
            if self._case.known_since is not None:
                self._add(phase, silent=True)
            elif self._has_gone_on(job) or self._hold("again"):
                # without an id it is another print of the same file
                self._add(phase, None if job.job_id else self._report)
        elif (
            self._state is RunningState.COMPLETED
            and not job.certain
            and job.phase is not JobPhase.COMPLETED
            and self._hold("completed")
        ):
            self._add(JobPhase.COMPLETED)

    def _has_gone_on(self, job: TrackedJob) -> bool:
        """Whether a job has been printed on since it ended, by its own figures."""
        more = (self._report.elapsed or 0) > (job.elapsed or 0)
        return more and not self._is_within_lag(self._case.changed_at)

    def _meet_nameless(self) -> None:
        """Judge a print without id and name, as from a USB drive."""
        if self._state in _PACES and (self._report.elapsed or self._hold("nameless")):
            self._add(_PACES[self._state], self._report)

    def _is_listed(self, job_id: str | None) -> bool:
        """Whether the history holds a job."""
        history = self._case.history
        entries = history.entries if history else ()
        return any(entry.job_id == job_id for entry in entries)

    def _is_within_lag(self, since: datetime | None) -> bool:
        """Whether a change is so recent that an answer may be older."""
        if since is None:
            return False
        return (self._case.poll.at - since).total_seconds() <= LAG

    def _word(self) -> JobPhase | None:
        """Return the printer's own word for the end of the job that it names."""
        state = self._report.state
        return None if state is None else _WORDS.get(state)

    def _add(
        self,
        phase: JobPhase,
        job: JobReport | HistoryEntry | None = None,
        *,
        certain: bool = False,
        silent: bool = False,
    ) -> None:
        """Add a verdict."""
        self._result.verdicts.append(
            Verdict(job=job, phase=phase, certain=certain, silent=silent)
        )


class _ActiveJudge(_Judge):
    """Judges a poll while a job is on."""

    def follow(self, job: TrackedJob) -> Judgement:
        """Judge what the printer says of the job, or without it."""
        unread = isinstance(self._case.memory.cursor, HistoryUnread)
        if unread and self._case.known_since and self._is_listed(job.job_id):
            # completed before the first poll, whose answers lagged
            self._add(JobPhase.COMPLETED, silent=True)
            if self._result.relation is Relation.NEW:
                self._meet_named(self._report)
            return self._result
        match self._result.relation, self._state:
            case Relation.SAME, RunningState.RUNNING | RunningState.PAUSED:
                self._keep_pace(job)
            case Relation.SAME, RunningState.BUSY | None:
                self._keep_hidden_pace(job)
            case Relation.OLD | Relation.NONE, state if state not in _ENDS:
                # an answer from before the job, or one that lacks its key
                pass
            case _:
                self._leave(job)
        return self._result

    def _keep_pace(self, job: TrackedJob) -> None:
        """Follow a job from printing to paused and back."""
        if self._word() is not None:
            self._leave(job)
            return
        says_paused = self._report.state is JobState.PAUSED
        changed, began = self._case.changed_at, self._case.active_since
        recent = self._is_within_lag(changed)
        if self._state is RunningState.PAUSED:
            # until it is confirmed it may be the state of the job before
            phase = JobPhase.PAUSED
            agreed = not recent or (says_paused and changed == began)
        else:
            phase = JobPhase.PRINTING
            agreed = not recent and not says_paused
        if phase is not job.phase and (agreed or self._hold(f"pace {phase}")):
            self._add(phase)

    def _keep_hidden_pace(self, job: TrackedJob) -> None:
        """Follow a job whose state is hidden, by someone at the panel as a rule."""
        if self._word() is not None or (self._state is None and self._stands_still()):
            self._leave(job)
            return
        phase = self._printed_phase()
        if phase is not None and phase is not job.phase and self._hold(f"hid {phase}"):
            self._add(phase)

    def _leave(self, job: TrackedJob) -> None:
        """Report how a job has ended, and what came after it."""
        phase = self._end_of(job)
        if phase is None:
            self._result.undecided = True
            return
        certain = phase is self._spoken_end() or self._case.history is None
        self._add(phase, certain=certain)
        self._case.claims.since.pop("gone", None)
        self._meet_unseen(job)
        if self._result.relation is Relation.NEW:
            self._meet_named(self._report)

    def _end_of(self, job: TrackedJob) -> JobPhase | None:
        """Return how a job has ended: the printer's word, else the history's."""
        relation, history = self._result.relation, self._case.history
        if (word := self._spoken_end()) is not None:
            return word
        if relation is not Relation.NEW and self._is_within_lag(
            self._case.active_since
        ):
            # may be the state from before the job
            return None
        self._result.asks_history = True
        if self._is_listed(job.job_id):
            return JobPhase.COMPLETED
        if relation is not Relation.NEW and self._state is RunningState.ERROR:
            return JobPhase.FAILED
        gone = self._hold("gone", LAG if history else HISTORY_PATIENCE)
        follower = (relation is Relation.NEW and self._report.elapsed) or 0
        return JobPhase.STOPPED if gone or (history and follower > LAG) else None

    def _spoken_end(self) -> JobPhase | None:
        """Return the printer's own word for the end of the tracked job."""
        if self._result.relation not in (Relation.SAME, Relation.NONE):
            return None
        word = self._word()
        if self._state is RunningState.ERROR and word is JobPhase.STOPPED:
            return JobPhase.FAILED
        if word is None and self._state is RunningState.COMPLETED:
            return (
                None
                if self._is_within_lag(self._case.active_since)
                else JobPhase.COMPLETED
            )
        return word

    def _is_fresh(self) -> bool:
        """Whether the job is so young that the state may be the one before it."""
        return self._is_within_lag(self._case.active_since)

    def _stands_still(self) -> bool:
        """Whether nothing is printed, by the job's own data, for long enough."""
        report, last = self._report, self._case.last
        same = last is None or (report.elapsed, report.printed_layers) == (
            last.elapsed,
            last.printed_layers,
        )
        idle = not report.elapsed or same
        paused = report.state is JobState.PAUSED
        return idle and not paused and self._hold("still", UNKNOWN_STATE_PATIENCE)
