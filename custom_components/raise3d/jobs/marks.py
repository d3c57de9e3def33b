"""Marks of a job: how far it has come, by which its moments are found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

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
        heat, free = stored.get("heat"), stored.get("free")
        return cls(
            layer=_read_int(stored.get("layer")),
            left=_read_int(stored.get("left")),
            heat=float(heat) if isinstance(heat, int | float) else None,
            free=free if isinstance(free, bool) else None,
        )


def _read_int(value: object) -> int | None:
    """Return a number, None for anything else."""
    return value if isinstance(value, int) else None
