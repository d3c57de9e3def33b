"""The table: ours beside what it must reach and beside the older integration."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import mean
from typing import Any

from . import figures
from .figures import HOUR

DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- begin: scripts/bench --write -->\n", "<!-- end -->\n"
MANY = (1, 10, 100)
TOO_SHORT, TOO_LONG = 0.9, 1.1

RENEWALS = "- new addresses of pictures, by Home Assistant itself"
ROWS = "- both as rows in the recorder's database"

type Results = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A line of the table; limits are those of the design, the peer was measured."""

    text: str
    ours: tuple[float, ...]
    limit: tuple[float, ...] = ()
    peer: str = ""

    @property
    def exceeded(self) -> bool:
        """Whether ours is more than it may be."""
        return any(
            ours > limit for ours, limit in zip(self.ours, self.limit, strict=False)
        )


def tasks(*, quick: bool) -> dict[str, Callable[[], Any]]:
    """Return what is to be measured, the longest first."""
    some = 4 if quick else 40
    off = [TOO_SHORT, TOO_LONG] * (some // 2)
    limited: dict[str, Callable[[], Any]] = {
        "day": partial(figures.day, quick=quick),
        "importing": figures.importing,
        "exact": partial(figures.completion, HOUR, [1.0] * some),
        "off": partial(figures.completion, HOUR, off),
    }
    if quick:
        return limited
    long = [1.0, TOO_SHORT, TOO_LONG] * 2
    return {
        "many 100": partial(figures.many, 100, 300.0),
        "memory 100": partial(figures.memory, 100),
        **limited,
        "long": partial(figures.completion, 10 * HOUR, long),
        "many 10": partial(figures.many, 10, 900.0),
        "many 1": partial(figures.many, 1, 3600.0),
        "memory 10": partial(figures.memory, 10),
    }


def measure(*, quick: bool) -> Results:
    """Measure everything, or with `quick` only what has a limit, on fewer prints."""
    if quick:
        # to start processes would take longer
        return {name: task() for name, task in tasks(quick=True).items()}
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        futures = {name: pool.submit(task) for name, task in tasks(quick=quick).items()}
        return {name: future.result() for name, future in futures.items()}


def rows(results: Results) -> Iterator[Row]:
    """Lay out what one printer costs."""
    day: Mapping[str, float] = results["day"]

    def late(name: str) -> tuple[float, float]:
        return mean(results[name]), max(results[name])

    yield Row("requests per idle hour", (day["idle_requests"],), (200,), "960")
    yield Row("requests per printing hour", (day["printing_requests"],), (500,), "960")
    yield Row("requests in the hour after a print", (day["cooling_requests"],))
    text = "requests in an idle hour while the history is imported"
    yield Row(text, (results["importing"]["requests"],), (500,))
    yield Row("logins per day (password)", (day["logins"],), (1,), "1")
    yield Row("requests in flight", (day["in_flight"],), (1,), "8")
    text = "requests to set up, the flow's included"
    yield Row(text, (day["set_up_requests"],), (10,), "12")
    writes = (day["printing_writes"],)
    yield Row("state writes per printing hour", writes, (150,), "489")
    yield Row(RENEWALS, (day["printing_renewals"],))
    yield Row(ROWS, (day["printing_rows"],))
    if "fast_writes" in day:
        yield Row("- of a fast print (250 layers an hour)", (day["fast_writes"],))
    yield Row("- in the hour after a print", (day["cooling_writes"],))
    yield Row("state writes per idle hour", (day["idle_writes"],), (0,), "0")
    yield Row(RENEWALS, (day["idle_renewals"],))
    yield Row(ROWS, (day["idle_rows"],))
    exact, off = late("exact"), late("off")
    text = "completion reported after, mean / worst (s)"
    yield Row(text, exact, (2, 4), "12.5 / 25")
    yield Row("- with an estimate 10 % off", off, (2, 5), "15.3 / 29.5")
    if "long" in results:
        yield Row("- of a print of 10 hours, estimate exact or not", late("long"))


def number(value: float) -> str:
    """Write counts as they are, and seconds with a digit."""
    return f"{value:g}" if value == int(value) else f"{value:.1f}"


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Lay out a table that reads well as plain text too."""
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    rule = ["-" * (widths[0]), *("-" * (width - 1) + ":" for width in widths[1:])]
    return "".join(
        "| "
        + " | ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        + " |\n"
        for line in (head, rule, *lines)
    )


def render(results: Results) -> str:
    """Write down the tables in Markdown."""
    text = table(
        ["figure", "older integration", "at most", "ours"],
        [
            [
                row.text,
                row.peer,
                " / ".join(map(number, row.limit)),
                " / ".join(map(number, row.ours)) + (" (!)" if row.exceeded else ""),
            ]
            for row in rows(results)
        ],
    )
    if "many 1" not in results:
        return text
    many = [results[f"many {count}"] for count in MANY]
    counts = {
        "requests per printer and hour": [f"{it['requests']:.0f}" for it in many],
        "state writes per printer and hour": [f"{it['writes']:.0f}" for it in many],
        "requests in the busiest second, times the mean": [
            "-",
            *(f"{it['busiest']:.1f}" for it in many[1:]),
        ],
        "time of the event loop per printer, times that of one (±20 %)": [
            f"{it['seconds'] / many[0]['seconds']:.1f}" for it in many
        ],
        "memory per further printer, KiB (±5 %)": [
            "-",
            *(f"{results[f'memory {count}'] / 1024:.0f}" for count in MANY[1:]),
        ],
    }
    head = ["printers, all of them printing", *(str(count) for count in MANY)]
    lines = [[text, *values] for text, values in counts.items()]
    return f"{text}\n{table(head, lines)}"


def write(text: str) -> None:
    """Put the tables where people read them."""
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
