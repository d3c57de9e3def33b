"""The state machine of a print: what starts, pauses and ends one."""

from collections.abc import Callable
from functools import partial
import random

from .clock import DEAD_BEGIN
from .errors import (
    BUSY,
    COMPLETED_VIEW,
    NO_LAST_JOB,
    NO_SERVER,
    PAUSED,
    PRINTING,
    STOPPED,
    UNKNOWN,
    RefusedError,
)
from .history import HistoryEntry, earlier_jobs, ended_job
from .job import Job, job_id, no_job
from .machine import Machine
from .models import FILES, StoredFile
from .states import (
    FAN_COURSE,
    PAUSE_SECONDS,
    RECOVER_SECONDS,
    RESUME_SECONDS,
    START_SECONDS,
    STOP_SECONDS,
    STOPPED_SECONDS,
    Phase,
    RecordedEvent,
    Unknowns,
)
from .timeline import Timeline
from .tokens import random_mac

# Panel and API refuse alike. What an API call gets in an error is not documented.
_REFUSALS = {
    Phase.IDLE: STOPPED,
    Phase.BUSY: BUSY,
    Phase.RUNNING: PRINTING,
    Phase.PAUSED: PAUSED,
    Phase.COMPLETED: COMPLETED_VIEW,
    Phase.ERROR: UNKNOWN,
}


