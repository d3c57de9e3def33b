"""Requests of a client: one at a time, signed in, never a command twice."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from http import HTTPMethod

from .exceptions import Raise3DBusyError, Raise3DResponseError
from .login import Authenticator
from .transport import Body, Data, Params, Request
from .upload import Upload


class Requests:
    """Sends what queries, commands, files and history need, one at a time.

    Every method raises a `Raise3DError`, and nothing else.
    """

    def __init__(self, authenticator: Authenticator) -> None:
        """Take what sends requests with a token."""
        self._authenticator = authenticator
        # The printer drops bursts: it answers one request at a time.
        self._lock = asyncio.Lock()
        self._uploading = False

    @property
    def uploading(self) -> bool:
        """Whether a file is being uploaded."""
        return self._uploading

    async def login(self) -> str:
        """Sign in and return the token."""
        async with self._exclusive():
            return await self._authenticator.login()

    async def get(self, path: str, params: Params | None = None) -> Data:
        """Read an endpoint as its data."""
        async with self._exclusive():
            data = await self._authenticator.send(
                Request(HTTPMethod.GET, path, params or {})
            )
        if data is None:
            msg = f"{path}: the answer has no data"
            raise Raise3DResponseError(msg)
        return data

    async def post(self, path: str, body: Body | None = None) -> None:
        """Send a command."""
        async with self._exclusive():
            await self._authenticator.send(Request(HTTPMethod.POST, path, body=body))

    async def post_if(
        self, query: str, check: Callable[[Data], None], path: str, body: Body
    ) -> None:
        """Send a command if the answer to a query passes a check, which may raise.

        No other request gets between the two.
        """
        async with self._exclusive():
            check(await self._authenticator.send(Request(HTTPMethod.GET, query)) or {})
            await self._authenticator.send(Request(HTTPMethod.POST, path, body=body))

    async def upload(
        self, path: str, upload: Upload, *, before: str, params: Params
    ) -> None:
        """Send a file, after a GET that fails for an expired token or a wrong folder.

        The file can be read only once, and the printer refuses it only when it has
        all of it.
        """
        self._refuse_in_upload()
        self._uploading = True
        try:
            async with self._lock:
                await self._authenticator.send(Request(HTTPMethod.GET, before, params))
                await self._authenticator.upload(path, upload)
        finally:
            self._uploading = False

    @asynccontextmanager
    async def _exclusive(self) -> AsyncGenerator[None]:
        """Wait until no other request is in flight, and hold the next ones back."""
        self._refuse_in_upload()
        async with self._lock:
            yield

    def _refuse_in_upload(self) -> None:
        """Raise Raise3DBusyError during an upload, instead of waiting for its end."""
        if self._uploading:
            msg = "a file is being uploaded"
            raise Raise3DBusyError(msg)
