"""What is measured; all of it can be repeated, but for time and memory."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
import gc
import time
import tracemalloc
from typing import Any

from simulator import Phase, Printer, Simulator

from .clock import Clock, run
from .fleet import fleet
from .home import PASSWORD, Home, describe, home

type Figures = dict[str, float]

HOUR = 3600.0
# The vendor's own example of a job; the older integration was measured with it.
STANDARD_PRINT = {"duration": 11333.0, "layers": 470}
FAST_PRINT = {"duration": 2 * HOUR, "layers": 500}
# A printer's web server takes its time, and only a request that lasts can meet another.
LATENCY = 0.05
# Until a new start is over; no round time, lest something lie on the edge of an hour.
REST = 612.3
# Until everything is reported of what has just happened.
SOON = 61.7
# Prints of a printer's history: those of a year.
LONG_PAST = 500
# Share of a print; before the end is near for the worst of estimates.
LATE_START = 0.85


def count_between(times: Iterable[float], begin: float, end: float) -> int:
    """Count what happened from one time to another."""
    return sum(begin <= at < end for at in times)


@asynccontextmanager
async def one_printer(
    clock: Clock, *, recorder: bool = False, history: int = 0
) -> AsyncGenerator[tuple[Home, Simulator]]:
    """Run Home Assistant beside a printer with two nozzles and a camera."""
    printer = Printer("pro2", password=PASSWORD, clock=clock.time, history=history)
    async with Simulator(printer) as simulator:
        simulator.faults.add("slow", count=None, seconds=LATENCY)
        async with home(clock, [simulator], recorder=recorder) as running:
            yield running, simulator


def day(*, quick: bool) -> Figures:
    """Measure 25 hours: idle, in a standard print, after it, in a fast one, idle.

    With `quick` without the fast one, and asleep in most of the last idle hours.
    """
    clock = Clock()
    figures: Figures = {}

    async def hour(name: str, running: Home, simulator: Simulator) -> None:
        begin, count = clock.time(), len(simulator.requests)
        await asyncio.sleep(HOUR)
        end = clock.time()
        figures[f"{name}_requests"] = len(simulator.requests) - count
        figures[f"{name}_writes"] = count_between(running.writes, begin, end)
        figures[f"{name}_renewals"] = count_between(running.renewals, begin, end)
        figures[f"{name}_rows"] = await running.rows(begin, end)

    async def print_part(
        name: str, running: Home, simulator: Simulator, job: Mapping[str, Any]
    ) -> None:
        simulator.printer.start(**job)
        # the hour in its middle
        await asyncio.sleep((job["duration"] - HOUR) / 2)
        await hour(name, running, simulator)
        simulator.printer.stop()
        await asyncio.sleep(SOON)

    async def main() -> None:
        async with one_printer(clock, recorder=True) as (running, simulator):
            await running.add_by_hand(simulator)
            set_up_at = clock.time()
            figures["set_up_requests"] = len(simulator.requests)
            logins = simulator.logins
            await asyncio.sleep(REST)
            await hour("idle", running, simulator)
            await print_part("printing", running, simulator, STANDARD_PRINT)
            await hour("cooling", running, simulator)
            if not quick:
                await print_part("fast", running, simulator, FAST_PRINT)
            end = set_up_at + 25 * HOUR
            while quick and end - clock.time() > HOUR:
                # a machine that sleeps polls nothing
                clock.advance(HOUR - SOON)
                await asyncio.sleep(SOON)
            await asyncio.sleep(end - clock.time())
            figures["logins"] = simulator.logins - logins
            figures["in_flight"] = simulator.max_in_flight

    run(clock, main)
    return figures


def importing() -> Figures:
    """Measure the busiest idle hour in which the printer's history is imported."""
    clock = Clock()
    figures: Figures = {}

    async def main() -> None:
        async with one_printer(clock, history=LONG_PAST) as (running, simulator):
            await running.add_by_hand(simulator)
            await asyncio.sleep(REST)
            count = len(simulator.requests)
            await asyncio.sleep(HOUR)
            figures["requests"] = len(simulator.requests) - count

    run(clock, main)
    return figures


def completion(duration: float, estimates: Sequence[float]) -> list[float]:
    """Measure for each estimate, as a share of the truth, how late the end is reported.

    Home Assistant starts late in each print: what came before changes nothing.
    """
    clock = Clock()
    delays: list[float] = []

    async def main() -> None:
        async with one_printer(clock) as (running, simulator):
            (entry,) = await running.add([describe(simulator)])
            entries = running.hass.config_entries
            for number, estimate in enumerate(estimates):
                await entries.async_unload(entry.entry_id)
                simulator.printer.start(duration=duration, estimate=duration * estimate)
                # so that the ends lie evenly between two polls
                offset = number * 30.7 / len(estimates)
                await asyncio.sleep(duration * LATE_START + offset)
                await entries.async_setup(entry.entry_id)
                await asyncio.sleep(duration * (1 - LATE_START) + SOON)
                assert simulator.printer.phase is Phase.COMPLETED  # noqa: S101
                (ended,) = [
                    event.time
                    for event in simulator.printer.record
                    if (event.kind, event.job_id)
                    == ("completed", simulator.printer.job.job_id)
                ]
                at, kind, job = running.reported[-1]
                assert (kind, job) == ("completed", simulator.printer.job.job_id)  # noqa: S101
                delays.append(at - ended)
                simulator.printer.dismiss()
                await asyncio.sleep(SOON)

    run(clock, main)
    return delays


def many(number: int, seconds: float) -> Figures:
    """Measure printers that were set up at the same moment, in the midst of a print."""
    clock = Clock()
    figures: Figures = {}

    async def main(printers: list[dict[str, object]]) -> None:
        async with home(clock) as running:
            clock.advance(HOUR)
            await running.add(printers)
            await asyncio.sleep(2 * SOON)
            begin, used = clock.time(), time.thread_time()
            await asyncio.sleep(seconds)
            used, end = time.thread_time() - used, clock.time()
            seen = [at for at in others.requests() if begin <= at < end]
            hours = number * seconds / HOUR
            busiest = max(
                map([int(at - begin) for at in seen].count, range(int(seconds)))
            )
            figures["requests"] = len(seen) / hours
            figures["writes"] = count_between(running.writes, begin, end) / hours
            figures["seconds"] = used / hours
            figures["busiest"] = busiest / (len(seen) / seconds)

    with fleet(clock, number, **STANDARD_PRINT) as others:
        run(clock, lambda: main(others.printers))
    return figures


def memory(number: int) -> float:
    """Measure the bytes that a further printer takes."""
    clock = Clock()
    taken: list[float] = []

    async def main(printers: list[dict[str, object]]) -> None:
        async with home(clock) as running:
            clock.advance(HOUR)
            tracemalloc.start()
            for some in (printers[:1], printers[1:]):
                await running.add(some)
                await asyncio.sleep(SOON)
                gc.collect()
                taken.append(tracemalloc.get_traced_memory()[0])
            tracemalloc.stop()

    with fleet(clock, number + 1, **STANDARD_PRINT) as others:
        run(clock, lambda: main(others.printers))
    return (taken[1] - taken[0]) / number
