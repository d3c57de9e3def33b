"""Tracks the jobs of a printer; imports no Home Assistant."""

from .cursor import HistoryEmpty, HistoryKnown, HistoryUnread
from .log import LoggedJob
from .marks import Marks
from .models import JobEvent, JobEventType, JobMemory, JobPhase, TrackedJob
from .moments import Moment, MomentTracker, MomentType
from .paths import PATHS
from .phases import STATES_WITHOUT_JOB
from .progress import ActiveJob, display_name, visible_text
from .sums import Figures, HourSums, changed_hours, hour_of
from .tracker import JobTracker

__all__ = [
    "PATHS",
    "STATES_WITHOUT_JOB",
    "ActiveJob",
    "Figures",
    "HistoryEmpty",
    "HistoryKnown",
    "HistoryUnread",
    "HourSums",
    "JobEvent",
    "JobEventType",
    "JobMemory",
    "JobPhase",
    "JobTracker",
    "LoggedJob",
    "Marks",
    "Moment",
    "MomentTracker",
    "MomentType",
    "TrackedJob",
    "changed_hours",
    "display_name",
    "hour_of",
    "visible_text",
]
