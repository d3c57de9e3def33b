"""Tracks the jobs of a printer; imports no Home Assistant."""

from .cursor import HistoryEmpty, HistoryKnown, HistoryUnread
from .log import LoggedJob
from .log_book import LogBook
from .log_changes import with_history
from .marks import Marks
from .models import JobEvent, JobEventType, JobMemory, JobPhase, TrackedJob
from .moments import Moment, MomentTracker, MomentType
from .paths import PATHS
from .phases import STATES_WITHOUT_JOB
from .progress import ActiveJob, display_name, visible_text
from .tracker import JobTracker

__all__ = [
    "PATHS",
    "STATES_WITHOUT_JOB",
    "ActiveJob",
    "HistoryEmpty",
    "HistoryKnown",
    "HistoryUnread",
    "JobEvent",
    "JobEventType",
    "JobMemory",
    "JobPhase",
    "JobTracker",
    "LogBook",
    "LoggedJob",
    "Marks",
    "Moment",
    "MomentTracker",
    "MomentType",
    "TrackedJob",
    "display_name",
    "visible_text",
    "with_history",
]
