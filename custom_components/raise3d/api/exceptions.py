"""Errors of the client; none of their texts holds an address or a secret.

The texts are for developers, in English. What a user reads is up to who uses the
client: it follows from the class, and from `refusal` or `mistake`. Only the printer's
own words may be shown as they are: its code stands for those that may name a file.
"""

from .mistake import Mistake
from .refusal import Refusal


class Raise3DError(Exception):
    """Base of all errors of this client."""


class Raise3DConnectionError(Raise3DError):
    """The printer cannot be reached: off, elsewhere, or its API is down."""


class Raise3DApiDownError(Raise3DConnectionError):
    """The machine is on, but its API hangs or is switched off.

    A connection that is refused may also mean another machine, or one that boots:
    `certain` distinguishes the two.
    """

    def __init__(self, message: str, *, certain: bool = False) -> None:
        """Keep whether that is certain, because the API itself has answered."""
        super().__init__(message)
        self.certain = certain


class Raise3DTimeoutError(Raise3DConnectionError):
    """The printer did not answer in time."""


class Raise3DDisconnectedError(Raise3DConnectionError):
    """The printer closed the connection before it had answered."""


class Raise3DAuthenticationError(Raise3DError):
    """The password is wrong, or a token without a password is no longer valid."""


class Raise3DSessionError(Raise3DError):
    """The printer refuses the token that it has just given out.

    Or the client may not log in again yet. The password may be right: the next
    request may succeed.
    """


class Raise3DBusyError(Raise3DError):
    """The printer wants no request for a while."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Keep how many seconds the printer wants, None where it gives no number."""
        super().__init__(message)
        self.retry_after = retry_after


class Raise3DRefusedError(Raise3DError):
    """The printer's state forbids the command.

    Where the refusal is unknown, the text has the printer's own words.
    """

    def __init__(self, message: str, refusal: Refusal = Refusal.UNKNOWN) -> None:
        """Keep what the printer's words mean."""
        super().__init__(message)
        self.refusal = refusal


class Raise3DOtherJobError(Raise3DError):
    """The printer names another job than the one that a command is for, or none."""


class Raise3DWrongPrinterError(Raise3DError):
    """Another printer answers at the address; nothing else was sent to it."""


class Raise3DInvalidValueError(Raise3DError):
    """A value that the printer does not take, or that is not even sent to it.

    Where there is no mistake to name, the text has the printer's own words.
    """

    def __init__(
        self,
        message: str,
        mistake: Mistake | None = None,
        *,
        limits: tuple[int, int] | tuple[()] = (),
    ) -> None:
        """Keep what is wrong, and the limits of what has any."""
        super().__init__(message)
        self.mistake = mistake
        self.limits = limits


class Raise3DNotFoundError(Raise3DError):
    """The printer has no such nozzle, file, folder or picture.

    The text has the printer's own words, except for pictures and the camera.
    """


class Raise3DResponseError(Raise3DError):
    """The answer cannot be read: a Raise3D printer does not answer like that."""
