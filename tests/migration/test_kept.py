"""Tests of what is kept of an older integration's entry, entities and device."""

import logging

import pytest

from custom_components.raise3d import async_migrate_entry
from custom_components.raise3d.const import CONF_NOZZLE_COUNT, DOMAIN
from custom_components.raise3d.migration import COUNTERPARTS
from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from tests.common import (
    PASSWORD,
    Home,
    add_entry,
    entry_data,
    log_everything,
    set_up,
)

from .older import DOCUMENTED, NAME_1, OLD, OldHome, version_1, version_2


async def test_entities_with_a_counterpart_keep_their_id_and_the_rest_goes(
    home: OldHome, version: str
) -> None:
    assert set(home.ids) == set(OLD[version])
    title = home.entry.title
    await home.set_up()
    await home.tick(60)
    assert home.entry_state() is ConfigEntryState.LOADED
    # the entry says the same as one of the config flow
    assert (home.entry.version, home.entry.minor_version) == (3, 2)
    assert home.entry.unique_id == home.printer.machine_id
    assert home.entry.data == entry_data(home.simulator)
    assert home.entry.title == title
    assert home.unique_ids == {
        key: f"{home.printer.machine_id}_{DOCUMENTED[key]}"
        for key in DOCUMENTED.keys() & home.ids
    }
    await home.tick(60)
    assert not home.orphans


async def test_what_is_kept_shows_the_printer(home: OldHome) -> None:
    home.printer.start("Local/medaille_1.gcode")
    await home.set_up()
    await home.tick(300)
    expected = {
        "running_status": "printing",
        "job_status": "running",
        "file_name": "medaille_1.gcode",
        "total_layer": "250",
        "heatbed_cur_temp": "60",
        # disabled by default in this integration, but it was in use there
        "feed_cur_rate": "100",
    }
    states = home.shown([*expected])
    assert {key: state.state for key, state in states.items()} == expected


@version_1
async def test_a_machine_with_a_user_s_touch_keeps_it(home: OldHome) -> None:
    area = ar.async_get(home.hass).async_create("Workshop")
    (device,) = home.devices
    dr.async_get(home.hass).async_update_device(
        device.id, area_id=area.id, name_by_user="Big one", labels={"hot"}
    )
    await home.set_up()
    (kept,) = home.devices
    assert kept.id == device.id
    assert kept.identifiers == {(DOMAIN, home.printer.machine_id)}
    assert (kept.area_id, kept.name_by_user) == (area.id, "Big one")
    assert kept.labels == {"hot"}
    assert (kept.manufacturer, kept.model) == ("Raise3D", "Raise3D Pro2")
    assert {entity.device_id for entity in home.entities} == {kept.id}


async def test_an_entity_with_a_user_s_touch_keeps_it(home: OldHome) -> None:
    area = ar.async_get(home.hass).async_create("Workshop")
    registry = er.async_get(home.hass)
    registry.async_update_entity(
        home.ids["sensor", "heatbed_cur_temp"],
        new_entity_id="sensor.plate",
        name="Plate",
        area_id=area.id,
        icon="mdi:fire",
        labels={"hot"},
        hidden_by=er.RegistryEntryHider.USER,
    )
    registry.async_update_entity_options(
        "sensor.plate", "sensor", {"unit_of_measurement": "°F"}
    )
    off = home.ids["sensor", "print_progress"]
    registry.async_update_entity(off, disabled_by=er.RegistryEntryDisabler.USER)
    await home.set_up()
    plate = registry.async_get("sensor.plate")
    assert plate
    assert plate.unique_id == f"{home.printer.machine_id}_bed_temperature"
    assert (plate.name, plate.area_id, plate.icon) == ("Plate", area.id, "mdi:fire")
    assert (plate.labels, plate.hidden_by) == ({"hot"}, er.RegistryEntryHider.USER)
    shown = home.hass.states.get("sensor.plate")
    assert shown
    assert (shown.state, shown.attributes["unit_of_measurement"]) == ("75.2", "°F")
    progress = registry.async_get(off)
    assert progress
    assert progress.disabled_by is er.RegistryEntryDisabler.USER
    assert home.hass.states.get(off) is None


