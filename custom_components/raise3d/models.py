"""What the coordinator hands to the entities."""

from dataclasses import dataclass
from enum import StrEnum

from .api import (
    BasicInfo,
    CameraInfo,
    HistoryDetails,
    JobReport,
    JobState,
    NozzleInfo,
    RunningState,
    Statistics,
    SystemInfo,
)
from .jobs import ActiveJob


class PrinterStatus(StrEnum):
    """Status of the printer as a person would put it."""

    IDLE = "idle"
    BUSY = "busy"
    PRINTING = "printing"
    PAUSED = "paused"
    COMPLETED = "completed"
    ERROR = "error"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise3DData:
    """One look at the printer; everything that entities show comes from here."""

    online: bool = False
    state: RunningState | None = None
    current: JobReport | None = None
    """The job as the printer names it, which on an idle printer is an old one."""
    job: ActiveJob | None = None
    basic: BasicInfo | None = None
    left_nozzle: NozzleInfo | None = None
    right_nozzle: NozzleInfo | None = None
    system: SystemInfo | None = None
    camera: CameraInfo | None = None
    statistics: Statistics | None = None
    last_job: HistoryDetails | None = None
    """The newest job of the printer's history."""

    @property
    def status(self) -> PrinterStatus | None:
        """The status, None where the printer uses a word that is not known."""
        if not self.online:
            return PrinterStatus.OFFLINE
        if self.state is RunningState.RUNNING:
            return PrinterStatus.PRINTING
        return None if self.state is None else PrinterStatus(self.state.value)

    @property
    def printing(self) -> bool | None:
        """Whether it prints, also while somebody at the panel makes it say busy."""
        if self.state is None:
            return None
        if self.state is RunningState.BUSY:
            return self.job is not None and self.job.state is JobState.RUNNING
        return self.state is RunningState.RUNNING
