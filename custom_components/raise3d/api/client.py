"""Client of the RaiseTouch Remote Access API; imports no Home Assistant."""

from typing import override

from aiohttp import ClientSession

from .commands import Commands
from .const import DEFAULT_PORT
from .files import Files
from .guard import PrinterGuard
from .history import History
from .login import Authenticator
from .queries import Queries
from .requests import Requests
from .transport import Transport


class Raise3DClient:
    """One printer, one request at a time.

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
        transport = Transport(session, host, port)
        self.answers = transport.answers
        """What the printer has answered last, as it came."""
        self.guard = PrinterGuard(transport)
        """Which printer is expected, and whether it has to be checked again."""
        self._authenticator = Authenticator(self.guard, password=password, token=token)
        self._requests = Requests(self._authenticator)
        self.queries = Queries(self._requests)
        """What the printer is and does."""
        self.commands = Commands(self._requests)
        """What heats, moves, starts and stops."""
        self.files = Files(self._requests)
        """What is stored on the printer."""
        self.history = History(self._requests, self.queries)
        """What the printer has printed."""

    @override
    def __repr__(self) -> str:
        """Name the class alone: the rest is an address and secrets."""
        return f"<{type(self).__name__}>"

    @property
    def logins(self) -> int:
        """How often a token was received: each time it may be another printer."""
        return self._authenticator.logins

    @property
    def uploading(self) -> bool:
        """Whether a file is being uploaded.

        Until it has arrived everything else raises Raise3DBusyError at once: the
        printer takes one request at a time, and nobody waits an hour for an answer.
        """
        return self._requests.uploading

    async def login(self) -> str:
        """Sign in with the password and return the token, 32 digits, `/login`.

        Raises Raise3DAuthenticationError for a wrong password. The budget of logins
        does not apply: someone has just typed the password.
        """
        return await self._requests.login()
