"""Everything that can go wrong between printer and client, on demand."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
import json
import socket
import struct
from typing import cast

from aiohttp import web

from .errors import UNKNOWN

HTML_PAGE = (
    "<!DOCTYPE html>\n<html><head><title></title></head><body>"
    '<div class="api-cont"><div class="api-title">\n'
    "\t\t\t\tRaise Touch Remote Access API\n</div></div></body></html>"
)
BAD_GATEWAY_PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"

type Body = dict[str, object]

# Instead of the printer's answer.
ANSWERS = frozenset(
    {
        *("http_400", "http_401", "http_404", "http_429", "http_500", "http_502"),
        *("http_503", "reset", "disconnect", "hang", "empty", "html"),
        *("busy_body", "no_server", "token_error", "refuse"),
    }
)
# The printer's answer, changed.
CHANGES = frozenset(
    {
        *("wrong_types", "missing_keys", "extra_keys", "no_data", "string_status"),
        "override",
    }
)
# The answer's bytes or headers, changed.
FORMS = frozenset(
    {"truncated", "cut_off", "not_json_type", "bom", "newline", "chunked"}
)
KINDS = ANSWERS | CHANGES | FORMS | {"slow"}


@dataclass(slots=True)
class Fault:
    """One fault; `count` is how many more requests it hits, None for all."""

    kind: str
    path: str | None
    count: int | None
    options: Mapping[str, object] = field(default_factory=dict)


class Faults:
    """What was added; at most one fault replaces the printer's answer."""

    def __init__(self) -> None:
        """Start faultless."""
        self._faults: list[Fault] = []
        self._released = asyncio.Event()

    def add(
        self,
        kind: str,
        *,
        path: str | None = None,
        count: int | None = 1,
        **options: object,
    ) -> None:
        """Add a fault on a path ("printer/system") or on all of the API's."""
        if kind not in KINDS:
            msg = f"unknown fault {kind!r}; there are {', '.join(sorted(KINDS))}"
            raise ValueError(msg)
        if count is not None and count < 1:
            msg = f"count must be at least 1, not {count}"
            raise ValueError(msg)
        self._faults.append(Fault(kind, path and _normal(path), count, options))

    def clear(self) -> None:
        """End all faults; requests that hang lose their connection."""
        self._faults.clear()
        self._released.set()
        self._released = asyncio.Event()

    def take(self, path: str, *, named_only: bool = False) -> list[Fault]:
        """Give the faults that hit a request now, and count them down."""
        hits = []
        answered = False
        for fault in list(self._faults):
            if fault.path != _normal(path) and (named_only or fault.path is not None):
                continue
            if fault.kind in ANSWERS:
                if answered:
                    continue
                answered = True
            hits.append(fault)
            if fault.count is not None:
                fault.count -= 1
                if not fault.count:
                    self._faults.remove(fault)
        return hits

    async def answer(
        self, request: web.Request, faults: list[Fault]
    ) -> web.Response | None:
        """Wait and answer as the faults demand; None lets the printer answer."""
        released = self._released
        for fault in faults:
            if fault.kind == "slow":
                seconds = cast("float", fault.options.get("seconds", 1.0))
                await _wait(released, seconds)
        for fault in faults:
            if fault.kind in ANSWERS:
                if fault.kind == "hang":
                    await _wait(released, None)
                return _replacement(request, fault)
        return None


def change(body: Body, faults: list[Fault]) -> Body:
    """Spoil the content of an answer."""
    for fault in faults:
        if fault.kind == "no_data":
            body.pop("data", None)
        elif fault.kind == "string_status":
            body["status"] = str(body["status"])
        elif fault.kind in CHANGES and isinstance(data := body.get("data"), dict):
            body["data"] = _spoil(data, fault)
    return body


