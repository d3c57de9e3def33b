"""A printer that counts in one of the ways that its protocol leaves open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import json
import random

from custom_components.raise3d.jobs import JobPhase
from custom_components.raise3d.upkeep import Counted, Ledger

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
POLL = timedelta(minutes=15)

PRINTS, HOURS, LEFT = Counted.PRINTS, Counted.PRINT_HOURS, Counted.FILAMENT_LEFT


@dataclass(frozen=True)
class Counting:
    """What the printer's own counters contain."""

    failed_prints: bool = False
    failed_seconds: bool = False
    continuous: bool = False
    """Whether the time grows while it prints, not only at the end."""


COUNTINGS = {
    "successes": Counting(),
    "time of all": Counting(failed_seconds=True),
    "time of all as it goes": Counting(failed_seconds=True, continuous=True),
    "all": Counting(failed_seconds=True, failed_prints=True),
}


@dataclass
class Life:
    """A printer, who prints on it, and a Home Assistant that is not always there."""

    counting: Counting
    chance: random.Random
    now: datetime = START
    counters: dict[Counted, float] = field(
        default_factory=lambda: {PRINTS: 40, HOURS: 360_000.0, LEFT: 5_000.0}
    )
    done: dict[Counted, float] = field(
        default_factory=lambda: {PRINTS: 0, HOURS: 0.0, LEFT: 0.0}
    )
    """What was printed and has to be counted: the oracle."""
    ledger: Ledger = field(default_factory=Ledger)
    home: bool = True
    jobs: int = 0

    def read(self, answer: Mapping[Counted, float] | None = None) -> None:
        """Let Home Assistant read the counters."""
        if self.home:
            amounts = self.counters if answer is None else answer
            self.ledger.note_counters(dict(amounts), self.now)

    def glitch(self) -> None:
        """Let one answer be wrong, and the next one right."""
        answer: Mapping[Counted, float] = self.chance.choice(
            (
                dict.fromkeys(self.counters, 0.0),
                {each: 3 * value for each, value in self.counters.items()},
                {HOURS: 0.0},
                {},
            )
        )
        self.read(answer)
        self.wait(timedelta(seconds=30))
        self.read()

    def wait(self, time: timedelta) -> None:
        """Let time pass, with a poll in every quarter of an hour."""
        # who is not there polls nothing
        while self.home and time > POLL:
            self.now += POLL
            time -= POLL
            self.read()
        self.now += time

    def restart(self) -> None:
        """Restart Home Assistant."""
        self.ledger = Ledger.from_dict(json.loads(json.dumps(self.ledger.as_dict())))

    def new_board(self) -> None:
        """Begin to count at 0, some time after the last print."""
        self.wait(3 * POLL)
        self.counters = dict.fromkeys(self.counters, 0.0)
        self.wait(3 * POLL)

    def print(self, seconds: float, *, completed: bool) -> None:
        """Print once, to the end or not."""
        self.jobs += 1
        self.note(JobPhase.PRINTING, None)
        counted = completed or self.counting.failed_seconds
        if self.counting.continuous:
            self._print_on(seconds)
        else:
            self.wait(timedelta(seconds=seconds))
            self.counters[HOURS] += seconds * counted
        self.counters[PRINTS] += completed or self.counting.failed_prints
        grams = round(seconds / 300, 1) * completed
        self.counters[LEFT] += grams
        self.done[LEFT] += grams
        # who is not there sees no failed print
        self.done[HOURS] += seconds * (self.home or counted)
        self.done[PRINTS] += self.home or completed or self.counting.failed_prints
        self.read()
        self.note(JobPhase.COMPLETED if completed else JobPhase.FAILED, seconds)
        self.wait(timedelta(minutes=self.chance.choice((1, 20, 300))))
        self.read()

    def _print_on(self, seconds: float) -> None:
        """Print while the time is counted as it goes."""
        left = seconds
        while left > 0:
            step = min(left, POLL.total_seconds())
            self.now += timedelta(seconds=step)
            self.counters[HOURS] += step
            left -= step
            self.read()

    def note(self, phase: JobPhase, seconds: float | None) -> None:
        """Let Home Assistant hear of the job."""
        if self.home:
            self.ledger.note_job(f"job {self.jobs}", phase, seconds, self.now)

    def go_away(self) -> None:
        """Print while Home Assistant is off."""
        self.home = False
        for _ in range(self.chance.randrange(4)):
            self.wait(timedelta(hours=self.chance.randrange(1, 60)))
            self.print(self.chance.randrange(600, 80_000), completed=True)
        self.wait(timedelta(hours=2))
        self.home = True
        self.restart()
        self.wait(2 * POLL)

    def live(self) -> None:
        """Do one of the things that happen to a printer."""
        step = self.chance.randrange(20)
        if step < 8:
            self.print(self.chance.randrange(600, 200_000), completed=True)
        elif step < 13:
            self.print(self.chance.randrange(60, 100_000), completed=False)
        elif step < 15:
            self.glitch()
        elif step < 16:
            self.new_board()
        elif step < 18:
            self.restart()
        else:
            self.go_away()
