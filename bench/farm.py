"""A farm in trouble: printers whose endpoints fail at random, for a day.

`python -m bench.farm [PRINTERS] [HOURS] [SEED]` compares what was reported with what
happened.
"""

import asyncio
from contextlib import AsyncExitStack
import logging
import random
import sys
import tracemalloc
from typing import override

from simulator import Phase, Printer, Simulator

from .clock import Clock, run
from .home import PASSWORD, Home, describe, home

HOUR = 3600.0
# Side endpoints: what they answer decides nothing about the printer or its jobs.
PATHS = (
    *("printer/basic", "printer/nozzle1", "printer/nozzle2", "printer/camera"),
    *("printer/system", "dashboard/statistics", "dashboard/joblist", "dashboard/job"),
)
FAULTS = (
    *("http_500", "reset", "truncated", "busy_body", "http_429", "empty"),
    *("html", "wrong_types", "missing_keys", "no_data", "http_404"),
)
# Seconds: what lasts less than a poll's interval may go unseen.
ALONE = (90.0, 1500.0)


class Lines(logging.Handler):
    """Counts the lines of the integration, from INFO up."""

    def __init__(self) -> None:
        """Start with none."""
        super().__init__(logging.INFO)
        self.count: dict[str, int] = {}

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Count a line by its level."""
        level = record.levelname + (" with traceback" if record.exc_info else "")
        self.count[level] = self.count.get(level, 0) + 1


async def live(simulator: Simulator, rng: random.Random, end: float) -> None:
    """Print, pause and stop, while endpoints fail."""
    printer = simulator.printer
    loop = asyncio.get_running_loop()
    while loop.time() < end:
        await asyncio.sleep(rng.uniform(*ALONE))
        for path in rng.sample(PATHS, rng.randrange(3)):
            count = rng.choice((1, 2, 10))
            simulator.faults.add(rng.choice(FAULTS), path=path, count=count)
        if printer.phase is Phase.IDLE:
            printer.start(duration=rng.uniform(300, 5000))
        elif printer.phase is Phase.RUNNING:
            rng.choice((printer.pause, printer.stop, lambda: None, lambda: None))()
        elif printer.phase is Phase.PAUSED:
            rng.choice((printer.resume, printer.resume, printer.stop))()
        elif printer.phase is Phase.COMPLETED:
            printer.dismiss()


async def farm(clock: Clock, number: int, hours: float, seed: int) -> None:
    """Let the printers live, and say what was reported of it."""
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    lines = Lines()
    logger = logging.getLogger("custom_components.raise3d")
    logger.setLevel(logging.INFO)
    logger.addHandler(lines)
    async with AsyncExitStack() as stack:
        simulators = [
            await stack.enter_async_context(
                Simulator(
                    Printer(
                        password=PASSWORD,
                        machine_id=f"{10**19 + count}",
                        seed=seed * 1000 + count,
                        history=rng.choice((0, 3, 16)),
                        clock=clock.time,
                    )
                )
            )
            for count in range(number)
        ]
        for simulator in simulators:
            simulator.faults.add("slow", count=None, seconds=0.05)
        running = await stack.enter_async_context(home(clock, simulators))
        await running.add([describe(simulator) for simulator in simulators])
        await asyncio.sleep(120)
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        end = asyncio.get_running_loop().time() + hours * HOUR
        await asyncio.gather(*(live(each, rng, end) for each in simulators))
        for simulator in simulators:
            simulator.faults.clear()
        await asyncio.sleep(900)
        after = tracemalloc.get_traced_memory()[0]
    report(running, simulators, lines, after - before)


def report(
    running: Home, simulators: list[Simulator], lines: Lines, memory: int
) -> None:
    """Say what was reported beside what happened."""
    reported: dict[str, list[str]] = {}
    for _, kind, job in running.reported:
        reported.setdefault(job, []).append(kind)
    happened: dict[str, list[str]] = {}
    for simulator in simulators:
        for event in simulator.printer.record:
            happened.setdefault(event.job_id, []).append(event.kind)
    wrong = {
        job: (reported.get(job), happened.get(job))
        for job in reported.keys() | happened.keys()
        if reported.get(job) != happened.get(job)
    }
    print("printers", len(simulators), "jobs", len(happened))
    print("events that happened", sum(map(len, happened.values())))
    print(
        "events that were reported",
        len(running.reported),
        "jobs that differ",
        len(wrong),
    )
    for difference in list(wrong.values())[:5]:
        print("  reported", *difference)
    print("log lines", lines.count, "memory grown, KiB", memory // 1024)


if __name__ == "__main__":
    virtual = Clock()
    values = [float(value) for value in sys.argv[1:]]
    printers, day, lot = (*values, *(20.0, 24.0, 1.0)[len(values) :])
    run(virtual, lambda: farm(virtual, int(printers), day, int(lot)))
