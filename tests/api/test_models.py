"""Tests of the decoding: any answer is read without a crash."""

from dataclasses import Field, fields
from itertools import groupby
import json
import logging
import math
from typing import Any, get_args

from hypothesis import given, settings, strategies as st

from custom_components.raise3d.api import (
    CameraInfo,
    HistoryEntry,
    JobReport,
    RunningState,
    RunningStatus,
    SystemInfo,
)
from custom_components.raise3d.api.fields import UnknownWords

from .conftest import Caplog, Serve, body, data_of
from .test_known_answers import DECODERS, EXPECTED
from .test_ranges import FIELDS

# The keys of each endpoint, by what its fixtures begin with.
KEYS = {
    prefix: sorted({key for name in names for key in data_of(name)})
    for prefix, names in groupby(sorted(EXPECTED), lambda name: name.partition("_")[0])
}

# Whatever a printer or its firmware of next year may send

LIMITS = {field.name: (field.low, field.high) for field in reversed(FIELDS)}
LIMITS |= {"port": (1, 65535), "index": (0, 10**7)}


def implausible(decoded: Any) -> list[str]:
    """Return the fields that are neither None nor what they are declared to be."""
    repr(decoded)
    return [
        field.name
        for field in fields(decoded)
        if not is_plausible(field, getattr(decoded, field.name))
    ]


def is_plausible(field: Field[Any], value: object) -> bool:
    """Whether a value is of the declared type, within its limits, and can be stored."""
    if type(value) not in (get_args(field.type) or (field.type,)):
        return False
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = LIMITS[field.name]
        return low <= value <= high and math.isfinite(value)
    if isinstance(value, str):
        return bool(value == value.strip() != "" and value.encode())
    return True


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
    assert implausible(DECODERS[endpoint](data.draw(st.dictionaries(keys, JSON)))) == []


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
        assert implausible(entry) == []
        assert entry.job_id


def test_a_history_is_read_exactly_and_without_what_has_no_id() -> None:
    rows = data_of("joblist.json")["job_list"]
    assert isinstance(rows, list)
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


def test_nothing_at_all_decodes_to_nothing() -> None:
    for decode in DECODERS.values():
        decoded = decode({})
        values = {field.name: getattr(decoded, field.name) for field in fields(decoded)}
        # the port is known without a printer
        assert set(values.values()) <= {None, 30216}, decode


def test_a_whole_number_may_come_as_a_float() -> None:
    for number, expected in ((3.0, 3), (3.9, 3), (-1, None), (1_000_000.0, 1_000_000)):
        decoded = JobReport.from_dict({"printed_layer": number}).printed_layers
        assert decoded == expected, number
        assert decoded is None or isinstance(decoded, int), number


def test_a_total_time_of_a_thousand_hours_is_none() -> None:
    for total in [3600000, 3600000.0, 0, -1, None, "100"]:
        assert JobReport.from_dict({"total_time": total}).total is None, total


def test_every_other_total_time_is_one() -> None:
    for total in [1, 3599999, 3600001]:
        assert JobReport.from_dict({"total_time": total}).total == total, total


def test_an_identity_keeps_all_its_digits_or_is_none() -> None:
    for key in ["machine_id", "Serial_number"]:
        for value, expected in [
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
        ]:
            system = SystemInfo.from_dict(json.loads(json.dumps({key: value})))
            assert {system.machine_id, system.serial_number} == {None, expected}, key


def test_a_file_name_stays_as_it_is() -> None:
    for name in [
        "Local/a b%20#+.gcode",
        "Local/ü中文.gcode",
        "usb:/x.gcode",
        "x" * 300,
        "a\tb",
    ]:
        assert JobReport.from_dict({"file_name": name}).file_name == name, name


def test_a_text_that_cannot_be_stored_is_made_storable() -> None:
    """Half a character, as a file name cut at a fixed length may end with."""
    decoded = JobReport.from_dict(json.loads('{"file_name": "Local/a\\ud83d"}'))
    assert decoded.file_name == "Local/a?"


def test_the_camera_has_the_named_port_or_the_usual_one() -> None:
    for uri, port in [
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
        (":" + "9" * 5000, 30216),
        ("/api", 30216),
        ("", 30216),
        (None, 30216),
        (30217, 30216),
    ]:
        assert CameraInfo.from_dict({"camerserver_URI": uri}).port == port, (uri, port)


def test_a_camera_is_there_or_not_or_unknown() -> None:
    odd: list[object] = [None, 1, 0, "true", []]
    for value in odd:
        camera = CameraInfo.from_dict({"is_camera_connected": value})
        assert camera.connected is None, value


def test_a_state_is_read_in_any_spelling() -> None:
    for word, state in [
        ("running", RunningState.RUNNING),
        (" Idle ", RunningState.IDLE),
        ("BUSY", "busy"),
    ]:
        assert RunningStatus.from_dict({"running_status": word}).state == state, word


def test_an_unknown_state_is_unknown_and_logged_once(caplog: Caplog) -> None:
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


def test_a_flood_of_unknown_states_does_not_flood_the_log(caplog: Caplog) -> None:
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
    serve: Serve, caplog: Caplog
) -> None:
    answer = '{"status": 1, "data": {"running_status": "ready"}}'
    clients = await serve(answer), await serve(answer)
    for client in clients * 3:
        assert (await client.queries.get_running_status()).state is None
    words = [record for record in caplog.records if "Unknown" in record.getMessage()]
    assert len(words) == len(clients)
