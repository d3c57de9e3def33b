"""Fixtures: a clock that a test drives, a printer on it, and a client that signs in."""

from dataclasses import dataclass
import json
from typing import Any

import aiohttp
import pytest

from simulator import Faults, Printer, Simulator
from simulator.tokens import sign
from tests.common import FIXTURES

# 2024-06-08 15:18:04 on a clock at UTC+8: the moment of the captured Pro2 body
NOW = 1717831084.0


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: float = NOW

    def __call__(self) -> float:
        """Return the time."""
        return self.now

    def tick(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


class Driven(Printer):
    """A printer on a clock that a test moves."""

    def __init__(self, model: str = "pro2", **settings: Any) -> None:
        """Start the clock."""
        self.clock = settings.setdefault("clock", Clock())
        super().__init__(model, **settings)

    def tick(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.tick(seconds)


@dataclass
class Client:
    """A session with a token."""

    session: aiohttp.ClientSession
    simulator: Simulator
    token: str = ""

    @property
    def printer(self) -> Driven:
        """Return the printer."""
        assert isinstance(self.simulator.printer, Driven)
        return self.simulator.printer

    @property
    def faults(self) -> Faults:
        """Return what is added to spoil answers."""
        return self.simulator.faults

    def tick(self, seconds: float) -> None:
        """Let time pass."""
        self.printer.tick(seconds)

    def url(self, path: str) -> str:
        """Give the URL of an endpoint."""
        return f"http://127.0.0.1:{self.simulator.port}/v1/{path}"

    async def login(self) -> None:
        """Sign in."""
        password = self.simulator.printer.password
        query = {"sign": sign(password, "1"), "timestamp": "1"}
        async with self.session.get(self.url("login"), params=query) as response:
            self.token = (await response.json())["data"]["token"]

    async def raw(self, path: str, **query: str | int) -> bytes:
        """GET the bytes of an answer."""
        params = {"token": self.token, **query}
        async with self.session.get(self.url(path), params=params) as response:
            return await response.read()

    async def get(self, path: str, **query: str | int) -> Any:
        """GET and decode."""
        return json.loads(await self.raw(path, **query))

    async def post(self, path: str, body: object = None) -> Any:
        """POST JSON and decode."""
        params = {"token": self.token}
        url = self.url(path)
        async with self.session.post(url, params=params, json=body) as response:
            assert response.status == 200, response.status
            return await response.json()

    async def status(self, method: str, path: str, **options: Any) -> int:
        """Give the HTTP status, and insist on an empty body unless it is 200."""
        options.setdefault("params", {"token": self.token})
        url = self.url(path)
        async with self.session.request(method, url, **options) as response:
            body = await response.read()
            assert response.status == 200 or not body
            return response.status


def fixture(name: str) -> Any:
    """Read a fixture and decode it."""
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def fixture_bytes(name: str) -> bytes:
    """Read a fixture as it came over the wire."""
    return (FIXTURES / f"{name}.json").read_bytes().strip()


@pytest.fixture
def clock() -> Clock:
    """Return a clock to drive."""
    return Clock()


@pytest.fixture
def printer(model: str, clock: Clock) -> Driven:
    """Return an idle printer."""
    return Driven(model, clock=clock, history=3)


@pytest.fixture
async def client(simulator: Simulator, session: aiohttp.ClientSession) -> Client:
    """Return a client that has signed in."""
    client = Client(session, simulator)
    await client.login()
    return client
