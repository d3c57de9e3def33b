"""Fixtures: a home that has found its camera."""

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.const import Platform
from tests.cameras import Watched
from tests.common import Home

from .lab import SEEN, Lab


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that these tests read."""
    return [Platform.CAMERA, Platform.EVENT, Platform.IMAGE, Platform.SENSOR]


@pytest.fixture(autouse=True)
def no_other_platforms(only_platforms: None) -> None:
    """Set up no entity that no test reads."""


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Return what counts at the camera server."""
    return Watched.of_all(monkeypatch)


@pytest.fixture
async def lab(home: Home, watched: Watched, hass_client: ClientSessionGenerator) -> Lab:
    """Return a home that has found its camera."""
    await home.tick(SEEN)
    known = (home.simulator, home.hass, home.entry, home.freezer, home.caplog)
    return Lab(*known, client=await hass_client(), watched=watched)
