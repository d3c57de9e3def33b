"""The camera server: a process of its own on a port of its own, with Basic auth."""

import asyncio
import base64
from contextlib import suppress
import hmac

from aiohttp import hdrs, web

from .faults import Faults
from .picture import scene
from .printer import Printer

USER = "raise3d_camera"
BOUNDARY = "raise3dcameraboundary"
ROOT = "/api/v1/camera/"
# A few pictures a second seem alive and cost little.
FRAME_SECONDS = 0.2
UNAUTHORIZED, NOT_FOUND, NOT_IMPLEMENTED, UNAVAILABLE = 401, 404, 501, 503


def create_camera_app(printer: Printer, faults: Faults) -> web.Application:
    """Build the camera server's application."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", Camera(printer, faults).handle)
    return app


class Camera:
    """Pictures of the print for whoever knows the password of this boot."""

    def __init__(self, printer: Printer, faults: Faults) -> None:
        """Film a printer."""
        self._printer = printer
        self._faults = faults

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        hits = self._faults.take(request.path, named_only=True)
        if answer := await self._faults.answer(request, hits):
            return answer
        if not self._authorized(request):
            # as stated by an owner; the realm is a guess
            challenge = {hdrs.WWW_AUTHENTICATE: 'Basic realm="(unknown)"'}
            return web.Response(status=UNAUTHORIZED, headers=challenge)
        what = request.path.removeprefix(ROOT)
        return await self._serve(request, what)

    async def _serve(self, request: web.Request, what: str) -> web.StreamResponse:
        connected = self._printer.camera_connected
        if what == "auth_stream":
            # the path that the API advertises is the one that does not work
            return web.Response(status=NOT_IMPLEMENTED)
        if what == "state":
            # its real content is unknown
            return web.json_response({"data": {"connected": connected}, "status": 1})
        if what not in {"takeshot", "stream"}:
            return web.Response(status=NOT_FOUND)
        if not connected:
            return web.Response(status=UNAVAILABLE)
        if what == "takeshot":
            return web.Response(body=scene(self._printer), content_type="image/jpeg")
        return await self._stream(request)

    def _authorized(self, request: web.Request) -> bool:
        password = self._printer.camera_password
        expected = base64.b64encode(f"{USER}:{password}".encode()).decode()
        given = request.headers.get(hdrs.AUTHORIZATION, "")
        return hmac.compare_digest(given.encode(), f"Basic {expected}".encode())

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        kind = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
        response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: kind})
        await response.prepare(request)
        # a client that goes is the usual end of a stream
        with suppress(ConnectionError):
            while self._printer.camera_connected and self._printer.powered:
                picture = scene(self._printer)
                head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\n"
                head += f"Content-Length: {len(picture)}\r\n\r\n"
                await response.write(head.encode() + picture + b"\r\n")
                await asyncio.sleep(FRAME_SECONDS)
        return response
