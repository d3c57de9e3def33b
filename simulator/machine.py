"""The hardware: heaters, fan, rates and axes."""

from functools import partial

from .physics import Heater
from .timeline import Timeline

# Time constants in seconds: a nozzle heats up in about two minutes and a bed in about
# five (five constants each); the bed is heavy and takes most of an hour to cool down.
NOZZLE_RISE, NOZZLE_FALL = 25.0, 120.0
BED_RISE, BED_FALL = 60.0, 600.0
# What turns or flows follows its new target after a moment.
FOLLOW_LAG = 1.0
# As captured on idle printers: no fan until something needs it, full speed and flow.
RATES_AT_BOOT = {"fan": 0, "feed": 100, "flow1": 100, "flow2": 100}


class Machine:
    """Targets and present values; every target sinks in with a lag."""

    def __init__(
        self, timeline: Timeline, nozzles: int, ambient: float, lag: float
    ) -> None:
        """Start cold and still."""
        self._time = timeline
        self._lag = lag
        now = timeline.now
        # captured on a cold printer: the left nozzle one degree above the rest
        self.nozzles = [
            Heater(ambient + (side == 0), NOZZLE_RISE, NOZZLE_FALL, now)
            for side in range(nozzles)
        ]
        self.bed = Heater(ambient, BED_RISE, BED_FALL, now)
        self.rates = dict(RATES_AT_BOOT)
        self.rate_targets = dict(RATES_AT_BOOT)
        self.axes = {"x": 0, "y": 0, "z": 0, "e": 0}

    def set_rate(self, name: str, percent: int) -> None:
        """Turn fan, feed or flow to a new target."""
        self._time.later(
            self._lag, partial(self.rate_targets.__setitem__, name, percent)
        )
        self._time.later(
            self._lag + FOLLOW_LAG, partial(self.rates.__setitem__, name, percent)
        )

    def set_heater(self, heater: Heater, degrees: int) -> None:
        """Give a heater a new target."""
        self._time.later(self._lag, lambda: heater.set(degrees, self._time.now))

    def heat_for(
        self, nozzle_temp: int, bed_temp: int, used: list[bool], within: float
    ) -> None:
        """Heat the nozzles that a job uses, and the bed, in time for layer one."""
        now = self._time.now
        if len(self.nozzles) == 1:
            used = [True]
        for heater, needed in zip(self.nozzles, used, strict=False):
            heater.set(nozzle_temp if needed else 0, now, within)
        self.bed.set(bed_temp, now, within)

    def heaters_off(self) -> None:
        """Let all cool down; the fan stays as it is (captured: 30 % when idle)."""
        for heater in (*self.nozzles, self.bed):
            heater.set(0, self._time.now)

    def boot(self) -> None:
        """Forget what was set before."""
        self.heaters_off()
        self.rates.update(RATES_AT_BOOT)
        self.rate_targets.update(RATES_AT_BOOT)
