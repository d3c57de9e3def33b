"""The identity of a printer: its address, what it reports, what an entry keeps."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from yarl import URL

from homeassistant.const import (
    CONF_HOST,
    CONF_MODEL,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_TOKEN,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .api import (
    Raise3DClient,
    Raise3DError,
    Raise3DNotFoundError,
    Raise3DResponseError,
    Raise3DWrongPrinterError,
    SystemInfo,
)
from .const import (
    CONF_FIRMWARE_VERSION,
    CONF_MAC_ADDRESSES,
    CONF_NOZZLE_COUNT,
    CONF_SERIAL_NUMBER,
    CONF_SW_VERSION,
    MANUFACTURER,
)

# Models that have one nozzle unless they say otherwise; all the others have two.
_SINGLE_NOZZLE_MODELS: Final = {"n1", "n2"}


def parse_address(host: str, port: int) -> tuple[str, int]:
    """Return host and port of what a user typed: a URL, a name, IPv4 or IPv6.

    Raises ValueError where it has no host.
    """
    text = host.strip()
    if "://" not in text:
        if text.count(":") > 1 and not text.startswith("["):
            text = f"[{text}]"
        text = f"http://{text}"
    url = URL(text)
    if not url.host:
        msg = "no host"
        raise ValueError(msg)
    URL.build(scheme="http", host=url.host)  # validates more strictly
    return url.host, url.explicit_port or port


def create_client(hass: HomeAssistant, connection: Mapping[str, Any]) -> Raise3DClient:
    """Return a client for an address and a secret, as an entry keeps them."""
    return Raise3DClient(
        async_get_clientsession(hass),
        connection[CONF_HOST],
        connection[CONF_PORT],
        password=connection.get(CONF_PASSWORD),
        token=connection.get(CONF_TOKEN),
    )


async def async_identify(client: Raise3DClient) -> SystemInfo:
    """Return system info with a nozzle count; raises where it has no machine id."""
    system = await client.queries.get_system()
    if system.machine_id is None:
        msg = "printer/system: the answer has no machine id"
        raise Raise3DResponseError(msg)
    return replace(system, nozzle_count=await async_count_nozzles(client, system))


async def async_count_nozzles(client: Raise3DClient, system: SystemInfo) -> int | None:
    """Return the number of nozzles, None where it cannot be found out now.

    Where the printer does not report it, the right nozzle is read.
    """
    if system.nozzle_count is not None:
        return system.nozzle_count
    try:
        await client.queries.get_right_nozzle()
    except Raise3DNotFoundError:
        return 1
    except Raise3DWrongPrinterError:
        raise
    except Raise3DError:
        return None
    return 2


def assumed_nozzle_count(model: str | None) -> int:
    """Return how many nozzles a model usually has."""
    name = (model or "").lower().removeprefix(MANUFACTURER.lower()).strip()
    return 1 if name in _SINGLE_NOZZLE_MODELS else 2


def stated_identity(system: SystemInfo) -> dict[str, Any]:
    """Return what an entry keeps of the system info, only values that it has."""
    stated = {
        CONF_MODEL: system.model,
        CONF_SERIAL_NUMBER: system.serial_number,
        CONF_NOZZLE_COUNT: system.nozzle_count,
        CONF_SW_VERSION: system.version,
        CONF_FIRMWARE_VERSION: system.firmware_version,
    }
    return {key: value for key, value in stated.items() if value is not None}


def entry_identity(
    system: SystemInfo, known: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what an entry keeps of a printer, always with a number of nozzles.

    A value that the system info lacks is taken from what is known.
    """
    unknown = {
        CONF_MODEL: MANUFACTURER,
        CONF_SERIAL_NUMBER: None,
        CONF_NOZZLE_COUNT: assumed_nozzle_count(system.model),
        CONF_SW_VERSION: None,
        CONF_FIRMWARE_VERSION: None,
    }
    keys = (*unknown, CONF_MAC_ADDRESSES)
    kept = {key: known[key] for key in keys if known and known.get(key) is not None}
    return {**unknown, **kept, **stated_identity(system)}
