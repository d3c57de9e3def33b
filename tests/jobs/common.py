"""Polls, jobs and histories for the tests of the job logic."""

from datetime import UTC, datetime, timedelta

from custom_components.raise3d.api import (
    HistoryBookmark,
    HistoryEnd,
    HistoryEntry,
    JobReport,
    JobState,
    RunningState,
)
from custom_components.raise3d.jobs import (
    HistoryKnown,
    JobMemory,
    JobPhase,
    JobTracker,
    TrackedJob,
)
from simulator.job import job_id as new_job_id

RUNS, RESTS, DONE = RunningState.RUNNING, RunningState.PAUSED, RunningState.COMPLETED
IDLE, ERROR, BUSY = RunningState.IDLE, RunningState.ERROR, RunningState.BUSY
NOTHING: list[str] = []
MACS = ("0200C0FFEE01", "0200C0FFEE02")
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
# What two answers may be apart, and a poll more.
LAG = 45


def report(
    job_id: str | None = "job-1",
    state: JobState | None = JobState.RUNNING,
    elapsed: int | None = 600,
    file_name: str | None = "Local/folder/part.gcode",
    total: int | None = 3600,
) -> JobReport:
    """Return a job as a printer sends it."""
    return JobReport(
        job_id=job_id,
        file_name=file_name,
        state=state,
        progress=12.5,
        printed_layers=10,
        total_layers=100,
        elapsed=elapsed,
        total=total,
    )


def dated(at: datetime) -> str:
    """Return the id of a job that started then by the printer's clock."""
    return new_job_id(MACS, at.timestamp(), 16, zone=0)


def entries(*job_ids: str) -> tuple[HistoryEntry, ...]:
    """Return entries of a history, oldest first."""
    return tuple(
        HistoryEntry(job_id=job_id, index=index, file_name="b.gcode", user_tag=None)
        for index, job_id in enumerate(job_ids)
    )


def bookmark(*job_ids: str) -> HistoryBookmark:
    """Return a bookmark that knows some jobs."""
    result = HistoryBookmark()
    for job_id in job_ids:
        result = result.with_known(job_id)
    return result


def history(*known: str, new: tuple[str, ...] = ()) -> HistoryEnd:
    """Return the end of a history."""
    return HistoryEnd(
        entries=entries(*known, *new),
        new=entries(*new),
        bookmark=bookmark(*known, *new),
    )


class Follower:
    """A tracker whose printer has been polled before, unless it is a new one."""

    def __init__(
        self,
        phase: JobPhase | None = None,
        *,
        late: bool = False,
        final: bool = False,
    ) -> None:
        """Let it know job-1 in a phase."""
        self.now = NOW
        memory = JobMemory()
        if phase is not None:
            job = TrackedJob(
                job_id="job-1",
                file_name="Local/folder/part.gcode",
                phase=phase,
                final=final,
                elapsed=600,
            )
            memory = JobMemory(
                job=job,
                cursor=HistoryKnown(bookmark("job-0")),
                polled_at=NOW - timedelta(seconds=3600 if late else 15),
            )
        self.tracker = JobTracker(memory)
        self.tracker._outage.lasts = late
        self.events: list[tuple[str, str]] = []
        self.late: list[bool] = []

    def poll(
        self,
        state: RunningState | None,
        job: JobReport | None = None,
        read: HistoryEnd | None = None,
        after: float = 15,
    ) -> list[str]:
        """Poll once more, and return what is reported."""
        self.now += timedelta(seconds=after)
        events = self.tracker.update(state, job or report(), self.now, read)
        self.events += [(event.type.value, event.job_id) for event in events]
        self.late += [event.late for event in events]
        return [event.type.value for event in events]

    def hold(
        self,
        state: RunningState | None,
        job: JobReport | None = None,
        read: HistoryEnd | None = None,
        seconds: float = LAG,
    ) -> list[str]:
        """Poll with the same answers for a while, and return what is reported."""
        reported = []
        for _ in range(int(seconds // 15) + 1):
            reported += self.poll(state, job, read)
        return reported
