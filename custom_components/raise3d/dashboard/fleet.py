"""The dashboard of all printers: who needs a hand comes first."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
import json
from typing import Final, NamedTuple

from homeassistant.const import Platform, UnitOfTime
from homeassistant.util.unit_conversion import DurationConverter

from ..const import CALENDAR_KEY
from ..job_statistics import Statistic
from . import cards, views
from .cards import Config
from .printers import Printer
from .texts import Texts
from .views import Group

# Above this many printers each is one line: pictures of all of them at once would
# keep the network and the printers busy.
MAX_DETAILED: Final = 12
# Hours. Built-in cards sort nothing, but each can wait in several places: who ends
# within an hour stands before who ends within four.
_ENDS_WITHIN: Final = (1.0, 4.0)
# The past of a printer is only in its own statistics, and not in its sensors'.
_GRAPHS: Final = (
    ("prints_per_week", "prints_completed", (Statistic.PRINTS,)),
    ("print_time_per_week", "print_time_total", (Statistic.HOURS,)),
    (
        "filament_per_week",
        "filament_used",
        (Statistic.FILAMENT_LEFT, Statistic.FILAMENT_RIGHT),
    ),
)
_COLUMNS: Final = 4
# The first word names what is counted.
_COUNTED: Final = (
    ("printing", "busy"),
    ("paused",),
    ("completed",),
    ("error",),
    ("idle",),
    ("offline", "unavailable"),
)
# What there is none of is left out.
_SUMMARY: Final = """\
{{%- set states = {statuses} | map('states') | list -%}}
{{%- set ends = {ends} | map('states') | map('as_datetime', none)
   | reject('none') | select('gt', now()) | list -%}}
{{%- set parts = namespace(all=[]) -%}}
{{%- for name, words in {counted} -%}}
  {{%- set count = states | select('in', words) | list | count -%}}
  {{%- if count -%}}
    {{%- set parts.all = parts.all + [name ~ ' **' ~ count ~ '**'] -%}}
  {{%- endif -%}}
{{%- endfor -%}}
{{%- if ends -%}}
  {{%- set parts.all = parts.all
     + [{next_free} ~ ' **' ~ (ends | min | as_local).strftime('%H:%M') ~ '**'] -%}}
{{%- endif -%}}
{{{{ parts.all | join(' · ') }}}}
"""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Place(NamedTuple):
    """A place in the order that a printer takes while the conditions are met."""

    printer: Printer
    group: Group
    conditions: list[Config]
    timed: bool = False
    """Whether it is known when the job ends."""


def dashboard(printers: Sequence[Printer], texts: Texts) -> Config:
    """Return all views: what happens, the totals, and a page for each printer."""
    if not printers:
        nothing = cards.section([cards.markdown(texts["no_printers"])])
        return {"views": [_view(texts["printers"], "printers", [nothing])]}
    places = list(_places(printers))
    if len(printers) <= MAX_DETAILED:
        sections = [
            cards.section(
                views.summary(place.printer, place.group, texts), *place.conditions
            )
            for place in places
        ]
    else:
        sections = [_compact(places)]
    pages = (views.page(printer, texts) for printer in printers)
    return {
        "views": [
            {
                **_view(texts["printers"], "printers", sections),
                **_header(printers, texts),
            },
            _view(texts["totals"], "totals", _totals(printers, texts)),
            *pages,
        ]
    }


def _places(printers: Sequence[Printer]) -> Iterator[Place]:
    """Return every place in the order: who needs a hand, who is at work, the rest."""
    yield from _in_group(printers, Group.ATTENTION)
    soonest = sorted(printers, key=lambda one: one.finish_time or _NEVER)
    for after, within in pairwise((None, *_ENDS_WITHIN, None)):
        for printer in soonest:
            if conditions := _ends_between(printer, after, within):
                yield Place(printer, Group.AT_WORK, conditions, within is not None)
    yield from _in_group(printers, Group.FREE)
    yield from _in_group(printers, Group.OFF)
    # one whose status is not shown is always there, and always last
    for printer in printers:
        if printer.find("status") is None:
            yield Place(printer, Group.AT_WORK, [])


def _in_group(printers: Sequence[Printer], group: Group) -> Iterator[Place]:
    """Return the places of a group; a printer without a status has none in it."""
    for printer in printers:
        if conditions := views.is_in(printer, group):
            yield Place(printer, group, conditions)


def _ends_between(
    printer: Printer, after: float | None, within: float | None
) -> list[Config]:
    """Return the conditions under which a print ends between two numbers of hours.

    There are none, and so no place, where no entity says whether it does.
    """
    conditions = views.is_in(printer, Group.AT_WORK)
    remaining = printer.find("remaining_time")
    if not conditions or remaining is None:
        # without the time that is left it comes last
        return conditions if within is None else []
    convert = DurationConverter.converter_factory(
        UnitOfTime.HOURS, printer.remaining_unit
    )
    if within is not None:
        conditions.append(cards.is_below(remaining, convert(within)))
    if after is not None:
        ends_before = cards.is_below(remaining, convert(after))
        conditions.append({"condition": "not", "conditions": [ends_before]})
    return conditions


def _compact(places: Sequence[Place]) -> Config:
    """Return one line for each printer, side by side where there is room."""
    lines = (
        cards.shown_if(line, *conditions)
        for printer, group, conditions, timed in places
        for line in views.compact(printer, group, path=printer.path, timed=timed)
    )
    return cards.section(lines, column_span=_COLUMNS)


def _view(title: str, path: str, sections: Sequence[Config]) -> Config:
    """Return a view of sections."""
    return {
        "title": title,
        "path": path,
        "type": "sections",
        "max_columns": _COLUMNS,
        "sections": [*sections],
    }


def _header(printers: Sequence[Printer], texts: Texts) -> Config:
    """Return what is said above all printers; of one alone there is nothing to sum."""
    statuses = [one for printer in printers if (one := printer.find("status"))]
    if len(statuses) < 2:  # noqa: PLR2004 - a sum needs two
        return {}
    ends = [one for printer in printers if (one := printer.find("finish_time"))]
    counted = [(texts.status(words[0]), [*words]) for words in _COUNTED]
    content = _SUMMARY.format(
        statuses=_literal(statuses),
        ends=_literal(ends),
        counted=_literal(counted),
        next_free=_literal(texts["next_free"]),
    )
    return {"header": {"card": cards.markdown(content), "layout": "start"}}


def _literal(value: object) -> str:
    """Return a value as a template spells it, a list with one item in a line."""
    if isinstance(value, list):
        return "[\n" + "".join(f"  {_literal(item)},\n" for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _totals(printers: Sequence[Printer], texts: Texts) -> list[Config]:
    """Return what all printers have done, by week and in all."""
    graphs = [
        card
        for title, key, statistics in _GRAPHS
        if (lines := _lines(printers, key, statistics))
        for card in (cards.heading(texts[title]), cards.weekly(lines))
    ]
    if rates := _rates(printers):
        title = cards.heading(texts.statistic(Statistic.SUCCESS_RATE))
        graphs += [title, cards.monthly_rate(rates)]
    lives = (
        views.figures(printer, views.TOTALS, cards.heading(printer.name, views.ICON))
        for printer in printers
    )
    return [
        *([cards.section(graphs, column_span=_COLUMNS)] if graphs else []),
        *(life for life in lives if life),
    ]


def _lines(
    printers: Sequence[Printer], key: str, statistics: Sequence[Statistic]
) -> list[Config]:
    """Return the lines of a graph, for each printer whose total a user may see."""
    lines: list[Config] = []
    for printer in printers:
        if (entity := printer.find(key)) is None:
            continue
        found = [
            printer.statistics[one] for one in statistics if one in printer.statistics
        ]
        if len(found) == 1:
            lines.append({"entity": found[0], "name": printer.name})
        elif found:
            # of two nozzles: by the names that they have
            lines += [{"entity": one} for one in found]
        else:
            lines.append(cards.total(entity))
    return lines


def _rates(printers: Sequence[Printer]) -> list[Config]:
    """Return the lines of the success rate, for each printer that has one."""
    return [
        {"entity": rate, "name": printer.name}
        for printer in printers
        if (rate := printer.statistics.get(Statistic.SUCCESS_RATE)) is not None
        and printer.find(CALENDAR_KEY, Platform.CALENDAR) is not None
    ]
