"""Tests of which printers and entities are in a dashboard."""

from collections.abc import Callable
from functools import partial
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


def keep_only(home: Home, *keys: str) -> None:
    """Remove all entities of the printer but some, where many printers are like it."""
    kept = {home.entity_id(key) for key in keys}
    for entity_id in ids_of(home, home.entry) - kept:
        er.async_get(home.hass).async_remove(entity_id)


# As a person has approved of it


async def test_the_dashboard_of_no_printer_says_how_to_add_one(
    home: Home, frontend: Frontend, snapshot: SnapshotAssertion
) -> None:
    await home.remove()
    assert as_yaml(await frontend.request()) == snapshot


async def test_the_dashboards_of_one_printer_and_of_three(
    home: Home, frontend: Frontend, snapshot: SnapshotAssertion
) -> None:
    assert as_yaml(await frontend.request()) == snapshot(name="one")
    add_printer(home, 1)
    add_printer(home, 2)
    dashboard = await frontend.request()
    view, totals, *_ = dashboard["views"]
    order = [
        {"heading": one["cards"][0]["heading"], "visibility": one["visibility"]}
        for one in view["sections"]
    ]
    assert as_yaml([view["header"], order, totals]) == snapshot(name="three")
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
async def test_a_section_and_the_cards_of_one_printer(
    home: Home, frontend: Frontend, snapshot: SnapshotAssertion
) -> None:
    _, section, compact, normal = await everything(frontend, home)
    assert as_yaml(section) == snapshot(name="section")
    assert as_yaml(compact) == snapshot(name="compact")
    assert as_yaml(normal) == snapshot(name="normal")


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


async def test_of_a_hundred_printers_each_has_a_page_and_its_entities_are_read_once(
    home: Home, frontend: Frontend, requested: list[str]
) -> None:
    """Whatever grows with the square of the printers would be felt at a hundred."""
    keep_only(home, "status", "progress", "remaining_time", "prints_completed")
    for number in range(1, 100):
        add_printer(home, number)
    requested.clear()
    dashboard = await frontend.request()
    assert len(requested) == len(set(requested)) == 100
    assert len(dashboard["views"]) == 2 + 100
    assert len({view["path"] for view in dashboard["views"]}) == 2 + 100
    # a section and a card are about one printer alone
    for options in ({}, {"size": "compact"}, {"size": "normal"}):
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
    home: Home, frontend: Frontend, model: str
) -> None:
    configs = await everything(frontend, home)
    named = entities_of(configs)
    assert len(named) > 20
    assert named <= ids_of(home, home.entry)
    assert all(home.hass.states.get(entity_id) for entity_id in named)
    # one with one nozzle has no second one
    assert ("right" in json.dumps(configs)) is (model == "pro2")


async def test_every_way_leads_to_a_view_and_no_condition_is_there_twice(
    home: Home, frontend: Frontend
) -> None:
    add_printer(home, 1)
    dashboard, *others = await everything(frontend, home)
    ways = {
        part["navigation_path"]
        for part in parts(dashboard)
        if "navigation_path" in part
    }
    pages = {view["path"] for view in dashboard["views"] if view.get("subview")}
    assert ways == pages
    assert len(ways) == 2
    # it has to read as if a person had written it
    for part in parts([dashboard, *others]):
        conditions = [json.dumps(one) for one in part.get("visibility", [])]
        assert len(conditions) == len(set(conditions)), part


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
    ("field", "value"),
    [
        ("hidden_by", er.RegistryEntryHider.USER),
        ("disabled_by", er.RegistryEntryDisabler.USER),
    ],
)
async def test_hidden_and_disabled_entities_leave_no_hole(
    home: Home, frontend: Frontend, field: str, value: object
) -> None:
    add_printer(home, 1)
    shown = json.dumps(await everything(frontend, home))
    for key, platform in (
        ("status", "sensor"),
        ("progress", "sensor"),
        ("remaining_time", "sensor"),
        ("finish_time", "sensor"),
        ("preview", "image"),
        ("finished_part", "image"),
        ("camera", "camera"),
        ("stop", "button"),
        ("prints_completed", "sensor"),
    ):
        entity_id = home.entity_id(key, platform)
        assert entity_id in shown
        update(home, key, platform, **{field: value})
        configs = await everything(frontend, home)
        assert entity_id not in json.dumps(configs)
        assert {card["type"] for card in cards_of(configs)} <= CARDS
        assert [part for part in parts(configs) if part.get("cards") == []] == []
        update(home, key, platform, **{field: None})
    assert json.dumps(await everything(frontend, home)) == shown


def disable_all_but(home: Home, shown: Callable[[er.RegistryEntry], bool]) -> None:
    """Disable all entities of the printer but some."""
    registry = er.async_get(home.hass)
    for one in entries_of(home, home.entry):
        disabled_by = None if shown(one) else er.RegistryEntryDisabler.USER
        registry.async_update_entity(one.entity_id, disabled_by=disabled_by)


def is_entity(entity_id: str, one: er.RegistryEntry) -> bool:
    """Return whether that is the entity with an id."""
    return one.entity_id == entity_id


async def test_of_a_printer_with_one_entity_that_is_shown(
    home: Home, frontend: Frontend
) -> None:
    for key in ("bed_temperature", "last_job_duration"):
        entity_id = home.entity_id(key)
        disable_all_but(home, partial(is_entity, entity_id))
        overall, section, compact, _ = await everything(frontend, home)
        assert entity_id in json.dumps(overall)
        assert titles(home.hass, overall["views"][0]) == ["Lab printer"]
        assert section["cards"][0]["heading"] == "Lab printer"
        (line,) = compact["cards"]
        assert line["heading"] == "Lab printer"
    # without any, nothing is shown
    add_printer(home, 1)
    disable_all_but(home, lambda _: False)
    dashboard = await frontend.request()
    assert [view["title"] for view in dashboard["views"][2:]] == ["Printer 01"]


async def test_a_line_is_never_about_a_button(home: Home, frontend: Frontend) -> None:
    """A click on the icon of its tile would press it, without a question."""
    disable_all_but(home, lambda one: one.domain == "button")
    for card in cards_of(await everything(frontend, home)):
        if_button = str(card.get("entity", "")).startswith("button.")
        assert not if_button or card["icon_tap_action"] == {"action": "none"}


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


async def test_an_unloaded_printer_is_off_and_a_disabled_one_is_not_there(
    home: Home, frontend: Frontend
) -> None:
    await home.unload()
    assert titles(home.hass, await frontend.view()) == ["Lab printer"]
    add_printer(home, 1)
    await home.hass.config_entries.async_set_disabled_by(
        home.entry.entry_id, ConfigEntryDisabler.USER
    )
    await home.block_till_done()
    dashboard = await frontend.request()
    assert [view["title"] for view in dashboard["views"][2:]] == ["Printer 01"]
    answer = await frontend.answer(device_id=home.device.id)
    assert answer["error"]["code"] == "not_found"


# What is not there


async def test_what_is_not_there_is_not_found(home: Home, frontend: Frontend) -> None:
    entry = MockConfigEntry(domain="lamp")
    entry.add_to_hass(home.hass)
    device = dr.async_get(home.hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("lamp", "1")}
    )
    message = texts("en")["no_such_printer"]
    for device_id in ("", "nobody", device.id):
        for options in ({}, {"size": "compact"}):
            answer = await frontend.answer(device_id=device_id, **options)
            assert answer["error"] == {"code": "not_found", "message": message}
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
