"""Adds up a printer's lifetime counters, also across a new board."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self

from ..jobs.stored import format_time, read_time
from .amounts import Amounts, Counted, read_amounts, write_amounts

# By how much a counter may fall without having started again: the printer rounds.
_TOLERANCE: Final[Amounts] = {
    Counted.PRINTS: 0,
    Counted.PRINT_HOURS: 60,
    Counted.FILAMENT_LEFT: 1,
    Counted.FILAMENT_RIGHT: 1,
}
# The most that a printer can do in a second: a print of a minute, a second of printing,
# and a tenth of a gram, which is more than its nozzles can melt.
_RATE: Final[Amounts] = {
    Counted.PRINTS: 1 / 60,
    Counted.PRINT_HOURS: 1,
    Counted.FILAMENT_LEFT: 0.1,
    Counted.FILAMENT_RIGHT: 0.1,
}
# A print counts when it ends: it may have begun this long before the last answer.
_LONGEST_PRINT: Final = timedelta(days=7)
# More than end between two answers.
_MANY_PRINTS: Final = 2
# What a printer says while it boots is not yet how it is.
_CONFIRMED_AFTER: Final = timedelta(minutes=5)
# A new board has counted nothing before it was there; clocks and polls differ by less.
_NEW_BOARD: Final = timedelta(hours=1)
# Until then counters that return to where they were had never started again.
_RETURNS_WITHIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the printer has counted, and when it said so."""

    amounts: Amounts
    at: datetime

    def leads_to(
        self, later: Amounts, now: datetime, begun_before: timedelta = _LONGEST_PRINT
    ) -> bool:
        """Whether the same counters can be this far by now."""
        seconds = (max(now - self.at, timedelta()) + begun_before).total_seconds()
        return all(
            -_TOLERANCE[each] <= later[each] - before <= _RATE[each] * seconds
            for each, before in self.amounts.items()
            if each in later
        )

    def as_dict(self) -> dict[str, object]:
        """Return the answer as it is stored."""
        return {"amounts": write_amounts(self.amounts), "at": format_time(self.at)}

    @classmethod
    def from_dict(cls, data: object) -> Self | None:
        """Read an answer that was stored, None where it is damaged."""
        if not isinstance(data, Mapping):
            return None
        at, amounts = read_time(data.get("at")), read_amounts(data.get("amounts"))
        return cls(amounts, at) if at is not None and amounts else None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """An answer, and the total of then: counting can go back there."""

    answer: Answer
    total: Amounts

    @classmethod
    def from_stored(cls, answer: object, total: object) -> Self | None:
        """Read what was stored, None where it is damaged."""
        found = Answer.from_dict(answer)
        return None if found is None else cls(found, read_amounts(total))


