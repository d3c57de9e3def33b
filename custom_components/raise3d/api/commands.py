"""Commands: what heats, moves or touches a job. None of them is ever sent twice."""

from collections.abc import Mapping
from enum import IntEnum

from .const import (
    MAX_BED_TEMPERATURE,
    MAX_EXTRUSION,
    MAX_FAN_SPEED,
    MAX_FEED,
    MAX_FEED_E,
    MAX_FEED_RATE,
    MAX_FLOW_RATE,
    MAX_NOZZLE_TEMPERATURE,
    MAX_POSITION,
    MAX_STEP,
    MIN_FEED,
    RunningState,
)
from .exceptions import (
    Raise3DInvalidValueError,
    Raise3DOtherJobError,
    Raise3DRefusedError,
)
from .mistake import Mistake
from .models import JobReport, RunningStatus
from .refusal import Refusal
from .requests import Requests
from .transport import Body, Data
from .values import checked_int, checked_path

_OPERATE = "job/currentjob/set"
_START = "job/newjob/set"
# Why nothing can be started in a state. One that is not documented says as little as an
# error: the reason is at the panel.
_NOT_IDLE: Mapping[RunningState | None, Refusal] = {
    RunningState.BUSY: Refusal.BUSY,
    RunningState.COMPLETED: Refusal.COMPLETED,
    RunningState.PAUSED: Refusal.PAUSED,
    RunningState.RUNNING: Refusal.PRINTING,
}


class Nozzle(IntEnum):
    """One of the nozzles, counted as the printer counts them for a move."""

    LEFT = 0
    RIGHT = 1


class Commands:
    """Setters and job commands.

    Each is checked before it is sent: Raise3DInvalidValueError for a value out of
    its range, and for a path that is not below `Local/`. A number that is not whole
    is rounded. Raise3DRefusedError: the printer's state forbids the command. A new
    value shows in what is read about a second later.
    """

    def __init__(self, requests: Requests) -> None:
        """Share what sends requests."""
        self._requests = requests

    async def set_nozzle_temperature(self, nozzle: Nozzle, temperature: float) -> None:
        """Heat a nozzle to 0..310 °C, 0 is off, `/printer/nozzle1/temp/set`.

        Raises Raise3DNotFoundError for the right one of a printer with one nozzle.
        """
        value = checked_int("temperature", temperature, 0, MAX_NOZZLE_TEMPERATURE)
        path = f"printer/nozzle{_nozzle_index(nozzle) + 1}/temp/set"
        await self._requests.post(path, {"temperature": value})

    async def set_bed_temperature(self, temperature: float) -> None:
        """Heat the bed to 0..110 °C, 0 is off, `/printer/heatbedtemp/set`."""
        value = checked_int("temperature", temperature, 0, MAX_BED_TEMPERATURE)
        await self._requests.post("printer/heatbedtemp/set", {"temperature": value})

    async def set_flow_rate(self, nozzle: Nozzle, percent: float) -> None:
        """Set a nozzle's flow to 1..300 %, `/printer/nozzle1/flowrate/set`.

        Raises Raise3DNotFoundError for the right one of a printer with one nozzle.
        """
        value = checked_int("flow rate", percent, 1, MAX_FLOW_RATE)
        path = f"printer/nozzle{_nozzle_index(nozzle) + 1}/flowrate/set"
        await self._requests.post(path, {"flowrate": value})

    async def set_feed_rate(self, percent: float) -> None:
        """Set the speed to 1..350 % of the sliced one, `/printer/feedrate/set`."""
        value = checked_int("feed rate", percent, 1, MAX_FEED_RATE)
        await self._requests.post("printer/feedrate/set", {"feedrate": value})

    async def set_fan_speed(self, percent: float) -> None:
        """Set the fan to 0..100 %, `/printer/fanspeed/set`."""
        value = checked_int("fan speed", percent, 0, MAX_FAN_SPEED)
        await self._requests.post("printer/fanspeed/set", {"fanspeed": value})

    async def move_axis(  # noqa: PLR0913 - all are named
        self,
        *,
        x: float | None = None,
        y: float | None = None,
        z: float | None = None,
        e: float | None = None,
        feed: float,
        relative: bool = True,
        nozzle: Nozzle | None = None,
    ) -> None:
        """Move the head, the bed or filament, `/printer/axiscontrol/set`.

        `x`, `y`, `z` and `e` (filament, negative retracts) are in mm, at least one is
        given: relative -10..10, absolute 0..305 and for `e` -10000..10000. `feed` is
        60..6000 mm/min, with `e` 60..2400. `e` needs the `nozzle` that it runs
        through. Raises Raise3DNotFoundError for the right one of a printer with one.

        The API cannot home: after a boot, absolute positions are only right once
        someone has homed the printer at its screen.
        """
        given = {"x": x, "y": y, "z": z, "e": e}
        moves: dict[str, str | int] = {}
        for axis, value in given.items():
            if value is not None:
                low, high = _move_limits(axis, relative=relative)
                moves[axis] = checked_int(axis, value, low, high)
        if not moves:
            msg = "A move needs an axis"
            raise Raise3DInvalidValueError(msg, Mistake.NO_AXIS)
        if e is not None:
            # There is no default: extruding through the other nozzle spoils a part.
            moves["nozzle"] = _nozzle_index(nozzle)
        fastest = MAX_FEED if e is None else MAX_FEED_E
        moves["feed"] = checked_int("feed", feed, MIN_FEED, fastest, Mistake.FEED)
        moves["is_relative_pos"] = int(relative)
        await self._requests.post("printer/axiscontrol/set", moves)

    async def pause_job(self, expected_job_id: str | None = None) -> None:
        """Pause the print, `/job/currentjob/set`.

        The printer is busy until it has parked. Raises Raise3DRefusedError where
        nothing is being printed. With an id, only the job that has it:
        Raise3DOtherJobError where the printer names another job or none.
        """
        await _operate(self._requests, "pause", expected_job_id)

    async def resume_job(self, expected_job_id: str | None = None) -> None:
        """Resume the print after a pause, `/job/currentjob/set`.

        Raises Raise3DRefusedError where no print is paused. With an id, only the job
        that has it: Raise3DOtherJobError where the printer names another job or none.
        """
        await _operate(self._requests, "resume", expected_job_id)

    async def stop_job(self, expected_job_id: str | None = None) -> None:
        """Cancel the print for good, `/job/currentjob/set`.

        Raises Raise3DRefusedError where there is no print. With an id, only the job
        that has it: Raise3DOtherJobError where the printer names another job or none.
        """
        await _operate(self._requests, "stop", expected_job_id)

    async def start_job(self, file_path: str, *, only_idle: bool = False) -> None:
        """Print a file that is on the printer, below `Local/`, `/job/newjob/set`.

        Raises Raise3DRefusedError in a print, and with `Refusal.NO_FILE` where there
        is no such file. With `only_idle` the state is read right before, and nothing
        is sent unless it is idle: Raise3DRefusedError as the printer itself would.
        """
        body: Body = {"file_path": checked_path(file_path)}
        if only_idle:
            await self._requests.post_if(
                "printer/runningstatus", _check_idle, _START, body
            )
        else:
            await self._requests.post(_START, body)

    async def recover_job(self) -> None:
        """Continue the print that a power cut ended, `/job/recover/set`.

        Raises Raise3DRefusedError with `Refusal.NO_LAST_JOB` where there is none.
        """
        await self._requests.post("job/recover/set")


