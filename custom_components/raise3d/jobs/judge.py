"""Judges one poll: which job has reached which phase, and what is undecided."""

from ..api import HistoryEntry, JobReport, JobState, RunningState
from .case import Case, Judgement, Verdict
from .cursor import HistoryEmpty, HistoryUnread
from .cut_short import is_cut_short
from .models import JobPhase, TrackedJob
from .phases import (
    ACTIVE_PHASES,
    STATES_WITHOUT_JOB,
    end_word,
    first_phase,
    hidden_phase,
)
from .relation import LAG, Relation, relate
from .unseen import is_unwatched, may_be_unseen, unseen_prints

# Seconds for which a history that cannot be read may hold back the end of a print.
HISTORY_PATIENCE = 4 * 60.0
# Seconds without progress under a state that is not known: no busy phase lasts longer.
UNKNOWN_STATE_PATIENCE = 5 * 60.0


def judge(case: Case) -> Judgement:
    """Return what has happened, in order; only the claims of the case change."""
    job = case.memory.job
    if job is None:
        return _Judge(case).judge_first_poll()
    if job.phase.active:
        return _ActiveJudge(case).judge_active(job)
    return _Judge(case).judge_ended(job)


class _Judge:
    """Judges a poll while no job is active."""

    def __init__(self, case: Case) -> None:
        """Keep the parts of a case at hand."""
        self._case = case
        self._state = case.poll.state
        self._report = case.poll.report
        self._word = end_word(case.poll.report)
        self._hold = case.claims.hold
        relation = relate(case.memory, case.last, case.poll.state, case.poll.report)
        self._result = Judgement(relation)

    def judge_first_poll(self) -> Judgement:
        """Take the first poll ever as the baseline: none of it is an event."""
        phase = first_phase(self._state, self._report)
        job_id = self._report.job_id
        listed = self._case.lists(job_id) or self._case.knows(job_id)
        if phase and phase.active and listed:
            # completed before, and the answers lag
            phase = JobPhase.COMPLETED
        unknown = phase is None and self._state is None
        if unknown and self._hold("unknown", UNKNOWN_STATE_PATIENCE):
            # nothing is printing: what comes next is an event
            phase = JobPhase.NAMED
        if phase is not None:
            self._add(phase, self._report, silent=True)
        return self._result

    def judge_ended(self, job: TrackedJob) -> Judgement:
        """Judge what comes after a job that has ended."""
        if may_be_unseen(self._case, job):
            self._result.needs_history = True
        self._add_unseen(job)
        match self._result.relation:
            case Relation.NEW:
                self._judge_named(self._report)
            case Relation.SAME if job.phase is JobPhase.NAMED:
                self._judge_named(None)
            case Relation.SAME if not self._result.verdicts:
                self._judge_again(job)
            case Relation.NONE:
                self._judge_nameless()
        return self._result

    def _add_unseen(self, job: TrackedJob) -> None:
        """Report the prints that only the history holds."""
        self._result.judged_history = True
        ended_now = bool(self._result.verdicts)
        self._result.verdicts += unseen_prints(self._case, job, ended_now=ended_now)

    def _judge_named(self, job: JobReport | None) -> None:
        """Judge a job that was not seen printing; None is the tracked one."""
        if any(verdict.job is self._report for verdict in self._result.verdicts):
            return
        phase = self._believed_word() or self._phase_of_named()
        if phase is not None:
            self._add(phase, job, final=phase is self._word)
        elif (
            job is not None
            and self._state in STATES_WITHOUT_JOB
            and self._hold("named")
        ):
            self._result.needs_history = True
            if self._case.history or self._hold("named", HISTORY_PATIENCE):
                self._add(JobPhase.NAMED, job, silent=True)

    def _believed_word(self) -> JobPhase | None:
        """Return how a new job has ended in the printer's word, unless that may lag."""
        if self._word is JobPhase.STOPPED and not self._report.elapsed:
            # perhaps still the word for the job before
            return self._word if self._hold("word") else None
        return self._word

    def _phase_of_named(self) -> JobPhase | None:
        """Return the phase of a new job by the state, None while that may lag."""
        printed = bool(self._report.elapsed)
        match self._state:
            case RunningState.RUNNING:
                return JobPhase.PRINTING
            case RunningState.PAUSED:
                agreed = self._report.state is JobState.PAUSED or self._hold("pause")
                return JobPhase.PAUSED if agreed else None
            case RunningState.COMPLETED:
                return JobPhase.COMPLETED if self._hold("end") else None
            case RunningState.ERROR:
                self._result.needs_history |= printed
                return JobPhase.FAILED if printed else None
            case RunningState.IDLE:
                return None
        # busy or unknown: only the job's own figures say that it is printed
        phase = hidden_phase(self._report)
        unwatched = is_unwatched(self._case)
        self._result.needs_history |= phase is not None and unwatched
        return phase

    def _judge_again(self, job: TrackedJob) -> None:
        """Judge an ended job that is named again, as after a power cut."""
        completed = job.phase is JobPhase.COMPLETED and job.job_id is not None
        if completed and not self._has_just_begun(job):
            return
        if self._word is JobPhase.COMPLETED and job.phase is not self._word:
            self._add(self._word, final=True)
        elif self._word is None and self._state in ACTIVE_PHASES:
            self._judge_resumed(job, ACTIVE_PHASES[self._state])
        elif (
            self._state is RunningState.COMPLETED
            and not job.final
            and job.phase is not JobPhase.COMPLETED
            and self._hold("completed")
        ):
            self._add(JobPhase.COMPLETED)

    def _judge_resumed(self, job: TrackedJob, phase: JobPhase) -> None:
        """Judge a job that prints after its end, unless the answers lag."""
        if self._case.known_since is not None:
            self._add(phase, silent=True)
            return
        more = (self._report.elapsed or 0) > (job.elapsed or 0)
        gone_on = more and not self._case.is_within_lag(self._case.changed_at)
        if gone_on or self._hold("again"):
            # without an id it is another print of the same file, unless one is repaired
            repaired = gone_on and job.phase is JobPhase.FAILED
            same = (job.job_id or repaired) and not self._has_just_begun(job)
            self._add(phase, None if same else self._report)

    def _has_just_begun(self, job: TrackedJob) -> bool:
        """Whether a job that was named at the first poll has started only after it."""
        since, elapsed = self._case.changed_at, self._report.elapsed or 0
        if since is None or job.elapsed is not None or job.phase is JobPhase.FAILED:
            return False
        return elapsed <= (self._case.poll.at - since).total_seconds()

    def _judge_nameless(self) -> None:
        """Judge a print without id and name, as from a USB drive."""
        if self._state in ACTIVE_PHASES and (
            self._report.elapsed or self._hold("nameless")
        ):
            self._add(ACTIVE_PHASES[self._state], self._report)

    def _add(
        self,
        phase: JobPhase,
        job: JobReport | HistoryEntry | None = None,
        *,
        final: bool = False,
        silent: bool = False,
    ) -> None:
        """Add a verdict."""
        self._result.verdicts.append(
            Verdict(job=job, phase=phase, final=final, silent=silent)
        )


