"""A maintenance task: how far it is, and when it was last done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import math
from typing import Self

from ..jobs.stored import format_time, read_time
from .amounts import UNIT, Amounts, Counted, read_amounts, write_amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a person has entered."""

    name: str
    counted: Counted
    interval: float
    """Hours, grams, prints or days."""

    def remaining(self, used: float | None) -> int | None:
        """Return what is left, below 0 once it is overdue, None where unknown.

        A unit that has begun counts as left: 0 is reached when the task is due.
        """
        if used is None:
            return None
        unit = UNIT[self.counted]
        # without the noise of sums of grams
        return math.ceil(round(self.interval - max(0.0, used) / unit, 6))


@dataclass(slots=True, kw_only=True)
class TaskState:
    """When a task was last done, and how much the printer had done until then.

    Of everything, so that a task may be counted in something else later.
    """

    done_at: datetime
    base: dict[Counted, float] = field(default_factory=dict)

    def follow(self, total: Amounts) -> None:
        """Begin to count what was not known before, and never beyond the total.

        A wrong answer, or a failed print that was recovered, may have been in it.
        """
        for each, value in total.items():
            self.base[each] = min(self.base.get(each, value), value)

    def used(self, counted: Counted, total: Amounts, now: datetime) -> float | None:
        """Return how much was done since, None where it is not known."""
        if counted is Counted.DAYS:
            return (now - self.done_at).total_seconds()
        if counted not in total or counted not in self.base:
            return None
        return total[counted] - self.base[counted]

    def next_day(self, now: datetime) -> datetime:
        """Return when one more day has passed since."""
        day = timedelta(days=1)
        return self.done_at + ((now - self.done_at) // day + 1) * day

    def as_dict(self) -> dict[str, object]:
        """Return the state as it is stored."""
        return {"done_at": format_time(self.done_at), "base": write_amounts(self.base)}

    @classmethod
    def from_dict(cls, data: object) -> Self | None:
        """Read a state that was stored, None where it is damaged."""
        if not isinstance(data, Mapping):
            return None
        done_at = read_time(data.get("done_at"))
        if done_at is None:
            return None
        return cls(done_at=done_at, base=read_amounts(data.get("base")))
