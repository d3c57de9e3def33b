"""Jobs for the log of a printer, as its history or an event would put them there."""

from datetime import datetime, timedelta
from typing import Any

from custom_components.raise3d.jobs import JobPhase, LoggedJob
from homeassistant.util import dt as dt_util

from .common import Home


def at(text: str) -> datetime:
    """Return a time in UTC."""
    time = dt_util.parse_datetime(text)
    assert time
    return dt_util.as_utc(time)


def logged(
    key: str, start: datetime | None, seconds: int = 3600, **figures: Any
) -> LoggedJob:
    """Return a job that has ended, as it was completed unless given."""
    end = start + timedelta(seconds=seconds) if start else None
    known = {
        "file_name": f"Local/{key}.gcode",
        "phase": JobPhase.COMPLETED,
        "started_at": start,
        "ended_at": end,
        "duration": seconds,
        **figures,
    }
    return LoggedJob(key=key, **known)


def put(home: Home, *jobs: LoggedJob) -> None:
    """Put jobs into the log."""
    for job in jobs:
        home.coordinator.log.async_put(job)
