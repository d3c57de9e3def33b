"""The dashboard: what was printed to the end. Stopped and failed jobs are not kept."""

from dataclasses import dataclass
import random

from .job import job_id
from .models import FILES


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One completed job; times in seconds, filament in grams."""

    job_id: str
    file_name: str
    real_print_time: int
    estimated_time: int
    filament: tuple[float, float]
    user_tag: str = ""
    has_preview: bool = True


def earlier_jobs(
    count: int, before: float, macs: tuple[str, str], rng: random.Random
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
        entries.append(
            HistoryEntry(
                job_id(macs, started, counter),
                name,
                int(took),
                int(stored.estimate or stored.duration),
                stored.filament,
                has_preview=stored.has_preview,
            )
        )
    return entries
