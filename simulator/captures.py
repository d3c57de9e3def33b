"""Captures: what a printer has answered, from the diagnostics of Home Assistant."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
import json
from pathlib import Path
import re
from typing import Self, cast

type Json = Mapping[str, object]

FORMAT = 1
# Keys under which a file has it: bare, in what an integration gives, in a download.
WRAPPERS = ((), ("capture",), ("data", "capture"))
# As many digits as a 64-bit number may have: Python reads no number of any length.
_PLACE = re.compile(r"[0-9]{1,19}")


class CaptureError(ValueError):
    """A file is no capture; the text says why."""


@dataclass(frozen=True)
class Answer:
    """One answer as it came, without what was private in it."""

    path: str
    params: Mapping[str, str]
    status: int
    content_type: str
    body: bytes

    @classmethod
    def from_json(cls, given: Json) -> Self:
        """Read an answer of a file."""
        params = given.get("params")
        status = given.get("status")
        content_type = str(given.get("content_type") or "")
        encoding = "latin-1" if given.get("encoding") == "latin-1" else "utf-8"
        return cls(
            path=str(given.get("path", "")),
            params=_texts(params if isinstance(params, dict) else {}),
            status=status if isinstance(status, int) else 200,
            content_type=content_type if content_type.isprintable() else "",
            # half a surrogate pair can be in a file, but has no bytes
            body=str(given.get("body", "")).encode(encoding, errors="replace"),
        )

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8-sig", errors="replace")

    @cached_property
    def envelope(self) -> Json:
        """The body as JSON, empty where it is none."""
        try:
            parsed = json.loads(self.text)
        except ValueError, RecursionError:
            return {}
        return cast("Json", parsed) if isinstance(parsed, dict) else {}

    @property
    def data(self) -> Json:
        """The data of the envelope, empty where it has none."""
        data = self.envelope.get("data")
        return cast("Json", data) if isinstance(data, dict) else {}

    @property
    def refused(self) -> bool:
        """Whether the printer has answered with an error."""
        return isinstance(self.envelope.get("error"), dict)

    @property
    def start(self) -> int | None:
        """The place from which a list was read."""
        return read_place(self.params.get("start_pos", ""))

    def rows(self, key: str) -> list[Json]:
        """Return the entries of a list."""
        rows = self.data.get(key)
        found = rows if isinstance(rows, list) else []
        return [cast("Json", row) for row in found if isinstance(row, dict)]


@dataclass(frozen=True)
class Capture:
    """The answers of one printer."""

    answers: tuple[Answer, ...]
    silent: frozenset[str] = frozenset()
    """Paths that have not answered."""
    taken_at: str = ""

    @classmethod
    def from_json(cls, content: object) -> Self:
        """Read a capture, alone or in a download."""
        found = _find(content)
        fresh = [Answer.from_json(given) for given in _list(found, "answers")]
        paths = {answer.path for answer in fresh}
        earlier = map(Answer.from_json, _list(found, "earlier_answers"))
        answers = (*fresh, *(each for each in earlier if each.path not in paths))
        paths = {answer.path for answer in answers}
        silent = {str(each.get("path")) for each in _list(found, "without_answer")}
        return cls(answers, frozenset(silent - paths), str(found.get("taken_at", "")))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the capture of a file."""
        try:
            content = json.loads(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            msg = f"{path}: {error.strerror}"
            raise CaptureError(msg) from error
        except (ValueError, RecursionError) as error:
            msg = f"{path} is no JSON: {error}"
            raise CaptureError(msg) from error
        return cls.from_json(content)

    def knows(self, path: str) -> bool:
        """Whether an endpoint was read, with or without an answer."""
        return path in self.silent or bool(self.all_of(path))

    def all_of(self, path: str) -> tuple[Answer, ...]:
        """Return the answers of an endpoint, in the order in which they came."""
        return tuple(answer for answer in self.answers if answer.path == path)

    def data_of(self, path: str) -> Json:
        """Return the data of an endpoint's last answer, empty where there is none."""
        return next((each.data for each in reversed(self.all_of(path))), {})


def read_place(value: str) -> int | None:
    """Return a place in a list, None where it is none."""
    return int(value) if _PLACE.fullmatch(value) else None


def _find(content: object) -> Json:
    """Return the capture in what a file holds."""
    places = (_descend(content, keys) for keys in WRAPPERS)
    place = next((place for place in places if "answers" in place), None)
    if place is None:
        msg = "there is no capture in it: download the diagnostics of a printer"
        raise CaptureError(msg)
    if place.get("format") != FORMAT:
        msg = f"its format is {place.get('format')!r}, and only {FORMAT} is known"
        raise CaptureError(msg)
    return place


def _descend(content: object, keys: tuple[str, ...]) -> Json:
    for key in keys:
        content = content.get(key) if isinstance(content, dict) else None
    return cast("Json", content) if isinstance(content, dict) else {}


def _list(found: Json, key: str) -> Iterator[Json]:
    listed = found.get(key)
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict):
            yield cast("Json", each)


def _texts(given: Mapping[object, object]) -> dict[str, str]:
    return {str(key): str(value) for key, value in given.items()}