@pytest.mark.parametrize("model", ["n2"])
async def test_a_printer_with_one_nozzle_has_nothing_of_a_second(home: OldHome) -> None:
    await home.set_up()
    assert home.entry.data[CONF_NOZZLE_COUNT] == 1
    assert not [e.unique_id for e in home.entities if "right" in e.unique_id]
    await home.tick(60)
    assert not home.orphans


def test_the_table_for_users_is_the_one_that_is_used() -> None:
    assert {
        (platform, key.lower()): new_key
        for (platform, key), new_key in DOCUMENTED.items()
    } == {
        (platform, key): new_key
        for platform, keys in COUNTERPARTS.items()
        for key, new_key in keys.items()
    }
    assert set(DOCUMENTED) <= {*OLD["1"], *OLD["2.2"]}
    # two old entities may not become one
    kept = {(domain, key) for (domain, _), key in DOCUMENTED.items()}
    assert len(kept) == len(DOCUMENTED)


# Entries that are not simply old


@pytest.mark.parametrize(
    ("version", "minor_version", "expected"),
    [(3, 2, ConfigEntryState.LOADED), (4, 1, ConfigEntryState.MIGRATION_ERROR)],
)
async def test_entries_of_later_releases_are_left_alone(
    new_home: Home, version: int, minor_version: int, expected: ConfigEntryState
) -> None:
    new_home.hass.config_entries.async_update_entry(
        new_home.entry, version=version, minor_version=minor_version
    )
    data = dict(new_home.entry.data)
    await new_home.set_up()
    assert new_home.entry_state() is expected
    assert new_home.entry.version == version
    assert new_home.entry.minor_version == minor_version
    assert new_home.entry.data == data


async def test_an_entry_that_cannot_be_read_is_not_converted(new_home: Home) -> None:
    new_home.hass.config_entries.async_update_entry(new_home.entry, version=4)
    assert not await async_migrate_entry(new_home.hass, new_home.entry)
    assert new_home.entry.version == 4


@version_2
async def test_a_migration_that_was_cut_off_is_done_again(home: OldHome) -> None:
    progress = home.ids["sensor", "print_progress"]
    er.async_get(home.hass).async_update_entity(
        progress, new_unique_id=f"{home.printer.machine_id}_progress"
    )
    er.async_get(home.hass).async_remove(home.ids["sensor", "battery"])
    await home.set_up()
    assert home.hass.states.get(progress)
    await home.tick(60)
    assert not home.orphans


@version_2
async def test_a_user_of_both_integrations_keeps_what_was_in_use(home: OldHome) -> None:
    older = dr.async_get(home.hass).async_get_or_create(
        config_entry_id=home.entry.entry_id, identifiers={(DOMAIN, NAME_1)}, name=NAME_1
    )
    registry = er.async_get(home.hass)
    machine_id = home.printer.machine_id
    registry.async_remove(home.ids["sensor", "job_id"])
    for unique_id in (
        f"{NAME_1.lower()}_data_print_progress",
        f"{NAME_1.lower()}_data_job_id",
        f"{machine_id}__printed_layer__obsolete",
    ):
        registry.async_get_or_create(
            "sensor",
            DOMAIN,
            unique_id,
            config_entry=home.entry,
            device_id=older.id,
            suggested_object_id=unique_id.rpartition("data_")[2],
        )
    await home.set_up()
    (device,) = home.devices
    assert device.identifiers == {(DOMAIN, machine_id)}
    assert home.unique_ids["sensor", "print_progress"] == f"{machine_id}_progress"
    # the only one of its kind, and it moved with its history
    assert registry.async_get("sensor.job_id")
    assert registry.async_get("sensor.print_progress") is None
    assert {entity.device_id for entity in home.entities} == {device.id}
    await home.tick(60)
    assert not home.orphans


async def test_no_secret_reaches_the_log(home: OldHome) -> None:
    log_everything(home.caplog)
    home.printer.password = "another"
    await home.set_up()
    home.printer.password = PASSWORD
    await home.tick(30)
    await set_up(home.hass, add_entry(home.hass, home.simulator))
    assert home.log(logging.DEBUG)
    assert PASSWORD not in home.caplog.text