class _ActiveJudge(_Judge):
    """Judges a poll while a job is active."""

    def judge_active(self, job: TrackedJob) -> Judgement:
        """Judge whether the active job goes on, is paused or has ended."""
        unread = isinstance(self._case.memory.cursor, HistoryUnread)
        if unread and self._case.known_since and self._case.lists(job.job_id):
            # completed before the first poll, whose answers lagged
            self._add(JobPhase.COMPLETED, silent=True)
            if self._result.relation is Relation.NEW:
                self._judge_named(self._report)
            return self._result
        match self._result.relation, self._state:
            case Relation.SAME, RunningState.RUNNING | RunningState.PAUSED:
                self._follow_pauses(job)
                self._use_late_history(job)
            case Relation.SAME, RunningState.BUSY | None:
                self._follow_hidden_pauses(job)
            case Relation.OLD | Relation.NONE, None if self._stands_still():
                self._judge_end(job)
            case Relation.OLD | Relation.NONE, state if state not in STATES_WITHOUT_JOB:
                # an answer from before the job, or one without id and name
                pass
            case _:
                self._judge_end(job)
        return self._result

    def _follow_pauses(self, job: TrackedJob) -> None:
        """Follow a job from printing to paused and back."""
        if self._word is not None:
            self._judge_end(job)
            return
        says_paused = self._report.state is JobState.PAUSED
        changed, began = self._case.changed_at, self._case.active_since
        recent = self._case.is_within_lag(changed)
        if self._state is RunningState.PAUSED:
            # until it is confirmed it may be the state of the job before
            phase = JobPhase.PAUSED
            agreed = not recent or (says_paused and changed == began)
        else:
            phase = JobPhase.PRINTING
            agreed = not recent and not says_paused
        if phase is not job.phase and (agreed or self._hold(f"active {phase}")):
            self._add(phase)

    def _use_late_history(self, job: TrackedJob) -> None:
        """Use a history that could not be read when the job was first named."""
        if self._result.verdicts or self._case.history is None:
            return
        if isinstance(self._case.memory.cursor, HistoryEmpty):
            # no other job can have been printed meanwhile: these are old prints
            self._result.judged_history = True
        else:
            self._add_unseen(job)

    def _follow_hidden_pauses(self, job: TrackedJob) -> None:
        """Follow a job whose state is hidden, usually by someone at the panel."""
        if self._word is not None or (self._state is None and self._stands_still()):
            self._judge_end(job)
            return
        phase = hidden_phase(self._report)
        changed = phase is not job.phase and self._hold(f"hidden {phase}")
        # a printer that is stopping reports running, too
        if phase and changed and (phase is JobPhase.PAUSED or self._goes_on()):
            self._add(phase)

    def _judge_end(self, job: TrackedJob) -> None:
        """Judge how the job has ended, and what came after it."""
        reported = self._reported_end()
        phase = reported or self._inferred_end(job)
        if phase is None:
            self._result.undecided = True
            return
        final = (
            reported is not None
            or self._case.history is None
            or (phase is JobPhase.STOPPED and self._stays_stopped(job))
        )
        self._add(phase, final=final)
        self._case.claims.since.pop("gone", None)
        self._add_unseen(job)
        if self._result.relation is Relation.NEW:
            self._judge_named(self._report)

    def _reported_end(self) -> JobPhase | None:
        """Return the printer's own word for the end of the tracked job."""
        if self._result.relation not in (Relation.SAME, Relation.NONE):
            return None
        if self._state is RunningState.ERROR and self._word is JobPhase.STOPPED:
            return JobPhase.FAILED
        if self._word is None and self._state is RunningState.COMPLETED:
            return None if self._is_fresh() else JobPhase.COMPLETED
        return self._word

    def _inferred_end(self, job: TrackedJob) -> JobPhase | None:
        """Return how a job has ended according to the history, None while undecided."""
        new, history = self._result.relation is Relation.NEW, self._case.history
        if not new and self._is_fresh():
            return None
        self._result.needs_history = True
        gone = self._hold("gone", LAG if history else HISTORY_PATIENCE)
        listed = self._case.lists(job.job_id)
        if listed and not self._is_cut_short():
            return JobPhase.COMPLETED
        if not new and self._state is RunningState.ERROR and (listed or not gone):
            return JobPhase.FAILED
        # the next job has printed for longer than the list may lag
        followed = new and history is not None and (self._report.elapsed or 0) > LAG
        return JobPhase.STOPPED if listed or gone or followed else None

    def _is_cut_short(self) -> bool:
        """Whether the job cannot have been completed before it was seen gone."""
        return is_cut_short(self._case.figures, self._case.claims.since["gone"])

    def _stays_stopped(self, job: TrackedJob) -> bool:
        """Whether a stopped job stays that, even if the history lists it later.

        After an outage only a job that is listed: one that was lost in a power cut may
        be recovered.
        """
        listed = self._case.lists(job.job_id)
        known = job.job_id is not None and (listed or not self._case.poll.late)
        return known and self._is_cut_short()

    def _goes_on(self) -> bool:
        """Whether more is printed than in the last report."""
        last = self._case.last
        return last is not None and (self._report.elapsed or 0) > (last.elapsed or 0)

    def _is_fresh(self) -> bool:
        """Whether the job is so new that the state may still be that from before it."""
        return self._case.is_within_lag(self._case.active_since)

    def _stands_still(self) -> bool:
        """Whether the job's own figures have shown no progress for long enough."""
        report, last = self._report, self._case.last
        same = last is None or (report.elapsed, report.printed_layers) == (
            last.elapsed,
            last.printed_layers,
        )
        idle = not report.elapsed or same
        paused = report.state is JobState.PAUSED
        return idle and not paused and self._hold("still", UNKNOWN_STATE_PATIENCE)
