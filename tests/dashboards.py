"""What tests of dashboards have in common: who asks, what is there, what is shown."""

from collections.abc import Callable, Iterator, Mapping
import json
import re
from typing import Any, Final

from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)
import yaml

from custom_components.raise3d.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .common import FOLDER, Home

type Config = dict[str, Any]

TRANSLATIONS: Final = FOLDER / "translations"

# What a person sees of a printer in the groups of the order.
ATTENTION, AT_WORK, FREE, OFF = "orange", "primary", "green", "disabled"


class Frontend:
    """A page that asks for dashboards over the WebSocket."""

    def __init__(
        self, hass: HomeAssistant, sockets: WebSocketGenerator, token: str | None = None
    ) -> None:
        """Connect with the first question."""
        self._hass = hass
        self._connect = sockets
        self._options = {} if token is None else {"access_token": token}
        self._socket: MockHAClientWebSocket | None = None

    async def answer(self, **options: str) -> Config:
        """Return the whole answer."""
        if self._socket is None:
            self._socket = await self._connect(self._hass, **self._options)
        await self._socket.send_json_auto_id({"type": f"{DOMAIN}/dashboard", **options})
        found: Config = await self._socket.receive_json()
        return found

    async def request(self, **options: str) -> Config:
        """Return what is to be shown."""
        answer = await self.answer(**options)
        assert answer["success"], answer
        result: Config = answer["result"]
        return result

    async def view(self, path: str = "printers", **options: str) -> Config:
        """Return a view of the dashboard of all printers."""
        views = (await self.request(**options))["views"]
        return next(view for view in views if view["path"] == path)


async def everything(frontend: Frontend, home: Home) -> list[Config]:
    """Return all that the frontend can ask for."""
    device_id = home.device.id
    return [
        await frontend.request(),
        await frontend.request(device_id=device_id),
        await frontend.request(device_id=device_id, size="compact"),
        await frontend.request(device_id=device_id, size="normal"),
    ]


def texts(language: str) -> dict[str, str]:
    """Return the texts of dashboards in a language."""
    content = json.loads((TRANSLATIONS / f"{language}.json").read_text("utf-8"))
    found: dict[str, str] = content["config_panel"]["dashboard"]
    return found


def entries_of(home: Home, entry: MockConfigEntry) -> list[er.RegistryEntry]:
    """Return the entities of a printer."""
    return er.async_entries_for_config_entry(er.async_get(home.hass), entry.entry_id)


def ids_of(home: Home, entry: MockConfigEntry) -> set[str]:
    """Return the entity ids of a printer."""
    return {one.entity_id for one in entries_of(home, entry)}


def add_printer(
    home: Home, number: int, name: str = "", *, key: str = "other"
) -> MockConfigEntry:
    """Add a printer like the home's that is in the registries alone."""
    name = name or f"Printer {number:02}"
    entry = MockConfigEntry(
        domain=DOMAIN, version=3, title=name, unique_id=f"{key}{number}", data={}
    )
    entry.add_to_hass(home.hass)
    device = dr.async_get(home.hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, str(entry.unique_id))},
        name=name,
    )
    registry = er.async_get(home.hass)
    for one in er.async_entries_for_config_entry(registry, home.entry.entry_id):
        part = one.unique_id.removeprefix(str(home.entry.unique_id))
        registry.async_get_or_create(
            one.domain,
            DOMAIN,
            f"{entry.unique_id}{part}",
            config_entry=entry,
            device_id=device.id,
            disabled_by=one.disabled_by,
            suggested_object_id=f"{key}_{number}{part}",
        )
    return entry


def set_state(home: Home, entry: MockConfigEntry, key: str, state: str) -> None:
    """Set the state of a printer that is in the registries alone."""
    entity_id = er.async_get(home.hass).async_get_entity_id(
        "sensor", DOMAIN, f"{entry.unique_id}_{key}"
    )
    assert entity_id
    home.hass.states.async_set(entity_id, state)


