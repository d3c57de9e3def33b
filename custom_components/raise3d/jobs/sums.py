"""What a printer has printed, hour by hour: sums that only grow, and a rate."""

from collections.abc import Iterable, Mapping, Set as AbstractSet
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Self

from .log import LoggedJob
from .models import JobPhase

# Sums are compared after they were divided, stored and read again.
_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures of some prints; what is not known of a print adds nothing."""

    prints: float = 0
    """All that have ended, whatever the outcome."""
    completed: float = 0
    failed: float = 0
    """Without those that were stopped: a person wanted that."""
    hours: float = 0
    """Printed, whatever the outcome."""
    filament_left: float = 0
    """Grams."""
    filament_right: float = 0
    """Grams."""

    @classmethod
    def of(cls, job: LoggedJob) -> Self:
        """Return the figures of a job that has ended."""
        return cls(
            prints=1,
            completed=int(job.phase is JobPhase.COMPLETED),
            failed=int(job.phase is JobPhase.FAILED),
            hours=(job.duration or 0) / 3600,
            filament_left=job.filament_left or 0,
            filament_right=job.filament_right or 0,
        )

    def __add__(self, other: Self) -> Self:
        """Return the sums of both."""
        return type(self)(
            prints=self.prints + other.prints,
            completed=self.completed + other.completed,
            failed=self.failed + other.failed,
            hours=self.hours + other.hours,
            filament_left=self.filament_left + other.filament_left,
            filament_right=self.filament_right + other.filament_right,
        )

    def since(self, before: Self) -> Self:
        """Return by how much sums have grown."""
        return type(self)(
            prints=self.prints - before.prints,
            completed=self.completed - before.completed,
            failed=self.failed - before.failed,
            hours=self.hours - before.hours,
            filament_left=self.filament_left - before.filament_left,
            filament_right=self.filament_right - before.filament_right,
        )

    def is_close_to(self, other: Self) -> bool:
        """Whether all figures are the same."""
        return all(
            is_close(one, two)
            for one, two in zip(astuple(self), astuple(other), strict=True)
        )

    @property
    def success_rate(self) -> float | None:
        """Percent of the prints that nobody stopped, None where there are none."""
        decided = self.completed + self.failed
        return self.completed / decided * 100 if decided > _TOLERANCE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HourSums:
    """The sums at the end of an hour in which a print ended."""

    start: datetime
    sums: Figures
    stored: Figures | None = None
    """The sums that were stored, None where the hour is new."""
    success_rate: float | None
    """Of this hour alone."""
    rate_is_new: bool = True


def is_close(one: float, two: float) -> bool:
    """Whether two sums are the same."""
    return abs(one - two) < _TOLERANCE


def hour_of(job: LoggedJob, now: datetime) -> datetime | None:
    """Return the hour in which a job ended, None where that is not known."""
    ended_at = job.ended_at
    if job.phase.active or ended_at is None or ended_at > now:
        return None
    return ended_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def changed_hours(
    jobs: Iterable[LoggedJob],
    stored: Mapping[datetime, Figures],
    now: datetime,
    vacated: AbstractSet[datetime] = frozenset(),
) -> list[HourSums]:
    """Return the hours whose sums are not the stored ones, in their order.

    The log is bounded: what was stored of the time before its first end stays. An hour
    that a job has vacated, because its time was corrected, is counted again.
    """
    counted: dict[datetime, Figures] = {}
    for job in jobs:
        if (hour := hour_of(job, now)) is not None:
            counted[hour] = counted.get(hour, Figures()) + Figures.of(job)
    known = _each_alone(stored)
    first = min(counted, default=None)
    hours = sorted({*counted, *known})
    alone = []
    for hour in hours:
        kept = first is None or hour < first
        if kept and hour in known and hour not in vacated:
            alone.append(known[hour])
        elif hour == first and hour in known and hour not in vacated:
            # some of its jobs may have made room for others
            alone.append(max(counted[hour], known[hour], key=_prints))
        else:
            alone.append(counted.get(hour, Figures()))
    rows = zip(hours, accumulate(alone, Figures.__add__), alone, strict=True)
    return [
        HourSums(
            start=hour,
            sums=sums,
            stored=stored.get(hour),
            success_rate=one.success_rate,
            rate_is_new=hour not in known or not one.is_close_to(known[hour]),
        )
        for hour, sums, one in rows
        if hour not in stored
        or not sums.is_close_to(stored[hour])
        or not one.is_close_to(known[hour])
    ]


def _prints(figures: Figures) -> float:
    """Return the number of prints; of as many, what the log says now is newer."""
    return figures.prints


def _each_alone(stored: Mapping[datetime, Figures]) -> dict[datetime, Figures]:
    """Return what each hour has added to the sums."""
    before = Figures()
    found = {}
    for hour in sorted(stored):
        found[hour] = stored[hour].since(before)
        before = stored[hour]
    return found
