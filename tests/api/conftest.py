"""Fixtures: a client on a simulated printer in real time, and servers that lie."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
import json
import time
import traceback

from aiohttp import ClientSession, web
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.raise3d.api import Raise3DClient, Raise3DError
from simulator import Printer, Simulator, Unknowns
from simulator.faults import Fault
from simulator.server import close
from tests.common import FIXTURES

PASSWORD = "368d8d"
TOKEN = "e4e4ab1407dfec7c5beb566173d81340"
API = "custom_components.raise3d.api"
# The documented errors of each endpoint.
CATALOGUE = json.loads((FIXTURES / "errors_catalogue.json").read_text("utf-8"))

type Caplog = pytest.LogCaptureFixture
type Freezer = FrozenDateTimeFactory
type Patch = pytest.MonkeyPatch
type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Listen = Callable[[Handler], Awaitable[int]]
type Answer = Handler | web.Response | dict[str, object] | str | bytes
type Serve = Callable[..., Awaitable[Raise3DClient]]


@pytest.fixture
def unknowns() -> Unknowns:
    """Return the switches of a printer that obeys without a lag."""
    return Unknowns(setter_lag=0)


@pytest.fixture
def printer(model: str, unknowns: Unknowns, history: int) -> Printer:
    """Return a printer that lives in real time."""
    settings = {"unknowns": unknowns, "history": history}
    return Printer(model, password=PASSWORD, clock=time.time, **settings)  # type: ignore[arg-type]


class Lab(Raise3DClient):
    """A client of a simulated printer, and what the printer gets from it."""

    def __init__(
        self, session: ClientSession, simulator: Simulator, **secret: str
    ) -> None:
        """Sign in with the password, where no other secret is given."""
        secret = secret or {"password": PASSWORD}
        super().__init__(session, simulator.host, simulator.port, **secret)
        self.session = session
        self.simulator = simulator
        self.printer = simulator.printer
        self.faults = simulator.faults
        self.requests = simulator.requests

    @property
    def paths(self) -> list[str]:
        """Return the requests so far, without the version of the API."""
        return [request.path.removeprefix("/v1/") for request in self.requests]

    def skip(self, seconds: float) -> None:
        """Let time pass for the printer."""
        self.printer.time.skip(seconds)

    def connect(self, **secret: str) -> Lab:
        """Return another client of the same printer."""
        return Lab(self.session, self.simulator, **secret)

    def count_requests(self, path: str) -> int:
        """Return how many requests an endpoint has got."""
        return self.paths.count(path)


@pytest.fixture
def lab(session: ClientSession, simulator: Simulator) -> Lab:
    """Return a client that signs in with the password."""
    return Lab(session, simulator)


@pytest.fixture
async def impatient(lab: Lab, monkeypatch: Patch) -> AsyncGenerator[None]:
    """Sign in, and let every timeout pass as soon as a request hangs."""
    await lab.login()
    answer = lab.faults.answer
    with freeze_time(tick=True) as clock:

        async def skip_hang(
            request: web.Request, faults: list[Fault]
        ) -> web.Response | None:
            if any(fault.kind == "hang" for fault in faults):
                # more than any timeout, however slow this machine is
                clock.tick(3600)
            return await answer(request, faults)

        monkeypatch.setattr(lab.faults, "answer", skip_hang)
        yield


@pytest.fixture
async def listen(socket_enabled: None) -> AsyncGenerator[Listen]:
    """Return a function that serves any answer at all, and gives the port."""
    async with AsyncExitStack() as stack:

        async def listen(handle: Handler) -> int:
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", handle)
            # without waiting for the rest of what it has answered already
            runner = web.AppRunner(
                app, access_log=None, shutdown_timeout=0.1, lingering_time=0
            )
            await runner.setup()
            stack.push_async_callback(close, runner)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            port: int = runner.addresses[0][1]
            return port

        yield listen


@pytest.fixture
def serve(session: ClientSession, listen: Listen) -> Serve:
    """Return a function that gives a new client of a server with any answer at all.

    All clients of a test have the same server, which gives the last of the answers.
    """
    served: list[Answer] = []
    ports: list[int] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        answer = served[-1]
        if isinstance(answer, web.Response):
            return answer
        if isinstance(answer, dict):
            return web.json_response(answer)
        if isinstance(answer, str):
            return web.Response(text=answer, content_type="application/json")
        if isinstance(answer, bytes):
            return web.Response(body=answer)
        return await answer(request)

    async def serve(answer: Answer, **secret: str) -> Raise3DClient:
        served.append(answer)
        ports[:] = ports or [await listen(handle)]
        secret = secret or {"token": TOKEN}
        return Raise3DClient(session, "127.0.0.1", ports[0], **secret)

    return serve


def body(name: str) -> dict[str, object]:
    """Return a fixture file."""
    content = json.loads((FIXTURES / name).read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def data_of(name: str) -> dict[str, object]:
    """Return the data of a fixture file."""
    data = body(name)["data"]
    assert isinstance(data, dict)
    return data


def ok(data: object) -> str:
    """Return an answer with data."""
    return json.dumps({"status": 1, "data": data})


def refusal(code: object, msg: object) -> str:
    """Return an answer with an error."""
    return json.dumps({"status": 0, "error": {"code": code, "msg": msg}})


async def failure(call: Awaitable[object]) -> Raise3DError:
    """Return the error that a call ends in."""
    with pytest.raises(Raise3DError) as caught:
        await call
    return caught.value


def shown(caplog: pytest.LogCaptureFixture, *objects: object) -> str:
    """Return what errors, the log and the text of objects show."""
    texts = [repr(item) for item in objects]
    texts += [
        record.getMessage() for record in caplog.records if record.name != "asyncio"
    ]
    for item in objects:
        if isinstance(item, Exception):
            texts += [str(item), *traceback.format_exception(item)]
    return "\n".join(texts)


async def outcome(call: Awaitable[object]) -> Raise3DError | None:
    """Return the error that a call ends in, None where it succeeds."""
    try:
        await call
    except Raise3DError as err:
        return err
    return None
