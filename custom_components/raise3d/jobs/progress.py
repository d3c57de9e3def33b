"""The active job, with its times in steps that people plan by."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
import unicodedata

from ..api import JobReport, JobState, RunningState
from ..const import FINISH_TIME_TOLERANCE, MAX_NAME_LENGTH
from .case import CLEAR_STATES
from .models import JobPhase, TrackedJob

# Seconds of remaining time, and the steps above them. Beyond an hour nobody plans by
# the minute, beyond ten minutes nobody by the second; below, polls know no more.
_STEPS = ((60 * 60, 5 * 60), (10 * 60, 60))
_FINEST_STEP = 15
_LINE_BREAKS = "\t\n\v\f\r\x85\u2028\u2029"
_JOINERS = "\u200c\u200d"
# Controls, formats (also those that turn the direction of reading), lone surrogates.
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveJob:
    """A job that exists, unlike the last one that an idle printer still names."""

    job_id: str | None = field(default=None, repr=False)
    file_name: str | None = field(default=None, repr=False)
    state: JobState | None = None
    progress: float | None = None
    """Percent of the file."""
    printed_layers: int | None = None
    total_layers: int | None = None
    elapsed: int | None = None
    """Seconds."""
    total: int | None = None
    """Seconds, as estimated; None while the printer knows none."""
    remaining: int | None = None
    """Seconds, in steps that people plan by."""
    started_at: datetime | None = None
    finish_at: datetime | None = None
    """None while the job is paused, because nobody knows for how long."""


def display_name(file_name: str | None) -> str | None:
    """Return a file's name without the folders of the printer."""
    return visible_text((file_name or "").rpartition("/")[2]) or None


def visible_text(text: str) -> str:
    """Return a name without invisible characters, cut to the length of a state.

    They would break lines, or make a name look like another one.
    """
    name = "".join(
        " " if character in _LINE_BREAKS else character
        for character in text
        if character in _LINE_BREAKS or _is_visible(character)
    )
    return name.strip()[:MAX_NAME_LENGTH]


def _is_visible(character: str) -> bool:
    """Whether a character can be seen, or joins others as in emojis."""
    return character in _JOINERS or unicodedata.category(character) not in _INVISIBLE


def is_real(
    state: RunningState | None, report: JobReport, tracked: TrackedJob | None
) -> bool:
    """Whether a report is of a job that exists, not an idle printer's last one.

    Busy, error and undocumented states do not say. Then it exists if it has printed
    for a while, or if it is the tracked job and goes on or has failed.
    """
    if state is RunningState.IDLE:
        return False
    if state in CLEAR_STATES or report.elapsed:
        return True
    if tracked is None:
        return False
    failed = tracked.phase is JobPhase.FAILED and state is RunningState.ERROR
    return tracked.phase.active or failed


def describe(
    state: RunningState | None,
    current: JobReport,
    previous: ActiveJob | None,
    *,
    started_at: datetime | None,
    now: datetime,
) -> ActiveJob:
    """Return the active job, with times that stay the same from poll to poll."""
    if previous is not None and previous.job_id != current.job_id:
        previous = None
    finish_at = _finish_at(state, current, previous, now)
    return ActiveJob(
        job_id=current.job_id,
        file_name=current.file_name,
        state=current.state,
        progress=current.progress,
        printed_layers=current.printed_layers,
        total_layers=current.total_layers,
        elapsed=current.elapsed,
        total=current.total,
        remaining=_remaining(state, current, finish_at, now),
        started_at=started_at,
        finish_at=finish_at,
    )


def _finish_at(
    state: RunningState | None,
    current: JobReport,
    previous: ActiveJob | None,
    now: datetime,
) -> datetime | None:
    """Return when the job ends; it stays the same unless the estimate shifts.

    A job that takes longer than estimated keeps the time at which it was due.
    """
    anchor = previous.finish_at if previous else None
    if state is RunningState.PAUSED:
        return None
    if state is RunningState.COMPLETED:
        # known only if a poll saw it while it was printed
        return anchor
    if current.total is None or current.elapsed is None:
        return anchor
    left = current.total - current.elapsed
    if left < 0 and anchor is not None:
        return anchor
    finish_at = (now + timedelta(seconds=left)).replace(microsecond=0)
    if anchor is not None and abs(finish_at - anchor) <= FINISH_TIME_TOLERANCE:
        return anchor
    return finish_at


def _remaining(
    state: RunningState | None,
    current: JobReport,
    finish_at: datetime | None,
    now: datetime,
) -> int | None:
    """Return the seconds left, in steps that are coarser the longer it takes."""
    if state is RunningState.COMPLETED:
        return 0
    if finish_at is not None:
        left = (finish_at - now).total_seconds()
    elif current.total is not None and current.elapsed is not None:
        left = current.total - current.elapsed
    else:
        return None
    step = next((step for above, step in _STEPS if left > above), _FINEST_STEP)
    return max(0, round(left / step) * step)
