"""Tests of what all moments of a job have in common, in real automations."""

from copy import deepcopy
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.raise3d.const import DOMAIN
from homeassistant.core import CoreState
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
)
from homeassistant.setup import async_setup_component

from .automations import AUTOMATION, TARGETS, another_printer, targets_of
from .common import HOUR, MINUTE, Home
from .waiting import (
    EVERYTHING,
    FIRST_LAYER,
    FREE,
    Options,
    cool,
    layer,
    soon,
    wait_for,
    waiting,
)

pytestmark = pytest.mark.usefixtures("few_polls", "only_platforms")

HALF_HOUR = 30 * MINUTE
ALL = [
    ("first_layer_finished",),
    ("reached_layer", 50),
    ("finishes_soon", 10),
    ("cooled_down", 50),
    ("became_free",),
]


def begin(home: Home) -> None:
    """Begin a print of half an hour, which has cooled down soon after its end."""
    home.printer.start("Local/part.gcode", duration=HALF_HOUR, layers=100, bed_temp=60)


async def print_a_part(home: Home) -> None:
    """Let a print come to its end, cool down and be taken away."""
    begin(home)
    await home.tick(40 * MINUTE)
    home.printer.dismiss()
    await home.tick(2 * MINUTE)


async def test_each_moment_of_each_print_fires_once(home: Home) -> None:
    waits = await wait_for(home, *EVERYTHING)
    await print_a_part(home)
    assert waits.done == ALL
    await print_a_part(home)
    assert waits.done == ALL * 2


async def test_two_automations_that_wait_for_the_same_both_run(home: Home) -> None:
    waits = await wait_for(home, layer(20), layer(20), FREE, FREE)
    home.printer.start("Local/part.gcode", duration=10 * MINUTE, layers=30)
    await home.tick(12 * MINUTE)
    home.printer.dismiss()
    await home.tick(MINUTE)
    assert waits.done == [("reached_layer", 20)] * 2 + [("became_free",)] * 2


async def test_only_the_targeted_printer_fires(home: Home) -> None:
    job = home.entity_id("job", "event")
    calls = async_mock_service(home.hass, "test", "automation")
    config = [
        waiting(home, *layer(50), {**target})
        for target in targets_of(home, job).values()
    ]
    assert await async_setup_component(home.hass, AUTOMATION, {AUTOMATION: config})
    async with another_printer(home.hass) as (other, _):
        other.start("Local/other.gcode", duration=10 * MINUTE)
        await home.tick(4 * MINUTE)
        assert not calls
        home.printer.start("Local/part.gcode", duration=10 * MINUTE)
        await home.tick(4 * MINUTE)
        given = [call.data["given"]["entity_id"] for call in calls]
        assert given == [job] * len(TARGETS)


async def test_a_printer_that_joins_the_target_later_fires(home: Home) -> None:
    area = ar.async_get(home.hass).async_create("Lab")
    waits = await wait_for(home, layer(50), target={"area_id": area.id})
    dr.async_get(home.hass).async_update_device(home.device.id, area_id=area.id)
    home.printer.start("Local/part.gcode", duration=10 * MINUTE)
    await home.tick(4 * MINUTE)
    assert waits.done == [("reached_layer", 50)]


@pytest.mark.parametrize("what", ["entry", "automations", "restart"])
async def test_nothing_fires_twice_after_a_reload(home: Home, what: str) -> None:
    waits = await wait_for(home, *EVERYTHING)
    begin(home)
    reload = {
        "entry": home.reload,
        "automations": lambda: reload_automations(home),
        "restart": home.restart,
    }[what]
    for _ in range(8):
        await home.tick(5 * MINUTE)
        await reload()
    home.printer.dismiss()
    await home.tick(2 * MINUTE)
    await reload()
    await home.tick(2 * MINUTE)
    assert [done[0] for done in waits.done] == [done[0] for done in ALL]


