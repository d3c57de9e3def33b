"""Commands: what is sent, what is not, what is refused, and never anything twice."""

import asyncio
from collections.abc import Awaitable, Callable
import json
import math
import re

from aiohttp import web
import pytest

from custom_components.raise3d.api import (
    Nozzle,
    Raise3DBusyError,
    Raise3DClient,
    Raise3DError,
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    Raise3DOtherJobError,
    Raise3DRefusedError,
    Refusal,
)
from simulator.commands import COMMANDS as OBEYED
from simulator.models import FILES

from .calls import COMMANDS, ERRORS, PART, UPLOAD
from .conftest import CATALOGUE, Lab, Serve, failure

OPERATE = "job/currentjob/set"

type Call = Callable[[Raise3DClient], Awaitable[None]]


async def ready(lab: Lab, name: str) -> None:
    """Bring the printer into the state that a command needs, and sign in."""
    lab.printer.power_off()
    lab.printer.power_on()
    lab.skip(60)
    lab.printer.files.clear()
    lab.printer.files.update(FILES)
    if name in {"pause", "resume", "stop", "recover"}:
        lab.printer.start()
        lab.skip(60)
    if name == "resume":
        lab.printer.pause()
        lab.skip(60)
    if name == "recover":
        lab.printer.power_off()
        lab.printer.power_on()
        lab.skip(60)
    await lab.login()
    lab.requests.clear()


def test_all_posts_of_the_api_are_commands() -> None:
    assert {path for path, _ in COMMANDS.values()} == {*OBEYED, UPLOAD}


async def test_every_command_is_obeyed(lab: Lab) -> None:
    for name, (path, command) in COMMANDS.items():
        await ready(lab, name)
        await command(lab)
        assert lab.count_requests(path) == 1, name
    assert lab.simulator.max_in_flight == 1


# Where a token is refused, nothing was done; and the answer to a command has no data.
UNCERTAIN = sorted(ERRORS.keys() - {"http_401", "token_error", "no_data"})


@pytest.mark.parametrize("kind", UNCERTAIN)
@pytest.mark.usefixtures("impatient")
async def test_no_command_is_ever_sent_twice(lab: Lab, kind: str) -> None:
    """It may have worked, and a second start, move or stop could break something."""
    for name, (path, command) in COMMANDS.items():
        await ready(lab, name)
        lab.faults.add(kind, path=path, count=None)
        assert type(await failure(command(lab))) is ERRORS[kind], name
        assert lab.count_requests(path) == 1, name
        assert not lab.uploading
        lab.faults.clear()


async def test_a_dead_token_keeps_no_command_back(lab: Lab) -> None:
    for name, (path, command) in COMMANDS.items():
        await ready(lab, name)
        # each with a client of its own: one may not sign in so often
        client = lab.connect()
        await client.login()
        lab.simulator.drop_tokens()
        await command(client)
        assert lab.count_requests("login") == 2, name
        # an upload finds out before it sends anything
        assert lab.count_requests(path) == {UPLOAD: 1}.get(path, 2), name


EXPECTED: dict[int, type[Raise3DError]] = {
    404: Raise3DNotFoundError,
    500: Raise3DRefusedError,
    503: Raise3DBusyError,
    10002: Raise3DInvalidValueError,  # but see NO_JOB
    10003: Raise3DInvalidValueError,  # of a command: the file is too large
    10005: Raise3DInvalidValueError,
    10006: Raise3DInvalidValueError,
}
# The state of the printer, with the code of a wrong value.
NO_JOB = {"no last job found": Raise3DRefusedError}


