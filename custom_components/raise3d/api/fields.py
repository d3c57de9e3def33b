"""Single values of the printer's answers: believed only where they are plausible."""

from collections.abc import Mapping
from enum import StrEnum
import logging
import math

from .const import (
    FILAMENT_DIGITS,
    MAX_TEXT,
    PERCENT_DIGITS,
    TEMPERATURE_DIGITS,
    TEMPERATURE_LIMITS,
)

_LOGGER = logging.getLogger(__name__)

# Of each printer: a machine that is no printer could send anything.
_MAX_WORDS = 20
_MAX_WORD_LENGTH = 40
_MAX_PORT = 65535


class UnknownWords:
    """Logs each undocumented word of a printer once."""

    def __init__(self) -> None:
        """Start with no word logged."""
        self._logged: set[tuple[str, str]] = set()

    def note(self, key: str, word: str) -> None:
        """Log a word, the first time only."""
        # The printer's own word and never a customer's, but cut all the same.
        word = word[:_MAX_WORD_LENGTH]
        if (key, word) not in self._logged and len(self._logged) < _MAX_WORDS:
            self._logged.add((key, word))
            _LOGGER.warning("Unknown %s of the printer: %r", key, word)


def number(
    data: Mapping[str, object],
    key: str,
    limits: tuple[float, float],
    digits: int,
    scale: float = 1.0,
) -> float | None:
    """Return a number within limits, without the noise of the printer's 32 bits."""
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        scaled = float(value) * scale
    except OverflowError:
        return None
    if not math.isfinite(scaled):
        return None
    # Rounding leaves a minus sign at a zero.
    rounded = round(scaled, digits) + 0.0
    return rounded if limits[0] <= rounded <= limits[1] else None


def temperature(data: Mapping[str, object], key: str) -> float | None:
    """Return degrees Celsius."""
    return number(data, key, TEMPERATURE_LIMITS, TEMPERATURE_DIGITS)


def percent(
    data: Mapping[str, object], key: str, maximum: float, scale: float = 1.0
) -> float | None:
    """Return percent."""
    return number(data, key, (0, maximum), PERCENT_DIGITS, scale)


def grams(data: Mapping[str, object], key: str, maximum: float) -> float | None:
    """Return grams of filament."""
    return number(data, key, (0, maximum), FILAMENT_DIGITS)


def integer(
    data: Mapping[str, object], key: str, maximum: int, minimum: int = 0
) -> int | None:
    """Return a whole number within limits; printers may send 3 as 3.0."""
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if minimum <= value <= maximum else None


def text(data: Mapping[str, object], key: str) -> str | None:
    """Return a text of any length that is not empty."""
    return (storable(data.get(key)) or "").strip() or None


def short_text(data: Mapping[str, object], key: str) -> str | None:
    """Return a text of a plausible length: an id, a name or a version."""
    value = text(data, key)
    return value if value is None or len(value) <= MAX_TEXT else None


def digits(data: Mapping[str, object], key: str, maximum: int) -> str | None:
    """Return an identity as text; a whole number has kept all its digits.

    One with a decimal point has lost its last ones, and may be another printer's.
    """
    value = data.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 < value <= maximum else None
    return short_text(data, key)


def port(data: Mapping[str, object], key: str, default: int) -> int:
    """Return the port of a URI such as `:30216/api/v1/camera/auth_stream`."""
    authority = (text(data, key) or "").rpartition("://")[2].partition("/")[0]
    value = authority.rpartition(":")[2]
    # Python refuses to read numbers of thousands of digits.
    if value.isascii() and value.isdigit() and len(value) <= len(str(_MAX_PORT)):
        return int(value) if 0 < int(value) <= _MAX_PORT else default
    return default


def storable(value: object) -> str | None:
    """Return a text as it is: a space at the end of a file's name belongs to it."""
    if not isinstance(value, str):
        return None
    # Half a surrogate pair is legal in JSON, but cannot be stored.
    return value.encode(errors="replace").decode() or None


def member[EnumT: StrEnum](
    data: Mapping[str, object],
    key: str,
    enum: type[EnumT],
    words: UnknownWords | None,
) -> EnumT | None:
    """Return the member of an enum; an undocumented word is None, and logged once."""
    value = text(data, key)
    if value is None:
        return None
    try:
        return enum(value.lower())
    except ValueError:
        if words is not None:
            words.note(key, value)
        return None
