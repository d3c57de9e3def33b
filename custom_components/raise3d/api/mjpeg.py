"""The pictures in the camera's stream; whatever else it may hold is dropped."""

from collections.abc import AsyncIterator, Mapping
from email.message import Message
import re
from typing import Final

from .const import MAX_PART_HEAD, MAX_SHOT_SIZE, MAX_STREAM_JUNK
from .exceptions import Raise3DResponseError
from .pictures import JPEG, PNG

MJPEG: Final = "multipart/x-mixed-replace"
# What a part calls itself, and what its bytes then begin with. A part without a type
# is a picture if it begins like one.
_SIGNATURES: Final[Mapping[str, tuple[bytes, ...]]] = {
    "image/jpeg": (JPEG,),
    "image/jpg": (JPEG,),
    "image/png": (PNG,),
    "": (JPEG, PNG),
}
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_MAX_BOUNDARY = 70  # characters, RFC 2046


def read_delimiter(content_type: str) -> bytes:
    """Return what stands between the parts of a stream.

    Raises Raise3DResponseError for anything but a multipart stream.
    """
    message = Message()
    message["Content-Type"] = content_type
    # Some servers name the boundary with the dashes that only belong in the stream.
    boundary = (message.get_boundary() or "").removeprefix("--")
    if (
        message.get_content_type() != MJPEG
        or not boundary.isascii()
        or not 0 < len(boundary) <= _MAX_BOUNDARY
    ):
        msg = "The camera's answer is no stream of pictures"
        raise Raise3DResponseError(msg)
    return f"--{boundary}".encode()


class PictureReader:
    """Reads a stream part by part, and never holds more than one picture of it."""

    def __init__(self, chunks: AsyncIterator[bytes], delimiter: bytes) -> None:
        """Begin before the first part."""
        self._chunks = chunks
        self._delimiter = delimiter
        self._buffer = bytearray()
        self._received = 0

    async def read(self) -> bytes | None:
        """Return the next JPEG or PNG, None at the end of the stream.

        Raises Raise3DResponseError where nothing that comes is a picture.
        """
        self._received = 0
        try:
            while True:
                await self._skip_delimiter()
                if picture := await self._read_part():
                    return picture
        except EOFError:
            return None

    async def _skip_delimiter(self) -> None:
        """Drop everything up to the next part."""
        while (start := self._buffer.find(self._delimiter)) < 0:
            del self._buffer[: -len(self._delimiter)]
            await self._receive()
        del self._buffer[: start + len(self._delimiter)]

    async def _read_part(self) -> bytes | None:
        """Return the body of a part that is a picture."""
        head = await self._read_head()
        signatures = _SIGNATURES.get(_media_type(head))
        if signatures is None:
            return None
        body = await self._read_body(_length(head))
        return body if body is not None and body.startswith(signatures) else None

    async def _read_head(self) -> dict[str, str]:
        """Return the headers of a part."""
        while (end := _END_OF_HEAD.search(self._buffer, 0, MAX_PART_HEAD)) is None:
            if len(self._buffer) > MAX_PART_HEAD:
                del self._buffer[:MAX_PART_HEAD]
                # an unknown type: the part is dropped
                return {"content-type": "too long"}
            await self._receive()
        lines = self._buffer[: end.start()].decode("latin-1").splitlines()
        del self._buffer[: end.end()]
        fields = (line.partition(":") for line in lines)
        return {key.strip().lower(): value.strip() for key, _, value in fields}

    async def _read_body(self, length: int | None) -> bytes | None:
        """Return a body: of the length that was named, or up to the next part."""
        if length is None:
            return await self._read_to_delimiter()
        if length > MAX_SHOT_SIZE:
            return None
        while len(self._buffer) < length:
            await self._receive()
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        return body

    async def _read_to_delimiter(self) -> bytes | None:
        """Return what comes before the next part, None where that is too much."""
        searched = 0
        while (end := self._buffer.find(self._delimiter, searched)) < 0:
            if len(self._buffer) > MAX_SHOT_SIZE:
                return None
            searched = max(0, len(self._buffer) - len(self._delimiter))
            await self._receive()
        body = bytes(self._buffer[:end])
        del self._buffer[:end]
        if end > MAX_SHOT_SIZE:
            return None
        return body.removesuffix(b"\n").removesuffix(b"\r")

    async def _receive(self) -> None:
        """Wait for more; EOFError at the end of the stream."""
        chunk = await anext(self._chunks, b"")
        if not chunk:
            raise EOFError
        self._buffer += chunk
        self._received += len(chunk)
        if self._received > MAX_STREAM_JUNK:
            msg = "The camera's stream has no pictures"
            raise Raise3DResponseError(msg)


def _media_type(head: dict[str, str]) -> str:
    """Return the media type of a part, empty where it names none."""
    return head.get("content-type", "").partition(";")[0].strip().lower()


def _length(head: dict[str, str]) -> int | None:
    """Return the length that a part names, None where it names none or a wrong one."""
    text = head.get("content-length", "")
    # Python refuses to read numbers of thousands of digits.
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_SHOT_SIZE))):
        return None
    return int(text) or None
