"""What a job has cost: filament and energy, as far as they have a price."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .log import LoggedJob

# Decimals of money: hundredths of a cent, so that sums are exact to the cent.
_DECIMALS = 4
_GRAMS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What has a price: only that is part of the cost."""

    filament_left: float | None = None
    """Per kg."""
    filament_right: float | None = None
    energy: bool = False

    @property
    def filament(self) -> bool:
        """Whether filament has a price."""
        return self.filament_left is not None or self.filament_right is not None

    def filament_cost(self, job: LoggedJob) -> float | None:
        """Return what the filament of a job costs, None where that is not known."""
        used = (
            (self.filament_left, job.filament_left),
            (self.filament_right, job.filament_right),
        )
        return _sum_if_all_known(
            [
                None if grams is None else price * grams / _GRAMS
                for price, grams in used
                if price is not None
            ]
        )


def with_cost(job: LoggedJob, prices: Prices) -> LoggedJob:
    """Return a job with the cost of its filament, and the cost of it all."""
    filament_cost = prices.filament_cost(job)
    parts = []
    if prices.filament:
        parts.append(filament_cost)
    if prices.energy:
        parts.append(job.energy_cost)
    return replace(job, filament_cost=filament_cost, cost=_sum_if_all_known(parts))


def added_cost(before: LoggedJob, after: LoggedJob) -> Decimal:
    """Return what a change of a job adds to a total: what is known of it, once."""
    parts = (
        (before.energy_cost, after.energy_cost),
        (before.filament_cost, after.filament_cost),
    )
    return sum(
        (
            Decimal(str(now)) - Decimal(str(counted or 0))
            for counted, now in parts
            if now is not None
        ),
        Decimal(),
    )


def _sum_if_all_known(parts: Sequence[float | None]) -> float | None:
    """Return the sum of parts, None where one is not known and where there is none."""
    known = [part for part in parts if part is not None]
    if not known or len(known) < len(parts):
        return None
    return round(sum(known), _DECIMALS)
