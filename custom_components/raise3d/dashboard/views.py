"""What is shown of one printer, in each of its states."""

from collections.abc import Iterable
from enum import Enum
from typing import Final

from homeassistant.const import STATE_UNKNOWN, Platform
from homeassistant.util.json import JsonValueType

from ..models import PrinterStatus
from . import cards
from .cards import Config
from .printers import Printer
from .texts import Texts

HEATERS: Final = (
    "left_nozzle_temperature",
    "right_nozzle_temperature",
    "bed_temperature",
)
TARGETS: Final = (
    "left_nozzle_target_temperature",
    "right_nozzle_target_temperature",
    "bed_target_temperature",
    "fan_speed_target",
    "feed_rate_target",
    "left_flow_rate_target",
    "right_flow_rate_target",
)
TIMES: Final = ("remaining_time", "finish_time")
LAYERS: Final = ("current_layer", "total_layers")
LAST_JOB: Final = (
    "last_job_duration",
    "last_job_filament",
    "last_job_energy",
    "last_job_cost",
)
TOTALS: Final = (
    "prints_completed",
    "print_time_total",
    "filament_used",
    "filament_used_left",
    "filament_used_right",
    "cost_total",
)
ICON: Final = "mdi:printer-3d"


class Group(Enum):
    """What a printer is to a person, by the words of its status."""

    ATTENTION = (PrinterStatus.ERROR, PrinterStatus.COMPLETED, PrinterStatus.PAUSED)
    # a status that is not known may be anything, and shows a job
    AT_WORK = (PrinterStatus.PRINTING, PrinterStatus.BUSY, STATE_UNKNOWN)
    FREE = (PrinterStatus.IDLE,)
    OFF = ()


# What is not off.
_ON: Final = tuple(status for group in Group for status in group.value)
_UNFINISHED: Final = (*Group.AT_WORK.value, PrinterStatus.PAUSED)
_WITH_JOB: Final = (*Group.ATTENTION.value, *Group.AT_WORK.value)
_BAR: Final[Config] = {
    "features": [{"type": "bar-gauge"}],
    "features_position": "inline",
}
_COLORS: Final = {
    Group.ATTENTION: "orange",
    Group.AT_WORK: "primary",
    Group.FREE: "green",
    Group.OFF: "disabled",
}


def is_in(printer: Printer, group: Group) -> list[Config]:
    """Return the conditions under which a printer is in a group.

    Without its status all that is known of a printer is that it exists.
    """
    if (status := printer.find("status")) is None:
        return []
    if group is Group.OFF:
        return [cards.state_is_not(status, *_ON)]
    return [cards.state_is(status, *group.value)]


def with_job(printer: Printer, card: Config | None) -> Config | None:
    """Return a card that is shown while there is a job."""
    return _while(printer, _WITH_JOB, card)


def unfinished(printer: Printer, card: Config | None) -> Config | None:
    """Return a card that is shown until the job has ended."""
    return _while(printer, _UNFINISHED, card)


def powered(printer: Printer, card: Config | None) -> Config | None:
    """Return a card that is shown while the printer is on."""
    return _while(printer, _ON, card)


def _while(
    printer: Printer, states: tuple[str, ...], card: Config | None
) -> Config | None:
    """Return a card that is shown in some states, always where they cannot be seen."""
    status = printer.find("status")
    return cards.shown_if(card, cards.state_is(status, *states)) if status else card


def heading(printer: Printer, path: str = "") -> Config:
    """Return a printer's name and status, with the way to a page."""
    return cards.heading(printer.name, ICON, status=printer.find("status"), path=path)


def hints(printer: Printer, texts: Texts) -> Iterable[Config | None]:
    """Return what a person has to know or to do, each shown in its state."""
    yield from _instructions(printer, texts)
    if conditions := is_in(printer, Group.OFF):
        yield cards.shown_if(_off(texts), *conditions)


def _off(texts: Texts) -> Config:
    """Return how a printer comes back."""
    return cards.alert("info", texts["hint_offline"])


def _instructions(printer: Printer, texts: Texts) -> Iterable[Config | None]:
    """Return what a person has to do, each shown in its state."""
    if (status := printer.find("status")) is None:
        return
    for state, kind in (
        (PrinterStatus.ERROR, "error"),
        (PrinterStatus.COMPLETED, "success"),
    ):
        text = cards.alert(kind, texts[f"hint_{state}"])
        yield cards.shown_if(text, cards.state_is(status, state))


def job(printer: Printer, group: Group | None = None) -> list[Config | None]:
    """Return what is known of the job, beside the picture of what it becomes.

    Where the group is not given, each card says itself when it is shown.
    """
    parts = [*_progress(printer), cards.line_tile(printer.find("file_name"))]
    times = [cards.value_tile(one) for one in printer.find_all(TIMES)]
    layers = [cards.value_tile(one) for one in printer.find_all(LAYERS)]
    if group is not Group.AT_WORK:
        times = [unfinished(printer, one) for one in times]
    if group is None:
        parts = [with_job(printer, one) for one in parts]
        layers = [with_job(printer, one) for one in layers]
    return [*parts, *times, *layers]


def _progress(printer: Printer) -> Iterable[Config | None]:
    """Return the progress, with the preview at its side where there is one."""
    progress = printer.find("progress")
    if (preview := printer.find("preview", Platform.IMAGE)) is None:
        return (cards.progress_tile(progress),)
    if progress is None:
        return (cards.preview(preview),)
    beside = cards.progress_tile(progress, cards.WIDE)
    alone = cards.progress_tile(progress)
    return (
        # it outlives its job
        cards.shown_if(cards.preview(preview), cards.is_known(progress)),
        cards.shown_if(beside, cards.is_known(preview)),
        cards.shown_if(alone, cards.is_unknown(preview)),
    )


