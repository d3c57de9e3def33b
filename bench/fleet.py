"""Simulated printers in a process of their own, so that only the other side counts."""

import asyncio
from collections.abc import Generator
from contextlib import AsyncExitStack, contextmanager
from ctypes import c_double
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from simulator import Printer, Simulator

from .clock import EPOCH, Clock
from .home import PASSWORD, describe


class Fleet:
    """What the process has to say."""

    def __init__(self, connection: Connection) -> None:
        """Wait until all of them listen."""
        self._connection = connection
        self.printers: list[dict[str, Any]] = connection.recv()

    def requests(self) -> list[float]:
        """Return when each request came."""
        self._connection.send("requests")
        times: list[float] = self._connection.recv()
        return times


@contextmanager
def fleet(clock: Clock, number: int, **job: float) -> Generator[Fleet]:
    """Run printers that all print the same, or nothing."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, clock.shared, number, job))
    process.start()
    try:
        yield Fleet(ours)
    finally:
        ours.send(None)
        process.join()


def _serve(
    connection: Connection, shared: c_double, number: int, job: dict[str, Any]
) -> None:
    async def serve() -> None:
        async with AsyncExitStack() as stack:
            simulators = []
            for count in range(number):
                printer = Printer(
                    password=PASSWORD,
                    machine_id=f"{10**19 + count}",
                    seed=count,
                    clock=lambda: EPOCH + shared.value,
                )
                if job:
                    printer.start(**job)
                simulator = await stack.enter_async_context(Simulator(printer))
                simulators.append(simulator)
            connection.send([describe(simulator) for simulator in simulators])
            while await asyncio.to_thread(connection.recv):
                every = [
                    it.time for simulator in simulators for it in simulator.requests
                ]
                connection.send(every)

    asyncio.run(serve())
