"""Tests of which printers and entities a user sees in a dashboard."""

import json

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.raise3d.const import DOMAIN
from homeassistant.auth.permissions.models import PermissionLookup
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .common import Home
from .dashboards import (
    Frontend,
    add_printer,
    cards_of,
    entities_of,
    everything,
    ids_of,
    texts,
)


@pytest.fixture
def reader(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
) -> Frontend:
    """Return the page of a user who may only read."""
    return Frontend(hass, hass_ws_client, hass_read_only_access_token)


def restrict(home: Home, user: MockUser, **policy: dict[str, dict[str, bool]]) -> None:
    """Let a user see only some entities."""
    user.perm_lookup = PermissionLookup(
        er.async_get(home.hass), dr.async_get(home.hass)
    )
    user.mock_policy({"entities": policy})


async def test_who_may_only_read_gets_nothing_to_press_or_to_set(
    home: Home, frontend: Frontend, reader: Frontend
) -> None:
    commands = ("button.", "number.")
    for number in range(2, 4):
        add_printer(home, number)
    seen = entities_of(await everything(reader, home))
    assert not any(entity_id.startswith(commands) for entity_id in seen)
    everyone = entities_of(await everything(frontend, home))
    assert seen == {one for one in everyone if not one.startswith(commands)}


async def test_who_may_read_one_printer_sees_no_other(
    home: Home, reader: Frontend, hass_read_only_user: MockUser
) -> None:
    other = add_printer(home, 1)
    restrict(home, hass_read_only_user, device_ids={home.device.id: {"read": True}})
    configs = await everything(reader, home)
    assert entities_of(configs) <= ids_of(home, home.entry)
    assert "Printer 01" not in json.dumps(configs)
    device = dr.async_get(home.hass).async_get_device_by_identifier(
        (DOMAIN, str(other.unique_id)), other.entry_id
    )
    assert device
    answer = await reader.answer(device_id=device.id)
    assert answer["error"]["code"] == "not_found"


async def test_who_may_see_one_entity_sees_that_alone(
    home: Home, reader: Frontend, hass_read_only_user: MockUser
) -> None:
    readable = {home.entity_id("status"): {"read": True}}
    restrict(home, hass_read_only_user, entity_ids=readable)
    configs = await everything(reader, home)
    assert entities_of(configs) == {home.entity_id("status")}


async def test_who_may_see_nothing_gets_an_empty_dashboard(
    home: Home, reader: Frontend, hass_read_only_user: MockUser
) -> None:
    hass_read_only_user.mock_policy({})
    dashboard = await reader.request()
    (card,) = cards_of(dashboard)
    assert card["content"] == texts("en")["no_printers"]
    answer = await reader.answer(device_id=home.device.id)
    assert answer["error"]["code"] == "not_found"
