"""Tests of which printers and entities are in a dashboard."""

from collections.abc import Callable
import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.raise3d.const import DOMAIN
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .common import Home
from .dashboards import (
    Frontend,
    add_printer,
    as_yaml,
    cards_of,
    entities_of,
    entries_of,
    everything,
    ids_of,
    parts,
    texts,
    titles,
)
from .maintenance.tasks import added_task

# Read in the wheels of home-assistant-frontend 20260930.5 (Home Assistant 2026.10) and
# 20261028.8 (2026.11): elements hui-*-card, the lists of features of the tile card, and
# the switch over the conditions of visibility.
CARDS = {
    *("entities", "heading", "history-graph", "horizontal-stack", "markdown"),
    *("picture-entity", "statistics-graph", "tile", "vertical-stack"),
}
FEATURES = {"bar-gauge", "numeric-input"}
CONDITIONS = {"and", "not", "numeric_state", "or", "state"}
ACTIONS = {"navigate", "none", "perform-action"}


def update(home: Home, key: str, platform: str = "sensor", **changes: Any) -> None:
    """Change an entity as a person would."""
    entity_id = home.entity_id(key, platform)
    er.async_get(home.hass).async_update_entity(entity_id, **changes)


# As a person has approved of it


async def test_without_a_printer_it_says_how_to_add_one(
    home: Home, frontend: Frontend, snapshot: SnapshotAssertion
) -> None:
    await home.remove()
    assert as_yaml(await frontend.request()) == snapshot


async def test_the_dashboard_of_one_printer(
    home: Home, frontend: Frontend, snapshot: SnapshotAssertion
) -> None:
    assert as_yaml(await frontend.request()) == snapshot


async def test_the_dashboard_of_three_printers(
    home: Home, frontend: Frontend, snapshot: SnapshotAssertion
) -> None:
    add_printer(home, 1)
    add_printer(home, 2)
    dashboard = await frontend.request()
    view, totals, *_ = dashboard["views"]
    order = [
        {"heading": one["cards"][0]["heading"], "visibility": one["visibility"]}
        for one in view["sections"]
    ]
    assert as_yaml([view["header"], order, totals]) == snapshot
    assert [view["path"] for view in dashboard["views"][2:]] == [
        *("printer-lab_printer", "printer-printer_01", "printer-printer_02")
    ]


async def test_more_than_twelve_printers_are_one_line_each(
    home: Home, frontend: Frontend, snapshot: SnapshotAssertion
) -> None:
    for number in range(1, 12):
        add_printer(home, number)
    assert len((await frontend.view())["sections"]) == 12 * 6
    add_printer(home, 12)
    view = await frontend.view()
    (section,) = view["sections"]
    own = [
        card
        for card in section["cards"]
        if entities_of(card) & ids_of(home, home.entry)
    ]
    assert as_yaml(own) == snapshot
    assert len(section["cards"]) == 13 * len(own)
    # a picture for each would keep the network busy
    assert {card["type"] for card in section["cards"]} == {"tile"}


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
@pytest.mark.parametrize(
    "options",
    [{}, {"size": "compact"}, {"size": "normal"}],
    ids=["None", "compact", "normal"],
)
async def test_a_section_and_a_card_of_one_printer(
    home: Home,
    frontend: Frontend,
    snapshot: SnapshotAssertion,
    options: dict[str, str],
) -> None:
    config = await frontend.request(device_id=home.device.id, **options)
    assert as_yaml(config) == snapshot


async def test_a_hundred_printers_have_a_page_each(
    home: Home, frontend: Frontend
) -> None:
    for number in range(1, 100):
        add_printer(home, number)
    dashboard = await frontend.request()
    assert len(dashboard["views"]) == 2 + 100
    assert len({view["path"] for view in dashboard["views"]}) == 2 + 100


