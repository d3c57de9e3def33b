"""Client of the RaiseTouch Remote Access API; imports no Home Assistant."""

import asyncio
from collections.abc import Mapping
import hashlib
from http import HTTPMethod, HTTPStatus
import json
import logging
import os
import time
from typing import override

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
    JOB_LIST_MAX,
    MAX_BODY_SIZE,
    MAX_RETRY_AFTER,
    MIN_RETRY_AFTER,
    REQUEST_TIMEOUT,
    RETRY_DELAY,
    ErrorCode,
)
from .exceptions import (
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DConnectionError,
    Raise3DDisconnectedError,
    Raise3DError,
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    Raise3DRefusedError,
    Raise3DResponseError,
    Raise3DTimeoutError,
)
from .models import (
    BasicInfo,
    CameraInfo,
    CurrentJob,
    JobRecord,
    NozzleInfo,
    RunningStatus,
    Statistics,
    SystemInfo,
)

_LOGGER = logging.getLogger(__name__)

_TIMEOUT = ClientTimeout(total=REQUEST_TIMEOUT, sock_connect=CONNECT_TIMEOUT)
# The printer's web server drops connections that are kept; a POST on one of them
# would be lost, and a POST is never sent twice.
_HEADERS = {hdrs.CONNECTION: "close"}

_MAX_WORDS = 200
_BUSY_CODES = (ErrorCode.BUSY, ErrorCode.NO_SERVER, HTTPStatus.TOO_MANY_REQUESTS)
_ERROR_TYPES: dict[int, type[Raise3DError]] = {
    ErrorCode.TOKEN: Raise3DAuthenticationError,
    ErrorCode.PASSWORD: Raise3DAuthenticationError,
    ErrorCode.NOT_FOUND: Raise3DNotFoundError,
    ErrorCode.REFUSED: Raise3DRefusedError,
    ErrorCode.INVALID_VALUE: Raise3DInvalidValueError,
    ErrorCode.DATA_FILE: Raise3DInvalidValueError,
    ErrorCode.ROOT_PATH: Raise3DInvalidValueError,
    ErrorCode.ROOT_FOLDER: Raise3DInvalidValueError,
}


def sign(password: str, timestamp: int) -> str:
    """Return the sign of a login at a time in milliseconds since 1970."""
    text = f"password={password}&timestamp={timestamp}"
    digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    return hashlib.md5(digest.encode(), usedforsecurity=False).hexdigest()