def _nozzle_index(nozzle: Nozzle | None) -> int:
    """Return the printer's index of a nozzle."""
    try:
        return int(Nozzle(nozzle))  # type: ignore[arg-type]
    except ValueError:
        msg = "The nozzle must be the left or the right one"
        raise Raise3DInvalidValueError(msg, Mistake.NO_NOZZLE) from None


def _move_limits(axis: str, *, relative: bool) -> tuple[int, int]:
    """Return the limits of a move in mm: of its length, or of where it ends."""
    if relative:
        return -MAX_STEP, MAX_STEP
    return (-MAX_EXTRUSION, MAX_EXTRUSION) if axis == "e" else (0, MAX_POSITION)


def _check_idle(data: Data) -> None:
    """Raise Raise3DRefusedError unless a printer reports that it is idle."""
    check_idle(RunningStatus.from_dict(data).state)


def check_idle(state: RunningState | None) -> None:
    """Raise Raise3DRefusedError for a state in which no print can be started."""
    if state is not RunningState.IDLE:
        msg = "The printer is not idle"
        raise Raise3DRefusedError(msg, _NOT_IDLE.get(state, Refusal.NOT_READY))


async def _operate(
    requests: Requests, operation: str, expected_job_id: str | None
) -> None:
    """Pause, resume or stop the print; with an id, only the job that has it."""
    body: Body = {"operate": operation}
    if expected_job_id is None:
        await requests.post(_OPERATE, body)
        return

    def check(data: Data) -> None:
        if JobReport.from_dict(data).job_id != expected_job_id:
            msg = "Another job is current on the printer, or none"
            raise Raise3DOtherJobError(msg)

    await requests.post_if("job/currentjob", check, _OPERATE, body)
