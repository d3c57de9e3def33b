"""What happens to the jobs of a printer; imports no Home Assistant."""

from .models import (
    HistoryCursor,
    HistoryEmpty,
    HistoryKnown,
    HistoryUnread,
    JobEvent,
    JobEventType,
    JobMemory,
    JobPhase,
    TrackedJob,
)
from .progress import ActiveJob, display_name
from .tracker import PATHS, JobTracker

__all__ = [
    "PATHS",
    "ActiveJob",
    "HistoryCursor",
    "HistoryEmpty",
    "HistoryKnown",
    "HistoryUnread",
    "JobEvent",
    "JobEventType",
    "JobMemory",
    "JobPhase",
    "JobTracker",
    "TrackedJob",
    "display_name",
]
