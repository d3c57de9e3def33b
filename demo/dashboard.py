"""The dashboard of the demo: built-in cards only, for whatever entities there are."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

type Card = dict[str, Any]
# From an entity's key to its entity id, None where the integration has none.
type Find = Callable[[str], str | None]

HEATERS = {
    "left_nozzle_temperature": "Left nozzle",
    "right_nozzle_temperature": "Right nozzle",
    "bed_temperature": "Bed",
}
# The label, and the states of the printer in which a button is of use.
BUTTONS = {
    "pause": ("Pause", "printing", "busy"),
    "resume": ("Resume", "paused"),
    "stop": ("Stop", "printing", "paused", "busy"),
}
TARGETS = {
    "left_nozzle_target_temperature": "Left nozzle",
    "right_nozzle_target_temperature": "Right nozzle",
    "bed_target_temperature": "Bed",
    "fan_speed_target": "Fan",
    "feed_rate_target": "Feed rate",
    "left_flow_rate_target": "Flow, left",
    "right_flow_rate_target": "Flow, right",
}
TOTALS = (
    *("prints_completed", "print_time_total", "filament_used"),
    *("filament_used_left", "filament_used_right"),
)
NOT_CLEARED = (
    '<ha-alert alert-type="success" title="Ready to be taken off">'
    "The part is still on the plate. Take it off, and confirm at the printer."
    "</ha-alert>"
)
SWITCHED_OFF = (
    '<ha-alert alert-type="info" title="Switched off">'
    "It will show up by itself within a minute of being switched on.</ha-alert>"
)
WITH_JOB = ("printing", "paused", "completed", "busy", "error")
POWERED = ("idle", *WITH_JOB)
# Short, because in the demo an hour's print is over in minutes.
HOURS = 0.25
FULL, WIDE, HALF, THIRD = 12, 8, 6, 4


def finder(entities: Iterable[Mapping[str, Any]], machine_id: str) -> Find:
    """Return a function that finds a printer's entities by their keys."""
    found = {
        entity["unique_id"]: entity["entity_id"]
        for entity in entities
        if entity["platform"] == "raise3d" and not entity["disabled_by"]
    }
    return lambda key: found.get(f"{machine_id}_{key}")


def dashboard(
    printers: Mapping[str, Find], everything: Mapping[str, list[str]]
) -> Card:
    """Return the configuration: what happens, what can be done, and what there is."""
    return {
        "views": [
            _view(
                "Printers",
                "printer-3d",
                [_overview(*item) for item in printers.items()],
                badges=[
                    _badge(status, name=name, show_name=True)
                    for name, find in printers.items()
                    if (status := find("status"))
                ],
            ),
            _view(
                "Control",
                "tune-vertical",
                [_control(*item) for item in printers.items()],
            ),
            _view("Totals", "counter", [_totals(*item) for item in printers.items()]),
            _view(
                "All entities",
                "format-list-bulleted",
                [
                    _grid([{"type": "entities", "title": name, "entities": entities}])
                    for name, entities in everything.items()
                ],
            ),
        ]
    }


def _view(title: str, icon: str, sections: list[Card], **options: Any) -> Card:
    return {
        "title": title,
        "path": title.lower().replace(" ", "-"),
        "icon": f"mdi:{icon}",
        "type": "sections",
        "max_columns": 3,
        "dense_section_placement": True,
        "sections": sections,
        **options,
    }


def _overview(name: str, find: Find) -> Card:
    """Show what a printer does."""
    status = find("status")
    job = [
        # beside the picture of what it shall become
        _preview(find("preview")),
        _tile(find("progress"), WIDE, features=[{"type": "bar-gauge"}]),
        _tile(find("file_name"), WIDE),
        _tile(find("current_layer"), HALF),
        _tile(find("total_layers"), HALF),
        _tile(find("remaining_time"), HALF),
        _tile(find("finish_time"), HALF, time_format="time"),
    ]
    heaters = {entity: name for key, name in HEATERS.items() if (entity := find(key))}
    return _grid(
        [
            *_heading(name, find),
            _shown(_camera(find("camera")), status, *POWERED),
            *(_shown(card, status, *WITH_JOB) for card in job),
            *(
                _shown(
                    _tile(entity, THIRD, name=label, vertical=True), status, *POWERED
                )
                for entity, label in heaters.items()
            ),
            _shown(_graph(heaters), status, *POWERED),
        ]
    )


