"""Unknowns of the history and of folders that a capture decides."""

from simulator.captures import Answer, Capture

from .capture_findings import (
    CURRENT_JOB,
    FILE_LIST,
    JOB_LIST,
    PAGE,
    STATISTICS,
    Check,
    Said,
    behind_end,
    entries,
    integer,
    job_ids,
    last,
    page,
    quote,
    started_at,
    state,
)


def _base(capture: Capture) -> Said | None:
    zero, one = page(capture, JOB_LIST, 0), page(capture, JOB_LIST, 1)
    if zero is None or one is None:
        return None
    first, second = job_ids(zero), job_ids(one)
    proof = quote(zero, one)
    if (first and not second) or (len(first) > 1 and first[1:2] == second[:1]):
        return Said("it counts from 0", assumed=True, evidence=proof)
    if second and not first:
        return Said(
            "it counts from 1, and 0 is no place", assumed=False, evidence=proof
        )
    if first and first[0] == second[0]:
        return Said(
            "it counts from 1, and takes 0 for it", assumed=False, evidence=proof
        )
    return None


def _order(capture: Capture) -> Said | None:
    for answer in capture.all_of(JOB_LIST):
        times = [at for at in map(started_at, job_ids(answer)) if at]
        if len(set(times)) > 1 and times == sorted(times):
            return Said(
                "the oldest job comes first", assumed=True, evidence=quote(answer)
            )
        if len(set(times)) > 1 and times == sorted(times, reverse=True):
            return Said(
                "the newest job comes first", assumed=False, evidence=quote(answer)
            )
    return None


def _index(capture: Capture) -> Said | None:
    rows = [row for each in capture.all_of(JOB_LIST) for row in each.rows("job_list")]
    if not rows:
        return None
    proof = quote(*_with_rows(capture)[:1])
    if not any("job_index" in row for row in rows):
        return Said("no job has a job_index", assumed=False, evidence=proof)
    having = sum("job_index" in row for row in rows)
    return Said(
        f"{having} of {len(rows)} jobs have a job_index",
        assumed=having == len(rows),
        evidence=proof,
    )


def _place(capture: Capture) -> Said | None:
    for answer in _with_rows(capture):
        indexes = [integer(row, "job_index") for row in answer.rows("job_list")]
        # from 0, a list that counts from 1 begins with 1
        if answer.start and None not in indexes:
            expected = list(range(answer.start, answer.start + len(indexes)))
            return Said(
                "job_index is the place"
                if indexes == expected
                else f"job_index is {indexes[0]} at place {answer.start}",
                assumed=indexes == expected,
                evidence=quote(answer),
            )
    return None


def _cap(capture: Capture) -> Said | None:
    length, counter = _length(capture), _counter(capture)
    if length is None or counter is None or length > counter:
        return None
    return Said(
        f"it lists {length} jobs, the counter says {counter}",
        assumed=length == counter,
        evidence=_lengths(capture),
    )


def _of_all(capture: Capture) -> Said | None:
    length, counter = _length(capture), _counter(capture)
    if length is None or counter is None or length < counter:
        return None
    return Said(
        f"it lists {length} jobs, and {counter} were successful",
        assumed=length == counter,
        evidence=_lengths(capture),
    )


def _counter_kept(capture: Capture) -> Said | None:
    length, counter = _length(capture), _counter(capture)
    if length is None:
        return None
    return Said(
        f"it says {counter}, and {length} jobs are listed",
        assumed=bool(counter),
        evidence=_lengths(capture),
    )


def _counter_offset(capture: Capture) -> Said | None:
    length, counter = _length(capture), _counter(capture)
    if length is None or counter is None:
        return None
    return Said(
        f"it says {counter}, and {length} jobs are listed",
        assumed=length == counter,
        evidence=_lengths(capture),
    )


def _keeps_places(capture: Capture) -> Said | None:
    starts = [page(capture, JOB_LIST, start) for start in (0, 1)]
    filled = [each for each in _with_rows(capture) if (each.start or 0) > 1]
    read = [each for each in starts if each is not None]
    if len(read) < len(starts):
        return None
    if not any(map(entries, read)) and filled:
        return Said(
            "places 0 and 1 are empty, later ones are not",
            assumed=False,
            evidence=quote(*read, filled[0]),
        )
    cap = _cap(capture)
    if any(map(entries, read)) and cap is not None and not cap.assumed:
        return Said(
            "older jobs are gone, and the places begin anew",
            assumed=True,
            evidence=cap.evidence,
        )
    return None


def _end(capture: Capture) -> Said | None:
    return _behind(capture, JOB_LIST, refused_is_assumed=True)


def _folder_end(capture: Capture) -> Said | None:
    return _behind(capture, FILE_LIST, refused_is_assumed=False)


def _behind(capture: Capture, path: str, *, refused_is_assumed: bool) -> Said | None:
    """Find what comes behind the end of a list that has one."""
    answer = behind_end(capture, path)
    if answer is None or not any(map(entries, capture.all_of(path))):
        return None
    refused = answer.refused or not answer.data
    return Said(
        "an error" if refused else "an empty list",
        assumed=refused is refused_is_assumed,
        evidence=quote(answer),
    )