async def test_every_documented_refusal_keeps_the_printers_words(lab: Lab) -> None:
    documented = [
        (name, error["code"], error["msg"])
        for entry in CATALOGUE
        for name, (path, _) in COMMANDS.items()
        if entry["endpoint"] == f"POST /{path}"
        for error in entry["errors"]
        if error["code"] != 401
    ]
    assert len(documented) > 150
    for name, code, words in documented:
        path, command = COMMANDS[name]
        lab.requests.clear()
        lab.faults.add("refuse", path=path, count=None, code=code, msg=words)
        with pytest.raises(Raise3DError, match=f"^{re.escape(words)}$") as caught:
            await command(lab)
        assert type(caught.value) is NO_JOB.get(words, EXPECTED[code]), (name, words)
        assert lab.count_requests(path) == 1, (name, words)
        lab.faults.clear()


# Setters


@pytest.mark.parametrize("side", Nozzle)
async def test_a_nozzle_gets_its_own_target_and_flow(lab: Lab, side: Nozzle) -> None:
    other = 1 - side
    await lab.commands.set_nozzle_temperature(side, 200)
    await lab.commands.set_flow_rate(side, 90)
    machine = lab.printer.machine
    assert [machine.nozzles[place].target for place in (side, other)] == [200, 0]
    targets = machine.rate_targets
    assert (targets[f"flow{side + 1}"], targets[f"flow{other + 1}"]) == (90, 100)


@pytest.mark.parametrize("model", ["n2"])
async def test_a_nozzle_that_there_is_not_is_not_found(lab: Lab) -> None:
    for command in (
        lab.commands.set_nozzle_temperature(Nozzle.RIGHT, 200),
        lab.commands.set_flow_rate(Nozzle.RIGHT, 90),
        lab.commands.move_axis(e=1, feed=60, nozzle=Nozzle.RIGHT),
    ):
        with pytest.raises(Raise3DNotFoundError, match="no right nozzle"):
            await command


RANGES: dict[str, tuple[Callable[[Raise3DClient, float], Awaitable[None]], int, int]]
RANGES = {
    "temperature": (
        lambda c, v: c.commands.set_nozzle_temperature(Nozzle.LEFT, v),
        0,
        310,
    ),
    "bed": (lambda c, v: c.commands.set_bed_temperature(v), 0, 110),
    "flow": (lambda c, v: c.commands.set_flow_rate(Nozzle.RIGHT, v), 1, 300),
    "feed": (lambda c, v: c.commands.set_feed_rate(v), 1, 350),
    "fan": (lambda c, v: c.commands.set_fan_speed(v), 0, 100),
    "x": (lambda c, v: c.commands.move_axis(x=v, feed=60), -10, 10),
    "y": (lambda c, v: c.commands.move_axis(y=v, feed=60), -10, 10),
    "z": (lambda c, v: c.commands.move_axis(z=v, feed=60), -10, 10),
    "e": (lambda c, v: c.commands.move_axis(e=v, feed=60, nozzle=Nozzle.LEFT), -10, 10),
    "x abs": (lambda c, v: c.commands.move_axis(x=v, feed=60, relative=False), 0, 305),
    "y abs": (lambda c, v: c.commands.move_axis(y=v, feed=60, relative=False), 0, 305),
    "z abs": (lambda c, v: c.commands.move_axis(z=v, feed=60, relative=False), 0, 305),
    "e abs": (
        lambda c, v: c.commands.move_axis(
            e=v, feed=60, relative=False, nozzle=Nozzle.LEFT
        ),
        -10000,
        10000,
    ),
    "feed of a move": (lambda c, v: c.commands.move_axis(x=1, feed=v), 60, 6000),
    "feed of filament": (
        lambda c, v: c.commands.move_axis(e=1, feed=v, nozzle=Nozzle.LEFT),
        60,
        2400,
    ),
}


async def test_nothing_beyond_the_ends_of_a_range_is_sent(lab: Lab) -> None:
    for call, low, high in RANGES.values():
        await call(lab, low)
        await call(lab, high)
        sent = len(lab.requests)
        for value in (low - 1, high + 1, low - 0.4, high + 0.4, math.nan, math.inf):
            words = f"from {low} to {high}$"
            with pytest.raises(Raise3DInvalidValueError, match=words):
                await call(lab, value)
        with pytest.raises(Raise3DInvalidValueError):
            await call(lab, True)  # noqa: FBT003 - a yes is no number
        with pytest.raises(Raise3DInvalidValueError):
            await call(lab, "5")  # type: ignore[arg-type]
        assert len(lab.requests) == sent


