"""The running printer: two listening sockets that really close when it is off."""

import asyncio
from contextlib import suppress
import os
import socket
from types import TracebackType
from typing import Self, override

from aiohttp import web

from .app import Request, RequestLog, create_app
from .camera import create_camera_app
from .faults import Faults
from .printer import Printer

# Long enough for a handler to see that its connection is gone; none needs more.
SHUTDOWN_SECONDS = 0.1


class ListenError(OSError):
    """An address cannot be listened on; the text names it and the reason."""


class _Site(web.TCPSite):
    """A site that stops between two connections.

    asyncio reports an error for one that is being accepted when the socket closes.
    """

    @override
    async def stop(self) -> None:
        """Accept nothing more, finish what was accepted, and close the socket."""
        if isinstance(self._server, asyncio.Server):
            loop = asyncio.get_running_loop()
            for listening in self._server.sockets:
                loop.remove_reader(listening.fileno())
            await asyncio.sleep(0)
        await super().stop()


async def listen(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Serve an application until `close`."""
    # without cancellation a hung handler would outlive its client
    runner = web.AppRunner(
        app,
        handler_cancellation=True,
        shutdown_timeout=SHUTDOWN_SECONDS,
        access_log=None,
    )
    await runner.setup()
    try:
        await _Site(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        why = os.strerror(error.errno) if error.errno else str(error)
        msg = f"cannot listen on {host}:{port}: {why}"
        raise ListenError(msg) from error
    return runner


async def close(runner: web.AppRunner) -> None:
    """Close the listening socket and hang up on everybody."""
    for site in list(runner.sites):
        await site.stop()
    for connection in runner.server.connections if runner.server else ():
        if connection.transport is not None:
            connection.transport.abort()
    await runner.cleanup()


def reserve(host: str, port: int) -> socket.socket:
    """Keep a port without listening: connections are refused, and nobody takes it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    held = socket.socket(family)
    try:
        # as servers do, so that connections that are about to end do not count
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((host, port))
    except OSError:
        held.close()
        raise
    return held


class Simulator:
    """API and camera server of one printer, inside the running event loop."""

    def __init__(
        self,
        printer: Printer,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        camera_port: int = 0,
        faults: Faults | None = None,
    ) -> None:
        """Keep the settings; port 0 takes a free one, and keeps it from then on."""
        self.printer = printer
        self.host = host
        self.port = port
        self.camera_port = camera_port
        self.faults = faults or Faults()
        self.log = RequestLog()
        self._runners: list[web.AppRunner] = []
        self._reserved: dict[tuple[str, int], socket.socket] = {}

    @property
    def requests(self) -> list[Request]:
        """All requests to the API so far."""
        return self.log.requests

    @property
    def max_in_flight(self) -> int:
        """The most API requests at a time."""
        return self.log.max_in_flight

    @property
    def logins(self) -> int:
        """How often someone signed in."""
        return self.log.logins

    @property
    def listening(self) -> bool:
        """Whether connections are accepted."""
        return bool(self._runners)

    async def start(self) -> None:
        """Listen on both ports, or on none."""
        for port in (self.camera_port, self.port):
            if held := self._reserved.pop((self.host, port), None):
                held.close()
        camera = create_camera_app(self.printer, self.faults)
        self.camera_port = await self._serve(camera, self.camera_port)
        self.printer.camera_port = self.camera_port
        app = create_app(self.printer, self.faults, self.log)
        try:
            self.port = await self._serve(app, self.port)
        except ListenError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Close the listening sockets and every connection."""
        while self._reserved:
            self._reserved.popitem()[1].close()
        runners, self._runners = self._runners, []
        for runner in runners:
            await close(runner)

    async def power_off(self) -> None:
        """Pull the plug: connections are refused from now on."""
        self.printer.power_off()
        await self.unplug()

    async def unplug(self) -> None:
        """Close the connections, and keep the ports here from any other program."""
        was_listening = self.listening
        await self.stop()
        if was_listening:
            for port in (self.camera_port, self.port):
                with suppress(OSError):
                    self._reserved[self.host, port] = reserve(self.host, port)

    async def power_on(self) -> None:
        """Boot, and listen on the same ports again."""
        self.printer.power_on()
        if not self.listening:
            await self.start()

    def drop_tokens(self) -> None:
        """Forget all tokens, as when the API is switched off and on at the panel."""
        self.printer.tokens.drop()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        await self.stop()

    async def _serve(self, app: web.Application, port: int) -> int:
        runner = await listen(app, self.host, port)
        self._runners.append(runner)
        taken: int = runner.addresses[0][1]
        return taken
