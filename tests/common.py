"""What many tests need: a printer on the wire, and a Home Assistant that polls it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
import json
import logging
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.raise3d.const import (
    CONF_FIRMWARE_VERSION,
    CONF_NOZZLE_COUNT,
    CONF_SERIAL_NUMBER,
    CONF_SW_VERSION,
    DOMAIN,
)
from custom_components.raise3d.coordinator import Raise3DCoordinator
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.const import (
    CONF_HOST,
    CONF_MODEL,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_TOKEN,
    EVENT_STATE_CHANGED,
    STATE_UNAVAILABLE,
)
from homeassistant.core import (
    CoreState,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles
from simulator import Printer, Simulator

from .wire import Wire

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "custom_components/raise3d"
FIXTURES = ROOT / "tests/fixtures"
EN: dict[str, Any] = json.loads((FOLDER / "translations/en.json").read_text("utf-8"))
PASSWORD = "368d8d"
START = "2026-11-23 08:00:00+00:00"
MINUTE, HOUR = 60, 3600
# Starts the name of each of the integration's loggers.
OURS = "custom_components.raise3d"


def log_everything(caplog: pytest.LogCaptureFixture) -> None:
    """Log what developers read, too: our loggers have a level of their own."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, OURS)


def now() -> float:
    """Return the test's time, which is the printer's too."""
    return dt_util.utcnow().timestamp()


def new_printer(model: str = "pro2", **settings: Any) -> Printer:
    """Return a printer that lives in the test's time."""
    return Printer(model, **{"password": PASSWORD, "clock": now, **settings})


async def until(condition: Callable[[], bool]) -> None:
    """Wait for other tasks; the timeout of the test is the only limit."""
    while not condition():  # noqa: ASYNC110 - nothing announces any condition
        await asyncio.sleep(0.005)


def entry_data(simulator: Simulator, **secret: str) -> dict[str, Any]:
    """Return the data of a config entry, with the password where no token is given."""
    model = simulator.printer.model
    return {
        CONF_HOST: simulator.host,
        CONF_PORT: simulator.port,
        **(secret or {CONF_PASSWORD: PASSWORD}),
        CONF_MODEL: model.name,
        CONF_SERIAL_NUMBER: simulator.printer.serial_number,
        CONF_NOZZLE_COUNT: model.nozzles,
        CONF_SW_VERSION: model.version,
        CONF_FIRMWARE_VERSION: model.firmware_version,
    }


def add_entry(
    hass: HomeAssistant, simulator: Simulator, **secret: str
) -> MockConfigEntry:
    """Add a config entry for a simulated printer."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        version=3,
        title="Lab printer",
        unique_id=simulator.printer.machine_id,
        data=entry_data(simulator, **secret),
    )
    entry.add_to_hass(hass)
    return entry


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set up a config entry as a start of Home Assistant would."""
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def pass_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Go from timer to timer: nothing happens between them."""
    end = dt_util.utcnow() + timedelta(seconds=seconds)
    while (left := end - dt_util.utcnow()) > timedelta():
        handles = list(get_scheduled_timer_handles(hass.loop))
        timers = [handle.when() for handle in handles if not handle.cancelled()]
        # no less than the resolution of the clock
        until_next = max(0.001, min(timers, default=1e9) - hass.loop.time())
        freezer.tick(min(left, timedelta(seconds=until_next)))
        loop_time = hass.loop.time()
        # as `async_fire_time_changed_exact`, which makes two mocks for each timer
        for handle in handles:
            if not handle.cancelled() and handle.when() <= loop_time:
                handle._run()
                handle.cancel()
        await hass.async_block_till_done(wait_background_tasks=True)


@dataclass
class Running(Wire):
    """Home Assistant with the entry of a printer: its time, its life, its changes."""

    hass: HomeAssistant
    entry: MockConfigEntry
    freezer: FrozenDateTimeFactory
    caplog: pytest.LogCaptureFixture
    changes: list[EventStateChangedData] = field(default_factory=list)
    """Each change of a state."""
    events: list[tuple[str, bool]] = field(default_factory=list)
    """What an automation on the job's event reacts to, and whether it came late."""

    def __post_init__(self) -> None:
        """Record from the start on."""
        self.hass.bus.async_listen(EVENT_STATE_CHANGED, self._record)

    @callback
    def _record(self, event: Event[EventStateChangedData]) -> None:
        self.changes.append(event.data)
        old, new = event.data["old_state"], event.data["new_state"]
        registry, key = er.async_get(self.hass), f"{self.entry.unique_id}_job"
        ours = registry.async_get_entity_id("event", DOMAIN, key)
        if not old or not new or new.entity_id != ours or old.state == new.state:
            return
        if STATE_UNAVAILABLE not in (old.state, new.state):
            self.events.append((new.attributes["event_type"], new.attributes["late"]))

    async def tick(self, seconds: float) -> None:
        """Let time pass for Home Assistant and the printer, with every poll in it."""
        await pass_time(self.hass, self.freezer, seconds)

    async def block_till_done(self) -> None:
        """Let everything end that is under way."""
        await self.hass.async_block_till_done(wait_background_tasks=True)

    def use_token(self, token: str | None = None) -> None:
        """Let the entry sign in with a token, a valid one unless given."""
        token = token or self.printer.tokens.issue(now())
        data = {**self.entry.data, CONF_TOKEN: token}
        del data[CONF_PASSWORD]
        self.hass.config_entries.async_update_entry(self.entry, data=data)

    async def set_up(self) -> None:
        """Set up the entry as a start of Home Assistant would."""
        await set_up(self.hass, self.entry)

    async def unload(self) -> None:
        """Unload the entry."""
        assert await self.hass.config_entries.async_unload(self.entry.entry_id)
        await self.block_till_done()

    async def reload(self) -> None:
        """Reload the entry."""
        assert await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.block_till_done()

    async def remove(self) -> None:
        """Remove the entry."""
        assert await self.hass.config_entries.async_remove(self.entry.entry_id)
        await self.block_till_done()

    @asynccontextmanager
    async def down(self) -> AsyncGenerator[None]:
        """Let Home Assistant be down for a while."""
        await self.unload()
        yield
        self.hass.set_state(CoreState.starting)
        await self.set_up()
        self.hass.set_state(CoreState.running)

    async def restart(self) -> None:
        """Restart Home Assistant."""
        async with self.down():
            pass

    def written(self) -> list[tuple[str, str]]:
        """Return the states that were written since `changes` was cleared."""
        states = [change["new_state"] for change in self.changes]
        return [(state.entity_id, state.state) for state in states if state]


