"""What Home Assistant knows, asked through the page that is open."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
import time
from typing import Any

from playwright.async_api import Page

from .simulated import SimulatedPrinter

# Seconds. Patient enough for a machine that has other things to do.
PATIENCE = 120.0
# Seconds between two questions; Home Assistant itself looks less often.
AGAIN = 0.5
HASS = "document.querySelector('home-assistant')?.hass"


@dataclass(frozen=True, slots=True)
class Device:
    """A printer that was added to Home Assistant."""

    simulator: SimulatedPrinter
    entry_id: str
    device_id: str
    entities: dict[str, str]
    """From their keys to their entity ids."""


@dataclass(frozen=True, slots=True)
class Home:
    """The front end's own connection, because tests may not open one."""

    page: Page

    async def get(self, path: str) -> Any:
        """Get something from the REST API."""
        return await self._call("callApi", "GET", path)

    async def post(self, path: str, **body: object) -> Any:
        """Send something to the REST API."""
        return await self._call("callApi", "POST", path, body)

    async def command(self, kind: str, **message: object) -> Any:
        """Ask something that only the websocket answers."""
        return await self._call("callWS", {"type": kind, **message})

    async def add(self, simulator: SimulatedPrinter) -> Device:
        """Add a printer through the config flow, without the form."""
        path = "config/config_entries/flow"
        flow = await self.post(path, handler="raise3d")
        path += f"/{flow['flow_id']}"
        await self.post(path, next_step_id="password")
        address = {"host": simulator.host, "port": simulator.port}
        result = await self.post(path, **address, password=simulator.password)
        assert result["type"] == "create_entry", result
        entry_id = result["result"]["entry_id"]
        entities = {
            entity["unique_id"].partition("_")[2]: entity
            for entity in await self.command("config/entity_registry/list")
            if entity["config_entry_id"] == entry_id
        }
        return Device(
            simulator,
            entry_id,
            entities["status"]["device_id"],
            {key: entity["entity_id"] for key, entity in entities.items()},
        )

    async def remove(self, entry_id: str) -> None:
        """Remove a printer: it would be missed once its simulator is off."""
        path = f"config/config_entries/entry/{entry_id}"
        await self._call("callApi", "DELETE", path)

    async def forget_dashboards(self, *url_paths: str) -> None:
        """Remove the dashboards with these paths that there are."""
        for item in await self.command("lovelace/dashboards/list"):
            if item["url_path"] in url_paths:
                await self.command(
                    "lovelace/dashboards/delete", dashboard_id=item["id"]
                )

    async def wait_for_status(self, device: Device, status: str) -> None:
        """Have Home Assistant look until it sees a status."""

        async def state() -> str:
            return str((await self._updated_state(device, "status"))["state"])

        await eventually(state, lambda seen: seen == status)

    async def wait_for_event(self, device: Device, event_type: str) -> None:
        """Have Home Assistant look until it has told what happened."""

        async def last() -> object:
            return (await self._updated_state(device, "job"))["attributes"][
                "event_type"
            ]

        await eventually(last, lambda seen: seen == event_type)

    async def history(self, entity_id: str, since: str) -> list[dict[str, str]]:
        """Return what the recorder knows of an entity, when it knows the newest."""
        path = f"history/period/{since}?filter_entity_id={entity_id}&no_attributes"
        newest = (await self.get(f"states/{entity_id}"))["last_changed"]

        async def recorded() -> list[dict[str, str]]:
            [states] = await self.get(path) or [[]]
            return list(states)

        return await eventually(
            recorded, lambda states: states and states[-1]["last_changed"] == newest
        )

    async def _updated_state(self, device: Device, key: str) -> dict[str, Any]:
        """Return the state of an entity after a look at its printer."""
        entity_id = device.entities[key]
        # no more often than it allows, and without waiting for the next regular look
        await self.post(
            "services/homeassistant/update_entity", entity_id=device.entities["status"]
        )
        state: dict[str, Any] = await self.get(f"states/{entity_id}")
        return state

    async def _call(self, function: str, *arguments: object) -> Any:
        await self.page.wait_for_function(f"{HASS}?.connected")
        script = f"([name, given]) => {HASS}[name](...given)"
        return await self.page.evaluate(script, [function, arguments])


async def eventually[T](
    ask: Callable[[], Awaitable[T]], enough: Callable[[T], object]
) -> T:
    """Ask until the answer is as it should be."""
    deadline = time.monotonic() + PATIENCE
    while not enough(answer := await ask()):
        assert time.monotonic() < deadline, answer
        await asyncio.sleep(AGAIN)
    return answer
