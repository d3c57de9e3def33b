"""The printers of the demo, and the people who look after them."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import cycle
import time
from types import TracebackType
from typing import Self

from simulator import Phase, Printer, Simulator
from simulator.control import create_control_app
from simulator.models import StoredFile
from simulator.server import close, listen

PASSWORD = "demo-password"  # noqa: S105 - of a printer that does not exist
# An hour's print in three minutes: every look finds it further on, and yet a person
# can follow it.
SPEED = 20.0
# Seconds, long enough for everybody to see a finished part and an empty plate.
UNTIL_CLEARED = 45.0
UNTIL_NEXT = 20.0
MAIN_PRINTERS = 3
# From a printer's port to its camera's, and to the one where curl operates it.
CAMERA, CONTROL = 10, 20
# From the first printer's port to that of the first in the farm.
FARM = 40


@dataclass(frozen=True, slots=True)
class Part:
    """What is printed; times in seconds, filament in grams left and right."""

    file_name: str
    duration: float
    layers: int
    filament: tuple[float, float]
    nozzle_temp: int = 210
    bed_temp: int = 60


PARTS = (
    Part("Local/gearbox_housing_v7.gcode", 9600, 388, (74.3, 11.8), 240, 80),
    Part("Local/Lampenschirm groß.gcode", 7200, 512, (41.9, 0.0)),
    Part("Local/cable_clip x20.gcode", 4500, 96, (18.6, 4.2), 215, 65),
)
FINISHED_PART = Part("Local/drill_guide_left.gcode", 5400, 214, (33.5, 6.1), 215, 65)
# Not printed lately. Names are as people give them.
STORED_PARTS = (
    Part("Local/Orders/Müller GmbH/bracket v3.gcode", 21480, 250, (61.5, 10.9)),
    Part("Local/Orders/Müller GmbH/hinge 50 %, left.gcode", 3300, 120, (9.8, 0.0)),
    Part("Local/Orders/sample #2.gcode", 1900, 88, (6.1, 0.0)),
    Part("Local/Spare parts/knob.gcode", 1250, 80, (4.5, 0.0)),
    Part("Local/Spare parts/spool holder.gcode", 15600, 410, (96.0, 0.0)),
)


class Clock:
    """Time that runs faster than ours and can be pushed ahead."""

    def __init__(self, speed: float) -> None:
        """Begin at the present."""
        self._speed = speed
        self._began = time.monotonic()
        self._start = time.time()

    def __call__(self) -> float:
        """Return the time as Unix seconds."""
        return self._start + (time.monotonic() - self._began) * self._speed

    def skip(self, seconds: float) -> None:
        """Let that much time pass at once."""
        self._start += seconds


class PrintRoom:
    """Three printers, one at work, one done, one off, and a farm beside them."""

    def __init__(
        self, first_port: int, speed: float = SPEED, count: int = MAIN_PRINTERS
    ) -> None:
        """Put the printers in place; they take the first port and the next two."""
        self._stack = AsyncExitStack()
        self._clock = Clock(speed)
        self._lab_clock = Clock(1.0)
        self.workshop, self.lab, self.studio = (
            _place(model, name, clock, port, port + CAMERA)
            for port, (model, name, clock) in enumerate(
                (
                    ("pro2", "Pro2 workshop", self._clock),
                    ("pro3", "Pro3 lab", self._lab_clock),
                    ("e2", "E2 studio", Clock(1.0)),
                ),
                first_port,
            )
        )
        self.main = (self.workshop, self.lab, self.studio)
        self.farm = [
            FarmPrinter(number, first_port + FARM + number)
            for number in range(count - MAIN_PRINTERS)
        ]
        self.simulators = (*self.main, *(one.simulator for one in self.farm))

    @staticmethod
    def ports(first_port: int, count: int = MAIN_PRINTERS) -> list[int]:
        """Return all ports that are needed."""
        apis = range(first_port, first_port + MAIN_PRINTERS)
        main = [port + offset for offset in (0, CAMERA, CONTROL) for port in apis]
        farm = first_port + FARM
        return [*main, *range(farm, farm + count - MAIN_PRINTERS)]

    async def __aenter__(self) -> Self:
        """Switch the printers on, but for those that are off."""
        for simulator in self.simulators:
            await self._stack.enter_async_context(simulator)
        for simulator in self.main:
            control = create_control_app(simulator)
            runner = await listen(control, simulator.host, simulator.port + CONTROL)
            self._stack.push_async_callback(close, runner)
        start(self.workshop.printer, PARTS[0])
        # as if one had come in the middle of it
        self._clock.skip(PARTS[0].duration * 0.35)
        start(self.lab.printer, FINISHED_PART)
        # done ten minutes ago: the bed is still warm
        self._lab_clock.skip(FINISHED_PART.duration + 600)
        for printer in self.farm:
            printer.begin()
        operator = asyncio.create_task(keep_printing(self.workshop.printer))
        self._stack.callback(operator.cancel)
        await self.power_off()
        return self

    async def power_on(self) -> None:
        """Switch on those that are usually off."""
        for simulator in self._off:
            await simulator.power_on()

    async def power_off(self) -> None:
        """Switch off those that are usually off."""
        for simulator in self._off:
            await simulator.power_off()

    @property
    def _off(self) -> list[Simulator]:
        """Those that are usually off."""
        return [self.studio, *(one.simulator for one in self.farm if one.off)]

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Switch everything off."""
        await self._stack.aclose()


