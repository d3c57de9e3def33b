"""Lets entries follow their printers to other addresses, never to other printers."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from ipaddress import ip_address
import logging
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_TOKEN
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.device_registry import format_mac

from .api import Raise3DBusyError, Raise3DError, is_printer
from .connection import create_client
from .const import DOMAIN
from .models import Raise3DData
from .network_search import async_own_networks, async_search
from .stored_identity import mac_addresses

_LOGGER = logging.getLogger(__name__)

# States in which an entry is of use only with the right address.
_RELOADED: Final = (
    ConfigEntryState.LOADED,
    ConfigEntryState.SETUP_ERROR,
    ConfigEntryState.SETUP_IN_PROGRESS,
    ConfigEntryState.SETUP_RETRY,
)


class Sighting(StrEnum):
    """What has become of an entry whose printer was seen at an address."""

    FOLLOWED = "followed"
    KEPT = "kept"
    """Nothing had to be changed."""
    OTHER = "other"
    """Another printer is there."""
    SILENT = "silent"
    """No printer is there, or it does not answer."""


async def async_note_sighting(hass: HomeAssistant, mac: str, host: str) -> Sighting:
    """Let the entry follow whose printer has a MAC address that was seen at a host."""
    mac = format_mac(mac)
    sighting = Sighting.KEPT
    for entry in hass.config_entries.async_entries(DOMAIN, include_disabled=False):
        if mac in mac_addresses(entry) and may_follow(entry) and not is_at(entry, host):
            sighting = await _async_follow(hass, entry, host)
    return sighting


async def async_search_again(
    hass: HomeAssistant,
    entries: Iterable[ConfigEntry],
    report: Callable[[float], object] = lambda _: None,
) -> frozenset[str]:
    """Search the own networks for printers, and return the ids of entries found.

    A printer that is found gets one login for each secret that may be the right one.
    """
    missing = list(entries)
    addresses = (await async_own_networks(hass)).addresses
    moves: dict[str, str] = {}
    for port in {entry.data[CONF_PORT] for entry in missing}:
        wanted = [entry for entry in missing if entry.data[CONF_PORT] == port]
        for host in await async_search(hass, addresses, port, report):
            if _is_occupied(hass, host, port):
                continue
            left = [entry for entry in wanted if entry.entry_id not in moves]
            if (found := await _async_find(hass, left, host)) is not None:
                moves[found.entry_id] = host
    await _async_move(hass, moves)
    return frozenset(moves)


def may_follow(entry: ConfigEntry) -> bool:
    """Whether an entry has an address that may change: a name is left alone."""
    try:
        ip_address(str(entry.data.get(CONF_HOST)))
    except ValueError:
        return False
    return True


def is_at(entry: ConfigEntry, host: str, port: int | None = None) -> bool:
    """Whether an entry has an address."""
    data = entry.data
    return data.get(CONF_HOST) == host and port in {None, data.get(CONF_PORT)}


def last_data(entry: ConfigEntry) -> Raise3DData:
    """Return the snapshot of an entry, an empty one where it has no coordinator."""
    coordinator = getattr(entry, "runtime_data", None)
    if entry.state is not ConfigEntryState.LOADED or coordinator is None:
        return Raise3DData()
    data: Raise3DData = coordinator.data
    return data


def is_online(entry: ConfigEntry) -> bool:
    """Whether the printer of an entry answered the last poll."""
    return last_data(entry).online


async def _async_follow(hass: HomeAssistant, entry: ConfigEntry, host: str) -> Sighting:
    """Let an entry follow its printer to a host, if it is there.

    A printer with two adapters is seen at two addresses: the one that works is kept.
    """
    if await _async_answers(entry):
        return Sighting.KEPT
    if not await _async_recognizes(hass, host, entry.data[CONF_PORT]):
        return Sighting.SILENT
    machine_id = await _async_read_machine_id(hass, entry, host)
    if machine_id is None:
        return Sighting.SILENT
    if machine_id != entry.unique_id:
        return Sighting.OTHER
    await _async_move(hass, {entry.entry_id: host})
    return Sighting.FOLLOWED


async def _async_answers(entry: ConfigEntry) -> bool:
    """Whether the printer of an entry still answers at the entry's address."""
    if not is_online(entry):
        return False
    try:
        await entry.runtime_data.client.queries.get_system()
    except Raise3DBusyError:
        return True
    except Raise3DError:
        return False
    return True


