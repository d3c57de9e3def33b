"""Pictures that the printer sends, accepted only with the signature of one."""

import base64
import binascii
from collections.abc import Mapping

from .const import MAX_PREVIEW_SIZE
from .exceptions import Raise3DNotFoundError, Raise3DResponseError
from .values import checked_int

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"


def size_params(width: float, height: float) -> dict[str, str]:
    """Return the query of a size, which the picture fits in: its shape is kept."""
    return {
        "width": str(checked_int("width", width, 1, MAX_PREVIEW_SIZE)),
        "height": str(checked_int("height", height, 1, MAX_PREVIEW_SIZE)),
    }


def decode_image(path: str, data: Mapping[str, object]) -> bytes:
    """Return the PNG (or JPEG) of an answer."""
    text = data.get("img_data")
    if text == "":
        msg = f"{path}: there is no picture"
        raise Raise3DNotFoundError(msg)
    try:
        picture = base64.b64decode(text if isinstance(text, str) else "")
    except binascii.Error, ValueError:
        picture = b""
    if not picture.startswith((PNG, JPEG)):
        msg = f"{path}: this is no picture"
        raise Raise3DResponseError(msg)
    return picture


def picture_type(picture: bytes) -> str:
    """Return the media type of what `history.get_image` and `files.get_image` give."""
    return "image/jpeg" if picture.startswith(JPEG) else "image/png"
