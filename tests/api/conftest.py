"""Fixtures: a client on a simulated printer in real time, and servers that lie."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
import json
from pathlib import Path
import time

from aiohttp import ClientSession, ClientTimeout, web
import pytest

from custom_components.raise3d.api import Raise3DClient
from simulator import Printer, Simulator, Unknowns
from simulator.server import close

FIXTURES = Path(__file__).parent.parent / "fixtures"
PASSWORD = "368d8d"
TOKEN = "e4e4ab1407dfec7c5beb566173d81340"
API = "custom_components.raise3d.api"

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Serve = Callable[..., Awaitable[Raise3DClient]]


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations() -> None:
    """Start no Home Assistant."""


@pytest.fixture
def printer(model: str) -> Printer:
    """Return a printer that lives in real time, and obeys without a lag."""
    unknowns = Unknowns(setter_lag=0)
    return Printer(model, password=PASSWORD, clock=time.time, unknowns=unknowns)


@pytest.fixture
async def session() -> AsyncGenerator[ClientSession]:
    """Return a session, which no client may close."""
    async with ClientSession() as session:
        yield session
        assert not session.closed


@pytest.fixture
def client(session: ClientSession, simulator: Simulator) -> Raise3DClient:
    """Return a client that signs in with the password."""
    return Raise3DClient(session, simulator.host, simulator.port, password=PASSWORD)


@pytest.fixture
def short_timeout(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wait no ten seconds for a printer that hangs; a busy machine has its time."""
    if "hang" in request.node.name:
        limit = ClientTimeout(total=0.5)
        monkeypatch.setattr(f"{API}.transport._TIMEOUT", limit)
        monkeypatch.setattr(f"{API}.transport._UPLOAD_TIMEOUT", limit)


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
