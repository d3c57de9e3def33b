"""Prints that came and went between two polls: only the history holds them."""

from ..api import HistoryEntry, RunningState
from .case import CLEAR_STATES, Case, Verdict
from .cursor import HistoryEmpty
from .models import JobPhase, TrackedJob
from .phases import PACES

# Seconds. No print is shorter: more of them than fit into an outage are old ones.
_SHORTEST_PRINT = 20.0
# Seconds. The same where an empty history may just not have been ready.
_USUAL_PRINT = 120.0
# Seconds without a clear state after which a print may have come and gone unseen.
_BLIND_AFTER = 60.0
# Seconds after an error within which a printer that lists failed prints has listed it:
# no print is repaired and completed as fast.
_REPAIRED_AFTER = 45.0


def may_be_unseen(case: Case, job: TrackedJob) -> bool:
    """Whether prints may have come and gone since the tracked one ended."""
    poll = case.poll
    if poll.state not in CLEAR_STATES:
        return False
    repaired = poll.before is RunningState.ERROR and job.phase is JobPhase.FAILED
    return repaired or _has_gone_on(case, job) or is_unwatched(case)


def _has_gone_on(case: Case, job: TrackedJob) -> bool:
    """Whether a job that had ended was printed again, if only for a moment."""
    ended = job.phase in (JobPhase.FAILED, JobPhase.STOPPED)
    return ended and not job.certain and case.poll.before in PACES


def is_unwatched(case: Case) -> bool:
    """Whether it is long enough that a print may have come and gone."""
    return case.poll.late or case.poll.blind > _BLIND_AFTER


def unseen_prints(case: Case, job: TrackedJob, *, ended_now: bool) -> list[Verdict]:
    """Return what the history has to say, oldest first."""
    verdicts: list[Verdict] = []
    for entry in _new_entries(case):
        if entry.job_id == job.job_id:
            ended = ended_now or bool(verdicts)
            if not ended and _can_still_complete(case, job):
                verdicts.append(Verdict(job=None, phase=JobPhase.COMPLETED))
            continue
        report = case.poll.report
        named = report if entry.job_id == report.job_id else entry
        verdicts.append(Verdict(job=named, phase=JobPhase.COMPLETED))
    return verdicts


def _new_entries(case: Case) -> list[HistoryEntry]:
    """Return the new entries of the history, none where they cannot be new prints."""
    history, recent = case.history, case.memory.recent
    new = [
        entry
        for entry in (history.new if history else ())
        if entry.job_id not in recent
    ]
    blind = case.poll.blind
    if isinstance(case.memory.cursor, HistoryEmpty):
        most = blind / _USUAL_PRINT
    else:
        most = 1 + blind / _SHORTEST_PRINT
    # More are entries of a time in which the history could not be read.
    return new if len(new) <= most else []


def _can_still_complete(case: Case, job: TrackedJob) -> bool:
    """Whether the history can say more of a job that has ended."""
    if job.phase.active or job.certain:
        return False
    repaired = case.poll.blind > _REPAIRED_AFTER or _has_gone_on(case, job)
    return job.phase is not JobPhase.FAILED or repaired
