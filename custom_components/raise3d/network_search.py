"""Searches Home Assistant's own IPv4 networks for printers, and nothing else."""

import asyncio
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, collapse_addresses
import logging
from typing import Final

from homeassistant.components import network
from homeassistant.components.network.models import Adapter
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .api import is_printer
from .const import MAX_SEARCHED, SEARCH_STEPS, SEARCHED_AT_A_TIME

_LOGGER = logging.getLogger(__name__)

# Networks of one's own; whatever else an adapter has leads to other people.
_PRIVATE: Final = tuple(
    map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
)
# Longest prefix of a network that has an address of its own, and one for all hosts.
_LONGEST_WITH_EDGES: Final = 30
# Prefix of a single address.
_LONGEST: Final = 32


class OwnNetworks:
    """The part of the own networks that is searched: a /22 at most, in all."""

    def __init__(self, adapters: Iterable[Adapter]) -> None:
        """Take the adapters that are enabled in Home Assistant."""
        self._interfaces = _own_interfaces(adapters)
        self.blocks = self._searchable_blocks()

    def _searchable_blocks(self) -> list[IPv4Network]:
        """Return the networks, narrowed until all of them can be searched.

        Of large ones that is the part around the own address, so that small ones have
        room.
        """
        for prefix in range(_LONGEST):
            blocks = self._narrowed(prefix)
            if sum(block.num_addresses for block in blocks) <= MAX_SEARCHED:
                return blocks
        return self._narrowed(_LONGEST)

    def _narrowed(self, prefix: int) -> list[IPv4Network]:
        """Return the networks, none of them larger than that prefix makes it."""
        return list(
            collapse_addresses(
                IPv4Network((own.ip, max(prefix, own.network.prefixlen)), strict=False)
                for own in self._interfaces
            )
        )

    @property
    def names(self) -> str:
        """The networks that are searched, as a user reads them."""
        return ", ".join(map(str, self.blocks))

    @property
    def addresses(self) -> list[str]:
        """The addresses that are searched: all where another host may be."""
        skipped: set[IPv4Address] = set()
        for interface in self._interfaces:
            own = interface.network
            if own.prefixlen <= _LONGEST_WITH_EDGES:
                skipped |= {own.network_address, own.broadcast_address}
            # on a loopback network, the own address is as good as any other
            if not interface.ip.is_loopback:
                skipped.add(interface.ip)
        return [
            str(address)
            for block in self.blocks
            for address in block
            if address not in skipped
        ]


async def async_own_networks(hass: HomeAssistant) -> OwnNetworks:
    """Return the networks that may be searched."""
    return OwnNetworks(await network.async_get_adapters(hass))


async def async_search(
    hass: HomeAssistant,
    addresses: list[str],
    port: int,
    report: Callable[[float], object] = lambda _: None,
) -> list[str]:
    """Return at which addresses a printer is, after one connection to each.

    The share that is done is reported at each of SEARCH_STEPS. A search that is
    cancelled leaves nothing.
    """
    session = async_get_clientsession(hass)
    # shared by the workers, each of which takes the next one
    waiting = iter(addresses)
    results: dict[str, bool] = {}

    async def work() -> None:
        for address in waiting:
            try:
                results[address] = await is_printer(session, address, port)
            except Exception as err:  # noqa: BLE001 - text from outside
                # one odd host may not end the search; the error names its address
                _LOGGER.debug("An address cannot be searched: %s", type(err).__name__)
                results[address] = False
            step, rest = divmod(SEARCH_STEPS * len(results), len(addresses))
            # the first result of this step
            if rest < SEARCH_STEPS:
                report(step / SEARCH_STEPS)

    async with asyncio.TaskGroup() as workers:
        for _ in addresses[:SEARCHED_AT_A_TIME]:
            workers.create_task(work())
            # others have their turn between two connections
            await asyncio.sleep(0)
    return [address for address in addresses if results[address]]


def _own_interfaces(adapters: Iterable[Adapter]) -> list[IPv4Interface]:
    """Return the private addresses, those of the loopback where there is no other.

    Home Assistant enables no loopback adapter by itself: tests and the demo do.
    """
    every = {
        IPv4Interface(f"{each['address']}/{each['network_prefix']}")
        for adapter in adapters
        if adapter["enabled"]
        for each in adapter["ipv4"]
    }
    own = sorted(every)
    private = [
        interface
        for interface in own
        if any(interface.ip in block for block in _PRIVATE)
    ]
    return private or [interface for interface in own if interface.ip.is_loopback]
