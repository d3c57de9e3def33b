"""A printer with a past, and a file to upload."""

from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from simulator import Printer
from simulator.states import Unknowns
from tests.common import START, new_printer

from .needs import CONTENT


@pytest.fixture
def unknowns() -> Unknowns:
    """Return what the simulated printer assumes."""
    return Unknowns()


@pytest.fixture
def history() -> int:
    """Return the number of jobs that the printer has done before."""
    return 0


@pytest.fixture
def printer(
    model: str, freezer: FrozenDateTimeFactory, history: int, unknowns: Unknowns
) -> Printer:
    """Return a printer with a past."""
    freezer.move_to(START)
    return new_printer(model, history=history, unknowns=unknowns)


@pytest.fixture
def allowed(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return a folder that Home Assistant may read."""
    folder = tmp_path / "allowed"
    folder.mkdir()
    hass.config.allowlist_external_dirs = {str(folder)}
    return folder


@pytest.fixture
def part(allowed: Path) -> Path:
    """Return a file of a megabyte that may be uploaded."""
    part = allowed / "bracket v4 ü.gcode"
    part.write_bytes(CONTENT)
    return part
