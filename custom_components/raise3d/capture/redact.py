"""Redacts answers in place: what stays was allowed, all else gets a pseudonym.

Nothing is decoded and written again: types, spellings, the order of keys, blanks and
mistakes stay as they came.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
import re
from typing import Final

from .picture import grey_picture
from .pseudonyms import Pseudonyms
from .public import (
    KNOWN_KEYS,
    PICTURE_KEY,
    STATES,
    WORDS,
    allows,
    is_common,
    is_plain_key,
    is_structure,
)
from .scanner import Kind, Token, encode, scan

_WORD: Final = re.compile(r"[^\W\d_]+")
# A range is documented; a number with points or colons may be an address.
_RANGE: Final = re.compile(r"-?\d{1,5}~-?\d{1,5}")
_MESSAGE_PART: Final = re.compile(rf"{_RANGE.pattern}|\d+(?:[.:]\d+)+|\w+|\W")
# A byte order mark may begin an answer.
_NO_ASCII: Final = re.compile(r"[^\x00-\x7f\ufeff]")
_ROOTS: Final = frozenset({"Local", "Local/"})
# Characters of a private value, or of a word in one, by which it is found elsewhere:
# what is shorter is anywhere by chance.
_MIN_ECHO: Final = 3
_MIN_ECHO_WORD: Final = 4
# Digits of a private number by which it is found within others.
_MIN_ECHO_DIGITS: Final = 6
# Digits that identify nobody: flags, small counts, codes of errors.
_MAX_FREE_DIGITS: Final = 2
_MAX_CODE_DIGITS: Final = 3
# How often pseudonyms are drawn again because one of them contains a private value.
_DRAWS: Final = 8
_COUNTS: Final = frozenset({"height", "max_num", "pos", "start_pos", "width"})
# In the place of a preview that is no picture.
_NO_PICTURE: Final = "AAAA"


class Redactor:
    """Redacts the answers of one file, which share their pseudonyms."""

    def __init__(
        self, answers: Iterable[Iterable[Token]], secrets: Iterable[str]
    ) -> None:
        """Learn what is private in all of the answers first."""
        private = {secret for secret in secrets if secret.strip()}
        for token in chain.from_iterable(answers):
            if _is_private(token):
                private |= _parts(token.value)
        self._pseudonyms = Pseudonyms()
        self._private = {value for value in private if not is_common(value)}
        self._echoes = {
            value.casefold()
            for value in self._private
            if len(value) >= (_MIN_ECHO_WORD if _WORD.fullmatch(value) else _MIN_ECHO)
        }

    def redact_text(self, text: str) -> str:
        """Return an answer with its private tokens replaced."""
        return "".join(map(self._redact_token, scan(text)))

    def redact_params(self, params: Mapping[str, str]) -> dict[str, str]:
        """Return the parameters of a request."""
        return {
            key: value
            if (key in _COUNTS and value.isdigit()) or value in _ROOTS
            else self._pseudonyms.text(value)
            for key, value in params.items()
        }

    @property
    def collides(self) -> bool:
        """Whether a pseudonym contains a private value by chance."""
        drawn = "\n".join(self._pseudonyms.drawn)
        return any(value in drawn for value in self._private if len(value) >= _MIN_ECHO)

    def _redact_token(self, token: Token) -> str:
        match token.kind:
            case Kind.KEY:
                return self._redact_key(token)
            case Kind.TEXT:
                return self._redact_string(token)
            case Kind.NUMBER if _is_private(token) or self._echoes_number(token):
                return self._pseudonyms.number(token.raw)
            case Kind.WORD if _is_private(token):
                return self._pseudonyms.text(token.raw)
            case Kind.OTHER:
                return _NO_ASCII.sub("?", token.raw)
        return token.raw

    def _redact_key(self, token: Token) -> str:
        key = token.value
        plain = is_plain_key(key) and is_structure(token.path) and not self._echoed(key)
        if key in KNOWN_KEYS or plain:
            return token.raw
        return _write(token, self._pseudonyms.text(key))

    def _redact_string(self, token: Token) -> str:
        value = token.value
        if _is_picture(token):
            return _write(token, grey_picture(value) or _NO_PICTURE)
        if _is_private(token) or self._echoed(value):
            return _write(token, self._pseudonyms.text(value))
        if _is_message(token):
            parts = _MESSAGE_PART.findall(value)
            message = "".join(map(self._redact_message_part, parts))
            return token.raw if message == value else _write(token, message)
        return token.raw

    def _redact_message_part(self, part: str) -> str:
        """Return a word of an error, if the documents have it."""
        sign = part.isascii() and not part[0].isalnum() and part[0] != "_"
        code = part.isdigit() and len(part) <= _MAX_CODE_DIGITS
        if sign or code or part in WORDS or _RANGE.fullmatch(part):
            return part
        return self._pseudonyms.text(part)

    def _echoed(self, value: str) -> bool:
        """Whether a public value repeats a private one."""
        folded = value.casefold()
        return not is_common(value) and any(echo in folded for echo in self._echoes)

    def _echoes_number(self, token: Token) -> bool:
        """Whether a public number repeats a private one."""
        digits = token.raw.lstrip("+-")
        return any(
            echo in digits
            for echo in self._echoes
            if echo.isdigit() and len(echo) >= _MIN_ECHO_DIGITS
        )


def redactor_for(texts: Sequence[str], secrets: Iterable[str] = ()) -> Redactor:
    """Return what redacts these answers of one printer.

    `secrets` are further values that must not appear, wherever they are.
    """
    answers = [tuple(scan(text)) for text in texts]
    secrets = tuple(secrets)
    for _ in range(_DRAWS):
        redactor = Redactor(answers, secrets)
        # this draws all of its pseudonyms
        for text in texts:
            redactor.redact_text(text)
        if not redactor.collides:
            break
    return redactor


def redact(texts: Sequence[str], secrets: Iterable[str] = ()) -> list[str]:
    """Return answers of one printer without what identifies anyone."""
    redactor = redactor_for(texts, secrets)
    return [redactor.redact_text(text) for text in texts]


def _is_private(token: Token) -> bool:
    """Whether nothing allows a value to stay."""
    value = token.value
    match token.kind:
        case Kind.NUMBER:
            # what is no JSON may be a page with an address or a telephone number
            free = token.path and sum(map(str.isdigit, value)) <= _MAX_FREE_DIGITS
            return not free and not allows(token.path, value, number=True)
        case Kind.WORD:
            return value not in WORDS and value not in STATES
        case Kind.TEXT if value.strip() and not _is_picture(token):
            return not _is_message(token) and not allows(
                token.path, value, number=False
            )
    return False


def _is_picture(token: Token) -> bool:
    return token.path[-1:] == (PICTURE_KEY,)


def _is_message(token: Token) -> bool:
    return token.path == ("error", "msg")


def _parts(value: str) -> set[str]:
    """Return a private value with all in it by which it would be known."""
    names = re.split(r"[/\\]", value)
    stems = (name.rpartition(".")[0] for name in names)
    return {value, *names, *stems, *_WORD.findall(value)} - {""}


def _write(token: Token, value: str) -> str:
    """Return a text between quotes, closed as the other one was."""
    raw = token.raw
    body = raw[1:].removesuffix('"')
    open_end = len(raw) == 1 or not raw.endswith('"') or _ends_escaped(body)
    return f'"{encode(value, raw)}{"" if open_end else '"'}'


def _ends_escaped(body: str) -> bool:
    """Whether what follows a text is escaped."""
    return (len(body) - len(body.rstrip("\\"))) % 2 == 1
