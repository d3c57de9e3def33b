"""Raw answers of the printer, before anything of them is decoded."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
import time

from .const import MAX_KEPT_BODY


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer as it came; what may be private never shows."""

    path: str
    params: Mapping[str, str] = field(repr=False)
    status: int
    content_type: str = field(repr=False)
    body: bytes = field(repr=False)
    """Its beginning, where it is long."""
    size: int
    """Bytes of the whole body."""
    at: float
    """When it came, by the monotonic clock."""


class AnswerLog:
    """Keeps the last answer of each reading endpoint, and records on demand."""

    def __init__(self) -> None:
        """Start without an answer."""
        self._last: dict[str, RawAnswer] = {}
        self._records: list[list[RawAnswer]] = []

    @property
    def last(self) -> Mapping[str, RawAnswer]:
        """The last answer of each endpoint, by its path."""
        return self._last

    def note(
        self,
        path: str,
        params: Mapping[str, str],
        *,
        status: int,
        content_type: str,
        body: bytes,
    ) -> None:
        """Keep an answer."""
        answer = RawAnswer(
            path,
            params,
            status,
            content_type,
            body[:MAX_KEPT_BODY],
            len(body),
            time.monotonic(),
        )
        self._last[path] = answer
        for record in self._records:
            record.append(answer)

    def clear(self) -> None:
        """Forget all answers: another printer may have given them."""
        self._last.clear()
        for record in self._records:
            record.clear()

    @contextmanager
    def record(self) -> Generator[list[RawAnswer]]:
        """Record all answers for a while, those to other callers as well."""
        record: list[RawAnswer] = []
        self._records.append(record)
        try:
            yield record
        finally:
            # two empty records are equal, but not the same
            self._records = [kept for kept in self._records if kept is not record]
