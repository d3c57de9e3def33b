"""Marks of a job: how far it has come, by which its moments are found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from ..api.const import MAX_JOB_TIME, MAX_LAYERS

# Degrees Celsius. Hotter than any part of a printer: nothing has cooled down yet.
HOTTEST = 9999.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How far a job has come; None is what no poll has shown yet."""

    layer: int | None = None
    """The highest layer, 0 before the first one."""
    left: int | None = None
    """The fewest seconds left."""
    heat: float | None = None
    """Degrees Celsius of the hottest part, the lowest since the end of the job."""
    free: bool | None = None
    """Whether the printer has become free since."""

    @property
    def known(self) -> tuple[bool, ...]:
        """Which marks are known."""
        marks = (self.layer, self.left, self.heat, self.free)
        return tuple(mark is not None for mark in marks)

    def for_next_job(self) -> Self:
        """Return the marks of the next job: a printer that is not free stays so."""
        return type(self)(free=False if self.free is False else None)

    def as_dict(self) -> dict[str, object]:
        """Return what can be stored as JSON."""
        return {
            "layer": self.layer,
            "left": self.left,
            "heat": self.heat,
            "free": self.free,
        }

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """Read what was stored; versions without marks stored none."""
        stored: Mapping[str, object] = data if isinstance(data, Mapping) else {}
        free = stored.get("free")
        layer = _read_number(stored.get("layer"), MAX_LAYERS)
        left = _read_number(stored.get("left"), MAX_JOB_TIME)
        return cls(
            layer=None if layer is None else int(layer),
            left=None if left is None else int(left),
            heat=_read_number(stored.get("heat"), HOTTEST),
            free=free if isinstance(free, bool) else None,
        )


def _read_number(value: object, limit: float) -> float | None:
    """Return a number that a mark can be, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= limit else None
