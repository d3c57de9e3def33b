"""The polling plan: which part of a printer is due when; no Home Assistant, no I/O."""

from collections.abc import Iterable
from enum import Enum, auto
import math
import zlib

from .api import RunningState
from .backoff import doubled
from .const import (
    AFTER_COMMAND_INTERVAL,
    AFTER_COMMAND_PERIOD,
    AFTER_COMMAND_TEMPERATURES_INTERVAL,
    FAILURE_RETRY_INTERVAL,
    HEATING_INTERVAL,
    HEATING_MARGIN,
    JOB_INTERVAL,
    MAX_FAILURE_INTERVAL,
    MAX_OFFLINE_INTERVAL,
    NEAR_END_INTERVAL,
    NEAR_END_PERIOD,
    NEAR_END_PROGRESS,
    NEAR_END_REMAINING,
    OFFLINE_INTERVAL,
    PREVIEW_INTERVAL,
    SLOW_INTERVAL,
    STATE_INTERVAL,
    TEMPERATURES_IDLE_INTERVAL,
    TEMPERATURES_PRINTING_INTERVAL,
)
from .jobs import STATES_WITHOUT_JOB, ActiveJob
from .models import Raise3DData
from .usage import confirm_at

# Timers of Home Assistant fire up to a second early or late; what is due within that
# time is read along with what is due now, so that polls do not drift apart.
_TOLERANCE = 1.0


class Part(Enum):
    """A part of the snapshot: one request, for last job and preview sometimes a few."""

    STATE = auto()
    JOB = auto()
    SYSTEM = auto()
    BASIC = auto()
    LEFT_NOZZLE = auto()
    RIGHT_NOZZLE = auto()
    CAMERA = auto()
    STATISTICS = auto()
    LAST_JOB = auto()
    PREVIEW = auto()


# Read whatever the entities show: state and job for events, the system for identity.
ESSENTIAL = (Part.STATE, Part.JOB, Part.SYSTEM)
# Read together, so that their values belong to the same moment.
TEMPERATURES = (Part.BASIC, Part.LEFT_NOZZLE, Part.RIGHT_NOZZLE)
# What decides whether the printer is in use.
USAGE = (Part.STATE, Part.JOB, *TEMPERATURES)
# Not read at the first poll, which the start of Home Assistant waits for.
OPTIONAL = (Part.CAMERA, Part.STATISTICS, Part.LAST_JOB, Part.PREVIEW)


class PollingPlan:
    """Knows what is due; times are seconds of a monotonic clock."""

    def __init__(self, seed: str) -> None:
        """Take a seed that differs from printer to printer, to stagger their polls."""
        self.offline_interval = 0.0
        """Seconds until the next poll of a printer that does not answer."""
        self._cadence = Cadence()
        self._stagger = zlib.crc32(seed.encode()) / 2**32
        self._wanted = frozenset(Part)
        self._read_at: dict[Part, float] = {}
        self._failures: dict[Part, int] = {}
        # takes precedence over the interval
        self._due: dict[Part, float] = {}

    # Commands

    def want(self, parts: Iterable[Part]) -> None:
        """Plan for these parts, and for those that are always needed."""
        self._wanted = frozenset((*parts, *ESSENTIAL))

    def mark_read(self, part: Part, now: float) -> None:
        """Note that a part has been read."""
        self._read_at[part] = now
        self._failures.pop(part, None)
        self._due.pop(part, None)

    def mark_failed(self, part: Part, data: Raise3DData, now: float) -> None:
        """Note that a part could not be read: retry soon, then less and less often."""
        failures = self._failures[part] = self._failures.get(part, 0) + 1
        interval = self._cadence.interval(part, data, now)
        wait = min(FAILURE_RETRY_INTERVAL, interval)
        if failures > 1:
            # a new job has its preview read at once, whatever that of the last one did
            unlimited = part is Part.PREVIEW
            limit = math.inf if unlimited else max(MAX_FAILURE_INTERVAL, 2 * interval)
            wait = doubled(interval, failures - 2, limit)
        self._due[part] = now + wait

    def expire(self, *parts: Part, at: float = -math.inf) -> None:
        """Make parts due, at once or at a time."""
        self._due.update(dict.fromkeys(parts, at))

    def expect_change(self, now: float) -> None:
        """Poll often for a while: a command is on its way."""
        self._cadence.expect_change(now)

    def mark_success(
        self, data: Raise3DData, now: float, *, job_wanted: bool = False
    ) -> None:
        """Note that a poll has succeeded."""
        self.offline_interval = 0.0
        self._cadence.follow(data, now, job_wanted=job_wanted)
        # Stagger printers that were set up together: bring all polls forward, once.
        # All by the same time, so that what is read together stays together.
        ahead, self._stagger = self._stagger * SLOW_INTERVAL, 0.0
        for part in self._read_at:
            self._read_at[part] -= ahead % self._cadence.interval(part, data, now)
        for part in OPTIONAL:
            if part not in self._read_at:
                self._read_at[part] = now
                self._due.setdefault(part, now + STATE_INTERVAL)

    def mark_unusable(self) -> None:
        """Make everything due: nothing of a failed poll was kept.

        After an outage, what was read before it is out of date.
        """
        self._read_at.clear()
        self._due.clear()

    def mark_offline(self) -> None:
        """Note that the printer does not answer: poll it less and less often."""
        self.mark_unusable()
        self.offline_interval = min(
            MAX_OFFLINE_INTERVAL, max(OFFLINE_INTERVAL, 2 * self.offline_interval)
        )

    # Questions

    def is_due(self, part: Part, data: Raise3DData, now: float) -> bool:
        """Whether a part has to be read now."""
        return self._due_at(part, data, now) <= now + _TOLERANCE

    def next_delay(self, data: Raise3DData, now: float) -> float:
        """Return the seconds until the next poll of a printer that answers."""
        return max(1.0, min(self._due_at(part, data, now) for part in Part) - now)

    def _due_at(self, part: Part, data: Raise3DData, now: float) -> float:
        """Return when a part has to be read."""
        if part not in self._wanted:
            return math.inf
        due, read_at = self._due.get(part), self._read_at.get(part)
        if due is None:
            if read_at is None:
                return math.inf if part in OPTIONAL else now
            due = read_at + self._cadence.interval(part, data, now)
        if part in USAGE and (read_at is None or read_at < confirm_at(data.usage)):
            # later by the tolerance, because not a second of the period may be missing
            due = min(due, confirm_at(data.usage) + _TOLERANCE)
        return due