class Known(Running):
    """Home Assistant with the entry of a printer, and what it knows of it."""

    def entity_id(self, key: str, platform: str = "sensor") -> str:
        """Return the entity id of the printer's entity with a key."""
        found = er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"{self.entry.unique_id}_{key}"
        )
        assert found, f"no {platform} {key}"
        return found

    @property
    def keys(self) -> set[str]:
        """Return the keys of the printer's entities."""
        registry = er.async_get(self.hass)
        found = er.async_entries_for_config_entry(registry, self.entry.entry_id)
        return {each.unique_id.partition("_")[2] for each in found}

    def disabled_by(self, platform: str) -> dict[str, er.RegistryEntryDisabler | None]:
        """Return who has disabled the entities of a platform, by key."""
        registry = er.async_get(self.hass)
        found = er.async_entries_for_config_entry(registry, self.entry.entry_id)
        return {
            each.unique_id.partition("_")[2]: each.disabled_by
            for each in found
            if each.domain == platform
        }

    def entity(self, key: str, platform: str = "sensor") -> State:
        """Return the state of an entity with its attributes."""
        found = self.hass.states.get(self.entity_id(key, platform))
        assert found, f"{platform} {key} has no state"
        return found

    def state(self, key: str, platform: str = "sensor") -> str:
        """Return the state of an entity."""
        return self.entity(key, platform).state

    def number(self, key: str, platform: str = "sensor") -> float:
        """Return the state of an entity that has to be a number."""
        return float(self.state(key, platform))

    @property
    def status(self) -> str:
        """Return the state of the status sensor."""
        return self.state("status")

    def entry_state(self) -> ConfigEntryState:
        """Return the state of the entry; mypy would believe the first it saw."""
        return self.entry.state

    @property
    def coordinator(self) -> Raise3DCoordinator:
        """Return the coordinator of the entry."""
        coordinator: Raise3DCoordinator = self.entry.runtime_data
        return coordinator

    @property
    def device(self) -> dr.DeviceEntry:
        """Return the printer's device."""
        device = dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, self.printer.machine_id), self.entry.entry_id
        )
        assert device
        return device


class Home(Known):
    """Home Assistant with the entry of a printer, as a person has to do with it."""

    @property
    def flows(self) -> list[ConfigFlowResult]:
        """Return what Home Assistant asks a person for."""
        return self.hass.config_entries.flow.async_progress_by_handler(DOMAIN)

    @property
    def issues(self) -> set[str]:
        """Return the keys of the printer's repair issues."""
        return {
            str(issue.translation_key)
            for issue in ir.async_get(self.hass).issues.values()
            if issue.domain == DOMAIN
        }

    async def matches(self, snapshot: SnapshotAssertion) -> None:
        """Assert that the entities of the only platform are as they were."""
        registry = er.async_get(self.hass)
        await snapshot_platform(self.hass, registry, snapshot, self.entry.entry_id)

    def log(self, level: int = logging.DEBUG + 1) -> list[str]:
        """Return what the integration has logged, from a level on."""
        return [
            record.getMessage()
            for record in self.caplog.records
            if record.name.startswith(OURS) and record.levelno >= level
        ]

    @property
    def complaints(self) -> list[str]:
        """Return what anyone has logged that a person would look into."""
        return [
            record.getMessage()
            for record in self.caplog.records
            # its clock cannot be frozen
            if record.levelno > logging.INFO and record.name != "aiohttp.access"
        ]

    async def call(
        self, action: str, entity: tuple[str, str] | None = None, **data: object
    ) -> Any:
        """Call an action, on one of the printer's entities (key, platform) or none."""
        target = {"entity_id": self.entity_id(*entity)} if entity else {}
        domain, _, name = action.partition(".")
        response = self.hass.services.supports_response(domain, name) != "none"
        return await self.hass.services.async_call(
            domain, name, {**target, **data}, blocking=True, return_response=response
        )

    async def act(self, name: str, **data: Any) -> Any:
        """Call one of our own actions for the printer."""
        device = str(data.pop("device_id", self.device.id))
        return await self.call(f"{DOMAIN}.{name}", device_id=device, **data)


def state_of(entry: MockConfigEntry) -> ConfigEntryState:
    """Return the state of a config entry; mypy would believe the first it saw."""
    return entry.state