@dataclass(kw_only=True)
class Meter:
    """Knows how much a printer has done in all.

    Counters that have fallen, or that grow faster than a printer can print, count as
    started again once a second answer confirms it. What was counted before stays.
    """

    total: dict[Counted, float] = field(default_factory=dict)
    last: Answer | None = None
    prior: Checkpoint | None = None
    """Before the last answer."""
    odd: Answer | None = None
    """The answer that did not fit, until the next one confirms or refutes it."""
    former: Checkpoint | None = None
    """Before the counters started again."""
    restarted_at: datetime | None = None
    """When the counters last started again."""

    def update(
        self, amounts: Amounts, now: datetime, *, explained: bool = True
    ) -> Amounts:
        """Add an answer of the printer; return by how much the total has grown.

        Explained is growth that is due to prints, so that it cannot be taken back.
        """
        if not amounts:
            return {}
        before = dict(self.total)
        if self.last is None:
            self._follow(self.last, amounts, now)
        elif (former := self._returned_to(amounts, now)) is not None:
            self.last, self.total = former.answer, dict(former.total)
            self.former, self.restarted_at = None, None
            self._follow(self.last, amounts, now)
        elif self.last.leads_to(amounts, now):
            self._follow(self.last, amounts, now)
        elif (
            not explained
            and (prior := self.prior)
            and prior.answer.leads_to(amounts, now)
        ):
            # it is the last answer that was wrong
            self.total = dict(prior.total)
            self._follow(prior.answer, amounts, now)
        elif self._is_confirmed(amounts, now):
            self._restart(amounts, now)
        elif self.odd is None or not self.odd.leads_to(amounts, now):
            self.odd = Answer(dict(amounts), now)
        return {
            each: total - before[each]
            for each, total in self.total.items()
            if each in before
        }

    def _is_confirmed(self, amounts: Amounts, now: datetime) -> bool:
        """Whether an answer goes on from the one before, which did not fit."""
        odd = self.odd
        if odd is None or not odd.amounts.keys() & amounts.keys():
            return False
        alive = any(
            amounts[each] > odd.amounts[each]
            for each in odd.amounts.keys() & amounts.keys()
        )
        waited = now - odd.at >= _CONFIRMED_AFTER
        return (alive or waited) and odd.leads_to(amounts, now)

    def _returned_to(self, amounts: Amounts, now: datetime) -> Checkpoint | None:
        """Return where the counters are back, if they had not started again at all."""
        former, since, last = self.former, self.restarted_at, self.last
        if former is None or since is None or last is None:
            return None
        answer = former.answer
        if now - since > _RETURNS_WITHIN or not answer.amounts.keys() <= amounts.keys():
            return None
        # one print on a new board does not bring them back
        prints = amounts.get(Counted.PRINTS, 0) - last.amounts.get(Counted.PRINTS, 0)
        returned = prints >= _MANY_PRINTS and answer.leads_to(amounts, now)
        return former if returned else None

    def _restart(self, amounts: Amounts, now: datetime) -> None:
        """Count on with counters that have started again.

        What they have counted by themselves was printed since the last answer, where
        that is possible at all: a used board brings a past that is not this printer's.
        """
        start, odd = self.last, self.odd
        if start is None or odd is None:
            return
        self.former = Checkpoint(start, dict(self.total))
        self.restarted_at = now
        zero = Answer(dict.fromkeys(amounts, 0.0), start.at)
        fresh = self._began_at_zero(start) and zero.leads_to(amounts, now, _NEW_BOARD)
        self._follow(zero if fresh else odd, amounts, now)

    def _began_at_zero(self, before: Answer) -> bool:
        """Whether the first odd answer is below the counters of before."""
        odd = self.odd
        return odd is not None and all(
            odd.amounts[each] <= before.amounts[each]
            for each in odd.amounts.keys() & before.amounts.keys()
        )

    def _follow(self, start: Answer | None, amounts: Amounts, now: datetime) -> None:
        """Add what has been counted since an answer."""
        before = start.amounts if start else {}
        self.prior = Checkpoint(start, dict(self.total)) if start else None
        known = {**(self.last.amounts if self.last else {}), **before}
        for each, value in amounts.items():
            grown = max(0.0, value - before[each]) if each in before else 0.0
            self.total[each] = self.total.get(each, 0.0) + grown
            # a rounded one does not fall
            known[each] = max(value, before.get(each, value))
        self.last, self.odd = Answer(known, now), None

    def as_dict(self) -> dict[str, object]:
        """Return what is stored."""
        prior, former = self.prior, self.former
        return {
            "total": write_amounts(self.total),
            "last": self.last and self.last.as_dict(),
            "prior": prior and prior.answer.as_dict(),
            "prior_total": write_amounts(prior.total if prior else {}),
            "odd": self.odd and self.odd.as_dict(),
            "former": former and former.answer.as_dict(),
            "former_total": write_amounts(former.total if former else {}),
            "restarted_at": format_time(self.restarted_at),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what was stored; raises ValueError if it is damaged."""
        return cls(
            total=read_amounts(data.get("total")),
            last=Answer.from_dict(data.get("last")),
            prior=Checkpoint.from_stored(data.get("prior"), data.get("prior_total")),
            odd=Answer.from_dict(data.get("odd")),
            former=Checkpoint.from_stored(data.get("former"), data.get("former_total")),
            restarted_at=read_time(data.get("restarted_at")),
        )
