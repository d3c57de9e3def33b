"""Uploads: the documented bytes, streamed, once, while everything else is refused."""

import asyncio
from collections.abc import AsyncIterator, Iterator
import contextlib
import hashlib
import re
import time
import tracemalloc

from aiohttp import ClientTimeout, web
import pytest

from custom_components.raise3d.api import (
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DDisconnectedError,
    Raise3DError,
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    Raise3DTimeoutError,
)
from custom_components.raise3d.api.const import MAX_FILE_SIZE
from custom_components.raise3d.api.upload import Upload
from simulator import Unknowns

from .calls import UPLOAD, pieces
from .conftest import API, TOKEN, Lab, Patch, Serve, outcome

OK = '{"status":1,"data":{}}'


async def repeat(piece: bytes, times: int) -> AsyncIterator[bytes]:
    """Give a piece again and again."""
    for _ in range(times):
        yield piece


@contextlib.contextmanager
def traced() -> Iterator[None]:
    """Trace the memory that is in use."""
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


class Gate:
    """A file of three bytes that stops in its middle until somebody opens."""

    def __init__(self) -> None:
        """Stay shut."""
        self.reached, self.opened = asyncio.Event(), asyncio.Event()

    async def stream(self) -> AsyncIterator[bytes]:
        """Give the file."""
        yield b"a"
        self.reached.set()
        await self.opened.wait()
        yield b"bc"


async def test_an_upload_has_exactly_the_documented_bytes(serve: Serve) -> None:
    """Two parts, the description first; no part has a header that is not documented."""
    seen: list[tuple[web.Request, bytes]] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        seen.append((request, await request.read()))
        return web.Response(text=OK)

    client = await serve(handle)
    folder, name = "Local/webapi ä", "测 100%.gcode"
    await client.files.upload(folder, name, pieces(b"G28\r\n", b"", b"G1 X1\n"), 11)
    assert [(request.method, request.path) for request, _ in seen] == [
        ("GET", "/v1/fileops/list"),
        ("POST", "/v1/fileops/upload"),
    ]
    request, raw = seen[1]
    assert dict(request.query) == {"token": TOKEN}
    found = re.fullmatch(
        r"multipart/form-data; boundary=([0-9a-f]{32})", request.headers["Content-Type"]
    )
    assert found
    boundary = found[1]
    assert request.headers["Content-Length"] == str(len(raw))
    assert "Transfer-Encoding" not in request.headers
    assert request.headers["Connection"] == "close"
    assert raw.decode() == (
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="desc"\r\n'
        "Content-Type: application/json\r\n"
        "\r\n"
        f'{{"dir_path": "{folder}"}}\r\n'
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n"
        "\r\n"
        "G28\r\nG1 X1\n\r\n"
        f"--{boundary}--\r\n"
    )


async def test_each_upload_has_a_boundary_of_its_own(serve: Serve) -> None:
    seen = set()

    async def handle(request: web.Request) -> web.StreamResponse:
        seen.add(request.headers.get("Content-Type"))
        await request.read()
        return web.Response(text=OK)

    client = await serve(handle)
    await client.files.upload("Local", "a", pieces(), 0)
    await client.files.upload("Local", "a", pieces(), 0)
    assert len(seen - {None}) == 2


async def test_a_file_arrives_whole_is_listed_and_can_be_printed(lab: Lab) -> None:
    before = (await lab.queries.get_system()).storage_available
    assert before is not None
    await lab.files.upload(
        "Local/", "new.gcode", repeat(b"0123456789", 30_000), 300_000
    )
    stored = lab.printer.files["Local/new.gcode"]
    assert stored.size == 300_000
    assert stored.sha256 == hashlib.sha256(b"0123456789" * 30_000).hexdigest()
    assert "new.gcode" in {entry.name for entry in (await lab.files.list_page()).files}
    assert (
        await lab.queries.get_system()
    ).storage_available == before - 300_000 // 1024
    await lab.commands.start_job("Local/new.gcode")
    assert lab.printer.job.file_name == "Local/new.gcode"


async def test_an_empty_file_is_a_file(lab: Lab) -> None:
    await lab.files.upload("Local/webapi_store/", "empty", pieces(), 0.0)  # type: ignore[arg-type]
    assert lab.printer.files["Local/webapi_store/empty"].size == 0


