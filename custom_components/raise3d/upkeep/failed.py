"""Adds the failed prints that were seen, unless the printer has counted them itself.

The printer says that its counters count successful prints. Should they count failed
ones as well, they grow without a completed print: then nothing is added.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self

from ..jobs.models import JobPhase
from ..jobs.stored import format_time, read_float, read_int, read_str, read_time
from .amounts import Amounts, Counted, read_amounts

# A printer writes its figures within that time of an end.
_FIGURES_WITHIN: Final = timedelta(minutes=10)
# The totals are read four times an hour: who has not read them for longer does not know
# which prints are in them.
_UNSEEN_AFTER: Final = timedelta(hours=1)
# Seconds of a failed print that are enough to find out whether the printer counts it.
_ENOUGH: Final = 5 * 60
# Failed prints that may still be recovered, and so count only once.
_MAX_CREDITS: Final = 20


@dataclass(slots=True, kw_only=True)
class Credit:
    """What a failed print adds to the printer's own counters."""

    prints: int
    seconds: float
    duration: float
    """Of the print; seconds are less of it where the printer counts it itself."""
    ended_at: datetime
    decided: bool = False
    """Whether the printer can no longer count it later."""

    def as_dict(self) -> dict[str, object]:
        """Return the credit as it is stored."""
        return {
            "prints": self.prints,
            "seconds": self.seconds,
            "duration": self.duration,
            "ended_at": format_time(self.ended_at),
            "decided": self.decided,
        }

    @classmethod
    def from_dict(cls, data: object) -> Self | None:
        """Read a credit that was stored, None where it is damaged."""
        if not isinstance(data, Mapping):
            return None
        ended_at = read_time(data.get("ended_at"))
        if ended_at is None:
            return None
        return cls(
            prints=read_int(data.get("prints")) or 0,
            seconds=read_float(data.get("seconds")) or 0.0,
            duration=read_float(data.get("duration")) or 0.0,
            ended_at=ended_at,
            decided=data.get("decided") is not False,
        )


