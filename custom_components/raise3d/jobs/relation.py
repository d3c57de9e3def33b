"""Which job an answer of the printer is about."""

from enum import Enum, auto

from ..api import JobReport, RunningState
from .models import JobMemory, TrackedJob
from .phases import ACTIVE_PHASES

# Seconds by which either endpoint may lag behind the other.
LAG = 30.0


class Relation(Enum):
    """The job of an answer, beside the one that is tracked."""

    SAME = auto()
    NEW = auto()
    OLD = auto()
    """A previous job: the answer lags."""
    NONE = auto()
    """The printer names no job."""


def relate(
    memory: JobMemory,
    last: JobReport | None,
    state: RunningState | None,
    report: JobReport,
) -> Relation:
    """Return which job an answer is about; `last` is the tracked job's last report."""
    job = memory.job
    if job is None:
        return Relation.NEW
    if report.job_id is not None:
        return _relate_id(job, memory.recent, report)
    if report.file_name is None and job.key:
        return Relation.NONE
    # the first answers may have been without the name
    nameless = not job.key and job.phase.active
    if not nameless and report.file_name not in (None, job.file_name):
        return Relation.NEW
    another = state in ACTIVE_PHASES and _has_restarted(job, last, report)
    return Relation.NEW if another else Relation.SAME


def _relate_id(job: TrackedJob, recent: tuple[str, ...], report: JobReport) -> Relation:
    """Compare ids, which are unique for each start of a print."""
    if report.job_id == job.job_id:
        return Relation.SAME
    if report.job_id in recent:
        return Relation.OLD
    # the first answers may have been without the id
    nameless = job.job_id is None and job.phase.active
    same = nameless and job.file_name in (None, report.file_name)
    return Relation.SAME if same else Relation.NEW


def _has_restarted(job: TrackedJob, last: JobReport | None, report: JobReport) -> bool:
    """Whether an answer without an id is about another print of the same file."""
    # an idle printer has zeros, and so has one that still heats
    printed = report.elapsed or report.printed_layers
    return bool(printed) and _falls_back(job, last, report)


def _falls_back(job: TrackedJob, last: JobReport | None, report: JobReport) -> bool:
    """Whether an answer shows less than an earlier one, by more than the lag."""
    elapsed = job.elapsed
    if last is not None and last.elapsed is not None:
        elapsed = max(last.elapsed, elapsed or 0)
    if report.elapsed is not None and elapsed is not None:
        return report.elapsed < elapsed - LAG
    if last is None:
        return False
    layers = (report.printed_layers, last.printed_layers)
    progress = (report.progress, last.progress)
    return any(
        now is not None and before is not None and now < before
        for now, before in (layers, progress)
    )