async def test_a_large_file_is_never_held_in_memory(lab: Lab) -> None:
    """64 MB pass through the client and the simulated printer together."""
    piece = bytes(1024 * 1024)
    await lab.files.list_page()
    with traced():
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        await lab.files.upload("Local", "big", repeat(piece, 64), 64 * len(piece))
        _, peak = tracemalloc.get_traced_memory()
    assert lab.printer.files["Local/big"].size == 64 * len(piece)
    assert peak - before < 6 * len(piece)


@pytest.mark.parametrize("size", [-1, MAX_FILE_SIZE + 1])
async def test_a_size_that_is_not_allowed_is_not_sent(lab: Lab, size: int) -> None:
    with pytest.raises(Raise3DInvalidValueError, match="size in bytes"):
        await lab.files.upload("Local", "a", pieces(b"abc"), size)
    assert not lab.requests
    assert not lab.uploading


@pytest.mark.parametrize("size", [0, 2, 4, 100_000])
async def test_a_file_of_another_size_does_not_arrive(lab: Lab, size: int) -> None:
    """Half a part would be printed as if it were whole."""
    with pytest.raises(Raise3DInvalidValueError, match="not as large"):
        await lab.files.upload("Local", "a", pieces(b"a", b"bc"), size)
    assert lab.count_requests(UPLOAD) <= 1
    assert "Local/a" not in lab.printer.files
    assert await lab.queries.get_system()


@pytest.mark.parametrize(
    "error", [RuntimeError("disk"), OSError(5, "disk"), TimeoutError(), ValueError()]
)
async def test_what_the_stream_raises_is_passed_on(lab: Lab, error: Exception) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"a"
        raise error

    with pytest.raises(type(error)) as caught:
        await lab.files.upload("Local", "a", broken(), 3)
    assert caught.value is error
    assert not lab.uploading
    assert "Local/a" not in lab.printer.files
    assert await lab.queries.get_system()


async def test_everything_else_fails_fast_during_an_upload(lab: Lab) -> None:
    """Nobody stands in line behind half a gigabyte."""
    gate = Gate()
    upload = asyncio.create_task(lab.files.upload("Local", "a", gate.stream(), 3))
    await gate.reached.wait()
    assert lab.uploading
    sent = len(lab.requests)
    for call in (
        lab.queries.get_system(),
        lab.commands.set_fan_speed(1),
        lab.login(),
        lab.files.upload("Local", "b", pieces(), 0),
    ):
        with pytest.raises(Raise3DBusyError, match="being uploaded") as caught:
            await call
        assert caught.value.retry_after is None
    assert len(lab.requests) == sent
    gate.opened.set()
    await upload
    assert not lab.uploading
    assert lab.printer.files["Local/a"].size == 3
    assert await lab.queries.get_system()


async def test_who_stood_in_line_before_an_upload_is_served_before_it(lab: Lab) -> None:
    lab.faults.add("slow", count=None, seconds=0.02)
    calls = [asyncio.create_task(lab.queries.get_system()) for _ in range(3)]
    await asyncio.sleep(0)
    await lab.files.upload("Local", "a", pieces(b"abc"), 3)
    assert all(call.done() for call in calls)
    await asyncio.gather(*calls)
    assert lab.simulator.max_in_flight == 1


async def test_an_upload_that_is_given_up_frees_the_line(lab: Lab) -> None:
    gate = Gate()
    upload = asyncio.create_task(lab.files.upload("Local", "a", gate.stream(), 3))
    await gate.reached.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert not lab.uploading
    assert await lab.queries.get_system()
    assert "Local/a" not in lab.printer.files


@pytest.mark.parametrize("kind", ["reset", "disconnect", "http_429", "http_500"])
async def test_a_file_is_sent_once_whatever_happens(lab: Lab, kind: str) -> None:
    lab.faults.add(kind, path=UPLOAD, count=None)
    read = 0

    async def stream() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(20):
            read += 1
            yield bytes(100_000)

    with pytest.raises(Raise3DError):
        await lab.files.upload("Local", "a", stream(), 2_000_000)
    assert lab.count_requests(UPLOAD) == 1
    assert read <= 20
    lab.faults.clear()
    assert await lab.queries.get_system()


