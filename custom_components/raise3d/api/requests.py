"""Requests as a client makes them: one at a time, signed in, never a command twice."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPMethod
import time

from aiohttp import ClientSession

from .const import DEFAULT_PORT, LOGIN_BUDGETS
from .envelope import LOGIN
from .exceptions import (
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DConnectionError,
    Raise3DError,
    Raise3DResponseError,
    Raise3DSessionError,
    Raise3DWrongPrinterError,
)
from .guard import SYSTEM, PrinterGuard
from .login import LoginBudget, sign
from .transport import Transport
from .upload import Upload


class Requests(Transport):
    """One printer, asked one thing at a time.

    Every request raises a `Raise3DError`, and nothing else. With a password the
    client signs in when it has to, as often as its budget allows; with a token alone
    it lives as long as that token, 24 hours at most.
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
        super().__init__(session, host, port)
        self._password = password
        self._token = token
        # The printer drops bursts: it answers one request at a time.
        self._lock = asyncio.Lock()
        self._uploading = False
        self._budget = LoginBudget(LOGIN_BUDGETS)
        self.guard = PrinterGuard()
        """Which printer is meant: tell it with `expect`, and when to `doubt`."""
        self.logins = 0
        """How often the client has got a token: each time it may be another printer."""

    @property
    def uploading(self) -> bool:
        """Whether a file is on its way.

        Until it has arrived everything else raises Raise3DBusyError at once: the
        printer takes one request at a time, and nobody waits an hour for an answer.
        """
        return self._uploading

    async def login(self) -> str:
        """Sign in with the password and return the token, `/login`.

        Raises Raise3DAuthenticationError for a wrong password. It never has to wait:
        somebody is there who has just typed it.
        """
        async with self._exclusive():
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
        async with self._exclusive():
            return await self._authenticated(method, path, params=params, body=body)

    async def _post_if(
        self,
        question: str,
        check: Callable[[Mapping[str, object]], None],
        path: str,
        body: Mapping[str, str | int],
    ) -> None:
        """Give a command if the answer to a question passes a check, which may raise.

        No other request gets between the two.
        """
        async with self._exclusive():
            check(await self._authenticated(HTTPMethod.GET, question) or {})
            await self._authenticated(HTTPMethod.POST, path, body=body)

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
                await self._confirm_printer(certain=True)
                await self._upload_once(path, upload)
        except Raise3DSessionError as err:
            raise self._final(err) from None
        finally:
            self._uploading = False

    @asynccontextmanager
    async def _exclusive(self) -> AsyncGenerator[None]:
        """Wait for the line, and keep it until the end."""
        self._refuse_in_upload()
        async with self._lock:
            yield

    def _refuse_in_upload(self) -> None:
        """Fail now rather than after an upload."""
        if self._uploading:
            msg = "a file is being uploaded"
            raise Raise3DBusyError(msg)

    def _final(self, err: Raise3DSessionError) -> Raise3DError:
        """Return what a token means that is refused for good."""
        if self._password is None:
            # Only a person can renew it.
            return Raise3DAuthenticationError(str(err))
        return err

    async def _authenticated(
        self,
        method: HTTPMethod,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, str | int] | None = None,
    ) -> Mapping[str, object] | None:
        """Sign in once where the token is no good; the caller holds the lock.

        Each time the right printer has to name itself before the request goes out.
        """
        logins = self.logins
        if self._token is None:
            await self._renew_token()
        try:
            return await self._guarded(method, path, params=params, body=body)
        except Raise3DSessionError as err:
            # A token of this moment is no better a second time.
            if logins != self.logins or self._password is None:
                raise self._final(err) from None
        await self._renew_token()
        return await self._guarded(method, path, params=params, body=body)

    async def _guarded(
        self,
        method: HTTPMethod,
        path: str,
        *,
        params: Mapping[str, str] | None,
        body: Mapping[str, str | int] | None,
    ) -> Mapping[str, object] | None:
        """Send a request to no other printer than the one that is meant."""
        if path != SYSTEM:
            await self._confirm_printer(certain=method is not HTTPMethod.GET)
            return await self._send(method, path, params=params, body=body)
        self.guard.begin()
        data = await self._send(method, path, params=params, body=body)
        self.guard.check(data or {})
        return data

    async def _confirm_printer(self, *, certain: bool) -> None:
        """Have the printer name itself where that is needed.

        With `certain`, or where another one has just answered, it has to do so.
        """
        if not self.guard.needs_confirmation(certain=certain):
            return
        try:
            await self._authenticated(HTTPMethod.GET, SYSTEM)
        except Raise3DAuthenticationError, Raise3DWrongPrinterError:
            raise
        except Raise3DError:
            if certain or self.guard.mismatched:
                raise
        if certain and not self.guard.confirmed:
            msg = f"{SYSTEM}: the answer has no machine id"
            raise Raise3DResponseError(msg)

    async def _renew_token(self) -> None:
        """Sign in if the budget allows it; the caller holds the lock."""
        if self._password is not None and self._budget.exhausted:
            msg = "The printer takes no token, the next login has to wait"
            raise Raise3DSessionError(msg)
        try:
            await self._login()
        except Raise3DConnectionError, Raise3DBusyError:
            # The printer has not looked at the password: it is off, or it boots.
            raise
        except Raise3DError:
            self._budget.spend()
            raise
        self._budget.spend()

    async def _login(self) -> str:
        """Sign in; the caller holds the lock."""
        if self._password is None:
            msg = "There is no password to sign in with"
            raise Raise3DAuthenticationError(msg)
        timestamp = time.time_ns() // 1_000_000
        self._token = None
        data = await self._send(
            HTTPMethod.GET,
            LOGIN,
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
        self.logins += 1
        self.guard.doubt()
        return token
