"""Tests of the redaction: types and spellings stay, and nobody is recognised."""

from collections import Counter
import json
from pathlib import Path
import re
from typing import Any

from hypothesis import assume, given, settings, strategies as st

from custom_components.raise3d.capture import redact
from custom_components.raise3d.capture.public import is_common
from custom_components.raise3d.capture.scanner import Kind, scan
from tests.common import FIXTURES

from .common import MACS

TEXTS = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted(FIXTURES.iterdir())
    # a list of errors is no answer of a printer
    if path.name != "errors_catalogue.json"
}
# What a person may have typed, or what is a thing's own.
PRIVATE = re.compile(
    r"Serial_number|machine_id|machine_ip|machine_name|password|user_name|user_tag"
    r"|token|file_name|data_path|job_id|img_data|dir_list"
)


def shape(text: str) -> list[tuple[str, str]]:
    """Return the tokens of an answer, without what pseudonyms change."""
    return [
        (token.kind, "" if PRIVATE.search("/".join(token.path)) else token.raw)
        for token in scan(text)
    ]


def only(text: str, *secrets: str) -> str:
    """Return a single answer, redacted."""
    return redact([text], secrets)[0]


def test_what_is_nobodys_stays_to_the_letter() -> None:
    for name in [name for name in TEXTS if '"_fixture"' not in TEXTS[name]]:
        assert shape(only(TEXTS[name])) == shape(TEXTS[name]), name


def test_no_character_is_lost_by_the_scanner() -> None:
    for name, text in TEXTS.items():
        assert "".join(token.raw for token in scan(text)) == text, name


def test_what_is_private_in_the_known_answers_is_gone() -> None:
    redacted = "".join(redact(list(TEXTS.values())))
    private = {
        *("02005E844745", "7e60a1702392518d1b", "medaille", "medaille_1", "bracket"),
        *("1234567890123456789", "16363785338095344960", "192.168.110.25", "hello"),
        *(
            "e4e4ab1407dfec7c5beb566173d81340",
            "a1b2c3",
            "测试",
            "webapi_store",
            "ü中文",
        ),
    }
    assert not {secret for secret in private if secret in redacted}


def test_odd_spellings_of_public_values_stay() -> None:
    for text in [
        '{"data":{"battery":3.7010414600372314,"nozzies_num":2.0,"update":null}}',
        '{"data":{"heatbed_cur_temp":"24.0","heatbed_tar_temp":"nan","battery":NaN}}',
        '{ "status" : 1 ,\r\n "status":"1", "data" : [ ] }',
        '{"data":{"date_time":"2024-06-08 15: 18: 04","version":"v1.7-rev2"},}',
        '\ufeff{"data":{"running_status":"Homing"},"status":1}\n',
        '{"error":{"code":10002,"msg":"start_pos error, it must be non-negative"}}',
        '{"data":{"running_status":idle,"job_status":TRUE',
        '{"data":{"camerserver_URI":":30217/api/v1/camera/auth_stream"}}',
    ]:
        kept = only(text)
        assert kept == text.replace("TRUE", kept[-4:]), text


def test_private_values_keep_their_shape_and_type() -> None:
    for value, pattern in [
        ("16363785338095344960", r"1[0-7]\d{18}"),
        ("1.6363785338095345e19", r"[1-9]\.\d{16}e19"),
        ('"007"', r'"00\d"'),
        ('"Local/A b/ä-1 (2).GCODE"', r'"Local/[A-Z] [a-z]/\w-\d \(\d\).GCODE"'),
        ('"\\u00e4\\u00f6 x\\/y"', r'"(\\u00[0-9a-f]{2}){2} [a-z]\\/[a-z]"'),
        ('"测试"', r'"[\u4e00-\u9fff]{2}"'),
        ('"\\ud83d"', r'"\\ud83c"'),
        ("true", "true"),
        ("null", "null"),
        ('""', '""'),
        ('" "', '" "'),
        ('["a", {"version": "Jane Doe"}]', r'\["[a-z]", {"version": "\w{4} \w{3}"}\]'),
    ]:
        text = only('{"data":{"machine_id":' + value + "}}")
        assert re.fullmatch(r'{"data":{"machine_id":' + pattern + "}}", text), value


def test_the_same_value_has_one_pseudonym_in_a_file_and_another_in_the_next() -> None:
    job_id = f"{MACS[0]}_{MACS[1]}_7e60a1702392518d1b"
    texts = [
        json.dumps({"data": {"job_id": job_id, "file_name": "Local/x/secret.gcode"}}),
        json.dumps({"data": {"job_list": [{"job_id": job_id}]}}),
        '{"data":{"dir_list":["x"],"file_list":[{"data_path":"Local/x/secret.data"}]}}',
    ]
    job, listed, folder = (json.loads(text)["data"] for text in redact(texts))
    path = job["file_name"]
    assert job["job_id"] == listed["job_list"][0]["job_id"] != job_id
    assert folder["file_list"][0]["data_path"] == path.replace(".gcode", ".data")
    assert folder["dir_list"] == [path.split("/")[1]]
    assert redact(texts)[0] != redact(texts)[0]