async def test_a_folder_that_there_is_not_costs_no_upload(lab: Lab) -> None:
    with pytest.raises(Raise3DNotFoundError, match="directory not exist"):
        await lab.files.upload("Local/none", "a", pieces(b"abc"), 3)
    assert not lab.count_requests(UPLOAD)


async def test_a_dead_token_alone_costs_no_upload(lab: Lab) -> None:
    lone = lab.connect(token="0" * 32)
    with pytest.raises(Raise3DAuthenticationError):
        await lone.files.upload("Local", "a", pieces(b"abc"), 3)
    assert not lab.count_requests(UPLOAD)


@pytest.mark.parametrize("too_large", [1000, 40_000_000])
async def test_a_file_that_is_too_large_is_an_invalid_value(
    lab: Lab, too_large: int
) -> None:
    """Also where the answer comes while the file is still on its way."""
    lab.printer.unknowns = Unknowns(max_upload=999)
    piece = bytes(min(too_large, 100_000))
    stream = repeat(piece, too_large // len(piece))
    with pytest.raises(Raise3DInvalidValueError, match="file too large"):
        await lab.files.upload("Local", "a", stream, too_large)
    assert await lab.queries.get_system()


async def test_a_printer_that_stops_reading_is_given_up(
    serve: Serve, monkeypatch: Patch
) -> None:
    done = asyncio.Event()
    waits = {"GET": asyncio.sleep(0), "POST": done.wait()}

    async def handle(request: web.Request) -> web.StreamResponse:
        await waits[request.method]
        return web.Response(text=OK)

    for module in ("upload", "transport"):
        monkeypatch.setattr(f"{API}.{module}.UPLOAD_IDLE_TIMEOUT", 0.3)
    client = await serve(handle)
    with pytest.raises(Raise3DTimeoutError):
        await client.files.upload(
            "Local", "a", repeat(bytes(1_000_000), 50), 50_000_000
        )
    done.set()


async def test_a_slow_upload_goes_on_as_long_as_it_moves(
    lab: Lab, monkeypatch: Patch
) -> None:
    for module in ("upload", "transport"):
        monkeypatch.setattr(f"{API}.{module}.UPLOAD_IDLE_TIMEOUT", 1.0)

    async def slow() -> AsyncIterator[bytes]:
        for _ in range(10):
            await asyncio.sleep(0.12)
            yield b"a"

    began = time.monotonic()
    await lab.files.upload("Local", "a", slow(), 10)
    assert time.monotonic() - began > 1.0
    assert lab.printer.files["Local/a"].size == 10


async def test_a_printer_that_does_not_answer_an_upload_is_given_up(
    lab: Lab, monkeypatch: Patch
) -> None:
    limit = ClientTimeout(total=None, sock_read=0.5)
    monkeypatch.setattr(f"{API}.transport.UPLOAD_TIMEOUT", limit)
    lab.faults.add("hang", path=UPLOAD)
    with pytest.raises(Raise3DTimeoutError):
        await lab.files.upload("Local", "a", pieces(b"abc"), 3)
    lab.faults.clear()


@pytest.mark.parametrize(
    ("status", "expected"), [(429, Raise3DBusyError), (200, type(None))]
)
async def test_an_answer_that_comes_before_the_end_ends_the_sending(
    serve: Serve, status: int, expected: type
) -> None:
    statuses = {"GET": 200, "POST": status}
    texts = {200: OK}

    async def handle(request: web.Request) -> web.StreamResponse:
        status = statuses[request.method]
        return web.Response(status=status, text=texts.get(status))

    client = await serve(handle)
    upload = client.files.upload("Local", "a", Gate().stream(), 3)
    assert type(await outcome(upload)) is expected
    assert not client.uploading


async def test_a_timeout_that_has_struck_is_not_put_off() -> None:
    upload = Upload("Local/", "a", pieces(b"a"), 1)
    async with asyncio.timeout(1) as idle:
        await asyncio.sleep(0)
    assert b"".join([bytes(part) async for part in upload.chunks(idle)])
    assert upload.failure is None


async def test_a_lost_connection_ends_an_upload(lab: Lab) -> None:
    gate = Gate()
    upload = asyncio.create_task(lab.files.upload("Local", "a", gate.stream(), 3))
    await gate.reached.wait()
    await lab.simulator.power_off()
    gate.opened.set()
    with pytest.raises(Raise3DDisconnectedError):
        await upload
