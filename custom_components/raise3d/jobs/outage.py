"""Outages: what the first polls after one find out is reported as late."""

from datetime import datetime

from ..api import JobReport, RunningState
from .case import CLEAR_STATES
from .judge import UNKNOWN_STATE_PATIENCE
from .models import TrackedJob


class Outage:
    """Lasts until a poll shows clearly what the printer does, or for a limited time."""

    def __init__(self) -> None:
        """Start in an outage: nothing has been polled yet."""
        self.lasts = True
        self._answers_since: datetime | None = None

    def begin(self) -> None:
        """Note that the printer does not answer."""
        self.lasts = True
        self._answers_since = None

    def note_answer(
        self, state: RunningState | None, now: datetime, *, hidden: bool
    ) -> None:
        """Note an answer; `hidden` where a job may have ended unseen."""
        since = self._answers_since = min(self._answers_since or now, now)
        watched = (now - since).total_seconds() > UNKNOWN_STATE_PATIENCE
        if state in CLEAR_STATES or (watched and not hidden):
            self.lasts = False


def hides_end(
    job: TrackedJob | None, last: JobReport | None, report: JobReport
) -> bool:
    """Whether an active job may have ended: its last two reports show no progress."""
    if job is None or not job.phase.active:
        return False
    if last is None or not job.is_same_as(report):
        return True
    return (report.elapsed or 0) <= (last.elapsed or 0)
