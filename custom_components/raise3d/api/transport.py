"""The way to the printer: what is sent, once or a second time, and what comes back."""

import asyncio
from collections.abc import Mapping
from http import HTTPMethod
import logging
from typing import override
from urllib.parse import quote

from aiohttp import ClientResponse, ClientSession, ClientTimeout, hdrs
from yarl import URL

from .connection import no_retry_middleware, translate_client_errors
from .const import (
    CONNECT_TIMEOUT,
    REQUEST_TIMEOUT,
    RETRY_DELAY,
    UPLOAD_IDLE_TIMEOUT,
)
from .envelope import decode, read
from .exceptions import Raise3DBusyError, Raise3DDisconnectedError, Raise3DError
from .upload import Upload

_LOGGER = logging.getLogger(__name__)

_TIMEOUT = ClientTimeout(total=REQUEST_TIMEOUT, sock_connect=CONNECT_TIMEOUT)
# 500 MB over Wi-Fi take as long as they take; what counts is that it goes on.
_UPLOAD_TIMEOUT = ClientTimeout(
    total=None, sock_connect=CONNECT_TIMEOUT, sock_read=UPLOAD_IDLE_TIMEOUT
)
# The printer's web server drops connections that are kept; a POST on one of them
# would be lost, and a POST is never sent twice.
_HEADERS = {hdrs.CONNECTION: "close"}


class Transport:
    """Sends one request and reads its answer; with a token, but it knows no login."""

    def __init__(self, session: ClientSession, host: str, port: int) -> None:
        """Take a session that stays its owner's, and an address."""
        self._session = session
        self._host = host
        self._port = port
        self._token: str | None = None

    @override
    def __repr__(self) -> str:
        """Name the class alone: the rest is an address and secrets."""
        return f"<{type(self).__name__}>"

    async def _send(
        self,
        method: HTTPMethod,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, str | int] | None = None,
    ) -> Mapping[str, object] | None:
        """Send a request, and a GET once more where the printer only stumbled."""
        try:
            return await self._request_once(method, path, params, body)
        except Raise3DDisconnectedError:
            if method is not HTTPMethod.GET:
                raise
        except Raise3DBusyError as err:
            # A printer that names its time gets it, from whoever asks next.
            if method is not HTTPMethod.GET or err.retry_after is not None:
                raise
        await asyncio.sleep(RETRY_DELAY)
        return await self._request_once(method, path, params, body)

    async def _request_once(
        self,
        method: HTTPMethod,
        path: str,
        params: Mapping[str, str] | None,
        body: Mapping[str, str | int] | None,
    ) -> Mapping[str, object] | None:
        """Send one request and read its answer."""
        with translate_client_errors(path):
            async with self._session.request(
                method,
                self._url(path, params),
                json=body,
                headers=_HEADERS,
                timeout=_TIMEOUT,
                allow_redirects=False,
                # The session's own middlewares only watch redirects.
                middlewares=(no_retry_middleware,),
            ) as response:
                raw = await read(path, response)
        return _decode_response(method, path, response, raw)

    async def _upload_once(self, path: str, upload: Upload) -> None:
        """Send a file and read the answer, for as long as the file moves."""
        try:
            with translate_client_errors(path):
                async with asyncio.timeout(UPLOAD_IDLE_TIMEOUT) as idle:
                    response = await self._session.post(
                        self._url(path, None),
                        data=upload.chunks(idle),
                        headers=_HEADERS | upload.headers,
                        timeout=_UPLOAD_TIMEOUT,
                        allow_redirects=False,
                        middlewares=(no_retry_middleware,),
                    )
                    try:
                        raw = await read(path, response)
                    finally:
                        # An answer that came early ends the sending as well.
                        response.close()
        except Raise3DError:
            if upload.failure is not None:
                # Not the printer failed, but what the file was read from.
                raise upload.failure from None
            raise
        _decode_response(HTTPMethod.POST, path, response, raw)

    def _url(self, path: str, params: Mapping[str, str] | None) -> URL:
        """Return the URL of an endpoint, with the token."""
        base = URL.build(
            scheme="http", host=self._host, port=self._port, path=f"/v1/{path}"
        )
        query = dict(params or {})
        if self._token is not None:
            query["token"] = self._token
        # yarl writes a blank as "+", which Qt reads as a plus sign.
        text = "&".join(f"{key}={quote(value)}" for key, value in query.items())
        return URL(f"{base}?{text}", encoded=True)


def _decode_response(
    method: HTTPMethod, path: str, response: ClientResponse, raw: bytes
) -> Mapping[str, object] | None:
    """Note an answer in the log, without what it says, and decode it."""
    _LOGGER.debug("%s %s: HTTP %s, %s bytes", method, path, response.status, len(raw))
    return decode(path, response, raw)
