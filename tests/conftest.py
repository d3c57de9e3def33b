"""Fixtures: a simulated printer, real Home Assistant, and a clock that moves both."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from datetime import timedelta
import logging
from pathlib import Path
import socket
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
import pytest_socket
from syrupy.assertion import SnapshotAssertion

from custom_components.raise3d.const import (
    CONF_FIRMWARE_VERSION,
    CONF_NOZZLE_COUNT,
    CONF_SERIAL_NUMBER,
    CONF_SW_VERSION,
    DOMAIN,
)
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import (
    CONF_HOST,
    CONF_MODEL,
    CONF_PASSWORD,
    CONF_PORT,
    Platform,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from simulator import Printer, Simulator

PASSWORD = "368d8d"
TICK_STEP = 5.0

type Ticker = Callable[..., Awaitable[None]]


# A clock that jumps makes every step look slow to asyncio.
logging.getLogger("asyncio").setLevel(logging.ERROR)


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant load custom_components."""


@pytest.fixture(scope="session")
def config_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of this process; the usual one is in the virtual environment.

    Home Assistant writes there, several processes at a time, and it may be read-only.
    """
    return tmp_path_factory.mktemp("config")


@pytest.fixture
def hass_config_dir(config_folder: Path) -> str:
    """Return where Home Assistant has its configuration."""
    return str(config_folder)


@pytest.fixture(autouse=True)
def no_retry_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once: a clock that stands still never ends a sleep."""
    monkeypatch.setattr("custom_components.raise3d.api.transport.RETRY_DELAY", 0)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for other tasks; the timeout of the test is the only limit."""
    while not condition():  # noqa: ASYNC110 - nothing announces any condition
        await asyncio.sleep(0.005)


def now() -> float:
    """Return the test's time, which is the printer's too."""
    return dt_util.utcnow().timestamp()


@pytest.fixture
def ipv6(socket_enabled: None) -> None:
    """Skip where there is no IPv6, as in many containers."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6")
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1"])


@pytest.fixture
def model() -> str:
    """Return the simulated model; a test may parametrize it."""
    return "pro2"


@pytest.fixture
def printer(model: str, freezer: FrozenDateTimeFactory) -> Printer:
    """Return a printer that lives in the test's time."""
    freezer.move_to("2026-11-23 08:00:00+00:00")
    return Printer(model, password=PASSWORD, clock=now)


@pytest.fixture
async def simulator(
    printer: Printer, socket_enabled: None
) -> AsyncGenerator[Simulator]:
    """Return the printer's running servers."""
    async with Simulator(printer) as simulator:
        yield simulator


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


@pytest.fixture
def config_entry(hass: HomeAssistant, simulator: Simulator) -> MockConfigEntry:
    """Return a config entry that signs in with the password, not set up yet."""
    return add_entry(hass, simulator)


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


def state_of(entry: MockConfigEntry) -> ConfigEntryState:
    """Return the state of a config entry; mypy would believe the first it saw."""
    return entry.state


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set up a config entry as a start of Home Assistant would."""
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture
async def loaded_entry(
    hass: HomeAssistant, config_entry: MockConfigEntry
) -> MockConfigEntry:
    """Return a config entry that is set up."""
    await set_up(hass, config_entry)
    return config_entry


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots that leave out what differs from run to run."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def entity_registry_enabled_by_default() -> Generator[None]:
    """Enable the entities that are disabled by default too."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        return_value=True,
    ):
        yield


@pytest.fixture
def only_platforms(platforms: list[Platform]) -> Generator[None]:
    """Set up the platforms of the test module alone."""
    with patch("custom_components.raise3d.PLATFORMS", platforms):
        yield


@pytest.fixture
def tick(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Ticker:
    """Return a function that lets time pass for Home Assistant and the printer."""

    async def tick(seconds: float) -> None:
        # in steps no longer than the shortest interval, so that no poll is skipped
        while seconds > 0:
            step = min(seconds, TICK_STEP)
            freezer.tick(timedelta(seconds=step))
            async_fire_time_changed(hass)
            await hass.async_block_till_done(wait_background_tasks=True)
            seconds -= step

    return tick


@pytest.fixture
def entity_id(hass: HomeAssistant) -> Callable[..., str]:
    """Return a function that finds an entity of a printer by its key."""
    registry = er.async_get(hass)

    def entity_id(
        key: str, platform: str = "sensor", entry: ConfigEntry | None = None
    ) -> str:
        entry = entry or hass.config_entries.async_entries(DOMAIN)[0]
        found = registry.async_get_entity_id(
            platform, DOMAIN, f"{entry.unique_id}_{key}"
        )
        assert found, f"no {platform} {key}"
        return found

    return entity_id


@pytest.fixture
def state(hass: HomeAssistant, entity_id: Callable[..., str]) -> Callable[..., str]:
    """Return a function that tells the state of an entity by its key."""

    def state(*key: str) -> str:
        found = hass.states.get(entity_id(*key))
        assert found, f"{key} has no state"
        return found.state

    return state
