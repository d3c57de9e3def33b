"""What the API's POST endpoints do: ranges and refusals in the documented words."""

from collections.abc import Callable, Mapping
from functools import partial

from .errors import (
    BUSY,
    FILE_NOT_EXIST,
    NO_RIGHT_NOZZLE,
    NOT_READY,
    OPERATE_ERROR,
    ROOT_PATH,
    SAFE_MODE,
    SERIAL,
    HttpError,
    RefusedError,
)
from .files import FILE_COMMANDS, text
from .printer import Printer
from .states import Phase

BAD_REQUEST = 400
OUT_OF_RANGE = 10002
MAX_NOZZLE_TEMP, MAX_BED_TEMP = 310, 110
RATE_RANGES = {"fan": (0, 100), "feed": (1, 350), "flow": (1, 300)}
MAX_FEED_XYZ, MAX_FEED_E = 8000, 2400
MAX_STEP, MAX_POSITION, MAX_EXTRUSION = 10, 305, 10000


def set_nozzle_temperature(
    number: int, printer: Printer, body: Mapping[str, object]
) -> None:
    """Give a nozzle a target in whole degrees."""
    _require_nozzle(printer, number)
    degrees = _in_range(body, "temperature", 0, MAX_NOZZLE_TEMP)
    _require_ready(printer)
    printer.machine.set_heater(printer.machine.nozzles[number - 1], degrees)


def set_bed_temperature(printer: Printer, body: Mapping[str, object]) -> None:
    """Give the bed a target in whole degrees."""
    degrees = _in_range(body, "temperature", 0, MAX_BED_TEMP)
    _require_ready(printer)
    printer.machine.set_heater(printer.machine.bed, degrees)


def set_flow_rate(number: int, printer: Printer, body: Mapping[str, object]) -> None:
    """Set the flow of one nozzle in percent."""
    _require_nozzle(printer, number)
    percent = _in_range(body, "flowrate", *RATE_RANGES["flow"])
    _require_ready(printer)
    printer.machine.set_rate(f"flow{number}", percent)


def set_feed_rate(printer: Printer, body: Mapping[str, object]) -> None:
    """Set the speed in percent (a print still takes its planned time)."""
    percent = _in_range(body, "feedrate", *RATE_RANGES["feed"])
    _require_ready(printer)
    printer.machine.set_rate("feed", percent)


def set_fan_speed(printer: Printer, body: Mapping[str, object]) -> None:
    """Set the fan in percent."""
    percent = _in_range(body, "fanspeed", *RATE_RANGES["fan"])
    _require_ready(printer)
    printer.machine.set_rate("fan", percent)


def move_axes(printer: Printer, body: Mapping[str, object]) -> None:
    """Move x, y, z, or filament through one nozzle."""
    relative = _whole(body, "is_relative_pos") == 1
    feed = _whole(body, "feed")
    moves = {axis: _whole(body, axis) for axis in "xyze" if axis in body}
    if not moves:
        raise HttpError(BAD_REQUEST)
    if "e" in moves:
        _check_nozzle(printer, _whole(body, "nozzle"))
        if not 0 <= feed <= MAX_FEED_E:
            raise RefusedError(OUT_OF_RANGE, f"feed error e value(0~{MAX_FEED_E})")
    elif not 0 <= feed <= MAX_FEED_XYZ:
        raise RefusedError(OUT_OF_RANGE, f"feed error xyz value(0~{MAX_FEED_XYZ})")
    for axis, value in moves.items():
        _check_move(axis, value, relative=relative)
    _require_ready(printer)
    if printer.phase in {Phase.RUNNING, Phase.PAUSED}:
        # not documented, but a job does not lend out its print head
        raise RefusedError(*BUSY)
    axes = printer.machine.axes
    for axis, value in moves.items():
        position = value + (axes[axis] if relative else 0)
        # "negatives become 0" (documented); filament may go either way
        axes[axis] = position if axis == "e" else min(max(position, 0), MAX_POSITION)


