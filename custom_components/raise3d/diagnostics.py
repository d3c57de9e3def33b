"""Diagnostics of the Raise3D integration."""

from collections import Counter
from dataclasses import asdict, fields, replace
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_TOKEN
from homeassistant.core import HomeAssistant

from .capture import async_capture
from .const import CONF_MAC_ADDRESSES, CONF_SERIAL_NUMBER
from .coordinator import Raise3DConfigEntry
from .cost_options import CONF_ENERGY_METER, CONF_ENERGY_PRICE_SENSOR, CONF_POWER_SENSOR
from .maintenance import Maintenance
from .models import NO_PREVIEW, NOT_READ, Raise3DData

# Beside secrets and addresses: serial numbers identify an owner, names of files and
# machines are private, and a job id contains two MAC addresses. The sensors that a user
# has chosen may be named after persons and rooms.
TO_REDACT = {
    CONF_ENERGY_METER,
    CONF_ENERGY_PRICE_SENSOR,
    CONF_HOST,
    CONF_MAC_ADDRESSES,
    CONF_PASSWORD,
    CONF_POWER_SENSOR,
    CONF_SERIAL_NUMBER,
    CONF_TOKEN,
    "discovery_keys",
    "file_name",
    "job_id",
    "machine_id",
    "machine_name",
    "title",
    "unique_id",
    "user_name",
    "user_tag",
}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: Raise3DConfigEntry
) -> dict[str, Any]:
    """Return diagnostics for a config entry."""
    coordinator = entry.runtime_data
    capture = await async_capture(coordinator.client, _secrets(entry))
    redacted: dict[str, Any] = async_redact_data(
        {
            "entry": entry.as_dict(),
            "coordinator": {
                "last_update_success": coordinator.last_update_success,
                "update_interval": str(coordinator.update_interval),
            },
            "pictures": Counter(
                picture.kind.value for picture in coordinator.pictures.store.pictures
            ),
            "log": {
                "jobs": Counter(job.phase.value for job in coordinator.log.jobs),
                "dated": sum(job.dated for job in coordinator.log.jobs),
                "complete": coordinator.log.complete,
            },
            "maintenance": _summary(coordinator.records.maintenance),
            "data": _as_dict(coordinator.data),
        },
        TO_REDACT,
    )
    return redacted | {"capture": capture}


def _secrets(entry: Raise3DConfigEntry) -> set[str]:
    """Return what the capture must not hold, wherever in an answer it is."""
    secrets = (entry.data.get(key) for key in TO_REDACT)
    return {
        str(secret) for secret in (*secrets, entry.title, entry.unique_id) if secret
    }


def _summary(maintenance: Maintenance) -> list[dict[str, object]]:
    """Return the tasks without their names, which a person has written."""
    return [
        {
            "counted": task.counted,
            "interval": task.interval,
            "remaining": maintenance.remaining(task_id),
        }
        for task_id, task in maintenance.tasks.items()
    ]


def _as_dict(data: Raise3DData) -> dict[str, object]:
    """Return the data without the preview, and None for what has not been read."""
    unread = [
        field.name
        for field in fields(data)
        if any(getattr(data, field.name) is each for each in NOT_READ)
    ]
    polled = asdict(replace(data, preview=NO_PREVIEW)) | dict.fromkeys(unread)
    del polled["preview"]
    return polled
