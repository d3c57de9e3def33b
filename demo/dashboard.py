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
    "pause": ("Pause", "printing"),
    "resume": ("Resume", "paused"),
    "stop": ("Stop", "printing", "paused"),
}
NOT_CLEARED = (
    '<ha-alert alert-type="success" title="Ready to be taken off">'
    "The part is still on the plate. Take it off, and confirm at the printer."
    "</ha-alert>"
)
SWITCHED_OFF = (
    '<ha-alert alert-type="info" title="Switched off">'
    "It will show up by itself within a minute of being switched on.</ha-alert>"
)
# Short, because in the demo an hour's print is over in minutes.
HOURS = 0.25
FULL, HALF, THIRD = 12, 6, 4


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
    """Return the configuration: a page with all printers, and one with all entities."""
    return {
        "views": [
            {
                "title": "Printers",
                "path": "printers",
                "icon": "mdi:printer-3d",
                "type": "sections",
                "max_columns": 3,
                "dense_section_placement": True,
                "badges": [
                    _badge(status, name=name, show_name=True)
                    for name, find in printers.items()
                    if (status := find("status"))
                ],
                "sections": [_section(*item) for item in printers.items()],
            },
            {
                "title": "All entities",
                "path": "entities",
                "icon": "mdi:format-list-bulleted",
                "type": "sections",
                "max_columns": 3,
                "sections": [
                    _grid([{"type": "entities", "title": name, "entities": entities}])
                    for name, entities in everything.items()
                ],
            },
        ]
    }


def _section(name: str, find: Find) -> Card:
    status = find("status")
    cards = [
        _heading(name, status),
        _shown(_hint(SWITCHED_OFF), status, "offline"),
        _shown(_hint(NOT_CLEARED), find("awaiting_removal"), "on"),
    ]
    with_job: list[Card | None] = [
        _tile(find("progress"), FULL, features=[{"type": "bar-gauge"}]),
        _tile(find("file_name"), FULL),
        _tile(find("current_layer"), HALF),
        _tile(find("total_layers"), HALF),
        _tile(find("remaining_time"), HALF),
        _tile(find("finish_time"), HALF, time_format="time"),
        _picture(find("preview")),
    ]
    job = ("printing", "paused", "completed", "busy", "error")
    cards += [_shown(card, status, *job) for card in with_job]
    cards += [
        _shown(_button(find(key), label), status, *states)
        for key, (label, *states) in BUTTONS.items()
    ]
    heaters = {entity: name for key, name in HEATERS.items() if (entity := find(key))}
    powered = [
        *(
            _tile(entity, THIRD, name=label, vertical=True)
            for entity, label in heaters.items()
        ),
        _graph(heaters),
        _picture(find("camera")),
    ]
    cards += [_shown(card, status, "idle", *job) for card in powered]
    return _grid([card for card in cards if card])


def _grid(cards: list[Card]) -> Card:
    return {"type": "grid", "cards": cards}


def _heading(name: str, status: str | None) -> Card:
    return {
        "type": "heading",
        "heading": name,
        "icon": "mdi:printer-3d",
        "badges": [_badge(status)] if status else [],
    }


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
