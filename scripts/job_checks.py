"""Unknowns of jobs that a capture decides."""

from simulator import Unknowns
from simulator.captures import Capture, Json

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
    last_of,
    quote,
    started_at,
    state,
    within_day,
)

IMAGE, JOB = "dashboard/imagedownload", "dashboard/job"
ACTIVE = ("running", "paused")
# Seconds: sent while the printer knows no estimate.
NO_ESTIMATE = 3600000
# Layers from which on half of them cannot be printed within the first percent.
MIN_LAYERS = 10
# Seconds of printing until there is an estimate, as the simulator assumes.
ESTIMATE_AFTER = Unknowns().estimate_after
# Seconds by which a start and the printed time may differ: heating up, and pauses; and
# by which one of them may be ahead.
START_TOLERANCE = 1800
AHEAD_TOLERANCE = 300
# Seconds of a pause that show whether it is counted.
PAUSE_TOLERANCE = 120


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
        evidence=quote(*last_of(capture, STATE, CURRENT_JOB)),
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
        evidence=quote(*last_of(capture, STATE, CURRENT_JOB, SYSTEM)),
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
    early, late = printed < ESTIMATE_AFTER, printed > ESTIMATE_AFTER
    return Said(
        f"there is {'none' if waits else 'one'} after {printed} s",
        assumed=not (waits and late) and not (early and not waits),
        evidence=quote(*last_of(capture, CURRENT_JOB)),
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
        evidence=quote(*last_of(capture, CURRENT_JOB)),
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
        evidence=quote(*last_of(capture, STATE, CURRENT_JOB)),
    )


def _no_estimate(capture: Capture) -> Said | None:
    job = capture.data_of(CURRENT_JOB)
    if state(capture) != "idle" or "total_time" not in job:
        return None
    total = job["total_time"]
    return Said(
        f"total_time is {total}",
        assumed=total == NO_ESTIMATE,
        evidence=quote(*last_of(capture, CURRENT_JOB)),
    )


def _start(capture: Capture) -> Said | None:
    printed = integer(capture.data_of(CURRENT_JOB), "printed_time")
    lasted = _since_start(capture)
    if state(capture) != "running" or printed is None or lasted is None:
        return None
    # negative differences are seconds, not almost a day
    missing = within_day(lasted - printed + AHEAD_TOLERANCE) - AHEAD_TOLERANCE
    return Said(
        f"the start in it and printed_time are {missing:.0f} s apart",
        assumed=missing < START_TOLERANCE,
        evidence=quote(*last_of(capture, CURRENT_JOB, SYSTEM)),
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
        evidence=quote(*last_of(capture, JOB, STATISTICS)),
    )


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
    Check("state_lag", "Does runningstatus agree with currentjob?", _lag),
    Check("job_lag", "Does currentjob agree with runningstatus?", _lag),
    Check("idle_job", "Which job does an idle printer name?", _idle),
    Check("no_estimate", "What is total_time without an estimate?", _no_estimate),
    Check("estimate_after", "When is there an estimate?", _estimate),
    Check("progress_scale", "What is print_progress measured in?", _scale),
    Check("time_runs_in_pause", "Does printed_time count pauses?", _pause),
    Check("preview_of_running", "Has the running job a preview?", _preview),
    Check(
        "filament_unit", "Is filament of a job in grams, as the totals are?", _filament
    ),
)
