"""Tests of taking over the entries of the two older integrations."""

from collections.abc import Callable, Iterator
from datetime import timedelta
import logging
from pathlib import Path
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)
from pytest_homeassistant_custom_component.typing import RecorderInstanceContextManager

from custom_components.raise3d import PLATFORMS, async_migrate_entry
from custom_components.raise3d.const import (
    CONF_FIRMWARE_VERSION,
    CONF_NOZZLE_COUNT,
    CONF_SERIAL_NUMBER,
    CONF_SW_VERSION,
    DOMAIN,
)
from custom_components.raise3d.migration import COUNTERPARTS, UNSEEN
from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.history import get_significant_states
from homeassistant.components.recorder.statistics import (
    statistics_during_period,
    validate_statistics,
)
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import (
    CONF_HOST,
    CONF_MODEL,
    CONF_NAME,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SCAN_INTERVAL,
    CONF_TOKEN,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulator import Simulator

from .common import PASSWORD, add_entry, entry_data, now, set_up, state_of
from .conftest import Ticker

# Everything the two integrations made, by platform.
OLD_2: dict[str, str] = {
    "sensor": """
        Serial_number api_version battery brightness date_time firmware_version
        language machine_id machine_ip machine_name model nozzies_num
        storage_available update version camerserver_URI password running_status
        fan_cur_speed feed_cur_rate feed_tar_rate heatbed_cur_temp
        LN_flow_cur_rate LN_nozzle_cur_temp RN_flow_cur_rate RN_nozzle_cur_temp
        file_name print_progress printed_layer total_layer printed_time total_time
        remaining_time job_id job_status printed_file_num printed_total_time
        printed_used_filament_left printed_used_filament_right printed_used_filament
    """,
    "binary_sensor": "is_camera_connected",
    "camera": "camera",
    "number": """
        heatbed_tar_temp fan_tar_speed LN_flow_tar_rate LN_nozzle_tar_temp
        RN_flow_tar_rate RN_nozzle_tar_temp
    """,
    "button": """
        recover_last_job move_home move_negative_x move_positive_x move_negative_y
        move_positive_y move_negative_z move_positive_z job_action_pause
        job_action_resume job_action_stop
    """,
}
UNITS_2 = {
    "storage_available": "MB",
    "printed_time": "h",
    "remaining_time": "h",
    "total_time": "h",
}
OLD_1: dict[str, str] = {
    "sensor": """
        Serial_number api_version battery brightness date_time firmware_version
        language machine_id machine_ip machine_name model nozzies_num
        storage_available update version camerserver_URI is_camera_connected password
        user_name running_status fan_cur_speed fan_tar_speed feed_cur_rate
        feed_tar_rate heatbed_cur_temp heatbed_tar_temp LN_flow_cur_rate
        LN_flow_tar_rate LN_nozzle_cur_temp LN_nozzle_tar_temp RN_flow_cur_rate
        RN_flow_tar_rate RN_nozzle_cur_temp RN_nozzle_tar_temp file_name print_progress
        printed_layer total_layer printed_time total_time remaining_time job_id
        job_status
    """
}
DISABLED_2 = """
    Serial_number api_version firmware_version machine_id machine_name model nozzies_num
    update version camerserver_URI password is_camera_connected
"""

NAME_1 = "My_Data Printer"

# What users are told: platform and old key, and what becomes of it.
DOCUMENTED = {
    (platform, old): new
    for platform, old, new in re.findall(
        r"^\| (\w+) \| `(\w+)` \| `(\w+)` \|$",
        (Path(__file__).parents[1] / "docs/migration.md").read_text("utf-8"),
        re.MULTILINE,
    )
}


def old_keys(old: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield platform and key of each old entity."""
    for platform, keys in old.items():
        for key in keys.split():
            yield platform, key


def add_entry_2(hass: HomeAssistant, simulator: Simulator) -> MockConfigEntry:
    """Add an entry of version 2.2 as its integration made it."""
    machine_id = simulator.printer.machine_id
    entry = MockConfigEntry(
        domain=DOMAIN,
        version=2,
        minor_version=2,
        title="Raise3D",
        unique_id=machine_id,
        data={
            CONF_HOST: simulator.host,
            "conf_port": simulator.port,
            "conf_password": PASSWORD,
            CONF_SCAN_INTERVAL: 30,
        },
    )
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, machine_id)},
        manufacturer="Raise3D",
        model="Raise3D Pro2",
        name="Raise3D",
        serial_number="1234567890",
        sw_version="1.7.7.1026 / 0.1.0.926",
        hw_version="1.7.0.1008",
    )
    registry = er.async_get(hass)
    for platform, key in old_keys(OLD_2):
        entity = registry.async_get_or_create(
            platform,
            DOMAIN,
            f"{machine_id}__{key}",
            config_entry=entry,
            device_id=device.id,
            disabled_by=(
                er.RegistryEntryDisabler.INTEGRATION
                if key in DISABLED_2.split()
                else None
            ),
            has_entity_name=True,
            suggested_object_id=f"raise3d_{key}",
            translation_key=key.lower(),
        )
        if key in UNITS_2:
            registry.async_update_entity_options(
                entity.entity_id,
                "sensor.private",
                {"suggested_unit_of_measurement": UNITS_2[key]},
            )
    return entry


def add_entry_1(hass: HomeAssistant, simulator: Simulator) -> MockConfigEntry:
    """Add an entry of version 1 as its integration made it."""
    host = f"http://{simulator.host}"
    entry = MockConfigEntry(
        domain=DOMAIN,
        version=1,
        title=NAME_1,
        unique_id=host,
        data={
            CONF_NAME: NAME_1,
            CONF_HOST: host,
            "conf_port": simulator.port,
            "conf_password": PASSWORD,
            CONF_SCAN_INTERVAL: 30,
        },
    )
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, NAME_1)},
        manufacturer="Raise 3D",
        model="Pro2",
        name=NAME_1,
    )
    for platform, key in old_keys(OLD_1):
        er.async_get(hass).async_get_or_create(
            platform,
            DOMAIN,
            f"{NAME_1.lower()}_data_{key}",
            config_entry=entry,
            device_id=device.id,
            suggested_object_id=f"my_data_printer_{key}",
        )
    return entry


type AddEntry = Callable[[HomeAssistant, Simulator], MockConfigEntry]

either = pytest.mark.parametrize(
    ("add_old_entry", "old"),
    [
        pytest.param(add_entry_2, OLD_2, id="version 2.2"),
        pytest.param(add_entry_1, OLD_1, id="version 1"),
    ],
)


def entities(hass: HomeAssistant, entry: MockConfigEntry) -> list[er.RegistryEntry]:
    """Return the entities of an entry."""
    return er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)


def old_ids(hass: HomeAssistant, entry: MockConfigEntry) -> dict[tuple[str, str], str]:
    """Return the entity ids of an old entry by platform and old key."""
    return {
        (
            entity.domain,
            entity.unique_id.rpartition("_data_")[2].rpartition("__")[2],
        ): entity.entity_id
        for entity in entities(hass, entry)
    }


def devices(hass: HomeAssistant, entry: MockConfigEntry) -> list[dr.DeviceEntry]:
    """Return the devices of an entry."""
    return dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)


def orphans(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return the entities that nobody provides any more."""
    return {
        entity.entity_id
        for entity in entities(hass, entry)
        if not entity.disabled
        and entity.domain in PLATFORMS
        and ((state := hass.states.get(entity.entity_id)) is None)
        | (state is not None and "restored" in state.attributes)
    }


def reauth_flows(hass: HomeAssistant) -> list[Any]:
    """Return the open questions for a new secret."""
    return [
        flow
        for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        if flow["context"]["source"] == SOURCE_REAUTH
    ]


# What is kept


@either
async def test_entities_with_a_counterpart_keep_their_id_and_the_rest_goes(
    hass: HomeAssistant,
    simulator: Simulator,
    tick: Ticker,
    add_old_entry: AddEntry,
    old: dict[str, str],
) -> None:
    entry = add_old_entry(hass, simulator)
    before = old_ids(hass, entry)
    assert set(before) == set(old_keys(old))
    await set_up(hass, entry)
    await tick(60)
    assert state_of(entry) is ConfigEntryState.LOADED
    registry = er.async_get(hass)
    for platform_and_key, entity_id in before.items():
        found = registry.async_get(entity_id)
        new_key = DOCUMENTED.get(platform_and_key)
        assert (found and found.unique_id) == (
            new_key and f"{simulator.printer.machine_id}_{new_key}"
        )
    await tick(60)
    assert not orphans(hass, entry)


@either
async def test_what_is_kept_shows_the_printer(
    hass: HomeAssistant,
    simulator: Simulator,
    tick: Ticker,
    add_old_entry: AddEntry,
    old: dict[str, str],
) -> None:
    entry = add_old_entry(hass, simulator)
    before = old_ids(hass, entry)
    simulator.printer.start("Local/medaille_1.gcode")
    await set_up(hass, entry)
    await tick(300)
    states = {
        key: state.state
        for (_, key), entity_id in before.items()
        if (state := hass.states.get(entity_id)) and "restored" not in state.attributes
    }
    assert states["running_status"] == "printing"
    assert states["job_status"] == "running"
    assert states["file_name"] == "medaille_1.gcode"
    assert states["total_layer"] == "250"
    assert states["heatbed_cur_temp"] == "60"
    # an entity of this integration that is disabled by default was in use there
    assert states["feed_cur_rate"] == "100"


async def test_a_machine_with_a_user_s_touch_keeps_it(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    entry = add_entry_1(hass, simulator)
    area = ar.async_get(hass).async_create("Workshop")
    (device,) = devices(hass, entry)
    dr.async_get(hass).async_update_device(
        device.id, area_id=area.id, name_by_user="Big one", labels={"hot"}
    )
    await set_up(hass, entry)
    (kept,) = devices(hass, entry)
    assert kept.id == device.id
    assert kept.identifiers == {(DOMAIN, simulator.printer.machine_id)}
    assert (kept.area_id, kept.name_by_user, kept.labels) == (
        *(area.id, "Big one"),
        {"hot"},
    )
    assert (kept.manufacturer, kept.model) == ("Raise3D", "Raise3D Pro2")
    assert {entity.device_id for entity in entities(hass, entry)} == {kept.id}


@either
async def test_an_entity_with_a_user_s_touch_keeps_it(
    hass: HomeAssistant,
    simulator: Simulator,
    add_old_entry: AddEntry,
    old: dict[str, str],
) -> None:
    entry = add_old_entry(hass, simulator)
    ids = old_ids(hass, entry)
    area = ar.async_get(hass).async_create("Workshop")
    registry = er.async_get(hass)
    registry.async_update_entity(
        ids["sensor", "heatbed_cur_temp"],
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
    off = ids["sensor", "print_progress"]
    registry.async_update_entity(off, disabled_by=er.RegistryEntryDisabler.USER)
    await set_up(hass, entry)
    plate = registry.async_get("sensor.plate")
    assert plate
    assert plate.unique_id == f"{simulator.printer.machine_id}_bed_temperature"
    assert (plate.name, plate.area_id, plate.icon) == ("Plate", area.id, "mdi:fire")
    assert (plate.labels, plate.hidden_by) == ({"hot"}, er.RegistryEntryHider.USER)
    shown = hass.states.get("sensor.plate")
    assert shown
    assert (shown.state, shown.attributes["unit_of_measurement"]) == ("75.2", "°F")
    progress = registry.async_get(off)
    assert progress
    assert progress.disabled_by is er.RegistryEntryDisabler.USER
    assert hass.states.get(off) is None


# Units: sensor by old key, and what it is shown in afterwards
OURS = {
    "printed_time": "min",
    "remaining_time": "min",
    "total_time": "min",
    "storage_available": "GiB",
    "printed_total_time": "h",
    "printed_used_filament": "g",
    "heatbed_cur_temp": "°C",
    "print_progress": "%",
}


def units(
    hass: HomeAssistant, ids: dict[tuple[str, str], str]
) -> dict[str, str | None]:
    """Return the units that sensors are shown in, by their old keys."""
    states = {key: hass.states.get(ids.get(("sensor", key), "a.b")) for key in OURS}
    return {
        key: state.attributes.get("unit_of_measurement")
        for key, state in states.items()
        if state is not None
    }


def leave_unit(
    hass: HomeAssistant, entity_id: str, shown: str | None, suggested: str | None
) -> None:
    """Leave a unit as an older integration may have left it."""
    registry = er.async_get(hass)
    registry.async_update_entity(entity_id, unit_of_measurement=shown)
    registry.async_update_entity_options(
        entity_id,
        "sensor.private",
        {"suggested_unit_of_measurement": suggested} if suggested else None,
    )


@either
@pytest.mark.parametrize(
    "units_of",
    [
        pytest.param(lambda unit: (unit, unit), id="suggested and shown"),
        pytest.param(lambda unit: (unit, None), id="shown"),
        pytest.param(lambda unit: (None, unit), id="suggested"),
        pytest.param(lambda unit: (None, None), id="no unit"),
    ],
)
async def test_an_entity_with_no_unit_or_the_older_default_gets_ours(
    hass: HomeAssistant,
    simulator: Simulator,
    tick: Ticker,
    add_old_entry: AddEntry,
    old: dict[str, str],
    units_of: Callable[[str], tuple[str | None, str | None]],
) -> None:
    entry = add_old_entry(hass, simulator)
    ids = old_ids(hass, entry)
    for key, unit in {**UNITS_2, "storage_available": "B"}.items():
        leave_unit(hass, ids["sensor", key], *units_of(unit))
    simulator.printer.start("Local/medaille_1.gcode")
    await set_up(hass, entry)
    await tick(60)
    found = units(hass, ids)
    assert found == {key: OURS[key] for key in found}
    assert {*UNITS_2} <= set(found)


@either
async def test_a_unit_that_a_person_has_chosen_stays(
    hass: HomeAssistant,
    simulator: Simulator,
    tick: Ticker,
    add_old_entry: AddEntry,
    old: dict[str, str],
) -> None:
    entry = add_old_entry(hass, simulator)
    ids = old_ids(hass, entry)
    chosen = {"remaining_time": "h", "total_time": "s", "storage_available": "MB"}
    for key, unit in chosen.items():
        er.async_get(hass).async_update_entity_options(
            ids["sensor", key], "sensor", {"unit_of_measurement": unit}
        )
    simulator.printer.start("Local/medaille_1.gcode")
    await set_up(hass, entry)
    await tick(60)
    assert chosen.items() <= units(hass, ids).items()


async def test_an_entity_that_was_disabled_gets_our_unit_when_it_is_enabled(
    hass: HomeAssistant, simulator: Simulator, tick: Ticker
) -> None:
    entry = add_entry_2(hass, simulator)
    name = old_ids(hass, entry)["sensor", "remaining_time"]
    registry = er.async_get(hass)
    registry.async_update_entity(name, disabled_by=er.RegistryEntryDisabler.USER)
    simulator.printer.start("Local/medaille_1.gcode")
    await set_up(hass, entry)
    registry.async_update_entity(name, disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    await tick(60)
    state = hass.states.get(name)
    assert state
    assert state.attributes["unit_of_measurement"] == "min"


async def test_an_entry_of_our_own_first_release_gets_minutes(
    hass: HomeAssistant,
    simulator: Simulator,
    tick: Ticker,
    config_entry: MockConfigEntry,
    entity_id: Callable[..., str],
) -> None:
    assert config_entry.minor_version == 1
    registry = er.async_get(hass)
    machine_id = simulator.printer.machine_id
    for key, kind, unit in (
        ("remaining_time", "sensor.private", "suggested_unit_of_measurement"),
        ("elapsed_time", "sensor", "unit_of_measurement"),
    ):
        entity = registry.async_get_or_create(
            "sensor",
            DOMAIN,
            f"{machine_id}_{key}",
            config_entry=config_entry,
            unit_of_measurement="h",
        )
        registry.async_update_entity_options(entity.entity_id, kind, {unit: "h"})
    simulator.printer.start("Local/medaille_1.gcode")
    await set_up(hass, config_entry)
    await tick(60)
    shown = [
        (hass.states.get(entity_id(key)) or State("a.b", "")).attributes
        for key in ("remaining_time", "elapsed_time")
    ]
    assert [it["unit_of_measurement"] for it in shown] == ["min", "h"]
    assert config_entry.minor_version == 2


@either
async def test_the_entry_says_the_same_as_one_of_the_config_flow(
    hass: HomeAssistant,
    simulator: Simulator,
    add_old_entry: AddEntry,
    old: dict[str, str],
) -> None:
    entry = add_old_entry(hass, simulator)
    title = entry.title
    await set_up(hass, entry)
    assert (entry.version, entry.minor_version) == (3, 2)
    assert entry.unique_id == simulator.printer.machine_id
    assert entry.data == entry_data(simulator)
    assert entry.title == title


@pytest.mark.parametrize("model", ["n2"])
@either
async def test_a_printer_with_one_nozzle_has_nothing_of_a_second(
    hass: HomeAssistant,
    simulator: Simulator,
    tick: Ticker,
    add_old_entry: AddEntry,
    old: dict[str, str],
) -> None:
    entry = add_old_entry(hass, simulator)
    await set_up(hass, entry)
    assert entry.data[CONF_NOZZLE_COUNT] == 1
    assert not [e.unique_id for e in entities(hass, entry) if "right" in e.unique_id]
    await tick(60)
    assert not orphans(hass, entry)


def test_the_table_for_users_is_the_one_that_is_used() -> None:
    assert {
        (platform, key.lower()): new_key
        for (platform, key), new_key in DOCUMENTED.items()
    } == {
        (platform, key): new_key
        for platform, keys in COUNTERPARTS.items()
        for key, new_key in keys.items()
    }
    assert set(DOCUMENTED) <= {*old_keys(OLD_1), *old_keys(OLD_2)}
    # two old entities may not become one
    assert len({(domain, key) for (domain, _), key in DOCUMENTED.items()}) == len(
        DOCUMENTED
    )


# A printer that is off


async def test_version_2_is_taken_over_while_the_printer_is_off(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    entry = add_entry_2(hass, simulator)
    before = old_ids(hass, entry)
    await simulator.power_off()
    await set_up(hass, entry)
    assert state_of(entry) is ConfigEntryState.LOADED
    assert (entry.version, entry.minor_version) == (3, UNSEEN)
    assert entry.data == entry_data(simulator)
    status = hass.states.get(before["sensor", "running_status"])
    assert status
    assert status.state == "offline"
    assert not orphans(hass, entry)
    (device,) = devices(hass, entry)
    assert (device.sw_version, device.hw_version) == ("1.7.7.1026", None)


@pytest.mark.parametrize("model", ["n2"])
async def test_what_only_the_printer_knows_is_asked_for_when_it_is_on(
    hass: HomeAssistant, simulator: Simulator, tick: Ticker
) -> None:
    entry = add_entry_2(hass, simulator)
    await simulator.power_off()
    await set_up(hass, entry)
    # no telling yet whether the right nozzle is there; nothing of it may get lost
    assert entry.data[CONF_NOZZLE_COUNT] == 2
    assert entry.data[CONF_MODEL] == "Raise3D Pro2"
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.minor_version == UNSEEN
    assert entry.data[CONF_NOZZLE_COUNT] == 2
    await simulator.power_on()
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (entry.version, entry.minor_version) == (3, 2)
    assert entry.data == entry_data(simulator)
    assert not [e.unique_id for e in entities(hass, entry) if "right" in e.unique_id]
    await tick(60)
    assert not orphans(hass, entry)


async def test_an_entry_that_never_worked_is_taken_over_with_what_little_is_known(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    entry = MockConfigEntry(
        domain=DOMAIN,
        version=2,
        minor_version=1,
        unique_id=simulator.printer.machine_id,
        data={
            CONF_NAME: NAME_1,
            CONF_HOST: simulator.host,
            "conf_port": simulator.port,
            "conf_password": PASSWORD,
        },
    )
    entry.add_to_hass(hass)
    await simulator.power_off()
    await set_up(hass, entry)
    assert state_of(entry) is ConfigEntryState.LOADED
    assert entry.data == {
        CONF_HOST: simulator.host,
        CONF_PORT: simulator.port,
        CONF_PASSWORD: PASSWORD,
        CONF_MODEL: "Raise3D",
        CONF_SERIAL_NUMBER: None,
        CONF_NOZZLE_COUNT: 1,
        CONF_SW_VERSION: None,
        CONF_FIRMWARE_VERSION: None,
    }
    await simulator.power_on()
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.data == entry_data(simulator)


async def test_version_1_waits_for_the_printer_and_loses_nothing(
    hass: HomeAssistant, simulator: Simulator, tick: Ticker
) -> None:
    entry = add_entry_1(hass, simulator)
    before = old_ids(hass, entry)
    await simulator.power_off()
    await set_up(hass, entry)
    assert state_of(entry) is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "cannot_connect"
    assert entry.version == 1
    assert old_ids(hass, entry) == before
    assert not reauth_flows(hass)
    await tick(60)
    assert state_of(entry) is ConfigEntryState.SETUP_RETRY
    await simulator.power_on()
    await tick(600)
    assert state_of(entry) is ConfigEntryState.LOADED
    assert entry.data == entry_data(simulator)
    status = hass.states.get(before["sensor", "running_status"])
    assert status
    assert status.state == "idle"


@pytest.mark.parametrize("host", ["nowhere at all", "http://", "[::1", "http://a b/"])
async def test_an_address_that_is_none_waits_to_be_mended(
    hass: HomeAssistant, simulator: Simulator, host: str
) -> None:
    entry = add_entry_1(hass, simulator)
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_HOST: host})
    await set_up(hass, entry)
    assert state_of(entry) is ConfigEntryState.SETUP_RETRY
    assert entry.data[CONF_HOST] == host


# A printer that says no


async def test_version_1_with_a_wrong_password_asks_for_it_and_waits(
    hass: HomeAssistant, simulator: Simulator, tick: Ticker
) -> None:
    entry = add_entry_1(hass, simulator)
    before = old_ids(hass, entry)
    simulator.printer.password = "another"
    await set_up(hass, entry)
    assert state_of(entry) is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "invalid_auth"
    assert old_ids(hass, entry) == before
    (flow,) = reauth_flows(hass)
    assert flow["context"]["entry_id"] == entry.entry_id
    await tick(60)
    assert len(reauth_flows(hass)) == 1
    # what the config flow shows and keeps
    assert entry.version == 1
    assert entry.data == {
        CONF_HOST: simulator.host,
        CONF_PORT: simulator.port,
        CONF_PASSWORD: PASSWORD,
    }
    simulator.printer.password = PASSWORD
    await tick(600)
    assert state_of(entry) is ConfigEntryState.LOADED
    assert hass.states.get(before["sensor", "running_status"])


@pytest.mark.parametrize(
    "secret",
    [{CONF_PASSWORD: "another"}, {CONF_TOKEN: "t"}],
    ids=lambda s: next(iter(s)),
)
async def test_version_1_goes_on_with_the_secret_that_it_has_asked_for(
    hass: HomeAssistant, simulator: Simulator, secret: dict[str, str]
) -> None:
    entry = add_entry_1(hass, simulator)
    before = old_ids(hass, entry)
    simulator.printer.password = "another"
    await set_up(hass, entry)
    if CONF_TOKEN in secret:
        secret = {CONF_TOKEN: simulator.printer.tokens.issue(now())}
    (flow,) = reauth_flows(hass)
    configure = hass.config_entries.flow.async_configure
    await configure(flow["flow_id"], {"next_step_id": f"reauth_{next(iter(secret))}"})
    result = await configure(flow["flow_id"], secret)
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(entry) is ConfigEntryState.LOADED
    assert entry.unique_id == simulator.printer.machine_id
    assert entry.data == entry_data(simulator, **secret)
    assert hass.states.get(before["sensor", "running_status"])


async def test_version_1_goes_on_with_the_address_that_it_is_given(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    entry = add_entry_1(hass, simulator)
    before = old_ids(hass, entry)
    address = {CONF_HOST: simulator.host, CONF_PORT: simulator.port}
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_HOST: "nowhere at all"}
    )
    await set_up(hass, entry)
    result = await entry.start_reconfigure_flow(hass)
    configure = hass.config_entries.flow.async_configure
    await configure(result["flow_id"], {"next_step_id": "reconfigure_password"})
    result = await configure(result["flow_id"], address)
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(entry) is ConfigEntryState.LOADED
    assert entry.data == entry_data(simulator)
    assert hass.states.get(before["sensor", "running_status"])


async def test_version_2_with_a_wrong_password_is_taken_over_and_asks_for_it(
    hass: HomeAssistant, simulator: Simulator, tick: Ticker
) -> None:
    entry = add_entry_2(hass, simulator)
    simulator.printer.password = "another"
    await set_up(hass, entry)
    assert state_of(entry) is ConfigEntryState.LOADED
    assert entry.version == 3
    # until then it may be a printer that boots
    await tick(400)
    (flow,) = reauth_flows(hass)
    configure = hass.config_entries.flow.async_configure
    await configure(flow["flow_id"], {"next_step_id": "reauth_password"})
    await configure(flow["flow_id"], {CONF_PASSWORD: "another"})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(entry) is ConfigEntryState.LOADED
    assert (entry.version, entry.minor_version) == (3, 2)
    assert entry.data == {**entry_data(simulator), CONF_PASSWORD: "another"}


async def test_another_printer_at_the_address_of_version_2_is_not_mixed_in(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    entry = add_entry_2(hass, simulator)
    simulator.printer.machine_id = "555"
    simulator.printer.serial_number = "666"
    await set_up(hass, entry)
    assert state_of(entry) is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "wrong_printer"
    assert (entry.version, entry.minor_version) == (3, UNSEEN)
    assert entry.unique_id == "1234567890123456789"
    assert entry.data[CONF_SERIAL_NUMBER] == "1234567890"


async def test_a_printer_that_was_added_anew_is_not_set_up_twice(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    entry = add_entry_1(hass, simulator)
    before = old_ids(hass, entry)
    new = add_entry(hass, simulator)
    await set_up(hass, entry)
    assert state_of(entry) is ConfigEntryState.MIGRATION_ERROR
    assert entry.error_reason_translation_key == "duplicate_printer"
    assert entry.error_reason_translation_placeholders == {"name": new.title}
    assert old_ids(hass, entry) == before
    assert state_of(new) is ConfigEntryState.LOADED


# Entries that are not simply old


@pytest.mark.parametrize(
    ("version", "minor_version", "state"),
    [(3, 2, ConfigEntryState.LOADED), (4, 1, ConfigEntryState.MIGRATION_ERROR)],
)
async def test_entries_of_later_releases_are_left_alone(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    version: int,
    minor_version: int,
    state: ConfigEntryState,
) -> None:
    hass.config_entries.async_update_entry(
        config_entry, version=version, minor_version=minor_version
    )
    data = dict(config_entry.data)
    await set_up(hass, config_entry)
    assert state_of(config_entry) is state
    assert (config_entry.version, config_entry.minor_version) == (
        version,
        minor_version,
    )
    assert config_entry.data == data


async def test_an_entry_that_cannot_be_read_is_not_converted(
    hass: HomeAssistant, config_entry: MockConfigEntry
) -> None:
    hass.config_entries.async_update_entry(config_entry, version=4)
    assert not await async_migrate_entry(hass, config_entry)
    assert config_entry.version == 4


async def test_a_migration_that_was_cut_off_is_done_again(
    hass: HomeAssistant, simulator: Simulator, tick: Ticker
) -> None:
    entry = add_entry_2(hass, simulator)
    before = old_ids(hass, entry)
    er.async_get(hass).async_update_entity(
        before["sensor", "print_progress"],
        new_unique_id=f"{simulator.printer.machine_id}_progress",
    )
    er.async_get(hass).async_remove(before["sensor", "battery"])
    await set_up(hass, entry)
    assert hass.states.get(before["sensor", "print_progress"])
    await tick(60)
    assert not orphans(hass, entry)


async def test_who_has_used_both_keeps_what_was_in_use(
    hass: HomeAssistant, simulator: Simulator, tick: Ticker
) -> None:
    entry = add_entry_2(hass, simulator)
    used = old_ids(hass, entry)
    older = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, NAME_1)}, name=NAME_1
    )
    registry = er.async_get(hass)
    machine_id = simulator.printer.machine_id
    registry.async_remove(used["sensor", "job_id"])
    for unique_id in (
        f"{NAME_1.lower()}_data_print_progress",
        f"{NAME_1.lower()}_data_job_id",
        f"{machine_id}__printed_layer__obsolete",
    ):
        registry.async_get_or_create(
            "sensor",
            DOMAIN,
            unique_id,
            config_entry=entry,
            device_id=older.id,
            suggested_object_id=unique_id.rpartition("data_")[2],
        )
    await set_up(hass, entry)
    (device,) = devices(hass, entry)
    assert device.identifiers == {(DOMAIN, machine_id)}
    progress = registry.async_get(used["sensor", "print_progress"])
    assert progress
    assert progress.unique_id == f"{machine_id}_progress"
    # the only one of its kind, and it moved with its history
    assert registry.async_get("sensor.job_id")
    assert registry.async_get("sensor.print_progress") is None
    assert {entity.device_id for entity in entities(hass, entry)} == {device.id}
    await tick(60)
    assert not orphans(hass, entry)


@either
async def test_no_secret_reaches_the_log(
    hass: HomeAssistant,
    simulator: Simulator,
    tick: Ticker,
    caplog: pytest.LogCaptureFixture,
    add_old_entry: AddEntry,
    old: dict[str, str],
) -> None:
    caplog.set_level(logging.DEBUG)
    entry = add_old_entry(hass, simulator)
    simulator.printer.password = "another"
    await set_up(hass, entry)
    simulator.printer.password = PASSWORD
    await tick(30)
    await set_up(hass, add_entry(hass, simulator))
    for record in caplog.records:
        if "raise3d" in record.name or "config_entries" in record.name:
            assert PASSWORD not in record.getMessage()
            assert PASSWORD not in (record.exc_text or "")


# History


class TestHistory:
    """Against the real recorder, which has to be there before Home Assistant is."""

    @pytest.fixture
    def mock_recorder_before_hass(
        self, async_test_recorder: RecorderInstanceContextManager
    ) -> None:
        """Prepare the database first."""

    async def test_history_and_statistics_go_on_under_the_same_entity_id(
        self,
        recorder_mock: Recorder,
        hass: HomeAssistant,
        simulator: Simulator,
        freezer: FrozenDateTimeFactory,
    ) -> None:
        """And Home Assistant says against it what users are told beforehand."""
        await async_setup_component(hass, "sensor", {})
        entry = add_entry_2(hass, simulator)
        ids = {key: entity_id for (_, key), entity_id in old_ids(hass, entry).items()}
        bed, progress = ids["heatbed_cur_temp"], ids["print_progress"]
        battery, filament = ids["battery"], ids["printed_used_filament"]
        duration = ids["printed_total_time"]
        start = dt_util.utcnow()

        async def five_minutes() -> None:
            """Let time pass up to the recorder's next statistics."""
            begin = dt_util.utcnow()
            freezer.tick(timedelta(minutes=5))
            async_fire_time_changed(hass)
            await hass.async_block_till_done(wait_background_tasks=True)
            await async_wait_recording_done(hass)
            do_adhoc_statistics(hass, start=begin)
            await async_wait_recording_done(hass)

        async def issues() -> dict[str, list[str]]:
            """Return what Home Assistant has to say against the statistics."""
            found = await recorder_mock.async_add_executor_job(
                validate_statistics, hass
            )
            return {key: [issue.type for issue in found[key]] for key in found}

        for entity_id, value, unit, state_class in (
            (bed, "61", "°C", "measurement"),
            (battery, "3.7", "V", "measurement"),
            (progress, "12", "%", "total_increasing"),
            (filament, "1473", "m", "total_increasing"),
            (duration, "492527", "seconds", "total_increasing"),
        ):
            hass.states.async_set(
                *(entity_id, value),
                {"unit_of_measurement": unit, "state_class": state_class},
            )
        await five_minutes()
        for entity_id in (bed, battery, progress, filament, duration):
            hass.states.async_remove(entity_id)  # Home Assistant ends
        simulator.printer.start("Local/medaille_1.gcode")
        await set_up(hass, entry)
        freezer.tick(timedelta(minutes=5))
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)
        # the numbers are what they were
        for entity_id, unit in ((filament, "g"), (duration, "h")):
            shown = hass.states.get(entity_id)
            assert shown
            assert shown.attributes["unit_of_measurement"] == unit
        lasting = {
            battery: ["no_state"],
            filament: ["units_changed"],
            duration: ["units_changed"],
        }
        assert await issues() == {progress: ["mean_type_changed"], **lasting}
        await five_minutes()
        await five_minutes()
        assert await issues() == lasting

        rows = await recorder_mock.async_add_executor_job(
            lambda: statistics_during_period(
                hass, start, None, {bed, progress}, "5minute", None, {"mean"}
            )
        )
        assert [row.get("mean") for row in rows[bed]] == [61, 59, 59]
        assert [row.get("mean") for row in rows[progress]] == [None, 0, 2]
        history = await recorder_mock.async_add_executor_job(
            get_significant_states,
            *(hass, start - timedelta(seconds=1), None, [bed, progress]),
        )
        told = {
            entity_id: [state.state for state in states if isinstance(state, State)]
            for entity_id, states in history.items()
        }
        assert told[bed] == ["61", "", "24", "59"]
        assert told[progress] == ["12", "", "unknown", "0", "2", "6"]
