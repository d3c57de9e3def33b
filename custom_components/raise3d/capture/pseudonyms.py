"""Pseudonyms: the same for the same value of one file, drawn by chance."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
import random
import re
import string
from typing import Final

# Endings say what a file is, and nothing of whose it is.
_EXTENSION: Final = re.compile(
    r"\.(?:gcode|gco|g|bgcode|nc|data|idea|ideamaker|stl|obj|3mf|png|jpg|bin|zip)",
    re.IGNORECASE,
)
# All paths begin with it, and the documents misspell it.
_ROOT: Final = re.compile(r"(?:Local|Loacl|USB)(?:/|\Z)|\s*\Z")
_JOB_ID: Final = re.compile(r"([0-9A-Fa-f]{12})_([0-9A-Fa-f]{12})_([0-9A-Fa-f]{18})")
_DIGITS: Final = re.compile(r"[0-9]+")
_MAC: Final = re.compile(r"[0-9A-Fa-f]{12}")
_IPV4: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_HEX: Final = re.compile(r"[0-9a-f]{6,}|[0-9A-F]{6,}")
_RUN: Final = re.compile(r"\d+|[^\W\d_]+|[\W_]", re.DOTALL)
_NUMBER: Final = re.compile(r"([-+]?)(\d+)((?:\.\d+)?)((?:[eE][-+]?\d+)?)")
# Lengths of words and long numbers: the true one would help to guess a name.
_LENGTHS: Final = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384)
# A whole number of 64 bits has twenty digits and begins with 1 and at most 8.
_LARGEST: Final = str(2**64 - 1)
_HALVES: Final = "\ud83c\ud83d"
_BYTE_END, _LATIN_END, _WIDE_START = 0x100, 0x250, 0x2E80
_ALPHABETS: Final = {
    "latin": "äöüéèñçåøßáíó",
    "wide": "测试零件支架文样品模型",
    "other": "жлдфшэюяиб",
    "sign": "§°±µ¶¬",
    "picture": "☀☁☂☃☄★",
}
# Days into the past by which all jobs of a file are moved: what was printed on which
# day is nobody's business.
_MAX_DAYS: Final = 3650
# Attempts at a pseudonym that nothing else has yet; then it gets longer.
_ATTEMPTS: Final = 20


class Pseudonyms:
    """Replaces values by others of the same shape."""

    def __init__(self, rng: random.Random | None = None) -> None:
        """Draw from the system's randomness, unless a test does it."""
        self._rng = rng or random.SystemRandom()
        self._known: dict[tuple[str, str], str] = {}
        self._taken: set[tuple[str, str]] = set()
        self._days = self._rng.randint(1, _MAX_DAYS)

    @property
    def drawn(self) -> Iterable[str]:
        """All pseudonyms so far."""
        return self._known.values()

    def text(self, value: str) -> str:
        """Return a pseudonym of any text: an id, an address, a path or a name."""
        if match := _JOB_ID.fullmatch(value):
            adapters = f"{self._mac(match[1])}_{self._mac(match[2])}"
            return f"{adapters}_{self._time(match[3])}"
        if _IPV4.fullmatch(value):
            return self._remember(
                "ip", value, lambda: f"192.0.2.{self._rng.randint(1, 254)}"
            )
        for pattern, replace in (
            (_DIGITS, self._digits),
            (_MAC, self._mac),
            (_HEX, self._hex),
        ):
            if pattern.fullmatch(value):
                return replace(value)
        root = _ROOT.match(value)
        kept = root[0] if root else ""
        names = re.split(r"([/\\])", value.removeprefix(kept))
        drawn = kept + "".join(map(self._segment, names))
        return _other_signs(value) if drawn == value and value != kept else drawn

    def number(self, literal: str) -> str:
        """Return a pseudonym of a number, written as it was."""
        match = _NUMBER.fullmatch(literal)
        if match is None:
            return self.text(literal)
        sign, whole, fraction, exponent = match.groups()
        decimals = self._digits(fraction[1:], "fraction") if fraction else ""
        return f"{sign}{self._digits(whole)}{fraction[:1]}{decimals}{exponent}"

    def _segment(self, segment: str) -> str:
        """Replace the name of a file or a folder, and keep its ending."""
        if segment in {"", "/", "\\"}:
            return segment
        stem, dot, ending = segment.rpartition(".")
        if stem and _EXTENSION.fullmatch(dot + ending):
            return self._segment(stem) + dot + ending
        return self._remember("name", segment, lambda: _draw_name(self._rng, segment))

    def _digits(self, value: str, kind: str = "whole") -> str:
        """Return as many digits as a number has; zeros before it stay."""
        if value in {"0", "00"}:
            return value
        zeros = len(value) - len(value.lstrip("0")) if value.strip("0") else 0
        number = value[zeros:]

        def draw() -> str:
            drawn = "".join(_draw(self._rng, digit) for digit in number)
            if kind == "fraction":
                return drawn
            first, rest = self._rng.choice("123456789"), drawn[1:]
            if len(number) == len(_LARGEST):
                # what no printer could have stays so
                first = "1" if number <= _LARGEST else self._rng.choice("3456789")
                rest = self._rng.choice("01234567") + rest[1:]
            return first + rest

        return value[:zeros] + self._remember(kind, number, draw)

    def _hex(self, value: str) -> str:
        """Return as many hexadecimal digits as a value has."""
        digits = string.hexdigits[:16] if value.lower() == value else "0123456789ABCDEF"
        return self._remember(
            "hex", value, lambda: "".join(self._rng.choices(digits, k=len(value)))
        )

    def _mac(self, value: str) -> str:
        """Return an address that no device has, the same in either case."""
        drawn = self._remember(
            "mac", value.upper(), lambda: f"0200{self._rng.getrandbits(32):08X}"
        )
        return drawn.lower() if value == value.lower() else drawn

    def _time(self, code: str) -> str:
        """Return the time of a start on another day, at the same hour."""
        widths = (3, 2, 2, 2, 2, 2, 3, 2)
        ends = [sum(widths[: place + 1]) for place in range(len(widths))]
        parts = [
            int(code[end - width : end], 16)
            for end, width in zip(ends, widths, strict=True)
        ]
        try:
            started = datetime.fromisoformat(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+00:00".format(*parts[:6])
            )
            at = started - timedelta(days=self._days)
        except ValueError, OverflowError:
            return self._hex(code)
        moved = (at.year, at.month, at.day, *parts[3:])
        text = "".join(
            f"{part:0{width}x}" for part, width in zip(moved, widths, strict=True)
        )
        self._known["time", code] = text
        return text if code == code.lower() else text.upper()

    def _remember(self, kind: str, value: str, draw: Callable[[], str]) -> str:
        """Return the pseudonym of a value, one of its own where that can be had."""
        if (kind, value) not in self._known:
            drawn = draw()
            for _ in range(_ATTEMPTS):
                if (kind, drawn) not in self._taken and drawn != value:
                    break
                drawn = draw()
            else:
                drawn += f"_{len(self._taken)}" if kind == "name" else ""
            self._taken.add((kind, drawn))
            self._known[kind, value] = drawn
        return self._known[kind, value]