class FarmPrinter:
    """One of many printers: at work, idle, done, paused or off, by its number."""

    def __init__(self, number: int, port: int) -> None:
        """Put it in place."""
        self._number = number
        self._clock = Clock(1.0)
        self.simulator = _place("n2", f"Farm {number + 1:02}", self._clock, port)
        # about every seventh, as in a farm that is not busy
        self.off = number % 7 == 6  # noqa: PLR2004

    def begin(self) -> None:
        """Have it do what its number says."""
        kind, part = self._number % 5, PARTS[self._number % len(PARTS)]
        if kind == 0:
            return
        start(self.simulator.printer, part)
        done = 1.1 if kind == 1 else (self._number * 13 % 95 + 2) / 100
        self._clock.skip(part.duration * done)
        if kind == 2 and self._number % 3 == 0:  # noqa: PLR2004
            self.simulator.printer.pause()


def _place(
    model: str, name: str, clock: Callable[[], float], port: int, camera_port: int = 0
) -> Simulator:
    """Make a printer that has been in use for a while; its camera takes any port."""
    printer = Printer(
        model,
        clock=clock,
        password=PASSWORD,
        machine_name=name,
        # that of its model where it is the only one
        machine_id=name if camera_port == 0 else None,
        history=24,
    )
    printer.files.clear()
    for part in (*PARTS, FINISHED_PART, *STORED_PARTS):
        printer.files[part.file_name] = StoredFile(
            part.duration, layers=part.layers, filament=part.filament
        )
    return Simulator(printer, port=port, camera_port=camera_port)


def start(printer: Printer, part: Part) -> None:
    """Print a part."""
    printer.start(
        part.file_name,
        duration=part.duration,
        layers=part.layers,
        filament=part.filament,
        nozzle_temp=part.nozzle_temp,
        bed_temp=part.bed_temp,
    )


async def keep_printing(printer: Printer) -> None:
    """Clear the plate after each print and start the next, as a person would."""
    parts = cycle((*PARTS[1:], PARTS[0]))
    while True:
        await asyncio.sleep(1)
        if printer.phase is Phase.COMPLETED:
            await asyncio.sleep(UNTIL_CLEARED)
            if printer.phase is Phase.COMPLETED:
                printer.dismiss()
        elif printer.phase is Phase.IDLE:
            await asyncio.sleep(UNTIL_NEXT)
            if printer.phase is Phase.IDLE:
                start(printer, next(parts))
