"""Values of the storage, read and written."""

from collections.abc import Mapping
from datetime import datetime


def read_mapping(value: object) -> Mapping[str, object]:
    """Return a mapping; raises TypeError for anything else."""
    if not isinstance(value, Mapping):
        msg = "not a mapping"
        raise TypeError(msg)
    return value


def read_str(value: object) -> str | None:
    """Return a text, None for anything else."""
    return value if isinstance(value, str) else None


def format_time(value: datetime | None) -> str | None:
    """Return the text that a time is stored as."""
    return value.isoformat() if value else None


def read_time(value: object) -> datetime | None:
    """Return a time, None for anything but a text; raises ValueError if damaged."""
    if not isinstance(value, str):
        return None
    time = datetime.fromisoformat(value)
    if time.tzinfo is None:
        msg = "a time without a zone"
        raise ValueError(msg)
    return time


def read_certain_time(value: object) -> datetime:
    """Return a time; raises ValueError for anything else."""
    if (time := read_time(value)) is None:
        msg = "no time"
        raise ValueError(msg)
    return time


def read_int(value: object) -> int | None:
    """Return a whole number, None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def read_float(value: object) -> float | None:
    """Return a number, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)
