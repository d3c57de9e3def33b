"""`in_use` beside what really happened: printers that live for a simulated week.

`python -m bench.in_use [DAYS] [SEED]` prints a table, and exits with 1 where it was off
while the printer was in use, for longer than nobody can have known.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import pairwise
from math import inf
import sys

from custom_components.raise3d.const import (
    DOMAIN,
    STATE_INTERVAL,
    TEMPERATURES_IDLE_INTERVAL,
)
from homeassistant.const import EVENT_STATE_CHANGED, STATE_OFF, STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData
from homeassistant.helpers import entity_registry as er
from simulator import Printer, Simulator, Unknowns

from .clock import Clock, run
from .home import PASSWORD, Home, describe, home
from .owner import DAY, HEAT, STATE, Life, Owner

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
