"""Takes over entries, devices and entities of the two older integrations.

Both own this domain too: one left entries of version 1, the other of version 2.
`docs/migration.md` says what becomes what.
"""

from contextlib import suppress
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import (
    CONF_HOST,
    CONF_MODEL,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_TOKEN,
    Platform,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .api import (
    DEFAULT_PORT,
    Raise3DAuthenticationError,
    Raise3DError,
    SystemInfo,
)
from .config_flow import Raise3DConfigFlow
from .connection import create_client, parse_address
from .const import (
    CONF_FIRMWARE_VERSION,
    CONF_NOZZLE_COUNT,
    CONF_SERIAL_NUMBER,
    CONF_SW_VERSION,
    DOMAIN,
    MANUFACTURER,
)
from .errors import error_key
from .identity import async_identify
from .second_nozzle import SECOND_NOZZLE_KEYS
from .stored_identity import entry_identity

OLD_PORT: Final = "conf_port"
OLD_PASSWORD: Final = "conf_password"  # noqa: S105 - the name of the field
# Minor version of an entry that was converted while the printer was off, so that its
# nozzles could not be counted: Home Assistant continues the migration at each start.
UNSEEN: Final = 0

# Old key, in lower case, to the key of its counterpart. Other entities have none.
COUNTERPARTS: Final[dict[str, dict[str, str]]] = {
    Platform.SENSOR: {
        "fan_cur_speed": "fan_speed",
        "feed_cur_rate": "feed_rate",
        "file_name": "file_name",
        "heatbed_cur_temp": "bed_temperature",
        "job_id": "job_id",
        "job_status": "job_status",
        "ln_flow_cur_rate": "left_flow_rate",
        "ln_nozzle_cur_temp": "left_nozzle_temperature",
        "print_progress": "progress",
        "printed_file_num": "prints_completed",
        "printed_layer": "current_layer",
        "printed_time": "elapsed_time",
        "printed_total_time": "print_time_total",
        "printed_used_filament": "filament_used",
        "printed_used_filament_left": "filament_used_left",
        "printed_used_filament_right": "filament_used_right",
        "remaining_time": "remaining_time",
        "rn_flow_cur_rate": "right_flow_rate",
        "rn_nozzle_cur_temp": "right_nozzle_temperature",
        "running_status": "status",
        "storage_available": "storage_free",
        "total_layer": "total_layers",
        "total_time": "total_time",
    },
    Platform.NUMBER: {
        "fan_tar_speed": "fan_speed_target",
        "heatbed_tar_temp": "bed_target_temperature",
        "ln_flow_tar_rate": "left_flow_rate_target",
        "ln_nozzle_tar_temp": "left_nozzle_target_temperature",
        "rn_flow_tar_rate": "right_flow_rate_target",
        "rn_nozzle_tar_temp": "right_nozzle_target_temperature",
    },
    Platform.BUTTON: {
        "job_action_pause": "pause",
        "job_action_resume": "resume",
        "job_action_stop": "stop",
        "recover_last_job": "recover",
    },
    Platform.CAMERA: {"camera": "camera"},
}


async def async_migrate_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Convert an entry; raise where that has to be retried later."""
    if entry.version > Raise3DConfigFlow.VERSION:
        return False
    if entry.version == Raise3DConfigFlow.VERSION and entry.minor_version > UNSEEN:
        _migrate_minor_version(hass, entry)
        return True
    connection = _connection(entry)
    system: SystemInfo | None
    if entry.version == 1:
        system = await _async_identify_entry(hass, entry, connection)
        machine_id = str(system.machine_id)
    else:
        machine_id = str(entry.unique_id)
        system = await _async_identify_if_on(hass, connection, machine_id)
    _refuse_duplicate(hass, entry, machine_id)
    # before the entities are migrated: their old keys say how many nozzles there are
    identity = _identity(hass, entry, machine_id, system)
    _migrate_entities(hass, entry, machine_id)
    _refresh_units(hass, entry)
    if _devices(hass, entry, machine_id):
        _merge_devices(hass, entry, machine_id)
    # The entry comes last: an interrupted migration is repeated.
    hass.config_entries.async_update_entry(
        entry,
        data={**identity, **connection},
        unique_id=machine_id,
        version=Raise3DConfigFlow.VERSION,
        minor_version=UNSEEN if system is None else Raise3DConfigFlow.MINOR_VERSION,
    )
    return True


@callback
def _migrate_minor_version(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Convert an entry of an earlier release; one of a later release can be read."""
    if entry.minor_version < Raise3DConfigFlow.MINOR_VERSION:
        _refresh_units(hass, entry)
        hass.config_entries.async_update_entry(
            entry, minor_version=Raise3DConfigFlow.MINOR_VERSION
        )


@callback
def _refresh_units(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Give sensors the units of this release, except where the user has chosen one.

    The suggested unit is stored when an entity is first registered, and would stay for
    good. Home Assistant sets this mark itself after a change of the unit system.
    """
    registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if entity.domain == Platform.SENSOR:
            registry.async_update_entity_options(
                entity.entity_id,
                "sensor.private",
                {"refresh_initial_entity_options": True},
            )


def _connection(entry: ConfigEntry) -> dict[str, Any]:
    """Return host, port and secret, whichever integration stored them."""
    data = entry.data
    host = data[CONF_HOST]
    port = data.get(CONF_PORT, data.get(OLD_PORT, DEFAULT_PORT))
    with suppress(ValueError):  # never validated; then nothing answers there
        host, port = parse_address(host, port)
    if CONF_TOKEN in data:
        return {CONF_HOST: host, CONF_PORT: port, CONF_TOKEN: data[CONF_TOKEN]}
    password = data.get(CONF_PASSWORD, data.get(OLD_PASSWORD, ""))
    return {CONF_HOST: host, CONF_PORT: port, CONF_PASSWORD: password.strip()}


async def _async_identify_entry(
    hass: HomeAssistant, entry: ConfigEntry, connection: dict[str, Any]
) -> SystemInfo:
    """Return the system info, without which the entry cannot be converted.

    Home Assistant retries. Address and secret are already stored as the config flow
    reads them, so that they can be corrected there in the meantime.
    """
    try:
        return await async_identify(create_client(hass, connection))
    except Raise3DError as err:
        hass.config_entries.async_update_entry(entry, data=connection)
        if isinstance(err, Raise3DAuthenticationError):
            entry.async_start_reauth(hass)
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key=error_key(err)
        ) from None


async def _async_identify_if_on(
    hass: HomeAssistant, connection: dict[str, Any], machine_id: str
) -> SystemInfo | None:
    """Return the system info, None where it cannot be read or is another printer's."""
    try:
        system = await async_identify(create_client(hass, connection))
    except Raise3DError:
        return None
    return system if system.machine_id == machine_id else None


@callback
def _refuse_duplicate(hass: HomeAssistant, entry: ConfigEntry, machine_id: str) -> None:
    """Raise where the printer was added again before this entry was converted."""
    other = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, machine_id)
    if other is not None and other.entry_id != entry.entry_id:
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="duplicate_printer",
            translation_placeholders={"name": other.title},
        )


