"""A Home Assistant core with real storage and a real recorder, and what it counts."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import logging
from pathlib import Path
import random
import sqlite3
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any
from unittest.mock import AsyncMock, patch

from custom_components.raise3d.api import CameraInfo, Raise3DCamera
from custom_components.raise3d.api.transport import Transport
from custom_components.raise3d.config_flow import Raise3DConfigFlow
from custom_components.raise3d.const import (
    CONF_FIRMWARE_VERSION,
    CONF_NOZZLE_COUNT,
    CONF_SERIAL_NUMBER,
    CONF_SW_VERSION,
    DOMAIN,
)
from homeassistant import bootstrap, config_entries, loader
from homeassistant.auth import auth_manager_from_config
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import (
    CONF_HOST,
    CONF_MODEL,
    CONF_PASSWORD,
    CONF_PORT,
    EVENT_STATE_CHANGED,
    STATE_UNAVAILABLE,
)
from homeassistant.core import CoreState, Event, HomeAssistant
from homeassistant.helpers import entity_registry as er, recorder as recorder_helper
from homeassistant.setup import async_setup_component
from simulator import Simulator

from .clock import Clock

PASSWORD = "368d8d"  # noqa: S105 - opens a simulated printer
DATABASE = "home-assistant_v2.db"
# Home Assistant itself gives a camera and a picture a new address every five minutes.
RENEWED = {"access_token", "entity_picture"}
# They say what this machine lacks, of which nothing is needed here.
QUIET = (
    "aiohttp_fast_zlib",
    "asyncio",
    "homeassistant.components.camera.img_util",
    "homeassistant.loader",
)


@dataclass
class Home:
    """A running Home Assistant."""

    hass: HomeAssistant
    clock: Clock
    folder: Path
    writes: list[float] = field(default_factory=list)
    """When a state or its attributes changed."""
    renewals: list[float] = field(default_factory=list)
    """When nothing changed but the address of a picture."""
    reported: list[tuple[float, str, str]] = field(default_factory=list)
    """Each event of a job: when, which, and of which job."""

    def note(self, event: Event[Any]) -> None:
        """Count a change as the recorder would."""
        old, new = event.data["old_state"], event.data["new_state"]
        if new is None or er.async_get(self.hass).async_get(new.entity_id) is None:
            return
        now = self.clock.time()
        if old is not None and old.state == new.state:
            changed = dict(old.attributes.items() ^ new.attributes.items())
            if changed.keys() <= RENEWED:
                self.renewals.append(now)
                return
        self.writes.append(now)
        if (
            new.domain == "event"
            and old is not None
            and old.state != new.state
            and STATE_UNAVAILABLE not in (old.state, new.state)
            and "event_type" in new.attributes
        ):
            kind, job = new.attributes["event_type"], new.attributes["job_id"]
            self.reported.append((now, kind, job))

    async def add(self, printers: Iterable[Mapping[str, Any]]) -> list[ConfigEntry]:
        """Set up printers, all at the same moment as a start does."""
        entries = [
            ConfigEntry(
                data=data,
                discovery_keys=MappingProxyType({}),
                domain=DOMAIN,
                minor_version=Raise3DConfigFlow.MINOR_VERSION,
                options=None,
                source=config_entries.SOURCE_USER,
                subentries_data=None,
                title=f"Printer {number}",
                unique_id=machine_id,
                version=Raise3DConfigFlow.VERSION,
            )
            for number, (machine_id, data) in enumerate(
                (printer["machine_id"], printer["data"]) for printer in printers
            )
        ]
        await asyncio.gather(*map(self.hass.config_entries.async_add, entries))
        await self.hass.async_block_till_done()
        assert all(entry.state is ConfigEntryState.LOADED for entry in entries)  # noqa: S101
        return entries

    async def add_by_hand(self, simulator: Simulator) -> ConfigEntry:
        """Set up a printer as a person does, from the first form to the entities."""
        flow = self.hass.config_entries.flow
        form = await flow.async_init(
            DOMAIN, context={"source": config_entries.SOURCE_USER}
        )
        for given in (
            {"next_step_id": "password"},
            {
                CONF_HOST: simulator.host,
                CONF_PORT: simulator.port,
                CONF_PASSWORD: PASSWORD,
            },
        ):
            form = await flow.async_configure(form["flow_id"], given)
        await self.hass.async_block_till_done()
        entry = form["result"]
        assert entry.state is ConfigEntryState.LOADED  # noqa: S101
        return entry

    async def rows(self, begin: float, end: float) -> int:
        """Count what the recorder has written of the integration between two times."""
        recorder = recorder_helper.get_instance(self.hass)
        with self.clock.held():
            # its own wait ends early while the recorder writes the last row
            written = self.hass.loop.create_future()
            recorder.queue_task(SynchronizeTask(written))
            await written
        ids = [entity.entity_id for entity in er.async_get(self.hass).entities.values()]
        with sqlite3.connect(self.folder / DATABASE) as database:
            rows = database.execute(
                "SELECT states_meta.entity_id "
                "FROM states JOIN states_meta USING (metadata_id) "
                "WHERE last_updated_ts >= ? AND last_updated_ts < ?",
                (begin, end),
            ).fetchall()
        return sum(name in ids for (name,) in rows)


def describe(simulator: Simulator) -> dict[str, Any]:
    """Return what the config flow would have found out about a printer."""
    printer = simulator.printer
    return {
        "machine_id": printer.machine_id,
        "data": {
            CONF_HOST: simulator.host,
            CONF_PORT: simulator.port,
            CONF_PASSWORD: PASSWORD,
            CONF_MODEL: printer.model.name,
            CONF_SERIAL_NUMBER: printer.serial_number,
            CONF_NOZZLE_COUNT: printer.model.nozzles,
            CONF_SW_VERSION: printer.model.version,
            CONF_FIRMWARE_VERSION: printer.model.firmware_version,
        },
    }


@asynccontextmanager
async def home(
    clock: Clock, held_back: Iterable[Simulator] = (), *, recorder: bool = False
) -> AsyncGenerator[Home]:
    """Run a Home Assistant; requests that simulators hold back let time pass."""
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    simulators = list(held_back)
    exchange = Transport._send_once  # noqa: SLF001 - from the first byte to the last
    under_way = 0

    async def counted(*args: Any) -> Any:
        nonlocal under_way
        under_way += 1
        try:
            return await exchange(*args)
        finally:
            under_way -= 1

    take_shot = Raise3DCamera.take_shot

    async def held(camera: Raise3DCamera, info: CameraInfo) -> bytes:
        # the camera's server answers at once, and holds nothing back
        with clock.held():
            return await take_shot(camera, info)

    clock.awaited.append(
        lambda: under_way != sum(simulator.log.in_flight for simulator in simulators)
    )
    with TemporaryDirectory() as folder:
        hass = HomeAssistant(folder)
        running = Home(hass, clock, Path(folder))
        with (
            patch.object(Transport, "_send_once", counted),
            patch.object(Raise3DCamera, "take_shot", held),
            # Lots are drawn for the fraction of a second in which to poll.
            patch(
                "homeassistant.helpers.update_coordinator.randint",
                random.Random(0).randint,  # noqa: S311 - the same in each run
            ),
            # All addresses are numbers; the true one would resolve names.
            patch(
                "homeassistant.helpers.aiohttp_client._async_make_resolver",
                return_value=AsyncMock(),
            ),
            # It would take port 8123 for nothing: another Home Assistant may have it.
            patch("homeassistant.components.http.HomeAssistantHTTP.async_bind"),
        ):
            with clock.held():
                await _start(hass, Path(folder), recorder=recorder)
            hass.bus.async_listen(EVENT_STATE_CHANGED, running.note)
            try:
                yield running
            finally:
                with clock.held():
                    await hass.async_stop(force=True)


async def _start(hass: HomeAssistant, folder: Path, *, recorder: bool) -> None:
    hass.config.skip_pip = True
    loader.async_setup(hass)
    hass.config_entries = config_entries.ConfigEntries(hass, {"_": "not empty"})
    await bootstrap.async_load_base_functionality(hass)
    # The camera's and the picture's addresses need it; no server is started.
    hass.auth = await auth_manager_from_config(hass, [], [])
    hass.set_state(CoreState.running)
    if recorder:
        recorder_helper.async_initialize_recorder(hass)
        settings = {"db_url": f"sqlite:///{folder / DATABASE}", "auto_purge": False}
        assert await async_setup_component(hass, "recorder", {"recorder": settings})  # noqa: S101
    await hass.async_block_till_done()
