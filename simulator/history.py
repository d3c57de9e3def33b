"""The dashboard: what was printed to the end, as the printer lists it.

Stopped and failed jobs are not kept, unless a switch is set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
import random

from .clock import DEAD_BEGIN
from .job import Job, job_id
from .models import FILES
from .states import Unknowns


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One job; times in seconds, filament in grams."""

    job_id: str
    file_name: str
    real_print_time: int
    estimated_time: int
    filament: tuple[float, float]
    user_tag: str = ""
    has_preview: bool = True
    successful: bool = True
    listed_at: float = 0.0
    """When the list shows it, which may be a while after its end."""
    started: float | None = None
    """When it really began, where it was invented."""


def ended_job(
    job: Job, now: float, unknowns: Unknowns, *, successful: bool
) -> HistoryEntry:
    """Give the entry of a job that has just ended."""
    return HistoryEntry(
        job_id=job.job_id,
        file_name=job.file_name,
        real_print_time=int(job.duration if successful else job.elapsed),
        estimated_time=int(job.estimate),
        filament=job.filament,
        has_preview=job.has_preview,
        successful=successful,
        listed_at=now + unknowns.history_delay,
    )


def listed(
    entries: Sequence[HistoryEntry], now: float, booted_at: float, unknowns: Unknowns
) -> dict[int, HistoryEntry]:
    """Give the list as the API shows it: entries by their places."""
    if now < booted_at + unknowns.history_empty_for:
        return {}
    shown = [entry for entry in entries if entry.listed_at <= now]
    dropped = max(0, len(shown) - (unknowns.history_cap or len(shown)))
    shown = shown[dropped:]
    if unknowns.history_newest_first:
        shown.reverse()
    moved = dropped if unknowns.history_keeps_places else 0
    return dict(enumerate(shown, unknowns.history_base + moved))


def earlier_jobs(
    count: int,
    before: float,
    macs: tuple[str, str],
    rng: random.Random,
    unknowns: Unknowns,
) -> list[HistoryEntry]:
    """Invent the jobs of the weeks before, oldest first."""
    entries = []
    names = sorted(FILES)
    # two jobs a day on average: one in the morning, one overnight
    times = sorted(before - rng.uniform(0, count * 43200) for _ in range(count))
    for counter, started in enumerate(times):
        name = rng.choice(names)
        stored = FILES[name]
        # the estimate is off by up to five percent either way
        took = stored.duration * rng.uniform(0.95, 1.05)
        own = started
        if unknowns.clock_dead:
            # within a day of the boot that it was printed after
            own = DEAD_BEGIN + started % 86400
        entries.append(
            HistoryEntry(
                job_id=job_id(macs, own, counter, unknowns.clock_zone),
                file_name=name,
                real_print_time=int(took),
                estimated_time=int(stored.estimate or stored.duration),
                filament=stored.filament,
                has_preview=stored.has_preview,
                started=started,
            )
        )
    return entries
