"""Values as they are stored, and read again."""

from collections.abc import Mapping
from datetime import datetime


def mapping(value: object) -> Mapping[str, object]:
    """Return a mapping; raises TypeError for anything else."""
    if not isinstance(value, Mapping):
        msg = "not a mapping"
        raise TypeError(msg)
    return value


def stored_text(value: object) -> str | None:
    """Return a text, None for anything else."""
    return value if isinstance(value, str) else None


def stored_time(value: datetime | None) -> str | None:
    """Return a time as it is stored."""
    return value.isoformat() if value else None


def read_time(value: object) -> datetime | None:
    """Return a time, None for what is no text; raises ValueError if damaged."""
    if not isinstance(value, str):
        return None
    time = datetime.fromisoformat(value)
    if time.tzinfo is None:
        msg = "a time without a zone"
        raise ValueError(msg)
    return time
