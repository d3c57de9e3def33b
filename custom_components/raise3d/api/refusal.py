"""Why the printer refuses a command, read from its words."""

from enum import StrEnum
from typing import Final


class Refusal(StrEnum):
    """A state of the printer that forbids a command."""

    BUSY = "busy"
    COMPLETED = "completed"
    """The view of a completed print is open at the panel."""
    NO_FILE = "no_file"
    NO_LAST_JOB = "no_last_job"
    """No power cut has ended a print."""
    NOT_READY = "not_ready"
    """The printer is still booting."""
    PANEL = "panel"
    """Another view is open at the panel, and has to be closed there."""
    PAUSED = "paused"
    PRINTING = "printing"
    SAFE_MODE = "safe_mode"
    SERIAL = "serial"
    """The motion board does not answer."""
    STOPPED = "stopped"
    UNKNOWN = "unknown"
    """Words that are not documented."""


# Parts of the printer's words: the documents spell them in more than one way.
_WORDS: Final = (
    ("completed interface", Refusal.COMPLETED),
    ("powerloss interface", Refusal.PANEL),
    ("powerdown interface", Refusal.PANEL),
    ("extrude", Refusal.PANEL),
    ("calibrate", Refusal.PANEL),
    ("is busy", Refusal.BUSY),
    ("safe mode", Refusal.SAFE_MODE),
    ("not ready", Refusal.NOT_READY),
    ("serial", Refusal.SERIAL),
    ("is printing", Refusal.PRINTING),
    ("is paused", Refusal.PAUSED),
    ("is stop", Refusal.STOPPED),
    ("file is not exist", Refusal.NO_FILE),
    ("no last job", Refusal.NO_LAST_JOB),
)


def read_refusal(message: str) -> Refusal:
    """Return what the printer's words mean."""
    words = message.lower()
    return next((refusal for part, refusal in _WORDS if part in words), Refusal.UNKNOWN)