@pytest.fixture
def requested(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the entries whose entities were looked up."""
    requested: list[str] = []
    lookup = er.async_entries_for_config_entry

    def count(registry: er.EntityRegistry, entry_id: str) -> list[er.RegistryEntry]:
        requested.append(entry_id)
        return lookup(registry, entry_id)

    monkeypatch.setattr(er, "async_entries_for_config_entry", count)
    return requested


async def test_entities_are_read_once_for_each_printer(
    home: Home, frontend: Frontend, requested: list[str]
) -> None:
    """Whatever grows with the square of the printers would be felt at a hundred."""
    for number in range(1, 30):
        add_printer(home, number)
    requested.clear()
    await frontend.request()
    assert len(requested) == len(set(requested)) == 30


@pytest.mark.parametrize("options", [{}, {"size": "normal"}])
async def test_a_section_and_a_card_read_the_entities_of_their_printer(
    home: Home, frontend: Frontend, requested: list[str], options: dict[str, str]
) -> None:
    for number in range(1, 10):
        add_printer(home, number)
    requested.clear()
    await frontend.request(device_id=home.device.id, **options)
    assert requested == [home.entry.entry_id]


# What is emitted exists


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_only_what_both_frontends_have_is_used(
    home: Home, frontend: Frontend
) -> None:
    for number in range(1, 13):
        add_printer(home, number)
    few = await everything(frontend, home)
    used = [part for config in few for part in parts(config)]
    types = {card["type"] for config in few for card in cards_of(config)}
    assert types | {few[2]["type"], few[3]["type"]} == CARDS
    features = [one for part in used for one in part.get("features", [])]
    assert {one["type"] for one in features} == FEATURES
    assert {part["condition"] for part in used if "condition" in part} <= CONDITIONS
    assert {part["action"] for part in used if "action" in part} == ACTIONS
    badges = [one for part in used for one in part.get("badges", [])]
    assert {one["type"] for one in badges} == {"entity"}
    views = few[0]["views"]
    assert {view["type"] for view in views} == {"sections"}
    assert {one["type"] for view in views for one in view["sections"]} == {"grid"}


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
@pytest.mark.parametrize("model", ["n2", "pro2"])
async def test_every_entity_that_is_named_exists(
    home: Home, frontend: Frontend
) -> None:
    named = entities_of(await everything(frontend, home))
    assert len(named) > 20
    assert named <= ids_of(home, home.entry)
    assert all(home.hass.states.get(entity_id) for entity_id in named)


async def test_every_way_leads_to_a_view(home: Home, frontend: Frontend) -> None:
    add_printer(home, 1)
    dashboard = await frontend.request()
    ways = {
        part["navigation_path"]
        for part in parts(dashboard)
        if "navigation_path" in part
    }
    pages = {view["path"] for view in dashboard["views"] if view.get("subview")}
    assert ways == pages
    assert len(ways) == 2


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_every_text_is_used(home: Home, frontend: Frontend) -> None:
    add_printer(home, 1)
    await added_task(home, "prints", 3)
    shown = json.dumps(await everything(frontend, home), ensure_ascii=False)
    unknown = await frontend.answer(device_id="nobody")
    await home.remove()
    shown += json.dumps([unknown])
    entry = home.hass.config_entries.async_entries(DOMAIN)[0]
    await home.hass.config_entries.async_remove(entry.entry_id)
    shown += json.dumps(await frontend.request())
    assert [key for key, text in texts("en").items() if text not in shown] == []


async def test_no_condition_is_there_twice(home: Home, frontend: Frontend) -> None:
    """It has to read as if a person had written it."""
    for config in await everything(frontend, home):
        for part in parts(config):
            conditions = [json.dumps(one) for one in part.get("visibility", [])]
            assert len(conditions) == len(set(conditions)), part


# Registries


async def test_entities_are_found_by_what_they_are_not_by_their_names(
    home: Home, frontend: Frontend
) -> None:
    before = json.dumps(await frontend.request())
    names = {}
    for number, one in enumerate(entries_of(home, home.entry)):
        names[one.entity_id] = f"{one.domain}.any_{number}_thing"
        er.async_get(home.hass).async_update_entity(
            one.entity_id, new_entity_id=names[one.entity_id], name="Anything"
        )
    for old in sorted(names, key=len, reverse=True):
        before = before.replace(old, names[old])
    assert await frontend.request() == json.loads(before)


@pytest.mark.parametrize(
    "change",
    [
        {"hidden_by": er.RegistryEntryHider.USER},
        {"disabled_by": er.RegistryEntryDisabler.USER},
    ],
)
@pytest.mark.parametrize(
    ("key", "platform"),
    [
        ("status", "sensor"),
        ("progress", "sensor"),
        ("remaining_time", "sensor"),
        ("finish_time", "sensor"),
        ("preview", "image"),
        ("finished_part", "image"),
        ("camera", "camera"),
        ("stop", "button"),
        ("prints_completed", "sensor"),
    ],
)
async def test_hidden_and_disabled_entities_leave_no_hole(
    home: Home,
    frontend: Frontend,
    key: str,
    platform: str,
    change: dict[str, Any],
) -> None:
    add_printer(home, 1)
    entity_id = home.entity_id(key, platform)
    assert entity_id in json.dumps(await everything(frontend, home))
    update(home, key, platform, **change)
    configs = await everything(frontend, home)
    assert entity_id not in json.dumps(configs)
    for config in configs:
        assert all(card["type"] in CARDS for card in cards_of(config))
        assert [part for part in parts(config) if part.get("cards") == []] == []


async def test_of_a_printer_without_entities_nothing_is_shown(
    home: Home, frontend: Frontend
) -> None:
    add_printer(home, 1)
    for one in entries_of(home, home.entry):
        er.async_get(home.hass).async_update_entity(
            one.entity_id, disabled_by=er.RegistryEntryDisabler.USER
        )
    dashboard = await frontend.request()
    assert [view["title"] for view in dashboard["views"][2:]] == ["Printer 01"]


def disable_all_but(home: Home, shown: Callable[[er.RegistryEntry], bool]) -> None:
    """Disable all entities of the printer but some."""
    registry = er.async_get(home.hass)
    for one in entries_of(home, home.entry):
        disabled_by = None if shown(one) else er.RegistryEntryDisabler.USER
        registry.async_update_entity(one.entity_id, disabled_by=disabled_by)


@pytest.mark.parametrize("key", ["bed_temperature", "last_job_duration"])
async def test_of_a_printer_with_one_entity_that_is_shown(
    home: Home, frontend: Frontend, key: str
) -> None:
    disable_all_but(home, lambda one: one.unique_id.endswith(key))
    overall, section, compact, _ = await everything(frontend, home)
    assert home.entity_id(key) in json.dumps(overall)
    assert titles(home.hass, overall["views"][0]) == ["Lab printer"]
    assert section["cards"][0]["heading"] == "Lab printer"
    (line,) = compact["cards"]
    assert line["heading"] == "Lab printer"


async def test_a_line_is_never_about_a_button(home: Home, frontend: Frontend) -> None:
    """A click on the icon of its tile would press it, without a question."""
    disable_all_but(home, lambda one: one.domain == "button")
    for config in await everything(frontend, home):
        for card in cards_of(config):
            if_button = str(card.get("entity", "")).startswith("button.")
            assert not if_button or card["icon_tap_action"] == {"action": "none"}


@pytest.mark.parametrize("model", ["n2"])
async def test_a_printer_with_one_nozzle_has_no_second_one(
    home: Home, frontend: Frontend
) -> None:
    assert "right" not in json.dumps(await everything(frontend, home))


async def test_an_entity_on_another_device_is_still_the_printers(
    home: Home, frontend: Frontend
) -> None:
    other = add_printer(home, 1)
    devices = dr.async_get(home.hass)
    device = devices.async_get_device_by_identifier(
        (DOMAIN, str(other.unique_id)), other.entry_id
    )
    assert device
    update(home, "progress", device_id=device.id)
    section = await frontend.request(device_id=home.device.id)
    assert home.entity_id("progress") in entities_of(section)
    section = await frontend.request(device_id=device.id)
    assert home.entity_id("progress") not in entities_of(section)


async def test_an_entity_of_another_integration_is_not_the_printers(
    home: Home, frontend: Frontend
) -> None:
    er.async_get(home.hass).async_get_or_create(
        "sensor",
        "power_meter",
        f"{home.entry.unique_id}_status",
        device_id=home.device.id,
        suggested_object_id="power_meter",
    )
    assert "power_meter" not in json.dumps(await everything(frontend, home))


async def test_a_disabled_entry_has_no_printer(home: Home, frontend: Frontend) -> None:
    add_printer(home, 1)
    await home.hass.config_entries.async_set_disabled_by(
        home.entry.entry_id, ConfigEntryDisabler.USER
    )
    await home.block_till_done()
    dashboard = await frontend.request()
    assert [view["title"] for view in dashboard["views"][2:]] == ["Printer 01"]
    answer = await frontend.answer(device_id=home.device.id)
    assert answer["error"]["code"] == "not_found"


async def test_a_printer_that_is_not_loaded_is_off(
    home: Home, frontend: Frontend
) -> None:
    await home.unload()
    view = await frontend.view()
    assert titles(home.hass, view) == ["Lab printer"]


# What is not there


@pytest.mark.parametrize("device_id", ["", "nobody"])
@pytest.mark.parametrize("options", [{}, {"size": "compact"}])
async def test_a_device_that_is_not_there_is_not_found(
    home: Home, frontend: Frontend, device_id: str, options: dict[str, str]
) -> None:
    answer = await frontend.answer(device_id=device_id, **options)
    assert answer["error"] == {
        "code": "not_found",
        "message": texts("en")["no_such_printer"],
    }


async def test_a_device_of_another_integration_is_not_found(
    home: Home, frontend: Frontend
) -> None:
    entry = MockConfigEntry(domain="lamp")
    entry.add_to_hass(home.hass)
    device = dr.async_get(home.hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("lamp", "1")}
    )
    answer = await frontend.answer(device_id=device.id)
    assert answer["error"]["code"] == "not_found"


async def test_a_size_that_is_not_there_is_refused(
    home: Home, frontend: Frontend
) -> None:
    answer = await frontend.answer(device_id=home.device.id, size="huge")
    assert answer["error"]["code"] == "invalid_format"


async def test_states_that_nobody_expects_break_nothing(
    home: Home, frontend: Frontend
) -> None:
    """A developer may set any state to anything."""
    add_printer(home, 1)
    home.printer.start("Local/part.gcode", duration=1200)
    await home.tick(60)
    before = await frontend.request()
    home.hass.states.async_set(home.entity_id("finish_time"), "2026-11-23 09:00")
    home.hass.states.async_set(
        home.entity_id("remaining_time"), "5", {"unit_of_measurement": ["parsec"]}
    )
    assert await frontend.request() == before
