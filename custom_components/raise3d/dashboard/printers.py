"""Which printers a user sees, and which of their entities."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, Platform, UnitOfTime
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util, slugify
from homeassistant.util.unit_conversion import DurationConverter

from ..const import DOMAIN
from ..coordinator import Raise3DCoordinator
from ..entity_ids import key_of
from ..job_statistics import Statistic
from ..permissions import COMMANDS
from ..stored_identity import find_device


@dataclass(frozen=True, slots=True, kw_only=True)
class Printer:
    """A printer as a user may see it."""

    name: str
    entities: Mapping[tuple[str, str], str]
    """From platform and key to the entity id."""
    finish_time: datetime | None
    remaining_unit: str
    path: str = ""
    """Of its page in the dashboard."""
    statistics: Mapping[Statistic, str] = field(default_factory=dict)
    """The ids of what is in the long-term statistics beside the entities."""

    def find(self, key: str, platform: Platform = Platform.SENSOR) -> str | None:
        """Return an entity id, None where there is nothing to show."""
        return self.entities.get((platform, key))

    def find_all(
        self, keys: tuple[str, ...], platform: Platform = Platform.SENSOR
    ) -> list[str]:
        """Return the entity ids that there are, in this order."""
        found = (self.find(key, platform) for key in keys)
        return [entity_id for entity_id in found if entity_id]

    def find_tasks(self) -> list[str]:
        """Return the ids of the maintenance tasks whose entities there are."""
        suffix = "_remaining"
        return [
            key.removesuffix(suffix)
            for platform, key in self.entities
            if platform == Platform.SENSOR and key.endswith(suffix)
        ]


@callback
def async_get_printers(hass: HomeAssistant, user: User) -> list[Printer]:
    """Return the printers of which a user may see anything, by name."""
    paths: set[str] = set()
    found = []
    entries = hass.config_entries.async_entries(DOMAIN)
    seen = [one for entry in entries if (one := _printer_of(hass, user, entry))]
    for printer in sorted(seen, key=lambda one: one.name.casefold()):
        path = _free_path(slugify(printer.name), paths)
        paths.add(path)
        found.append(replace(printer, path=path))
    return found


@callback
def async_get_printer(
    hass: HomeAssistant, user: User, device_id: str
) -> Printer | None:
    """Return a printer, None where a user may see nothing of it.

    A dashboard may have a card for each printer: none of them reads all the others.
    """
    for entry in hass.config_entries.async_entries(DOMAIN):
        device = find_device(hass, entry)
        if device is not None and device.id == device_id:
            return _printer_of(hass, user, entry)
    return None


def _printer_of(hass: HomeAssistant, user: User, entry: ConfigEntry) -> Printer | None:
    """Return the printer of an entry, None where a user may see nothing of it."""
    device = find_device(hass, entry)
    if device is None or not (entities := _visible_entities(hass, user, entry)):
        return None
    return Printer(
        name=device.name_by_user or device.name or entry.title,
        entities=entities,
        finish_time=_read_time(hass, entities),
        remaining_unit=_read_unit(hass, entities),
        statistics=_statistics_of(entry),
    )


def _statistics_of(entry: ConfigEntry) -> Mapping[Statistic, str]:
    """Return the statistics of a printer, none while its entry is not loaded."""
    if entry.state is not ConfigEntryState.LOADED:
        return {}
    coordinator: Raise3DCoordinator = entry.runtime_data
    return coordinator.records.statistics.ids


def _visible_entities(
    hass: HomeAssistant, user: User, entry: ConfigEntry
) -> dict[tuple[str, str], str]:
    """Return the entities of a printer that are neither disabled nor hidden."""
    check = user.permissions.check_entity
    return {
        (entity.domain, key_of(entry, entity)): entity.entity_id
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if not entity.disabled
        and not entity.hidden
        and check(
            entity.entity_id,
            POLICY_CONTROL if entity.domain in COMMANDS else POLICY_READ,
        )
    }


def _read_time(
    hass: HomeAssistant, entities: Mapping[tuple[str, str], str]
) -> datetime | None:
    """Return when a printer's job ends, None where that is not known."""
    state = _state_of(hass, entities, "finish_time")
    time = dt_util.parse_datetime(state.state) if state else None
    return dt_util.as_utc(time) if time else None


def _read_unit(hass: HomeAssistant, entities: Mapping[tuple[str, str], str]) -> str:
    """Return the unit that a person has chosen for the time that is left."""
    state = _state_of(hass, entities, "remaining_time")
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) if state else None
    if isinstance(unit, str) and unit in DurationConverter.VALID_UNITS:
        return unit
    return UnitOfTime.MINUTES


def _state_of(
    hass: HomeAssistant, entities: Mapping[tuple[str, str], str], key: str
) -> State | None:
    """Return the state of a sensor, None where a user may not see it."""
    entity_id = entities.get((Platform.SENSOR, key))
    return hass.states.get(entity_id) if entity_id else None


def _free_path(wanted: str, taken: set[str]) -> str:
    """Return a path that no other printer has."""
    number, path = 1, f"printer-{wanted}"
    while path in taken:
        number += 1
        path = f"printer-{wanted}-{number}"
    return path
