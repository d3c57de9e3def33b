"""A job of a printer's log: what was printed, when, with what, at what price."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from .id_time import read_start
from .models import JobPhase
from .stored import format_time, read_float, read_int, read_str, read_time


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedJob:
    """A job of the log; what is not known of it is None, never 0."""

    key: str = field(repr=False)
    """Its id, or what it was first known by; the same for all of its life."""
    job_id: str | None = field(default=None, repr=False)
    file_name: str | None = field(default=None, repr=False)
    """With all its folders, as the printer names them."""
    user_tag: str | None = field(default=None, repr=False)
    phase: JobPhase
    started_at: datetime | None = None
    ended_at: datetime | None = None
    ended_after: datetime | None = None
    """The last poll before its end, where that was found out late."""
    ended_before: datetime | None = None
    """The poll that found its end out late."""
    layers: int | None = None
    """Layers printed."""
    progress: float | None = None
    """Percent of the file."""
    estimated_duration: int | None = None
    """Seconds."""
    duration: int | None = None
    """Seconds printed."""
    filament_left: float | None = None
    """Grams; only what was printed to its end is known to have used it."""
    filament_right: float | None = None
    """Grams, None with one nozzle."""
    energy: float | None = None
    """kWh between start and end."""
    cost: float | None = None
    """In its currency."""
    energy_cost: float | None = None
    """Its part of the cost, known also where the rest is not."""
    filament_cost: float | None = None
    currency: str | None = None
    """That of Home Assistant when it ended."""
    start_seen: bool = False
    """Whether a poll saw it start, so that its start is right to the minute."""
    dated: bool = False
    """Whether its times are computed from the printer's clock."""
    paused: bool = False
    """Whether it was ever paused: it took longer than it printed."""
    assumed: bool = False
    """Whether nobody saw its end, and the phase is what is likely."""
    listed: bool = False
    """Whether the figures of the printer's own history are in it."""
    unreadable: bool = False
    """Whether the printer's history could not give its figures, and never will."""
    clock_start: datetime | None = field(init=False, repr=False, compare=False)
    """The start by the printer's clock, as if that were UTC; parsed from the id."""

    def __post_init__(self) -> None:
        """Parse the id once: all jobs are dated together, again and again."""
        start = read_start(self.job_id) if self.job_id else None
        object.__setattr__(self, "clock_start", start)

    @property
    def lacks_figures(self) -> bool:
        """Whether the printer's history may still have figures of it."""
        return (
            self.phase is JobPhase.COMPLETED
            and self.job_id is not None
            and not (self.listed or self.unreadable)
        )

    def in_currency(self, currency: str) -> Self:
        """Return the job without a cost that is one in another currency."""
        if self.currency in (None, currency):
            return self
        return replace(self, cost=None, energy_cost=None, filament_cost=None)

    def as_dict(self) -> dict[str, object]:
        """Return the job as it is stored, without what is not known."""
        known = {
            "key": None if self.key == self.job_id else self.key,
            "job_id": self.job_id,
            "file_name": self.file_name,
            "user_tag": self.user_tag,
            "phase": self.phase.value,
            "started_at": format_time(self.started_at),
            "ended_at": format_time(self.ended_at),
            "ended_after": format_time(self.ended_after),
            "ended_before": format_time(self.ended_before),
            "layers": self.layers,
            "progress": self.progress,
            "estimated_duration": self.estimated_duration,
            "duration": self.duration,
            "filament_left": self.filament_left,
            "filament_right": self.filament_right,
            "energy": self.energy,
            "cost": self.cost,
            "energy_cost": self.energy_cost,
            "filament_cost": self.filament_cost,
            "currency": self.currency,
            "start_seen": self.start_seen or None,
            "dated": self.dated or None,
            "paused": self.paused or None,
            "assumed": self.assumed or None,
            "listed": self.listed or None,
            "unreadable": self.unreadable or None,
        }
        return {name: value for name, value in known.items() if value is not None}

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what was stored; raises ValueError or KeyError if it is damaged."""
        return cls(
            key=str(data["key"] if "key" in data else data["job_id"]),
            job_id=read_str(data.get("job_id")),
            file_name=read_str(data.get("file_name")),
            user_tag=read_str(data.get("user_tag")),
            phase=JobPhase(str(data["phase"])),
            started_at=read_time(data.get("started_at")),
            ended_at=read_time(data.get("ended_at")),
            ended_after=read_time(data.get("ended_after")),
            ended_before=read_time(data.get("ended_before")),
            layers=read_int(data.get("layers")),
            progress=read_float(data.get("progress")),
            estimated_duration=read_int(data.get("estimated_duration")),
            duration=read_int(data.get("duration")),
            filament_left=read_float(data.get("filament_left")),
            filament_right=read_float(data.get("filament_right")),
            energy=read_float(data.get("energy")),
            cost=read_float(data.get("cost")),
            energy_cost=read_float(data.get("energy_cost")),
            filament_cost=read_float(data.get("filament_cost")),
            currency=read_str(data.get("currency")),
            start_seen=data.get("start_seen") is True,
            dated=data.get("dated") is True,
            paused=data.get("paused") is True,
            assumed=data.get("assumed") is True,
            listed=data.get("listed") is True,
            unreadable=data.get("unreadable") is True,
        )
