"""Tests of the decoding: true answers exactly, untrue ones without a crash."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import StrEnum
import json
import logging
import math
from typing import Any, get_args

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.raise3d.api import (
    BasicInfo,
    CameraInfo,
    HistoryEntry,
    JobReport,
    JobState,
    NozzleInfo,
    RunningState,
    RunningStatus,
    Statistics,
    SystemInfo,
)
from custom_components.raise3d.api.fields import UnknownWords

from .conftest import FIXTURES, Serve, body

type Decode = Callable[[Mapping[str, object]], Any]

# What a fixture's name begins with, and what decodes it.
DECODERS: dict[str, Decode] = {
    "system": SystemInfo.from_dict,
    "camera": CameraInfo.from_dict,
    "runningstatus": RunningStatus.from_dict,
    "basic": BasicInfo.from_dict,
    "nozzle1": NozzleInfo.from_dict,
    "nozzle2": NozzleInfo.from_dict,
    "currentjob": JobReport.from_dict,
    "statistics": Statistics.from_dict,
}
KEYS: dict[str, list[str]] = {
    "system": [
        *("Serial_number", "api_version", "firmware_version", "machine_id"),
        *("machine_name", "model", "nozzies_num", "storage_available", "version"),
    ],
    "camera": [
        *("camerserver_URI", "is_camera_connected", "user_name", "password"),
    ],
    "runningstatus": ["running_status"],
    "basic": [
        *("fan_cur_speed", "fan_tar_speed", "feed_cur_rate", "feed_tar_rate"),
        *("heatbed_cur_temp", "heatbed_tar_temp"),
    ],
    "nozzle1": [
        *("flow_cur_rate", "flow_tar_rate", "nozzle_cur_temp", "nozzle_tar_temp"),
    ],
    "currentjob": [
        *("file_name", "job_id", "job_status", "print_progress", "printed_layer"),
        *("printed_time", "total_layer", "total_time"),
    ],
    "statistics": [
        *("printed_file_num", "printed_total_time", "printed_used_filament"),
        *("printed_used_filament_0", "printed_used_filament_1"),
    ],
}
KEYS["nozzle2"] = KEYS["nozzle1"]

BRACKET = {
    "job_id": "0200000A0001_0200000A0002_7e80608090c1e0fa2a",
    "file_name": "Local/webapi_store/bracket v3 ä.gcode",
    "total_layers": 250,
    "total": 21480,
}
PRO2 = {
    "machine_id": "1234567890123456789",
    "serial_number": "1234567890",
    "machine_name": "Raise3D",
    "model": "Raise3D Pro2",
    "version": "1.7.7.1026",
    "firmware_version": "1.7.0.1008",
    "api_version": "0.1.0.926",
    "nozzle_count": 2,
    "storage_available": 3694700,
}


def heat(
    bed: float, bed_target: float, fan: float = 0, feed: float = 100
) -> dict[str, float]:
    """Return a bed, a fan and a speed that have reached their targets."""
    return {
        "temperature": bed,
        "target_temperature": bed_target,
        "fan_speed": fan,
        "fan_speed_target": fan,
        "feed_rate": feed,
        "feed_rate_target": feed,
    }


def nozzle(temperature: float, target: float, flow: float = 100) -> dict[str, float]:
    """Return a nozzle whose flow has reached its target."""
    return {
        "temperature": temperature,
        "target_temperature": target,
        "flow_rate": flow,
        "flow_rate_target": flow,
    }


def job(state: JobState, progress: float, layers: int, elapsed: int) -> dict[str, Any]:
    """Return the state of the job that most derived fixtures tell about."""
    return BRACKET | {
        "state": state,
        "progress": progress,
        "printed_layers": layers,
        "elapsed": elapsed,
    }


EXPECTED: dict[str, dict[str, Any]] = {
    "system_pro2.json": PRO2,
    "system_pro2_captured.json": PRO2,
    "system_update_available.json": PRO2,
    "system_n2plus.json": {
        # beyond 64 signed bits: never a number
        "machine_id": "16363785338095344960",
        "serial_number": "12345678942",
        "machine_name": "raise3d",
        "model": "Raise3D N2Plus",
        "version": "0.9.3.1165",
        "firmware_version": "1.1.6-rev1",
        "api_version": "0.1.0.307",
        "nozzle_count": 2,
        "storage_available": 4914340,
    },
    "system_pro3.json": {"machine_name": "Pro3-lab", "storage_available": 9371648},
    "system_pro3plus.json": {"machine_id": "13572468013572468014"},
    "system_e2.json": {"machine_name": "E2-ü中文 1", "nozzle_count": 2},
    "system_n2_single.json": {"model": "Raise3D N2", "nozzle_count": 1},
    "camera_connected.json": {
        "connected": True,
        "port": 30216,
        "user_name": "raise3d_camera",
        "password": "368d8d",
    },
    "camera_connected_other_port.json": {
        "connected": True,
        "port": 30217,
        "user_name": "raise3d_camera",
        "password": "a1b2c3",
    },
    "camera_not_connected_captured.json": {
        "connected": False,
        "port": 30216,
        "user_name": None,
        "password": None,
    },
    "camera_not_connected_documented.json": {
        "connected": False,
        "port": 30216,
        "user_name": None,
        "password": None,
    },
    **{
        f"runningstatus_{state}.json": {"state": RunningState(state)}
        for state in ("idle", "paused", "running", "busy", "completed", "error")
    },
    "basic_documented.json": heat(25, 0),
    "basic_fractional.json": heat(59.8, 60, 100, 87.5),
    "basic_idle_fan30_captured.json": heat(24, 0, 30),
    "basic_idle_pro2_captured.json": heat(26, 0),
    "basic_printing_captured.json": heat(99, 100, 50),
    "nozzle1_documented.json": nozzle(26, 10),
    "nozzle1_idle_captured.json": nozzle(25, 0),
    "nozzle1_printing_captured.json": nozzle(276, 275, 98),
    "nozzle2_documented.json": nozzle(26, 10),
    "nozzle2_idle_captured.json": nozzle(24, 0),
    "nozzle2_printing_captured.json": nozzle(276, 275),
    "currentjob_running_documented.json": {
        "job_id": "02005E1EB1D4_02005FBF5B17_7e10712090a1b3600f",
        "file_name": "Local/a.gcode",
        "state": JobState.RUNNING,
        "progress": 0.0,
        "printed_layers": 1,
        "total_layers": 470,
        "elapsed": 197,
        "total": 11333,
    },
    "currentjob_running_captured.json": {
        "job_id": "02005E844745_02005FEB839B_7e60a1715281a13a10",
        "file_name": "Local/medaille_1.gcode",
        "state": JobState.RUNNING,
        "progress": 1.1,
        "printed_layers": 6,
        "total_layers": 43,
        "elapsed": 444,
        "total": 3689,
    },
    "currentjob_idle_empty_captured.json": {
        "job_id": None,
        "file_name": None,
        "state": JobState.RUNNING,
        "progress": 0,
        "printed_layers": 0,
        "total_layers": None,
        "elapsed": 0,
        "total": None,
    },
    "currentjob_idle_stale_captured.json": {
        "job_id": "02005E844745_02005FEB839B_7e60a1702392518d1b",
        "file_name": "Local/medaille_2_extruder_2.gcode",
        "state": JobState.RUNNING,
        "progress": 0,
        "printed_layers": 0,
        "total_layers": None,
        "elapsed": 0,
        "total": None,
    },
    "currentjob_running.json": job(JobState.RUNNING, 42.5, 105, 9120),
    "currentjob_paused.json": job(JobState.PAUSED, 42.5, 105, 9120),
    "currentjob_stopped.json": job(JobState.STOPPED, 42.5, 105, 9120),
    "currentjob_completed.json": job(JobState.COMPLETED, 100, 250, 21890),
    "currentjob_overrun.json": job(JobState.RUNNING, 99.2, 249, 30000),
    # percent, and not a fraction of one
    "currentjob_running_low_progress.json": job(JobState.RUNNING, 0.5, 1, 300),
    "statistics_dual.json": {
        "prints_completed": 41,
        "print_time": 492527,
        "filament_used": 1473.88,
        "filament_used_left": 1473.88,
        "filament_used_right": 0,
    },
    "statistics_single.json": {
        "prints_completed": 41,
        "print_time": 492527,
        "filament_used": 1473.88,
        "filament_used_left": 1473.88,
        "filament_used_right": None,
    },
    "statistics_fresh.json": {
        "prints_completed": 0,
        "print_time": 0,
        "filament_used": 0,
        "filament_used_left": 0,
        "filament_used_right": 0,
    },
}


def decoder(name: str) -> Decode | None:
    """Return what decodes a fixture file, None for an error or another endpoint."""
    content = json.loads((FIXTURES / name).read_text(encoding="utf-8"))
    if not isinstance(content, dict) or "data" not in content:
        return None
    return DECODERS.get(name.partition("_")[0])


@pytest.mark.parametrize(("name", "expected"), EXPECTED.items())
def test_a_known_answer_is_read_exactly(name: str, expected: dict[str, Any]) -> None:
    decode = decoder(name)
    data = body(name)["data"]
    assert decode
    assert isinstance(data, dict)
    decoded = decode(data)
    assert {key: getattr(decoded, key) for key in expected} == expected


def test_no_fixture_is_forgotten() -> None:
    names = {path.name for path in FIXTURES.glob("*.json") if decoder(path.name)}
    assert names == set(EXPECTED)


# Whatever a printer or its firmware of next year may send

TEMPERATURE = (-50, 500)
RATE = (0, 1000)
PERCENT = (0, 100)
YEAR = 366 * 86400
LAYERS = 10**6
LIMITS: dict[str, tuple[float, float]] = {
    "nozzle_count": (1, 2),
    "port": (1, 65535),
    "progress": PERCENT,
    "fan_speed": PERCENT,
    "fan_speed_target": PERCENT,
    "feed_rate": RATE,
    "feed_rate_target": RATE,
    "flow_rate": RATE,
    "flow_rate_target": RATE,
    "temperature": TEMPERATURE,
    "target_temperature": TEMPERATURE,
    "total": (1, YEAR),
    "elapsed": (0, YEAR),
    "total_layers": (1, LAYERS),
    "printed_layers": (0, LAYERS),
    "storage_available": (0, 2**30),
    "prints_completed": (0, 10**7),
    "index": (0, 10**7),
    "print_time": (0, 50 * YEAR),
    "real_print_time": (0, YEAR),
    "estimated_time": (0, YEAR),
    "filament_used": (0, 1e8),
    "filament_used_left": (0, 1e8),
    "filament_used_right": (0, 1e8),
}


def check(decoded: Any) -> None:
    """Fail unless each field is None or what it is declared to be."""
    for field in fields(decoded):
        value = getattr(decoded, field.name)
        allowed = get_args(field.type) or (field.type,)
        assert type(value) in allowed, field.name
        if isinstance(value, int | float) and not isinstance(value, bool):
            low, high = LIMITS[field.name]
            assert low <= value <= high, field.name
            assert math.isfinite(value), field.name
        elif isinstance(value, str):
            assert value == value.strip() != "", field.name
            # what cannot be encoded cannot be stored either
            assert value.encode()
    repr(decoded)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.text(st.characters(exclude_categories=()))
    | st.sampled_from(["running", "3", "nan", "", " ", ":0/", ":99999/", "true"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@settings(deadline=None)
@given(st.data())
def test_any_answer_decodes_to_what_is_declared(data: st.DataObject) -> None:
    endpoint = data.draw(st.sampled_from(sorted(DECODERS)))
    keys = st.sampled_from(KEYS[endpoint]) | st.text(max_size=3)
    check(DECODERS[endpoint](data.draw(st.dictionaries(keys, JSON))))


@settings(deadline=None)
@given(
    st.dictionaries(
        st.just("job_list"),
        st.lists(
            st.dictionaries(
                st.sampled_from(["job_id", "job_index", "file_name", "user_tag"]), JSON
            )
            | JSON
        )
        | JSON,
    )
)
def test_any_history_decodes_to_entries_with_an_id(data: dict[str, object]) -> None:
    entries = HistoryEntry.list_from_dict(data)
    for entry in entries:
        check(entry)
        assert entry.job_id


def test_a_history_is_read_exactly_and_without_what_has_no_id() -> None:
    data = body("joblist.json")["data"]
    assert isinstance(data, dict)
    rows = data["job_list"]
    expected = [
        HistoryEntry(
            job_id=row["job_id"],
            index=row["job_index"],
            file_name=row["file_name"],
            user_tag=row["user_tag"] or None,
        )
        for row in rows
    ]
    odd = [None, {}, {"job_index": 1}, {"job_id": 1, "job_index": 1}, {"job_id": " "}]
    assert len(expected) == 2
    data = {"job_list": [*odd, *rows]}
    assert HistoryEntry.list_from_dict(data, 9) == expected
    # the rows of a page in any order
    data = {"job_list": [*odd, *rows[::-1]]}
    assert HistoryEntry.list_from_dict(data, 9) == expected
    # a list that counts backwards: its own order
    assert HistoryEntry.list_from_dict(data, 0) == expected[::-1]
    assert HistoryEntry.list_from_dict(body("joblist_empty.json")) == []


def test_the_place_of_an_entry_without_an_index_is_its_index() -> None:
    rows = [{"job_id": "a"}, None, {"job_id": "b", "job_index": None}]
    entries = HistoryEntry.list_from_dict({"job_list": rows}, 7)
    assert [(entry.job_id, entry.index) for entry in entries] == [("a", 7), ("b", 9)]


@pytest.mark.parametrize("decode", DECODERS.values(), ids=DECODERS)
def test_nothing_at_all_decodes_to_nothing(decode: Decode) -> None:
    decoded = decode({})
    values = {field.name: getattr(decoded, field.name) for field in fields(decoded)}
    # the port is known without a printer
    assert set(values.values()) <= {None, 30216}


ODD: list[object] = [
    None,
    "",
    " ",
    "26",
    "26.5",
    True,
    False,
    [],
    [1],
    {},
    math.nan,
    math.inf,
]
ODD += [pytest.param(sign * 10**400, id=f"{sign} huge") for sign in (1, -1)]


@pytest.mark.parametrize("value", [*ODD, -math.inf, 1e300, -1e9])
@pytest.mark.parametrize(
    ("kind", "key", "name"),
    [
        (BasicInfo, "heatbed_cur_temp", "temperature"),
        (BasicInfo, "fan_cur_speed", "fan_speed"),
        (NozzleInfo, "nozzle_cur_temp", "temperature"),
        (JobReport, "print_progress", "progress"),
        (SystemInfo, "nozzies_num", "nozzle_count"),
    ],
)
def test_a_number_that_is_none_is_unknown(
    kind: type[JobReport], key: str, name: str, value: object
) -> None:
    """And never 0: that would be a cold nozzle or a new print."""
    assert getattr(kind.from_dict({key: value}), name) is None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"printed_layer": 3.0}, 3),
        ({"printed_layer": 3.9}, 3),
        ({"printed_layer": -1}, None),
        ({"printed_layer": 1_000_000.0}, 1_000_000),
    ],
)
def test_a_whole_number_may_come_as_a_float(
    data: dict[str, object], expected: int | None
) -> None:
    decoded = JobReport.from_dict(data).printed_layers
    assert decoded == expected
    assert decoded is None or isinstance(decoded, int)


@pytest.mark.parametrize(("value", "expected"), [(-50, -50), (500, 500), (-51, None)])
def test_the_limits_of_a_temperature_are_within(
    value: float, expected: float | None
) -> None:
    assert BasicInfo.from_dict({"heatbed_cur_temp": value}).temperature == expected


@pytest.mark.parametrize("total", [3600000, 3600000.0, 0, -1, None, "100"])
def test_a_total_time_of_a_thousand_hours_is_none(total: object) -> None:
    assert JobReport.from_dict({"total_time": total}).total is None


@pytest.mark.parametrize("total", [1, 3599999, 3600001])
def test_every_other_total_time_is_one(total: int) -> None:
    assert JobReport.from_dict({"total_time": total}).total == total


@pytest.mark.parametrize("count", [0, 3, -1, None, "2", 1.5e300])
def test_an_impossible_number_of_nozzles_is_unknown(count: object) -> None:
    assert SystemInfo.from_dict({"nozzies_num": count}).nozzle_count is None


@pytest.mark.parametrize("key", ["machine_id", "Serial_number"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("16363785338095344960", "16363785338095344960"),
        (" 123 ", "123"),
        (16363785338095344960, "16363785338095344960"),
        (2**64 - 1, str(2**64 - 1)),
        (123, "123"),
        # the last digits are lost: it could be another printer's
        (1.6363785338095345e19, None),
        (123.0, None),
        (2**64, None),
        (0, None),
        (-1, None),
        (None, None),
        ("", None),
        ("  ", None),
        (True, None),
        (["1"], None),
        ("9" * 129, None),
    ],
)
def test_an_identity_keeps_all_its_digits_or_is_none(
    key: str, value: object, expected: str | None
) -> None:
    system = SystemInfo.from_dict(json.loads(json.dumps({key: value})))
    assert {system.machine_id, system.serial_number} == {None, expected}


@pytest.mark.parametrize(
    "name",
    ["Local/a b%20#+.gcode", "Local/ü中文.gcode", "usb:/x.gcode", "x" * 300, "a\tb"],
)
def test_a_file_name_stays_as_it_is(name: str) -> None:
    assert JobReport.from_dict({"file_name": name}).file_name == name


def test_a_text_that_cannot_be_stored_is_made_storable() -> None:
    """Half a character, as a file name cut at a fixed length may end with."""
    decoded = JobReport.from_dict(json.loads('{"file_name": "Local/a\\ud83d"}'))
    assert decoded.file_name == "Local/a?"


@pytest.mark.parametrize(
    ("uri", "port"),
    [
        (":30217/api/v1/camera/auth_stream", 30217),
        ("192.168.1.2:8080/x", 8080),
        ("http://192.168.1.2:8080/x", 8080),
        ("http://192.168.1.2/x", 30216),
        (":1", 1),
        (":65535/", 65535),
        (":65536/", 30216),
        (":0/", 30216),
        (":-1/", 30216),
        (":²/", 30216),
        pytest.param(":" + "9" * 5000, 30216, id="endless"),
        ("/api", 30216),
        ("", 30216),
        (None, 30216),
        (30217, 30216),
    ],
)
def test_the_camera_has_the_port_that_is_named_or_the_usual_one(
    uri: object, port: int
) -> None:
    assert CameraInfo.from_dict({"camerserver_URI": uri}).port == port


@pytest.mark.parametrize("connected", [None, 1, 0, "true", []])
def test_a_camera_is_there_or_not_or_unknown(connected: object) -> None:
    assert CameraInfo.from_dict({"is_camera_connected": connected}).connected is None


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("running", RunningState.RUNNING),
        (" Idle ", RunningState.IDLE),
        ("BUSY", "busy"),
    ],
)
def test_a_state_is_read_in_any_spelling(word: str, state: StrEnum) -> None:
    assert RunningStatus.from_dict({"running_status": word}).state == state


def test_an_unknown_state_is_unknown_and_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    words = UnknownWords()
    for word in ("ready", "ready", "offline", "ready"):
        assert RunningStatus.from_dict({"running_status": word}, words).state is None
    assert JobReport.from_dict({"job_status": "ready"}, words).state is None
    assert [record.getMessage() for record in caplog.records] == [
        "Unknown running_status of the printer: 'ready'",
        "Unknown running_status of the printer: 'offline'",
        "Unknown job_status of the printer: 'ready'",
    ]
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


def test_a_flood_of_unknown_states_does_not_flood_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    words = UnknownWords()
    RunningStatus.from_dict({"running_status": "x" * 10_000}, words)
    for number in range(1000):
        RunningStatus.from_dict({"running_status": f"word {number}"}, words)
    assert len(caplog.records) <= 50
    assert all(len(record.getMessage()) < 100 for record in caplog.records)


def test_what_is_private_is_not_shown() -> None:
    private = "0200000A0001"
    shown = [
        CameraInfo.from_dict({"password": private, "user_name": private}),
        JobReport.from_dict({"job_id": private, "file_name": private}),
        SystemInfo.from_dict({"Serial_number": private}),
    ]
    assert private not in repr(shown)


async def test_each_client_logs_an_unknown_word_once(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    answer = '{"status": 1, "data": {"running_status": "ready"}}'
    clients = await serve(answer), await serve(answer)
    for client in clients * 3:
        assert (await client.queries.get_running_status()).state is None
    words = [record for record in caplog.records if "Unknown" in record.getMessage()]
    assert len(words) == len(clients)
