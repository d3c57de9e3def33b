"""Decides whether a printer is in use; no Home Assistant, no I/O."""

from collections.abc import Iterable
from dataclasses import replace
import math

from .const import HOT, IN_USE_PERIOD
from .models import IN_USE, Heater, Raise3DData, Usage


def confirm_at(usage: Usage) -> float:
    """Return when all that decides has to be read once more, before it is off.

    Temperatures are read every few minutes: what was read before says too little.
    """
    if not usage.in_use or usage.clear_since is None:
        return math.inf
    return usage.clear_since + IN_USE_PERIOD


def with_usage(
    data: Raise3DData, heaters: Iterable[Heater], now: float, *, confirmed: bool
) -> Raise3DData:
    """Return the data of a complete poll, with whether the printer is in use.

    After a start of Home Assistant it is: nobody saw the time before. A poll is
    confirmed if nothing is due after it.
    """
    before = data.usage
    if not (data.free and all(map(is_cold, heaters))):
        return replace(data, usage=IN_USE)
    if before.clear_since is None:
        return replace(data, usage=Usage(clear_since=now))
    in_use = before.in_use and not (confirmed and now >= confirm_at(before))
    return replace(data, usage=replace(before, in_use=in_use))


def is_cold(heater: Heater) -> bool:
    """Whether a heater is known to be cold, and to stay so."""
    values = (heater.temperature, heater.target_temperature)
    return all(value is not None and value < HOT for value in values)
