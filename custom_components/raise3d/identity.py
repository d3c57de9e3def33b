"""Learns from a printer which one it is, and how many nozzles it has."""

from dataclasses import replace
from typing import Final

from .api import (
    Raise3DClient,
    Raise3DError,
    Raise3DNotFoundError,
    Raise3DResponseError,
    Raise3DWrongPrinterError,
    SystemInfo,
)
from .const import MANUFACTURER

# Models that have one nozzle unless they say otherwise; all the others have two.
_SINGLE_NOZZLE_MODELS: Final = {"n1", "n2"}


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
