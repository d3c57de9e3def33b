"""Lazy time: what is due is played, in order, with each poll."""

from collections.abc import Callable
import heapq
from itertools import count
import math


class Timeline:
    """An agenda on an injected clock; `now` is the moment being played."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin at the clock's present."""
        self._clock = clock
        self._ahead = 0.0
        self.now = clock()
        self._watch: Callable[[], None] | None = None
        self._agenda: list[tuple[float, int, str, Callable[[], None]]] = []
        # of two entries for the same moment the older one goes first
        self._order = count()

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call someone before time goes on, and after each action that it plays."""
        self._watch = watcher

    def later(
        self, seconds: float, action: Callable[[], None], group: str = ""
    ) -> None:
        """Put an action on the agenda; a group can be cancelled together."""
        heapq.heappush(
            self._agenda, (self.now + seconds, next(self._order), group, action)
        )

    def skip(self, seconds: float) -> None:
        """Let that much time pass at once."""
        if not 0 <= seconds < math.inf:
            msg = f"time goes forwards only, not by {seconds}"
            raise ValueError(msg)
        self._ahead += seconds
        self.catch_up()

    def cancel(self, group: str | None = None) -> None:
        """Take a group off the agenda, or everything."""
        self._agenda = [
            entry for entry in self._agenda if group is not None and entry[2] != group
        ]
        heapq.heapify(self._agenda)

    def catch_up(self) -> float:
        """Play everything up to the clock's present, each at its own moment."""
        # a clock set back must not undo anything
        present = max(self._clock() + self._ahead, self.now)
        self._watched()
        while self._agenda and self._agenda[0][0] <= present:
            at, _, _, action = heapq.heappop(self._agenda)
            self.now = at
            action()
            self._watched()
        self.now = present
        return present

    def _watched(self) -> None:
        if self._watch is not None:
            self._watch()
