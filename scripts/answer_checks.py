"""Unknowns of single answers, and those that no capture decides."""

from datetime import UTC, datetime
from http import HTTPStatus
import json

from simulator.captures import Answer, Capture

from .capture_findings import (
    CURRENT_JOB,
    STATE,
    SYSTEM,
    Check,
    Said,
    clock,
    last_of,
    quote,
    state,
)

CAMERA = "printer/camera"
STATES = {"idle", "busy", "running", "paused", "completed", "error"}
JOB_STATES = {"paused", "running", "completed", "stopped"}
# Seconds: the zone of the printer whose ids were published, and how far a clock is off.
UTC_8 = 8 * 3600
CLOCK_TOLERANCE = 300
# Before it there was no printer with this interface.
FIRST_YEAR = 2018


def _machine_id(capture: Capture) -> Said | None:
    if "machine_id" not in (data := capture.data_of(SYSTEM)):
        return None
    value = data["machine_id"]
    words = {str: "a text", int: "a whole number", float: "a number that lost digits"}
    return Said(
        words.get(type(value), f"{value!r}"),
        assumed=isinstance(value, str),
        evidence=quote(*last_of(capture, SYSTEM)),
    )


def _clock(capture: Capture) -> Said | None:
    now = clock(capture)
    try:
        taken = datetime.fromisoformat(capture.taken_at).astimezone(UTC)
    except ValueError:
        return None
    if now is None or now.year < FIRST_YEAR:
        return None
    offset = (now - taken.replace(tzinfo=None)).total_seconds()
    return Said(
        f"it is {offset / 3600:+.2f} h from UTC",
        assumed=abs(offset - UTC_8) < CLOCK_TOLERANCE,
        evidence=f"taken_at {capture.taken_at}\n{quote(*last_of(capture, SYSTEM))}",
    )


def _dead_clock(capture: Capture) -> Said | None:
    if (now := clock(capture)) is None:
        return None
    return Said(
        f"it says that it is the year {now.year}",
        assumed=now.year >= FIRST_YEAR,
        evidence=quote(*last_of(capture, SYSTEM)),
    )


def _form(capture: Capture) -> Said | None:
    whole = [each for each in capture.answers if each.envelope]
    odd = [each for each in whole if not _is_compact(each)]
    if not whole:
        return None
    return Said(
        "another form" if odd else "one line, no blanks, keys sorted",
        assumed=not odd,
        evidence=quote(*(odd or whole)[:1]),
    )


def _is_compact(answer: Answer) -> bool:
    # numbers are read as they are spelt, and pseudonyms have no say in it
    envelope = json.loads(answer.text, parse_int=str, parse_float=str)
    written = json.dumps(
        envelope, separators=(",", ":"), sort_keys=True, ensure_ascii=False
    )
    return "".join(written.split('"')) == "".join(answer.text.split('"'))


def _errors(capture: Capture) -> Said | None:
    refused = [each for each in capture.answers if each.refused]
    if not refused:
        return None
    other = [each for each in refused if each.status != HTTPStatus.OK]
    return Said(
        f"HTTP {(other or refused)[0].status}",
        assumed=not other,
        evidence=quote(*(other or refused)[:1]),
    )


def _http_errors(capture: Capture) -> Said | None:
    failed = [each for each in capture.answers if each.status >= HTTPStatus.BAD_REQUEST]
    full = [each for each in failed if each.body]
    if not failed:
        return None
    return Said(
        "with a body" if full else "without a body",
        assumed=not full,
        evidence=quote(*(full or failed)[:1]),
    )


def _update(capture: Capture) -> Said | None:
    if "update" not in (data := capture.data_of(SYSTEM)):
        return None
    value = data["update"]
    return Said(
        f"{value!r}", assumed=value == "", evidence=quote(*last_of(capture, SYSTEM))
    )


def _camera(capture: Capture) -> Said | None:
    data = capture.data_of(CAMERA)
    if data.get("is_camera_connected") not in {True, False}:
        return None
    keys = {"camerserver_URI", "password", "user_name"}
    connected = data["is_camera_connected"] is True
    return Said(
        f"{'with' if connected else 'without'} a camera: {', '.join(sorted(data))}",
        assumed=keys <= data.keys() if connected else not keys & data.keys(),
        evidence=quote(*last_of(capture, CAMERA)),
    )


def _words(capture: Capture) -> Said | None:
    said = (
        (state(capture), STATES, STATE),
        (
            str(capture.data_of(CURRENT_JOB).get("job_status", "")),
            JOB_STATES,
            CURRENT_JOB,
        ),
    )
    for word, known, path in said:
        if word and word not in known:
            return Said(word, assumed=False, evidence=quote(*last_of(capture, path)))
    return None


CHECKS = (
    Check("clock_zone", "Does the printer's clock run at UTC+8?", _clock),
    Check("clock_dead", "Does the printer's clock keep the year?", _dead_clock),
    Check("status_words", "Are there states that no document has?", _words),
    Check("machine_id", "Which type has machine_id?", _machine_id),
    Check("update", "What is in update?", _update),
    Check("camera_keys", "What does printer/camera hold?", _camera),
    Check("answer_form", "How is an answer written?", _form),
    Check("error_status", "Which HTTP status has a refusal?", _errors),
    Check("http_error_body", "Has an HTTP error a body?", _http_errors),
    Check("token_lifetime", "How long does a token live?"),
    Check("token_restart", "Does a token outlive a restart of the printer?"),
    Check("single_token", "Does a login end all older tokens?"),
    Check("setter_lag", "How long until a setter shows?"),
    Check("commands", "What does the printer answer to a command?"),
    Check("plus_is_blank", 'Is "+" in a query a blank?'),
    Check("max_upload", "How many bytes are 500 MB?"),
    Check("upload_replaces", "Does an upload replace a file?"),
    Check("upload_early", "Does an upload get its answer before its end?"),
    Check("delete_takes_all", "Is a folder deleted with all that is in it?"),
    Check("copy_replaces", "Does a copy replace a file?"),
    Check("create_makes_parents", "Are the folders above a new one made as well?"),
)