class Cadence:
    """Knows how often each part is read in the state that the printer is in."""

    def __init__(self) -> None:
        """Start without a command and without a job."""
        self._eager_until = 0.0
        self._job_wanted = False
        # of which job, and how strong a sign of its end made the polls frequent
        self._ending_job: str | None = None
        self._end_sign = 0
        self._end_since = 0.0

    def expect_change(self, now: float) -> None:
        """Poll often for a while."""
        self._eager_until = now + AFTER_COMMAND_PERIOD

    def follow(self, data: Raise3DData, now: float, *, job_wanted: bool) -> None:
        """Note when there is a stronger sign that the job ends soon."""
        self._job_wanted = job_wanted
        job_id = data.job.job_id
        sign = _end_sign(data.job)
        if job_id != self._ending_job or sign > self._end_sign:
            self._ending_job, self._end_sign = job_id, sign
            self._end_since = now

    def interval(self, part: Part, data: Raise3DData, now: float) -> float:
        """Return the seconds between two polls of a part."""
        if part in (Part.STATE, Part.JOB):
            return self._job_interval(part, data, now)
        if part is Part.PREVIEW:
            return PREVIEW_INTERVAL if data.preview.pending else math.inf
        if part not in TEMPERATURES:
            return SLOW_INTERVAL
        if now < self._eager_until:
            return AFTER_COMMAND_TEMPERATURES_INTERVAL
        if _is_heating(data):
            return HEATING_INTERVAL
        idle = data.state in STATES_WITHOUT_JOB
        return TEMPERATURES_IDLE_INTERVAL if idle else TEMPERATURES_PRINTING_INTERVAL

    def _job_interval(self, part: Part, data: Raise3DData, now: float) -> float:
        """Return the seconds between two polls of the state or the job."""
        if now < self._eager_until:
            return AFTER_COMMAND_INTERVAL
        if self._is_near_end(data, now):
            return NEAR_END_INTERVAL
        if part is Part.STATE:
            return STATE_INTERVAL
        skipped = data.state in STATES_WITHOUT_JOB and not self._job_wanted
        return math.inf if skipped else JOB_INTERVAL

    def _is_near_end(self, data: Raise3DData, now: float) -> bool:
        """Whether the job may end any moment, for a limited time."""
        return (
            data.state is RunningState.RUNNING
            and _end_sign(data.job) > 0
            and now - self._end_since < NEAR_END_PERIOD
        )


def _end_sign(job: ActiveJob) -> int:
    """Return how strong a sign there is that a job ends soon, 0 for none.

    Estimate and progress can both be wrong by hours; each of them gets its chance.
    """
    if job.total_layers is not None and job.printed_layers == job.total_layers:
        return 4
    progress = job.progress or 0.0
    if progress >= NEAR_END_PROGRESS[0]:
        return 3 if progress >= NEAR_END_PROGRESS[1] else 2
    if job.remaining is not None and job.remaining <= NEAR_END_REMAINING:
        return 1
    return 0


def _is_heating(data: Raise3DData) -> bool:
    """Whether a heater is heating up to its target."""
    return any(
        heater.temperature is not None
        and heater.target_temperature is not None
        and heater.target_temperature - heater.temperature > HEATING_MARGIN
        for heater in data.heaters
    )
