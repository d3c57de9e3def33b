"""The words of the state machine, its times, and what no document settles."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from .clock import PRINTER_ZONE
from .tokens import LIFETIME

# `busy` lies between two states (documented), for how long nobody has published. A few
# seconds each: a pause finishes its move and parks, a stop homes and switches off, a
# recovery has to find the plate again.
START_SECONDS = 2.0
PAUSE_SECONDS = 3.0
RESUME_SECONDS = 2.0
STOP_SECONDS = 5.0
RECOVER_SECONDS = 4.0
# How long `job_status` is "stopped" is unknown: less than a poll is hardest.
STOPPED_SECONDS = 10.0
# Setters are "not ready" until the motion board has answered after a boot.
READY_SECONDS = 10.0
# The fan by share of the printing time: off for the first layers so that they stick; 50
# was captured during a print, 30 left over after one.
FAN_COURSE = ((0.0, 0), (0.05, 50), (0.9, 30))


class Phase(StrEnum):
    """The values of `running_status`."""

    IDLE = "idle"
    BUSY = "busy"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Unknowns:
    """What no document settles: the simulator's assumptions, each of them a switch."""

    history_base: int = 0
    """Place of the first job in the history."""
    history_newest_first: bool = False
    """Whether the history begins with the newest job."""
    history_index: bool = True
    """Whether a job of the history has its `job_index`."""
    history_cap: int | None = None
    """How many jobs the history holds: older ones drop out."""
    history_keeps_places: bool = False
    """Whether jobs keep their places when older ones drop out."""
    history_end_refused: bool = True
    """Whether a place without a job is an error rather than an empty list."""
    history_of_all: bool = False
    """Whether stopped and failed jobs are listed as well; the totals leave them out."""
    history_delay: float = 0
    """Seconds from the end of a print until it is listed."""
    history_empty_for: float = 0
    """Seconds after a boot in which the history is empty."""
    history_busy_for: float = 0
    """Seconds after a boot in which the history is refused as busy."""
    counter: int | None = None
    """The value of `printed_file_num`, None where it counts."""
    counter_offset: int = 0
    """How far `printed_file_num` is off."""
    job_ids: bool = True
    """Whether jobs have ids, or an empty text in their place."""
    names: bool = True
    """Whether jobs have file names: those from USB may have none."""
    state_lag: float = 0
    """Seconds by which `printer/runningstatus` is behind."""
    job_lag: float = 0
    """Seconds by which `job/currentjob` is behind."""
    clock_zone: float = PRINTER_ZONE
    """Seconds by which the printer's own clock is ahead of UTC."""
    clock_dead: bool = False
    """Whether its clock begins again with the year 2000 at each boot."""
    token_lifetime: float = LIFETIME
    """Seconds by the printer's own clock."""
    single_token: bool = False
    """Whether a new login ends all older ones."""
    time_runs_in_pause: bool = False
    """Whether `printed_time` counts pauses."""
    preview_of_running: bool = True
    """Whether `dashboard/imagedownload` knows the job that is being printed."""
    setter_lag: float = 1.0
    """Seconds until a setter shows: an owner waits 1.5 s before reading back."""
    estimate_after: float = 10.0
    """Seconds of printing until `total_time` is more than the placeholder."""
    list_counts: Literal["together", "apart", "files"] = "together"
    """What a place in a folder counts; with "files" each part has all folders."""
    list_end_refused: bool = False
    """Whether a place behind the last entry is an error rather than an empty list."""
    plus_is_blank: bool = False
    """Whether "+" in a query is a blank: for Qt's own QUrlQuery it is none."""
    max_upload: int = 500 * 1024 * 1024
    """Bytes: "500MB", of one kind or the other."""
    upload_replaces: bool = True
    """Whether an upload replaces a file of its name, or is refused."""
    delete_takes_all: bool = True
    """Whether a folder is deleted with all that is in it, or only when empty."""
    create_makes_parents: bool = False
    """Whether making a folder makes the folders that it is in."""


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """What really happened, dated to the moment when the API first shows it."""

    time: float
    kind: str
    job_id: str