def temperatures(printer: Printer) -> Config | None:
    """Return what is hot."""
    return cards.rows(printer.find_all(HEATERS))


def camera(printer: Printer, view: str) -> Config | None:
    """Return the camera's picture; stills where many printers are side by side."""
    return cards.picture(printer.find("camera", Platform.CAMERA), view=view)


def buttons(printer: Printer, texts: Texts) -> Iterable[Config | None]:
    """Return what can be done to a job."""
    return (
        cards.button_tile(printer.find(key, Platform.BUTTON), texts[f"confirm_{key}"])
        for key in ("pause", "resume", "stop")
    )


def overview(printer: Printer, texts: Texts) -> Config:
    """Return one section for a printer, whatever it does."""
    return cards.section(
        [
            heading(printer),
            *hints(printer, texts),
            camera(printer, "auto"),
            *job(printer),
            *buttons(printer, texts),
            powered(printer, temperatures(printer)),
        ]
    )


def summary(printer: Printer, group: Group, texts: Texts) -> Iterable[Config | None]:
    """Return what is of interest of a printer as long as it is in a group."""
    yield heading(printer, printer.path)
    if group is Group.ATTENTION:
        yield from _instructions(printer, texts)
    if group is Group.OFF:
        yield _off(texts)
        return
    yield camera(printer, "auto")
    if group is not Group.FREE:
        yield from job(printer, group)
    yield temperatures(printer)


def page(printer: Printer, texts: Texts) -> Config:
    """Return the page of a printer, to which its name leads."""
    now = cards.section(
        [
            heading(printer),
            *hints(printer, texts),
            camera(printer, "live"),
            *job(printer),
            *buttons(printer, texts),
        ]
    )
    heaters = printer.find_all(HEATERS)
    targets = map(cards.target_tile, printer.find_all(TARGETS, Platform.NUMBER))
    sections = (
        now,
        powered(
            printer,
            _titled(
                cards.heading(texts["temperatures"], "mdi:thermometer"),
                [cards.rows(heaters), cards.history(heaters)],
            ),
        ),
        powered(
            printer,
            _titled(cards.heading(texts["targets"], "mdi:tune-vertical"), targets),
        ),
        figures(
            printer,
            LAST_JOB,
            cards.heading(texts["last_job"], "mdi:history"),
            printer.find("finished_part", Platform.IMAGE),
        ),
        figures(printer, TOTALS, cards.heading(texts["totals"], "mdi:counter")),
        maintenance(printer, texts),
    )
    return {
        "title": printer.name,
        "path": printer.path,
        "type": "sections",
        "subview": True,
        "max_columns": 3,
        "sections": cards.present(sections),
    }


def maintenance(printer: Printer, texts: Texts) -> Config | None:
    """Return the maintenance tasks, while it is known what is left of one."""
    title = cards.heading(texts["maintenance"], "mdi:wrench-clock")
    shown = [printer.find(f"{task}_remaining") for task in printer.find_tasks()]
    known: list[JsonValueType] = [cards.is_known(entity) for entity in shown if entity]
    section = _titled(title, _tasks(printer, texts))
    return cards.shown_if(section, {"condition": "or", "conditions": known})


def _tasks(printer: Printer, texts: Texts) -> Iterable[Config | None]:
    """Return what is left of each maintenance task, and what to do once it is due."""
    for task in printer.find_tasks():
        yield cards.line_tile(printer.find(f"{task}_remaining"))
        done = printer.find(f"{task}_done", Platform.BUTTON)
        button = cards.button_tile(done, texts["confirm_done"])
        due = printer.find(f"{task}_due", Platform.BINARY_SENSOR)
        yield cards.shown_if(button, cards.state_is(due, "on")) if due else button


def figures(
    printer: Printer, keys: tuple[str, ...], title: Config, picture: str | None = None
) -> Config | None:
    """Return a section of values, perhaps below a picture, while there are any."""
    entities = printer.find_all(keys)
    tiles = map(cards.line_tile, entities)
    section = _titled(title, [cards.picture(picture), *tiles])
    shown = [picture, *entities] if picture else entities
    known: list[Config] = [cards.is_known(entity) for entity in shown]
    return cards.shown_if(section, {"condition": "or", "conditions": [*known]})


def _titled(title: Config, content: Iterable[Config | None]) -> Config | None:
    """Return a section with a title, None where there is nothing below it."""
    found = cards.present(content)
    return {"type": "grid", "cards": [title, *found]} if found else None


def compact(
    printer: Printer, group: Group, *, path: str = "", timed: bool = False
) -> list[Config | None]:
    """Return a printer in one line; of two cards, one is shown at a time.

    Where the place is timed, the job has an end that is known, and so a progress.
    """
    status, progress = printer.find("status"), printer.find("progress")
    if progress is None or (status and group is not Group.AT_WORK):
        return [_line(status, group, path) if status else heading(printer, path)]
    tile = {**_line(progress, group, path), **_BAR}
    if timed or status is None:
        return [tile]
    return [
        cards.shown_if(tile, cards.is_known(progress)),
        cards.shown_if(_line(status, group, path), cards.is_unknown(progress)),
    ]


def _line(entity: str, group: Group, path: str) -> Config:
    """Return a tile that is named after the printer."""
    card = cards.tile(entity, name=cards.DEVICE_NAME, color=_COLORS[group])
    return {**card, "tap_action": cards.navigate(path)} if path else card