def as_yaml(config: Any) -> str:
    """Return a configuration as a person would read it, in few lines."""
    dumped: str = yaml.dump(
        json.loads(json.dumps(config)),
        sort_keys=False,
        allow_unicode=True,
        width=1000,
        default_flow_style=None,
    )
    return dumped


def parts(config: Any) -> Iterator[Config]:
    """Yield each object in a configuration, from the outside to the inside."""
    if isinstance(config, dict):
        yield config
        for value in config.values():
            yield from parts(value)
    elif isinstance(config, list):
        for value in config:
            yield from parts(value)


def cards_of(config: Any, *, is_card: bool = False) -> list[Config]:
    """Return the cards in a configuration in their order, also those in stacks."""
    if isinstance(config, list):
        return [card for one in config for card in cards_of(one, is_card=is_card)]
    if not isinstance(config, dict):
        return []
    inner = [
        card
        for key, value in config.items()
        for card in cards_of(value, is_card=key in {"card", "cards"})
    ]
    return [config, *inner] if is_card else inner


def entities_of(config: Any) -> set[str]:
    """Return each entity id that a configuration names, also in its templates."""
    domains = "binary_sensor|button|camera|event|image|number|sensor"
    found = re.findall(rf"\b(?:{domains})\.\w+", json.dumps(config))
    return set(found) - {"button.press"}


# What the frontend makes of conditions


def _number(state: str) -> float | None:
    try:
        return float(state)
    except ValueError:
        return None


def _matches_state(states: Callable[[str], str], condition: Config) -> bool:
    state = states(condition["entity"])
    if "state" in condition:
        return state in condition["state"]
    return state not in condition["state_not"]


def _matches_number(states: Callable[[str], str], condition: Config) -> bool:
    value = _number(states(condition["entity"]))
    return value is not None and value < condition["below"]


def _matches_any(states: Callable[[str], str], condition: Config) -> bool:
    return any(is_met(states, one) for one in condition["conditions"])


def _matches_not(states: Callable[[str], str], condition: Config) -> bool:
    return not all(is_met(states, one) for one in condition["conditions"])


CONDITIONS: Final[Mapping[str, Callable[[Callable[[str], str], Config], bool]]] = {
    "state": _matches_state,
    "numeric_state": _matches_number,
    "or": _matches_any,
    "not": _matches_not,
}


def is_met(states: Callable[[str], str], condition: Config) -> bool:
    """Return whether the frontend takes a condition as met."""
    return CONDITIONS[condition["condition"]](states, condition)


def states_of(hass: HomeAssistant) -> Callable[[str], str]:
    """Return how the frontend reads a state."""

    def read(entity_id: str) -> str:
        state = hass.states.get(entity_id)
        return state.state if state else "unavailable"

    return read


def visible(hass: HomeAssistant, config: Config) -> Config | None:
    """Return what of a configuration is on the screen now."""
    states = states_of(hass)
    if not all(is_met(states, one) for one in config.get("visibility", [])):
        return None
    shown = dict(config)
    for key in ("sections", "cards"):
        if key in config:
            inner = [visible(hass, one) for one in config[key]]
            shown[key] = [one for one in inner if one]
    return shown


def sections(hass: HomeAssistant, view: Config) -> list[Config]:
    """Return the sections of a view that are on the screen now."""
    shown = visible(hass, view)
    assert shown
    found: list[Config] = shown["sections"]
    return found


def titles(hass: HomeAssistant, view: Config) -> list[str]:
    """Return the headings of the sections that are on the screen now."""
    return [section["cards"][0]["heading"] for section in sections(hass, view)]


def shown_keys(home: Home, config: Config) -> list[str]:
    """Return what the cards on the screen are about: keys of entities, or card types.

    A stack stands for what is in it.
    """
    shown = visible(home.hass, config)
    assert shown
    registry = er.async_get(home.hass)
    prefix = f"{home.entry.unique_id}_"
    keys = []
    for card in cards_of(shown):
        entry = registry.async_get(card.get("entity", ""))
        kind = card["type"]
        key = entry.unique_id.removeprefix(prefix) if entry else kind
        keys.append(key if kind != "picture-entity" else f"{key} picture")
    return [key for key in keys if "stack" not in key and key != "heading"]
