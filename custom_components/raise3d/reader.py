"""Reads what is due of a printer; it knows no issue and no registry."""

from collections.abc import Sequence
from dataclasses import replace
import time

from .api import (
    JobReport,
    Raise3DBusyError,
    Raise3DClient,
    Raise3DWrongPrinterError,
    RunningState,
)
from .const import FAILURE_RETRY_INTERVAL, MAX_FAILURE_INTERVAL, STATE_INTERVAL
from .endpoints import ENDPOINTS, Endpoint, EndpointReader
from .identity_recheck import IdentityRecheck, JobPoll
from .jobs import JobEvent, JobEventType
from .last_job import LastJobReader
from .models import IN_USE, NO_LAST_JOB, Preview, Raise3DData
from .polling import TEMPERATURES, USAGE, Part, PollingPlan
from .usage import with_usage

_DETAILS = (*TEMPERATURES, Part.CAMERA, Part.STATISTICS, Part.PREVIEW)


class PrinterReader:
    """Reads one printer, one endpoint at a time, into new versions of the data.

    Raises Raise3DWrongPrinterError before any data of another printer is returned.
    """

    def __init__(
        self, client: Raise3DClient, plan: PollingPlan, name: str, machine_id: str
    ) -> None:
        """Read with a client what a plan makes due."""
        self._client = client
        self._plan = plan
        self.identity = IdentityRecheck(client, machine_id)
        self._last_job = LastJobReader(client)
        last_job = Endpoint(
            "dashboard/joblist",
            self._last_job.read,
            lambda data: replace(data, last_job=NO_LAST_JOB),
            kept=True,
        )
        endpoints = {**ENDPOINTS, Part.LAST_JOB: last_job}
        self._endpoints = EndpointReader(client, plan, endpoints, name)
        self._report: JobReport | None = None
        self._wanted = frozenset(Part)
        self._outage = True
        """Until everything was read once, after the start too."""

    def mark_outage(self) -> None:
        """Note that it may be another printer that answers next."""
        self.identity.mark_outage()
        self._outage = True

    def want(self, data: Raise3DData, parts: frozenset[Part]) -> Raise3DData:
        """Read these parts from now on; return the data without all others."""
        unwanted, self._wanted = self._wanted - parts, parts
        self._plan.want(parts)
        return self._endpoints.forget(unwanted, data)

    async def read_job(self, data: Raise3DData) -> tuple[Raise3DData, JobReport | None]:
        """Return the data with the state, and the job where that was due."""
        if self._is_due(Part.SYSTEM, data) or self.identity.mismatched:
            data = await self._verify(data)
        checks = self.identity.checks
        state, report = await self._read_state_and_job(data)
        poll = None if report is None else JobPoll(state, report)
        # unless the client itself has checked the printer meanwhile
        unexpected = poll is not None and self.identity.is_unexpected(poll)
        if (
            unexpected and checks == self.identity.checks
        ) or self.identity.signed_in_again:
            data = await self._verify(data)
        if poll is not None:
            self.identity.accept(poll)
            self._report = poll.report
        if state is not data.state:
            self._plan.expire(*TEMPERATURES)
        return replace(data, state=state), report

    def note_events(self, data: Raise3DData, events: Sequence[JobEvent]) -> Raise3DData:
        """Make the figures of an ended job and the preview of a new one due."""
        before, data = data, _with_preview_of_job(data)
        # not at the first poll, which a start of Home Assistant waits for
        if data is not before and not self._outage:
            self._plan.expire(Part.PREVIEW)
        if any(event.type.is_end for event in events):
            self._plan.expire(Part.STATISTICS)
        completed = [
            event.job_id for event in events if event.type is JobEventType.COMPLETED
        ]
        if completed:
            self._plan.expire(Part.LAST_JOB)
            # without an id, the event has the name of the file instead
            named = self._report is not None and self._report.job_id is not None
            data = self._last_job.expect(completed[-1] if named else None, data)
        return data

    async def read_details(self, data: Raise3DData) -> Raise3DData:
        """Return the data with what is due beside the job.

        During an upload nothing of it can be read, which is no error.
        """
        try:
            data = await self._read_due(data)
        except Raise3DBusyError:
            if not self._client.uploading:
                raise
            return replace(data, uploading=True, usage=IN_USE)
        heaters = data.heaters
        if Part.RIGHT_NOZZLE not in self._wanted:
            heaters = heaters[:-1]
        if self._endpoints.is_failing(*self._wanted.intersection(TEMPERATURES)):
            # what is shown was read before
            return replace(data, usage=IN_USE)
        confirmed = not any(self._is_due(part, data) for part in USAGE)
        return with_usage(data, heaters, time.monotonic(), confirmed=confirmed)

    async def _read_due(self, data: Raise3DData) -> Raise3DData:
        """Return the data with what is due beside the job."""
        for part in [part for part in _DETAILS if self._is_due(part, data)]:
            data = await self._endpoints.read(part, data)
        again = time.monotonic() + STATE_INTERVAL
        if self._last_job.lacks_totals(data):
            self._plan.expire(Part.STATISTICS, at=again)
        if self._is_due(Part.LAST_JOB, data):
            data = await self._endpoints.read(Part.LAST_JOB, data)
            if self._last_job.overdue:
                self._plan.expire(Part.LAST_JOB, at=again)
        if self.identity.signed_in_again:
            data = await self._verify(data)
        self._outage = False
        return self._endpoints.forget_unreadable(data)

    async def read_camera(self, data: Raise3DData) -> Raise3DData:
        """Return the data with the camera's login, whether or not it is due."""
        data = replace(data, camera=await self._client.queries.get_camera())
        if self.identity.signed_in_again:
            data = await self._verify(data)
        self._endpoints.note_success(Part.CAMERA)
        return data

    async def _read_state_and_job(
        self, data: Raise3DData
    ) -> tuple[RunningState | None, JobReport | None]:
        """Read state and job, together where one of them has changed."""
        state, before = data.state, self._report
        fresh = self._is_due(Part.STATE, data)
        if fresh:
            state = await self._read_state()
        unchanged = before is not None and state is data.state
        if unchanged and not self._is_due(Part.JOB, data):
            return state, None
        report = await self._client.queries.get_current_job()
        if not fresh and _differs(report, before):
            # The state that belongs to it, and the job again: it may have changed
            # between the two answers.
            state = await self._read_state()
            report = await self._client.queries.get_current_job()
        self._plan.mark_read(Part.JOB, time.monotonic())
        return state, report

    async def _read_state(self) -> RunningState | None:
        """Read the state."""
        state = (await self._client.queries.get_running_status()).state
        self._plan.mark_read(Part.STATE, time.monotonic())
        return state

    async def _verify(self, data: Raise3DData) -> Raise3DData:
        """Return the data with the system, after comparing the machine id.

        A printer whose machine id cannot be read is accepted, unless another one
        named itself last.
        """
        strict = self.identity.mismatched
        failing = self._endpoints.is_failing(Part.SYSTEM)
        before = data.system
        try:
            # after an outage the state is read next, and its failure is logged
            data = await self._endpoints.read(
                Part.SYSTEM, data, strict=strict, quiet=self._outage
            )
        except Raise3DWrongPrinterError:
            self._last_job.reset()
            raise
        self.identity.end_check(None if data.system is before else data.system)
        if not self.identity.verified:
            wait = MAX_FAILURE_INTERVAL if failing else FAILURE_RETRY_INTERVAL
            self._plan.expire(Part.SYSTEM, at=time.monotonic() + wait)
        return data

    def _is_due(self, part: Part, data: Raise3DData) -> bool:
        """Whether a part has to be read now."""
        return self._plan.is_due(part, data, time.monotonic())


def _with_preview_of_job(data: Raise3DData) -> Raise3DData:
    """Return the data with the preview of the job, which is unread for a new job."""
    job = data.job
    if job.job_id in (None, data.preview.job_id):
        return data
    preview = Preview(job_id=job.job_id, file_name=job.file_name)
    return replace(data, preview=preview)


def _differs(report: JobReport, before: JobReport | None) -> bool:
    """Whether the job has changed in a way that the state has to confirm."""
    return before is None or (
        (report.job_id, report.state) != (before.job_id, before.state)
    )
