"""A working day of prints with all that can come between: nothing lost or twice."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
import logging
import random
from typing import Any

import pytest

from homeassistant.const import STATE_UNAVAILABLE, Platform
from homeassistant.core import CoreState
from simulator import Faults, Phase

from .common import HOUR, Home

pytestmark = pytest.mark.usefixtures("only_platforms")

type Act = Callable[[], Awaitable[None]]

RESTARTS, OUTAGES, REBOOTS = 30, 30, 5
# Each is a print: how it goes on after it has begun, and what ends it.
JOBS = (
    *[("complete",)] * 12,
    *[("pause", "resume", "complete")] * 4,
    *[("pause", "resume", "stop")] * 2,
    *[("pause", "stop")] * 2,
    *[("stop",)] * 3,
    *[("power cut",)] * 3,
)
# The API reports what is, not what was: of two things that happen to a job during an
# outage, the first is lost. So they lie further apart than anything lasts.
BLIND = (5.0, 200.0)
APART = (360.0, 600.0)
# The longest time between two polls of a printer that was off, and one more poll.
SEEN = 120.0


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that have most endpoints read: so requests could meet."""
    return [Platform.CAMERA, Platform.EVENT, Platform.IMAGE, Platform.SENSOR]


@pytest.fixture
def _overlapping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each request last for some turns of the loop: so two could meet."""
    answer = Faults.answer

    async def slowly(self: Faults, *args: Any) -> Any:
        for _ in range(5):
            await asyncio.sleep(0)
        return await answer(self, *args)

    monkeypatch.setattr(Faults, "answer", slowly)


def reported(home: Home) -> list[tuple[str, str]]:
    """Return what the event entity has reported: what, and of which job."""
    changes = [(change["old_state"], change["new_state"]) for change in home.changes]
    return [
        (str(new.attributes["event_type"]), new.attributes["job_id"])
        for old, new in changes
        if new and new.domain == "event" and old
        if STATE_UNAVAILABLE not in (old.state, new.state)
    ]


def blind_times(
    rng: random.Random, number: int, end: float, taken: list[tuple[float, float]]
) -> Iterator[tuple[float, float]]:
    """Draw times without polls, each with time for polls after it."""
    found = 0
    while found < number:
        begin, length = rng.uniform(SEEN, end), rng.uniform(*BLIND)
        if all(
            begin + length + SEEN < other or until + SEEN < begin
            for other, until in taken
        ):
            taken.append((begin, begin + length))
            found += 1
            yield begin, length


class Day:
    """What is going to happen, and when."""

    def __init__(self, home: Home, seed: int) -> None:
        """Draw lots for everything."""
        self.home = home
        self.simulator = home.simulator
        self.rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.agenda: list[tuple[float, Act]] = []
        self.time = SEEN
        off: list[tuple[float, float]] = []
        idle_reboots = REBOOTS - JOBS.count(("power cut",))
        jobs = [*JOBS, *[("reboot",)] * idle_reboots]
        self.rng.shuffle(jobs)
        for job in jobs:
            self.plan(job, off)
        for begin, length in blind_times(self.rng, OUTAGES, self.time, off):
            self.agenda.append((begin, self.simulator.stop))
            self.agenda.append((begin + length, self.simulator.start))
        for begin, length in blind_times(self.rng, RESTARTS, self.time, off):
            self.agenda.append((begin, self.home.unload))
            self.agenda.append((begin + length - 3, self.load))
            self.agenda.append((begin + length, self.run))

    def plan(self, job: tuple[str, ...], off: list[tuple[float, float]]) -> None:
        """Put a print on the agenda, or a reboot without one."""
        printer, uniform = self.simulator.printer, self.rng.uniform
        if job != ("reboot",):
            steps = [uniform(*APART) for _ in job]
            # paused time does not count; what does not complete ends before its time
            paused = steps[1] if job[:2] == ("pause", "resume") else 0.0
            duration = sum(steps) - paused + (0.0 if "complete" in job else 600.0)
            estimate = duration * uniform(0.8, 1.2)
            self.add(lambda: printer.start(duration=duration, estimate=estimate))
            for act, seconds in zip(job, steps, strict=True):
                self.time += seconds
                if act not in ("complete", "power cut"):
                    self.add(getattr(printer, act))
        if job in (("reboot",), ("power cut",)):
            length = uniform(30, BLIND[1])
            off.append((self.time, self.time + length))
            self.agenda.append((self.time, self.simulator.power_off))
            self.agenda.append((self.time + length, self.simulator.power_on))
        self.time += uniform(*APART)
        if job[-1] == "complete":
            self.add(printer.dismiss)
            self.time += uniform(*APART)

    def add(self, act: Callable[[], object]) -> None:
        """Put on the agenda what a person does at the printer."""

        async def do() -> None:
            act()

        self.agenda.append((self.time, do))

    async def load(self) -> None:
        """Start Home Assistant; automations do not listen yet."""
        self.home.hass.set_state(CoreState.starting)
        await self.home.set_up()

    async def run(self) -> None:
        """End the start of Home Assistant."""
        self.home.hass.set_state(CoreState.running)

    async def live(self) -> None:
        """Let it all happen."""
        time = 0.0
        for at, act in sorted(self.agenda, key=lambda entry: entry[0]):
            await self.home.tick(at - time)
            time = at
            await act()
        await self.home.tick(600)


@pytest.mark.parametrize("seed", [2026])
@pytest.mark.usefixtures("_overlapping")
# about 8 seconds, on a machine that has nothing else to do
@pytest.mark.timeout(900)
async def test_a_working_day_of_prints_is_reported_exactly_as_it_was(
    home: Home, seed: int
) -> None:
    home.caplog.set_level(logging.WARNING)
    day = Day(home, seed)
    await day.live()
    events = reported(home)
    assert events == [(event.kind, event.job_id) for event in home.printer.record]
    assert len({job_id for _, job_id in events}) == len(JOBS)
    assert day.time > 11 * HOUR
    assert home.printer.phase is Phase.IDLE
    assert home.simulator.max_in_flight == 1
    assert not home.log(logging.WARNING)
