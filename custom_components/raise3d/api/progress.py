"""The scale of a printer's progress: percent, unless its layers contradict that."""

from collections.abc import Mapping
import logging
from typing import Final

from .const import MAX_LAYERS, MAX_PERCENT, MIN_SCALE_LAYERS
from .fields import integer, number

_LOGGER = logging.getLogger(__name__)

_DIGITS = 6
_FRACTION: Final = 100.0
_PERCENT: Final = 1.0


class ProgressScale:
    """The factor that turns a printer's progress into percent."""

    def __init__(self) -> None:
        """Start with percent, as documented."""
        self._scale = _PERCENT
        self._logged = False

    def read(self, data: Mapping[str, object]) -> float:
        """Return the scale, updated from one `/job/currentjob` answer."""
        progress = number(data, "print_progress", (0, MAX_PERCENT), _DIGITS)
        if progress is not None and progress > 1:
            # Then earlier values were no fractions either.
            self._scale = _PERCENT
        elif progress and _is_half_printed(data):
            self._scale = _FRACTION
            if not self._logged:
                self._logged = True
                _LOGGER.info("The printer's progress is a fraction, shown as percent")
        return self._scale


def _is_half_printed(data: Mapping[str, object]) -> bool:
    """Whether so many layers are printed that it cannot be the first percent."""
    printed = integer(data, "printed_layer", MAX_LAYERS)
    total = integer(data, "total_layer", MAX_LAYERS, MIN_SCALE_LAYERS)
    return printed is not None and total is not None and printed * 2 > total
