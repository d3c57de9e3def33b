"""Printers in a network of their own: a loopback one, with one port for all."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from homeassistant.components.network.models import Adapter
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
