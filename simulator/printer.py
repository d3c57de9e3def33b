"""The printer: identity, panel, power, camera and sign-in around the print control."""

from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import Literal

from .history import HistoryEntry, listed
from .job import Job, no_job
from .machine import Machine
from .models import FILES, MODELS
from .past import Moment, Past
from .print_control import PrintControl
from .states import READY_SECONDS, Phase, Unknowns
from .storage import Storage
from .timeline import Timeline
from .tokens import Tokens, random_password


class Printer(PrintControl):
    """A whole printer on an injected clock, without any I/O."""

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
        last_job: Literal["completed", "stopped", "failed"] | None = None,
        plate_full: bool = False,
        unknowns: Unknowns | None = None,
    ) -> None:
        """Start on, idle and cold; `history` invents that many earlier jobs.

        With `last_job` it still names the last one, as captured. With `plate_full`
        the panel still shows that it is completed.
        """
        self.model = MODELS[model]
        self.password = password
        self.machine_id = machine_id or self.model.machine_id
        self.machine_name = machine_name or self.model.machine_name
        self.serial_number = serial_number or self.model.serial_number
        unknowns = unknowns or Unknowns()
        timeline = Timeline(clock)
        super().__init__(
            timeline=timeline,
            machine=Machine(timeline, self.model.nozzles, ambient, unknowns.setter_lag),
            seed=seed,
            macs=macs,
            history=history + (last_job is not None),
            job_counter=job_counter,
            unknowns=unknowns,
        )
        self.storage = Storage(self.files, unknowns, self._file_in_use)
        self.tokens = Tokens(
            unknowns.token_lifetime, single=unknowns.single_token, seed=seed
        )
        self.camera_connected = camera
        self.camera_port = 30216
        self.camera_password = random_password(self._rng)
        self.error_reason = ""
        self.view = ""
        self.status_word: str | None = None
        """The value of `running_status` in any phase, None for the true one."""
        self.ready_at = timeline.now
        self._touched_until = timeline.now
        self._past = Past()
        if last_job is not None:
            self._name_last(successful=last_job == "completed", plate_full=plate_full)
        self._remember(-inf)
        timeline.watch(self._remember)

    @property
    def running_status(self) -> Phase:
        """What the API reports now, if it does not lag."""
        now = self.time.catch_up()
        return self._moment().running_status(now)

    def seen(self, lag: float) -> tuple[Moment, float]:
        """Give how the printer was that many seconds ago, and when that was."""
        now = self.time.catch_up()
        self._remember()
        moment = self._past.at(now - lag) if lag else self._moment()
        return moment, max(now - lag, moment.time) if lag else now

    @property
    def listed(self) -> dict[int, HistoryEntry]:
        """The history as the API shows it: jobs by their places."""
        now = self.time.catch_up()
        return listed(self._history, now, self.booted_at, self.unknowns)

    @property
    def storage_free_kb(self) -> int:
        """Free storage, in KB as the API has it."""
        return self.model.storage_kb - self.storage.uploaded_kb

    # What a person does at the printer

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
            self._job.end(self.time.now)
            self._note("failed")
            self._keep(successful=False)
        self.error_reason = reason
        self._machine.heaters_off()
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
            self._job.end(self.time.now)
            # nothing in the API distinguishes an interrupted print from a cancelled one
            self._note("stopped")
            self._lost_job = self._job
        self.powered = False
        self._job = no_job()
        self.view = self.error_reason = ""
        self._touched_until = self.time.now
        self._phase = Phase.IDLE
        self._forget()
        self._machine.boot()
        self.tokens.drop()

    def power_on(self) -> None:
        """Boot: idle, no job known but one to recover, and a new camera password."""
        now = self.time.catch_up()
        if self.powered:
            return
        self.powered = True
        self.booted_at = now
        self.ready_at = now + READY_SECONDS
        self._past.forget()
        self._remember(-inf)
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

    def _moment(self, since: float | None = None) -> Moment:
        touched_until = self._touched_until
        if touched_until <= self.time.now:
            touched_until = -inf
        return Moment(
            time=self.time.now if since is None else since,
            phase=self._phase,
            occupied_until=inf if self.view else touched_until,
            job=self._job,
            job_status=self._job_status,
            shows_job=self._shows_job,
        )

    def _remember(self, since: float | None = None) -> None:
        lag = max(self.unknowns.state_lag, self.unknowns.job_lag)
        if lag:
            self._past.keep(self._moment(since).kept(), lag)

    def _name_last(self, *, successful: bool, plate_full: bool) -> None:
        last = self._history[-1]
        if not successful:
            self._history.pop()
        if not successful and self.unknowns.history_of_all:
            self._history.append(replace(last, successful=False))
        took = last.real_print_time
        self._job = Job(
            job_id=last.job_id,
            file_name=last.file_name,
            duration=took,
            estimate=last.estimated_time,
            layers=FILES[last.file_name].layers,
            filament=last.filament,
            nozzle_temp=0,
            bed_temp=0,
            rng=self._rng,
            has_preview=last.has_preview,
            elapsed=took,
        )
        if successful and plate_full:
            self._phase = Phase.COMPLETED
            self._job_status = "completed"
            self._shows_job = True

    def _file_in_use(self) -> str:
        """Name the file of the job; without a job there is none."""
        at_work = self.phase in {Phase.BUSY, Phase.RUNNING, Phase.PAUSED}
        return self.job.file_name if at_work else ""