async def sent_by(serve: Serve, call: Call) -> tuple[str, object]:
    """Return the path and the body that a call sends."""
    seen: list[tuple[str, object]] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        assert not raw or request.headers["Content-Type"] == "application/json"
        seen.append((request.path, json.loads(raw) if raw else None))
        return web.json_response({"status": 1})

    await call(await serve(handle))
    (result,) = seen
    return result


async def test_numbers_are_sent_as_whole_ones(serve: Serve) -> None:
    """Home Assistant has floats, and nobody has tried 200.0 on a printer."""
    for given, expected in ((200.0, 200), (200, 200), (199.6, 200), (0.4, 0)):

        async def heat(client: Raise3DClient, degrees: float = given) -> None:
            await client.commands.set_nozzle_temperature(Nozzle.LEFT, degrees)

        _, sent = await sent_by(serve, heat)
        assert json.dumps(sent) == f'{{"temperature": {expected}}}'


MOVE = "printer/axiscontrol/set"


async def test_a_command_has_the_documented_body_and_nothing_else(serve: Serve) -> None:
    for call, path, body in [
        (
            lambda c: c.commands.move_axis(x=1.0, y=-2, feed=600.0),
            MOVE,
            {"x": 1, "y": -2, "feed": 600, "is_relative_pos": 1},
        ),
        (
            lambda c: c.commands.move_axis(z=305, feed=60, relative=False),
            MOVE,
            {"z": 305, "feed": 60, "is_relative_pos": 0},
        ),
        (
            lambda c: c.commands.move_axis(e=-5, feed=60, nozzle=Nozzle.RIGHT),
            MOVE,
            {"e": -5, "nozzle": 1, "feed": 60, "is_relative_pos": 1},
        ),
        # the nozzle says nothing about any other axis
        (
            lambda c: c.commands.move_axis(x=0, feed=60, nozzle=Nozzle.RIGHT),
            MOVE,
            {"x": 0, "feed": 60, "is_relative_pos": 1},
        ),
        (lambda c: c.commands.pause_job(), OPERATE, {"operate": "pause"}),
        (lambda c: c.commands.resume_job(), OPERATE, {"operate": "resume"}),
        (lambda c: c.commands.stop_job(), OPERATE, {"operate": "stop"}),
        (
            lambda c: c.commands.start_job("Local/a/ä %+#.gcode"),
            "job/newjob/set",
            {"file_path": "Local/a/ä %+#.gcode"},
        ),
        (lambda c: c.commands.recover_job(), "job/recover/set", None),
    ]:
        assert await sent_by(serve, call) == (f"/v1/{path}", body), (call, path, body)


async def test_a_move_needs_an_axis_and_filament_a_nozzle(lab: Lab) -> None:
    with pytest.raises(Raise3DInvalidValueError, match="axis"):
        await lab.commands.move_axis(feed=60, nozzle=Nozzle.LEFT)
    for nozzle in (None, 2, -1, "left"):
        with pytest.raises(Raise3DInvalidValueError, match="nozzle"):
            await lab.commands.move_axis(e=1, feed=60, nozzle=nozzle)  # type: ignore[arg-type]
        with pytest.raises(Raise3DInvalidValueError, match="nozzle"):
            await lab.commands.set_nozzle_temperature(nozzle, 0)  # type: ignore[arg-type]
    assert not lab.requests


# Jobs


