"""Fixtures: a client on a simulated printer in real time, and servers that lie."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
import json
from pathlib import Path
import time
import traceback

from aiohttp import ClientSession, ClientTimeout, web
from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.raise3d.api import Raise3DClient, Raise3DError
from simulator import Printer, Simulator, Unknowns
from simulator.server import close

FIXTURES = Path(__file__).parent.parent / "fixtures"
PASSWORD = "368d8d"
TOKEN = "e4e4ab1407dfec7c5beb566173d81340"
API = "custom_components.raise3d.api"

type Caplog = pytest.LogCaptureFixture
type Freezer = FrozenDateTimeFactory
type Patch = pytest.MonkeyPatch
type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Serve = Callable[..., Awaitable[Raise3DClient]]


@pytest.fixture
def unknowns() -> Unknowns:
    """Return the switches of a printer that obeys without a lag."""
    return Unknowns(setter_lag=0)


@pytest.fixture
def history() -> int:
    """Return the number of earlier jobs; a test may parametrize it."""
    return 0


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
async def short_timeout(
    request: pytest.FixtureRequest, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sign in, and wait no ten seconds for a printer that hangs after that."""
    await lab.login()
    if "hang" in request.node.name:
        limit = ClientTimeout(total=1)
        monkeypatch.setattr(f"{API}.transport.TIMEOUT", limit)
        monkeypatch.setattr(f"{API}.transport.UPLOAD_TIMEOUT", limit)


@pytest.fixture
async def serve(session: ClientSession, socket_enabled: None) -> AsyncGenerator[Serve]:
    """Return a function that serves any answer at all, and gives a client of it."""
    async with AsyncExitStack() as stack:

        async def serve(
            answer: Handler | web.Response | str | bytes, **secret: str
        ) -> Raise3DClient:
            async def handle(request: web.Request) -> web.StreamResponse:
                if isinstance(answer, web.Response):
                    return answer
                if isinstance(answer, str):
                    return web.Response(text=answer, content_type="application/json")
                if isinstance(answer, bytes):
                    return web.Response(body=answer)
                return await answer(request)

            app = web.Application()
            app.router.add_route("*", "/{path:.*}", handle)
            # without waiting for the rest of what it has answered already
            runner = web.AppRunner(
                app, access_log=None, shutdown_timeout=0.1, lingering_time=0
            )
            await runner.setup()
            stack.push_async_callback(close, runner)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            return Raise3DClient(
                session,
                "127.0.0.1",
                runner.addresses[0][1],
                password=secret.get("password"),
                token=secret.get("token", None if secret else TOKEN),
            )

        yield serve


def body(name: str) -> dict[str, object]:
    """Return a fixture file."""
    content = json.loads((FIXTURES / name).read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


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
