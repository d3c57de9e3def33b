"""The polling plan: which part of a printer is due when; no Home Assistant, no I/O."""

from enum import Enum, auto
import math
import zlib

from .api import BasicInfo, NozzleInfo, RunningState
from .const import (
    AFTER_COMMAND_HEAT_INTERVAL,
    AFTER_COMMAND_INTERVAL,
    AFTER_COMMAND_PERIOD,
    HEAT_IDLE_INTERVAL,
    HEAT_PRINTING_INTERVAL,
    HEATING_INTERVAL,
    HEATING_MARGIN,
    JOB_INTERVAL,
    MAX_OFFLINE_INTERVAL,
    NEAR_END_INTERVAL,
    NEAR_END_PERIOD,
    NEAR_END_PROGRESS,
    NEAR_END_REMAINING,
    OFFLINE_INTERVAL,
    SLOW_INTERVAL,
    STATE_INTERVAL,
)
from .jobs import ActiveJob
from .models import Raise3DData

# Timers of Home Assistant fire up to a second early or late; what is due within that
# time is read along with what is due now, so that looks do not drift apart.
_TOLERANCE = 1.0

_WITHOUT_JOB = (RunningState.IDLE, RunningState.COMPLETED, RunningState.ERROR)


class Part(Enum):
    """What is read together."""

    STATE = auto()
    JOB = auto()
    HEAT = auto()
    SYSTEM = auto()
    EXTRAS = auto()


class PollingPlan:
    """Knows what is due; times are seconds of a monotonic clock."""

    def __init__(self, seed: str) -> None:
        """Take what tells this printer from others, to poll out of step with them."""
        self._phase = zlib.crc32(seed.encode()) / 2**32
        self._read_at: dict[Part, float] = {}
        self._offline_interval = 0.0
        self._eager_until = 0.0
        # the job, and how certain its end was when these looks became frequent
        self._end: tuple[str | None, int] = (None, 0)
        self._end_since = 0.0

    def is_due(self, part: Part, data: Raise3DData, now: float) -> bool:
        """Whether a part has to be read now."""
        return self._due_at(part, data, now) <= now + _TOLERANCE

    def read(self, part: Part, now: float) -> None:
        """Note that a part has been read."""
        self._read_at[part] = now

    def expire(self, *parts: Part) -> None:
        """Make parts due at once."""
        for part in parts:
            self._read_at.pop(part, None)

    def expect_change(self, now: float) -> None:
        """Look often for a while: a command is on its way."""
        self._eager_until = now + AFTER_COMMAND_PERIOD

    def online(self, data: Raise3DData, now: float) -> float:
        """Return the seconds until the next look at a printer that answers."""
        self._offline_interval = 0.0
        self._note_end(data, now)
        self._stagger(data, now)
        if Part.EXTRAS not in self._read_at:
            # not at the first look, which a start of Home Assistant waits for
            self._read_at[Part.EXTRAS] = now - SLOW_INTERVAL + STATE_INTERVAL
        return max(1.0, min(self._due_at(part, data, now) for part in Part) - now)

    def retry(self) -> float:
        """Return the seconds until the next look after one that told nothing."""
        # some of it may have been read, but nothing of it was kept
        self._read_at.clear()
        return JOB_INTERVAL

    def offline(self) -> float:
        """Return the seconds until the next look at a printer that does not answer."""
        # what was read before the outage is out of date after it
        self._read_at.clear()
        self._offline_interval = min(
            MAX_OFFLINE_INTERVAL, max(OFFLINE_INTERVAL, 2 * self._offline_interval)
        )
        return self._offline_interval

    def _stagger(self, data: Raise3DData, now: float) -> None:
        """Bring all looks forward, once: printers set up together are asked in turn.

        All by one time, so that what is read together stays together.
        """
        ahead, self._phase = self._phase * SLOW_INTERVAL, 0.0
        for part in self._read_at:
            self._read_at[part] -= ahead % self._interval(part, data, now)

    def _due_at(self, part: Part, data: Raise3DData, now: float) -> float:
        """Return when a part has to be read."""
        if (read_at := self._read_at.get(part)) is None:
            return math.inf if part is Part.EXTRAS else now
        return read_at + self._interval(part, data, now)

    def _interval(self, part: Part, data: Raise3DData, now: float) -> float:
        """Return the seconds between two looks at a part."""
        eager = now < self._eager_until
        if part in (Part.STATE, Part.JOB):
            if eager:
                return AFTER_COMMAND_INTERVAL
            if self._near_end(data, now):
                return NEAR_END_INTERVAL
        without_job = data.state in _WITHOUT_JOB
        heat = HEAT_IDLE_INTERVAL if without_job else HEAT_PRINTING_INTERVAL
        if eager:
            heat = AFTER_COMMAND_HEAT_INTERVAL
        elif _is_heating(data):
            heat = HEATING_INTERVAL
        return {
            Part.STATE: STATE_INTERVAL,
            Part.JOB: math.inf if without_job else JOB_INTERVAL,
            Part.HEAT: heat,
            Part.SYSTEM: SLOW_INTERVAL,
            Part.EXTRAS: SLOW_INTERVAL,
        }[part]

    def _note_end(self, data: Raise3DData, now: float) -> None:
        """Note when the end of the job has become more certain."""
        job_id = data.job.job_id if data.job else None
        certainty = _end_certainty(data.job)
        if job_id != self._end[0] or certainty > self._end[1]:
            self._end = (job_id, certainty)
            self._end_since = now

    def _near_end(self, data: Raise3DData, now: float) -> bool:
        """Whether the job may end any moment, for a limited time."""
        return (
            data.state is RunningState.RUNNING
            and _end_certainty(data.job) > 0
            and now - self._end_since < NEAR_END_PERIOD
        )


def _end_certainty(job: ActiveJob | None) -> int:
    """Return how certain it is that a job ends soon, 0 for not at all.

    Estimate and progress can both be wrong by hours; each of them gets its chance.
    """
    if job is None:
        return 0
    if job.total_layers is not None and job.printed_layers == job.total_layers:
        return 4
    progress = job.progress or 0.0
    if progress >= NEAR_END_PROGRESS[0]:
        return 3 if progress >= NEAR_END_PROGRESS[1] else 2
    if job.remaining is not None and job.remaining <= NEAR_END_REMAINING:
        return 1
    return 0


def _is_heating(data: Raise3DData) -> bool:
    """Whether a heater is on its way up to its target."""
    heaters: tuple[BasicInfo | NozzleInfo | None, ...] = (
        data.basic,
        data.left_nozzle,
        data.right_nozzle,
    )
    return any(
        heater is not None
        and heater.temperature is not None
        and heater.target_temperature is not None
        and heater.target_temperature - heater.temperature > HEATING_MARGIN
        for heater in heaters
    )
