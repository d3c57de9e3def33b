"""What maintenance is counted in."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Counted(StrEnum):
    """What the interval of a task is counted in."""

    PRINT_HOURS = "print_hours"
    FILAMENT_LEFT = "filament_left"
    FILAMENT_RIGHT = "filament_right"
    PRINTS = "prints"
    DAYS = "days"


# How much of each is known: seconds, grams, prints. What is not known is not in it.
type Amounts = Mapping[Counted, float]

# What the printer counts itself.
COUNTERS: Final = tuple(each for each in Counted if each is not Counted.DAYS)

# Seconds of an hour and of a day; the others are counted as they are.
UNIT: Final[Mapping[Counted, int]] = {
    Counted.PRINT_HOURS: 60 * 60,
    Counted.FILAMENT_LEFT: 1,
    Counted.FILAMENT_RIGHT: 1,
    Counted.PRINTS: 1,
    Counted.DAYS: 24 * 60 * 60,
}


def counters(
    *,
    prints: float | None,
    seconds: float | None,
    left: float | None,
    right: float | None,
) -> dict[Counted, float]:
    """Return an answer of the printer, without what it does not say."""
    answer = {
        Counted.PRINTS: prints,
        Counted.PRINT_HOURS: seconds,
        Counted.FILAMENT_LEFT: left,
        Counted.FILAMENT_RIGHT: right,
    }
    return {each: value for each, value in answer.items() if value is not None}


def read_amounts(stored: object) -> dict[Counted, float]:
    """Return the amounts that were stored, without those that are damaged."""
    if not isinstance(stored, Mapping):
        return {}
    return {
        each: float(value)
        for each in COUNTERS
        if isinstance(value := stored.get(each.value), int | float)
        and not isinstance(value, bool)
    }


def write_amounts(amounts: Amounts) -> dict[str, float]:
    """Return amounts as they are stored."""
    return {each.value: value for each, value in amounts.items()}
