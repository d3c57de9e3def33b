"""Jobs that cannot have been printed to their end since their last figures.

Some printers list stopped prints in their history, too, where nothing distinguishes
them from completed ones.
"""

from dataclasses import dataclass
from datetime import datetime

from ..api import JobReport
from .relation import LAG

# Seconds. No layer takes less: slicers slow down so that each can cool for longer.
_SHORTEST_LAYER = 2.0
# How much more must be left than can have been printed. Estimates are wrong by a factor
# of two, and heating or a slow first layer makes the pace look as much slower.
_MARGIN = 5.0
# A layer that takes longer than so many average ones may be a counter that is stuck.
_LONGEST_LAYER = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The last figures of the tracked job, and how long they have stood still."""

    report: JobReport
    """With printed time."""
    read_at: datetime
    moved_at: datetime
    """When the printed time last grew, later by what was paused since."""
    layer_after: int | None = None
    """Printed time when a layer was last seen to be finished."""
    restarted: bool = False
    """Whether they have started again, perhaps at another part of the file."""


def next_figures(
    before: Figures | None, report: JobReport, now: datetime, *, paused: bool
) -> Figures | None:
    """Return the figures after another report, the same after one without any.

    `paused` where the job is paused now, and was at the poll before.
    """
    if not report.elapsed:
        return before
    if before is None:
        return Figures(report=report, read_at=now, moved_at=now)
    moved_at, layer_after = before.moved_at, before.layer_after
    if report.elapsed > (before.report.elapsed or 0):
        moved_at = now
    elif paused:
        moved_at += now - before.read_at
    if (report.printed_layers or 0) > (before.report.printed_layers or 0):
        layer_after = report.elapsed
    return Figures(
        report=report,
        read_at=now,
        moved_at=moved_at,
        layer_after=layer_after,
        restarted=before.restarted or _fall_back(before.report, report),
    )


def _fall_back(before: JobReport, report: JobReport) -> bool:
    """Whether figures are less than before, by more than an answer can lag."""
    layers = (report.printed_layers or 0) - (before.printed_layers or 0)
    elapsed = (report.elapsed or 0) - (before.elapsed or 0)
    return elapsed < -LAG or layers < -LAG / _SHORTEST_LAYER


def is_cut_short(figures: Figures | None, gone_at: datetime) -> bool:
    """Whether a job cannot have been completed when it was first seen gone.

    False where a figure is missing, zero or stands still, where they started again as
    after a power cut, and where any of them leaves too little to print.
    """
    if figures is None or figures.restarted:
        return False
    still = (gone_at - figures.moved_at).total_seconds()
    report, layer_after = figures.report, figures.layer_after
    layers, all_layers = report.printed_layers, report.total_layers
    elapsed, total, progress = report.elapsed, report.total, report.progress
    if not (layers and all_layers and elapsed and total and progress and layer_after):
        return False
    if elapsed - layer_after > _LONGEST_LAYER * layer_after / layers:
        return False
    left = min(
        total - elapsed,
        elapsed / progress * (100 - progress),
        elapsed / layers * (all_layers - layers),
    )
    # both answers may lag; more than that before the figures is a clock set back
    unseen = max(still, 0.0) + LAG
    least = _SHORTEST_LAYER * (all_layers - layers)
    return still >= -LAG and least > unseen and left > _MARGIN * unseen
