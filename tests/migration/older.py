"""What the two older integrations made, and a home that has it."""

from dataclasses import dataclass, field
import re
from typing import override

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d import PLATFORMS
from custom_components.raise3d.const import DOMAIN
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_NAME, CONF_SCAN_INTERVAL
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulator import Simulator
from tests.common import PASSWORD, ROOT, Home

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
OLD = {
    version: [(platform, key) for platform, keys in old.items() for key in keys.split()]
    for version, old in (("2.2", OLD_2), ("1", OLD_1))
}
UNITS_2 = {
    "storage_available": "MB",
    "printed_time": "h",
    "remaining_time": "h",
    "total_time": "h",
}
DISABLED_2 = """
    Serial_number api_version firmware_version machine_id machine_name model nozzies_num
    update version camerserver_URI password is_camera_connected
"""
NAME_1 = "My_Data Printer"

# What docs/migration.md says: platform and old key, and what becomes of it.
DOCUMENTED = {
    (platform, old): new
    for platform, old, new in re.findall(
        r"^\| (\w+) \| `(\w+)` \| `(\w+)` \|$",
        (ROOT / "docs/migration.md").read_text("utf-8"),
        re.MULTILINE,
    )
}


@dataclass
class OldHome(Home):
    """A Home Assistant in which an older integration was until now."""

    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    """The entity ids at the start, by platform and old key."""

    @override
    def __post_init__(self) -> None:
        """Remember what there was."""
        super().__post_init__()
        self.ids = self.ids_now()

    def ids_now(self) -> dict[tuple[str, str], str]:
        """Return the entity ids by platform and old key."""
        return {
            (
                entity.domain,
                entity.unique_id.rpartition("_data_")[2].rpartition("__")[2],
            ): entity.entity_id
            for entity in self.entities
        }

    @property
    def entities(self) -> list[er.RegistryEntry]:
        """Return the entities of the entry."""
        registry = er.async_get(self.hass)
        return er.async_entries_for_config_entry(registry, self.entry.entry_id)

    @property
    def devices(self) -> list[dr.DeviceEntry]:
        """Return the devices of the entry."""
        registry = dr.async_get(self.hass)
        return dr.async_entries_for_config_entry(registry, self.entry.entry_id)

    @property
    def unique_ids(self) -> dict[tuple[str, str], str]:
        """Return the unique ids of the old entities that are still there."""
        registry = er.async_get(self.hass)
        return {
            key: entity.unique_id
            for key, entity_id in self.ids.items()
            if (entity := registry.async_get(entity_id))
        }

    @property
    def orphans(self) -> set[str]:
        """Return the entities that nobody provides any more."""
        return {
            entity.entity_id
            for entity in self.entities
            if not entity.disabled
            and entity.domain in PLATFORMS
            and self.provided(entity.entity_id) is None
        }

    def provided(self, entity_id: str | None) -> State | None:
        """Return the state of an entity if the integration provides it."""
        found = self.hass.states.get(entity_id or "no.entity")
        return found if found and "restored" not in found.attributes else None

    def shown(self, keys: list[str]) -> dict[str, State]:
        """Return the states of sensors by their old keys."""
        states = {key: self.provided(self.ids.get(("sensor", key))) for key in keys}
        return {key: found for key, found in states.items() if found}

    async def answer_flow(self, step: str, data: dict[str, object]) -> ConfigFlowResult:
        """Give the open flow what it asks for, in the step that it offers."""
        (flow,) = self.flows
        configure = self.hass.config_entries.flow.async_configure
        await configure(flow["flow_id"], {"next_step_id": step})
        result = await configure(flow["flow_id"], data)
        await self.block_till_done()
        return result


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
    disabled = er.RegistryEntryDisabler.INTEGRATION
    registry = er.async_get(hass)
    for platform, key in OLD["2.2"]:
        entity = registry.async_get_or_create(
            platform,
            DOMAIN,
            f"{machine_id}__{key}",
            config_entry=entry,
            device_id=device.id,
            disabled_by=disabled if key in DISABLED_2.split() else None,
            has_entity_name=True,
            suggested_object_id=f"raise3d_{key}",
            translation_key=key.lower(),
        )
        if key in UNITS_2:
            suggested = {"suggested_unit_of_measurement": UNITS_2[key]}
            registry.async_update_entity_options(
                entity.entity_id, "sensor.private", suggested
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
    for platform, key in OLD["1"]:
        er.async_get(hass).async_get_or_create(
            platform,
            DOMAIN,
            f"{NAME_1.lower()}_data_{key}",
            config_entry=entry,
            device_id=device.id,
            suggested_object_id=f"my_data_printer_{key}",
        )
    return entry


ADD = {"2.2": add_entry_2, "1": add_entry_1}

version_1 = pytest.mark.parametrize("version", ["1"])
version_2 = pytest.mark.parametrize("version", ["2.2"])
