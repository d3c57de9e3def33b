"""What the printer sends, decoded; the only place that knows the wire's spelling.

A value that is missing, null, of another type or out of range is None.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
import logging
import math
from typing import Self

from .const import DEFAULT_CAMERA_PORT, UNKNOWN_TOTAL_TIME, JobState, RunningState

_LOGGER = logging.getLogger(__name__)

# Values outside these limits are noise: no Raise3D printer gets that hot or cold.
_TEMPERATURE_LIMITS = (-50.0, 500.0)
_MAX_RATE = 1000.0  # percent; the setters stop at 350
_MAX_PORT = 65535
_MAX_NOZZLES = 2

_MAX_REPORTED = 20
_reported: set[tuple[type[StrEnum], str]] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemInfo:
    """The printer itself."""

    machine_id: str | None
    """Identity: up to 20 digits, kept as text because it exceeds 64 signed bits."""
    serial_number: str | None = field(repr=False)
    machine_name: str | None
    """Name given at the panel, "Raise3D" by default."""
    model: str | None
    version: str | None
    """Version of the touch screen's system."""
    firmware_version: str | None
    """Version of the motion firmware."""
    api_version: str | None
    nozzle_count: int | None
    """1 or 2."""
    storage_available: int | None
    """Free storage in KiB."""

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Decode `/printer/system`."""
        return cls(
            machine_id=_text(data, "machine_id"),
            serial_number=_text(data, "Serial_number"),
            machine_name=_text(data, "machine_name"),
            model=_text(data, "model"),
            version=_text(data, "version"),
            firmware_version=_text(data, "firmware_version"),
            api_version=_text(data, "api_version"),
            nozzle_count=_integer(data, "nozzies_num", 1, _MAX_NOZZLES),
            storage_available=_integer(data, "storage_available"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningStatus:
    """What the printer is doing."""

    state: RunningState | None

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Decode `/printer/runningstatus`."""
        return cls(state=_enum(data, "running_status", RunningState))