def test_jobs_keep_their_order_and_the_hour_of_their_start_but_not_its_day() -> None:
    times = ("7e80101000000000a01", "7e8010100010000a02", "7e801020000000000b")
    ids = [f"{MACS[0]}_{MACS[1]}_{time[:18]}" for time in times[1:]]
    text = json.dumps({"data": {"job_list": [{"job_id": job_id} for job_id in ids]}})
    rows = json.loads(only(text))["data"]["job_list"]
    drawn = [row["job_id"].rpartition("_")[2] for row in rows]
    assert drawn == sorted(drawn)
    assert [code[7:] for code in drawn] == [time[7:18] for time in times[1:]]
    assert not {code[:7] for code in drawn} & {time[:7] for time in times}


def test_a_name_is_nowhere_even_in_what_is_no_json() -> None:
    for text in [
        '{"data":{"file_name":"Local/ACME bracket.gcode","running_status":"ACME"}}',
        '{"data":{"machine_name":"ACME"},"error":{"msg":"file ACME not exist"}}',
        '{"error":{"msg":"no ACME"},"status":0}',
        '{"data":{"file_name":"Local/ACM',
        "<html><h1>ACME is down</h1></html>",
        '{"data":{"user_tag":"bracket"},"ACME":1,"bracket":2}',
        "{'data':{'user_tag':'ACME'}, file_name: ACME bracket}",
        '{"data":{"user_tag":"x "ACME" y","owner":"ACME"}}',
        '{"data":{"owners":{"ACME":{"ACME_2":1}}}}',
        '{"data":{"version":"ACME","model":"ACME bracket","language":"ACME"}}',
        '{"data":{"img_data":"ACME"}}',
    ]:
        assert "ACM" not in (redacted := only(text, "ACME")), text
        assert "bracket" not in redacted, text


def test_a_known_number_is_redacted_wherever_it_is_repeated() -> None:
    text = '{"data":{"Serial_number":"5551234567","storage_available":5551234567}}'
    data = json.loads(only(text))["data"]
    assert data["Serial_number"] == str(data["storage_available"]) != "5551234567"


def test_an_address_of_small_numbers_is_gone() -> None:
    for text in [
        '{"error":{"code":10002,"msg":"no route from 17.25.36.48 (0~100)"}}',
        '{"error":{"code":10002,"msg":"adapter 17:25:36:48:59:61"}}',
        '{"error":{"code":10002,"msg":"file 1725 not found in 36485"}}',
        "<p>Call 17 25 36 48, or 17:25:36:48:59:61</p>",
        "17.25.36.48",
        '{"data":{"update":"192.168.17.25","version":"10.17.25.36"}}',
    ]:
        redacted = only(text)
        assert not re.search(r"17.?25|36.?48", redacted), text
        assert ("(0~100)" in redacted) is ("(0~100)" in text), text


def test_a_place_has_no_room_in_fields_that_nobody_has_documented() -> None:
    text = '{"data":{"lat":48.858370,"ssid":"Jane","signal":-61,"on":true}}'
    data = json.loads(only(text))["data"]
    assert data["signal"] == -61
    assert data["on"] is True
    assert str(data["lat"])[:5] != "48.85"
    assert data["ssid"] != "Jane"


def test_a_preview_becomes_a_grey_picture_of_its_size() -> None:
    before = TEXTS["dashboard_image.json"]
    after = json.loads(only(before))["data"]["img_data"]
    assert after != json.loads(before)["data"]["img_data"]
    # signature, the name of the first part, width and height
    assert after[:32] == json.loads(before)["data"]["img_data"][:32]


# Every field of every answer that may identify someone.
FIELDS = (
    ("data", "Serial_number"),
    ("data", "machine_id"),
    ("data", "machine_ip"),
    ("data", "machine_name"),
    ("data", "password"),
    ("data", "user_name"),
    ("data", "camerserver_URI"),
    ("data", "file_name"),
    ("data", "job_id"),
    ("data", "user_tag"),
    ("data", "token"),
    ("data", "job_list", "file_name"),
    ("data", "job_list", "job_id"),
    ("data", "job_list", "user_tag"),
    ("data", "file_list", "file_name"),
    ("data", "file_list", "data_path"),
    ("data", "dir_list"),
    ("data", "brand_new"),
    ("error", "msg"),
)
PUBLIC = json.dumps(TEXTS) + "".join(FIELDS[0])


def nested(path: tuple[str, ...], value: object) -> Any:
    """Return an answer that has a value at a place."""
    for key in reversed(path):
        listed = key in {"job_list", "file_list", "dir_list"}
        value = {key: [value] if listed else value}
    return value


@settings(max_examples=60, deadline=None)
@given(
    secret=st.text(min_size=7, max_size=40).filter(lambda text: text == text.strip()),
    ascii_only=st.booleans(),
    form=st.sampled_from(["{}", "Local/{}.gcode", "Local/{}/a.data"]),
)
def test_what_identifies_someone_is_in_no_answer(
    secret: str, *, ascii_only: bool, form: str
) -> None:
    # a tag such as "running" is in the answers anyway, and nobody's
    assume(secret not in PUBLIC and not is_common(secret))
    value = form.replace("{}", secret)
    texts = [
        json.dumps(nested(path, value), ensure_ascii=ascii_only) for path in FIELDS
    ]
    redacted = "\n".join(redact(texts))
    meant = "\n".join(token.value for token in scan(redacted))
    assert secret not in redacted + meant


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_any_answer_can_be_redacted(text: str) -> None:
    redacted = only(text)
    kinds = Counter(token.kind for token in scan(text))
    assert Counter(token.kind for token in scan(redacted))[Kind.KEY] == kinds[Kind.KEY]


def test_the_fixtures_are_there() -> None:
    assert len(TEXTS) > 100
    assert Path(FIXTURES, "job.json").exists()
