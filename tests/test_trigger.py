"""Tests of the triggers, each of them in a real automation."""

import pytest

from custom_components.raise3d.const import DOMAIN
from custom_components.raise3d.trigger import TRIGGERS
from homeassistant.core import CoreState, ServiceCall
from homeassistant.helpers import (
    entity_registry as er,
    icon,
    translation,
    trigger,
)
from homeassistant.setup import async_setup_component

from .automations import TARGETS, another_printer, automate, targets_of
from .common import Home

pytestmark = pytest.mark.usefixtures("only_platforms")

FIELDS = {
    "cooled_down": ["temperature"],
    "finishes_soon": ["minutes"],
    "reached_layer": ["layer"],
}
EVENTS = {
    "started_printing": "started",
    "finished_printing": "completed",
    "stopped_printing": "stopped",
    "paused_printing": "paused",
    "encountered_error": "failed",
}
WHAT = {"what": "{{ trigger.to_state.attributes.event_type }}"}


async def when(
    home: Home, key: str, data: dict[str, str] | None = None, /, **target: str
) -> list[ServiceCall]:
    """Set up an automation with one of our triggers, for the printer's job."""
    target = target or {"entity_id": home.entity_id("job", "event")}
    return await automate(
        home.hass, {"trigger": f"{DOMAIN}.{key}", "target": target}, data
    )


async def test_each_trigger_fires_once_for_its_event_and_for_no_other(
    home: Home,
) -> None:
    triggers = [
        {
            "trigger": f"{DOMAIN}.{key}",
            "target": {"device_id": home.device.id},
            "id": key,
        }
        for key in EVENTS
    ]
    data = {"key": "{{ trigger.id }}", **WHAT}
    calls = await automate(home.hass, {"triggers": triggers}, data)
    home.printer.start("Local/one.gcode", duration=120)
    await home.tick(60)
    home.printer.pause()
    await home.tick(60)
    home.printer.resume()
    await home.tick(150)
    home.printer.dismiss()
    await home.tick(60)
    home.printer.start("Local/two.gcode", duration=600)
    await home.tick(60)
    home.printer.stop()
    await home.tick(60)
    home.printer.start("Local/three.gcode", duration=600)
    await home.tick(60)
    home.printer.fail()
    await home.tick(60)
    fired = [(call.data["key"], call.data["what"]) for call in calls]
    assert fired == [
        (key, EVENTS[key])
        for key in (
            *("started_printing", "paused_printing", "finished_printing"),
            *("started_printing", "stopped_printing"),
            *("started_printing", "encountered_error"),
        )
    ]


def test_there_is_a_trigger_for_each_event_and_moment_of_a_print() -> None:
    assert set(TRIGGERS) == {
        *EVENTS,
        *("became_free", "cooled_down", "finishes_soon"),
        *("first_layer_finished", "reached_layer"),
    }


async def test_only_the_targeted_printer_triggers(home: Home) -> None:
    name = f"{DOMAIN}.started_printing"
    triggers = [
        {"trigger": name, "target": target, "id": kind}
        for kind, target in targets_of(home, home.entity_id("job", "event")).items()
    ]
    data = {"kind": "{{ trigger.id }}"}
    calls = await automate(home.hass, {"triggers": triggers}, data)
    async with another_printer(home.hass) as (other, _):
        other.start("Local/other.gcode")
        await home.tick(60)
        assert not calls
        home.printer.start("Local/part.gcode")
        await home.tick(60)
        assert sorted(call.data["kind"] for call in calls) == sorted(TARGETS)


async def test_other_event_entities_of_the_same_device_do_not_trigger(
    home: Home,
) -> None:
    device = home.device
    stranger = er.async_get(home.hass).async_get_or_create(
        "event", "other", "unique", device_id=device.id, translation_key="job"
    )
    calls = await when(home, "started_printing", device_id=device.id)
    home.hass.states.async_set(stranger.entity_id, "2026-11-23T07:00:00.000+00:00")
    await home.block_till_done()
    home.hass.states.async_set(
        stranger.entity_id, "2026-11-23T08:00:00.000+00:00", {"event_type": "started"}
    )
    await home.block_till_done()
    assert not calls


