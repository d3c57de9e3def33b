"""Reads an answer of the printer, up to a limit, into its data or its error."""

from collections.abc import Mapping
from http import HTTPStatus
import json
import re
from typing import Final

from aiohttp import ClientResponse, hdrs

from .const import MAX_BODY_SIZE, MAX_RETRY_AFTER, MIN_RETRY_AFTER, ErrorCode
from .exceptions import (
    Raise3DApiDownError,
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DError,
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    Raise3DRefusedError,
    Raise3DResponseError,
    Raise3DSessionError,
)
from .refusal import Refusal, read_refusal

LOGIN = "login"

_MAX_WORDS = 200
# What begins a query, a path, and the end of a file's name or of an address: a proxy
# could have put in the URL, which holds the token, and a printer a customer's file.
_PRIVATE = re.compile(r"[=/\\]|\.\w")
_BUSY_CODES = (ErrorCode.BUSY, ErrorCode.NO_SERVER, HTTPStatus.TOO_MANY_REQUESTS)
_ERROR_TYPES: Final[Mapping[int, type[Raise3DError]]] = {
    # Authenticator decides what it means: that depends on the secret.
    ErrorCode.TOKEN: Raise3DSessionError,
    ErrorCode.PASSWORD: Raise3DAuthenticationError,
    ErrorCode.NOT_FOUND: Raise3DNotFoundError,
    ErrorCode.INVALID_VALUE: Raise3DInvalidValueError,
    # A file that is too large, where the printer is not busy.
    ErrorCode.BUSY: Raise3DInvalidValueError,
    ErrorCode.DATA_FILE: Raise3DInvalidValueError,
    ErrorCode.ROOT_PATH: Raise3DInvalidValueError,
    ErrorCode.ROOT_FOLDER: Raise3DInvalidValueError,
}


async def read_body(
    path: str, response: ClientResponse, limit: int = MAX_BODY_SIZE
) -> bytes:
    """Read a body, up to a limit that no true answer reaches."""
    raw = bytearray()
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > limit:
            msg = f"{path}: the answer is too long"
            raise Raise3DResponseError(msg)
    return bytes(raw)


def decode_envelope(
    path: str, response: ClientResponse, raw: bytes
) -> Mapping[str, object] | None:
    """Return the data of an envelope, None where it has none.

    The envelope decides, whatever the HTTP status and the content type are: the
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
        envelope = json.loads(
            raw.decode("utf-8-sig"), parse_constant=_no_number, parse_int=_integer
        )
    except ValueError, RecursionError:
        return None
    return envelope if isinstance(envelope, dict) else None


def _integer(digits: str) -> int | None:
    """Read a whole number, and one of thousands of digits as null."""
    try:
        return int(digits)
    except ValueError:
        # Python has a limit, above which it refuses to read them.
        return None


def _no_number(_: str) -> None:
    """Read NaN and Infinity as null."""


def _error_from_body(
    path: str, error: Mapping[str, object], response: ClientResponse
) -> Raise3DError:
    """Translate a code of the envelope; it may come as a text."""
    try:
        code = int(str(error.get("code")))
    except ValueError:
        msg = f"{path}: an error without a code"
        return Raise3DResponseError(msg)
    words = error.get("msg")
    words = words if isinstance(words, str) else ""
    message = words if _may_be_shown(words) else str(code)
    if code in _BUSY_CODES and not _is_too_large(code, words):
        return Raise3DBusyError(message, _retry_after(response))
    if code == ErrorCode.PASSWORD and path != LOGIN:
        # Only a login knows whether the password is right.
        return Raise3DSessionError(message)
    refusal = read_refusal(words)
    if code == ErrorCode.REFUSED or (
        # "No last job" has this code, but is a refusal.
        code == ErrorCode.INVALID_VALUE and refusal is not Refusal.UNKNOWN
    ):
        return Raise3DRefusedError(message, refusal)
    if error_type := _ERROR_TYPES.get(code):
        return error_type(message)
    msg = f"{path}: unknown error {code}"
    return Raise3DResponseError(msg)


def _is_too_large(code: int, words: str) -> bool:
    """Return whether a file is too large, which has the code of a busy printer."""
    return code == ErrorCode.BUSY and "too large" in words.lower()


def _may_be_shown(words: str) -> bool:
    """Return whether words are the printer's own: short, and with nothing private."""
    return (
        0 < len(words) <= _MAX_WORDS
        and words.isprintable()
        and not _PRIVATE.search(words)
    )


def _error_from_status(path: str, response: ClientResponse) -> Raise3DError:
    """Translate an HTTP status that comes without an envelope."""
    message = f"{path}: HTTP {response.status} without a readable answer"
    match response.status:
        # The printer sends 10000 or 401 in the body of a login; a bare 401 there is
        # another machine's web server that wants a login of its own.
        case HTTPStatus.UNAUTHORIZED if path != LOGIN:
            return Raise3DSessionError(message)
        case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.SERVICE_UNAVAILABLE:
            return Raise3DBusyError(message, _retry_after(response))
        # Documented cure: switch the API off and on at the printer's screen.
        case HTTPStatus.INTERNAL_SERVER_ERROR:
            return Raise3DApiDownError(message, certain=True)
    return Raise3DResponseError(message)


def _retry_after(response: ClientResponse) -> float | None:
    """Return the seconds of a Retry-After; printers have no use for its date form."""
    value = response.headers.get(hdrs.RETRY_AFTER, "").strip()
    if not (value.isascii() and value.isdigit()):
        return None
    return min(max(float(value), MIN_RETRY_AFTER), MAX_RETRY_AFTER)
