"""Client of the camera server, a process of its own inside the printer."""

import asyncio
from http import HTTPStatus
from typing import Self, override

from aiohttp import (
    ClientResponse,
    ClientSession,
    ClientTimeout,
    encode_basic_auth,
    hdrs,
)
from yarl import URL

from .aiohttp_errors import no_retry_middleware, translate_client_errors
from .const import (
    CAMERA_TIMEOUT,
    CONNECT_TIMEOUT,
    MAX_SHOT_SIZE,
    STREAM_IDLE_TIMEOUT,
)
from .envelope import read_body
from .exceptions import (
    Raise3DAuthenticationError,
    Raise3DNotFoundError,
    Raise3DResponseError,
)
from .mjpeg import PictureReader, read_delimiter
from .models import CameraInfo
from .pictures import JPEG

# The path that camerserver_URI names, auth_stream, answers 501.
_SHOT = "api/v1/camera/takeshot"
_STREAM = "api/v1/camera/stream"

SHOT_TIMEOUT = ClientTimeout(total=CAMERA_TIMEOUT, sock_connect=CONNECT_TIMEOUT)
STREAM_TIMEOUT = ClientTimeout(
    total=None, sock_connect=CONNECT_TIMEOUT, sock_read=STREAM_IDLE_TIMEOUT
)


class PictureStream:
    """The pictures of an open stream, one after the other: `async for` reads them."""

    def __init__(self, response: ClientResponse) -> None:
        """Take the camera's answer.

        Raises Raise3DResponseError where it is no stream of pictures.
        """
        self._response = response
        self._reader = PictureReader(
            response.content.iter_any(),
            read_delimiter(response.headers.get(hdrs.CONTENT_TYPE, "")),
        )

    def __aiter__(self) -> Self:
        """Return the stream itself."""
        return self

    async def __anext__(self) -> bytes:
        """Return the next JPEG or PNG; raises a Raise3DError where none comes."""
        with translate_client_errors(_STREAM):
            async with asyncio.timeout(STREAM_IDLE_TIMEOUT):
                picture = await self._reader.read()
        if picture is None:
            raise StopAsyncIteration
        return picture

    def close(self) -> None:
        """Close the connection."""
        self._response.close()


class Raise3DCamera:
    """The camera on the printer's own host; the port and the login are in CameraInfo.

    The password is new at each boot of the printer: after a
    Raise3DAuthenticationError read `client.queries.get_camera` again.
    """

    def __init__(self, session: ClientSession, host: str) -> None:
        """Take a session that stays its owner's, and the printer's host."""
        self._session = session
        self._host = host

    @override
    def __repr__(self) -> str:
        """Name the class alone."""
        return f"<{type(self).__name__}>"

    async def is_listening(self, port: int) -> bool:
        """Whether anything accepts connections at the camera's port within 4 s."""
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                _, writer = await asyncio.open_connection(self._host, port)
        except OSError, TimeoutError:
            return False
        writer.close()
        return True

    async def take_shot(self, info: CameraInfo) -> bytes:
        """Return a picture as JPEG, `/api/v1/camera/takeshot`.

        Raises Raise3DNotFoundError where no camera is connected,
        Raise3DAuthenticationError for an old password, Raise3DConnectionError where
        there is no server and Raise3DResponseError for anything but a picture.
        """
        with translate_client_errors(_SHOT):
            response = await self._open(_SHOT, info, SHOT_TIMEOUT)
            try:
                picture = await read_body(_SHOT, response, MAX_SHOT_SIZE)
            finally:
                response.close()
        if not picture.startswith(JPEG):
            msg = f"{_SHOT}: this is no picture"
            raise Raise3DResponseError(msg)
        return picture

    async def open_stream(self, info: CameraInfo) -> PictureStream:
        """Open the endless MJPEG stream, `/api/v1/camera/stream`.

        The stream is the caller's, who closes it. Raises what `take_shot` raises.
        """
        with translate_client_errors(_STREAM):
            response = await self._open(_STREAM, info, STREAM_TIMEOUT)
        try:
            return PictureStream(response)
        except Raise3DResponseError:
            response.close()
            raise

    async def _open(
        self, path: str, info: CameraInfo, limits: ClientTimeout
    ) -> ClientResponse:
        """Send a request to the camera server; return only a response with HTTP 200."""
        if not info.connected or info.user_name is None or info.password is None:
            msg = "No camera is connected"
            raise Raise3DNotFoundError(msg)
        response = await self._session.get(
            URL.build(scheme="http", host=self._host, port=info.port, path=f"/{path}"),
            headers={
                hdrs.AUTHORIZATION: encode_basic_auth(info.user_name, info.password),
                hdrs.CONNECTION: "close",
            },
            timeout=limits,
            allow_redirects=False,
            middlewares=(no_retry_middleware,),
        )
        if response.status == HTTPStatus.OK:
            return response
        response.close()
        if response.status == HTTPStatus.UNAUTHORIZED:
            msg = f"{path}: the camera's password has changed"
            raise Raise3DAuthenticationError(msg)
        msg = f"{path}: HTTP {response.status}"
        raise Raise3DResponseError(msg)