async def test_the_automation_receives_what_happened(home: Home) -> None:
    attributes = "trigger.to_state.attributes"
    data = {
        "file": f"{{{{ {attributes}.file_name }}}}",
        "late": f"{{{{ {attributes}.late }}}}",
        "printer": "{{ device_name(trigger.entity_id) }}",
    }
    calls = await when(home, "finished_printing", data, device_id=home.device.id)
    home.printer.start("Local/part.gcode", duration=60)
    await home.tick(180)
    assert [call.data for call in calls] == [
        {"file": "part.gcode", "late": False, "printer": "Lab printer"}
    ]


async def test_reloads_outages_and_new_names_do_not_trigger_again(home: Home) -> None:
    job = home.entity_id("job", "event")
    calls = await when(home, "finished_printing")
    home.printer.start("Local/part.gcode", duration=60)
    await home.tick(180)
    assert len(calls) == 1
    await home.reload()
    await home.tick(60)
    await home.simulator.unplug()
    await home.tick(180)
    await home.simulator.start()
    await home.tick(120)
    er.async_get(home.hass).async_update_entity(job, name="What happens")
    await home.tick(60)
    assert len(calls) == 1


async def test_an_end_during_an_outage_triggers_once_and_is_marked(home: Home) -> None:
    late = {"late": "{{ trigger.to_state.attributes.late }}"}
    calls = await when(home, "finished_printing", late)
    home.printer.start("Local/part.gcode", duration=300)
    await home.tick(120)
    await home.simulator.unplug()
    await home.tick(600)
    assert not calls
    await home.simulator.start()
    await home.tick(120)
    assert [call.data for call in calls] == [{"late": True}]


async def test_events_of_the_same_moment_all_trigger(home: Home) -> None:
    calls = await when(home, "finished_printing")
    # one that ended well in sight, from which on the printer's history is news
    home.printer.start("Local/none.gcode", duration=60)
    await home.tick(180)
    home.printer.dismiss()
    await home.tick(60)
    calls.clear()
    await home.simulator.unplug()
    await home.tick(180)
    home.printer.start("Local/one.gcode", duration=60)
    await home.tick(120)
    home.printer.dismiss()
    home.printer.start("Local/two.gcode", duration=60)
    await home.tick(120)
    await home.simulator.start()
    await home.tick(120)
    assert len(calls) == 2


async def test_an_end_while_home_assistant_was_down_triggers_once(home: Home) -> None:
    home.printer.start("Local/part.gcode", duration=300)
    await home.tick(120)
    await home.unload()
    await home.tick(600)
    home.hass.set_state(CoreState.not_running)
    await home.set_up()
    calls = await when(home, "finished_printing")
    await home.tick(60)
    assert not calls
    await home.hass.async_start()
    await home.tick(60)
    assert len(calls) == 1


async def test_each_trigger_is_described_translated_and_drawn(home: Home) -> None:
    assert await async_setup_component(home.hass, "automation", {})
    descriptions = await trigger.async_get_all_descriptions(home.hass)
    texts = await translation.async_get_translations(
        home.hass, "en", "triggers", {DOMAIN}
    )
    icons = await icon.async_get_icons(home.hass, "triggers", {DOMAIN})
    for key in TRIGGERS:
        description = descriptions[f"{DOMAIN}.{key}"]
        assert description
        assert description["target"]["entity"] == [
            {"integration": DOMAIN, "domain": ["event"]}
        ]
        assert list(description["fields"]) == FIELDS.get(key, [])
        prefix = f"component.{DOMAIN}.triggers.{key}"
        assert texts[f"{prefix}.name"].startswith("3D printer ")
        assert texts[f"{prefix}.description"].startswith(
            "Triggers when one or more 3D printers "
        )
        assert icons[DOMAIN][key]["trigger"].startswith("mdi:")