def operate_job(printer: Printer, body: Mapping[str, object]) -> None:
    """Pause, resume or stop the current print."""
    actions = {"pause": printer.pause, "resume": printer.resume, "stop": printer.stop}
    operate = text(body, "operate")
    if operate not in actions:
        raise RefusedError(*OPERATE_ERROR)
    _require_free_panel(printer)
    actions[operate]()


def start_job(printer: Printer, body: Mapping[str, object]) -> None:
    """Print a stored file."""
    path = text(body, "file_path")
    if not path.startswith("Local/") or ".." in path.split("/"):
        raise RefusedError(*ROOT_PATH)
    _require_free_panel(printer)
    printer.require(Phase.IDLE)
    if path not in printer.files:
        raise RefusedError(*FILE_NOT_EXIST)
    printer.start_stored(path)


def recover_job(printer: Printer, body: Mapping[str, object]) -> None:  # noqa: ARG001
    """Go on after a power failure; it has no body."""
    _require_free_panel(printer)
    printer.recover()


def _require_nozzle(printer: Printer, number: int) -> None:
    if number > printer.model.nozzles:
        raise RefusedError(*NO_RIGHT_NOZZLE)


def _require_ready(printer: Printer) -> None:
    status = printer.running_status
    if status is Phase.ERROR:
        raise RefusedError(*(SERIAL if printer.error_reason == "serial" else SAFE_MODE))
    if status is Phase.BUSY:
        raise RefusedError(*BUSY)
    if printer.time.now < printer.ready_at:
        raise RefusedError(*NOT_READY)


def _require_free_panel(printer: Printer) -> None:
    status = printer.running_status
    if printer.view:
        raise RefusedError(500, f"printer show {printer.view} interface")
    if status is Phase.BUSY:
        raise RefusedError(*BUSY)


def _check_nozzle(printer: Printer, index: int) -> None:
    if index not in {0, 1}:
        raise RefusedError(OUT_OF_RANGE, "nozzle error value(0 or 1)")
    _require_nozzle(printer, index + 1)


def _check_move(axis: str, value: int, *, relative: bool) -> None:
    if relative:
        if abs(value) > MAX_STEP:
            msg = f"{axis} error relative model value(-{MAX_STEP}~{MAX_STEP})"
            raise RefusedError(OUT_OF_RANGE, msg)
    elif axis == "e" and abs(value) > MAX_EXTRUSION:
        msg = f"e error aboslute model value(-{MAX_EXTRUSION}~{MAX_EXTRUSION})"
        raise RefusedError(OUT_OF_RANGE, msg)
    elif axis != "e" and value > MAX_POSITION:
        msg = f"{axis} error aboslute model value(0~{MAX_POSITION})"
        raise RefusedError(OUT_OF_RANGE, msg)


def _in_range(body: Mapping[str, object], key: str, low: int, high: int) -> int:
    value = _whole(body, key)
    if not low <= value <= high:
        raise RefusedError(OUT_OF_RANGE, f"{key} error value({low}~{high})")
    return value


def _whole(body: Mapping[str, object], key: str) -> int:
    """Insist on a JSON integer: nobody has tried "200" or 200.0 on a real printer."""
    value = body.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise HttpError(BAD_REQUEST)
    return value


COMMANDS: dict[str, Callable[[Printer, Mapping[str, object]], None]] = {
    "printer/nozzle1/temp/set": partial(set_nozzle_temperature, 1),
    "printer/nozzle2/temp/set": partial(set_nozzle_temperature, 2),
    "printer/nozzle1/flowrate/set": partial(set_flow_rate, 1),
    "printer/nozzle2/flowrate/set": partial(set_flow_rate, 2),
    "printer/heatbedtemp/set": set_bed_temperature,
    "printer/feedrate/set": set_feed_rate,
    "printer/fanspeed/set": set_fan_speed,
    "printer/axiscontrol/set": move_axes,
    "job/currentjob/set": operate_job,
    "job/newjob/set": start_job,
    "job/recover/set": recover_job,
    **FILE_COMMANDS,
}
