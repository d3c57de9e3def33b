"""The snapshot that the coordinator gives to the entities."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from .api import (
    BasicInfo,
    CameraInfo,
    HistoryDetails,
    HistoryEntry,
    JobState,
    NozzleInfo,
    RunningState,
    Statistics,
    SystemInfo,
)
from .jobs import ActiveJob

type Heater = BasicInfo | NozzleInfo


class PrinterStatus(StrEnum):
    """Status of the printer, with one word for what the user sees."""

    IDLE = "idle"
    BUSY = "busy"
    PRINTING = "printing"
    PAUSED = "paused"
    COMPLETED = "completed"
    ERROR = "error"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastJob:
    """The last job; its figures are None until the history contains it."""

    job_id: str | None = field(default=None, repr=False)
    entry: HistoryEntry | None = field(default=None, repr=False)
    details: HistoryDetails | None = None

    @property
    def real_print_time(self) -> int | None:
        """Seconds."""
        return self.details.real_print_time if self.details else None

    @property
    def filament_used(self) -> float | None:
        """Grams of all nozzles; those of a second one count as 0 where it has none."""
        if self.details is None or self.details.filament_used_left is None:
            return None
        left, right = self.details.filament_used_left, self.details.filament_used_right
        # Floats whose sum has more decimals than either of them.
        return round(left + (right or 0), 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The picture of a job, which is kept until the next job."""

    job_id: str | None = field(default=None, repr=False)
    file_name: str | None = field(default=None, repr=False)
    picture: bytes | None = field(default=None, repr=False)
    """None until it is read, and where the job has none."""
    read: bool = False

    @property
    def pending(self) -> bool:
        """Whether it still has to be read."""
        return self.job_id is not None and not self.read


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Whether the printer is in use; what is not known counts as use."""

    in_use: bool = True
    clear_since: float | None = field(default=None, compare=False)
    """Since when no poll has found a sign of use, by a monotonic clock.

    None where the last poll found one, or could not read everything.
    """


IN_USE: Final = Usage()

# What has not been read: all values are unknown.
NO_BASIC: Final = BasicInfo.from_dict({})
NO_CAMERA: Final = CameraInfo.from_dict({})
NO_JOB: Final = ActiveJob()
NO_LAST_JOB: Final = LastJob()
NO_NOZZLE: Final = NozzleInfo.from_dict({})
NO_PREVIEW: Final = Preview()
NO_STATISTICS: Final = Statistics.from_dict({})
NO_SYSTEM: Final = SystemInfo.from_dict({})
# Compare them by identity, because an answer may be just as empty.
NOT_READ: Final = (
    *(NO_BASIC, NO_CAMERA, NO_JOB, NO_LAST_JOB),
    *(NO_NOZZLE, NO_PREVIEW, NO_STATISTICS, NO_SYSTEM),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise3DData:
    """One snapshot of the printer; everything that entities show comes from here."""

    online: bool = False
    uploading: bool = False
    """Whether an upload keeps the printer from being polled."""
    state: RunningState | None = None
    job: ActiveJob = NO_JOB
    unresolved: bool = False
    """Whether state and job do not agree yet, because one of them lags."""
    basic: BasicInfo = NO_BASIC
    left_nozzle: NozzleInfo = NO_NOZZLE
    right_nozzle: NozzleInfo = NO_NOZZLE
    system: SystemInfo = NO_SYSTEM
    camera: CameraInfo = NO_CAMERA
    statistics: Statistics = NO_STATISTICS
    last_job: LastJob = NO_LAST_JOB
    preview: Preview = NO_PREVIEW
    usage: Usage = IN_USE

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
    def free(self) -> bool:
        """Whether it has nothing to do, as far as all answers agree."""
        return self.status is PrinterStatus.IDLE and not self.unresolved

    @property
    def heaters(self) -> tuple[Heater, ...]:
        """The bed, the left nozzle, and the right one, which not every printer has."""
        return self.basic, self.left_nozzle, self.right_nozzle

    def is_hot(self, degrees: float) -> bool:
        """Whether a heater is known to have that many °C or more."""
        known = (heater.temperature for heater in self.heaters)
        return self.online and any(
            each is not None and each >= degrees for each in known
        )

    @property
    def printing(self) -> bool | None:
        """Whether it prints, also while someone at the panel makes it say busy."""
        if self.state is None:
            return None
        if self.state is RunningState.BUSY:
            return self.job.state is JobState.RUNNING
        return self.state is RunningState.RUNNING
