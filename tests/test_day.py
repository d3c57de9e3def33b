"""A day of prints, with all that can come between: nothing lost, nothing told twice."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
import logging
import random
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed_exact,
)

from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE
from homeassistant.core import CoreState, Event, HomeAssistant
from homeassistant.util.async_ import get_scheduled_timer_handles
from simulator import Faults, Phase, Simulator

from .common import set_up

type Act = Callable[[], Awaitable[None]]
type Wait = Callable[[float], Awaitable[None]]

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
# The API tells what is, not what was: of two things that happen to a job while nobody
# can look, the first is lost. So they lie further apart than anything lasts.
BLIND = (5.0, 200.0)
APART = (360.0, 1700.0)
# The longest time between two looks at a printer that was off, and one more look.
SEEN = 120.0


@pytest.fixture
def wait(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Wait:
    """Return a function that goes from timer to timer: nothing happens between."""
    # Where each callback came from takes half of the time, and nobody asks.
    hass.loop.set_debug(False)

    def soonest() -> float:
        loop = hass.loop
        return min(
            (
                timer.when() - loop.time()
                for timer in get_scheduled_timer_handles(loop)
                if not timer.cancelled()
            ),
            default=float("inf"),
        )

    async def wait(seconds: float) -> None:
        while seconds > 0:
            # no less than the resolution of the clock
            step = min(seconds, max(0.001, soonest()))
            freezer.tick(timedelta(seconds=step))
            async_fire_time_changed_exact(hass)
            await hass.async_block_till_done(wait_background_tasks=True)
            seconds -= step

    return wait


@pytest.fixture
def told(hass: HomeAssistant) -> list[tuple[str, str]]:
    """Return what the event entity tells from now on: what, and of which job."""
    told: list[tuple[str, str]] = []

    def note(event: Event[Any]) -> None:
        old, new = event.data["old_state"], event.data["new_state"]
        if new is None or new.domain != "event" or old is None:
            return
        if STATE_UNAVAILABLE in (old.state, new.state):
            return
        told.append((str(new.attributes["event_type"]), new.attributes["job_id"]))

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    return told


@pytest.fixture
def _overlapping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each request last for some turns of the loop: so two could meet."""
    answer = Faults.answer

    async def slowly(self: Faults, *args: Any) -> Any:
        for _ in range(5):
            await asyncio.sleep(0)
        return await answer(self, *args)

    monkeypatch.setattr(Faults, "answer", slowly)


def blind_times(
    rng: random.Random, number: int, end: float, taken: list[tuple[float, float]]
) -> Iterator[tuple[float, float]]:
    """Draw times in which nobody can look, each with time to look after it."""
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

    def __init__(
        self,
        hass: HomeAssistant,
        simulator: Simulator,
        entry: MockConfigEntry,
        wait: Wait,
        seed: int,
    ) -> None:
        """Draw lots for everything."""
        self.hass = hass
        self.simulator = simulator
        self.entry = entry
        self.wait = wait
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
            self.agenda.append((begin, self.unload))
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

    async def unload(self) -> None:
        """Stop Home Assistant."""
        assert await self.hass.config_entries.async_unload(self.entry.entry_id)
        await self.hass.async_block_till_done()

    async def load(self) -> None:
        """Start Home Assistant; automations do not listen yet."""
        self.hass.set_state(CoreState.starting)
        await set_up(self.hass, self.entry)

    async def run(self) -> None:
        """End the start of Home Assistant."""
        self.hass.set_state(CoreState.running)

    async def live(self) -> None:
        """Let it all happen."""
        time = 0.0
        for at, act in sorted(self.agenda, key=lambda entry: entry[0]):
            await self.wait(at - time)
            time = at
            await act()
        await self.wait(600)


@pytest.mark.parametrize("seed", [2026])
@pytest.mark.usefixtures("_overlapping")
async def test_a_day_of_prints_is_told_exactly_as_it_was(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    wait: Wait,
    told: list[tuple[str, str]],
    caplog: pytest.LogCaptureFixture,
    seed: int,
) -> None:
    caplog.set_level(logging.WARNING)
    day = Day(hass, simulator, loaded_entry, wait, seed)
    await day.live()
    happened = [(event.kind, event.job_id) for event in simulator.printer.record]
    assert told == happened
    assert len({job_id for _, job_id in told}) == len(JOBS)
    assert day.time > 24 * 3600
    assert simulator.printer.phase is Phase.IDLE
    assert simulator.max_in_flight == 1
    assert not [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.raise3d")
        and record.levelno >= logging.WARNING
    ]
