"""The log of a printer's jobs: what was printed, when, with what, at what price."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from .models import JobEvent, JobEventType, JobPhase
from .stored import format_time, read_float, read_int, read_str, read_time

_PHASES = {
    JobEventType.STARTED: JobPhase.PRINTING,
    JobEventType.RESUMED: JobPhase.PRINTING,
    JobEventType.PAUSED: JobPhase.PAUSED,
    JobEventType.COMPLETED: JobPhase.COMPLETED,
    JobEventType.STOPPED: JobPhase.STOPPED,
    JobEventType.FAILED: JobPhase.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedJob:
    """A job of the log; what is not known of it is None, never 0."""

    key: str = field(repr=False)
    """Its id, or its file and start where the printer sends no id."""
    job_id: str | None = field(default=None, repr=False)
    file_name: str | None = field(default=None, repr=False)
    """With all its folders where the printer names them."""
    user_tag: str | None = field(default=None, repr=False)
    phase: JobPhase
    started_at: datetime | None = None
    ended_at: datetime | None = None
    layers: int | None = None
    """Layers printed."""
    estimated_duration: int | None = None
    """Seconds."""
    duration: int | None = None
    """Seconds printed."""
    filament_left: float | None = None
    """Grams."""
    filament_right: float | None = None
    """Grams, None with one nozzle."""
    energy: float | None = None
    """kWh between start and end."""
    cost: float | None = None
    """In the currency of Home Assistant."""
    energy_cost: float | None = None
    """Its part of the cost, known also where the rest is not."""
    filament_cost: float | None = None
    listed: bool = False
    """Whether the figures of the printer's own history are in it."""

    def after(self, event: JobEvent, now: datetime) -> Self:
        """Return the job after an event; what the event lacks stays."""
        phase = _PHASES[event.type]
        ended_at = self.ended_at
        if not phase.active and not event.late:
            ended_at = now
        return replace(
            self,
            file_name=event.file_name or self.file_name,
            phase=phase,
            started_at=event.started_at or self.started_at,
            ended_at=None if phase.active else ended_at,
            layers=self.layers if event.layers is None else event.layers,
            estimated_duration=event.estimated_duration or self.estimated_duration,
            duration=self.duration if event.duration is None else event.duration,
        )

    def as_dict(self) -> dict[str, object]:
        """Return the job as it is stored, without what is not known."""
        known = {
            "key": self.key,
            "job_id": self.job_id,
            "file_name": self.file_name,
            "user_tag": self.user_tag,
            "phase": self.phase.value,
            "started_at": format_time(self.started_at),
            "ended_at": format_time(self.ended_at),
            "layers": self.layers,
            "estimated_duration": self.estimated_duration,
            "duration": self.duration,
            "filament_left": self.filament_left,
            "filament_right": self.filament_right,
            "energy": self.energy,
            "cost": self.cost,
            "energy_cost": self.energy_cost,
            "filament_cost": self.filament_cost,
            "listed": self.listed or None,
        }
        return {name: value for name, value in known.items() if value is not None}

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what was stored; raises ValueError or KeyError if it is damaged."""
        return cls(
            key=str(data["key"]),
            job_id=read_str(data.get("job_id")),
            file_name=read_str(data.get("file_name")),
            user_tag=read_str(data.get("user_tag")),
            phase=JobPhase(str(data["phase"])),
            started_at=read_time(data.get("started_at")),
            ended_at=read_time(data.get("ended_at")),
            layers=read_int(data.get("layers")),
            estimated_duration=read_int(data.get("estimated_duration")),
            duration=read_int(data.get("duration")),
            filament_left=read_float(data.get("filament_left")),
            filament_right=read_float(data.get("filament_right")),
            energy=read_float(data.get("energy")),
            cost=read_float(data.get("cost")),
            energy_cost=read_float(data.get("energy_cost")),
            filament_cost=read_float(data.get("filament_cost")),
            listed=data.get("listed") is True,
        )