@callback
def _identity(
    hass: HomeAssistant, entry: ConfigEntry, machine_id: str, system: SystemInfo | None
) -> dict[str, Any]:
    """Return what the entry keeps of its printer: as it reports it, or as it is known.

    It is known from the registries at first, then from the entry that was made of it.
    """
    if system is not None:
        return entry_identity(system, entry.data)
    if entry.version == Raise3DConfigFlow.VERSION:
        return dict(entry.data)
    return _identity_in_registries(hass, entry, machine_id)


@callback
def _identity_in_registries(
    hass: HomeAssistant, entry: ConfigEntry, machine_id: str
) -> dict[str, Any]:
    """Return what the registries know of a printer that is off."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    # One nozzle too many is corrected when the printer answers; one too few would lose
    # the history of its entities.
    keys = {_new_key(entity, machine_id) for entity in entities}
    known: dict[str, Any] = {
        CONF_MODEL: MANUFACTURER,
        CONF_SERIAL_NUMBER: None,
        CONF_NOZZLE_COUNT: 2 if keys & SECOND_NOZZLE_KEYS else 1,
        CONF_SW_VERSION: None,
        CONF_FIRMWARE_VERSION: None,
    }
    devices = _devices(hass, entry, machine_id)
    if devices:
        device = devices[0]
        known[CONF_MODEL] = device.model or MANUFACTURER
        known[CONF_SERIAL_NUMBER] = device.serial_number
        # followed by the version of the API
        known[CONF_SW_VERSION] = (device.sw_version or "").partition(" / ")[0] or None
        known[CONF_FIRMWARE_VERSION] = device.hw_version
    return known


def _new_key(entity: er.RegistryEntry, machine_id: str) -> str | None:
    """Return the key of the counterpart of an old entity, None where there is none."""
    # {machine id}__{key}, or {name of the printer in lower case}_data_{key}
    key = entity.unique_id.removeprefix(f"{machine_id}__").rpartition("_data_")[2]
    return COUNTERPARTS.get(entity.domain, {}).get(key.lower())


@callback
def _migrate_entities(hass: HomeAssistant, entry: ConfigEntry, machine_id: str) -> None:
    """Give the old entities the unique ids of their counterparts; remove the rest."""
    registry = er.async_get(hass)
    entities = er.async_entries_for_config_entry(registry, entry.entry_id)
    # Someone who has used both integrations may have an entity of each. The one in use
    # has the newer kind of unique id.
    entities.sort(key=lambda entity: "_data_" in entity.unique_id)
    for entity in entities:
        if not ("_data_" in entity.unique_id or f"{machine_id}__" in entity.unique_id):
            continue
        key = _new_key(entity, machine_id)
        unique_id = f"{machine_id}_{key}"
        if key and not registry.async_get_entity_id(entity.domain, DOMAIN, unique_id):
            registry.async_update_entity(entity.entity_id, new_unique_id=unique_id)
        else:
            registry.async_remove(entity.entity_id)


@callback
def _merge_devices(hass: HomeAssistant, entry: ConfigEntry, machine_id: str) -> None:
    """Merge the devices into one, which keeps its area and the user's name."""
    devices, entities = dr.async_get(hass), er.async_get(hass)
    kept, *others = _devices(hass, entry, machine_id)
    for other in others:
        for entity in er.async_entries_for_device(
            entities, other.id, include_disabled_entities=True
        ):
            entities.async_update_entity(entity.entity_id, device_id=kept.id)
        devices.async_remove_device(other.id)
    devices.async_update_device(
        kept.id, new_identifiers={(DOMAIN, machine_id)}, hw_version=None
    )


@callback
def _devices(
    hass: HomeAssistant, entry: ConfigEntry, machine_id: str
) -> list[dr.DeviceEntry]:
    """Return the devices of an entry, the printer first."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return sorted(
        devices, key=lambda device: (DOMAIN, machine_id) not in device.identifiers
    )
