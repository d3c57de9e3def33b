"""Fixtures: a home that has found its camera."""

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from simulator import Printer, Unknowns
from tests.cameras import Watched
from tests.common import START, Home, new_printer

from .lab import SEEN, Lab


@pytest.fixture
def unknowns() -> Unknowns:
    """Return the printer's undocumented habits; a test may parametrize them."""
    return Unknowns()


@pytest.fixture
def printer(model: str, unknowns: Unknowns, freezer: FrozenDateTimeFactory) -> Printer:
    """Return a printer with these habits."""
    freezer.move_to(START)
    return new_printer(model, unknowns=unknowns)


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
