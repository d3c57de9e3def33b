"""Finds the printers of a fleet that are free, in what was last read of them."""

import math
from typing import Final, NamedTuple

import voluptuous as vol

from homeassistant.auth.models import User
from homeassistant.const import ATTR_DEVICE_ID, ATTR_MODEL, CONF_MODEL
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, callback
from homeassistant.helpers import (
    area_registry as ar,
    config_validation as cv,
    device_registry as dr,
)
from homeassistant.helpers.typing import VolDictType
from homeassistant.util.json import JsonObjectType

from .const import CONF_NOZZLE_COUNT, DOMAIN, HOT, MANUFACTURER
from .coordinator import Raise3DConfigEntry
from .models import Heater, Raise3DData
from .permissions import SEE_STATUS, async_get_caller, has_right
from .stored_identity import find_device
from .usage import is_cold

ATTR_COLD: Final = "cold"
ATTR_NOZZLE_COUNT: Final = "nozzle_count"

FREE_PRINTER_FIELDS: Final[VolDictType] = {
    vol.Optional(ATTR_MODEL): vol.All(cv.ensure_list, [cv.string]),
    vol.Optional(ATTR_NOZZLE_COUNT): vol.All(vol.Coerce(float), vol.In((1, 2))),
    vol.Optional(ATTR_COLD, default=False): cv.boolean,
    vol.Optional(ATTR_DEVICE_ID): vol.All(cv.ensure_list, [cv.string]),
}


class Candidate(NamedTuple):
    """A printer that is loaded, and what was last read of it."""

    device: dr.DeviceEntry
    model: str
    nozzle_count: int
    data: Raise3DData

    @property
    def name(self) -> str:
        """Its name, as a person has it."""
        return self.device.name_by_user or self.device.name or ""

    @property
    def heaters(self) -> tuple[Heater, ...]:
        """The bed and the nozzles that there are."""
        return self.data.heaters[: 1 + self.nozzle_count]

    @property
    def cold(self) -> bool:
        """Whether all of it is known to be cold, and to stay so."""
        return all(map(is_cold, self.heaters))

    @property
    def temperature(self) -> float | None:
        """The highest temperature in °C, None unless all are known."""
        temperatures = [heater.temperature for heater in self.heaters]
        known = [each for each in temperatures if each is not None]
        return max(known) if len(known) == len(temperatures) else None

    @property
    def rank(self) -> tuple[float, float, str, str]:
        """The place in the order: cold ones first, of those the longest free."""
        temperature, since = self.temperature, self.data.usage.clear_since
        heat = math.inf if temperature is None else temperature
        return (
            0 if heat < HOT else heat,
            math.inf if since is None else since,
            self.name.casefold(),
            self.device.id,
        )


async def async_find_free_printer(call: ServiceCall) -> ServiceResponse:
    """Return the printers that are free and that the caller may see, best first.

    No request is sent: what the polls have read last counts.
    """
    user = await async_get_caller(call.hass, call.context)
    found = sorted(
        (
            printer
            for entry in call.hass.config_entries.async_loaded_entries(DOMAIN)
            if (printer := _free_printer(call.hass, user, entry)) is not None
            and _matches(printer, call)
        ),
        key=lambda printer: printer.rank,
    )
    areas = ar.async_get(call.hass)
    return {
        "device_id": found[0].device.id if found else None,
        "printers": [_describe(printer, areas) for printer in found],
    }


@callback
def _free_printer(
    hass: HomeAssistant, user: User | None, entry: Raise3DConfigEntry
) -> Candidate | None:
    """Return a printer that is free, None if it is not, or not for this user."""
    coordinator = entry.runtime_data
    if not (coordinator.last_update_success and coordinator.data.free):
        return None
    if coordinator.client.uploading or not has_right(hass, user, entry, SEE_STATUS):
        return None
    device = find_device(hass, entry)
    if device is None:
        return None
    nozzle_count: int = entry.data[CONF_NOZZLE_COUNT]
    return Candidate(device, entry.data[CONF_MODEL], nozzle_count, coordinator.data)


def _matches(printer: Candidate, call: ServiceCall) -> bool:
    """Whether a printer is one that was meant; what is left out does not matter."""
    given = call.data
    models = {_plain_model(model) for model in given.get(ATTR_MODEL, ())}
    return (
        (not models or _plain_model(printer.model) in models)
        and given.get(ATTR_NOZZLE_COUNT, printer.nozzle_count) == printer.nozzle_count
        and (printer.cold or not given[ATTR_COLD])
        and printer.device.id in given.get(ATTR_DEVICE_ID, (printer.device.id,))
    )


def _plain_model(model: str) -> str:
    """Return a model as people write it: "Raise3D Pro2", "Pro2" and "pro 2"."""
    name = "".join(model.casefold().split())
    return name.removeprefix(MANUFACTURER.casefold())


def _describe(printer: Candidate, areas: ar.AreaRegistry) -> JsonObjectType:
    """Return what a script needs to know of a printer."""
    area_id = printer.device.area_id
    area = areas.async_get_area(area_id) if area_id else None
    return {
        "device_id": printer.device.id,
        "name": printer.name,
        "model": printer.model,
        "nozzle_count": printer.nozzle_count,
        "temperature": printer.temperature,
        "area": area.name if area else None,
    }
