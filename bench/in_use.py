"""`in_use` beside what really happened: printers that live for a simulated week.

`python -m bench.in_use [DAYS] [SEED]` prints a table, and exits with 1 where it was off
while the printer was in use, for longer than nobody can have known.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
import random
import sys

from custom_components.raise3d.const import (
    DOMAIN,
    HOT,
    STATE_INTERVAL,
    TEMPERATURES_IDLE_INTERVAL,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_STATE_CHANGED, STATE_OFF, STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData
from homeassistant.helpers import entity_registry as er
from simulator import Phase, Printer, Simulator, Unknowns

from .clock import Clock, run
from .home import PASSWORD, Home, describe, home

DAY = 24 * 3600.0
LATENCY = 0.05
# What differs from printer to printer: nobody has published by how much answers lag.
LAGS = {
    "answers at once": Unknowns(),
    "state lags by 30 s": Unknowns(state_lag=30),
    "job lags by 30 s": Unknowns(job_lag=30),
}
# Seconds between two samples of the truth, which are part of each figure.
SAMPLE = 1.0
# Seconds beside the interval: timers fire up to one early or late, a poll that reads
# everything takes half of one, and so does the setter of a heater.
SLACK = 2.0 + SAMPLE
PAUSES = (10.0, 2400.0)
# Endpoints that may fail.
PATHS = (
    *("printer/runningstatus", "job/currentjob", "printer/basic", "printer/nozzle1"),
    *("printer/nozzle2", "printer/system"),
)
FAULTS = ("http_500", "reset", "busy_body", "empty", "html", "wrong_types", "no_data")

STATE, HEAT = "state", "heat"


@dataclass
class Life:
    """What one printer did, and what was shown of it; both as changes with times."""

    name: str
    simulator: Simulator
    truth: list[tuple[float, str]] = field(default_factory=list)
    """Why it is in use, empty while it is not."""
    shown: list[tuple[float, str]] = field(default_factory=list)
    """The state of the entity."""
    done: dict[str, int] = field(default_factory=dict)
    """How often what was done to it."""

    def sample(self, now: float) -> None:
        """Note the truth."""
        reason = self._reason(now)
        if not self.truth or self.truth[-1][1] != reason:
            self.truth.append((now, reason))

    def _reason(self, now: float) -> str:
        """Return why the printer is in use now."""
        printer = self.simulator.printer
        if not printer.powered:
            return ""
        if printer.running_status is not Phase.IDLE:
            return STATE
        heaters = (*printer.machine.nozzles, printer.machine.bed)
        values = [max(heater.reading(now), heater.target) for heater in heaters]
        return HEAT if max(values) >= HOT else ""

    def count(self, what: str) -> None:
        """Note that something was done."""
        self.done[what] = self.done.get(what, 0) + 1


class Owner:
    """Someone who prints, and who lives with what goes wrong."""

    def __init__(
        self, life: Life, running: Home, entry: ConfigEntry, seed: str
    ) -> None:
        """Draw lots from a seed."""
        self._life = life
        self._printer = life.simulator.printer
        self._hass = running.hass
        self._entry = entry
        self._rng = random.Random(seed)  # noqa: S311 - repeatable on purpose

    async def live(self, end: float) -> None:
        """Do one thing after the other."""
        loop = asyncio.get_running_loop()
        while loop.time() < end:
            await asyncio.sleep(self._rng.uniform(*PAUSES))
            act = self._rng.choice((self._at_printer, self._at_printer, self._around))
            await act()
        self._life.simulator.faults.clear()

    async def _do(self, what: str, act: Callable[[], object]) -> None:
        """Do something, and count it."""
        self._life.count(what)
        done = act()
        if isinstance(done, Awaitable):
            await done

    async def _at_printer(self) -> None:
        """Do what can be done at the printer in its phase."""
        printer, rng = self._printer, self._rng
        acts: dict[Phase, list[tuple[str, Callable[[], object]]]] = {
            Phase.IDLE: [
                ("prints", self._print),
                ("prints", self._print),
                ("prints of which nothing gets hot", self._print_cold),
                ("preheated", self._preheat),
                ("at the panel", lambda: printer.touch(rng.uniform(5, 900))),
            ],
            Phase.RUNNING: [
                ("pauses", printer.pause),
                ("stops", printer.stop),
                ("failures", printer.fail),
                ("left alone", lambda: None),
                ("at the panel", lambda: printer.touch(rng.uniform(5, 900))),
            ],
            Phase.PAUSED: [("resumed", printer.resume), ("stops", printer.stop)],
            Phase.COMPLETED: [("cleared", printer.dismiss)],
            Phase.ERROR: [("repaired", printer.clear_error)],
            Phase.BUSY: [],
        }
        # there is nothing to do while it is busy
        for what, act in rng.sample(acts[printer.phase], bool(acts[printer.phase])):
            await self._do(what, act)

    def _print(self) -> None:
        """Begin a print."""
        self._printer.start(
            duration=self._rng.uniform(300, 5 * 3600),
            nozzle_temp=self._rng.choice((200, 230)),
            bed_temp=self._rng.choice((0, 45, 60, 110)),
            filament=self._rng.choice(((9.0, 0.0), (0.0, 9.0), (9.0, 9.0))),
        )

    def _print_cold(self) -> None:
        """Begin a print that heats nothing: only its state says so."""
        duration = self._rng.uniform(20, 600)
        self._printer.start(duration=duration, nozzle_temp=0, bed_temp=0)

    def _preheat(self) -> None:
        """Heat something at the panel, which changes no state, for a while."""
        machine = self._printer.machine
        heater = self._rng.choice((*machine.nozzles, machine.bed))
        machine.set_heater(heater, self._rng.choice((45, 50, 60, 200)))
        off = self._rng.uniform(10, 1800)
        self._printer.time.later(off, lambda: machine.set_heater(heater, 0))

    async def _around(self) -> None:
        """Let something happen around the printer."""
        acts: list[tuple[str, Callable[[], object]]] = [
            ("power cycles", self._cycle_power),
            ("outages of the network", self._cut_network),
            ("restarts of Home Assistant", self._restart),
            ("faults", self._add_fault),
            ("faults", self._add_fault),
            ("polls by hand", self._update),
        ]
        await self._do(*self._rng.choice(acts))

    async def _cycle_power(self) -> None:
        """Switch the printer off for a while."""
        await self._life.simulator.power_off()
        await asyncio.sleep(self._rng.uniform(10, 1800))
        await self._life.simulator.power_on()

    async def _cut_network(self) -> None:
        """Let nobody reach the printer for a while."""
        await self._life.simulator.stop()
        await asyncio.sleep(self._rng.uniform(5, 600))
        await self._life.simulator.start()

    async def _restart(self) -> None:
        """Let Home Assistant be down for a while."""
        entries = self._hass.config_entries
        await entries.async_unload(self._entry.entry_id)
        await asyncio.sleep(self._rng.uniform(5, 300))
        await entries.async_setup(self._entry.entry_id)

    def _add_fault(self) -> None:
        """Let an endpoint fail for some requests."""
        kind, path = self._rng.choice(FAULTS), self._rng.choice(PATHS)
        count = self._rng.choice((1, 2, 10))
        self._life.simulator.faults.add(kind, path=path, count=count)

    async def _update(self) -> None:
        """Poll as `homeassistant.update_entity` does."""
        if self._entry.state.recoverable:
            await self._entry.runtime_data.async_request_refresh()


def follow(running: Home, life: Life) -> None:
    """Note what is shown of a printer."""
    registry = er.async_get(running.hass)
    unique_id = f"{life.simulator.printer.machine_id}_in_use"
    entity_id = registry.async_get_entity_id("binary_sensor", DOMAIN, unique_id)
    assert entity_id  # noqa: S101
    state = running.hass.states.get(entity_id)
    assert state  # noqa: S101
    life.shown.append((running.clock.time(), state.state))

    def note(event: Event[EventStateChangedData]) -> None:
        new = event.data["new_state"]
        if event.data["entity_id"] == entity_id:
            shown = new.state if new else STATE_UNAVAILABLE
            life.shown.append((running.clock.time(), shown))

    running.hass.bus.async_listen(EVENT_STATE_CHANGED, note)


async def watch(lives: Sequence[Life], clock: Clock) -> None:
    """Sample the truth for ever."""
    while True:
        for life in lives:
            life.sample(clock.time())
        await asyncio.sleep(SAMPLE)


async def week(clock: Clock, days: float, seed: int) -> list[Life]:
    """Let the printers live, and return what happened."""
    async with AsyncExitStack() as stack:
        lives = []
        for number, (name, unknowns) in enumerate(LAGS.items()):
            printer = Printer(
                password=PASSWORD,
                machine_id=f"{10**19 + number}",
                seed=number,
                unknowns=unknowns,
                clock=clock.time,
            )
            simulator = await stack.enter_async_context(Simulator(printer))
            simulator.faults.add("slow", count=None, seconds=LATENCY)
            lives.append(Life(name, simulator))
        simulators = [life.simulator for life in lives]
        running = await stack.enter_async_context(home(clock, simulators))
        entries = await running.add([describe(each) for each in simulators])
        for life in lives:
            follow(running, life)
        watching = asyncio.create_task(watch(lives, clock))
        end = asyncio.get_running_loop().time() + days * DAY
        owners = [
            Owner(life, running, entry, f"{seed} {life.name}")
            for life, entry in zip(lives, entries, strict=True)
        ]
        await asyncio.gather(*(owner.live(end) for owner in owners))
        watching.cancel()
    return lives


@dataclass(frozen=True)
class Gap:
    """A time for which it was off while the printer was in use."""

    reason: str
    seconds: float
    went_off: bool
    """Whether it began by going off, not by use that was seen late."""
    age: float
    """For how long the printer had been in use when it was seen, or wrongly denied."""

    def allowed(self, lag: float) -> float:
        """Return how old use may be that nobody can have known."""
        known = SLACK if self.reason is HEAT else SLACK + lag
        if self.went_off:
            return known
        heat = self.reason is HEAT
        return known + (TEMPERATURES_IDLE_INTERVAL if heat else STATE_INTERVAL)


def merged(life: Life) -> Iterator[tuple[float, float, str, str]]:
    """Yield each time without a change: begin, end, truth and what was shown."""
    changes = [(at, 0, reason) for at, reason in life.truth]
    changes += [(at, 1, state) for at, state in life.shown]
    now = ["", ""]
    for (at, kind, value), (until, _, _) in pairwise(sorted(changes)):
        now[kind] = value
        yield at, until, now[0], now[1]


def gaps(life: Life) -> list[Gap]:
    """Return each time for which it was off while the printer was in use."""
    found: list[Gap] = []
    used_since, reason, off_since, went_off = inf, "", inf, False
    for at, _, truth, shown in merged(life):
        if truth and not reason:
            used_since, reason = at, truth
        wrong = bool(truth) and shown == STATE_OFF
        if wrong and off_since == inf:
            off_since, went_off = at, used_since < at
        if not wrong and off_since < inf:
            age = (off_since if went_off else at) - used_since
            found.append(Gap(reason, at - off_since, went_off, age))
            off_since = inf
        if not truth:
            reason = ""
    return found


def delays(life: Life) -> list[float]:
    """Return how long after the last use, or the last outage, it went off each time."""
    found: list[float] = []
    possible_since, before = inf, STATE_UNAVAILABLE
    for at, _, truth, shown in merged(life):
        if truth or shown == STATE_UNAVAILABLE:
            possible_since = inf
        elif possible_since == inf:
            possible_since = at
        if shown == STATE_OFF != before and possible_since < inf:
            found.append(at - possible_since)
        before = shown
    return found


def hours(life: Life, wanted: Callable[[str, str], bool]) -> float:
    """Return for how many hours truth and what was shown were so."""
    parts = (
        until - at for at, until, truth, shown in merged(life) if wanted(truth, shown)
    )
    return sum(parts) / 3600


def report(lives: Sequence[Life]) -> bool:
    """Print a table; return whether it was off while someone can have known better."""
    rows: dict[str, list[str]] = {}

    def add(text: str, value: object) -> None:
        rows.setdefault(text, []).append(str(value))

    wrong = False
    for life in lives:
        lag = life.simulator.printer.unknowns.state_lag
        found, waits = gaps(life), sorted(delays(life))
        violations = [gap for gap in found if gap.age > gap.allowed(lag)]
        wrong = wrong or bool(violations)
        for gap in violations:
            print(life.name, gap)
        add("hours in which it was in use", f"{hours(life, lambda t, _: bool(t)):.1f}")
        add("hours without use", f"{hours(life, lambda t, _: not t):.1f}")
        add("- in which it was off", f"{hours(life, _free_and_off):.1f}")
        add("times that it went off", len(waits))
        add("violations", len(violations))
        for reason in (STATE, HEAT):
            late = [gap for gap in found if gap.reason == reason and not gap.went_off]
            early = [gap for gap in found if gap.reason == reason and gap.went_off]
            most = max((gap.age for gap in late), default=0)
            limit = Gap(reason, 0, went_off=False, age=0).allowed(lag)
            add(
                f"on after the {reason} began, longest (s)",
                f"{most:.0f} of {limit:.0f}",
            )
            add(f"- how often (by {reason})", len(late))
            most = max((gap.age for gap in early), default=0)
            add(f"went off while in use by {reason}", f"{len(early)}, {most:.0f} s")
        middle = waits[len(waits) // 2]
        add(
            "off after the use, middle / longest (s)", f"{middle:.0f} / {waits[-1]:.0f}"
        )
    kinds = sorted({kind for life in lives for kind in life.done})
    for life in lives:
        for kind in kinds:
            add(kind, life.done.get(kind, 0))
    _print_table(["", *(life.name for life in lives)], rows)
    return wrong


def _free_and_off(truth: str, shown: str) -> bool:
    """Whether it was off, and rightly so."""
    return not truth and shown == STATE_OFF


def _print_table(head: list[str], rows: dict[str, list[str]]) -> None:
    """Print rows below each other."""
    lines = [head, *([text, *values] for text, values in rows.items())]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    for line in lines:
        cells = (cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        print(" | ".join([line[0].ljust(widths[0]), *list(cells)[1:]]))


def main() -> int:
    """Run, print, and return 1 where it was off while the printer was in use."""
    values = [float(value) for value in sys.argv[1:]]
    days, seed = (*values, *(7.0, 1.0)[len(values) :])
    clock = Clock()
    lives: list[Life] = []

    async def live() -> None:
        lives.extend(await week(clock, days, int(seed)))

    run(clock, live)
    return int(report(lives))


if __name__ == "__main__":
    sys.exit(main())
