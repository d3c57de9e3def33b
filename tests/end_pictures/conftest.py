"""Fixtures: a home that has found its camera."""

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.cameras import Watched
from tests.common import Home

from .lab import SEEN, Lab


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
