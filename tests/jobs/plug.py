"""A plug that a printer hangs on: its meter, its outages, its tariff, and the truth."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
import json
import random

from custom_components.raise3d.jobs import Bill, JobEnergy, Reading, Source, Used

from .common import NOW

SECONDS = (10, 30, 50, 600, 1800)
GAP, SAME_PRICE = 60, 3600


@dataclass
class Plug:
    """A plug with a life of its own; it knows what was used and what that cost."""

    source: Source
    chance: random.Random
    at: datetime = NOW
    meter: float = 100.0
    power: float = 1.0
    price: float | None = 0.3
    paid: float = 0.3
    """The price that the energy company takes."""
    offline_at: datetime | None = None
    lost_at: datetime | None = None
    reset_unseen: bool = False
    energy: float = 0.0
    """Used, without what a reset has hidden for less than a minute."""
    known: bool = True
    cost_known: bool = True
    gaps: float = 0.0
    unsure: float = 0.0
    """kWh that have been estimated."""
    bounds: list[float] = field(default_factory=lambda: [0.0, 0.0])
    """The least and the most that the energy can cost."""
    gap_energy: float = 0.0
    gap_prices: set[float] = field(default_factory=set)
    job: JobEnergy = field(init=False)

    def __post_init__(self) -> None:
        """Begin a print."""
        self.job = JobEnergy.since(
            self.at, self.source, Bill.since(self.at, self.price)
        )
        self.show()

    @property
    def reading(self) -> Reading | None:
        """What Home Assistant shows."""
        if self.offline_at is not None:
            return None
        meter = self.source is Source.METER
        return Reading(value=self.meter if meter else self.power)

    def show(self) -> None:
        """Let Home Assistant see the plug."""
        self.job.note_reading(self.at, self.reading)

    def live(self, seconds: int) -> None:
        """Use energy for a while."""
        used = self.power * seconds / 3600
        self.meter += used
        self.energy += used
        self.at += timedelta(seconds=seconds)
        if self.offline_at is None:
            self.bounds = [bound + used * self.paid for bound in self.bounds]
        else:
            self.gap_energy += used
            self.gap_prices.add(self.paid)

    def go_offline(self) -> None:
        """Lose the plug."""
        if self.offline_at is None:
            self.offline_at = self.at
            self.show()

    def come_back(self) -> None:
        """Find the plug again."""
        if self.offline_at is None:
            return
        gap = (self.at - self.offline_at).total_seconds()
        self.offline_at = None
        self.gaps += gap
        self.unsure += self.gap_energy
        self.known &= not (self.reset_unseen and gap > GAP)
        self.count_hidden()
        self.show()

    def count_hidden(self) -> None:
        """Count what was used while the plug could not be seen."""
        hidden = self.meter if self.reset_unseen else self.gap_energy
        counted = hidden if self.source is Source.METER else self.gap_energy
        self.energy += counted - self.gap_energy
        prices = self.gap_prices or {0.0}
        ends = sorted((counted * min(prices), counted * max(prices)))
        self.bounds = [a + b for a, b in zip(self.bounds, ends, strict=True)]
        self.gap_energy, self.gap_prices, self.reset_unseen = 0.0, set(), False

    def reset(self) -> None:
        """Let the meter begin at 0 again."""
        # Home Assistant cannot tell the reset of a meter that has hardly moved
        if self.meter > 5 and not self.reset_unseen:
            self.meter = 0.0
            self.reset_unseen = self.offline_at is not None
            self.show()

    def set_price(self, price: float) -> None:
        """Change the tariff, or show it again."""
        self.end_loss(same=price == self.paid)
        self.price = self.paid = price
        self.job.bill.note_price(self.at, price)

    def lose_price(self) -> None:
        """Lose the tariff."""
        if self.lost_at is None:
            self.lost_at, self.price = self.at, None
            self.job.bill.note_price(self.at, None)

    def end_loss(self, *, same: bool) -> None:
        """Decide whether the price meanwhile can be known."""
        if self.lost_at is not None:
            gap = (self.at - self.lost_at).total_seconds()
            self.cost_known &= gap <= (SAME_PRICE if same else GAP)
            self.lost_at = None

    def restart(self) -> None:
        """Store and load what is known."""
        self.job = JobEnergy.from_dict(json.loads(json.dumps(self.job.as_dict())))

    def step(self) -> None:
        """Live on, and let something happen."""
        self.live(self.chance.choice(SECONDS))
        self.show()
        what = self.chance.choices(
            (
                *(self.go_offline, self.come_back, self.reset),
                *(self.lose_price, self.restart, lambda: None),
                lambda: self.set_price(self.chance.choice((0.3, 0.2, 0.5, -0.1))),
                lambda: self.set_price(self.paid),
            ),
            weights=(4, 12, 4, 1, 4, 20, 6, 6),
        )[0]
        what()
        self.power = self.chance.choice((0.05, 0.4, 2.5))
        self.show()

    def end(self) -> Used:
        """End the print."""
        gap = (self.at - (self.offline_at or self.at)).total_seconds()
        self.gaps += gap
        if self.source is Source.POWER:
            allowed = 0.01 * (self.at - NOW).total_seconds()
            self.known = self.gaps <= max(GAP, allowed)
            self.unsure += self.gap_energy
            self.count_hidden()
        else:
            # what the meter has not shown is not counted
            self.known &= gap <= GAP
            self.energy -= self.gap_energy
        if self.lost_at is not None:
            self.cost_known &= (self.at - self.lost_at).total_seconds() <= GAP
        return self.job.close(self.at)


def live_through(source: Source, seed: int) -> tuple[Plug, Used]:
    """Return a plug after a print, and what was found out."""
    # the same life for the same seed
    plug = Plug(source, random.Random(seed))  # noqa: S311
    for _ in range(plug.chance.randint(1, 40)):
        plug.step()
    return plug, plug.end()


def mistakes(source: Source, seed: int) -> list[str]:
    """Return what is wrong with what was found out."""
    plug, used = live_through(source, seed)
    # a hundredth of a cent and a tenth of a watt hour are rounded
    slack = plug.unsure * (60 if source is Source.POWER else 0) + 0.0001
    found = []
    if (used.energy is None) == plug.known:
        found.append(f"{seed}: known {plug.known}, found {used.energy}")
    if used.energy is not None and abs(used.energy - plug.energy) > slack:
        found.append(f"{seed}: used {plug.energy}, found {used.energy}")
    if plug.known and (used.cost is None) == plug.cost_known:
        found.append(f"{seed}: cost known {plug.cost_known}, found {used.cost}")
    if used.cost is not None:
        least, most = plug.bounds[0] - slack, plug.bounds[1] + slack
        if not least <= used.cost <= most:
            found.append(f"{seed}: cost {least} to {most}, found {used.cost}")
    return found
