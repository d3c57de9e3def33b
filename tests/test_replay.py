"""Tests of a replay: someone else's printer, with the same entities and states."""

from collections.abc import Awaitable, Callable
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.raise3d.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from simulator import Capture, Printer, Replay

from .capture.common import FILE, secretive, secrets_of
from .common import START, Home, now, set_up

# What is of a moment that only one of the two has seen, and what is somebody's own.
DIFFERENT = {
    *("event.job", "image.preview", "image.finished_part", "image.last_failure"),
    *("sensor.start_time", "sensor.finish_time"),
}
PSEUDONYMS = {"sensor.file_name", "sensor.job_id"}


class Clock:
    """The test's time, until it is stopped for one printer."""

    def __init__(self) -> None:
        """Go."""
        self._stopped_at: float | None = None

    def __call__(self) -> float:
        """Return the time."""
        return now() if self._stopped_at is None else self._stopped_at

    def stop(self) -> None:
        """Stand still: a replay does so too."""
        self._stopped_at = now()


@pytest.fixture
def clock() -> Clock:
    """Return the clock of the printer that is captured."""
    return Clock()


@pytest.fixture
def printer(model: str, clock: Clock, freezer: FrozenDateTimeFactory) -> Printer:
    """Return a printer that has secrets, and lives in the test's time."""
    freezer.move_to(START)
    return secretive(model, clock=clock, history=30)


@pytest.fixture
async def diagnostics(hass: HomeAssistant) -> None:
    """Have the diagnostics ready."""
    assert await async_setup_component(hass, "diagnostics", {})


async def download(home: Home, hass_client: ClientSessionGenerator) -> dict[str, Any]:
    """Return the file that a person downloads."""
    client = await hass_client()
    url = f"/api/diagnostics/config_entry/{home.entry.entry_id}"
    content: dict[str, Any] = await (await client.get(url)).json()
    return content


def states(home: Home, entry: MockConfigEntry) -> dict[str, str]:
    """Return the states of a printer's entities, by platform and key."""
    registry = er.async_get(home.hass)
    return {
        f"{each.domain}.{each.unique_id.partition('_')[2]}": state.state
        for each in er.async_entries_for_config_entry(registry, entry.entry_id)
        if (state := home.hass.states.get(each.entity_id))
    }


async def printing(home: Home) -> None:
    """Print for a while."""
    home.printer.start(FILE)
    await home.tick(300)


async def completed(home: Home) -> None:
    """Print to the end."""
    home.printer.start(FILE, duration=120)
    await home.tick(180)


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "diagnostics")
@pytest.mark.parametrize(("model", "live"), [("pro2", printing), ("n2", completed)])
async def test_a_replay_has_the_states_of_the_printer_that_was_captured(
    home: Home,
    clock: Clock,
    hass_client: ClientSessionGenerator,
    live: Callable[[Home], Awaitable[None]],
) -> None:
    await live(home)
    clock.stop()
    content = await download(home, hass_client)
    capture = Capture.from_json(content)
    async with Replay(capture) as replay:
        entry = MockConfigEntry(
            domain=DOMAIN,
            version=3,
            title="Replayed",
            unique_id=capture.data_of("printer/system")["machine_id"],
            data={**home.entry.data, "port": replay.port, "password": "any"},
        )
        entry.add_to_hass(home.hass)
        await home.reload()
        await set_up(home.hass, entry)
        await home.tick(60)
        before, after = states(home, home.entry), states(home, entry)
        await home.hass.config_entries.async_unload(entry.entry_id)
    same = before.keys() - DIFFERENT - PSEUDONYMS
    assert before.keys() == after.keys()
    assert {key: after[key] for key in same} == {key: before[key] for key in same}
    assert len(same) > 30
    assert replay.log.max_in_flight == 1
    text = json.dumps(content, ensure_ascii=False)
    assert not {secret for secret in secrets_of(home.printer) if secret in text}
