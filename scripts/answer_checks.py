"""Unknowns of single answers, and those that no capture decides."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
import json

from simulator.captures import Answer, Capture, Json

from .capture_findings import (
    CURRENT_JOB,
    JOB_LIST,
    STATE,
    STATISTICS,
    SYSTEM,
    Check,
    Said,
    clock,
    integer,
    job_ids,
    last,
    quote,
    started_at,
    state,
    within_day,
)

CAMERA, IMAGE, JOB = "printer/camera", "dashboard/imagedownload", "dashboard/job"
ACTIVE = ("running", "paused")
STATES = {"idle", "busy", "running", "paused", "completed", "error"}
JOB_STATES = {"paused", "running", "completed", "stopped"}
# Seconds: sent while the printer knows no estimate.
NO_ESTIMATE = 3600000
# Layers, and the percentage, that distinguish the two scales of progress.
MIN_LAYERS = 10
# Seconds by which two times of one printer may differ: requests, heating up, a pause.
CLOCK_TOLERANCE = 300
START_TOLERANCE = 1800
PAUSE_TOLERANCE = 120
UTC_8 = 8 * 3600


def _job_ids(capture: Capture) -> Said | None:
    return _has(capture, "job_id")


def _names(capture: Capture) -> Said | None:
    return _has(capture, "file_name")


def _has(capture: Capture, key: str) -> Said | None:
    """Find whether jobs have a value; an idle printer may have no job."""
    rows: list[Json] = [
        row for each in capture.all_of(JOB_LIST) for row in each.rows("job_list")
    ]
    current = capture.data_of(CURRENT_JOB)
    if state(capture) in {*ACTIVE, "completed"} or current.get(key):
        rows.append(current)
    answers = (*capture.all_of(CURRENT_JOB)[-1:], *capture.all_of(JOB_LIST)[:1])
    if not rows:
        return None
    having = sum(bool(row.get(key)) for row in rows)
    return Said(
        f"{having} of {len(rows)} jobs have a {key}",
        assumed=having == len(rows),
        evidence=quote(*answers),
    )


def _id_form(capture: Capture) -> Said | None:
    answers = (*capture.all_of(CURRENT_JOB), *capture.all_of(JOB_LIST))
    for answer in answers:
        ids = [*job_ids(answer), str(answer.data.get("job_id") or "")]
        if found := [job_id for job_id in ids if job_id]:
            dated = all(map(started_at, found))
            return Said(
                "two addresses and a time" if dated else "something else",
                assumed=dated,
                evidence=quote(answer),
            )
    return None


def _lag(capture: Capture) -> Said | None:
    word = str(capture.data_of(CURRENT_JOB).get("job_status", ""))
    known = {*ACTIVE, "completed"}
    if state(capture) not in known or word not in known or word == state(capture):
        # that they agree once does not mean that they always do
        return None
    return Said(
        f"they differ: {state(capture)} and {word}",
        assumed=False,
        evidence=quote(*_last(capture, STATE, CURRENT_JOB)),
    )


def _pause(capture: Capture) -> Said | None:
    printed = integer(capture.data_of(CURRENT_JOB), "printed_time")
    lasted = _since_start(capture)
    if state(capture) != "paused" or printed is None or lasted is None:
        return None
    missing = within_day(lasted - printed)
    if missing > START_TOLERANCE * 2 or missing <= PAUSE_TOLERANCE:
        # it may have been paused just now
        return None
    return Said(
        f"it is {missing:.0f} s less than the time since the start",
        assumed=True,
        evidence=quote(*_last(capture, STATE, CURRENT_JOB, SYSTEM)),
    )


def _preview(capture: Capture) -> Said | None:
    answer = last(capture, IMAGE)
    job_id = capture.data_of(CURRENT_JOB).get("job_id")
    if answer is None or state(capture) not in ACTIVE:
        return None
    if answer.params.get("job_id") != job_id:
        return None
    shown = bool(answer.data.get("img_data"))
    return Said(
        "there is one" if shown else "there is none",
        assumed=shown,
        evidence=quote(answer),
    )


def _estimate(capture: Capture) -> Said | None:
    job = capture.data_of(CURRENT_JOB)
    total, printed = integer(job, "total_time"), integer(job, "printed_time")
    if state(capture) not in ACTIVE or not printed or total is None:
        return None
    waits = total == NO_ESTIMATE
    early, late = printed < MIN_LAYERS, printed > MIN_LAYERS
    return Said(
        f"there is {'none' if waits else 'one'} after {printed} s",
        assumed=not (waits and late) and not (early and not waits),
        evidence=quote(*_last(capture, CURRENT_JOB)),
    )


def _scale(capture: Capture) -> Said | None:
    job = capture.data_of(CURRENT_JOB)
    progress, layers = job.get("print_progress"), integer(job, "printed_layer")
    total = integer(job, "total_layer")
    if not isinstance(progress, int | float) or state(capture) not in ACTIVE:
        return None
    half = layers is not None and total is not None and layers * 2 > total >= MIN_LAYERS
    if progress <= 1 and not half:
        return None
    return Said(
        "percent" if progress > 1 else "a share from 0 to 1",
        assumed=progress > 1,
        evidence=quote(*_last(capture, CURRENT_JOB)),
    )


def _idle(capture: Capture) -> Said | None:
    job = capture.data_of(CURRENT_JOB)
    if state(capture) != "idle" or not job:
        return None
    named = bool(job.get("file_name") or job.get("job_id"))
    word = job.get("job_status")
    return Said(
        f"{'the last job' if named else 'no job'}, {word}",
        assumed=word == "running",
        evidence=quote(*_last(capture, STATE, CURRENT_JOB)),
    )


def _no_estimate(capture: Capture) -> Said | None:
    job = capture.data_of(CURRENT_JOB)
    if state(capture) != "idle" or "total_time" not in job:
        return None
    total = job["total_time"]
    return Said(
        f"total_time is {total}",
        assumed=total == NO_ESTIMATE,
        evidence=quote(*_last(capture, CURRENT_JOB)),
    )


def _machine_id(capture: Capture) -> Said | None:
    if "machine_id" not in (data := capture.data_of(SYSTEM)):
        return None
    value = data["machine_id"]
    words = {str: "a text", int: "a whole number", float: "a number that lost digits"}
    return Said(
        words.get(type(value), f"{value!r}"),
        assumed=isinstance(value, str),
        evidence=quote(*_last(capture, SYSTEM)),
    )


def _clock(capture: Capture) -> Said | None:
    now = clock(capture)
    try:
        taken = datetime.fromisoformat(capture.taken_at).astimezone(UTC)
    except ValueError:
        return None
    if now is None:
        return None
    offset = (now - taken.replace(tzinfo=None)).total_seconds()
    return Said(
        f"it is {offset / 3600:+.2f} h from UTC",
        assumed=abs(offset - UTC_8) < CLOCK_TOLERANCE,
        evidence=f"taken_at {capture.taken_at}\n{quote(*_last(capture, SYSTEM))}",
    )


def _start(capture: Capture) -> Said | None:
    printed = integer(capture.data_of(CURRENT_JOB), "printed_time")
    lasted = _since_start(capture)
    if state(capture) != "running" or printed is None or lasted is None:
        return None
    # negative differences are seconds, not almost a day
    missing = within_day(lasted - printed + CLOCK_TOLERANCE) - CLOCK_TOLERANCE
    return Said(
        f"the start in it and printed_time are {missing:.0f} s apart",
        assumed=missing < START_TOLERANCE,
        evidence=quote(*_last(capture, CURRENT_JOB, SYSTEM)),
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


def _filament(capture: Capture) -> Said | None:
    total = capture.data_of(STATISTICS).get("printed_used_filament")
    used = [capture.data_of(JOB).get(f"filament_used_{side}") for side in (0, 1)]
    job = sum(value for value in used if isinstance(value, int | float))
    prints = integer(capture.data_of(STATISTICS), "printed_file_num")
    if not (isinstance(total, int | float) and total and job and prints):
        return None
    # milligrams of one job are far beyond the average in grams
    same = job <= total and job < 100 * total / prints
    return Said(
        f"{job:g} in a job of {prints}, {total:g} in all",
        assumed=same,
        evidence=quote(*_last(capture, JOB, STATISTICS)),
    )


def _update(capture: Capture) -> Said | None:
    if "update" not in (data := capture.data_of(SYSTEM)):
        return None
    value = data["update"]
    return Said(
        f"{value!r}", assumed=value == "", evidence=quote(*_last(capture, SYSTEM))
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
        evidence=quote(*_last(capture, CAMERA)),
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
            return Said(word, assumed=False, evidence=quote(*_last(capture, path)))
    return None


def _last(capture: Capture, *paths: str) -> Iterator[Answer]:
    for path in paths:
        yield from capture.all_of(path)[-1:]


def _since_start(capture: Capture) -> float | None:
    """Return the seconds since the start, by the printer's clock, within a day."""
    start = started_at(capture.data_of(CURRENT_JOB).get("job_id"))
    now = clock(capture)
    if start is None or now is None:
        return None
    return within_day((now - start).total_seconds())


CHECKS = (
    Check("job_ids", "Has each job an id?", _job_ids),
    Check("names", "Has each job a file name?", _names),
    Check("job_id_form", "What is a job id made of?", _id_form),
    Check("job_id_time", "Is the end of a job id the time of its start?", _start),
    Check("clock", "Does the printer's clock run at UTC+8?", _clock),
    Check("state_lag", "Does runningstatus agree with currentjob?", _lag),
    Check("job_lag", "Does currentjob agree with runningstatus?", _lag),
    Check("status_words", "Are there states that no document has?", _words),
    Check("idle_job", "Which job does an idle printer name?", _idle),
    Check("no_estimate", "What is total_time without an estimate?", _no_estimate),
    Check("estimate_after", "When is there an estimate?", _estimate),
    Check("progress_scale", "What is print_progress measured in?", _scale),
    Check("time_runs_in_pause", "Does printed_time count pauses?", _pause),
    Check("preview_of_running", "Has the running job a preview?", _preview),
    Check("machine_id", "Which type has machine_id?", _machine_id),
    Check("update", "What is in update?", _update),
    Check("camera_keys", "What does printer/camera hold?", _camera),
    Check(
        "filament_unit", "Is filament of a job in grams, as the totals are?", _filament
    ),
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
