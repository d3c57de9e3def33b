"""`python -m simulator` and its control port."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
import re
import signal
import sys
import time

import aiohttp
import pytest

from simulator import Printer, Simulator, __main__ as program
from simulator.control import ACTIONS, create_control_app
from simulator.server import close, listen
from tests.common import ROOT, until

from .conftest import Client, Clock, fixture

type ServeUntil = Callable[..., Awaitable[Simulator]]

FREE = ("--port", "0", "--camera-port", "0", "--control-port", "0")


@pytest.fixture
async def control(simulator: Simulator) -> AsyncGenerator[str]:
    """Return the URL of a control port."""
    runner = await listen(create_control_app(simulator), "127.0.0.1", 0)
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await close(runner)


async def post(session: aiohttp.ClientSession, url: str) -> tuple[int, str]:
    async with session.post(url) as response:
        return response.status, (await response.text()).strip()


def test_the_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        program.main(["--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    options = "model host port camera-port control-port password speed file fault name"
    for option in [*options.split(), "no-camera", "loop", "duration", "estimate"]:
        assert f"--{option}" in text
    assert "medaille_1.gcode" in text
    assert "http_429" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "70000"], "must be from 0 to 65535"),
        (["--speed", "0"], "must be above 0"),
        (["--speed", "nan"], "must be above 0"),
        (["--model", "x9"], "invalid choice"),
    ],
)
def test_a_bad_option_is_explained(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        program.main(arguments)
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("http_418", "unknown fault 'http_418'"),
        ("http_429,soon", "--fault: 'soon' is not OPTION=VALUE"),
    ],
)
def test_a_bad_fault_is_reported_in_one_line(
    fault: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(["--fault", fault]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


async def test_it_runs_until_a_signal_at_an_address(
    session: aiohttp.ClientSession,
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "simulator",
        *FREE,
        "--model=n2",
        "--name=Bench",
        "--file=Local/medaille_1.gcode",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    text = (await process.stdout.readuntil(b"Ready: ")).decode()
    text += (await process.stdout.readline()).decode()
    found = re.search(r"(?m)^Ready: +Raise3D N2 on http://(\S+):(\d+)/$", text)
    assert found
    taken = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", "--port", found[2], "--camera-port=0"),
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    _, error = await taken.communicate()
    expected = f"simulator: cannot listen on 127.0.0.1:{found[2]}: Address already in"
    assert error.decode() == f"{expected} use\n"
    assert taken.returncode == 1

    async with session.get(f"http://{found[1]}:{found[2]}/") as response:
        assert "Raise Touch Remote Access API" in await response.text()
    process.send_signal(signal.SIGTERM)
    rest, error = await process.communicate()
    assert (process.returncode, rest, error) == (0, b"", b"")


def run(*arguments: str) -> Simulator:
    return program.build(program.parse([*FREE, *arguments]))


async def test_the_command_line_describes_the_printer() -> None:
    simulator = run(
        "--model=e2",
        "--name=Bench",
        "--machine-id=18446744073709551615",
        "--password=secret",
        "--no-camera",
        "--history=2",
        "--fault=http_429@printer/system,count=3,retry_after=5",
        "--fault=bom",
    )
    printer = simulator.printer
    assert (printer.machine_name, printer.password) == ("Bench", "secret")
    assert printer.machine_id == "18446744073709551615"
    assert not printer.camera_connected
    assert len(printer.history) == 2
    hits = simulator.faults.take("/v1/printer/system")
    assert [(fault.kind, fault.count) for fault in hits] == [
        ("http_429", 2),
        ("bom", None),
    ]
    assert hits[0].options == {"retry_after": "5"}


def test_speed_makes_the_printers_time_run_faster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    clock = program.fast_clock(60)
    began = clock()
    now[0] += 2
    assert clock() == began + 120


def completed(simulator: Simulator) -> int:
    return [event.kind for event in simulator.printer.record].count("completed")


@pytest.fixture
def serve_until(monkeypatch: pytest.MonkeyPatch, socket_enabled: None) -> ServeUntil:
    """Serve in this process until something is true, end it, and give the printer."""
    monkeypatch.setattr(program, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(program, "REST_SECONDS", 0.02)

    async def serve_until(
        enough: Callable[[Simulator], bool],
        *arguments: str,
        ports: tuple[str, ...] = FREE,
    ) -> Simulator:
        options = program.parse([*ports, *arguments])
        simulator = program.build(options)
        monkeypatch.setattr(program, "build", lambda _: simulator)
        handlers: dict[int, Callable[[], None]] = {}
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(loop, "add_signal_handler", handlers.__setitem__)
        task = asyncio.create_task(program.serve(options))
        await until(lambda: bool(simulator.port and enough(simulator)))
        handlers[signal.SIGTERM]()
        await task
        return simulator

    return serve_until


async def test_a_loop_clears_the_plate_and_prints_again(
    serve_until: ServeUntil,
) -> None:
    simulator = await serve_until(
        lambda simulator: completed(simulator) > 1,
        *("--loop", "--speed=20000", "--duration=400", "--file=Local/b.gcode"),
    )
    assert completed(simulator) > 1
    assert not simulator.listening


async def test_a_loop_leaves_a_stopped_print_alone_for_a_while(
    serve_until: ServeUntil,
) -> None:
    began: list[str] = []
    actions = [Printer.power_off, Printer.power_on]

    def enough(simulator: Simulator) -> bool:
        for action in actions:
            action(simulator.printer)
        actions.clear()
        began.append(simulator.printer.job.job_id)
        return bool(began[-1])

    await serve_until(enough, "--loop", "--speed=100")
    assert began[0] == ""
    assert began[-1]


async def test_without_a_file_it_stays_idle(
    serve_until: ServeUntil, capsys: pytest.CaptureFixture[str]
) -> None:
    simulator = await serve_until(lambda _: True, "--speed=1000", ports=FREE[:4])
    assert not simulator.printer.record
    text = capsys.readouterr().out
    assert "Ready:" in text
    assert "Control:" not in text


async def test_a_file_is_printed_as_it_was_sliced(serve_until: ServeUntil) -> None:
    file = "--file=Local/medaille_2_extruder_2.gcode"
    simulator = await serve_until(lambda _: True, file)
    job = simulator.printer.job
    assert (job.duration, job.estimate, job.layers) == (4120, 3689, 43)


async def test_the_control_port_lists_what_can_be_done(
    session: aiohttp.ClientSession, control: str
) -> None:
    async with session.get(control) as response:
        text = await response.text()
    assert text.startswith("Raise3D: idle\n")
    assert all(f"POST /{name} " in text for name in ACTIONS)
    assert await post(session, f"{control}fly") == (404, "no action 'fly'")
    async with session.get(f"{control}start") as response:
        assert response.status == 405


async def test_a_person_acts_with_curl(
    client: Client, session: aiohttp.ClientSession, control: str
) -> None:
    async def act(action: str) -> str:
        status, text = await post(session, f"{control}{action}")
        assert status == 200, text
        client.tick(6)
        return text

    assert await act("start?file=Local/b.gcode&duration=1000&layers=9") == "busy"
    assert client.printer.job.duration == client.printer.job.estimate == 1000
    assert await act("pause") == "busy"
    assert await post(session, f"{control}pause") == (409, "printer is paused")
    assert await act("resume") == "busy"
    assert await act("touch?seconds=5") == "busy"
    assert await act("show?view=calibrate") == "busy"
    assert await act("show") == "running"
    assert await act("stop") == "busy"
    assert await act("start?file=Local/medaille_1.gcode") == "busy"
    assert client.printer.job.duration == 3689
    client.tick(3700)
    assert await act("dismiss") == "idle"
    assert await act("fail?reason=safe%20mode") == "error"
    assert await act("clear-error") == "idle"
    assert await act("unplug-camera") == "idle"
    assert not client.printer.camera_connected
    assert await act("plug-camera") == "idle"
    assert client.printer.camera_connected
    await act("clock?offset=3600")
    assert client.printer.own_time == client.printer.clock.now + 3600
    await act("clock")
    await act("skip?seconds=500")
    assert client.printer.own_time == client.printer.clock.now + 500
    assert (await post(session, f"{control}skip?seconds=-1"))[0] == 400
    await client.login()
    await act("drop-tokens")
    answer = await client.get("printer/system")
    assert answer == fixture("error_401_token_error")


async def test_the_plug_is_pulled_with_curl(
    session: aiohttp.ClientSession, control: str, simulator: Simulator, clock: Clock
) -> None:
    simulator.printer.start()
    clock.tick(100)
    assert await post(session, f"{control}power-off") == (200, "off")
    assert not simulator.listening
    assert await post(session, f"{control}power-on") == (200, "idle")
    assert simulator.listening
    assert await post(session, f"{control}recover") == (200, "busy")
    assert await post(session, f"{control}power-cycle") == (200, "idle")


async def test_faults_are_added_with_curl(
    client: Client, session: aiohttp.ClientSession, control: str
) -> None:
    async def fault(query: str) -> tuple[int, str]:
        return await post(session, f"{control}fault?{query}")

    assert (await fault("kind=http_500&path=printer/system&count=always"))[0] == 200
    for _ in range(2):
        assert await client.status("GET", "printer/system") == 500
    assert (await post(session, f"{control}clear-faults"))[0] == 200
    assert await client.status("GET", "printer/system") == 200

    assert (await fault("kind=slow&seconds=0.01"))[0] == 200
    assert (await fault("kind=missing_keys&keys=model,update"))[0] == 200
    data = (await client.get("printer/system"))["data"]
    assert not {"model", "update"} & data.keys()
    assert (await fault('kind=override&data={"model":"X"}'))[0] == 200
    assert (await client.get("printer/system"))["data"] == {"model": "X"}

    status, text = await fault("kind=nope")
    assert status == 400
    assert text.startswith("unknown fault 'nope'")
    assert (await fault("kind=http_500&count=x"))[0] == 400
