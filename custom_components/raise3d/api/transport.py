"""The way to the printer: one request at a time, signed in, never a command twice."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
import hashlib
from http import HTTPMethod
import logging
import os
import time
from typing import override
from urllib.parse import quote

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ServerDisconnectedError,
    hdrs,
)
from yarl import URL

from .const import (
    CONNECT_TIMEOUT,
    DEFAULT_PORT,
    REQUEST_TIMEOUT,
    RETRY_DELAY,
    UPLOAD_IDLE_TIMEOUT,
)
from .envelope import decode, read
from .exceptions import (
    Raise3DApiDownError,
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DConnectionError,
    Raise3DDisconnectedError,
    Raise3DError,
    Raise3DResponseError,
    Raise3DTimeoutError,
)
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


def sign(password: str, timestamp: int) -> str:
    """Return the sign of a login at a time in milliseconds since 1970."""
    text = f"password={password}&timestamp={timestamp}"
    digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    return hashlib.md5(digest.encode(), usedforsecurity=False).hexdigest()


class Transport:
    """One printer, asked one thing at a time.

    Every request raises a `Raise3DError`, and nothing else. With a password the
    client signs in when it has to; with a token alone it lives as long as that
    token, 24 hours at most.
    """

    def __init__(
        self,
        session: ClientSession,
        host: str,
        port: int = DEFAULT_PORT,
        *,
        password: str | None = None,
        token: str | None = None,
    ) -> None:
        """Take a session that stays its owner's, an address and a secret."""
        self._session = session
        self._host = host
        self._port = port
        self._password = password
        self._token = token
        # The printer drops bursts: it answers one request at a time.
        self._lock = asyncio.Lock()
        self._uploading = False

    @override
    def __repr__(self) -> str:
        """Name the class alone: the rest is an address and secrets."""
        return f"<{type(self).__name__}>"

    @property
    def uploading(self) -> bool:
        """Whether a file is on its way.

        Until it has arrived everything else raises Raise3DBusyError at once: the
        printer takes one request at a time, and nobody waits an hour for an answer.
        """
        return self._uploading

    async def login(self) -> str:
        """Sign in with the password and return the token, `/login`.

        Raises Raise3DAuthenticationError for a wrong password.
        """
        self._refuse_in_upload()
        async with self._lock:
            return await self._login()

    async def _get(
        self, path: str, params: Mapping[str, str] | None = None
    ) -> Mapping[str, object]:
        """Read an endpoint as its data."""
        data = await self._request(HTTPMethod.GET, path, params=params)
        if data is None:
            msg = f"{path}: the answer has no data"
            raise Raise3DResponseError(msg)
        return data

    async def _post(
        self, path: str, body: Mapping[str, str | int] | None = None
    ) -> None:
        """Give a command."""
        await self._request(HTTPMethod.POST, path, body=body)

    async def _request(
        self,
        method: HTTPMethod,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, str | int] | None = None,
    ) -> Mapping[str, object] | None:
        """Wait for the line, and send a request with a token."""
        self._refuse_in_upload()
        async with self._lock:
            return await self._authenticated(method, path, params=params, body=body)

    async def _upload(
        self, path: str, upload: Upload, *, before: str, params: Mapping[str, str]
    ) -> None:
        """Send a file once, after a GET that a dead token or a wrong folder fails.

        The file can be read only once, and it would have to travel to the printer
        before it is refused.
        """
        self._refuse_in_upload()
        self._uploading = True
        try:
            async with self._lock:
                await self._authenticated(HTTPMethod.GET, before, params=params)
                await self._upload_once(path, upload)
        finally:
            self._uploading = False

    def _refuse_in_upload(self) -> None:
        """Fail now rather than after an upload."""
        if self._uploading:
            msg = "a file is being uploaded"
            raise Raise3DBusyError(msg)

    async def _authenticated(
        self,
        method: HTTPMethod,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, str | int] | None = None,
    ) -> Mapping[str, object] | None:
        """Sign in once where the token is no good; the caller holds the lock."""
        fresh = False
        if self._token is None:
            await self._login()
            fresh = True
        try:
            return await self._send(method, path, params=params, body=body)
        except Raise3DAuthenticationError:
            if fresh or self._password is None:
                raise
        await self._login()
        return await self._send(method, path, params=params, body=body)

    async def _login(self) -> str:
        """Sign in; the caller holds the lock."""
        if self._password is None:
            msg = "There is no password to sign in with"
            raise Raise3DAuthenticationError(msg)
        timestamp = time.time_ns() // 1_000_000
        self._token = None
        data = await self._send(
            HTTPMethod.GET,
            "login",
            params={
                "sign": sign(self._password, timestamp),
                "timestamp": str(timestamp),
            },
        )
        token = (data or {}).get("token")
        if not isinstance(token, str) or not token:
            msg = "login: the answer has no token"
            raise Raise3DResponseError(msg)
        self._token = token
        return token

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


@contextmanager
def translate_client_errors(path: str) -> Iterator[None]:
    """Turn aiohttp's errors into ours.

    No cause is chained to what is raised: aiohttp's errors print the URL, and
    the URL holds the token.
    """
    try:
        yield
    except TimeoutError:
        msg = f"{path}: no answer in time"
        raise Raise3DTimeoutError(msg) from None
    except ClientConnectorError as err:
        msg = f"{path}: no connection, {_reason(err)}"
        if isinstance(err.os_error, ConnectionRefusedError):
            raise Raise3DApiDownError(msg) from None
        raise Raise3DConnectionError(msg) from None
    except ValueError:
        msg = f"{path}: the address cannot be used"
        raise Raise3DConnectionError(msg) from None
    except (ClientError, OSError) as err:
        msg = f"{path}: the connection broke, {_reason(err)}"
        raise Raise3DDisconnectedError(msg) from None


async def no_retry_middleware(
    request: ClientRequest, handler: ClientHandlerType
) -> ClientResponse:
    """Keep aiohttp from sending a GET again at once: such bursts are the trouble."""
    try:
        return await handler(request)
    except ClientConnectorError:
        raise
    except (ClientOSError, ServerDisconnectedError) as err:
        path = request.url.path.removeprefix("/v1/")
        msg = f"{path}: the connection broke, {_reason(err)}"
        raise Raise3DDisconnectedError(msg) from None


def _reason(err: Exception) -> str:
    """Say what broke without the address that aiohttp's own text holds."""
    number = err.errno if isinstance(err, OSError) else None
    return os.strerror(number) if number else type(err).__name__
