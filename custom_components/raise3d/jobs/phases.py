"""The phase of a job as one answer names it, without what was known before."""

from ..api import JobReport, JobState, RunningState
from .models import JobPhase

# Job states that are believed: idle printers report running for their last job.
_WORDS = {JobState.COMPLETED: JobPhase.COMPLETED, JobState.STOPPED: JobPhase.STOPPED}
# The phase of an active job by the state of the printer.
ACTIVE_PHASES = {
    RunningState.RUNNING: JobPhase.PRINTING,
    RunningState.PAUSED: JobPhase.PAUSED,
}
# States in which no job is active.
STATES_WITHOUT_JOB = (RunningState.IDLE, RunningState.COMPLETED, RunningState.ERROR)


def end_word(report: JobReport) -> JobPhase | None:
    """Return the printer's own word for the end of the job that it names."""
    return None if report.state is None else _WORDS.get(report.state)


def hidden_phase(report: JobReport) -> JobPhase | None:
    """Return the phase of a job that is printed while the state hides it."""
    if not report.elapsed:
        return None
    paused = report.state is JobState.PAUSED
    return JobPhase.PAUSED if paused else JobPhase.PRINTING


def first_phase(state: RunningState | None, report: JobReport) -> JobPhase | None:
    """Return the phase of the first job ever, None while it cannot be said."""
    if (word := end_word(report)) is not None:
        return word
    match state:
        case RunningState.RUNNING | RunningState.PAUSED:
            return ACTIVE_PHASES[state]
        case RunningState.COMPLETED:
            return JobPhase.COMPLETED
        case RunningState.IDLE:
            return JobPhase.STOPPED
        case RunningState.ERROR:
            return JobPhase.FAILED if report.elapsed else JobPhase.STOPPED
    return hidden_phase(report)
