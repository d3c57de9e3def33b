"""Temperatures that lag behind their targets, and numbers as the printer's own."""

import math
import struct

# A heater that holds its target still swings: 276/275 and 99/100 were captured. Two
# incommensurable periods; 1.4 degrees at most, so one whole degree after rounding.
SWING = ((0.9, 11.0), (0.5, 4.3))
# From here on a heater counts as holding its target and swings.
SETTLED = 2.0


def wire_number(value: float) -> int | float:
    """Give whole numbers without `.0`, others as float32 widened to double."""
    widened: float = struct.unpack("<f", struct.pack("<f", value))[0]
    return int(widened) if widened.is_integer() else widened


class Heater:
    """A nozzle or bed: it approaches its target, or the room, exponentially."""

    def __init__(self, ambient: float, rise: float, fall: float, now: float) -> None:
        """Start cold; `rise` and `fall` are time constants in seconds."""
        self.target = 0.0
        self._ambient = ambient
        self._rise = rise
        self._fall = fall
        self._tau = fall
        self._from = ambient
        self._since = now

    def set(self, target: float, now: float, within: float | None = None) -> None:
        """Head for a target, if wanted so fast that some seconds are enough."""
        self._from = self._exact(now)
        self._since = now
        self.target = target
        self._tau = self._rise if self._goal > self._from else self._fall
        if within is not None:
            # five time constants leave 0.7 % of the way, about a degree on a nozzle
            self._tau = min(self._tau, within / 5)

    def reading(self, now: float) -> int:
        """Show whole degrees, as all captured bodies do."""
        value = self._exact(now)
        if self.target > self._ambient and abs(value - self.target) < SETTLED:
            value += sum(
                height * math.sin(now / period + self._ambient)
                for height, period in SWING
            )
        return round(value)

    @property
    def _goal(self) -> float:
        return max(self.target, self._ambient)

    def _exact(self, now: float) -> float:
        return self._goal + (self._from - self._goal) * math.exp(
            -(now - self._since) / self._tau
        )
