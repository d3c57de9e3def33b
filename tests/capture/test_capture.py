"""Tests of what a capture holds, and of what it costs the printer."""

from collections.abc import Iterator
import json
from typing import Any

import pytest

from custom_components.raise3d.capture import async_capture

from .common import FILE, capture_of, played, reach, secretive, secrets_of

ENDPOINTS = {
    *("printer/system", "printer/runningstatus", "printer/basic", "printer/camera"),
    *("printer/nozzle1", "printer/nozzle2", "job/currentjob", "dashboard/statistics"),
    *("dashboard/joblist", "dashboard/job", "dashboard/imagedownload"),
    *("fileops/list", "fileops/imagedownload"),
}
# A person presses the button, and has nothing else to wait for.
MAX_REQUESTS = 24


def answers(capture: dict[str, Any], path: str) -> Iterator[dict[str, Any]]:
    """Yield the answers of an endpoint."""
    return (answer for answer in capture["answers"] if answer["path"] == path)


@pytest.mark.parametrize("files", [[], [FILE]])
async def test_a_capture_has_each_reading_endpoint_and_no_secret(
    files: list[str],
) -> None:
    printer = secretive()
    for file in files:
        printer.start(file)
    printer.time.skip(600)
    capture = await capture_of(printer)
    assert {answer["path"] for answer in capture["answers"]} == ENDPOINTS
    text = json.dumps(capture, ensure_ascii=False)
    decoded = "".join(
        json.dumps(a.envelope, ensure_ascii=False) for a in played(capture).answers
    )
    assert printer.tokens.held
    assert not {secret for secret in secrets_of(printer) if secret in text + decoded}


async def test_a_capture_takes_one_request_at_a_time_and_a_limited_number() -> None:
    async with reach(secretive(history=300)) as (simulator, client):
        await async_capture(client)
        assert len(simulator.requests) <= MAX_REQUESTS
        assert simulator.max_in_flight == 1
        assert {request.method for request in simulator.requests} == {"GET"}
        assert simulator.logins == 1


async def test_figures_come_as_the_printer_wrote_them() -> None:
    printer = secretive()
    printer.start(FILE)
    printer.time.skip(600)
    capture = await capture_of(printer)
    job = next(answers(capture, "job/currentjob"))
    assert f'"print_progress":{printer_progress(job)}' in job["body"]
    assert len(printer_progress(job)) > 8
    assert job["body"].startswith('{"data":{"file_name":"Local/')
    assert job["status"] == 200
    assert job["content_type"].startswith("application/json")


def printer_progress(job: dict[str, Any]) -> str:
    """Return the digits of the progress, which is float32 noise."""
    return str(json.loads(job["body"])["data"]["print_progress"])


async def test_errors_are_captured_as_well() -> None:
    capture = await capture_of(
        secretive("n2"),
        http_500={"path": "printer/basic", "count": None},
        truncated={"path": "printer/camera", "count": None},
        disconnect={"path": "printer/nozzle1", "count": None},
    )
    assert next(answers(capture, "printer/basic"))["status"] == 500
    assert next(answers(capture, "printer/basic"))["body"] == ""
    assert next(answers(capture, "printer/nozzle2"))["body"] == (
        '{"error":{"code":404,"msg":"no right nozzle"},"status":0}'
    )
    assert not next(answers(capture, "printer/camera"))["body"].endswith("}")
    assert capture["without_answer"] == [
        {"path": "printer/nozzle1", "error": "Raise3DDisconnectedError"}
    ]


async def test_of_a_printer_that_is_off_the_last_answers_are_kept() -> None:
    printer = secretive()
    async with reach(printer) as (simulator, client):
        await client.queries.get_system()
        await client.queries.get_basic()
        await simulator.power_off()
        capture: dict[str, Any] = await async_capture(client)
    kept = {answer["path"] for answer in capture["earlier_answers"]}
    assert kept == {"printer/system", "printer/basic"}
    assert capture["answers"] == []
    assert len(capture["without_answer"]) == 2
    text = json.dumps(capture, ensure_ascii=False)
    assert not {secret for secret in secrets_of(printer) if secret in text}


async def test_of_another_printer_nothing_is_captured() -> None:
    async with reach(secretive()) as (_, client):
        client.guard.expect("1234567890123456789")
        capture: dict[str, Any] = await async_capture(client)
    assert capture["answers"] == capture["earlier_answers"] == []
    assert capture["without_answer"] == [
        {"path": "printer/system", "error": "Raise3DWrongPrinterError"}
    ]


async def test_a_long_answer_is_cut() -> None:
    data = {"running_status": "idle", "other": "x y" * 100_000}
    capture = await capture_of(
        secretive(),
        override={"path": "printer/runningstatus", "count": None, "data": data},
    )
    answer = next(answers(capture, "printer/runningstatus"))
    assert len(json.dumps(capture)) < 200_000
    assert not answer["complete"]
