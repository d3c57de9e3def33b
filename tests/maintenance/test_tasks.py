"""Tests of the life of a task: added, changed, due, done, removed."""

from collections.abc import Awaitable, Callable
import json
import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.raise3d.const import DOMAIN
from custom_components.raise3d.maintenance_flow import OWN, PRESETS
from custom_components.raise3d.permissions import SEND_COMMANDS, has_right
from custom_components.raise3d.upkeep import Counted
from homeassistant.components.repairs import repairs_flow_manager
from homeassistant.config_entries import (
    ConfigEntryDisabler,
    SubentryFlowContext,
)
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import slugify
from tests.common import EN, HOUR, MINUTE, Home
from tests.dashboards import Frontend

from .tasks import (
    OVERDUE,
    RESTARTED,
    add_task,
    added_task,
    issue_of,
    press,
    print_for,
    shown,
    task_keys,
)

ENTITIES = {("binary_sensor", "due"), ("button", "done"), ("sensor", "remaining")}


async def add_by_flow(home: Home, preset: str, **changed: Any) -> dict[str, Any]:
    """Add a task as a person does; return what the second form suggested."""
    flow = home.hass.config_entries.subentries
    form = await flow.async_init(
        (home.entry.entry_id, "maintenance_task"), context={"source": "user"}
    )
    form = await flow.async_configure(form["flow_id"], {"preset": preset})
    schema = form["data_schema"]
    assert schema
    suggested = {
        str(key): key.description["suggested_value"]
        for key in schema.schema
        if key.description
    }
    result = await flow.async_configure(form["flow_id"], {**suggested, **changed})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await home.block_till_done()
    return suggested


async def disable(home: Home) -> None:
    """Disable the entry."""
    await home.hass.config_entries.async_set_disabled_by(
        home.entry.entry_id, ConfigEntryDisabler.USER
    )


