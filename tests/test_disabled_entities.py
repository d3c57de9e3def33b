"""Tests of disabled entities: what only they would show is not read."""

from collections.abc import Callable, Iterable

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.interest import PARTS
from custom_components.raise3d.models import Raise3DData
from custom_components.raise3d.number import NUMBERS
from custom_components.raise3d.polling import Part
from custom_components.raise3d.sensor import SENSORS
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator import Simulator

from .common import set_up
from .conftest import Ticker

MINUTE = 60
# The entities that show an endpoint, by its path.
SHOW = {
    "printer/basic": {"bed_temperature"},
    "printer/nozzle1": {"left_nozzle_temperature"},
    "printer/nozzle2": {"right_nozzle_temperature"},
    "printer/camera": {"camera"},
    "dashboard/statistics": {
        *("prints_completed", "print_time_total", "filament_used"),
        *("filament_used_left", "filament_used_right"),
    },
}
FIELDS = {
    Part.BASIC: "basic",
    Part.LEFT_NOZZLE: "left_nozzle",
    Part.RIGHT_NOZZLE: "right_nozzle",
    Part.STATISTICS: "statistics",
    Part.LAST_JOB: "last_job",
    Part.SYSTEM: "system",
}

type Disable = Callable[[Iterable[str]], None]


@pytest.fixture
def disable(
    entity_registry: er.EntityRegistry, config_entry: MockConfigEntry
) -> Disable:
    """Return a function that disables entities by their keys, as a user does."""

    def disable(keys: Iterable[str]) -> None:
        for entity in er.async_entries_for_config_entry(
            entity_registry, config_entry.entry_id
        ):
            if entity.unique_id.partition("_")[2] in set(keys):
                entity_registry.async_update_entity(
                    entity.entity_id, disabled_by=er.RegistryEntryDisabler.USER
                )

    return disable


def paths(simulator: Simulator) -> set[str]:
    """Return what was asked."""
    return {request.path.removeprefix("/v1/") for request in simulator.requests}


async def reload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Reload as Home Assistant does after entities were enabled."""
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("path", SHOW)
async def test_what_only_disabled_entities_show_is_not_read(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    disable: Disable,
    path: str,
) -> None:
    await set_up(hass, config_entry)
    await tick(MINUTE)
    disable(SHOW[path])
    await hass.async_block_till_done(wait_background_tasks=True)
    await tick(5)
    simulator.requests.clear()
    simulator.printer.start("Local/part.gcode", duration=6 * 3600)
    await tick(20 * MINUTE)
    assert path not in paths(simulator)
    others = SHOW.keys() - {path}
    assert others <= paths(simulator)
    # nor at the next start
    await hass.config_entries.async_unload(config_entry.entry_id)
    simulator.requests.clear()
    await set_up(hass, config_entry)
    await tick(20 * MINUTE)
    assert path not in paths(simulator)
    assert others <= paths(simulator)


async def test_an_entity_that_is_enabled_again_has_its_value_at_once(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    entity_registry: er.EntityRegistry,
    entity_id: Callable[..., str],
    state: Callable[..., str],
    disable: Disable,
) -> None:
    await set_up(hass, config_entry)
    disable(["bed_temperature"])
    await tick(5 * MINUTE)
    entity_registry.async_update_entity(entity_id("bed_temperature"), disabled_by=None)
    await reload(hass, config_entry)
    assert float(state("bed_temperature")) > 0


async def test_the_last_job_is_read_for_those_only_who_want_it(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    entity_registry: er.EntityRegistry,
    entity_id: Callable[..., str],
) -> None:
    await set_up(hass, config_entry)
    await tick(2 * MINUTE)
    simulator.printer.start("Local/part.gcode", duration=300)
    await tick(10 * MINUTE)
    assert "dashboard/job" not in paths(simulator)
    entity_registry.async_update_entity(
        entity_id("last_job_duration"), disabled_by=None
    )
    await reload(hass, config_entry)
    await tick(2 * MINUTE)
    assert "dashboard/job" in paths(simulator)


async def test_with_everything_disabled_but_the_status_two_endpoints_are_read(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    disable: Disable,
) -> None:
    await set_up(hass, config_entry)
    await tick(MINUTE)
    disable({key for keys in SHOW.values() for key in keys})
    await tick(30)
    simulator.requests.clear()
    simulator.printer.start("Local/part.gcode", duration=6 * 3600)
    await tick(10 * MINUTE)
    assert paths(simulator) - {"printer/system", "dashboard/imagedownload"} == {
        "printer/runningstatus",
        "job/currentjob",
    }


async def test_a_camera_that_is_plugged_in_later_is_found(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    entity_id: Callable[..., str],
) -> None:
    simulator.printer.unplug_camera()
    await set_up(hass, config_entry)
    await tick(MINUTE)
    simulator.printer.plug_camera()
    await tick(20 * MINUTE)
    assert hass.states.get(entity_id("camera", Platform.CAMERA))


class Recorder:
    """A snapshot that notes what is taken from it."""

    def __init__(self) -> None:
        """Start with nothing taken."""
        self.taken: set[str] = set()
        self.data = Raise3DData(online=True)

    def __getattr__(self, name: str) -> object:
        """Note a name, and give what an empty snapshot has."""
        self.taken.add(name)
        return getattr(self.data, name)


@pytest.mark.parametrize(
    "description", [*SENSORS, *NUMBERS], ids=lambda description: description.key
)
def test_each_entity_names_the_part_that_it_shows(description: object) -> None:
    recorder = Recorder()
    description.value_fn(recorder)  # type: ignore[attr-defined]
    shown = {part for part, name in FIELDS.items() if name in recorder.taken}
    part = PARTS.get(description.key)  # type: ignore[attr-defined]
    assert shown == {part} - {None}