async def test_a_print_is_started_paused_resumed_and_stopped(lab: Lab) -> None:
    await lab.commands.start_job(PART)
    for command in (
        lab.commands.pause_job,
        lab.commands.resume_job,
        lab.commands.stop_job,
    ):
        lab.skip(60)
        await command()
    lab.skip(60)
    kinds = [event.kind for event in lab.printer.record]
    assert kinds == ["started", "paused", "resumed", "stopped"]


async def test_a_job_command_in_the_wrong_state_is_refused(lab: Lab) -> None:
    for call in (
        lab.commands.pause_job,
        lab.commands.resume_job,
        lab.commands.stop_job,
    ):
        with pytest.raises(Raise3DRefusedError, match="printer is stoped"):
            await call()
    with pytest.raises(Raise3DRefusedError, match="print file is not exist"):
        await lab.commands.start_job("Local/none.gcode")
    with pytest.raises(Raise3DRefusedError, match="no last job found") as caught:
        await lab.commands.recover_job()
    assert caught.value.refusal is Refusal.NO_LAST_JOB
    lab.printer.show("calibrate")
    with pytest.raises(Raise3DRefusedError, match="printer show calibrate interface"):
        await lab.commands.start_job(PART)


# The one print that is meant


async def test_no_request_gets_between_the_query_and_the_stop(lab: Lab) -> None:
    await ready(lab, "stop")
    lab.faults.add("slow", path="job/currentjob", seconds=0.05)
    stop = lab.commands.stop_job(lab.printer.job.job_id)
    others = [lab.queries.get_system() for _ in range(10)]
    await asyncio.gather(others[0], stop, *others[1:])
    assert lab.paths[lab.paths.index(OPERATE) - 1] == "job/currentjob"
    assert lab.count_requests(OPERATE) == 1


async def test_no_request_gets_between_a_new_token_and_the_stop(lab: Lab) -> None:
    await ready(lab, "stop")
    lab.faults.add("token_error", path=OPERATE)
    await asyncio.gather(
        lab.commands.stop_job(lab.printer.job.job_id), lab.queries.get_system()
    )
    start = lab.paths.index("job/currentjob")
    assert lab.paths[start : start + 4] == ["job/currentjob", OPERATE, "login", OPERATE]


OPERATIONS: dict[str, Callable[[Lab], Awaitable[None]]] = {
    "pause": lambda lab: lab.commands.pause_job(lab.printer.job.job_id),
    "resume": lambda lab: lab.commands.resume_job(lab.printer.job.job_id),
    "stop": lambda lab: lab.commands.stop_job(lab.printer.job.job_id),
}


@pytest.mark.parametrize("named", ["another", "", None, 7, "x" * 300])
async def test_nothing_is_sent_for_another_than_the_expected_job(
    lab: Lab, named: object
) -> None:
    for name, operate in OPERATIONS.items():
        await ready(lab, name)
        lab.faults.add(
            "override",
            path="job/currentjob",
            data=lambda data: data | {"job_id": named},
        )
        with pytest.raises(Raise3DOtherJobError):
            await operate(lab)
        assert not lab.count_requests(OPERATE), name


@pytest.mark.parametrize("kind", ["http_500", "html", "no_data", "refuse"])
async def test_nothing_is_sent_for_a_job_without_a_known_id(
    lab: Lab, kind: str
) -> None:
    for name, operate in OPERATIONS.items():
        await ready(lab, name)
        lab.faults.add(kind, path="job/currentjob", count=None)
        with pytest.raises(Raise3DError):
            await operate(lab)
        assert not lab.count_requests(OPERATE), name
        lab.faults.clear()


@pytest.mark.parametrize("kind", ["reset", "disconnect", "cut_off", "http_503"])
async def test_a_command_for_an_expected_job_is_sent_once(lab: Lab, kind: str) -> None:
    for name, operate in OPERATIONS.items():
        await ready(lab, name)
        lab.faults.add(kind, path=OPERATE)
        with pytest.raises(Raise3DError):
            await operate(lab)
        assert lab.count_requests(OPERATE) == 1, name
