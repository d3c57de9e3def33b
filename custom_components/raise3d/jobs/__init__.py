"""Tracks the jobs of a printer; imports no Home Assistant."""

from .bill import Bill
from .cost import Prices, added_cost, with_cost
from .cursor import HistoryEmpty, HistoryKnown, HistoryUnread
from .energy import JobEnergy, Reading, Source, Used
from .log import LoggedJob
from .log_book import LogBook
from .log_changes import with_entry, with_history
from .marks import Marks
from .models import JobEvent, JobEventType, JobMemory, JobPhase, TrackedJob
from .moments import Moment, MomentTracker, MomentType
from .paths import PATHS
from .phases import STATES_WITHOUT_JOB
from .printer_clock import date_jobs
from .progress import ActiveJob, display_name, visible_text
from .sums import Figures, HourSums, changed_hours, hour_of
from .tracker import JobTracker

__all__ = [
    "PATHS",
    "STATES_WITHOUT_JOB",
    "ActiveJob",
    "Bill",
    "Figures",
    "HistoryEmpty",
    "HistoryKnown",
    "HistoryUnread",
    "HourSums",
    "JobEnergy",
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
    "Prices",
    "Reading",
    "Source",
    "TrackedJob",
    "Used",
    "added_cost",
    "changed_hours",
    "date_jobs",
    "display_name",
    "hour_of",
    "visible_text",
    "with_cost",
    "with_entry",
    "with_history",
]
