"""A printer that lives, the truth about its use, and someone who uses it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
import random

from custom_components.raise3d.const import HOT
from homeassistant.config_entries import ConfigEntry
from simulator import Phase, Simulator

from .home import Home

DAY = 24 * 3600.0
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
        await self._life.simulator.unplug()
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
