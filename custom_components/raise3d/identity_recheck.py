"""Decides which polls read the machine id again, in case the printer is another."""

from typing import NamedTuple

from .api import (
    JobReport,
    Raise3DClient,
    Raise3DResponseError,
    RunningState,
    SystemInfo,
)

_BEFORE_START = (RunningState.IDLE, RunningState.BUSY)
_AFTER_START = (RunningState.BUSY, RunningState.RUNNING, RunningState.PAUSED)


class JobPoll(NamedTuple):
    """State and job of one poll; either may lag behind the other."""

    state: RunningState | None
    report: JobReport


class IdentityRecheck:
    """Knows when the polls have to read the machine id again.

    It decides nothing but that: the comparison is that of `client.guard`, which also
    reads the machine id by itself before it sends a command.
    """

    def __init__(self, client: Raise3DClient, machine_id: str) -> None:
        """Expect a machine id, which has yet to be confirmed."""
        self._client = client
        client.guard.expect(machine_id)
        self._logins = 0
        """Logins of the client at the last check."""
        self._last: JobPoll | None = None

    @property
    def verified(self) -> bool:
        """Whether the printer has named itself since the last login or outage."""
        return self._client.guard.confirmed

    @property
    def mismatched(self) -> bool:
        """Whether it was another printer that named itself last."""
        return self._client.guard.mismatched

    @property
    def checks(self) -> int:
        """How often a printer has named itself, to the polls or to the client."""
        return self._client.guard.checks

    @property
    def signed_in_again(self) -> bool:
        """Whether the client has logged in since the last check of the machine id.

        Only the printer that issued a token accepts it: either the token has expired,
        or another printer answers.
        """
        return not self.verified and self._client.logins != self._logins

    def mark_outage(self) -> None:
        """Note that it may be another printer that answers next."""
        self._client.guard.doubt()

    def end_check(self, system: SystemInfo | None) -> None:
        """End a check with the system info, None where it could not be read.

        Raises Raise3DResponseError for a printer that does not name itself, unless it
        has done so before.
        """
        self._logins = self._client.logins
        if system is not None and system.machine_id is None and not self.verified:
            msg = "printer/system: the answer has no machine id"
            raise Raise3DResponseError(msg)

    def is_unexpected(self, poll: JobPoll) -> bool:
        """Whether the job has changed in a way that no start of a print explains."""
        last = self._last
        if last is None or poll.report.job_id == last.report.job_id:
            return False
        return not (last.state in _BEFORE_START and poll.state in _AFTER_START)

    def accept(self, poll: JobPoll) -> None:
        """Remember a poll of the expected printer."""
        self._last = poll
