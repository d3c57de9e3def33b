"""Automations from blueprints, and what they do."""

from collections.abc import AsyncGenerator, Iterator

import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.raise3d.entity import Raise3DEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, ServiceCall
from tests.automations import AUTOMATION
from tests.common import Home

from .phones import Phone, add_phone
from .waiting import let_runs_wait

# By its key, each entity that the blueprints for phones find in the printer's device.
FOUND = {
    "camera",
    "finish_time",
    "finished_part",
    "job",
    "last_failure",
    "printing",
    "status",
}


@pytest.fixture
def few_polls(few_polls: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Poll even less often, just often enough that no event is late."""
    for name in ("JOB_INTERVAL", "STATE_INTERVAL"):
        monkeypatch.setattr(f"custom_components.raise3d.polling.{name}", 110)


@pytest.fixture
def found() -> set[str] | None:
    """Return the keys of the entities that the blueprints of the test module find.

    None for all that a user has: one test of each module finds its own among them.
    """
    return FOUND


@pytest.fixture
def few_entities(found: set[str] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Disable what no blueprint finds: each is written at each poll."""
    if found is not None:
        enabled = property(lambda entity: entity.entity_description.key in found)
        monkeypatch.setattr(Raise3DEntity, "entity_registry_enabled_default", enabled)


@pytest.fixture(autouse=True)
async def unload_automations(hass: HomeAssistant) -> AsyncGenerator[None]:
    """Leave no timer of an automation behind."""
    yield
    if hass.services.has_service(AUTOMATION, "turn_off"):
        await hass.services.async_call(
            AUTOMATION, "turn_off", {"entity_id": "all"}, blocking=True
        )


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that blueprints without pictures use."""
    return [Platform.BINARY_SENSOR, Platform.EVENT, Platform.SENSOR]


@pytest.fixture
def runs_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let time go on while an automation waits in the middle of a run."""
    let_runs_wait(monkeypatch)


@pytest.fixture
def notifications(hass: HomeAssistant) -> list[ServiceCall]:
    """Return the persistent notifications to come."""
    return async_mock_service(hass, "persistent_notification", "create")


@pytest.fixture
def dismissals(hass: HomeAssistant) -> list[ServiceCall]:
    """Return the notifications that are taken back."""
    return async_mock_service(hass, "persistent_notification", "dismiss")


@pytest.fixture
def phone(home: Home, request: pytest.FixtureRequest) -> Iterator[Phone]:
    """Return a phone."""
    phone = add_phone(home.hass, "Anna's phone")
    yield phone
    phone.write_table(request.node.name)
