"""What the state and job endpoints depend on, at each moment of the near past."""

from collections import deque
from copy import copy
from dataclasses import dataclass, replace

from .job import Job
from .states import Phase


@dataclass(frozen=True, slots=True)
class Moment:
    """How the printer is from a time on, until the next moment begins.

    The job's numbers grow by themselves, so they can be computed for any time between
    two moments.
    """

    time: float
    phase: Phase
    occupied_until: float
    """When someone leaves the panel."""
    job: Job
    job_status: str
    shows_job: bool

    def kept(self) -> Moment:
        """Return a moment whose job does not go on with the printer's."""
        return replace(self, job=copy(self.job))

    def running_status(self, at: float) -> Phase:
        """Return the reported phase: someone at the panel makes it busy."""
        occupied = at < self.occupied_until
        return Phase.BUSY if occupied and self.phase is not Phase.ERROR else self.phase


class Past:
    """The moments that an answer may still show."""

    def __init__(self) -> None:
        """Begin without one."""
        self._moments: deque[Moment] = deque()

    def forget(self) -> None:
        """Begin again, as at a boot."""
        self._moments.clear()

    def keep(self, moment: Moment, seconds: float) -> None:
        """Add a moment, and drop what is older than that many seconds."""
        if self._moments and self._moments[-1].time == moment.time:
            self._moments.pop()
        self._moments.append(moment)
        while len(self._moments) > 1 and self._moments[1].time <= moment.time - seconds:
            self._moments.popleft()

    def at(self, time: float) -> Moment:
        """Give the moment of a time, the oldest where it is not known."""
        for moment in reversed(self._moments):
            if moment.time <= time:
                return moment
        return self._moments[0]
