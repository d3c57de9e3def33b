"""Tests of disabled entities: what only they would show is not read."""

from collections.abc import Iterable

import pytest

from custom_components.raise3d.interest import PARTS
from custom_components.raise3d.models import Raise3DData
from custom_components.raise3d.number import NUMBERS
from custom_components.raise3d.polling import Part
from custom_components.raise3d.sensor import SENSORS
from homeassistant.const import Platform
from homeassistant.helpers import entity_registry as er

from .common import MINUTE, Home

# The entities that show an endpoint, by its path.
SHOW = {
    "printer/basic": {"bed_temperature", "in_use"},
    "printer/nozzle1": {"left_nozzle_temperature", "in_use"},
    "printer/nozzle2": {"right_nozzle_temperature", "in_use"},
    "printer/camera": {"camera", "finished_part", "last_failure"},
    "dashboard/imagedownload": {"preview"},
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


def disable(home: Home, keys: Iterable[str]) -> None:
    """Disable entities by their keys, as a user does."""
    registry = er.async_get(home.hass)
    entities = er.async_entries_for_config_entry(registry, home.entry.entry_id)
    chosen = [e for e in entities if e.unique_id.partition("_")[2] in set(keys)]
    for entity in chosen:
        registry.async_update_entity(
            entity.entity_id, disabled_by=er.RegistryEntryDisabler.USER
        )


async def enable(home: Home, key: str) -> None:
    """Enable an entity, and reload as Home Assistant does after that."""
    registry = er.async_get(home.hass)
    registry.async_update_entity(home.entity_id(key), disabled_by=None)
    await home.reload()


@pytest.mark.parametrize("path", SHOW)
async def test_what_only_disabled_entities_show_is_not_read(
    home: Home, path: str
) -> None:
    await home.tick(MINUTE)
    disable(home, SHOW[path])
    await home.block_till_done()
    await home.tick(5)
    home.simulator.requests.clear()
    home.printer.start("Local/part.gcode", duration=6 * 3600)
    await home.tick(MINUTE)
    # when everything is due again
    home.freezer.tick(15 * MINUTE)
    await home.tick(MINUTE)
    assert path not in home.paths
    others = SHOW.keys() - {path}
    assert others <= set(home.paths)
    # nor at the next start
    await home.unload()
    home.simulator.requests.clear()
    await home.set_up()
    await home.tick(MINUTE)
    assert path not in home.paths
    assert others <= set(home.paths)


async def test_whether_it_is_in_use_depends_on_temperatures_that_nobody_shows(
    home: Home,
) -> None:
    disable(
        home,
        ["bed_temperature", "left_nozzle_temperature", "right_nozzle_temperature"],
    )
    await home.reload()
    await home.tick(4 * MINUTE)
    assert home.state("in_use", "binary_sensor") == "off"
    home.simulator.requests.clear()
    home.printer.machine.set_heater(home.printer.machine.nozzles[1], 200)
    await home.tick(4 * MINUTE)
    assert {"printer/basic", "printer/nozzle1", "printer/nozzle2"} <= set(home.paths)
    assert home.state("in_use", "binary_sensor") == "on"


async def test_an_entity_that_is_enabled_again_has_its_value_at_once(
    home: Home,
) -> None:
    disable(home, ["bed_temperature"])
    await home.tick(MINUTE)
    await enable(home, "bed_temperature")
    assert home.number("bed_temperature") > 0


async def test_the_last_job_is_read_only_for_an_entity_that_shows_it(
    home: Home,
) -> None:
    await home.tick(2 * MINUTE)
    home.printer.start("Local/part.gcode", duration=60)
    await home.tick(3 * MINUTE)
    assert home.status == "completed"
    assert "dashboard/job" not in home.paths
    await enable(home, "last_job_duration")
    await home.tick(2 * MINUTE)
    assert "dashboard/job" in home.paths


async def test_with_everything_disabled_but_the_status_two_endpoints_are_read(
    home: Home,
) -> None:
    await home.tick(MINUTE)
    disable(home, {key for keys in SHOW.values() for key in keys})
    await home.tick(30)
    home.simulator.requests.clear()
    home.printer.start("Local/part.gcode", duration=6 * 3600)
    await home.tick(5 * MINUTE)
    assert set(home.paths) - {"printer/system"} == {
        "printer/runningstatus",
        "job/currentjob",
    }


async def test_a_camera_that_is_plugged_in_later_is_found(new_home: Home) -> None:
    new_home.printer.unplug_camera()
    await new_home.set_up()
    await new_home.tick(MINUTE)
    new_home.printer.plug_camera()
    new_home.freezer.tick(15 * MINUTE)
    await new_home.tick(MINUTE)
    assert new_home.entity("camera", Platform.CAMERA)


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
    assert shown == set(PARTS.get(description.key, ()))  # type: ignore[attr-defined]