def _control(name: str, find: Find) -> Card:
    """Show a printer live, and all that can be done to it."""
    status = find("status")
    targets = {entity: name for key, name in TARGETS.items() if (entity := find(key))}
    return _grid(
        [
            *_heading(name, find),
            _shown(_camera(find("camera"), live=True), status, *POWERED),
            _shown(
                _tile(find("progress"), FULL, features=[{"type": "bar-gauge"}]),
                status,
                *WITH_JOB,
            ),
            *(
                _shown(_button(find(key), label), status, *states)
                for key, (label, *states) in BUTTONS.items()
            ),
            _shown(_targets(targets), status, *POWERED),
        ]
    )


def _totals(name: str, find: Find) -> Card:
    """Show a printer's life, which stays to be seen while it is off."""
    cards = [_tile(find(key), HALF) for key in TOTALS]
    return _grid([*_heading(name, find)[:1], *cards, _tile(find("job"), FULL)])


def _grid(cards: Iterable[Card | None]) -> Card:
    return {"type": "grid", "cards": [card for card in cards if card]}


def _heading(name: str, find: Find) -> list[Card | None]:
    status = find("status")
    return [
        {
            "type": "heading",
            "heading": name,
            "icon": "mdi:printer-3d",
            "badges": [_badge(status)] if status else [],
        },
        _shown(_hint(SWITCHED_OFF), status, "offline"),
        _shown(_hint(NOT_CLEARED), find("awaiting_removal"), "on"),
    ]


def _badge(status: str, **options: Any) -> Card:
    return {"type": "entity", "entity": status, "show_state": True, **options}


def _hint(content: str) -> Card:
    return {"type": "markdown", "text_only": True, "content": content}


def _tile(
    entity: str | None, columns: int | None = None, **options: Any
) -> Card | None:
    if entity is None:
        return None
    size = {"grid_options": {"columns": columns}} if columns else {}
    # the section says already whose it is
    return {
        "type": "tile",
        "entity": entity,
        "name": {"type": "entity"},
        **size,
        **options,
    }


def _button(entity: str | None, label: str) -> Card | None:
    press = {
        "action": "perform-action",
        "perform_action": "button.press",
        "target": {"entity_id": entity},
        "confirmation": {"text": f"{label} the print?"},
    }
    options = {"tap_action": press, "icon_tap_action": press, "hide_state": True}
    return _tile(entity, HALF, name=label, **options)


def _targets(entities: Mapping[str, str]) -> Card | None:
    if not entities:
        return None
    return {
        "type": "entities",
        "title": "Targets",
        "entities": [
            {"entity": entity, "name": name} for entity, name in entities.items()
        ],
    }


def _camera(entity: str | None, *, live: bool = False) -> Card | None:
    """Show stills where many printers are, and a stream where somebody watches one."""
    card = _picture(entity)
    return card and {**card, "camera_view": "live" if live else "auto"}


def _preview(entity: str | None) -> Card | None:
    """Show the job's picture beside others, and nothing where there is none."""
    card = _picture(entity)
    return card and {
        **card,
        "fit_mode": "contain",
        "grid_options": {"columns": THIRD, "rows": 2},
    }


def _picture(entity: str | None) -> Card | None:
    if entity is None:
        return None
    return {
        "type": "picture-entity",
        "entity": entity,
        "show_state": False,
        "show_name": False,
    }


def _graph(heaters: Mapping[str, str]) -> Card:
    entities = [{"entity": entity, "name": name} for entity, name in heaters.items()]
    return {"type": "history-graph", "hours_to_show": HOURS, "entities": entities}


def _shown(card: Card | None, entity: str | None, *states: str) -> Card | None:
    """Show a card only in some states of an entity."""
    if card is None or entity is None:
        return None
    condition = {"condition": "state", "entity": entity, "state": list(states)}
    return {**card, "visibility": [condition]}
