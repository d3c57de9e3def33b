"""A home that an older integration has left behind."""

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from simulator import Simulator

from .older import ADD, OldHome


@pytest.fixture(params=["2.2", "1"], ids=["version 2.2", "version 1"])
def version(request: pytest.FixtureRequest) -> str:
    """Return the version of the older integration; a test may choose one."""
    return str(request.param)


@pytest.fixture
def home(
    settled: None,
    version: str,
    hass: HomeAssistant,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> OldHome:
    """Return a home with an old entry that is not set up yet."""
    entry = ADD[version](hass, simulator)
    return OldHome(simulator, hass, entry, freezer, caplog)