def _draw_name(rng: random.Random, value: str) -> str:
    """Draw a text of the same kinds of words and separators."""
    drawn = "".join(_draw_run(rng, run) for run in _RUN.findall(value))
    return _other_signs(value) if drawn == value else drawn


def _draw_run(rng: random.Random, run: str) -> str:
    """Draw a word, a number or a sign in the place of another one."""
    if run.isascii() and not run.isalnum():
        return run
    if not run[0].isalnum():
        return _draw(rng, run)
    length = next((size for size in _LENGTHS if size >= len(run)), _LENGTHS[-1])
    like = run[:length].ljust(length, run[-1])
    return "".join(_draw(rng, character) for character in like)


def _draw(rng: random.Random, character: str) -> str:
    """Draw another character of the same kind."""
    if "\ud800" <= character <= "\udfff":
        # half of a pair stays half of one: that is a fault of the printer's
        return _HALVES[character == _HALVES[0]]
    return rng.choice(_alphabet(character).replace(character, ""))


def _other_signs(value: str) -> str:
    """Return other signs, as many as there are, for a name without a letter."""
    return "".join("_" if sign == "-" else "-" for sign in value)


def _alphabet(character: str) -> str:
    """Return the characters of the same kind."""
    if character in string.digits:
        return string.digits
    if character in string.ascii_letters:
        lower = character in string.ascii_lowercase
        return string.ascii_lowercase if lower else string.ascii_uppercase
    code = ord(character)
    if not character.isalnum():
        return _ALPHABETS["sign" if code < _BYTE_END else "picture"]
    if code < _LATIN_END:
        return _ALPHABETS["latin"]
    return _ALPHABETS["wide" if code >= _WIDE_START else "other"]
