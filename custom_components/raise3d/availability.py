"""How long a printer has not answered, and for how long its last data are shown."""

import logging
import time

from .api import Raise3DBusyError, Raise3DError
from .const import (
    GRACE_PERIOD,
    JOB_INTERVAL,
    LATE_AFTER,
    SIGN_IN_INTERVAL,
    SIGN_IN_PERIOD,
)

_LOGGER = logging.getLogger(__name__)


class Availability:
    """Knows since when a printer has not answered, and logs that once."""

    def __init__(self, name: str) -> None:
        """Log under the name of a printer."""
        self._name = name
        self._created = time.monotonic()
        self._answered_at = 0.0
        self._uploaded_at = 0.0
        self._refused_since: float | None = None
        self._refused_at = 0.0
        self._busy_until = 0.0
        self._logged_offline = False

    @property
    def last_answer_at(self) -> float:
        """When the printer answered last; before the first answer, when we began."""
        return max(self._answered_at, self._created)

    @property
    def after_outage(self) -> bool:
        """Whether nothing was polled for so long that what is found out now is late."""
        return time.monotonic() - self._answered_at > LATE_AFTER

    @property
    def in_grace_period(self) -> bool:
        """Whether the last data are still shown: one bad answer means nothing."""
        return self.grace_left > 0

    @property
    def grace_left(self) -> float:
        """Seconds for which the last data are still shown."""
        held_at = max(self._answered_at, self._uploaded_at)
        return held_at + GRACE_PERIOD - time.monotonic()

    def note_answer(self) -> None:
        """Note that a poll has succeeded."""
        self._answered_at = time.monotonic()
        self._refused_since = None
        if self._logged_offline:
            _LOGGER.info("%s can be reached again", self._name)
            self._logged_offline = False

    def delay_after(self, err: Raise3DError) -> float:
        """Return the seconds until the next poll after an answer without use."""
        wait = err.retry_after if isinstance(err, Raise3DBusyError) else None
        if wait is None:
            return JOB_INTERVAL
        self._busy_until = time.monotonic() + wait
        # what is shown must not grow older than the grace period
        return min(wait, max(1.0, self.grace_left))

    def end_wait(self) -> None:
        """Allow the next request at once, although the printer is busy."""
        self._busy_until = 0.0

    def check_wait(self) -> None:
        """Raise Raise3DBusyError while the printer wants no requests."""
        left = self._busy_until - time.monotonic()
        if left >= 1:  # timers fire up to a second early
            msg = "the printer wants no requests for a while"
            raise Raise3DBusyError(msg, left)

    def note_upload(self) -> None:
        """Note that an upload keeps the printer from being polled."""
        self._uploaded_at = time.monotonic()

    def note_refusal(self) -> bool:
        """Note that a password was refused; return whether to try it again.

        A refusal long after the last one is the first of another boot.
        """
        now = time.monotonic()
        passed = now - self._refused_at > 2 * SIGN_IN_INTERVAL
        if self._refused_since is None or passed:
            self._refused_since = now
        self._refused_at = now
        return now - self._refused_since < SIGN_IN_PERIOD

    def log_offline(self, err: Exception) -> None:
        """Log that the printer cannot be reached, where that is new."""
        if not self._logged_offline:
            _LOGGER.info("%s cannot be reached: %s", self._name, err)
            self._logged_offline = True
