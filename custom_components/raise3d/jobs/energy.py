"""The energy that a job uses, by the readings of a plug; no Home Assistant, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from ..const import GAPS_SHARE, MAX_PLUG_POWER, PLUG_GAP
from .bill import Bill
from .stored import (
    format_time,
    read_certain_time,
    read_float,
    read_mapping,
    read_str,
    read_time,
)

# Home Assistant's own rule: a meter that falls by more was reset, by less it is noise.
_RESET_BY = 0.1
_HOUR = timedelta(hours=1)


class Source(StrEnum):
    """What measures a plug."""

    METER = "meter"
    """Counts kWh."""
    POWER = "power"
    """Shows kW, until it shows something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a plug's sensor shows."""

    value: float
    """kWh of a meter, or kW."""
    increasing: bool = True
    """Whether a meter that falls was reset."""
    cycle: str | None = None
    """When a meter says that it was reset last."""

    def fell_since(self, before: Self) -> bool:
        """Whether a meter shows less than before, by more than noise."""
        return self.value < before.value - _RESET_BY * abs(before.value)

    def used_since(self, before: Self, *, gap: bool) -> float | None:
        """Return the kWh since another reading, None where they are not known.

        A reset within a gap hides what was used before it.
        """
        fell = self.fell_since(before)
        cycles = (before.cycle, self.cycle)
        new_cycle = None not in cycles and before.cycle != self.cycle
        if fell if self.increasing else new_cycle:
            return None if gap else self.value
        # a total may fall as well, but a printer generates nothing
        return None if fell else self.value - before.value

    def as_dict(self) -> dict[str, object]:
        """Return the reading as it is stored."""
        return {
            "value": self.value,
            "increasing": self.increasing,
            "cycle": self.cycle,
        }

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """Read what was stored; raises KeyError, TypeError or ValueError if damaged."""
        stored = read_mapping(data)
        value = read_float(stored["value"])
        if value is None:
            msg = "no reading"
            raise ValueError(msg)
        return cls(
            value=value,
            increasing=stored["increasing"] is True,
            cycle=read_str(stored["cycle"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a job has used, None where that is not known."""

    energy: float | None = None
    """kWh."""
    cost: float | None = None
    """What the energy cost."""


@dataclass(slots=True, kw_only=True)
class JobEnergy:
    """The energy of one job: readings and prices come in the order of time."""

    source: Source
    bill: Bill
    started_at: datetime
    energy: float | None = 0.0
    """kWh that are counted, None where some are not known."""
    counted_until: datetime
    last: Reading | None = None
    before_fall: Reading | None = None
    """What a meter showed that has fallen, and has shown the same since then."""
    gap_since: datetime | None = None
    """Since when the sensor shows nothing."""
    gaps: timedelta = timedelta()

    @classmethod
    def since(
        cls, at: datetime, source: Source, bill: Bill, energy: float = 0.0
    ) -> Self:
        """Start before the first reading, with what was used before."""
        return cls(
            source=source,
            bill=bill,
            started_at=at,
            energy=energy,
            counted_until=at,
            gap_since=at,
        )

    def note_reading(self, at: datetime, reading: Reading | None) -> None:
        """Note what the sensor shows from now on, None for nothing."""
        if reading is None:
            if self.gap_since is None:
                self._count_power(at)
                self.gap_since = at
            return
        gap = at - self.gap_since if self.gap_since else timedelta()
        long = gap.total_seconds() > PLUG_GAP
        if self.last is None:
            # what was used before the first reading is not known
            self.energy = None if long else self.energy
            self.counted_until = at
        elif self.source is Source.POWER:
            self._count_power(at)
        else:
            self._count(at, self._used(at, self.last, reading, gap=long))
        self.gaps += gap
        self.last, self.gap_since = reading, None

    def close(self, at: datetime) -> Used:
        """Return what was used until now."""
        self._count_power(at)
        known = None if self._is_lost(at) else self.energy
        energy = None if known is None else round(known, 4)
        # less than nothing is noise of the meter
        if energy is None or energy < 0:
            return Used()
        cost = self.bill.close(at)
        return Used(energy=energy, cost=None if cost is None else round(cost, 4))

    def _is_lost(self, at: datetime) -> bool:
        """Whether the sensor has shown nothing for too long; a meter catches up."""
        if self.last is None:
            return True
        gap = at - self.gap_since if self.gap_since else timedelta()
        if self.source is Source.METER:
            return gap.total_seconds() > PLUG_GAP
        allowed = GAPS_SHARE * (at - self.started_at).total_seconds()
        return (self.gaps + gap).total_seconds() > max(PLUG_GAP, allowed)

    def _used(
        self, at: datetime, last: Reading, reading: Reading, *, gap: bool
    ) -> float | None:
        """Return the kWh since the last reading; a meter may only seem to be reset.

        Many show 0 for a moment while they boot.
        """
        used, before = reading.used_since(last, gap=gap), self.before_fall
        if reading.increasing and reading.fell_since(last):
            self.before_fall = last
        elif used:
            self.before_fall = None
        most = MAX_PLUG_POWER * ((at - self.counted_until) / _HOUR)
        seemed = before is not None and used is not None and used > most
        if before is None or not seemed or reading.fell_since(before):
            return used
        # what it showed meanwhile has been counted
        return reading.value - before.value - last.value

    def _count_power(self, at: datetime) -> None:
        """Count what the power has used until now."""
        if self.source is Source.POWER and self.last is not None:
            self._count(at, self.last.value * ((at - self.counted_until) / _HOUR))

    def _count(self, at: datetime, used: float | None) -> None:
        """Count kWh that were used until now, None where they are not known."""
        if used is None or self.energy is None:
            self.energy = None
        else:
            self.energy += used
            self.bill.charge(self.counted_until, at, used)
        self.counted_until = at

    def as_dict(self) -> dict[str, object]:
        """Return what can be stored."""
        return {
            "source": self.source.value,
            "started_at": format_time(self.started_at),
            "energy": self.energy,
            "last": self.last and self.last.as_dict(),
            "before_fall": self.before_fall and self.before_fall.as_dict(),
            "counted_until": format_time(self.counted_until),
            "gap_since": format_time(self.gap_since),
            "gaps": self.gaps.total_seconds(),
            "bill": self.bill.as_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what was stored; raises KeyError, TypeError or ValueError if damaged."""
        last, before_fall = data["last"], data["before_fall"]
        return cls(
            source=Source(str(data["source"])),
            bill=Bill.from_dict(read_mapping(data["bill"])),
            started_at=read_certain_time(data["started_at"]),
            energy=read_float(data["energy"]),
            counted_until=read_certain_time(data["counted_until"]),
            last=None if last is None else Reading.from_dict(last),
            before_fall=None if before_fall is None else Reading.from_dict(before_fall),
            gap_since=read_time(data["gap_since"]),
            gaps=timedelta(seconds=read_float(data["gaps"]) or 0.0),
        )
