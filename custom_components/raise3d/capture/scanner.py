"""Splits an answer into tokens, valid JSON or not, and never loses a character."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
import json
import re
from typing import Final

# A text that is cut off counts to its end; a number may be any garbage of digits.
_TOKEN: Final = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*)(?:"|\\?\Z)'
    r"|(?P<number>[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?!\w))"
    r"|(?P<word>\w+)"
    r"|(?P<mark>[{}\[\]:,])"
    r"|(?P<other>[^\"\w{}\[\]:,]+)",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r'\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])')


class Kind(StrEnum):
    """What a token is."""

    KEY = "key"
    TEXT = "text"
    NUMBER = "number"
    WORD = "word"
    OTHER = "other"
    """Punctuation and blanks."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an answer, and the keys that lead to it."""

    kind: Kind
    raw: str
    path: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """The token as a text that is meant, without its escapes."""
        if self.kind not in (Kind.KEY, Kind.TEXT):
            return self.raw
        return decode(self.raw[1:].removesuffix('"'))


@dataclass(slots=True)
class _Place:
    """Where in the structure the scanner is."""

    containers: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    key: str = ""
    awaits_key: bool = False

    @property
    def path(self) -> tuple[str, ...]:
        """The keys that lead to the next value."""
        if not self.containers:
            return ()
        mark, path = self.containers[-1]
        return (*path, self.key) if mark == "{" else path

    def pass_mark(self, mark: str) -> None:
        """Follow a brace, a colon or a comma."""
        if mark in "{[":
            self.containers.append((mark, self.path))
            self.key = ""
        elif mark in "}]" and self.containers:
            self.containers.pop()
        inside = bool(self.containers) and self.containers[-1][0] == "{"
        self.awaits_key = inside and mark in "{,"


def scan(text: str) -> Iterator[Token]:
    """Yield the tokens of an answer; joined, they are the answer."""
    place = _Place()
    for match in _TOKEN.finditer(text):
        raw, kind = match[0], match.lastgroup or "text"
        if kind == "mark":
            place.pass_mark(raw)
            yield Token(Kind.OTHER, raw)
        elif kind == "text" and place.awaits_key:
            token = Token(Kind.KEY, raw, place.containers[-1][1])
            place.key, place.awaits_key = token.value, False
            yield token
        else:
            yield Token(Kind(kind), raw, place.path)


def decode(raw: str) -> str:
    """Return what is between two quotes without its escapes."""
    try:
        decoded = json.loads(f'"{raw}"', strict=False)
    except ValueError:
        return _ESCAPE.sub(_unescape, raw)
    return str(decoded)


def encode(value: str, like: str) -> str:
    """Return a text for between two quotes, escaped as another one was."""
    ascii_only = like.isascii() and "\\u" in like
    encoded = json.dumps(value, ensure_ascii=ascii_only)[1:-1]
    if "\\/" in like:
        encoded = encoded.replace("/", "\\/")
    # half of a surrogate pair has no bytes of its own
    return re.sub(r"[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", encoded)


def _unescape(match: re.Match[str]) -> str:
    return str(json.loads(f'"{match[0]}"'))
