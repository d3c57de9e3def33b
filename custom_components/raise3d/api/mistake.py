"""Why a value cannot be sent to any printer."""

from enum import StrEnum


class Mistake(StrEnum):
    """What is wrong with a value, whatever the printer would say of it."""

    FEED = "feed"
    """A speed of a move that is no number within its limits; filament's are lower."""
    FILE_CHANGED = "file_changed"
    """A file that gives more or fewer bytes than announced."""
    FILE_SIZE = "file_size"
    """A file that is larger than the printer takes."""
    NAME = "name"
    """A name that no file or folder can have."""
    NO_AXIS = "no_axis"
    """A move without an axis."""
    NO_NOZZLE = "no_nozzle"
    """A move of filament that names neither of the nozzles."""
    PATH = "path"
    """A path that is not below `Local/`, or leaves it."""
    RANGE = "range"
    """What is no number within its limits."""
