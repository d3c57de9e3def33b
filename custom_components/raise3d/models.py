"""What the coordinator hands to the entities."""

from dataclasses import dataclass, field
from enum import StrEnum

from .api import (
    BasicInfo,
    CameraInfo,
    JobState,
    NozzleInfo,
    RunningState,
    Statistics,
    SystemInfo,
)
from .api.const import DEFAULT_CAMERA_PORT
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
class LastJob:
    """The last completed job; its figures are None until the history contains it."""

    job_id: str | None = field(repr=False)
    real_print_time: int | None = None
    """Seconds."""
    filament_used_left: float | None = None
    """Grams."""
    filament_used_right: float | None = None
    """Grams, None with one nozzle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise3DData:
    """One poll of the printer; everything that entities show comes from here."""

    online: bool = False
    uploading: bool = False
    """Whether a file on its way keeps the printer from being polled."""
    state: RunningState | None = None
    job: ActiveJob | None = None
    basic: BasicInfo | None = None
    left_nozzle: NozzleInfo | None = None
    right_nozzle: NozzleInfo | None = None
    system: SystemInfo | None = None
    camera: CameraInfo | None = None
    statistics: Statistics | None = None
    last_job: LastJob | None = None
    """None where it has not been read since the start."""

    @property
    def status(self) -> PrinterStatus | None:
        """The status, None where the printer uses a word that is not known."""
        if not self.online:
            return PrinterStatus.OFFLINE
        if self.uploading:
            return PrinterStatus.BUSY
        if self.state is RunningState.RUNNING:
            return PrinterStatus.PRINTING
        return None if self.state is None else PrinterStatus(self.state.value)

    @property
    def camera_port(self) -> int:
        """The port of the camera server, the usual one where it is not known."""
        return self.camera.port if self.camera else DEFAULT_CAMERA_PORT

    @property
    def printing(self) -> bool | None:
        """Whether it prints, also while someone at the panel makes it say busy."""
        if self.state is None:
            return None
        if self.state is RunningState.BUSY:
            return self.job is not None and self.job.state is JobState.RUNNING
        return self.state is RunningState.RUNNING
