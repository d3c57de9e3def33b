"""The login: what it sends, when and how often; no fault may cause many of them."""

from collections.abc import Sequence
import hashlib
from http import HTTPMethod
import time

from .const import LOGIN_BUDGETS
from .envelope import LOGIN
from .exceptions import (
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DConnectionError,
    Raise3DError,
    Raise3DResponseError,
    Raise3DSessionError,
)
from .guard import PrinterGuard
from .transport import Data, Request
from .upload import Upload


def sign(password: str, timestamp: int) -> str:
    """Return the sign of a login at a time in milliseconds since 1970."""
    text = f"password={password}&timestamp={timestamp}"
    digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    return hashlib.md5(digest.encode(), usedforsecurity=False).hexdigest()


class LoginBudget:
    """Logins that may be sent at once, refilled with time."""

    def __init__(self, limits: Sequence[tuple[int, float]]) -> None:
        """Take pairs of a number of logins and the seconds until one is refilled."""
        self._limits = limits
        self._left = [float(size) for size, _ in limits]
        self._refilled_at = time.monotonic()

    @property
    def exhausted(self) -> bool:
        """Whether the next login has to wait."""
        self._refill()
        return any(left < 1 for left in self._left)

    def spend(self) -> None:
        """Count a login that the printer has answered."""
        self._refill()
        self._left = [max(0.0, left - 1) for left in self._left]

    def _refill(self) -> None:
        """Add what the time since the last refill is worth."""
        now = time.monotonic()
        elapsed = max(0.0, now - self._refilled_at)
        self._refilled_at = now
        self._left = [
            min(float(size), left + elapsed / seconds)
            for left, (size, seconds) in zip(self._left, self._limits, strict=True)
        ]


class Authenticator:
    """Gives requests their token, and signs in when it has to.

    With a password as often as the budget allows; a token alone lives 24 hours at
    most. The caller lets no two of its methods run at a time.
    """

    def __init__(
        self, guard: PrinterGuard, *, password: str | None, token: str | None
    ) -> None:
        """Take what sends requests to the expected printer, and a secret."""
        self._guard = guard
        self._password = password
        self._token = token
        self._budget = LoginBudget(LOGIN_BUDGETS)
        self.logins = 0
        """How often a token was received: each time it may be another printer."""

    async def send(self, request: Request) -> Data | None:
        """Send a request with a token, and sign in once where the token is refused."""
        fresh = self._token is None
        if fresh:
            await self._renew_token()
        try:
            return await self._guard.send(request, self._token)
        except Raise3DSessionError as err:
            # A token that was only just received does not get better by another login.
            if fresh or self._password is None:
                raise self._final(err) from None
        await self._renew_token()
        return await self._guard.send(request, self._token)

    async def upload(self, path: str, upload: Upload) -> None:
        """Send a file with the current token: the stream can be read only once."""
        try:
            await self._guard.upload(path, upload, self._token)
        except Raise3DSessionError as err:
            raise self._final(err) from None

    async def login(self) -> str:
        """Sign in and return the token, whatever the budget says."""
        if self._password is None:
            msg = "There is no password to sign in with"
            raise Raise3DAuthenticationError(msg)
        timestamp = time.time_ns() // 1_000_000
        self._token = None
        params = {
            "sign": sign(self._password, timestamp),
            "timestamp": str(timestamp),
        }
        data = await self._guard.send(Request(HTTPMethod.GET, LOGIN, params), None)
        token = (data or {}).get("token")
        if not isinstance(token, str) or not token:
            msg = "login: the answer has no token"
            raise Raise3DResponseError(msg)
        self._token = token
        self.logins += 1
        return token

    async def _renew_token(self) -> None:
        """Sign in if the budget allows it."""
        if self._password is not None and self._budget.exhausted:
            msg = "The printer takes no token, the next login has to wait"
            raise Raise3DSessionError(msg)
        try:
            await self.login()
        except Raise3DConnectionError, Raise3DBusyError:
            # The printer has not checked the password: it is off, or it boots.
            raise
        except Raise3DError:
            self._budget.spend()
            raise
        self._budget.spend()

    def _final(self, err: Raise3DSessionError) -> Raise3DError:
        """Return the error for a token that is refused for good."""
        if self._password is None:
            # Only the user can renew it.
            return Raise3DAuthenticationError(str(err))
        return err
