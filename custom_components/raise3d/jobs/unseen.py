"""Prints that came and went between two polls: only the history holds them."""

from ..api import HistoryEntry, RunningState
from .case import CLEAR_STATES, Case, Verdict
from .cursor import HistoryEmpty
from .models import JobPhase, TrackedJob
from .phases import ACTIVE_PHASES

# Seconds. No print is shorter: if more entries are new than fit into the time without
# polls, they are old ones.
_SHORTEST_PRINT = 20.0
# Seconds. The same limit after an empty history, which may not have been ready.
_USUAL_PRINT = 120.0
# Seconds without a clear state after which a print may have come and gone unseen: twice
# the interval of the state.
_BLIND_AFTER = 60.0
# Seconds. Some printers list failed prints. An entry that appears sooner after an error
# is the failed print: none is repaired and completed as fast.
_REPAIRED_AFTER = 45.0


def may_be_unseen(case: Case, job: TrackedJob) -> bool:
    """Whether prints may have come and gone since the tracked one ended."""
    poll = case.poll
    if poll.state not in CLEAR_STATES:
        return False
    repaired = poll.before is RunningState.ERROR and job.phase is JobPhase.FAILED
    return repaired or _has_gone_on(case, job) or is_unwatched(case)


def _has_gone_on(case: Case, job: TrackedJob) -> bool:
    """Whether a job that had ended was printing again at the poll before."""
    ended = job.phase in (JobPhase.FAILED, JobPhase.STOPPED)
    return ended and not job.final and case.poll.before in ACTIVE_PHASES


def is_unwatched(case: Case) -> bool:
    """Whether nobody has polled for long enough to miss a print."""
    return case.poll.late or case.poll.blind > _BLIND_AFTER


def unseen_prints(case: Case, job: TrackedJob, *, ended_now: bool) -> list[Verdict]:
    """Return the prints that only the history has, oldest first."""
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
    # more are from a time in which the history could not be read
    return new if len(new) <= most else []


def _can_still_complete(case: Case, job: TrackedJob) -> bool:
    """Whether an entry of the history means that an ended job was completed."""
    if job.phase.active or job.final:
        return False
    repaired = case.poll.blind > _REPAIRED_AFTER or _has_gone_on(case, job)
    return job.phase is not JobPhase.FAILED or repaired