def form(request: web.Request, payload: bytes, faults: list[Fault]) -> web.Response:
    """Put an answer on the wire, spoiled in form where a fault wants it."""
    kinds = {fault.kind for fault in faults}
    if "bom" in kinds:
        payload = b"\xef\xbb\xbf" + payload
    if "newline" in kinds:
        payload += b"\r\n"
    if "truncated" in kinds:
        payload = payload[: len(payload) // 2]
    content_type = "text/plain" if "not_json_type" in kinds else "application/json"
    response = web.Response(body=payload, content_type=content_type)
    if "chunked" in kinds:
        response.enable_chunked_encoding()
    if "cut_off" in kinds:
        # promises the whole body, sends half of it and hangs up
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n"
        head += f"Content-Length: {len(payload)}\r\n\r\n"
        if request.transport is not None:
            request.transport.write(head.encode() + payload[: len(payload) // 2])
        hang_up(request)
    return response


def hang_up(request: web.Request, *, reset: bool = False) -> None:
    """Close the connection without an answer: orderly, or with a TCP reset."""
    transport = request.transport
    if transport is None:
        return
    if reset:
        linger = struct.pack("ii", 1, 0)
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        transport.abort()
    else:
        transport.close()


def error_body(code: int, msg: str) -> Body:
    """Build the body of a refusal."""
    return {"error": {"code": code, "msg": msg}, "status": 0}


def dump(body: Mapping[str, object]) -> bytes:
    """Write JSON as the printer does: one line, no blanks, keys sorted (captured)."""
    text = json.dumps(body, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    # what a capture has may be half a surrogate pair, which has no bytes
    return text.encode(errors="replace")


IN_BODY = {
    "busy_body": (10003, "busy"),
    "no_server": (503, "no server"),
    "token_error": (401, "token error"),
}


def _replacement(request: web.Request, fault: Fault) -> web.Response:
    kind = fault.kind
    if kind == "refuse":
        # any refusal, also such as the simulated printer has no reason for
        code = int(str(fault.options.get("code", UNKNOWN[0])))
        msg = str(fault.options.get("msg", UNKNOWN[1]))
        return form(request, dump(error_body(code, msg)), [])
    if kind in IN_BODY:
        return form(request, dump(error_body(*IN_BODY[kind])), [])
    if kind == "html":
        return web.Response(text=HTML_PAGE, content_type="text/html")
    if kind == "empty":
        return web.Response(content_type="application/json")
    if kind.startswith("http_"):
        return _http_error(request, fault)
    hang_up(request, reset=kind == "reset")
    return web.Response()


def _http_error(request: web.Request, fault: Fault) -> web.Response:
    status = int(fault.kind.removeprefix("http_"))
    response = web.Response(status=status)
    if fault.kind == "http_401":
        response = form(request, dump(error_body(*IN_BODY["token_error"])), [])
        response.set_status(status)
    elif fault.kind == "http_502":
        response.text = BAD_GATEWAY_PAGE
        response.content_type = "text/html"
    if "retry_after" in fault.options:
        response.headers["Retry-After"] = str(fault.options["retry_after"])
    return response


def _spoil(data: Body, fault: Fault) -> object:
    if fault.kind == "override":
        replacement = fault.options["data"]
        if callable(replacement):
            return cast("Callable[[Body], object]", replacement)(data)
        return replacement
    if fault.kind == "extra_keys":
        return data | {"brand_new": {"key": [1, 2]}, "zzz": None}
    if fault.kind == "missing_keys":
        gone = fault.options.get("keys", sorted(data)[::2])
        return {key: data[key] for key in data if key not in cast("list[str]", gone)}
    return {
        key: _other_type(data[key], place) for place, key in enumerate(sorted(data))
    }


def _other_type(value: object, place: int) -> object:
    # every fourth value is null, so that one body shows all kinds
    if place % 4 == 3:  # noqa: PLR2004
        return None
    if isinstance(value, str):
        return 7
    return str(value)


async def _wait(released: asyncio.Event, seconds: float | None) -> None:
    try:
        async with asyncio.timeout(seconds):
            await released.wait()
    except TimeoutError:
        pass


def _normal(path: str) -> str:
    return path.removeprefix("/v1").strip("/")
