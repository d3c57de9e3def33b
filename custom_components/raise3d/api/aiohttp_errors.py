"""Translates errors of aiohttp into those of this client."""

from collections.abc import Iterator
from contextlib import contextmanager
import os

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ServerDisconnectedError,
)

from .exceptions import (
    Raise3DApiDownError,
    Raise3DConnectionError,
    Raise3DDisconnectedError,
    Raise3DTimeoutError,
)


@contextmanager
def translate_client_errors(path: str) -> Iterator[None]:
    """Translate aiohttp's errors into those of this client.

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
    """Keep aiohttp from repeating a GET at once: the printer drops such bursts."""
    try:
        return await handler(request)
    except ClientConnectorError:
        raise
    except (ClientOSError, ServerDisconnectedError) as err:
        path = request.url.path.removeprefix("/v1/")
        msg = f"{path}: the connection broke, {_reason(err)}"
        raise Raise3DDisconnectedError(msg) from None


def _reason(err: Exception) -> str:
    """Return what broke, without the address that aiohttp's own text contains."""
    number = err.errno if isinstance(err, OSError) else None
    return os.strerror(number) if number else type(err).__name__
