"""Time that jumps: an event loop that goes to its next timer instead of waiting."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from ctypes import c_double
from multiprocessing.sharedctypes import RawValue
import selectors
import time
from typing import Any, override
from unittest.mock import patch

from homeassistant.util import dt as dt_util

# 2026-11-23 08:00 UTC; the monotonic clock begins apart from it, to show a mix-up.
EPOCH = 1_795_420_800.0
ORIGIN = 100_000.0
# What a real wait for bytes or threads is cut into, in real seconds.
PATIENCE = 0.001
# Beyond what rounding can lose of a sum of seconds.
NEXT = 1e-6


class Clock:
    """The seconds since the beginning; other processes may read them."""

    def __init__(self) -> None:
        """Begin at zero, in memory that processes can share."""
        self.shared: c_double = RawValue(c_double, 0.0)
        self.holds = 0
        # What is under way in real time; the clock stands still meanwhile.
        self.awaited: list[Callable[[], bool]] = [lambda: self.holds > 0]

    def time(self) -> float:
        """Return the unix time."""
        return EPOCH + self.shared.value

    def monotonic(self) -> float:
        """Return the seconds of a clock that nobody sets."""
        return ORIGIN + self.shared.value

    def advance(self, seconds: float) -> None:
        """Jump."""
        self.shared.value += seconds

    @contextmanager
    def held(self) -> Generator[None]:
        """Stand still, for what takes real time, such as threads."""
        self.holds += 1
        try:
            yield
        finally:
            self.holds -= 1

    @contextmanager
    def installed(self) -> Generator[None]:
        """Make it the clock of Home Assistant and of the integration."""
        with (
            patch("time.time", self.time),
            patch("time.monotonic", self.monotonic),
            patch("time.time_ns", lambda: round(self.time() * 1e9)),
            patch("homeassistant.helpers.entity.timer", self.time),
            patch.object(
                dt_util, "utcnow", lambda: dt_util.utc_from_timestamp(time.time())
            ),
        ):
            yield


class JumpingSelector(selectors.DefaultSelector):
    """Where there is nothing to do, it moves the clock and returns at once."""

    def __init__(self, clock: Clock) -> None:
        """Keep the clock."""
        super().__init__()
        self._clock = clock

    @override
    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        """Jump where asyncio would wait for a timer."""
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if any(busy() for busy in self._clock.awaited):
            return super().select(PATIENCE)
        if timeout is None:
            return super().select(None)
        self._clock.advance(timeout + NEXT)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on a virtual clock, with real sockets and real threads."""

    def __init__(self, clock: Clock) -> None:
        """Wait for threads only."""
        self._clock = clock
        self._jobs = 0
        super().__init__(JumpingSelector(clock))
        clock.awaited.append(lambda: self._jobs > 0)

    @override
    def time(self) -> float:
        """Return the virtual time."""
        return self._clock.monotonic()

    @override
    def run_in_executor[*Ts, T](
        self,
        executor: Executor | None,
        func: Callable[[*Ts], T],
        *args: *Ts,
    ) -> asyncio.Future[T]:
        """Let no time pass until the thread is done."""
        future: asyncio.Future[T] = super().run_in_executor(executor, func, *args)
        self._jobs += 1

        def done(_: Any) -> None:
            self._jobs -= 1

        with suppress(RuntimeError):
            future.add_done_callback(done)
        return future

    @override
    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """Wait for the threads in real time, which is what they end in."""
        with self._clock.held():
            await super().shutdown_default_executor()


def run(clock: Clock, main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a program on the clock."""
    with (
        clock.installed(),
        asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner,
    ):
        runner.run(main())
