"""Numbers have a plausible range and no noise; what is outside is None."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import math

from custom_components.raise3d.api import (
    BasicInfo,
    HistoryDetails,
    HistoryEntry,
    JobReport,
    NozzleInfo,
    Statistics,
    SystemInfo,
)

YEAR = 366 * 86400


@dataclass(frozen=True)
class Field:
    """A number of the wire, and where its range ends."""

    decode: Callable[[Mapping[str, object]], object]
    key: str
    name: str
    low: float
    high: float


FIELDS = [
    Field(SystemInfo.from_dict, "storage_available", "storage_available", 0, 2**30),
    Field(SystemInfo.from_dict, "nozzies_num", "nozzle_count", 1, 2),
    Field(BasicInfo.from_dict, "heatbed_cur_temp", "temperature", -50, 500),
    Field(BasicInfo.from_dict, "heatbed_tar_temp", "target_temperature", -50, 500),
    Field(BasicInfo.from_dict, "fan_cur_speed", "fan_speed", 0, 100),
    Field(BasicInfo.from_dict, "fan_tar_speed", "fan_speed_target", 0, 100),
    Field(BasicInfo.from_dict, "feed_cur_rate", "feed_rate", 0, 1000),
    Field(BasicInfo.from_dict, "feed_tar_rate", "feed_rate_target", 0, 1000),
    Field(NozzleInfo.from_dict, "nozzle_cur_temp", "temperature", -50, 500),
    Field(NozzleInfo.from_dict, "nozzle_tar_temp", "target_temperature", -50, 500),
    Field(NozzleInfo.from_dict, "flow_cur_rate", "flow_rate", 0, 1000),
    Field(NozzleInfo.from_dict, "flow_tar_rate", "flow_rate_target", 0, 1000),
    Field(JobReport.from_dict, "print_progress", "progress", 0, 100),
    Field(JobReport.from_dict, "printed_layer", "printed_layers", 0, 10**6),
    Field(JobReport.from_dict, "total_layer", "total_layers", 1, 10**6),
    Field(JobReport.from_dict, "printed_time", "elapsed", 0, YEAR),
    Field(JobReport.from_dict, "total_time", "total", 1, YEAR),
    Field(Statistics.from_dict, "printed_file_num", "prints_completed", 0, 10**7),
    Field(Statistics.from_dict, "printed_total_time", "print_time", 0, 50 * YEAR),
    Field(Statistics.from_dict, "printed_used_filament", "filament_used", 0, 1e8),
    Field(
        Statistics.from_dict, "printed_used_filament_0", "filament_used_left", 0, 1e8
    ),
    Field(
        Statistics.from_dict, "printed_used_filament_1", "filament_used_right", 0, 1e8
    ),
    Field(HistoryDetails.from_dict, "real_print_time", "real_print_time", 0, YEAR),
    Field(HistoryDetails.from_dict, "estimated_time", "estimated_time", 0, YEAR),
    Field(HistoryDetails.from_dict, "filament_used_0", "filament_used_left", 0, 1e5),
    Field(HistoryDetails.from_dict, "filament_used_1", "filament_used_right", 0, 1e5),
]
IDS = [f"{field.key}-{field.name}" for field in FIELDS]


def read(field: Field, value: object) -> object:
    """Return what becomes of a value of the wire."""
    return getattr(field.decode({field.key: value}), field.name)


ODD: list[object] = [
    *(None, "", " ", "7", "26.5", True, False, [], [1], {}),
    *(math.nan, math.inf, -math.inf, 10**400, -(10**400)),
    *(1e11, 2**63, -(2**63), 1e300, -1e9),
]


def test_a_number_that_no_printer_can_mean_is_none() -> None:
    """And never 0: that would be a cold nozzle or a new print."""
    for field in FIELDS:
        assert [value for value in ODD if read(field, value) is not None] == [], field


def test_the_ends_of_a_range_belong_to_it() -> None:
    for field in FIELDS:
        assert read(field, field.low) == field.low, field
        assert read(field, field.high) == field.high, field
        assert read(field, field.high + 1) is None, field
        assert read(field, field.low - 1) is None, field


def test_a_number_has_no_more_decimals_than_worth() -> None:
    for field, digits in [
        *((field, 1) for field in FIELDS if "temp" in field.key),
        *((field, 1) for field in FIELDS if "rate" in field.key),
        *((field, 1) for field in FIELDS if "speed" in field.key),
        *((field, 1) for field in FIELDS if "progress" in field.key),
        *((field, 2) for field in FIELDS if "filament" in field.key),
    ]:
        assert read(field, 33.09997558594) == 33.1, (field, digits)
        assert read(field, 18.8792724609375) == round(18.8792724609375, digits), field
        assert str(read(field, 98)) == "98.0", (field, digits)
        assert str(read(field, -0.001)) == "0.0", (field, digits)


def test_a_hundred_percent_may_be_a_little_more() -> None:
    assert JobReport.from_dict({"print_progress": 100.00000763}).progress == 100


def test_an_id_that_is_too_long_is_none_and_its_job_is_one_by_name() -> None:
    for length in [129, 300, 100_000]:
        report = JobReport.from_dict(
            {"job_id": "x" * length, "file_name": "Local/a.gcode"}
        )
        assert (report.job_id, report.file_name) == (None, "Local/a.gcode"), length
        rows = [
            {"job_id": "x" * length, "job_index": 1},
            {"job_id": "y", "job_index": 2},
        ]
        entries = HistoryEntry.list_from_dict({"job_list": rows})
        assert [entry.job_id for entry in entries] == ["y"], length


def test_an_id_of_a_plausible_length_stays_whole() -> None:
    assert JobReport.from_dict({"job_id": "x" * 128}).job_id == "x" * 128


def test_a_text_about_the_printer_has_a_plausible_length() -> None:
    for key in ["model", "machine_name", "version", "firmware_version", "api_version"]:
        assert getattr(SystemInfo.from_dict({key: "x" * 128}), key) == "x" * 128, key
        assert getattr(SystemInfo.from_dict({key: "x" * 129}), key) is None, key