async def fix(home: Home, key: str) -> None:
    """Fix an issue as a person does."""
    assert await async_setup_component(home.hass, "repairs", {})
    flow = repairs_flow_manager(home.hass)
    assert flow
    data = {"issue_id": issue_of(home, key).issue_id}
    form = await flow.async_init(DOMAIN, data=data)
    assert form["step_id"] == "confirm"
    result = await flow.async_configure(form["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_preset_fills_in_the_form(home: Home) -> None:
    suggested = await add_by_flow(home, "lubricate_axes", interval=250)
    assert suggested == {
        "name": "Lubricate the axes",
        "counted": "print_hours",
        "interval": 300,
    }
    (subentry,) = home.entry.subentries.values()
    assert subentry.title == "Lubricate the axes"
    assert dict(subentry.data) == {"counted": "print_hours", "interval": 250}
    assert task_keys(home, subentry.subentry_id) == ENTITIES


async def test_an_own_task_needs_a_name(home: Home) -> None:
    flow = home.hass.config_entries.subentries
    form = await flow.async_init(
        (home.entry.entry_id, "maintenance_task"), context={"source": "user"}
    )
    form = await flow.async_configure(form["flow_id"], {"preset": "own"})
    values = {"name": " \u200b", "counted": "days", "interval": 7}
    form = await flow.async_configure(form["flow_id"], values)
    assert form["errors"] == {"name": "invalid_name"}
    result = await flow.async_configure(form["flow_id"], {**values, "name": " Dust "})
    assert result["title"] == "Dust"


@pytest.mark.parametrize(("model", "right"), [("pro2", True), ("n2", False)])
async def test_only_two_nozzles_have_a_right_one(home: Home, *, right: bool) -> None:
    flow = home.hass.config_entries.subentries
    form = await flow.async_init(
        (home.entry.entry_id, "maintenance_task"), context={"source": "user"}
    )
    schema = form["data_schema"]
    assert schema
    assert (
        "replace_right_nozzle" in schema.schema["preset"].config["options"]
    ) is right


async def test_a_changed_task_keeps_its_count(home: Home) -> None:
    task = await added_task(home, "print_hours", 100)
    await print_for(home, 5 * HOUR)
    flow = home.hass.config_entries.subentries
    form = await flow.async_init(
        (home.entry.entry_id, "maintenance_task"),
        context={"source": "reconfigure", "subentry_id": task},
    )
    values = {"name": "Grease", "counted": "prints", "interval": 4}
    result = await flow.async_configure(form["flow_id"], values)
    assert result["reason"] == "reconfigure_successful"
    await home.block_till_done()
    await home.tick(60)
    assert shown(home, task) == (STATE_OFF, "3")
    assert home.entity(f"{task}_remaining").name == "Lab printer Grease: remaining"
    assert (
        home.entity(f"{task}_remaining").attributes["unit_of_measurement"] == "prints"
    )


async def test_a_task_that_is_added_while_the_printer_is_set_up_is_set_up(
    new_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    added: list[str] = []

    def add(*_: object) -> None:
        monkeypatch.undo()
        added.append(add_task(new_home, "prints", 3))

    # called once the first poll has been waited for
    monkeypatch.setattr("custom_components.raise3d.async_remove_second_nozzle", add)
    await new_home.set_up()
    await new_home.block_till_done()
    assert task_keys(new_home, added[0]) == ENTITIES


async def test_a_longer_interval_clears_the_issue(home: Home) -> None:
    task = await added_task(home, "prints", 1)
    await print_for(home, 600)
    await print_for(home, 600)
    assert home.issues == {OVERDUE}
    data = {"counted": "prints", "interval": 9}
    subentry = home.entry.subentries[task]
    home.hass.config_entries.async_update_subentry(home.entry, subentry, data=data)
    await home.block_till_done()
    assert shown(home, task) == (STATE_OFF, "7")
    assert not home.issues


async def test_a_task_is_at_the_device_of_its_printer(home: Home) -> None:
    task = await added_task(home, "days", 30)
    (device,) = dr.async_entries_for_config_entry(
        dr.async_get(home.hass), home.entry.entry_id
    )
    assert device.config_subentry_id is None
    registry = er.async_get(home.hass)
    entity = registry.async_get(home.entity_id(f"{task}_done", "button"))
    assert entity
    assert entity.device_id == device.id
    due = home.entity(f"{task}_due", "binary_sensor")
    assert due.attributes["device_class"] == "problem"
    assert not home.log(logging.WARNING)


async def test_a_removed_task_leaves_nothing(
    home: Home, hass_storage: dict[str, Any]
) -> None:
    task, other = await added_task(home, "prints", 1), await added_task(home, "days", 9)
    await print_for(home, 600)
    await print_for(home, 600)
    assert home.issues == {OVERDUE}
    home.hass.config_entries.async_remove_subentry(home.entry, task)
    await home.block_till_done()
    assert not task_keys(home, task)
    assert task_keys(home, other) == ENTITIES
    assert not home.issues
    key = f"{DOMAIN}.{home.entry.entry_id}.maintenance"
    home.hass.config_entries.async_remove_subentry(home.entry, other)
    await home.block_till_done()
    assert key not in hass_storage


async def test_what_is_overdue_is_an_issue_until_it_is_done(home: Home) -> None:
    task = await added_task(home, "prints", 2)
    await print_for(home, 600)
    await print_for(home, 600)
    assert shown(home, task) == (STATE_ON, "0")
    assert not home.issues
    await print_for(home, 600)
    assert shown(home, task) == (STATE_ON, "-1")
    assert home.issues == {OVERDUE}
    await home.restart()
    assert home.issues == {OVERDUE}
    assert shown(home, task) == (STATE_ON, "-1")
    await press(home, task)
    assert shown(home, task) == (STATE_OFF, "2")
    assert not home.issues


async def test_an_issue_can_be_marked_as_done(home: Home) -> None:
    task = await added_task(home, "prints", 1)
    await print_for(home, 600)
    await print_for(home, 600)
    issue = issue_of(home, OVERDUE)
    assert issue.translation_placeholders == {"name": "Lab printer", "task": "Oil"}
    await fix(home, OVERDUE)
    assert shown(home, task) == (STATE_OFF, "1")
    assert not home.issues


async def test_counters_that_started_again_are_an_issue_until_that_is_known(
    home: Home,
) -> None:
    await added_task(home, "prints", 9)
    await print_for(home, 600)
    home.printer.history.clear()
    await home.tick(35 * MINUTE)
    await fix(home, RESTARTED)
    assert not home.issues
    await home.restart()
    assert not home.issues


@pytest.mark.parametrize("end", [Home.remove, disable])
async def test_an_issue_goes_with_the_entry(
    home: Home, end: Callable[[Home], Awaitable[None]]
) -> None:
    await added_task(home, "prints", 1)
    await print_for(home, 600)
    await print_for(home, 600)
    assert home.issues == {OVERDUE}
    await end(home)
    assert not home.issues


async def test_tasks_need_the_totals_only_where_they_count_them(home: Home) -> None:
    """Also where every sensor of them is disabled."""
    registry = er.async_get(home.hass)
    for key in (
        *("filament_used", "filament_used_left", "filament_used_right"),
        *("print_time_total", "prints_completed"),
    ):
        registry.async_update_entity(
            home.entity_id(key), disabled_by=er.RegistryEntryDisabler.USER
        )
    await added_task(home, "days", 3)
    before = home.count_requests("dashboard/statistics")
    await home.tick(20 * MINUTE)
    assert home.count_requests("dashboard/statistics") == before
    add_task(home, "prints", 3)
    await home.block_till_done()
    await home.tick(MINUTE)
    assert home.count_requests("dashboard/statistics") > before


async def test_every_form_has_its_texts(home: Home) -> None:
    texts = EN["config_subentries"]["maintenance_task"]["step"]
    task = add_task(home, "prints", 3)
    flow = home.hass.config_entries.subentries
    kind = (home.entry.entry_id, "maintenance_task")
    user = await flow.async_init(kind, context={"source": "user"})
    form = await flow.async_configure(user["flow_id"], {"preset": "own"})
    change: SubentryFlowContext = {"source": "reconfigure", "subentry_id": task}
    forms = [user, form, await flow.async_init(kind, context=change)]
    assert [form["step_id"] for form in forms] == list(texts)
    for shown_form in forms:
        schema = shown_form["data_schema"]
        assert schema
        step = texts[shown_form["step_id"]]
        assert [str(key) for key in schema.schema] == list(step["data"])
        assert list(step["data"]) == list(step["data_description"])
    selectors = EN["selector"]
    assert [*PRESETS, OWN] == list(selectors["maintenance_preset"]["options"])
    assert [*Counted] == list(selectors["maintenance_counted"]["options"])


async def test_the_page_of_a_printer_shows_its_tasks(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    frontend = Frontend(home.hass, hass_ws_client)
    path = f"printer-{slugify(home.entry.title)}"
    before = await frontend.view(path)
    task = await added_task(home, "prints", 3)
    section = (await frontend.view(path))["sections"][-1]
    assert len(before["sections"]) == len((await frontend.view(path))["sections"]) - 1
    remaining, done = section["cards"][1:]
    assert remaining["entity"] == home.entity_id(f"{task}_remaining")
    assert done["entity"] == home.entity_id(f"{task}_done", "button")
    due = home.entity_id(f"{task}_due", "binary_sensor")
    assert {"condition": "state", "entity": due, "state": ["on"]} in done["visibility"]


async def test_diagnostics_do_not_name_a_task(
    home: Home, hass_client: ClientSessionGenerator
) -> None:
    add_task(home, "prints", 3, name="Nozzle of Jane")
    await home.block_till_done()
    shown_data = await get_diagnostics_for_config_entry(
        home.hass, hass_client, home.entry
    )
    assert "Jane" not in json.dumps(shown_data)
    assert shown_data["maintenance"] == [
        {"counted": "prints", "interval": 3.0, "remaining": 3}
    ]


async def test_who_may_press_the_buttons_of_the_printer_needs_none_of_a_task(
    home: Home, hass_read_only_user: MockUser
) -> None:
    entities = [home.entity_id(key, "button") for key in ("pause", "resume", "stop")]
    registry = er.async_get(home.hass)
    entities += [
        each.entity_id
        for each in er.async_entries_for_config_entry(registry, home.entry.entry_id)
        if each.domain == "number"
    ]
    allowed = dict.fromkeys(entities, True)
    hass_read_only_user.mock_policy({"entities": {"entity_ids": allowed}})
    await added_task(home, "prints", 3)
    assert has_right(home.hass, hass_read_only_user, home.entry, SEND_COMMANDS)