class PrintControl:
    """Prints one job at a time, played up to the clock with each poll.

    So polling changes nothing. Actions raise `RefusedError` in the wrong state.
    """

    def __init__(  # noqa: PLR0913 - all are named
        self,
        *,
        timeline: Timeline,
        machine: Machine,
        seed: int,
        macs: tuple[str, str] | None,
        history: int,
        job_counter: int,
        unknowns: Unknowns,
    ) -> None:
        """Start idle."""
        self.unknowns = unknowns
        self.time = timeline
        self.powered = True
        self.files: dict[str, StoredFile] = dict(FILES)
        self._machine = machine
        self._seed = seed
        self._rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._macs = macs or (random_mac(self._rng), random_mac(self._rng))
        self._jobs_started = job_counter
        self._clock_offset = 0.0
        self._phase = Phase.IDLE
        self._job = no_job()
        self._job_status = "running"
        self._shows_job = False
        self._lost_job: Job | None = None
        self._record: list[RecordedEvent] = []
        self.booted_at = timeline.now
        self._history = earlier_jobs(
            history, timeline.now, self._macs, self._rng, unknowns
        )
        self._deleted: list[HistoryEntry] = []

    # What it shows. Its own code must not use these: they play what is due.

    @property
    def phase(self) -> Phase:
        """What the printer does, whoever stands at the panel."""
        self.time.catch_up()
        return self._phase

    @property
    def job(self) -> Job:
        """The current or last print since boot; an empty one before the first."""
        self.time.catch_up()
        return self._job

    @property
    def job_status(self) -> str:
        """What the API reports about the job, also when there is none."""
        self.time.catch_up()
        return self._job_status

    @property
    def shows_job(self) -> bool:
        """Whether the API gives the job's numbers, or zeros."""
        self.time.catch_up()
        return self._shows_job

    @property
    def machine(self) -> Machine:
        """Heaters, fan, rates and axes."""
        self.time.catch_up()
        return self._machine

    @property
    def own_time(self) -> float:
        """Unix time as the printer's own clock has it, right or wrong."""
        now = self.time.catch_up()
        if self.unknowns.clock_dead:
            return DEAD_BEGIN + now - self.booted_at
        return now + self._clock_offset

    @property
    def record(self) -> list[RecordedEvent]:
        """The ground truth so far."""
        self.time.catch_up()
        return self._record

    @property
    def history(self) -> list[HistoryEntry]:
        """The jobs that the printer keeps, oldest first, listed already or not."""
        self.time.catch_up()
        return self._history

    @property
    def totals(self) -> list[HistoryEntry]:
        """The jobs that count in the statistics, deleted from the history or not."""
        kept = [*self._deleted, *self.history]
        return [entry for entry in kept if entry.successful]

    # What a person does with a print

    def start(  # noqa: PLR0913 - all but the file are named and optional
        self,
        file_name: str = "Local/medaille_1.gcode",
        *,
        duration: float = 3600,
        estimate: float | None = None,
        layers: int = 250,
        filament: tuple[float, float] = (18.9, 10.9),
        nozzle_temp: int = 210,
        bed_temp: int = 60,
    ) -> str:
        """Print a file: true seconds, the estimate, grams left and right."""
        self.time.catch_up()
        self.require(Phase.IDLE)
        stored = self.files.setdefault(
            file_name, StoredFile(duration, estimate, layers, filament)
        )
        self._jobs_started += 1
        self._job = Job(
            job_id=job_id(
                self._macs, self.own_time, self._jobs_started, self.unknowns.clock_zone
            ),
            file_name=file_name,
            duration=duration,
            estimate=duration if estimate is None else estimate,
            layers=layers,
            filament=filament,
            nozzle_temp=nozzle_temp,
            bed_temp=bed_temp,
            rng=random.Random(f"{self._seed} {self._jobs_started}"),  # noqa: S311 - as above
            has_preview=stored.has_preview,
        )
        self._lost_job = None
        self._become_busy(START_SECONDS, partial(self._run, "started", heat=True))
        return self._job.job_id

    def start_stored(self, file_name: str) -> str:
        """Print one of `files` as it was sliced."""
        stored = self.files[file_name]
        return self.start(
            file_name,
            duration=stored.duration,
            estimate=stored.estimate,
            layers=stored.layers,
            filament=stored.filament,
        )

    def pause(self) -> None:
        """Pause the print."""
        self._hold_job(Phase.RUNNING)
        self._become_busy(PAUSE_SECONDS, self._paused)

    def resume(self) -> None:
        """Go on after a pause."""
        self.time.catch_up()
        self.require(Phase.PAUSED)
        self._become_busy(RESUME_SECONDS, partial(self._run, "resumed", heat=False))

    def stop(self) -> None:
        """Cancel the print."""
        self._hold_job(Phase.RUNNING, Phase.PAUSED)
        self._job.end(self.time.now)
        self._machine.heaters_off()
        self._become_busy(STOP_SECONDS, self._stopped)

    def recover(self) -> None:
        """Go on with the print that a power failure interrupted."""
        self.time.catch_up()
        self.require(Phase.IDLE)
        if self._lost_job is None:
            raise RefusedError(*NO_LAST_JOB)
        self._job, self._lost_job = self._lost_job, None
        self._become_busy(RECOVER_SECONDS, partial(self._run, "resumed", heat=True))

    def dismiss(self) -> None:
        """Clear the completed view."""
        self.time.catch_up()
        self.require(Phase.COMPLETED)
        self._phase = Phase.IDLE
        self._forget()

    def clear_history(self, *, totals: bool = False) -> None:
        """Delete the history at the panel, and the totals only if wanted."""
        self.time.catch_up()
        deleted = [*self._deleted, *self._history]
        self._deleted = [] if totals else deleted
        self._history.clear()

    def require(self, *allowed: Phase) -> None:
        """Refuse in the printer's words unless it is in one of these phases."""
        if not self.powered:
            raise RefusedError(*NO_SERVER)
        if self._phase not in allowed:
            raise RefusedError(*_REFUSALS[self._phase])

    # How it changes

    def _become_busy(self, seconds: float, then: Callable[[], None]) -> None:
        # whatever was to happen to the job before, such as forgetting the last one
        self.time.cancel("job")
        self._phase = Phase.BUSY
        self._shows_job = True
        if self._job_status == "stopped":
            self._job_status = "running"
        self.time.later(seconds, then, "job")

    def _hold_job(self, *allowed: Phase) -> None:
        self.time.catch_up()
        self.require(*allowed)
        if self._phase is Phase.RUNNING:
            self._job.hold(self.time.now)

    def _run(self, kind: str, *, heat: bool) -> None:
        job = self._job
        self._phase = Phase.RUNNING
        self._job_status = "running"
        self._note(kind)
        job.run(self.time.now)
        if heat:
            self._machine.heat_for(
                job.nozzle_temp,
                job.bed_temp,
                [grams > 0 for grams in job.filament],
                job.warm_up,
            )
        for share, percent in FAN_COURSE:
            due = share * job.duration - job.elapsed
            # hot already means a pause, which leaves the fan as someone set it
            if due >= 0 or heat:
                turn = partial(self._machine.set_rate, "fan", percent)
                self.time.later(max(due, 0), turn, "job")
        self.time.later(job.duration - job.elapsed, self._completed, "job")

    def _paused(self) -> None:
        self._phase = Phase.PAUSED
        self._job_status = "paused"
        self._note("paused")

    def _stopped(self) -> None:
        self._phase = Phase.IDLE
        self._job_status = "stopped"
        self._note("stopped")
        self._keep(successful=False)
        self.time.later(STOPPED_SECONDS, self._forget, "job")

    def _completed(self) -> None:
        job = self._job
        job.end(self.time.now)
        self._phase = Phase.COMPLETED
        self._job_status = "completed"
        self._machine.heaters_off()
        self._note("completed")
        self._keep(successful=True)

    def _forget(self) -> None:
        # captured: an idle printer reports "running", and still names its last file
        self._shows_job = False
        self._job_status = "running"

    def _keep(self, *, successful: bool) -> None:
        if successful or self.unknowns.history_of_all:
            self._history.append(
                ended_job(
                    self._job, self.time.now, self.unknowns, successful=successful
                )
            )

    def _note(self, kind: str) -> None:
        self._record.append(RecordedEvent(self.time.now, kind, self._job.job_id))
