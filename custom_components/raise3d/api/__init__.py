"""Client of the RaiseTouch Remote Access API of Raise3D printers.

Written as a library of its own: nothing here imports Home Assistant.
"""

from .adapters import Adapters
from .answers import AnswerLog, RawAnswer
from .camera import PictureStream, Raise3DCamera
from .client import Raise3DClient
from .commands import Nozzle, check_idle
from .const import DEFAULT_PORT, JobState, RunningState
from .exceptions import (
    Raise3DApiDownError,
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DConnectionError,
    Raise3DDisconnectedError,
    Raise3DError,
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    Raise3DOtherJobError,
    Raise3DRefusedError,
    Raise3DResponseError,
    Raise3DSessionError,
    Raise3DTimeoutError,
    Raise3DWrongPrinterError,
)
from .folders import find_file, find_files
from .history import HistoryBookmark, HistoryEnd
from .login import sign
from .mistake import Mistake
from .models import (
    BasicInfo,
    CameraInfo,
    FileEntry,
    FileList,
    HistoryDetails,
    HistoryEntry,
    JobReport,
    NozzleInfo,
    RunningStatus,
    Statistics,
    SystemInfo,
)
from .pictures import picture_type
from .previews import read_preview
from .recognition import is_printer
from .refusal import Refusal
from .values import ROOT_FOLDER, child_path

__all__ = [
    "DEFAULT_PORT",
    "ROOT_FOLDER",
    "Adapters",
    "AnswerLog",
    "BasicInfo",
    "CameraInfo",
    "FileEntry",
    "FileList",
    "HistoryBookmark",
    "HistoryDetails",
    "HistoryEnd",
    "HistoryEntry",
    "JobReport",
    "JobState",
    "Mistake",
    "Nozzle",
    "NozzleInfo",
    "PictureStream",
    "Raise3DApiDownError",
    "Raise3DAuthenticationError",
    "Raise3DBusyError",
    "Raise3DCamera",
    "Raise3DClient",
    "Raise3DConnectionError",
    "Raise3DDisconnectedError",
    "Raise3DError",
    "Raise3DInvalidValueError",
    "Raise3DNotFoundError",
    "Raise3DOtherJobError",
    "Raise3DRefusedError",
    "Raise3DResponseError",
    "Raise3DSessionError",
    "Raise3DTimeoutError",
    "Raise3DWrongPrinterError",
    "RawAnswer",
    "Refusal",
    "RunningState",
    "RunningStatus",
    "Statistics",
    "SystemInfo",
    "check_idle",
    "child_path",
    "find_file",
    "find_files",
    "is_printer",
    "picture_type",
    "read_preview",
    "sign",
]
