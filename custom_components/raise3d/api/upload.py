"""A file on its way to the printer: two parts in the documented order, in pieces."""

from asyncio import Timeout, get_running_loop
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import suppress
import json
import secrets

from aiohttp import hdrs

from .const import UPLOAD_IDLE_TIMEOUT
from .exceptions import Raise3DInvalidValueError
from .mistake import Mistake

# Bytes. Small enough to see that a slow connection still moves.
_PIECE = 64 * 1024


class Upload:
    """The body of an upload; it can be sent once, like the stream it reads."""

    def __init__(
        self, folder: str, name: str, stream: AsyncIterable[bytes], size: int
    ) -> None:
        """Prepare what is sent before and after the file."""
        self._stream = stream
        self._size = size
        self.failure: Exception | None = None
        """What the stream raised; it is its owner's and no error of the printer."""
        boundary = secrets.token_hex(16)
        # Written by hand: the order of the parts and their headers is the protocol.
        description = json.dumps({"dir_path": folder}, ensure_ascii=False)
        self._head = (
            f"--{boundary}\r\n"
            'Content-Disposition: form-data; name="desc"\r\n'
            "Content-Type: application/json\r\n\r\n"
            f"{description}\r\n"
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        length = len(self._head) + size + len(self._tail)
        self.headers = {
            hdrs.CONTENT_TYPE: f"multipart/form-data; boundary={boundary}",
            # A length, because it is not documented that chunks are understood.
            hdrs.CONTENT_LENGTH: str(length),
        }

    async def chunks(self, idle: Timeout) -> AsyncGenerator[bytes | memoryview]:
        """Yield the body; each piece that is sent resets the idle timeout."""
        yield self._head
        left = self._size
        try:
            async for chunk in self._stream:
                left -= len(chunk)
                if left < 0:
                    break
                view = memoryview(chunk)
                for start in range(0, len(chunk), _PIECE):
                    _reset_idle_timeout(idle)
                    yield view[start : start + _PIECE]
            if left:
                msg = "The file is not as large as announced"
                raise Raise3DInvalidValueError(msg, Mistake.FILE_CHANGED)  # noqa: TRY301 - as the stream's errors
        except Exception as err:
            self.failure = err
            raise
        _reset_idle_timeout(idle)
        yield self._tail


def _reset_idle_timeout(idle: Timeout) -> None:
    """Reset the idle timeout, unless it has just expired."""
    with suppress(RuntimeError):
        idle.reschedule(get_running_loop().time() + UPLOAD_IDLE_TIMEOUT)
