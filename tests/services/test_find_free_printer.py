"""Tests of the action that finds free printers, in a fleet of two."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.raise3d.const import DOMAIN
from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.auth.permissions import PolicyPermissions
from homeassistant.auth.permissions.models import PermissionLookup
from homeassistant.core import Context
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from simulator import Printer
from tests.automations import another_printer, device_of
from tests.common import HOUR, MINUTE, Home

from .needs import FILE

type Fleet = tuple[Printer, MockConfigEntry]


@pytest.fixture
def model() -> str:
    """Return the first printer, which has one nozzle."""
    return "n2"


@pytest.fixture
async def second(home: Home) -> AsyncGenerator[Fleet]:
    """Add an E2 beside the N2, a minute later."""
    await home.tick(MINUTE)
    async with another_printer(home.hass) as (printer, entry):
        home.hass.config_entries.async_update_entry(entry, title="Second")
        dr.async_get(home.hass).async_update_device(
            device_of(home.hass, entry).id, name_by_user="Second"
        )
        yield printer, entry
        await home.hass.config_entries.async_unload(entry.entry_id)


async def find(home: Home, context: Context | None = None, **data: Any) -> list[str]:
    """Return the names of the free printers, the first choice first."""
    response = await home.hass.services.async_call(
        DOMAIN,
        "find_free_printer",
        data,
        blocking=True,
        context=context,
        return_response=True,
    )
    assert isinstance(response, dict)
    printers: Any = response["printers"]
    first = printers[0]["device_id"] if printers else None
    assert response["device_id"] == first
    return [printer["name"] for printer in printers]


async def test_free_printers_are_found_with_all_that_a_script_needs(
    home: Home, second: Fleet
) -> None:
    device = device_of(home.hass, second[1])
    area = ar.async_get(home.hass).async_create("Workshop")
    dr.async_get(home.hass).async_update_device(device.id, area_id=area.id)
    requests = home.count_requests()
    response = await home.call(f"{DOMAIN}.find_free_printer", model="e2")
    assert response == {
        "device_id": device.id,
        "printers": [
            {
                "device_id": device.id,
                "name": "Second",
                "model": "Raise3D E2",
                "nozzle_count": 2,
                "temperature": pytest.approx(24, abs=1),
                "area": "Workshop",
            }
        ],
    }
    assert home.count_requests() == requests


async def test_who_has_been_free_for_longest_is_the_first_choice(
    home: Home, second: Fleet
) -> None:
    assert await find(home) == ["Lab printer", "Second"]
    home.printer.touch(30)
    await home.tick(30)
    assert await find(home) == ["Second"]
    await home.tick(30)
    assert await find(home) == ["Second", "Lab printer"]


WISHES: list[tuple[dict[str, Any], list[str]]] = [
    ({"model": "Raise3D N2"}, ["Lab printer"]),
    ({"model": "n2"}, ["Lab printer"]),
    ({"model": ["E2", "Pro3"]}, ["Second"]),
    ({"model": ["E 2", "RAISE3D n2"]}, ["Lab printer", "Second"]),
    ({"model": "E"}, []),
    ({"nozzle_count": 1}, ["Lab printer"]),
    ({"nozzle_count": "2"}, ["Second"]),
    ({"nozzle_count": 2, "model": "N2"}, []),
    ({"cold": True}, ["Lab printer", "Second"]),
    ({"device_id": []}, []),
    ({"device_id": "unknown"}, []),
]


async def test_only_what_was_wanted_is_found(
    home: Home, second: Fleet, subtests: pytest.Subtests
) -> None:
    for wanted, names in WISHES:
        with subtests.test(wanted=wanted):
            assert await find(home, **wanted) == names


async def test_printers_to_choose_from_can_be_named(home: Home, second: Fleet) -> None:
    other = device_of(home.hass, second[1]).id
    assert await find(home, device_id=other) == ["Second"]
    chosen = await find(home, device_id=[other, home.device.id])
    assert chosen == ["Lab printer", "Second"]


async def test_a_printer_that_is_in_use_is_not_found_until_it_is_free(
    home: Home, second: Fleet
) -> None:
    printer = second[0]
    printer.start(FILE, duration=3 * MINUTE)
    await home.tick(MINUTE)
    assert await find(home) == ["Lab printer"]
    printer.pause()
    await home.tick(MINUTE)
    assert await find(home) == ["Lab printer"]
    printer.resume()
    await home.tick(4 * MINUTE)
    # the part is still on the plate
    assert await find(home) == ["Lab printer"]
    printer.dismiss()
    printer.fail()
    await home.tick(MINUTE)
    assert await find(home) == ["Lab printer"]
    printer.clear_error()
    await home.tick(MINUTE)
    assert await find(home) == ["Lab printer", "Second"]


async def test_a_printer_that_is_hot_is_not_cold_and_comes_last(
    home: Home, second: Fleet
) -> None:
    heater = home.printer.machine.nozzles[0]
    home.printer.machine.set_heater(heater, 200)
    # below 50 °C it is not cold either: it is heated
    await home.tick(3)
    await home.coordinator.async_request_refresh()
    await home.block_till_done()
    assert home.number("left_nozzle_temperature") < 50
    assert await find(home, cold=True) == ["Second"]
    await home.tick(10 * MINUTE)
    assert await find(home) == ["Second", "Lab printer"]
    assert await find(home, cold=True) == ["Second"]


async def test_a_temperature_that_is_unknown_is_not_cold(home: Home) -> None:
    home.answer("printer/basic", heatbed_cur_temp=None)
    await home.tick(10 * MINUTE)
    assert await find(home, cold=True) == []
    response = await home.call(f"{DOMAIN}.find_free_printer")
    assert [each["temperature"] for each in response["printers"]] == [None]


async def test_none_is_no_error(home: Home, second: Fleet) -> None:
    home.printer.start(FILE)
    second[0].start(FILE)
    await home.tick(MINUTE)
    assert await find(home) == []
    await home.unload()
    assert await find(home) == []


async def test_a_printer_that_does_not_answer_is_not_free(home: Home) -> None:
    home.fail("html")
    await home.tick(5 * MINUTE)
    assert await find(home) == []
    home.heal()
    await home.tick(5 * MINUTE)
    assert await find(home) == ["Lab printer"]
    await home.simulator.power_off()
    await home.tick(MINUTE)
    assert await find(home) == []


async def test_a_printer_that_takes_an_upload_is_not_free(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(home.coordinator.client), "uploading", True)
    assert await find(home) == []


async def test_a_printer_that_names_a_job_which_has_not_begun_is_not_free(
    home: Home,
) -> None:
    home.printer.start(FILE, duration=HOUR)
    home.answer("printer/runningstatus", running_status="idle")
    # an idle printer names its job only when someone wants to know
    await home.coordinator.async_request_refresh()
    await home.block_till_done()
    assert home.status == "idle"
    assert await find(home) == []


async def test_a_user_finds_only_the_printers_that_he_may_see(
    home: Home, second: Fleet
) -> None:
    reader = await home.hass.auth.async_create_user(
        "Reader", group_ids=[GROUP_ID_READ_ONLY]
    )
    both = await find(home, Context(user_id=reader.id))
    assert both == ["Lab printer", "Second"]
    user = MockUser().add_to_hass(home.hass)
    lookup = PermissionLookup(er.async_get(home.hass), dr.async_get(home.hass))
    policy: Any = {"entities": {"entity_ids": {home.entity_id("status"): True}}}
    user.permissions = PolicyPermissions(policy, lookup)
    assert await find(home, Context(user_id=user.id)) == ["Lab printer"]
    user.permissions = PolicyPermissions({}, lookup)
    assert await find(home, Context(user_id=user.id)) == []


async def test_what_is_no_wish_is_refused(home: Home) -> None:
    for data in ({"nozzle_count": 1.5}, {"cold": "very"}, {"hot": True}):
        with pytest.raises(vol.Invalid):
            await find(home, **data)
