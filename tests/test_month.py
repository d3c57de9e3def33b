"""A month of prints with all that can go wrong: no gram and no cent twice or lost."""

from dataclasses import dataclass, field

import pytest

from homeassistant.const import Platform

from .common import HOUR, MINUTE, Home
from .plugs import BY_TARIFF, FILAMENT, Workshop

DAYS = 1
PRICES = (20, 50)
USED = 0.4

pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that count something."""
    return [Platform.EVENT, Platform.SENSOR]


@dataclass
class Month:
    """Days of prints, and what they have used in truth."""

    workshop: Workshop
    kwh: float = 100.0
    energy: list[float | None] = field(default_factory=list)
    """Of each print, None where nobody can know it."""
    money: float = 0.0
    """What is known of the cost of all prints."""

    async def print(self, grams: tuple[float, float] = (1.234, 0.567)) -> None:
        """Start a print."""
        home = self.workshop.home
        home.printer.start("Local/part.gcode", duration=5 * MINUTE, filament=grams)
        await home.tick(MINUTE)
        self.money += sum(p * g for p, g in zip(PRICES, grams, strict=True)) / 1000

    def use(self, price: float | None) -> None:
        """Use energy, at a price unless nobody can know it."""
        self.kwh += USED
        self.workshop.meter(self.kwh)
        self.money += USED * (price or 0)

    async def end(self, energy: float | None) -> None:
        """Let the print end."""
        await self.workshop.home.tick(3.5 * MINUTE)
        await self.workshop.finish()
        self.energy.append(energy)
        # the next print is not part of this one
        self.kwh += 1
        self.workshop.meter(self.kwh)

    async def live_a_day(self) -> None:
        """Print once a while, and let something happen each time."""
        for happen in (
            *(self.nothing, self.reset, self.offline, self.two_o_clock),
            *(self.down_over_an_end, self.lost_in_a_gap, self.failure),
        ):
            await happen()

    async def nothing(self) -> None:
        """Print."""
        await self.print()
        self.use(0.3)
        await self.end(USED)

    async def reset(self) -> None:
        """Print while the meter begins at 0 again."""
        await self.print()
        self.use(0.3)
        self.kwh = 0
        self.workshop.meter(0)
        self.use(0.3)
        await self.end(2 * USED)

    async def offline(self) -> None:
        """Print while the plug cannot be seen for two minutes."""
        await self.print()
        self.workshop.meter(None)
        await self.workshop.home.tick(2 * MINUTE)
        self.use(0.3)
        await self.end(USED)

    async def two_o_clock(self) -> None:
        """Print while the tariff changes."""
        await self.print()
        self.use(0.3)
        self.workshop.tariff(0.15)
        self.use(0.15)
        await self.end(2 * USED)
        self.workshop.tariff(0.3)

    async def down_over_an_end(self) -> None:
        """Print while Home Assistant is down at the end, and for an hour after it."""
        await self.print()
        self.use(None)
        async with self.workshop.home.down():
            await self.workshop.home.tick(HOUR)
            self.use(None)
        assert self.workshop.event == (None, None)
        await self.end(None)

    async def lost_in_a_gap(self) -> None:
        """Print while the meter begins at 0 again and nobody sees it."""
        await self.print()
        self.use(None)
        self.workshop.meter(None)
        await self.workshop.home.tick(2 * MINUTE)
        self.kwh = 0
        self.use(None)
        await self.end(None)
        assert self.workshop.event == (None, None)

    async def failure(self) -> None:
        """Print what fails: its grams are unknown, its energy is not."""
        await self.print((0, 0))
        self.use(0.3)
        home = self.workshop.home
        home.printer.fail()
        await home.tick(2 * MINUTE)
        self.energy.append(USED)
        await home.simulator.power_off()
        await home.tick(MINUTE)
        await home.simulator.power_on()
        await home.tick(2 * MINUTE)


def totals(home: Home) -> list[float]:
    """Return the grams that the printer has ever used."""
    return [home.number(f"filament_used_{nozzle}") for nozzle in ("left", "right")]


async def test_a_month_of_prints_adds_up(new_home: Home) -> None:
    workshop = Workshop(new_home)
    workshop.meter(100)
    workshop.tariff(0.3)
    await workshop.open(**FILAMENT, **BY_TARIFF)
    before = totals(new_home)
    month = Month(workshop)
    for _ in range(DAYS):
        await month.live_a_day()
    jobs = workshop.jobs
    grams = [
        sum(job.filament_left or 0 for job in jobs),
        sum(job.filament_right or 0 for job in jobs),
    ]
    used = [b - a for a, b in zip(before, totals(new_home), strict=True)]
    assert grams == pytest.approx(used, abs=0.005 * len(jobs))
    assert [job.energy for job in jobs] == month.energy
    assert new_home.number("cost_total") == pytest.approx(month.money, abs=0.001 * DAYS)
    # the one that failed has no grams, two have no energy
    assert [job.cost for job in jobs].count(None) == 3 * DAYS
    found = (await new_home.act("get_print_summary"))["total"]
    ended = [job for job in jobs if job.ended_at]
    assert found["energy"] == pytest.approx(sum(job.energy or 0 for job in ended))
    assert found["cost"] == pytest.approx(sum(job.cost or 0 for job in ended))
