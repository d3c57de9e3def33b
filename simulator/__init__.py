"""A printer without a printer: plays a Raise3D machine's HTTP API faithfully."""

from .faults import Faults
from .models import MODELS, StoredFile
from .printer import Printer
from .server import Simulator
from .states import Phase, RecordedEvent, Unknowns

__all__ = [
    "MODELS",
    "Faults",
    "Phase",
    "Printer",
    "RecordedEvent",
    "Simulator",
    "StoredFile",
    "Unknowns",
]
