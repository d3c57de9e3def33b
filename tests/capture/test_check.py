"""Tests of what a capture settles, each unknown in more than one way."""

from collections.abc import Callable, Mapping
from dataclasses import fields
import json
from pathlib import Path
from typing import Any

import pytest

from scripts.capture_findings import Finding, Verdict
from scripts.check_capture import CHECKS, check, main, report
from simulator import Printer, Unknowns

from .common import FILE, PASSWORD, capture_of, played, secretive

# What a printer does, which switches are turned, and what a capture then decides.
type Case = tuple[Callable[[Printer], None], dict[str, Any], dict[str, Verdict]]

SETTLED, CONTRADICTED, ABSENT = Verdict.SETTLED, Verdict.CONTRADICTED, Verdict.ABSENT


async def findings(
    printer: Printer, answers: Mapping[str, Any] | None = None, **faults: Any
) -> dict[str, Finding]:
    """Return what a capture of a printer settles, by key."""
    capture = played(await capture_of(printer, answers, **faults))
    return {finding.key: finding for finding in check(capture)}


def plain(printer: Printer) -> None:
    """Leave the printer idle."""


def printing(printer: Printer) -> None:
    """Print for a while."""
    printer.start(FILE)
    printer.time.skip(1800)


def finished(printer: Printer) -> None:
    """Print to the end, and leave the part on the plate."""
    printer.start(FILE, duration=600)
    printer.time.skip(900)


def paused(printer: Printer) -> None:
    """Pause a print for a while."""
    printing(printer)
    printer.pause()
    printer.time.skip(900)


def stopped(printer: Printer) -> None:
    """Stop a print."""
    printing(printer)
    printer.stop()
    printer.time.skip(900)


def switched(
    live: Callable[[Printer], None], unknowns: dict[str, object], verdict: Verdict
) -> Case:
    """Return a printer with a switch turned, and what that decides."""
    return live, unknowns, dict.fromkeys(unknowns, verdict)


CASES: list[Case] = [
    (
        plain,
        {},
        {
            **dict.fromkeys(
                (
                    *("history_base", "history_newest_first", "history_index"),
                    *("history_place", "history_cap", "history_end_refused"),
                    *("counter", "counter_offset", "list_counts", "list_end_refused"),
                    *("clock_zone", "clock_dead", "no_estimate", "machine_id"),
                    *("camera_keys", "update"),
                    *("filament_unit", "answer_form", "error_status"),
                ),
                SETTLED,
            ),
            **dict.fromkeys(
                (
                    *("token_lifetime", "single_token", "commands", "history_empty"),
                    *("history_delay", "preview_of_running", "http_error_body"),
                ),
                ABSENT,
            ),
        },
    ),
    (
        printing,
        {},
        dict.fromkeys(
            (
                *("job_ids", "names", "preview_of_running", "estimate_after"),
                *("job_id_time", "job_id_form", "progress_scale"),
            ),
            SETTLED,
        ),
    ),
    (finished, {}, {"history_delay": SETTLED}),
    (stopped, {}, {"history_of_all": SETTLED, "idle_job": SETTLED}),
    (paused, {}, {"time_runs_in_pause": SETTLED, "job_lag": ABSENT}),
    (
        plain,
        {"history_index": False},
        {"history_index": CONTRADICTED, "history_place": ABSENT},
    ),
    (
        plain,
        {"history_cap": 20},
        {"history_cap": CONTRADICTED, "history_keeps_places": SETTLED},
    ),
    (
        plain,
        {"history_cap": 20, "history_keeps_places": True},
        {"history_keeps_places": CONTRADICTED},
    ),
    switched(plain, {"history_base": 1}, CONTRADICTED),
    switched(plain, {"history_newest_first": True}, CONTRADICTED),
    switched(plain, {"history_end_refused": False}, CONTRADICTED),
    switched(plain, {"history_empty_for": 3600}, CONTRADICTED),
    switched(plain, {"history_busy_for": 3600}, CONTRADICTED),
    switched(stopped, {"history_of_all": True}, CONTRADICTED),
    switched(finished, {"history_delay": 3600}, CONTRADICTED),
    switched(plain, {"counter": 0}, CONTRADICTED),
    switched(plain, {"counter_offset": 3}, CONTRADICTED),
    switched(printing, {"job_ids": False}, CONTRADICTED),
    switched(printing, {"names": False}, CONTRADICTED),
    switched(paused, {"state_lag": 1200}, CONTRADICTED),
    switched(paused, {"job_lag": 1200}, CONTRADICTED),
    # it may have been paused just now
    switched(paused, {"time_runs_in_pause": True}, ABSENT),
    switched(printing, {"preview_of_running": False}, CONTRADICTED),
    switched(printing, {"estimate_after": 1900}, CONTRADICTED),
    switched(plain, {"list_counts": "apart"}, CONTRADICTED),
    switched(plain, {"list_counts": "files"}, CONTRADICTED),
    switched(plain, {"list_end_refused": True}, CONTRADICTED),
]