def _empty(capture: Capture) -> Said | None:
    answers = capture.all_of(JOB_LIST)
    if not answers or _with_rows(capture) or _counter(capture) != 0:
        return None
    refused = [each for each in answers if each.refused]
    return Said(
        "an error" if refused else "an empty list",
        assumed=bool(refused),
        evidence=quote((refused or list(answers))[0]),
    )


def _empty_for(capture: Capture) -> Said | None:
    answers = [each for each in capture.all_of(JOB_LIST) if each.envelope]
    if not answers or _with_rows(capture) or not _counter(capture):
        return None
    if _busy_for(capture) is not None:
        return None
    return Said(
        "the list is empty, but the counter is not",
        assumed=False,
        evidence=quote(*answers[:1], *capture.all_of(STATISTICS)[:1]),
    )


def _busy_for(capture: Capture) -> Said | None:
    for answer in capture.all_of(JOB_LIST):
        error = answer.envelope.get("error")
        if isinstance(error, dict) and str(error.get("code")) == "10003":
            return Said("it is refused as busy", assumed=False, evidence=quote(answer))
    return None


def _delay(capture: Capture) -> Said | None:
    current, listed = last(capture, CURRENT_JOB), _with_rows(capture)
    job_id = capture.data_of(CURRENT_JOB).get("job_id")
    if current is None or not job_id or not listed or state(capture) != "completed":
        return None
    holding = [answer for answer in listed if job_id in job_ids(answer)]
    if not holding and _length(capture) is None:
        return None
    return Said(
        "the job on the plate is listed" if holding else "the job on the plate is not",
        assumed=bool(holding),
        evidence=quote(current, *(holding or listed)[:1]),
    )


def _counts(capture: Capture) -> Said | None:
    zero, one = page(capture, FILE_LIST, 0), page(capture, FILE_LIST, 1)
    if zero is None or one is None:
        return None
    (folders, files), (later_folders, later_files) = _folder(zero), _folder(one)
    if not folders or not files:
        return None
    folder_gone = later_folders[: len(folders) - 1] == folders[1:]
    folder_stays = later_folders[: len(folders)] == folders
    file_gone = later_files[: len(files) - 1] == files[1:]
    file_stays = later_files[: len(files)] == files
    word = {
        (True, False): "folders and files together",
        (True, True): "folders and files apart",
        (False, True): "files alone",
    }.get((folder_gone and not folder_stays, file_gone and not file_stays))
    if word is None:
        return None
    return Said(word, assumed=word.endswith("together"), evidence=quote(zero, one))


def _folder(answer: Answer) -> tuple[list[object], list[object]]:
    folders = answer.data.get("dir_list")
    files: list[object] = [row.get("file_name") for row in answer.rows("file_list")]
    return (folders if isinstance(folders, list) else []), files


def _with_rows(capture: Capture) -> list[Answer]:
    return [each for each in capture.all_of(JOB_LIST) if each.rows("job_list")]


def _counter(capture: Capture) -> int | None:
    return integer(capture.data_of(STATISTICS), "printed_file_num")


def _length(capture: Capture) -> int | None:
    """Return how many jobs are listed, None where the end was not read."""
    base = _base(capture)
    final = max(_with_rows(capture), key=lambda each: each.start or 0, default=None)
    if base is None or final is None or final.start is None:
        return None
    rows = len(final.rows("job_list"))
    first = 0 if base.assumed else 1
    # from 0, a full page of a list that counts from 1 may be one short
    full = PAGE - (final.start < first)
    start = max(final.start, first)
    behind = page(capture, JOB_LIST, start + rows)
    ended = rows < full or (behind is not None and not entries(behind))
    return start + rows - first if ended else None


def _lengths(capture: Capture) -> str:
    final = max(_with_rows(capture), key=lambda each: each.start or 0)
    return quote(*capture.all_of(STATISTICS)[-1:], final)


CHECKS = (
    Check("history_base", "Does the history count from 0 or from 1?", _base),
    Check("history_newest_first", "Which job does the history begin with?", _order),
    Check("history_index", "Has each job of the history a job_index?", _index),
    Check("history_place", "Is job_index the place that start_pos counts?", _place),
    Check("history_cap", "Is the history as long as the counter says?", _cap),
    Check("history_of_all", "Are stopped and failed jobs listed?", _of_all),
    Check("counter", "Does the counter count?", _counter_kept),
    Check("counter_offset", "Is the counter the number of jobs?", _counter_offset),
    Check("history_keeps_places", "Do jobs keep their places for ever?", _keeps_places),
    Check("history_end_refused", "What comes behind the end of the history?", _end),
    Check("history_empty", "What does an empty history answer?", _empty),
    Check("history_delay", "Is a job listed as soon as it is completed?", _delay),
    Check("history_empty_for", "Is the history empty after a boot?", _empty_for),
    Check("history_busy_for", "Is the history refused after a boot?", _busy_for),
    Check("list_counts", "What does a place in a folder count?", _counts),
    Check("list_end_refused", "What comes behind the end of a folder?", _folder_end),
)
