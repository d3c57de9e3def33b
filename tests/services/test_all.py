"""Tests of what all actions have in common."""

from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.raise3d.const import DOMAIN
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    DOMAIN as HOMEASSISTANT_DOMAIN,
    HomeAssistant,
    SupportsResponse,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
from tests.actions import refused
from tests.automations import another_printer, device_of
from tests.common import FOLDER, Home

from .needs import (
    ALL,
    DELETE,
    FILE,
    MOVE,
    NEEDS,
    OPERATE,
    RESPONSES,
    SCHEMAS,
    START,
    WITHOUT_PRINTER,
    with_file,
)

# In an order in which each can be carried out.
COMMANDS = (
    ("move_axis", MOVE),
    ("start_print", START),
    ("stop_print", OPERATE),
    ("delete_file", DELETE),
)
ON_PRINTER = sorted(NEEDS.keys() - set(WITHOUT_PRINTER))
FORMS: dict[str, dict[str, Any]] = load_yaml_dict(str(FOLDER / "services.yaml"))
LIMITS = [
    (name, key, field["selector"]["number"])
    for name, form in FORMS.items()
    for key, field in form["fields"].items()
    if "number" in (field.get("selector") or {})
]


async def test_actions_are_there_before_any_printer_is(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    assert set(hass.services.async_services_for_domain(DOMAIN)) == set(ALL)
    for name in ALL:
        assert hass.services.supports_response(DOMAIN, name) is RESPONSES.get(
            name, SupportsResponse.NONE
        )


def default_of(key: Any) -> object:
    """Return the default of a field."""
    return None if key.default is vol.UNDEFINED else key.default()


def test_forms_ask_for_what_the_actions_take() -> None:
    assert {
        name: {
            key: (field.get("required", False), field.get("default"))
            for key, field in action["fields"].items()
        }
        for name, action in FORMS.items()
    } == {
        name: {
            str(key): (isinstance(key, vol.Required), default_of(key))
            for key in schema.schema
        }
        for name, schema in SCHEMAS.items()
    }


def test_every_number_in_a_form_has_its_limits() -> None:
    assert len(LIMITS) == 7


@pytest.mark.parametrize(("name", "key", "limits"), LIMITS)
def test_forms_have_the_limits_of_the_actions(
    name: str, key: str, limits: dict[str, float]
) -> None:
    data = {ATTR_DEVICE_ID: "device", **ALL[name]}
    for value in (limits["min"], limits["max"]):
        SCHEMAS[name]({**data, key: value})
    for value in (limits["min"] - 1, limits["max"] + 1):
        with pytest.raises(vol.Invalid):
            SCHEMAS[name]({**data, key: value})


async def assert_no_action_reaches_a_printer(
    home: Home, key: str, **device: str
) -> None:
    """Assert that Home Assistant refuses all actions, and why."""
    for name, needs in NEEDS.items():
        with pytest.raises(ServiceValidationError) as caught:
            await home.act(name, **needs, **device)
        assert caught.value.translation_domain == HOMEASSISTANT_DOMAIN
        assert caught.value.translation_key == key
    assert not home.posts()


async def test_a_device_that_does_not_exist_is_refused(home: Home) -> None:
    await assert_no_action_reaches_a_printer(
        home, "service_device_not_found", device_id="no such device"
    )


async def test_a_device_of_another_integration_is_refused(home: Home) -> None:
    entry = MockConfigEntry(domain="other")
    entry.add_to_hass(home.hass)
    device = dr.async_get(home.hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("other", "lamp")}
    )
    await assert_no_action_reaches_a_printer(
        home, "service_device_wrong_domain", device_id=device.id
    )


async def test_a_printer_that_is_not_loaded_is_refused(home: Home) -> None:
    await home.unload()
    await assert_no_action_reaches_a_printer(home, "service_config_entry_not_loaded")


async def test_a_printer_that_is_off_cannot_be_reached(home: Home, part: Path) -> None:
    await home.simulator.power_off()
    for name in ON_PRINTER:
        await refused(home.act(name, **with_file(part)[name]), "cannot_connect")
    assert not home.posts()


@pytest.mark.parametrize("name", ON_PRINTER)
async def test_a_password_that_was_changed_is_named_as_the_reason(
    home: Home, part: Path, name: str
) -> None:
    home.printer.password = "changed"
    home.simulator.drop_tokens()
    await refused(home.act(name, **with_file(part)[name]), "invalid_auth")
    await home.block_till_done()
    # the polls decide whether that lasts
    assert not home.flows


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ("reset", "cannot_connect"),
        ("http_429", "printer_busy"),
        ("busy_body", "printer_busy"),
        ("truncated", "invalid_response"),
    ],
)
async def test_a_command_whose_answer_is_lost_is_never_sent_twice(
    home: Home, fault: str, key: str
) -> None:
    for name, path in COMMANDS:
        home.simulator.requests.clear()
        home.fail(fault, path)
        await refused(home.act(name, **NEEDS[name]), key)
        await home.tick(60)
        assert home.posts() == [path]


async def test_an_action_is_for_the_printer_that_it_names(home: Home) -> None:
    async with another_printer(home.hass) as (other, entry):
        await home.act(
            "start_print", device_id=device_of(home.hass, entry).id, file=FILE
        )
        await home.tick(10)
        assert other.phase == "running"
        assert home.printer.phase == "idle"
        assert await home.hass.config_entries.async_unload(entry.entry_id)
