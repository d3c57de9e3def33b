"""Parameters of the GET endpoints, and the pictures that some of them return."""

import base64
from collections.abc import Mapping
import re

from .errors import HttpError, RefusedError
from .picture import preview
from .wire import Data

type Query = Mapping[str, str]
BAD_REQUEST = 400
OUT_OF_RANGE = 10002
MAX_PIXELS = 1024


def size(query: Query) -> tuple[int, int]:
    """Read the size of a picture, width and height in pixels."""
    width, height = number(query, "width"), number(query, "height")
    for name, pixels in (("width", width), ("height", height)):
        if not 1 <= pixels <= MAX_PIXELS:
            msg = f"{name} error, range(1~{MAX_PIXELS})"
            raise RefusedError(OUT_OF_RANGE, msg)
    return width, height


def picture(of: str, size: tuple[int, int]) -> Data:
    """Give a picture as base64 PNG."""
    png = preview(of, *size)
    return {"img_data": base64.b64encode(png).decode()}


def text(query: Query, key: str) -> str:
    """Insist on a text."""
    value = query.get(key)
    if not value:
        raise HttpError(BAD_REQUEST)
    return value


def number(query: Query, key: str) -> int:
    """Insist on a whole number."""
    # int() alone would take "1_0" and blanks
    if not re.fullmatch(r"-?[0-9]{1,18}", value := text(query, key)):
        raise HttpError(BAD_REQUEST)
    return int(value)