class Raise3DClient:
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

    @override
    def __repr__(self) -> str:
        """Name the class alone: the rest is an address and secrets."""
        return f"<{type(self).__name__}>"

    async def login(self) -> str:
        """Sign in with the password and return the token, `/login`.

        Raises Raise3DAuthenticationError for a wrong password.
        """
        async with self._lock:
            return await self._login()

    async def get_system(self) -> SystemInfo:
        """Return identity, versions and storage, `/printer/system`."""
        return SystemInfo.from_dict(await self._get("printer/system"))

    async def get_running_status(self) -> RunningStatus:
        """Return what the printer is doing, `/printer/runningstatus`."""
        return RunningStatus.from_dict(await self._get("printer/runningstatus"))

    async def get_basic(self) -> BasicInfo:
        """Return bed, fan and speed, `/printer/basic`."""
        return BasicInfo.from_dict(await self._get("printer/basic"))

    async def get_left_nozzle(self) -> NozzleInfo:
        """Return the left or only nozzle, `/printer/nozzle1`."""
        return NozzleInfo.from_dict(await self._get("printer/nozzle1"))

    async def get_right_nozzle(self) -> NozzleInfo:
        """Return the right nozzle, `/printer/nozzle2`.

        Raises Raise3DNotFoundError on a printer with one nozzle.
        """
        return NozzleInfo.from_dict(await self._get("printer/nozzle2"))

    async def get_current_job(self) -> CurrentJob:
        """Return the job that the printer names, `/job/currentjob`.

        An idle printer names its last job and says that it runs: ask
        `get_running_status` whether there is a job.
        """
        return CurrentJob.from_dict(await self._get("job/currentjob"))

    async def get_camera(self) -> CameraInfo:
        """Return whether there is a camera, and its login, `/printer/camera`."""
        return CameraInfo.from_dict(await self._get("printer/camera"))

    async def get_statistics(self) -> Statistics:
        """Return the totals of the printer's life, `/dashboard/statistics`."""
        return Statistics.from_dict(await self._get("dashboard/statistics"))

    async def get_job_list(
        self, start: int, count: int = JOB_LIST_MAX
    ) -> list[JobRecord]:
        """Return a part of the history, oldest first, `/dashboard/joblist`.

        `start` is a place in the history from 0, `count` is 1 to 12. Raises
        Raise3DInvalidValueError for a start that is not below the number of jobs.
        """
        params = {"start_pos": str(start), "max_num": str(count)}
        return JobRecord.list_from_dict(await self._get("dashboard/joblist", params))

    async def get_newest_jobs(self) -> list[JobRecord]:
        """Return the newest completed jobs, up to 11 and oldest first.

        Whether the history counts from 0 or from 1 is not documented; this reads a
        part that ends with the newest job either way.
        """
        total = (await self.get_statistics()).prints_completed
        if not total:
            return []
        start = max(0, total - JOB_LIST_MAX + 1)
        try:
            return await self.get_job_list(start)
        except Raise3DInvalidValueError:
            # 0 is refused where the history counts from 1
            return await self.get_job_list(start + 1)

    async def _get(
        self, path: str, params: Mapping[str, str] | None = None
    ) -> Mapping[str, object]:
        """Read an endpoint as its data."""
        data = await self._request(HTTPMethod.GET, path, params=params)
        if data is None:
            msg = f"{path}: the answer has no data"
            raise Raise3DResponseError(msg)
        return data

    async def _request(
        self,
        method: HTTPMethod,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, str | int] | None = None,
    ) -> Mapping[str, object] | None:
        """Send a request with a token; sign in once where the token is no good."""
        async with self._lock:
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
        query = dict(params or {})
        if self._token is not None:
            query["token"] = self._token
        try:
            return await self._exchange(method, path, query, body)
        except Raise3DDisconnectedError:
            if method is not HTTPMethod.GET:
                raise
        except Raise3DBusyError as err:
            # A printer that names its time gets it, from whoever asks next.
            if method is not HTTPMethod.GET or err.retry_after is not None:
                raise
        await asyncio.sleep(RETRY_DELAY)
        return await self._exchange(method, path, query, body)

    async def _exchange(
        self,
        method: HTTPMethod,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, str | int] | None,
    ) -> Mapping[str, object] | None:
        """Send one request and read its answer.

        No cause is chained to what is raised: aiohttp's errors print the URL, and
        the URL holds the token.
        """
        try:
            url = URL.build(
                scheme="http", host=self._host, port=self._port, path=f"/v1/{path}"
            ).with_query(query)
            async with self._session.request(
                method,
                url,
                json=body,
                headers=_HEADERS,
                timeout=_TIMEOUT,
                allow_redirects=False,
                # The session's own middlewares only watch redirects.
                middlewares=(_once,),
            ) as response:
                raw = await _read(path, response)
        except TimeoutError:
            msg = f"{path}: no answer in time"
            raise Raise3DTimeoutError(msg) from None
        except ClientConnectorError as err:
            msg = f"{path}: no connection, {_reason(err)}"
            raise Raise3DConnectionError(msg) from None
        except ValueError:
            msg = f"{path}: the address cannot be used"
            raise Raise3DConnectionError(msg) from None
        except (ClientError, OSError) as err:
            msg = f"{path}: the connection broke, {_reason(err)}"
            raise Raise3DDisconnectedError(msg) from None
        _LOGGER.debug(
            "%s %s: HTTP %s, %s bytes", method, path, response.status, len(raw)
        )
        return _decode(path, response, raw)


