"""One print: its id, and how layers and file position advance with printing time."""

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
import random

from .clock import PRINTER_ZONE, printer_datetime

# Heating up takes three minutes, or a twentieth of a print too short for that.
WARM_UP = 180.0
WARM_UP_SHARE = 1 / 20
# Captured: layer 6 of 43 and 1.10 % of the file at 444 s of 3689 s. Without the warm-up
# 7.5 % of the time gave 14 % of the layers: time per layer grows with height^0.35, and
# bytes per layer with height^1.29.
TIME_GROWTH = 0.35
BYTES_GROWTH = 1.29
# Layers differ; a third up or down is like a real part.
SPREAD = (0.67, 1.33)
# Slicers print the first layer at about half speed.
FIRST_LAYER_SLOWNESS = 2.0


def job_id(
    macs: tuple[str, str], unix: float, counter: int, zone: float = PRINTER_ZONE
) -> str:
    """Build `<MAC>_<MAC>_<time code>`.

    The code is in hex: year and milliseconds with three digits, the rest with two.
    """
    at = printer_datetime(unix, zone)
    # rounded, because a unix time in a double is a few hundred nanoseconds off
    millis = min(999, round(at.microsecond / 1000))
    parts = (at.month, at.day, at.hour, at.minute, at.second)
    code = f"{at.year:03x}{''.join(f'{part:02x}' for part in parts)}{millis:03x}"
    return f"{macs[0]}_{macs[1]}_{code}{counter % 256:02x}"


def no_job() -> Job:
    """Give what a printer names before its first print: empty texts, zeros."""
    return Job(
        job_id="",
        file_name="",
        duration=0,
        estimate=0,
        layers=0,
        filament=(0, 0),
        nozzle_temp=0,
        bed_temp=0,
        rng=random.Random(0),  # noqa: S311 - unused
    )


@dataclass(slots=True, kw_only=True)
class Job:
    """A print and its course; `elapsed` counts printing seconds, pauses left out."""

    job_id: str
    file_name: str
    duration: float
    estimate: float
    layers: int
    filament: tuple[float, float]
    nozzle_temp: int
    bed_temp: int
    rng: random.Random
    has_preview: bool = True
    elapsed: float = 0.0
    running_since: float | None = None
    paused_since: float | None = None
    paused_total: float = 0.0
    layer_ends: list[float] = field(init=False)
    file_ends: list[float] = field(init=False)

    def __post_init__(self) -> None:
        """Lay out the whole course at once: it must not depend on when it is polled."""
        heights = [(index + 0.5) / self.layers for index in range(self.layers)]
        times = [height**TIME_GROWTH * self.rng.uniform(*SPREAD) for height in heights]
        if times:
            times[0] *= FIRST_LAYER_SLOWNESS
        sizes = [height**BYTES_GROWTH * self.rng.uniform(*SPREAD) for height in heights]
        printing = self.duration - self.warm_up
        self.layer_ends = [
            self.warm_up + printing * done / sum(times) for done in accumulate(times)
        ]
        self.file_ends = [0.0, *(done / sum(sizes) for done in accumulate(sizes))]

    @property
    def warm_up(self) -> float:
        """Seconds until the first layer begins."""
        return min(WARM_UP, self.duration * WARM_UP_SHARE)

    def run(self, now: float) -> None:
        """Let the printing time run from now on."""
        self.running_since = now
        if self.paused_since is not None:
            self.paused_total += now - self.paused_since
            self.paused_since = None

    def hold(self, now: float) -> None:
        """Stop the printing time."""
        if self.running_since is None:
            return
        self.elapsed = self.elapsed_at(now)
        self.running_since = None
        self.paused_since = now

    def end(self, now: float) -> None:
        """Stop all its times for good, or until a recovery."""
        self.hold(now)
        self.paused_total = self.paused_at(now)
        self.paused_since = None

    def elapsed_at(self, now: float) -> float:
        """Seconds spent printing up to now."""
        running = 0.0 if self.running_since is None else now - self.running_since
        return min(self.elapsed + running, self.duration)

    def paused_at(self, now: float) -> float:
        """Seconds spent paused up to now."""
        return self.paused_total + (
            0.0 if self.paused_since is None else now - self.paused_since
        )

    def layer_at(self, now: float) -> int:
        """Layers finished up to now."""
        elapsed = self.elapsed_at(now)
        return (
            self.layers
            if elapsed >= self.duration
            else bisect_right(self.layer_ends, elapsed)
        )

    def progress_at(self, now: float) -> float:
        """Percent of the file that has been read: neither time nor layers."""
        elapsed = self.elapsed_at(now)
        if elapsed >= self.duration:
            return 100.0
        if elapsed <= self.warm_up or not self.layers:
            return 0.0
        layer = min(bisect_right(self.layer_ends, elapsed), self.layers - 1)
        begin = self.layer_ends[layer - 1] if layer else self.warm_up
        share = (elapsed - begin) / (self.layer_ends[layer] - begin)
        low, high = self.file_ends[layer : layer + 2]
        return 100 * (low + (high - low) * share)
