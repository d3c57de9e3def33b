"""Tests of the triggers, each of them in a real automation."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.const import DOMAIN
from custom_components.raise3d.trigger import TRIGGERS
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    icon,
    label_registry as lr,
    translation,
    trigger,
)
from homeassistant.setup import async_setup_component
from simulator import Printer, Simulator

from .automations import another_printer, automate, device_of
from .common import set_up
from .conftest import Ticker

WHAT = {"what": "{{ trigger.to_state.attributes.event_type }}"}


def own(key: str, **target: str) -> dict[str, Any]:
    """Return the configuration of one of our triggers."""
    return {"trigger": f"{DOMAIN}.{key}", "target": target}


async def play_everything(printer: Printer, tick: Ticker) -> None:
    """Let all happen that a trigger could be about: two prints end well, one fails."""
    printer.start("Local/one.gcode", duration=120)
    await tick(60)
    printer.pause()
    await tick(60)
    printer.resume()
    await tick(150)
    printer.dismiss()
    await tick(60)
    printer.start("Local/two.gcode", duration=600)
    await tick(60)
    printer.stop()
    await tick(60)
    printer.start("Local/three.gcode", duration=600)
    await tick(60)
    printer.fail()
    await tick(60)
    printer.clear_error()
    await tick(60)


@pytest.mark.parametrize(
    ("key", "event_type", "times"),
    [
        ("started_printing", "started", 3),
        ("finished_printing", "completed", 1),
        ("stopped_printing", "stopped", 1),
        ("paused_printing", "paused", 1),
        ("encountered_error", "failed", 1),
    ],
)
async def test_a_trigger_fires_once_for_its_event_and_for_no_other(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    entity_id: Callable[..., str],
    tick: Ticker,
    key: str,
    event_type: str,
    times: int,
) -> None:
    calls = await automate(
        hass, own(key, entity_id=entity_id("job", "event")), [], WHAT
    )
    await play_everything(printer, tick)
    assert [call.data["what"] for call in calls] == [event_type] * times


def test_there_is_a_trigger_for_each_end_of_a_print() -> None:
    assert set(TRIGGERS) == {
        "encountered_error",
        "finished_printing",
        "paused_printing",
        "started_printing",
        "stopped_printing",
    }


@pytest.mark.parametrize("kind", ["entity", "device", "area", "floor", "label"])
async def test_only_the_targeted_printer_triggers(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    entity_id: Callable[..., str],
    tick: Ticker,
    kind: str,
) -> None:
    device = device_of(hass, loaded_entry)
    floor = fr.async_get(hass).async_create("Cellar")
    area = ar.async_get(hass).async_create("Lab", floor_id=floor.floor_id)
    label = lr.async_get(hass).async_create("Printers")
    dr.async_get(hass).async_update_device(
        device.id, area_id=area.id, labels={label.label_id}
    )
    target = {
        "entity": entity_id("job", "event"),
        "device": device.id,
        "area": area.id,
        "floor": floor.floor_id,
        "label": label.label_id,
    }[kind]
    calls = await automate(hass, own("started_printing", **{f"{kind}_id": target}))
    async with another_printer(hass) as (other, _):
        other.start("Local/other.gcode")
        await tick(60)
        assert not calls
        printer.start("Local/part.gcode")
        await tick(60)
        assert len(calls) == 1


async def test_other_event_entities_of_the_same_device_do_not_trigger(
    hass: HomeAssistant,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    device = device_of(hass, loaded_entry)
    stranger = er.async_get(hass).async_get_or_create(
        "event", "other", "unique", device_id=device.id, translation_key="job"
    )
    calls = await automate(hass, own("started_printing", device_id=device.id))
    hass.states.async_set(stranger.entity_id, "2026-11-23T07:00:00.000+00:00")
    await hass.async_block_till_done()
    hass.states.async_set(
        stranger.entity_id, "2026-11-23T08:00:00.000+00:00", {"event_type": "started"}
    )
    await hass.async_block_till_done()
    assert not calls


async def test_the_automation_is_told_what_happened(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    attributes = "trigger.to_state.attributes"
    calls = await automate(
        hass,
        own("finished_printing", device_id=device_of(hass, loaded_entry).id),
        [],
        {
            "file": f"{{{{ {attributes}.file_name }}}}",
            "late": f"{{{{ {attributes}.late }}}}",
            "printer": "{{ device_name(trigger.entity_id) }}",
        },
    )
    printer.start("Local/part.gcode", duration=60)
    await tick(180)
    assert [call.data for call in calls] == [
        {"file": "part.gcode", "late": False, "printer": "Lab printer"}
    ]


async def test_reloads_outages_and_new_names_do_not_trigger_again(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    entity_id: Callable[..., str],
    tick: Ticker,
) -> None:
    job = entity_id("job", "event")
    calls = await automate(hass, own("finished_printing", entity_id=job))
    simulator.printer.start("Local/part.gcode", duration=60)
    await tick(180)
    assert len(calls) == 1
    await hass.config_entries.async_reload(loaded_entry.entry_id)
    await tick(60)
    await simulator.stop()
    await tick(180)
    await simulator.start()
    await tick(120)
    er.async_get(hass).async_update_entity(job, name="What happens")
    await tick(60)
    assert len(calls) == 1


async def test_an_end_during_an_outage_triggers_once_and_is_marked(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    entity_id: Callable[..., str],
    tick: Ticker,
) -> None:
    calls = await automate(
        hass,
        own("finished_printing", entity_id=entity_id("job", "event")),
        [],
        {"late": "{{ trigger.to_state.attributes.late }}"},
    )
    simulator.printer.start("Local/part.gcode", duration=300)
    await tick(120)
    await simulator.stop()
    await tick(600)
    assert not calls
    await simulator.start()
    await tick(120)
    assert [call.data for call in calls] == [{"late": True}]


async def test_events_that_are_told_at_the_same_moment_all_trigger(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    entity_id: Callable[..., str],
    tick: Ticker,
) -> None:
    job = entity_id("job", "event")
    calls = await automate(hass, own("finished_printing", entity_id=job))
    # one that ended well in sight, from which on the printer's history is news
    simulator.printer.start("Local/none.gcode", duration=60)
    await tick(180)
    simulator.printer.dismiss()
    await tick(60)
    calls.clear()
    await simulator.stop()
    await tick(180)
    simulator.printer.start("Local/one.gcode", duration=60)
    await tick(120)
    simulator.printer.dismiss()
    simulator.printer.start("Local/two.gcode", duration=60)
    await tick(120)
    await simulator.start()
    await tick(120)
    assert len(calls) == 2


async def test_an_end_while_home_assistant_was_down_triggers_once(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    entity_id: Callable[..., str],
    tick: Ticker,
) -> None:
    job = entity_id("job", "event")
    simulator.printer.start("Local/part.gcode", duration=300)
    await tick(120)
    assert await hass.config_entries.async_unload(loaded_entry.entry_id)
    await tick(600)
    hass.set_state(CoreState.not_running)
    await set_up(hass, loaded_entry)
    calls = await automate(hass, own("finished_printing", entity_id=job))
    await tick(60)
    assert not calls
    await hass.async_start()
    await tick(60)
    assert len(calls) == 1


async def test_each_trigger_is_described_translated_and_drawn(
    hass: HomeAssistant, loaded_entry: MockConfigEntry
) -> None:
    assert await async_setup_component(hass, "automation", {})
    descriptions = await trigger.async_get_all_descriptions(hass)
    texts = await translation.async_get_translations(hass, "en", "triggers", {DOMAIN})
    icons = await icon.async_get_icons(hass, "triggers", {DOMAIN})
    for key in TRIGGERS:
        description = descriptions[f"{DOMAIN}.{key}"]
        assert description
        assert description["target"]["entity"] == [
            {"integration": DOMAIN, "domain": ["event"]}
        ]
        assert not description["fields"]
        prefix = f"component.{DOMAIN}.triggers.{key}"
        assert texts[f"{prefix}.name"].startswith("3D printer ")
        assert texts[f"{prefix}.description"].startswith(
            "Triggers when one or more 3D printers "
        )
        assert icons[DOMAIN][key]["trigger"].startswith("mdi:")