@dataclass(slots=True, kw_only=True)
class Habit:
    """Whether the printer counts failed prints itself, as the last one has shown."""

    counts_prints: bool = False
    counts_seconds: bool = False

    def learn(self, credit: Credit) -> None:
        """Note what a failed print shows; that it is not counted, only in the end."""
        if credit.prints == 0 or credit.decided:
            self.counts_prints = credit.prints == 0
        counted = credit.seconds <= credit.duration / 2
        if credit.duration >= _ENOUGH and (counted or credit.decided):
            self.counts_seconds = counted

    def presume(self, credit: Credit) -> None:
        """Decide on a failed print by what the last one has shown."""
        if credit.decided:
            return
        credit.decided = True
        if self.counts_prints:
            credit.prints = 0
        if self.counts_seconds:
            credit.seconds = 0.0

    def as_dict(self) -> dict[str, object]:
        """Return the habit as it is stored."""
        return {
            "counts_prints": self.counts_prints,
            "counts_seconds": self.counts_seconds,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what was stored."""
        return cls(
            counts_prints=data.get("counts_prints") is True,
            counts_seconds=data.get("counts_seconds") is True,
        )


@dataclass(kw_only=True)
class FailedPrints:
    """Knows what failed prints add, by comparing the counters with the prints seen.

    The surplus is what the counters have grown beyond the completed prints that were
    seen: positive where they hold another print, negative while they lag behind.
    """

    past: dict[Counted, float] = field(default_factory=dict)
    credits: dict[str, Credit] = field(default_factory=dict)
    current: str | None = None
    """The job that is active."""
    surplus_prints: float = 0
    surplus_seconds: float = 0
    completed_at: datetime | None = None
    """When a print was completed whose figures the counters may still lack."""
    read_at: datetime | None = None
    """When the counters were last read."""
    habit: Habit = field(default_factory=Habit)
    blind: bool = True
    """Whether prints may be in the counters that nobody has seen."""

    @property
    def total(self) -> Amounts:
        """What all failed prints add."""
        found = self.credits.values()
        return {
            Counted.PRINTS: self.past.get(Counted.PRINTS, 0)
            + sum(each.prints for each in found),
            Counted.PRINT_HOURS: self.past.get(Counted.PRINT_HOURS, 0)
            + sum(each.seconds for each in found),
        }

    @property
    def explains_all(self) -> bool:
        """Whether the counters have not grown beyond the prints that were seen."""
        return self.surplus_prints < 1 and self.surplus_seconds < _ENOUGH

    def note_growth(self, growth: Amounts, now: datetime) -> None:
        """Note by how much the printer's own counters have grown."""
        if self.read_at is None or now - self.read_at > _UNSEEN_AFTER:
            self._forget_surplus()
            self.blind = True
        else:
            self.surplus_prints += growth.get(Counted.PRINTS, 0)
            self.surplus_seconds += growth.get(Counted.PRINT_HOURS, 0)
            self._give_back(growth)
        self.read_at = now
        if not self.blind:
            self._absorb(now)
        completed_at = self.completed_at
        if completed_at is not None and now - completed_at > _FIGURES_WITHIN:
            # its figures are as final as they will be
            self.surplus_prints = max(0, self.surplus_prints)
            self.surplus_seconds = max(0, self.surplus_seconds)
            self.completed_at = None

    def note_job(
        self, key: str, phase: JobPhase, duration: float | None, now: datetime
    ) -> None:
        """Note what has become of a job."""
        if phase.active:
            self._note_active(key)
        elif phase is JobPhase.COMPLETED:
            self._note_completed(key, duration, now)
        elif key not in self.credits:
            self._note_failed(key, duration or 0.0, now)

    def _note_active(self, key: str) -> None:
        """Note a job that prints; one that was recovered has not failed."""
        self.credits.pop(key, None)
        if key == self.current:
            return
        self.current = key
        self.blind = False
        # what a lagging counter still owes stays
        self.surplus_prints = min(0, self.surplus_prints)
        self.surplus_seconds = min(0, self.surplus_seconds)

    def _note_completed(self, key: str, duration: float | None, now: datetime) -> None:
        """Note a completed print, which the printer counts sooner or later."""
        self.credits.pop(key, None)
        if key != self.current:
            # whose start nobody has seen
            self.surplus_prints = self.surplus_seconds = 0
            return
        self.current = None
        self.surplus_prints -= 1
        seconds = self.surplus_seconds
        self.surplus_seconds = 0 if duration is None else seconds - duration
        self.completed_at = now

    def _note_failed(self, key: str, duration: float, now: datetime) -> None:
        """Add a failed print."""
        self.blind = self.blind or key != self.current
        self.current = None
        credit = Credit(prints=1, seconds=duration, duration=duration, ended_at=now)
        self.credits[key] = credit
        if self.blind:
            self.habit.presume(credit)
        else:
            self._absorb(now)
        while len(self.credits) > _MAX_CREDITS:
            _add_credit(self.credits.pop(next(iter(self.credits))), self.past)

    def _absorb(self, now: datetime) -> None:
        """Take back what the printer has counted itself of failed prints."""
        for credit in self.credits.values():
            if credit.decided:
                continue
            if now - credit.ended_at > _FIGURES_WITHIN:
                credit.decided = True
                self.habit.learn(credit)
                continue
            if self.surplus_prints >= credit.prints > 0:
                self.surplus_prints -= credit.prints
                credit.prints = 0
            taken = min(credit.seconds, max(0.0, self.surplus_seconds))
            self.surplus_seconds -= taken
            credit.seconds -= taken
            self.habit.learn(credit)

    def _give_back(self, growth: Amounts) -> None:
        """Add again what a wrong answer has made seem counted by the printer."""
        prints = min(-growth.get(Counted.PRINTS, 0), -self.surplus_prints)
        seconds = min(-growth.get(Counted.PRINT_HOURS, 0), -self.surplus_seconds)
        for credit in self.credits.values():
            if credit.decided:
                continue
            if prints >= 1 > credit.prints:
                credit.prints = 1
                self.habit.counts_prints = False
                prints -= 1
                self.surplus_prints += 1
            given = min(credit.duration - credit.seconds, max(0.0, seconds))
            credit.seconds += given
            if given > credit.duration / 2:
                self.habit.counts_seconds = False
            seconds -= given
            self.surplus_seconds += given

    def _forget_surplus(self) -> None:
        """Forget the surplus, and decide on open credits by habit."""
        self.surplus_prints = self.surplus_seconds = 0
        self.completed_at = None
        for credit in self.credits.values():
            self.habit.presume(credit)

    def as_dict(self) -> dict[str, object]:
        """Return what is stored."""
        return {
            "past": {each.value: value for each, value in self.past.items()},
            "credits": {key: each.as_dict() for key, each in self.credits.items()},
            "current": self.current,
            "surplus_prints": self.surplus_prints,
            "surplus_seconds": self.surplus_seconds,
            "completed_at": format_time(self.completed_at),
            "read_at": format_time(self.read_at),
            **self.habit.as_dict(),
            "blind": self.blind,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what was stored; raises ValueError if it is damaged."""
        rows = data.get("credits")
        listed = rows.items() if isinstance(rows, Mapping) else ()
        found = {str(key): Credit.from_dict(row) for key, row in listed}
        return cls(
            past=read_amounts(data.get("past")),
            credits={key: each for key, each in found.items() if each is not None},
            current=read_str(data.get("current")),
            surplus_prints=read_float(data.get("surplus_prints")) or 0,
            surplus_seconds=read_float(data.get("surplus_seconds")) or 0,
            completed_at=read_time(data.get("completed_at")),
            read_at=read_time(data.get("read_at")),
            habit=Habit.from_dict(data),
            blind=data.get("blind") is not False,
        )


def _add_credit(credit: Credit, past: dict[Counted, float]) -> None:
    """Keep what a failed print adds, but no longer which one it was."""
    for each, value in (
        (Counted.PRINTS, credit.prints),
        (Counted.PRINT_HOURS, credit.seconds),
    ):
        past[each] = past.get(each, 0) + value
