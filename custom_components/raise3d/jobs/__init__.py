"""Tracks the jobs of a printer; imports no Home Assistant."""

from .cursor import HistoryCursor, HistoryEmpty, HistoryKnown, HistoryUnread
from .models import JobEvent, JobEventType, JobMemory, JobPhase, TrackedJob
from .paths import PATHS
from .progress import ActiveJob, display_name, visible_text
from .tracker import JobTracker

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
    "visible_text",
]
