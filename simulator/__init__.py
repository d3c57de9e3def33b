"""A printer without a printer: plays a Raise3D machine's HTTP API faithfully."""

from .captures import Capture, CaptureError
from .faults import Faults
from .models import MODELS, StoredFile
from .printer import Printer
from .replay import Replay
from .server import Simulator
from .states import Phase, RecordedEvent, Unknowns

__all__ = [
    "MODELS",
    "Capture",
    "CaptureError",
    "Faults",
    "Phase",
    "Printer",
    "RecordedEvent",
    "Replay",
    "Simulator",
    "StoredFile",
    "Unknowns",
]
