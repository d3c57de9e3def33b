"""A flow, and what it needs."""

from collections.abc import Generator
from unittest.mock import AsyncMock, patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from simulator import Simulator
from tests.common import add_entry, now

from .flow import Flow


@pytest.fixture(autouse=True)
def mock_setup_entry() -> Generator[AsyncMock]:
    """Set nothing up: these tests end with the entry."""
    with patch(
        "custom_components.raise3d.async_setup_entry", return_value=True
    ) as mock:
        yield mock


@pytest.fixture
def flow(hass: HomeAssistant, simulator: Simulator) -> Flow:
    """Return a person who is about to do something."""
    return Flow(simulator, hass)


@pytest.fixture
async def token(simulator: Simulator) -> str:
    """Return a token that the printer accepts."""
    return simulator.printer.tokens.issue(now())


@pytest.fixture
def entry(hass: HomeAssistant, simulator: Simulator) -> MockConfigEntry:
    """Return an entry that signs in with the password."""
    return add_entry(hass, simulator)
