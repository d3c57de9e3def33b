"""Sends requests over HTTP, a GET once more where that helps, and reads the answer."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPMethod
import logging
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from aiohttp import ClientResponse, ClientSession, ClientTimeout, hdrs
from yarl import URL

from .aiohttp_errors import no_retry_middleware, translate_client_errors
from .answers import AnswerLog
from .const import (
    CONNECT_TIMEOUT,
    REQUEST_TIMEOUT,
    RETRY_DELAY,
    UPLOAD_IDLE_TIMEOUT,
)
from .envelope import LOGIN, decode_envelope, read_body
from .exceptions import Raise3DBusyError, Raise3DDisconnectedError, Raise3DError
from .upload import Upload

_LOGGER = logging.getLogger(__name__)

TIMEOUT = ClientTimeout(total=REQUEST_TIMEOUT, sock_connect=CONNECT_TIMEOUT)
# 500 MB over Wi-Fi may take any time, as long as something moves.
UPLOAD_TIMEOUT = ClientTimeout(
    total=None, sock_connect=CONNECT_TIMEOUT, sock_read=UPLOAD_IDLE_TIMEOUT
)
# The printer's web server drops connections that are kept; a POST on one of them
# would be lost, and a POST is never sent twice.
_HEADERS: Final = MappingProxyType({hdrs.CONNECTION: "close"})

type Data = Mapping[str, object]
type Params = Mapping[str, str]
type Body = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Request:
    """One request to an endpoint; its parameters and body never show."""

    method: HTTPMethod
    path: str
    params: Params = field(default_factory=dict, repr=False)
    body: Body | None = field(default=None, repr=False)


class Transport:
    """Sends one request and reads its answer; it knows no login."""

    def __init__(self, session: ClientSession, host: str, port: int) -> None:
        """Take a session that stays its owner's, and an address."""
        self._session = session
        self._host = host
        self._port = port
        self.answers = AnswerLog()

    async def send(self, request: Request, token: str | None) -> Data | None:
        """Send a request, a GET once more after a lost connection or a busy answer."""
        try:
            return await self._send_once(request, token)
        except Raise3DDisconnectedError:
            if request.method is not HTTPMethod.GET:
                raise
        except Raise3DBusyError as err:
            # A printer that sends Retry-After gets that time: the caller has to wait.
            if request.method is not HTTPMethod.GET or err.retry_after is not None:
                raise
        await asyncio.sleep(RETRY_DELAY)
        return await self._send_once(request, token)

    async def upload(self, path: str, upload: Upload, token: str | None) -> None:
        """Send a file and read the answer; only a standstill times out."""
        request = Request(HTTPMethod.POST, path)
        try:
            with translate_client_errors(path):
                async with asyncio.timeout(UPLOAD_IDLE_TIMEOUT) as idle:
                    response = await self._session.post(
                        self._url(request, token),
                        data=upload.chunks(idle),
                        headers=_HEADERS | upload.headers,
                        timeout=UPLOAD_TIMEOUT,
                        allow_redirects=False,
                        middlewares=(no_retry_middleware,),
                    )
                    try:
                        raw = await read_body(path, response)
                    finally:
                        # An answer that comes early stops the sending.
                        response.close()
        except Raise3DError:
            if upload.failure is not None:
                # The stream of the file failed, not the printer.
                raise upload.failure from None
            raise
        _decode_response(request, response, raw)

    async def _send_once(self, request: Request, token: str | None) -> Data | None:
        """Send one request and read its answer."""
        with translate_client_errors(request.path):
            async with self._session.request(
                request.method,
                self._url(request, token),
                json=request.body,
                headers=_HEADERS,
                timeout=TIMEOUT,
                allow_redirects=False,
                # The session's own middlewares only watch redirects.
                middlewares=(no_retry_middleware,),
            ) as response:
                raw = await read_body(request.path, response)
        if request.method is HTTPMethod.GET and request.path != LOGIN:
            self.answers.note(
                request.path,
                request.params,
                status=response.status,
                content_type=response.headers.get(hdrs.CONTENT_TYPE, ""),
                body=raw,
            )
        return _decode_response(request, response, raw)

    def _url(self, request: Request, token: str | None) -> URL:
        """Return the URL of a request, with the token."""
        base = URL.build(
            scheme="http", host=self._host, port=self._port, path=f"/v1/{request.path}"
        )
        query = dict(request.params)
        if token is not None:
            query["token"] = token
        # yarl writes a space as "+", which Qt reads as a plus sign.
        text = "&".join(f"{key}={quote(value)}" for key, value in query.items())
        return URL(f"{base}?{text}", encoded=True)


def _decode_response(
    request: Request, response: ClientResponse, raw: bytes
) -> Data | None:
    """Log that there is an answer, without its content, and decode it."""
    _LOGGER.debug(
        "%s %s: HTTP %s, %s bytes",
        request.method,
        request.path,
        response.status,
        len(raw),
    )
    return decode_envelope(request.path, response, raw)
