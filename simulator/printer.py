"""The printer itself: a state machine on an injected clock, without any I/O."""

from collections.abc import Callable
from functools import partial
import random

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
from .history import HistoryEntry, earlier_jobs
from .job import Job, job_id, no_job
from .machine import Machine
from .models import FILES, MODELS, StoredFile
from .states import (
    FAN_COURSE,
    PAUSE_SECONDS,
    READY_SECONDS,
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
from .tokens import Tokens, random_mac, random_password


class Printer:
    """A printer, played up to `clock()` whenever somebody looks.

    So polling changes nothing. Actions raise `RefusedError` in the wrong state.
    """

    def __init__(  # noqa: PLR0913 - all but the model are named and optional
        self,
        model: str = "pro2",
        *,
        clock: Callable[[], float],
        password: str = "123456",  # noqa: S107 - the documented example
        machine_id: str | None = None,
        machine_name: str | None = None,
        serial_number: str | None = None,
        macs: tuple[str, str] | None = None,
        seed: int = 0,
        ambient: float = 24.0,
        camera: bool = True,
        history: int = 0,
        job_counter: int = 0,
        unknowns: Unknowns | None = None,
    ) -> None:
        """Start on, idle and cold; `history` invents that many earlier jobs."""
        self.model = MODELS[model]
        self.password = password
        self.machine_id = machine_id or self.model.machine_id
        self.machine_name = machine_name or self.model.machine_name
        self.serial_number = serial_number or self.model.serial_number
        self.unknowns = unknowns or Unknowns()
        self.time = Timeline(clock)
        self.machine = Machine(
            self.time, self.model.nozzles, ambient, self.unknowns.setter_lag
        )
        self.tokens = Tokens(
            self.unknowns.token_lifetime, single=self.unknowns.single_token, seed=seed
        )
        self._record: list[RecordedEvent] = []
        self.files: dict[str, StoredFile] = dict(FILES)
        self.powered = True
        self.camera_connected = camera
        self.camera_port = 30216
        self.job = no_job()
        self.job_status = "running"
        self.shows_job = False
        self.error_reason = ""
        self.view = ""
        self.ready_at = self.time.now
        self._seed = seed
        self._rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._macs = macs or (random_mac(self._rng), random_mac(self._rng))
        self._jobs_begun = job_counter
        self._clock_offset = 0.0
        self._phase = Phase.IDLE
        self._lost_job: Job | None = None
        self._touched_until = self.time.now
        self.camera_password = random_password(self._rng)
        self._history = earlier_jobs(history, self.time.now, self._macs, self._rng)

    # What it shows

    @property
    def phase(self) -> Phase:
        """What the printer does, whoever stands at the panel."""
        self.time.catch_up()
        return self._phase

    @property
    def running_status(self) -> Phase:
        """What the API says: somebody at the panel makes it busy (documented)."""
        phase = self.phase
        occupied = self.view or self.time.now < self._touched_until
        return Phase.BUSY if occupied and phase is not Phase.ERROR else phase

    @property
    def own_time(self) -> float:
        """Unix time as the printer's own clock has it."""
        return self.time.catch_up() + self._clock_offset

    @property
    def record(self) -> list[RecordedEvent]:
        """The ground truth so far."""
        self.time.catch_up()
        return self._record

    @property
    def history(self) -> list[HistoryEntry]:
        """The completed jobs, oldest first."""
        self.time.catch_up()
        return self._history

    # What a person does at the printer

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
        self._jobs_begun += 1
        self.job = Job(
            job_id(self._macs, self.own_time, self._jobs_begun),
            file_name,
            duration,
            duration if estimate is None else estimate,
            layers,
            filament,
            nozzle_temp,
            bed_temp,
            random.Random(f"{self._seed} {self._jobs_begun}"),  # noqa: S311 - as above
            has_preview=stored.has_preview,
        )
        self._lost_job = None
        self._become_busy(START_SECONDS, partial(self._run, "started", heat=True))
        return self.job.job_id

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
        self.machine.heaters_off()
        self._become_busy(STOP_SECONDS, self._stopped)

    def recover(self) -> None:
        """Go on with the print that a power failure interrupted."""
        self.time.catch_up()
        self.require(Phase.IDLE)
        if self._lost_job is None:
            raise RefusedError(*NO_LAST_JOB)
        self.job, self._lost_job = self._lost_job, None
        self._become_busy(RECOVER_SECONDS, partial(self._run, "resumed", heat=True))

    def dismiss(self) -> None:
        """Clear the completed view."""
        self.time.catch_up()
        self.require(Phase.COMPLETED)
        self._phase = Phase.IDLE
        self._forget()

    def touch(self, seconds: float) -> None:
        """Stand at the panel for a while; a print goes on beneath."""
        self._touched_until = self.time.catch_up() + seconds

    def show(self, view: str) -> None:
        """Open a view: powerloss, powerdown, extrude retract, calibrate; "" is none."""
        self.time.catch_up()
        self.view = view

    def fail(self, reason: str = "serial") -> None:
        """Lose the motion board ("serial") or enter "safe mode"; a print is over."""
        self.time.catch_up()
        if self._phase is Phase.ERROR:
            return
        self.time.cancel("job")
        if self._phase in {Phase.BUSY, Phase.RUNNING, Phase.PAUSED}:
            self.job.hold(self.time.now)
            self._note("failed")
        self.error_reason = reason
        self.machine.heaters_off()
        self._phase = Phase.ERROR

    def clear_error(self) -> None:
        """Be idle again after an error."""
        self.time.catch_up()
        if self._phase is Phase.ERROR:
            self.error_reason = ""
            self._phase = Phase.IDLE
            self._forget()

    def power_off(self) -> None:
        """Pull the plug: tokens go, and a print is interrupted."""
        self.time.catch_up()
        if not self.powered:
            return
        self.time.cancel()
        if self._phase in {Phase.BUSY, Phase.RUNNING, Phase.PAUSED}:
            self.job.hold(self.time.now)
            # nothing in the API tells an interrupted print from a cancelled one
            self._note("stopped")
            self._lost_job = self.job
        self.powered = False
        self.job = no_job()
        self.view = self.error_reason = ""
        self._touched_until = self.time.now
        self._phase = Phase.IDLE
        self._forget()
        self.machine.boot()
        self.tokens.drop()

    def power_on(self) -> None:
        """Boot: idle, no job known but one to recover, and a new camera password."""
        now = self.time.catch_up()
        if self.powered:
            return
        self.powered = True
        self.ready_at = now + READY_SECONDS
        self.camera_password = random_password(self._rng)

    def plug_camera(self) -> None:
        """Connect a camera."""
        self.camera_connected = True

    def unplug_camera(self) -> None:
        """Take the camera away."""
        self.camera_connected = False

    def set_clock_offset(self, seconds: float) -> None:
        """Set the printer's own clock wrong by that much."""
        self.time.catch_up()
        self._clock_offset = seconds

    def require(self, *allowed: Phase) -> None:
        """Refuse in the printer's words unless it is in one of these phases."""
        if not self.powered:
            raise RefusedError(*NO_SERVER)
        if self._phase not in allowed:
            raise RefusedError(*_REFUSALS[self._phase])

    # How it changes

    def _become_busy(self, seconds: float, then: Callable[[], None]) -> None:
        self._phase = Phase.BUSY
        self.shows_job = True
        self.time.later(seconds, then, "job")

    def _hold_job(self, *allowed: Phase) -> None:
        self.time.catch_up()
        self.require(*allowed)
        self.time.cancel("job")
        if self._phase is Phase.RUNNING:
            self.job.hold(self.time.now)

    def _run(self, kind: str, *, heat: bool) -> None:
        job = self.job
        self._phase = Phase.RUNNING
        self.job_status = "running"
        self._note(kind)
        job.run(self.time.now)
        if heat:
            self.machine.heat_for(
                job.nozzle_temp,
                job.bed_temp,
                [grams > 0 for grams in job.filament],
                job.warm_up,
            )
        for share, percent in FAN_COURSE:
            if share * job.duration >= job.elapsed:
                self.time.later(
                    share * job.duration - job.elapsed,
                    partial(self.machine.set_rate, "fan", percent),
                    "job",
                )
        self.time.later(job.duration - job.elapsed, self._completed, "job")

    def _paused(self) -> None:
        self._phase = Phase.PAUSED
        self.job_status = "paused"
        self._note("paused")

    def _stopped(self) -> None:
        self._phase = Phase.IDLE
        self.job_status = "stopped"
        self._note("stopped")
        self.time.later(STOPPED_SECONDS, self._forget, "job")

    def _completed(self) -> None:
        job = self.job
        job.hold(self.time.now)
        self._phase = Phase.COMPLETED
        self.job_status = "completed"
        self.machine.heaters_off()
        self._note("completed")
        self._history.append(
            HistoryEntry(
                job.job_id,
                job.file_name,
                int(job.duration),
                int(job.estimate),
                job.filament,
                has_preview=job.has_preview,
            )
        )

    def _forget(self) -> None:
        # captured: an idle printer says "running", and still names its last file
        self.shows_job = False
        self.job_status = "running"

    def _note(self, kind: str) -> None:
        self._record.append(RecordedEvent(self.time.now, kind, self.job.job_id))


# Panel and API refuse alike. What an API call is told in an error is not documented.
_REFUSALS = {
    Phase.IDLE: STOPPED,
    Phase.BUSY: BUSY,
    Phase.RUNNING: PRINTING,
    Phase.PAUSED: PAUSED,
    Phase.COMPLETED: COMPLETED_VIEW,
    Phase.ERROR: UNKNOWN,
}
