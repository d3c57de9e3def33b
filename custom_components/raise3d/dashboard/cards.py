"""Configurations of Home Assistant's own cards, as a person would write them."""

from collections.abc import Iterable, Sequence

from homeassistant.util.json import JsonObjectType, JsonValueType

type Config = JsonObjectType

# Columns of a section: all, two thirds, half, one third.
FULL, WIDE, HALF, THIRD = 12, 8, 6, 4

# The names that Home Assistant knows itself, in the language of whoever reads them.
ENTITY_NAME: Config = {"type": "entity"}
DEVICE_NAME: Config = {"type": "device"}

UNKNOWN: Sequence[JsonValueType] = ("unavailable", "unknown")


def state_is(entity: str, *states: str) -> Config:
    """Return a condition: an entity is in one of these states."""
    return {"condition": "state", "entity": entity, "state": list(states)}


def state_is_not(entity: str, *states: str) -> Config:
    """Return a condition: an entity is in none of these states."""
    return {"condition": "state", "entity": entity, "state_not": list(states)}


def is_known(entity: str) -> Config:
    """Return a condition: an entity has a value."""
    return {"condition": "state", "entity": entity, "state_not": list(UNKNOWN)}


def is_unknown(entity: str) -> Config:
    """Return a condition: an entity has no value."""
    return {"condition": "state", "entity": entity, "state": list(UNKNOWN)}


def is_below(entity: str, limit: float) -> Config:
    """Return a condition: the value of an entity is below a limit."""
    return {"condition": "numeric_state", "entity": entity, "below": limit}


def shown_if(card: Config | None, *conditions: Config) -> Config | None:
    """Return a card that is shown while all conditions are met."""
    if card is None or not conditions:
        return card
    known = card.get("visibility")
    before = known if isinstance(known, list) else []
    return {**card, "visibility": [*before, *conditions]}


def present(cards: Iterable[Config | None]) -> list[JsonValueType]:
    """Return the cards that there are."""
    return [card for card in cards if card]


def heading(
    text: str, icon: str | None = None, *, status: str | None = None, path: str = ""
) -> Config:
    """Return a heading, with the printer's status and the way to its page."""
    card: Config = {"type": "heading", "heading": text}
    if icon:
        card["icon"] = icon
    if status:
        card["badges"] = [{"type": "entity", "entity": status, "show_icon": False}]
    if path:
        card["tap_action"] = navigate(path)
    return card


def navigate(path: str) -> Config:
    """Return an action that opens a view of the same dashboard."""
    return {"action": "navigate", "navigation_path": path}


def tile(entity: str, columns: int = FULL, **options: JsonValueType) -> Config:
    """Return a tile that is named after its entity."""
    return {
        "type": "tile",
        "entity": entity,
        "name": ENTITY_NAME,
        "grid_options": {"columns": columns},
        **options,
    }


def line_tile(entity: str | None) -> Config | None:
    """Return a tile of the whole width, while its entity has a value."""
    return shown_if(tile(entity), is_known(entity)) if entity else None


def value_tile(entity: str | None) -> Config | None:
    """Return a tile of half the width, while its entity has a value."""
    if entity is None:
        return None
    # one above the other: a name beside its icon is cut off on a phone
    return shown_if(tile(entity, HALF, vertical=True), is_known(entity))


def progress_tile(entity: str | None, columns: int = FULL) -> Config | None:
    """Return a tile with a bar, while there is a value."""
    if entity is None:
        return None
    card = tile(entity, columns, features=[{"type": "bar-gauge"}])
    return shown_if(card, is_known(entity))


def target_tile(entity: str) -> Config:
    """Return a tile that sets a number; in a list there is no room for its name."""
    return tile(entity, features=[{"type": "numeric-input", "style": "buttons"}])


def button_tile(entity: str | None, question: str) -> Config | None:
    """Return a tile that presses a button, once a person has confirmed that.

    It is shown while the button is of use.
    """
    if entity is None:
        return None
    press: Config = {
        "action": "perform-action",
        "perform_action": "button.press",
        "target": {"entity_id": entity},
        "confirmation": {"text": question},
    }
    # the icon would press without asking; an action of its own would have no name
    no_action: Config = {"action": "none"}
    # of the whole width: half of a phone cuts the name off in French
    card = tile(entity, hide_state=True, tap_action=press, icon_tap_action=no_action)
    return shown_if(card, state_is_not(entity, "unavailable"))


def picture(
    entity: str | None, *, view: str | None = None, **options: JsonValueType
) -> Config | None:
    """Return a picture, while there is one."""
    if entity is None:
        return None
    card: Config = {
        "type": "picture-entity",
        "entity": entity,
        "show_name": False,
        "show_state": False,
        **options,
    }
    if view:
        card["camera_view"] = view
    return shown_if(card, is_known(entity))


def preview(entity: str | None) -> Config | None:
    """Return the picture of a job, beside what is said of it."""
    size: Config = {"columns": THIRD, "rows": 2}
    return picture(entity, fit_mode="contain", grid_options=size)


def rows(entities: Sequence[str]) -> Config | None:
    """Return a list of entities, one in a row."""
    return {"type": "entities", "entities": _named(entities)} if entities else None


def history(entities: Sequence[str]) -> Config | None:
    """Return the course of some entities."""
    if not entities:
        return None
    return {"type": "history-graph", "hours_to_show": 6, "entities": _named(entities)}


def _named(entities: Sequence[str]) -> list[JsonValueType]:
    """Return entities with the names that Home Assistant has for them."""
    return [{"entity": entity, "name": ENTITY_NAME} for entity in entities]


def total(entity: str) -> Config:
    """Return a line of a graph: the whole name is cut off on a phone."""
    return {"entity": entity, "name": DEVICE_NAME}


def weekly(lines: Sequence[Config]) -> Config | None:
    """Return by how much some totals have grown in each of the last weeks.

    A title of its own would be a link without a name.
    """
    if not lines:
        return None
    return {
        "type": "statistics-graph",
        "chart_type": "bar",
        "period": "week",
        "days_to_show": 84,
        "stat_types": ["change"],
        "entities": [*lines],
        "grid_options": {"columns": "full"},
    }


def monthly_rate(lines: Sequence[Config]) -> Config | None:
    """Return a percentage in each month of the last year."""
    if not lines:
        return None
    return {
        "type": "statistics-graph",
        "chart_type": "bar",
        "period": "month",
        "days_to_show": 365,
        "stat_types": ["mean"],
        "min_y_axis": 0,
        "max_y_axis": 100,
        "entities": [*lines],
        "grid_options": {"columns": "full"},
    }


def markdown(content: str) -> Config:
    """Return a text."""
    return {"type": "markdown", "text_only": True, "content": content}


def alert(kind: str, text: str) -> Config:
    """Return a text that is not overlooked."""
    return markdown(f'<ha-alert alert-type="{kind}">{text}</ha-alert>')


def section(
    cards: Iterable[Config | None], *conditions: Config, **options: JsonValueType
) -> Config:
    """Return a section, shown while all conditions are met."""
    config: Config = {"type": "grid", **options, "cards": present(cards)}
    return {**config, "visibility": [*conditions]} if conditions else config
