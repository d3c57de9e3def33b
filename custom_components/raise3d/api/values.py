"""Checks of what is sent, so that a mistake never reaches the printer."""

import math
import re
from typing import Final

from .exceptions import Raise3DInvalidValueError
from .mistake import Mistake

# All paths begin with it.
ROOT_FOLDER: Final = "Local/"
_MAX_NAME = 255  # bytes, of every file system that a printer could have
# Control characters break the head of an upload; half surrogate pairs are no text.
_UNUSABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def checked_int(
    name: str, value: float, low: int, high: int, mistake: Mistake = Mistake.RANGE
) -> int:
    """Return a value within limits, rounded: fractions have never been tried."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or not low <= value <= high
    ):
        msg = f"{name} must be a number from {low} to {high}"
        raise Raise3DInvalidValueError(msg, mistake, limits=(low, high))
    return round(value)


def checked_path(path: str) -> str:
    """Return a path of a file or a folder below `Local/`, without a slash at its end.

    No error holds the name: it is a customer's.
    """
    rest = path.removeprefix(ROOT_FOLDER).removesuffix("/")
    if not path.startswith(ROOT_FOLDER) or not all(map(_usable, rest.split("/"))):
        msg = f"The path must be below {ROOT_FOLDER} and may not leave it"
        raise Raise3DInvalidValueError(msg, Mistake.PATH)
    return ROOT_FOLDER + rest


def checked_folder(path: str) -> str:
    """Return a path of a folder, which may be `Local/` itself."""
    return (
        ROOT_FOLDER
        if path in {ROOT_FOLDER, ROOT_FOLDER.removesuffix("/")}
        else checked_path(path)
    )


def child_path(folder: str, name: str) -> str:
    """Return the path of what is in a folder, with or without a slash at its end."""
    return f"{folder.removesuffix('/')}/{name}"


def checked_name(name: str) -> str:
    """Return a name for a file or a folder, without a folder of its own."""
    # A quotation mark would end the name in the head of an upload.
    if "/" in name or "\\" in name or '"' in name or not _usable(name):
        msg = "The name may not be empty, nor have a slash or a quotation mark"
        raise Raise3DInvalidValueError(msg, Mistake.NAME)
    return name


def _usable(part: str) -> bool:
    """Return whether a part of a path names something in its folder."""
    return (
        part not in {"", ".", ".."}
        and not _UNUSABLE.search(part)
        and len(part.encode()) <= _MAX_NAME
    )
