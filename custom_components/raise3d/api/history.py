"""Stub."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from .models import HistoryEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryBookmark:
    known: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        return {"known": list(self.known)}

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        known = data["known"]
        return cls(known=tuple(known if isinstance(known, list) else ()))

    def with_known(self, job_id: str) -> Self:
        return (
            self if job_id in self.known else replace(self, known=(*self.known, job_id))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEnd:
    entries: tuple[HistoryEntry, ...]
    new: tuple[HistoryEntry, ...]
    bookmark: HistoryBookmark
