"""A printer as one card, for a dashboard that a person has made."""

from typing import Final

from . import cards, views
from .cards import Config
from .printers import Printer
from .texts import Texts
from .views import Group

COMPACT, NORMAL = "compact", "normal"
SIZES: Final = (COMPACT, NORMAL)


def card(printer: Printer, size: str, texts: Texts) -> Config:
    """Return a stack of cards, each shown in its states."""
    lines = [
        cards.shown_if(line, *views.is_in(printer, group))
        # without a status it is in no group, and may be at work
        for group in (Group if printer.find("status") else (Group.AT_WORK,))
        for line in views.compact(printer, group)
    ]
    details: list[Config | None] = []
    if size == NORMAL:
        details = [
            *views.hints(printer, texts),
            views.camera(printer, "auto"),
            views.unfinished(printer, _side_by_side(printer, views.TIMES)),
            views.with_job(printer, _side_by_side(printer, views.LAYERS)),
            *views.buttons(printer, texts),
            views.powered(printer, views.temperatures(printer)),
        ]
    return {"type": "vertical-stack", "cards": cards.present([*lines, *details])}


def _side_by_side(printer: Printer, keys: tuple[str, ...]) -> Config | None:
    """Return two values in a row."""
    found = cards.present(map(cards.value_tile, printer.find_all(keys)))
    return {"type": "horizontal-stack", "cards": found} if found else None
