"""A simulated printer as a test sees it: what it was asked, and what it answers."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from simulator import Printer, Simulator


@dataclass
class Wire:
    """A simulated printer: what it was asked, and what it answers instead."""

    simulator: Simulator

    @property
    def printer(self) -> Printer:
        """Return the printer itself."""
        return self.simulator.printer

    @property
    def paths(self) -> list[str]:
        """Return what was asked so far, without the version of the API."""
        return [request.path[len("/v1/") :] for request in self.simulator.requests]

    def count_requests(self, path: str | None = None) -> int:
        """Return how often an endpoint was asked, or how much was asked in all."""
        return len(self.paths) if path is None else self.paths.count(path)

    def posts(self, path: str = "") -> list[str]:
        """Return what the printer was commanded to do, in order."""
        posted = [r for r in self.simulator.requests if r.method == "POST"]
        return [r.path[len("/v1/") :] for r in posted if path in r.path]

    def fail(self, kind: str, *paths: str, **options: object) -> None:
        """Let endpoints fail, or all of the API, until `heal`."""
        for path in paths or (None,):
            self.simulator.faults.add(kind, path=path, count=None, **options)

    def answer(
        self, path: str, change: Callable[[Any], object] | None = None, **values: object
    ) -> None:
        """Let an endpoint answer with other values until `heal`."""
        self.fail("override", path, data=change or (lambda data: data | values))

    def heal(self) -> None:
        """End all faults."""
        self.simulator.faults.clear()

    @asynccontextmanager
    async def replaced_by(self, other: Printer) -> AsyncGenerator[Wire]:
        """Let another printer have the address, between two polls."""
        await self.simulator.stop()
        async with Simulator(other, port=self.simulator.port) as stranger:
            yield Wire(stranger)
        await self.simulator.start()
