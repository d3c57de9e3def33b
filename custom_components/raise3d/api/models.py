"""What the printer sends, decoded; the only place that knows the wire's spelling.

A value that is missing, null, of another type or out of range is None.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from .const import (
    DEFAULT_CAMERA_PORT,
    MAX_JOB_FILAMENT,
    MAX_JOB_TIME,
    MAX_JOBS,
    MAX_LAYERS,
    MAX_MACHINE_ID,
    MAX_PERCENT,
    MAX_RATE,
    MAX_STORAGE,
    MAX_TOTAL_FILAMENT,
    MAX_TOTAL_TIME,
    UNKNOWN_TOTAL_TIME,
    JobState,
    RunningState,
)
from .fields import (
    UnknownWords,
    digits,
    grams,
    integer,
    member,
    percent,
    port,
    short_text,
    storable,
    temperature,
    text,
)
from .values import child_path

_MAX_NOZZLES = 2


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
            machine_id=digits(data, "machine_id", MAX_MACHINE_ID),
            serial_number=digits(data, "Serial_number", MAX_MACHINE_ID),
            machine_name=short_text(data, "machine_name"),
            model=short_text(data, "model"),
            version=short_text(data, "version"),
            firmware_version=short_text(data, "firmware_version"),
            api_version=short_text(data, "api_version"),
            nozzle_count=integer(data, "nozzies_num", _MAX_NOZZLES, 1),
            storage_available=integer(data, "storage_available", MAX_STORAGE),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningStatus:
    """What the printer is doing."""

    state: RunningState | None

    @classmethod
    def from_dict(
        cls, data: Mapping[str, object], words: UnknownWords | None = None
    ) -> Self:
        """Decode `/printer/runningstatus`."""
        return cls(state=member(data, "running_status", RunningState, words))


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
            temperature=temperature(data, "heatbed_cur_temp"),
            target_temperature=temperature(data, "heatbed_tar_temp"),
            fan_speed=percent(data, "fan_cur_speed", MAX_PERCENT),
            fan_speed_target=percent(data, "fan_tar_speed", MAX_PERCENT),
            feed_rate=percent(data, "feed_cur_rate", MAX_RATE),
            feed_rate_target=percent(data, "feed_tar_rate", MAX_RATE),
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
            temperature=temperature(data, "nozzle_cur_temp"),
            target_temperature=temperature(data, "nozzle_tar_temp"),
            flow_rate=percent(data, "flow_cur_rate", MAX_RATE),
            flow_rate_target=percent(data, "flow_tar_rate", MAX_RATE),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobReport:
    """The job that the printer names, which on an idle printer is an old one."""

    job_id: str | None = field(repr=False)
    """Unique for each start, also of the same file."""
    file_name: str | None = field(repr=False)
    """Path on the printer, such as `Local/part.gcode`."""
    state: JobState | None
    """Never "idle": an idle printer reports running."""
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
    def from_dict(
        cls,
        data: Mapping[str, object],
        words: UnknownWords | None = None,
        scale: float = 1.0,
    ) -> Self:
        """Decode `/job/currentjob`; the progress times `scale` is percent."""
        total = integer(data, "total_time", MAX_JOB_TIME, 1)
        return cls(
            job_id=short_text(data, "job_id"),
            file_name=text(data, "file_name"),
            state=member(data, "job_status", JobState, words),
            progress=percent(data, "print_progress", MAX_PERCENT, scale),
            printed_layers=integer(data, "printed_layer", MAX_LAYERS),
            total_layers=integer(data, "total_layer", MAX_LAYERS, 1),
            elapsed=integer(data, "printed_time", MAX_JOB_TIME),
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
            port=port(data, "camerserver_URI", DEFAULT_CAMERA_PORT),
            user_name=text(data, "user_name"),
            password=text(data, "password"),
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
            prints_completed=integer(data, "printed_file_num", MAX_JOBS),
            print_time=integer(data, "printed_total_time", MAX_TOTAL_TIME),
            filament_used=grams(data, "printed_used_filament", MAX_TOTAL_FILAMENT),
            filament_used_left=grams(
                data, "printed_used_filament_0", MAX_TOTAL_FILAMENT
            ),
            filament_used_right=grams(
                data, "printed_used_filament_1", MAX_TOTAL_FILAMENT
            ),
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
            job_id = short_text(row, "job_id")
            index = integer(row, "job_index", MAX_JOBS)
            if job_id is not None:
                entries.append(
                    cls(
                        job_id=job_id,
                        index=place if index is None else index,
                        file_name=text(row, "file_name"),
                        user_tag=text(row, "user_tag"),
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
    """Grams; the documents have milligrams, which their own numbers contradict."""
    filament_used_right: float | None
    """Grams, None with one nozzle."""

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Decode `/dashboard/job`."""
        return cls(
            file_name=text(data, "file_name"),
            user_tag=text(data, "user_tag"),
            real_print_time=integer(data, "real_print_time", MAX_JOB_TIME),
            estimated_time=integer(data, "estimated_time", MAX_JOB_TIME),
            filament_used_left=grams(data, "filament_used_0", MAX_JOB_FILAMENT),
            filament_used_right=grams(data, "filament_used_1", MAX_JOB_FILAMENT),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """A file on the printer."""

    name: str = field(repr=False)
    path: str = field(repr=False)
    """With all its folders, from `Local/` on."""
    preview_path: str | None = field(repr=False)
    """For `files.get_image`, None without a preview."""


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
                if (name := storable(item))
            ),
            files=tuple(
                FileEntry(
                    name=name,
                    path=child_path(folder, name),
                    preview_path=storable(row.get("data_path")),
                )
                for row in (rows if isinstance(rows, list) else [])
                if isinstance(row, dict) and (name := storable(row.get("file_name")))
            ),
        )
