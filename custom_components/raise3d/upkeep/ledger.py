"""All that is kept of a printer's maintenance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from ..jobs.models import JobPhase
from ..jobs.stored import format_time, read_time
from .amounts import Amounts
from .failed import FailedPrints
from .meter import Meter
from .task import TaskState


@dataclass(kw_only=True)
class Ledger:
    """What a printer has done in all, and when each of its tasks was last done."""

    meter: Meter = field(default_factory=Meter)
    failed: FailedPrints = field(default_factory=FailedPrints)
    tasks: dict[str, TaskState] = field(default_factory=dict)
    acknowledged_at: datetime | None = None
    """Which start of the counters a person knows of."""

    @property
    def total(self) -> Amounts:
        """What the printer has done, with the failed prints that it does not count."""
        added = self.failed.total
        return {
            each: value + added.get(each, 0) for each, value in self.meter.total.items()
        }

    @property
    def essence(self) -> object:
        """What has to be stored and shown once it changes."""
        meter = self.meter
        bases = {key: dict(state.base) for key, state in self.tasks.items()}
        return self.total, bases, meter.odd, meter.restarted_at, self.failed.current

    @property
    def unacknowledged(self) -> bool:
        """Whether the counters have started again, which no person knows yet."""
        restarted_at = self.meter.restarted_at
        return restarted_at is not None and restarted_at != self.acknowledged_at

    def acknowledge(self) -> None:
        """Note that a person knows of it."""
        self.acknowledged_at = self.meter.restarted_at

    def note_counters(self, amounts: Amounts, now: datetime) -> None:
        """Note an answer of the printer."""
        if not amounts:
            return
        explained = self.failed.explains_all
        growth = self.meter.update(amounts, now, explained=explained)
        self.failed.note_growth(growth, now)
        self._follow_total()

    def note_job(
        self, key: str, phase: JobPhase, duration: float | None, now: datetime
    ) -> None:
        """Note what has become of a job."""
        self.failed.note_job(key, phase, duration, now)
        self._follow_total()

    def _follow_total(self) -> None:
        """Let no task begin beyond the total, which may be taken back."""
        total = self.total
        for task in self.tasks.values():
            task.follow(total)

    def note_done(self, task: str, now: datetime) -> None:
        """Note that a task was done."""
        self.tasks[task] = TaskState(done_at=now, base=dict(self.total))

    def keep(self, tasks: Iterable[str], now: datetime) -> None:
        """Keep these tasks; a new one counts from now on."""
        before = self.tasks
        self.tasks = {}
        for task in tasks:
            if (state := before.get(task)) is None:
                self.note_done(task, now)
            else:
                self.tasks[task] = state

    def as_dict(self) -> dict[str, object]:
        """Return what is stored."""
        return {
            "meter": self.meter.as_dict(),
            "failed": self.failed.as_dict(),
            "acknowledged_at": format_time(self.acknowledged_at),
            "tasks": {key: state.as_dict() for key, state in self.tasks.items()},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what was stored; raises ValueError if it is damaged."""
        parts = {name: data.get(name) for name in ("meter", "failed", "tasks")}
        found = {
            name: part if isinstance(part, Mapping) else {}
            for name, part in parts.items()
        }
        states = {
            str(key): TaskState.from_dict(row) for key, row in found["tasks"].items()
        }
        return cls(
            meter=Meter.from_dict(found["meter"]),
            failed=FailedPrints.from_dict(found["failed"]),
            acknowledged_at=read_time(data.get("acknowledged_at")),
            tasks={key: state for key, state in states.items() if state is not None},
        )