async def reload_automations(home: Home) -> None:
    """Reload the automations, as after a change of one of them."""
    target: Options = {"entity_id": home.entity_id("job", "event")}
    config = [waiting(home, *moment, target) for moment in EVERYTHING]
    with patch("homeassistant.config.load_yaml_config_file", autospec=True) as load:
        load.return_value = {AUTOMATION: config}
        await home.call(f"{AUTOMATION}.reload")


async def test_a_crash_repeats_nothing_that_has_fired(
    home: Home, hass_storage: dict[str, Any]
) -> None:
    waits = await wait_for(home, FIRST_LAYER, layer(30), layer(60), soon(25), soon(5))
    begin(home)
    await home.tick(15 * MINUTE)
    done = list(waits.done)
    assert done == [
        ("first_layer_finished",),
        ("finishes_soon", 25),
        ("reached_layer", 30),
    ]
    await crash(home, hass_storage)
    await home.tick(MINUTE)
    assert waits.done == done
    await home.tick(20 * MINUTE)
    assert sorted(waits.done[3:]) == [("finishes_soon", 5), ("reached_layer", 60)]


async def crash(home: Home, hass_storage: dict[str, Any]) -> None:
    """Let Home Assistant be gone without storing anything."""
    stored = deepcopy(hass_storage)
    async with home.down():
        hass_storage.clear()
        hass_storage.update(stored)


async def test_an_automation_that_is_made_later_fires_for_nothing_past_after_a_crash(
    home: Home, hass_storage: dict[str, Any]
) -> None:
    begin(home)
    await home.tick(20 * MINUTE)
    waits = await wait_for(home, FIRST_LAYER, layer(30), soon(25))
    await home.tick(MINUTE)
    await crash(home, hass_storage)
    await home.tick(5 * MINUTE)
    assert waits.done == []


async def test_moments_wait_until_home_assistant_runs(home: Home) -> None:
    waits = await wait_for(home, layer(2), soon(15))
    begin(home)
    await home.tick(MINUTE)
    await home.unload()
    await home.tick(20 * MINUTE)
    home.hass.set_state(CoreState.starting)
    await home.set_up()
    await home.tick(2 * MINUTE)
    assert waits.done == []
    home.hass.set_state(CoreState.running)
    await home.tick(MINUTE)
    assert waits.done == [("reached_layer", 2, "late"), ("finishes_soon", 15, "late")]


async def test_progress_alone_is_not_stored(
    home: Home, hass_storage: dict[str, Any]
) -> None:
    home.printer.start("Local/part.gcode", duration=HOUR, layers=100)
    # until the history has been read
    await home.tick(20 * MINUTE)
    key = f"{DOMAIN}.{home.entry.entry_id}"
    before = deepcopy(hass_storage[key])
    await home.tick(20 * MINUTE)
    assert hass_storage[key] == before
    await home.unload()
    marks = hass_storage[key]["data"]["job"]["marks"]
    assert marks["layer"] > 5
    assert marks["left"] < 25 * MINUTE


async def test_options_that_make_no_sense_are_refused(home: Home) -> None:
    target: Options = {"device_id": home.device.id}
    senseless: list[tuple[str, Options]] = [
        ("finishes_soon", {}),
        ("finishes_soon", {"minutes": 0}),
        ("finishes_soon", {"minutes": 241}),
        ("reached_layer", {}),
        ("reached_layer", {"layer": 0}),
        ("first_layer_finished", {"layer": 1}),
        ("became_free", {"for": 5}),
    ]
    config = [waiting(home, key, options, target) for key, options in senseless]
    assert await async_setup_component(home.hass, AUTOMATION, {AUTOMATION: config})
    await home.block_till_done()
    states = home.hass.states.async_all(AUTOMATION)
    assert [state.state for state in states] == ["unavailable"] * len(senseless)


async def test_no_file_name_is_logged(home: Home) -> None:
    await wait_for(home, *EVERYTHING, cool(40))
    home.caplog.clear()
    home.printer.start("Local/secret.gcode", duration=10 * MINUTE, bed_temp=60)
    await home.tick(22 * MINUTE)
    assert not [line for line in home.log(0) if "secret" in line]
