"""The camera servers of simulated printers, with the requests that they got."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Self

from aiohttp import hdrs, web
import pytest

from simulator.camera import Camera

SHOT = "api/v1/camera/takeshot"
STREAM = "api/v1/camera/stream"


class Watched:
    """Requests to the camera server, and how many streams it is sending."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.count_requests: Counter[str] = Counter()
        self.streams = 0
        self.ended = asyncio.Event()
        self.instead: Callable[[web.Request], Awaitable[web.StreamResponse]] | None
        self.instead = None

    def send(self, content_type: str, body: bytes) -> None:
        """Let the camera send anything at all, and then end."""

        async def instead(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: content_type})
            await response.prepare(request)
            await response.write(body)
            return response

        self.instead = instead

    @classmethod
    def of_all(cls, monkeypatch: pytest.MonkeyPatch) -> Self:
        """Return what counts at all camera servers, as long as the test runs."""
        watched = cls()
        handle = Camera.handle

        async def counted(camera: Camera, request: web.Request) -> web.StreamResponse:
            path = request.path.strip("/")
            watched.count_requests[path] += 1
            watched.streams += path == STREAM
            try:
                if watched.instead:
                    return await watched.instead(request)
                return await handle(camera, request)
            finally:
                watched.streams -= path == STREAM
                watched.ended.set()

        monkeypatch.setattr(Camera, "handle", counted)
        return watched