@pytest.mark.parametrize(
    ("live", "unknowns", "verdicts"),
    CASES,
    ids=[f"{live.__name__}-{unknowns}" for live, unknowns, _ in CASES],
)
async def test_a_capture_settles_an_unknown(
    live: Callable[[Printer], None],
    unknowns: dict[str, Any],
    verdicts: dict[str, Verdict],
) -> None:
    printer = secretive(history=30, unknowns=Unknowns(**unknowns))
    live(printer)
    found = await findings(printer)
    assert {key: found[key].verdict for key in verdicts} == verdicts
    decided = [each for each in found.values() if each.verdict is not ABSENT]
    assert all(each.evidence and each.answer for each in decided)
    assert {each.key for each in found.values() if each.answer} == {
        each.key for each in decided
    }


# Answers of another kind, and the unknowns that they contradict: as many at a time as
# there is one answer of an endpoint for.
OTHERS: list[tuple[dict[str, dict[str, object]], set[str]]] = [
    (
        {
            "printer/system": {
                "machine_id": 16363785338095344960,
                "date_time": "2019-01-01 00: 00: 04",
                "update": "1.8.0.1000",
            },
            "job/currentjob": {"job_status": "stopped"},
            "printer/camera": {"is_camera_connected": True},
            "dashboard/job": {"filament_used_0": 18880},
        },
        {"machine_id", "clock_zone", "update", "idle_job", "camera_keys"}
        | {"filament_unit"},
    ),
    (
        {
            "printer/system": {
                "machine_id": 1.6363785338095345e19,
                "date_time": "1970-01-01 00: 00: 04",
            },
            "job/currentjob": {"total_time": 0},
        },
        {"machine_id", "clock_dead", "no_estimate"},
    ),
    (
        {
            "printer/runningstatus": {"running_status": "homing"},
            "job/currentjob": {"job_id": "17"},
        },
        {"status_words", "job_id_form"},
    ),
]


@pytest.mark.parametrize(("answers", "contradicted"), OTHERS)
async def test_an_answer_of_another_kind_contradicts(
    answers: dict[str, dict[str, object]], contradicted: set[str]
) -> None:
    found = await findings(secretive(), answers)
    assert {key for key in contradicted if found[key].verdict is CONTRADICTED} == (
        contradicted
    )


async def test_progress_of_another_scale_is_seen() -> None:
    printer = secretive()
    printing(printer)
    job = {"print_progress": 0.6, "printed_layer": 150, "total_layer": 250}
    finding = (await findings(printer, {"job/currentjob": job}))["progress_scale"]
    assert (finding.verdict, finding.answer) == (CONTRADICTED, "a share from 0 to 1")


async def test_an_empty_history_says_what_it_answers() -> None:
    refused = (await findings(secretive(history=0)))["history_empty"]
    unknowns = Unknowns(history_end_refused=False)
    listed = await findings(secretive(history=0, unknowns=unknowns))
    assert (refused.verdict, refused.answer) == (SETTLED, "an error")
    assert (listed["history_empty"].verdict, listed["history_empty"].answer) == (
        CONTRADICTED,
        "an empty list",
    )


async def test_http_errors_say_whether_they_have_a_body() -> None:
    empty = {"path": "printer/basic", "count": None}
    found = await findings(secretive(), http_500=empty)
    full = await findings(secretive(), http_502=empty, http_401=empty)
    assert found["http_error_body"].verdict is SETTLED
    assert full["http_error_body"].verdict is CONTRADICTED


def test_each_unknown_of_the_simulator_has_a_check() -> None:
    keys = [check.key for check in CHECKS]
    assert {field.name for field in fields(Unknowns)} <= set(keys)
    assert len(keys) == len(set(keys))


async def test_the_report_quotes_what_proves_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "config_entry-raise3d.json"
    capture = await capture_of(secretive())
    wrapped = {"home_assistant": {}, "data": {"capture": capture}}
    file.write_text(json.dumps(wrapped), encoding="utf-8")
    assert main([str(file)]) == 0
    out = capsys.readouterr().out
    assert out == report(check(played(capture))) + "\n"
    assert '"msg":"start_pos error"' in out
    assert "Not in it" in out
    assert PASSWORD not in out


def test_odd_answers_of_a_file_stop_no_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = '{"data":{"job_list":[{"job_id":"\\ud83d","file_name":"\\ud83d"}]}}'
    params = {"start_pos": "9" * 5000}
    answer = {"path": "dashboard/joblist", "params": params, "body": body}
    file = tmp_path / "odd.json"
    file.write_text(json.dumps({"format": 1, "answers": [answer, answer]}))
    assert main([str(file)]) == 0
    assert "Settled" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "no JSON"),
        ("[]", "no capture"),
        ('{"data":{"entry":{}}}', "no capture"),
        ('{"answers":[],"format":99}', "format is 99"),
    ],
)
def test_a_file_without_a_capture_is_refused_in_one_line(
    content: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file.json"
    file.write_text(content, encoding="utf-8")
    assert main([str(file)]) == 1
    assert main([str(tmp_path / "none.json")]) == 1
    error = capsys.readouterr().err
    assert why in error
    assert error.count("\n") == 2