async def _async_read_machine_id(
    hass: HomeAssistant, entry: ConfigEntry, host: str
) -> str | None:
    """Return which printer lets the entry in at a host, None for none.

    Call it only for what has the documentation page of a printer: it gets the secret.
    """
    client = create_client(hass, {**entry.data, CONF_HOST: host})
    try:
        return (await client.queries.get_system()).machine_id
    except Raise3DError as err:
        _LOGGER.debug("A printer that was found does not say who it is: %s", err)
        return None


async def _async_recognizes(hass: HomeAssistant, host: str, port: int) -> bool:
    """Whether a printer is at an address; no secret is sent to find that out."""
    return await is_printer(async_get_clientsession(hass), host, port)


async def _async_find(
    hass: HomeAssistant, entries: Iterable[ConfigEntry], host: str
) -> ConfigEntry | None:
    """Return the entry whose printer is at a host, which was recognized as one."""
    by_id = {entry.unique_id: entry for entry in entries}
    tried = set()
    for entry in by_id.values():
        secret = tuple(entry.data.get(key) for key in (CONF_PASSWORD, CONF_TOKEN))
        if secret in tried:
            continue
        tried.add(secret)
        if (machine_id := await _async_read_machine_id(hass, entry, host)) is not None:
            return by_id.get(machine_id)
    return None


async def _async_move(hass: HomeAssistant, moves: Mapping[str, str]) -> None:
    """Give entries their new addresses, and those that they displace the old ones.

    Printers may have swapped their addresses: one that had the address to which another
    has moved may be where that one was, and is followed there if it is.
    """
    entries = {
        entry.entry_id: entry
        for entry in hass.config_entries.async_entries(DOMAIN, include_disabled=False)
    }
    # an entry may have been removed meanwhile
    moved = {entries[key]: host for key, host in moves.items() if key in entries}
    taken = {(host, entry.data[CONF_PORT]) for entry, host in moved.items()}
    vacated = {
        (entry.data[CONF_HOST], entry.data[CONF_PORT]) for entry in moved
    } - taken
    displaced = [
        entry
        for entry in entries.values()
        if entry not in moved
        and may_follow(entry)
        and (entry.data[CONF_HOST], entry.data[CONF_PORT]) in taken
    ]
    for host, port in vacated:
        there = [entry for entry in displaced if entry.data[CONF_PORT] == port]
        if not there or not await _async_recognizes(hass, host, port):
            continue
        if (found := await _async_find(hass, there, host)) is not None:
            displaced.remove(found)
            moved[found] = host
    for entry, host in moved.items():
        _async_set_host(hass, entry, host)


@callback
def _async_set_host(hass: HomeAssistant, entry: ConfigEntry, host: str) -> None:
    """Give an entry an address, and use it from now on."""
    if is_at(entry, host):
        return
    _LOGGER.info("%s has another address now", entry.title)
    data = {**entry.data, CONF_HOST: host}
    hass.config_entries.async_update_entry(entry, data=data)
    if entry.state in _RELOADED:
        hass.config_entries.async_schedule_reload(entry.entry_id)


@callback
def _is_occupied(hass: HomeAssistant, host: str, port: int) -> bool:
    """Whether a printer that answers its own entry is at an address."""
    return any(
        is_at(entry, host, port) and is_online(entry)
        for entry in hass.config_entries.async_entries(DOMAIN)
    )