@dataclass(frozen=True, slots=True, kw_only=True)
class BasicInfo:
    """Bed, fan and speed."""

    temperature: float | None
    """Degrees Celsius, of the bed."""
    target_temperature: float | None
    """Degrees Celsius, of the bed; 0 is off."""
    fan_speed: float | None
    """Percent, 0 to 100."""
    fan_speed_target: float | None
    """Percent, 0 to 100."""
    feed_rate: float | None
    """Percent of the sliced speed."""
    feed_rate_target: float | None
    """Percent of the sliced speed."""

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Decode `/printer/basic`."""
        return cls(
            temperature=_number(data, "heatbed_cur_temp", *_TEMPERATURE_LIMITS),
            target_temperature=_number(data, "heatbed_tar_temp", *_TEMPERATURE_LIMITS),
            fan_speed=_number(data, "fan_cur_speed", 0, 100),
            fan_speed_target=_number(data, "fan_tar_speed", 0, 100),
            feed_rate=_number(data, "feed_cur_rate", 0, _MAX_RATE),
            feed_rate_target=_number(data, "feed_tar_rate", 0, _MAX_RATE),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NozzleInfo:
    """One nozzle."""

    temperature: float | None
    """Degrees Celsius."""
    target_temperature: float | None
    """Degrees Celsius, 0 is off."""
    flow_rate: float | None
    """Percent of the sliced flow."""
    flow_rate_target: float | None
    """Percent of the sliced flow."""

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Decode `/printer/nozzle1` or `/printer/nozzle2`, which share their keys."""
        return cls(
            temperature=_number(data, "nozzle_cur_temp", *_TEMPERATURE_LIMITS),
            target_temperature=_number(data, "nozzle_tar_temp", *_TEMPERATURE_LIMITS),
            flow_rate=_number(data, "flow_cur_rate", 0, _MAX_RATE),
            flow_rate_target=_number(data, "flow_tar_rate", 0, _MAX_RATE),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobReport:
    """The job that the printer names, which on an idle printer is an old one."""

    job_id: str | None = field(repr=False)
    """Unique for each start, also of the same file."""
    file_name: str | None = field(repr=False)
    """Path on the printer, such as `Local/part.gcode`."""
    state: JobState | None
    """Never "idle": an idle printer says running."""
    progress: float | None
    """Percent of the file, 0 to 100; neither of the time nor of the layers."""
    printed_layers: int | None
    total_layers: int | None
    """None also where the printer sends 0."""
    elapsed: int | None
    """Seconds printed."""
    total: int | None
    """Seconds that the printer estimates for the whole job, None if it knows none."""

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Decode `/job/currentjob`."""
        total = _integer(data, "total_time", 1)
        return cls(
            job_id=_text(data, "job_id"),
            file_name=_text(data, "file_name"),
            state=_enum(data, "job_status", JobState),
            progress=_number(data, "print_progress", 0, 100),
            printed_layers=_integer(data, "printed_layer"),
            total_layers=_integer(data, "total_layer", 1),
            elapsed=_integer(data, "printed_time"),
            total=None if total == UNKNOWN_TOTAL_TIME else total,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraInfo:
    """The camera; its password changes at each boot of the printer."""

    connected: bool | None
    port: int
    """Port on the printer's own host."""
    user_name: str | None = field(repr=False)
    password: str | None = field(repr=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Decode `/printer/camera`, which has fewer keys without a camera."""
        connected = data.get("is_camera_connected")
        return cls(
            connected=connected if isinstance(connected, bool) else None,
            port=_camera_port(_text(data, "camerserver_URI")),
            user_name=_text(data, "user_name"),
            password=_text(data, "password"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Totals of the printer's life; only successful prints count."""

    prints_completed: int | None
    print_time: int | None
    """Seconds."""
    filament_used: float | None
    """Grams."""
    filament_used_left: float | None
    """Grams."""
    filament_used_right: float | None
    """Grams, None with one nozzle."""

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Decode `/dashboard/statistics`."""
        return cls(
            prints_completed=_integer(data, "printed_file_num"),
            print_time=_integer(data, "printed_total_time"),
            filament_used=_number(data, "printed_used_filament"),
            filament_used_left=_number(data, "printed_used_filament_0"),
            filament_used_right=_number(data, "printed_used_filament_1"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One job of the printer's history."""

    job_id: str = field(repr=False)
    index: int
    """Place in the history; it must be named along with the id."""
    file_name: str | None = field(repr=False)
    user_tag: str | None = field(repr=False)

    @classmethod
    def list_from_dict(cls, data: Mapping[str, object], start: int = 0) -> list[Self]:
        """Decode `/dashboard/joblist` from a start on; leaves out what has no id.

        The order is the list's own. Where an entry has no index, its place is its
        index.
        """
        rows = data.get("job_list")
        entries = []
        for place, row in enumerate(rows if isinstance(rows, list) else [], start):
            if not isinstance(row, dict):
                continue
            job_id, index = _text(row, "job_id"), _integer(row, "job_index")
            if job_id is not None:
                entries.append(
                    cls(
                        job_id=job_id,
                        index=place if index is None else index,
                        file_name=_text(row, "file_name"),
                        user_tag=_text(row, "user_tag"),
                    )
                )
        ordered = sorted(entries, key=lambda entry: entry.index)
        # A newest-first list may count backwards: then the order of the rows counts.
        return ordered if ordered and ordered[0].index == start else entries


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryDetails:
    """What a job of the history took."""

    file_name: str | None = field(repr=False)
    user_tag: str | None = field(repr=False)
    real_print_time: int | None
    """Seconds."""
    estimated_time: int | None
    """Seconds."""
    filament_used_left: float | None
    """Grams; the documents say milligrams, which their own numbers contradict."""
    filament_used_right: float | None
    """Grams, None with one nozzle."""

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Decode `/dashboard/job`."""
        return cls(
            file_name=_text(data, "file_name"),
            user_tag=_text(data, "user_tag"),
            real_print_time=_integer(data, "real_print_time"),
            estimated_time=_integer(data, "estimated_time"),
            filament_used_left=_number(data, "filament_used_0"),
            filament_used_right=_number(data, "filament_used_1"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """A file on the printer."""

    name: str = field(repr=False)
    path: str = field(repr=False)
    """With all its folders, from `Local/` on."""
    preview_path: str | None = field(repr=False)
    """For `get_file_image`, None without a preview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileList:
    """A folder on the printer, or a part of it."""

    folders: tuple[str, ...] = field(repr=False)
    """Names, without what they are in."""
    files: tuple[FileEntry, ...] = field(repr=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, object], folder: str) -> Self:
        """Decode `/fileops/list` of a folder; leaves out what has no name."""
        names, rows = data.get("dir_list"), data.get("file_list")
        return cls(
            folders=tuple(
                name
                for item in (names if isinstance(names, list) else [])
                if (name := _storable(item))
            ),
            files=tuple(
                FileEntry(
                    name=name,
                    path=f"{folder.removesuffix('/')}/{name}",
                    preview_path=_storable(row.get("data_path")),
                )
                for row in (rows if isinstance(rows, list) else [])
                if isinstance(row, dict) and (name := _storable(row.get("file_name")))
            ),
        )


def _number(
    data: Mapping[str, object],
    key: str,
    minimum: float = 0.0,
    maximum: float = math.inf,
) -> float | None:
    """Return a finite number within the limits."""
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and minimum <= number <= maximum else None


def _integer(
    data: Mapping[str, object],
    key: str,
    minimum: float = 0.0,
    maximum: float = math.inf,
) -> int | None:
    """Return a whole number within the limits; printers may send 3 as 3.0."""
    number = _number(data, key, minimum, maximum)
    return None if number is None else int(number)


def _text(data: Mapping[str, object], key: str) -> str | None:
    """Return a text that is not empty."""
    return (_storable(data.get(key)) or "").strip() or None


def _storable(value: object) -> str | None:
    """Return a text as it is: a blank at the end of a file's name belongs to it."""
    if not isinstance(value, str):
        return None
    # Half a surrogate pair is legal in JSON, but nobody can store it.
    return value.encode(errors="replace").decode() or None


def _enum[EnumT: StrEnum](
    data: Mapping[str, object], key: str, enum: type[EnumT]
) -> EnumT | None:
    """Return a known member; what is unknown is told once."""
    value = _text(data, key)
    if value is None:
        return None
    try:
        return enum(value.lower())
    except ValueError:
        # The printer's own word and never a customer's, but cut all the same: a
        # machine that is no printer could send anything.
        word = value[:40]
        if (enum, word) not in _reported and len(_reported) < _MAX_REPORTED:
            _reported.add((enum, word))
            _LOGGER.warning("Unknown %s of the printer: %r", key, word)
        return None


def _camera_port(uri: str | None) -> int:
    """Return the port of a URI such as `:30216/api/v1/camera/auth_stream`."""
    authority = (uri or "").rpartition("://")[2].partition("/")[0]
    port = authority.rpartition(":")[2]
    # Python refuses to read numbers of thousands of digits.
    if port.isascii() and port.isdigit() and len(port) <= len(str(_MAX_PORT)):
        number = int(port)
        return number if 0 < number <= _MAX_PORT else DEFAULT_CAMERA_PORT
    return DEFAULT_CAMERA_PORT
