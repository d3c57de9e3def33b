"""Printers in a network of their own: a loopback one, with one port for all."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from homeassistant.components.network.models import Adapter
from homeassistant.config_entries import SOURCE_DHCP
from homeassistant.core import HomeAssistant
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from simulator import Printer, Simulator
from simulator.server import ListenError

# Ports that are tried until one is free at each address.
ATTEMPTS: Final = 20


def adapter(address: str, prefix: int, *, enabled: bool = True) -> Adapter:
    """Return a network adapter as Home Assistant describes it."""
    return {
        "name": f"if{address}",
        "index": 1,
        "enabled": enabled,
        "auto": True,
        "default": True,
        "ipv4": [{"address": address, "network_prefix": prefix}],
        "ipv6": [],
    }


@asynccontextmanager
async def neighbours(**printers: Printer) -> AsyncGenerator[dict[str, Simulator]]:
    """Run printers at 127.0.0.2, 127.0.0.3 and so on, with the same port."""
    async with AsyncExitStack() as stack:
        yield await _start(stack, printers, ATTEMPTS)


async def move(**places: Simulator) -> None:
    """Give printers other addresses; names are the last parts of these.

    Nobody else gets their ports: a printer of another test would be met there.
    """
    for simulator in places.values():
        await simulator.unplug()
    for place, simulator in places.items():
        simulator.host = f"127.0.0.{place.removeprefix('to_')}"
        simulator.camera_port = 0
    for simulator in places.values():
        await simulator.start()


async def see(hass: HomeAssistant, mac: str, host: str) -> str:
    """Have Home Assistant see a MAC address at a host; return what came of it."""
    result = await hass.config_entries.flow.async_init(
        "raise3d",
        context={"source": SOURCE_DHCP},
        data=DhcpServiceInfo(ip=host, hostname="", macaddress=mac.replace(":", "")),
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return str(result["reason"])


async def _start(
    stack: AsyncExitStack, printers: dict[str, Printer], attempts: int
) -> dict[str, Simulator]:
    simulators = {
        name: Simulator(printer, host=f"127.0.0.{number}")
        for number, (name, printer) in enumerate(printers.items(), 2)
    }
    first, *others = simulators.values()
    try:
        async with AsyncExitStack() as started:
            await started.enter_async_context(first)
            for simulator in others:
                simulator.port = first.port
                await started.enter_async_context(simulator)
            stack.push_async_exit(started.pop_all())
    except ListenError:
        if not attempts:
            raise
        return await _start(stack, printers, attempts - 1)
    return simulators
