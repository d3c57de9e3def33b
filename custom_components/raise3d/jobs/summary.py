"""Sums over the jobs of a period, and the jobs themselves as CSV."""

from collections.abc import Callable, Iterable, Sequence
import csv
from datetime import datetime, tzinfo
import io
import re
from typing import Final

from .log import LoggedJob
from .models import JobPhase

_HOUR: Final = 3600
CSV_COLUMNS: Final = (
    *("job_id", "file_name", "user_tag", "result", "started_at", "ended_at"),
    *("duration", "estimated_duration", "layers"),
    *("filament_left", "filament_right", "energy", "cost"),
)
# What spreadsheets take for the beginning of a formula, also in East Asian widths.
_FORMULA: Final = (*"=+-@\t\r\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Where one begins after what separates cells in other countries.
_NEXT_CELL: Final = re.compile(f"(?<=.)([;\t] *)(?=[{re.escape(''.join(_FORMULA))}])")
# Decimals that the parts have, and their sum gets.
_DECIMALS: Final = 4

type Values = dict[str, str | int | float | None]
type _Figure = Callable[[LoggedJob], float | None]

_SUMS: Final[dict[str, _Figure]] = {
    "filament_left": lambda job: job.filament_left,
    "filament_right": lambda job: job.filament_right,
    "energy": lambda job: job.energy,
    "cost": lambda job: job.cost,
}


def within(
    jobs: Iterable[LoggedJob], start: datetime, end: datetime
) -> list[LoggedJob]:
    """Return the jobs that have ended in a period, its end not included."""
    return [
        job
        for job in jobs
        if not job.phase.active and job.ended_at and start <= job.ended_at < end
    ]


def count_undated(jobs: Iterable[LoggedJob]) -> int:
    """Return how many jobs have ended without a date: they are in no period."""
    return sum(not job.phase.active and job.ended_at is None for job in jobs)


def sums_of(jobs: Sequence[LoggedJob], *, nozzles: int) -> Values:
    """Return the sums over jobs, and how many of them each sum lacks."""
    phases = [job.phase for job in jobs]
    seconds = [job.duration for job in jobs]
    left, right = (
        [job.filament_left for job in jobs],
        [job.filament_right for job in jobs],
    )
    duration = _sum_of_known(seconds)
    values: Values = {
        "prints_completed": phases.count(JobPhase.COMPLETED),
        "prints_stopped": phases.count(JobPhase.STOPPED),
        "prints_failed": phases.count(JobPhase.FAILED),
        "hours": None if duration is None else round(duration / _HOUR, 2),
        **{
            key: _sum_of_known([figure(job) for job in jobs])
            for key, figure in _SUMS.items()
        },
        "jobs_without_duration": seconds.count(None),
        "jobs_without_filament": sum(
            None in grams[:nozzles] for grams in zip(left, right, strict=True)
        ),
        "jobs_without_energy": [job.energy for job in jobs].count(None),
        "jobs_without_cost": [job.cost for job in jobs].count(None),
    }
    if nozzles == 1:
        values["filament_right"] = None
    return values


def sums_by_tag(jobs: Sequence[LoggedJob], *, nozzles: int) -> list[Values]:
    """Return the sums over the jobs of each user tag, those without one last."""
    tags = sorted({job.user_tag or "" for job in jobs}, key=lambda tag: (not tag, tag))
    return [
        {
            "user_tag": tag or None,
            **sums_of(
                [job for job in jobs if (job.user_tag or "") == tag], nozzles=nozzles
            ),
        }
        for tag in tags
    ]


def as_csv(jobs: Iterable[LoggedJob], zone: tzinfo) -> str:
    """Return jobs as CSV (RFC 4180), their times in a zone."""
    text = io.StringIO()
    rows = [_row(job, zone) for job in jobs]
    writer = csv.DictWriter(text, CSV_COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _row(job: LoggedJob, zone: tzinfo) -> Values:
    """Return a job as a row; what is not known stays empty."""
    return {
        "job_id": _cell(job.job_id),
        "file_name": _cell(job.file_name),
        "user_tag": _cell(job.user_tag),
        "result": job.phase.value,
        "started_at": _time(job.started_at, zone),
        "ended_at": _time(job.ended_at, zone),
        "duration": job.duration,
        "estimated_duration": job.estimated_duration,
        "layers": job.layers,
        **{key: figure(job) for key, figure in _SUMS.items()},
    }


def _cell(text: str | None) -> str | None:
    """Return a text from outside that no spreadsheet takes for a formula."""
    if not text:
        return text
    begins = text.lstrip(" ").startswith(_FORMULA)
    return ("'" if begins else "") + _NEXT_CELL.sub(r"\1'", text)


def _time(time: datetime | None, zone: tzinfo) -> str | None:
    """Return a time in a zone."""
    return None if time is None else time.astimezone(zone).isoformat()


def _sum_of_known(parts: Sequence[float | None]) -> float | None:
    """Return the sum of what is known, None if nothing of it is."""
    known = [part for part in parts if part is not None]
    if parts and not known:
        return None
    return round(sum(known), _DECIMALS)
