"""The API on port 10800: routes, envelope, sign-in and faults."""

from dataclasses import dataclass, field
import json
from typing import cast
from urllib.parse import unquote

from aiohttp import web

from .commands import COMMANDS
from .errors import TOKEN_ERROR, HttpError, RefusedError
from .faults import (
    HTML_PAGE,
    Body,
    Fault,
    Faults,
    change,
    dump,
    error_body,
    form,
    hang_up,
)
from .files import UPLOAD, upload
from .printer import Printer
from .queries import QUERIES

# "non-file body limit 1 MB" (documented); which of the two megabytes is unknown
MAX_BODY = 1024 * 1024
PREFIX = "/v1/"
BAD_REQUEST, NOT_FOUND, BAD_METHOD, BAD_TYPE = 400, 404, 405, 415


@dataclass(frozen=True, slots=True)
class Request:
    """One request, and how many were in flight as it came (itself included)."""

    time: float
    method: str
    path: str
    in_flight: int


@dataclass(slots=True)
class RequestLog:
    """The requests of clients; no query, because that is where the secrets are."""

    requests: list[Request] = field(default_factory=list)
    in_flight: int = 0

    @property
    def max_in_flight(self) -> int:
        """The most requests at a time."""
        return max((request.in_flight for request in self.requests), default=0)

    @property
    def logins(self) -> int:
        """How often someone signed in or tried to."""
        return sum(request.path == "/v1/login" for request in self.requests)


def create_app(printer: Printer, faults: Faults, log: RequestLog) -> web.Application:
    """Build the application; it keeps no state of its own."""

    async def handle(request: web.Request) -> web.StreamResponse:
        log.in_flight += 1
        now = printer.time.catch_up()
        entry = Request(now, request.method, request.path, log.in_flight)
        log.requests.append(entry)
        try:
            answer = await respond(request)
            if request.transport is not None and not request.transport.is_closing():
                # An upload is read to its end, whatever the answer is: a client that
                # is still sending would lose the answer with the connection. Whether
                # the printer waits is unknown.
                await request.release()
            return answer
        finally:
            log.in_flight -= 1

    async def respond(request: web.Request) -> web.StreamResponse:
        if not printer.powered:
            hang_up(request)
            return web.Response()
        hits = faults.take(request.path)
        try:
            answer = await faults.answer(request, hits)
            return answer or await _answer(printer, request, hits)
        except HttpError as error:
            return web.Response(status=error.status)
        except web.HTTPRequestEntityTooLarge as error:
            return web.Response(status=error.status)

    app = web.Application(client_max_size=MAX_BODY)
    # one handler for all: aiohttp's own 404 and 405 have a body, the printer's do not
    app.router.add_route("*", "/{path:.*}", handle)
    return app


async def _answer(
    printer: Printer, request: web.Request, hits: list[Fault]
) -> web.Response:
    if request.method not in {"GET", "POST", "OPTIONS"}:
        raise HttpError(BAD_METHOD)
    if request.path == "/" and request.method == "GET":
        return web.Response(text=HTML_PAGE, content_type="text/html", charset="UTF-8")
    if not request.path.startswith(PREFIX):
        raise HttpError(NOT_FOUND)
    path = request.path.removeprefix(PREFIX)
    allowed = {"GET": path in QUERIES, "POST": path in COMMANDS or path == UPLOAD}
    if not any(allowed.values()):
        raise HttpError(NOT_FOUND)
    if request.method == "OPTIONS":
        return web.Response(headers={"Allow": "GET, POST, OPTIONS"})
    if not allowed[request.method]:
        raise HttpError(BAD_METHOD)
    try:
        body = await _call(printer, request, path)
    except RefusedError as error:
        body = error_body(error.code, error.msg)
    return form(request, dump(change(body, hits)), hits)


async def _call(printer: Printer, request: web.Request, path: str) -> Body:
    query = _query(printer, request)
    token = query.get("token", "")
    if path != "login" and not printer.tokens.valid(token, printer.own_time):
        raise RefusedError(*TOKEN_ERROR)
    if request.method == "GET":
        return {"data": QUERIES[path](printer, query), "status": 1}
    if path == UPLOAD:
        await upload(printer, request)
        return {"status": 1}
    content = {} if path == "job/recover/set" else await _json_body(request)
    COMMANDS[path](printer, content)
    return {"status": 1}


def _query(printer: Printer, request: web.Request) -> dict[str, str]:
    text = request.rel_url.raw_query_string
    if printer.unknowns.plus_is_blank:
        text = text.replace("+", " ")
    pairs = (pair.partition("=") for pair in text.split("&"))
    return {unquote(key): unquote(value) for key, _, value in pairs}


async def _json_body(request: web.Request) -> dict[str, object]:
    if request.content_type.startswith(("application/x-www-form", "multipart/")):
        raise HttpError(BAD_TYPE)
    raw = await request.read()
    if request.content_type != "application/json":
        raise HttpError(BAD_REQUEST)
    try:
        content = json.loads(raw)
    except ValueError:
        raise HttpError(BAD_REQUEST) from None
    if not isinstance(content, dict):
        raise HttpError(BAD_REQUEST)
    return cast("dict[str, object]", content)
