"""A grey picture in the place of a preview, which shows a customer's part."""

import base64
import struct
from typing import Final
import zlib

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
# Signature, and the length and the name of the first part.
_HEAD: Final = 16
# Pixels: the largest preview that the printer makes.
_MAX_SIDE: Final = 1024


def grey_picture(encoded: str) -> str | None:
    """Return a grey PNG of the size of another one, both in base64.

    None where the other one is no PNG.
    """
    try:
        # the beginning is enough: long ones are cut
        head = base64.b64decode(encoded[:64].strip(), validate=True)
        width, height = struct.unpack_from(">II", head, _HEAD)
    except ValueError, struct.error:
        return None
    if not (head.startswith(_SIGNATURE) and _fits(width) and _fits(height)):
        return None
    row = b"\0" + b"\x80" * width
    png = _SIGNATURE + b"".join(
        (
            _part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
            _part(b"IDAT", zlib.compress(row * height, 9)),
            _part(b"IEND", b""),
        )
    )
    return base64.b64encode(png).decode()


def _fits(side: int) -> bool:
    return 1 <= side <= _MAX_SIDE


def _part(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return (
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)
    )