async def _once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Keep aiohttp from sending a GET again at once: such bursts are the trouble."""
    try:
        return await handler(request)
    except ClientConnectorError:
        raise
    except (ClientOSError, ServerDisconnectedError) as err:
        path = request.url.path.removeprefix("/v1/")
        msg = f"{path}: the connection broke, {_reason(err)}"
        raise Raise3DDisconnectedError(msg) from None


async def _read(path: str, response: ClientResponse) -> bytes:
    """Read a body, up to a limit that no true answer reaches."""
    raw = bytearray()
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > MAX_BODY_SIZE:
            msg = f"{path}: the answer is too long"
            raise Raise3DResponseError(msg)
    return bytes(raw)


def _decode(
    path: str, response: ClientResponse, raw: bytes
) -> Mapping[str, object] | None:
    """Return the data of an envelope, None where it has none.

    The envelope decides, whatever the HTTP status and the content type say: the
    printer reports most of its errors with HTTP 200.
    """
    envelope = _parse(raw)
    if envelope is not None and str(envelope.get("status")) == "1":
        data = envelope.get("data")
        return data if isinstance(data, dict) else None
    if envelope is not None and isinstance(error := envelope.get("error"), dict):
        raise _error_from_body(path, error, response)
    raise _error_from_status(path, response)


def _parse(raw: bytes) -> dict[str, object] | None:
    """Return the JSON object of a body, None where it is anything else."""
    try:
        # NaN and Infinity are no JSON, but what some firmware may print
        envelope = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_number)
    except ValueError, RecursionError:
        return None
    return envelope if isinstance(envelope, dict) else None


def _no_number(_: str) -> None:
    """Read NaN and Infinity as null."""


def _error_from_body(
    path: str, error: Mapping[str, object], response: ClientResponse
) -> Raise3DError:
    """Translate a code of the envelope; it may come as a text."""
    words = error.get("msg")
    message = words if isinstance(words, str) else "no reason given"
    if len(message) > _MAX_WORDS or "=" in message:
        # Not the printer's own words, which are short; a proxy could have put the
        # URL in, and the URL holds the token.
        message = "no reason given"
    try:
        code = int(str(error.get("code")))
    except ValueError:
        msg = f"{path}: an error without a code"
        return Raise3DResponseError(msg)
    if code == ErrorCode.BUSY and "too large" in message.lower():
        return Raise3DInvalidValueError(message)
    if code in _BUSY_CODES:
        return Raise3DBusyError(message, _retry_after(response))
    if error_type := _ERROR_TYPES.get(code):
        return error_type(message)
    msg = f"{path}: unknown error {code}"
    return Raise3DResponseError(msg)


def _error_from_status(path: str, response: ClientResponse) -> Raise3DError:
    """Translate an HTTP status that comes without an envelope."""
    message = f"{path}: HTTP {response.status} without a readable answer"
    match response.status:
        # The printer says 10000 or 401 in the body of a login; a bare 401 there is
        # another machine's web server that wants a login of its own.
        case HTTPStatus.UNAUTHORIZED if path != "login":
            return Raise3DAuthenticationError(message)
        case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.SERVICE_UNAVAILABLE:
            return Raise3DBusyError(message, _retry_after(response))
        # Documented cure: switch the API off and on at the printer's screen.
        case HTTPStatus.INTERNAL_SERVER_ERROR:
            return Raise3DConnectionError(message)
    return Raise3DResponseError(message)


def _retry_after(response: ClientResponse) -> float | None:
    """Return the seconds of a Retry-After; printers have no use for its date form."""
    value = response.headers.get(hdrs.RETRY_AFTER, "").strip()
    if not (value.isascii() and value.isdigit()):
        return None
    return min(max(float(value), MIN_RETRY_AFTER), MAX_RETRY_AFTER)


def _reason(err: Exception) -> str:
    """Say what broke without the address that aiohttp's own text holds."""
    number = err.errno if isinstance(err, OSError) else None
    return os.strerror(number) if number else type(err).__name__
