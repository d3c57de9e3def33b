"""Tests of `python -m simulator --replay`: what was captured is answered again."""

import asyncio
import json
from pathlib import Path
import re
import signal
import sys
from typing import Any

from aiohttp import ClientSession, ServerDisconnectedError
import pytest

from custom_components.raise3d.api import (
    HistoryBookmark,
    Raise3DClient,
    Raise3DRefusedError,
)
from simulator import Capture, Replay
from simulator.__main__ import main
from tests.common import ROOT

from .common import FILE, capture_of, secretive


def answer(path: str, body: str = "{}", **values: Any) -> dict[str, Any]:
    """Return an answer of a capture."""
    plain = {"params": {}, "status": 200, "content_type": "application/json"}
    return {"path": path, "body": body, **plain, **values}


def file_of(*answers: dict[str, Any], **more: Any) -> Capture:
    """Return the capture of a file that has these answers."""
    return Capture.from_json({"format": 1, "answers": list(answers), **more})


async def get(
    session: ClientSession, replay: Replay, path: str, query: str = "token=t"
) -> tuple[int, str, str]:
    """Return the status, the type and the text of an answer."""
    url = f"http://{replay.host}:{replay.port}/{path}?{query}"
    async with session.get(url) as response:
        return response.status, response.content_type, await response.text()


@pytest.mark.parametrize(
    ("body", "status", "content_type", "encoding"),
    [
        ('{"a": 1,\r\n "a":2.0}', 200, "application/json", "utf-8"),
        ("", 500, "application/octet-stream", "utf-8"),
        ("<h1>", 502, "text/html", "utf-8"),
        ('{"data":', 401, "text/plain", "utf-8"),
        ("ü", 200, "application/json", "latin-1"),
    ],
)
async def test_an_answer_comes_as_it_was_captured(
    session: ClientSession, body: str, status: int, content_type: str, encoding: str
) -> None:
    given = answer(
        "printer/basic",
        body,
        status=status,
        content_type=content_type,
        encoding=encoding,
    )
    async with Replay(file_of(given)) as replay:
        url = f"http://{replay.host}:{replay.port}/v1/printer/basic?token=t"
        async with session.get(url) as response:
            assert await response.read() == body.encode(encoding)
            assert (response.status, response.content_type) == (status, content_type)


async def test_what_was_not_captured_is_not_there(session: ClientSession) -> None:
    silent = {"without_answer": [{"path": "printer/nozzle1", "error": "x"}]}
    refused = {"error": {"code": 401, "msg": "token error"}, "status": 0}
    async with Replay(file_of(answer("printer/basic"), **silent)) as replay:
        assert (await get(session, replay, "v1/printer/system"))[0] == 404
        assert (await get(session, replay, "other"))[0] == 404
        page = await get(session, replay, "")
        unsigned = await get(session, replay, "v1/printer/basic", "")
        with pytest.raises(ServerDisconnectedError):
            await get(session, replay, "v1/printer/nozzle1")
    assert "Raise Touch Remote Access API" in page[2]
    assert json.loads(unsigned[2]) == refused


async def test_any_password_is_right_and_every_command_is_refused(
    session: ClientSession,
) -> None:
    printer = secretive()
    printer.start(FILE)
    capture = Capture.from_json(await capture_of(printer))
    async with Replay(capture) as replay:
        client = Raise3DClient(session, replay.host, replay.port, password="anything")
        job = await client.queries.get_current_job()
        with pytest.raises(Raise3DRefusedError):
            await client.commands.pause_job()
        with pytest.raises(Raise3DRefusedError):
            await client.commands.set_bed_temperature(60)
        assert await client.queries.get_current_job() == job
    assert job.job_id is not None


async def test_the_history_is_read_on_from_the_pages_that_were_captured(
    session: ClientSession,
) -> None:
    capture = Capture.from_json(await capture_of(secretive(history=40)))
    async with Replay(capture) as replay:
        client = Raise3DClient(session, replay.host, replay.port, password="anything")
        end = await client.history.read_end(None)
        again = await client.history.read_end(end.bookmark)
        unknown = HistoryBookmark(start=35)
        assert (await client.history.read_end(unknown)).entries[-1] == end.entries[-1]
        details = await client.history.get_details(end.entries[-1])
    assert again.new == ()
    assert len(end.entries) == 10
    assert details.real_print_time is not None


async def test_it_runs_from_the_command_line(
    session: ClientSession, tmp_path: Path
) -> None:
    file = tmp_path / "config_entry-raise3d.json"
    content = {"home_assistant": {}, "data": {"capture": await capture_of(secretive())}}
    file.write_text(json.dumps(content), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", "--replay", str(file), "--port", "0"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    ready = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
    assert ready, line
    client = Raise3DClient(session, "127.0.0.1", int(ready[1]), password="anything")
    system = await client.queries.get_system()
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
    assert system.model == "Raise3D Pro2"


def test_a_file_without_a_capture_is_reported_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file.json"
    file.write_text('{"data":{}}', encoding="utf-8")
    assert main(["--replay", str(file)]) == 1
    error = capsys.readouterr().err
    assert "there is no capture in it" in error
    assert error.count("\n") == 1


async def test_a_file_has_its_own_preview_in_a_replay(session: ClientSession) -> None:
    params = {"data_path": "Local/a.data", "width": "32", "height": "32"}
    image = answer("fileops/imagedownload", '{"data":{"img_data":"x"}}', params=params)
    async with Replay(file_of(image)) as replay:
        query = "token=t&width=300&height=300&data_path=Local/"
        path = "v1/fileops/imagedownload"
        found = await get(session, replay, path, f"{query}a.data")
        other = await get(session, replay, path, f"{query}b.data")
    assert found[2] == image["body"]
    assert "data file not exist" in other[2]


async def test_what_no_printer_could_have_sent_is_played_all_the_same(
    session: ClientSession,
) -> None:
    body = '{"data":{"job_list":[{"job_id":"\\ud83d"}]}}'
    params = {"start_pos": "0", "max_num": "9" * 5000}
    odd = answer("dashboard/joblist", body, params=params, content_type="a\r\nb: c")
    async with Replay(file_of(odd)) as replay:
        exact = f"token=t&start_pos=0&max_num={'9' * 5000}"
        replies = [
            await get(session, replay, "v1/dashboard/joblist", query)
            for query in (exact, "token=t&start_pos=0&max_num=12")
        ]
    assert [status for status, *_ in replies] == [200, 200]
