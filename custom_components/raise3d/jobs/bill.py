"""What the energy of a job costs; no Home Assistant, no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Self

from ..const import PLUG_GAP, SAME_PRICE_GAP
from .stored import read_certain_time, read_float


@dataclass(slots=True, kw_only=True)
class Bill:
    """What the energy of a job costs, each part of it at the price of its time."""

    cost: float | None = 0.0
    """So far, None where a price was not known."""
    prices: list[tuple[datetime, float | None]]
    """Each price per kWh, None where it is not known, and since when it is valid."""
    known: float | None
    """The last price that was known."""
    unpriced: float = 0.0
    """kWh since the price is not known."""

    @classmethod
    def since(cls, at: datetime, price: float | None, cost: float | None = 0.0) -> Self:
        """Start with a price, and with what was to pay before."""
        return cls(cost=cost, prices=[(at, price)], known=price)

    def note_price(self, at: datetime, price: float | None) -> None:
        """Note a price per kWh that is valid from now on, None for not known."""
        since, before = self.prices[-1]
        if price == before:
            return
        if before is None and price is not None:
            gap = (at - since).total_seconds()
            meanwhile = price if self.known is None else self.known
            same = price == self.known and gap <= SAME_PRICE_GAP
            if same or gap <= PLUG_GAP:
                self.prices[-1] = (since, meanwhile)
                self._add(self.unpriced * meanwhile)
            elif self.unpriced:
                self.cost = None
            self.unpriced = 0.0
        if price is not None:
            self.known = price
        self.prices.append((at, price))

    def charge(self, start: datetime, end: datetime, energy: float) -> None:
        """Add energy that was used between two times, evenly."""
        shares = self._shares(start, end)
        if self.prices[-1][1] is None:
            # this price may come back
            self.unpriced += energy * shares.pop()
        for (_, price), share in zip(self.prices, shares, strict=False):
            if price is not None:
                self._add(energy * share * price)
            elif energy * share:
                self.cost = None
        while len(self.prices) > 1 and self.prices[1][0] <= end:
            del self.prices[0]

    def close(self, at: datetime) -> float | None:
        """Return what it all costs, None where a price is not known."""
        since, price = self.prices[-1]
        if price is None and self.unpriced:
            gap = (at - since).total_seconds()
            if self.known is None or gap > PLUG_GAP:
                return None
            self._add(self.unpriced * self.known)
        return self.cost

    def _shares(self, start: datetime, end: datetime) -> list[float]:
        """Return the share of each price in a time; together they are all of it."""
        since = [max(start, at) for at, _ in self.prices[1:]]
        edges = [start, *(min(end, at) for at in since), end]
        if end <= start:
            # a moment has the price that was noted last
            return [*(0.0 for _ in since), 1.0]
        return [(b - a) / (end - start) for a, b in pairwise(edges)]

    def _add(self, cost: float) -> None:
        """Add a cost to those before."""
        if self.cost is not None:
            self.cost += cost

    def as_dict(self) -> dict[str, object]:
        """Return what can be stored."""
        return {
            "cost": self.cost,
            "known": self.known,
            "prices": [[at.isoformat(), price] for at, price in self.prices],
            "unpriced": self.unpriced,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what was stored; raises ValueError if it is damaged."""
        rows = data["prices"]
        if not isinstance(rows, Sequence) or not rows:
            msg = "no prices"
            raise ValueError(msg)
        return cls(
            cost=read_float(data["cost"]),
            prices=[(read_certain_time(at), read_float(price)) for at, price in rows],
            known=read_float(data["known"]),
            unpriced=read_float(data["unpriced"]) or 0.0,
        )
