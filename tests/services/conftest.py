"""A file to upload."""

from pathlib import Path

import pytest

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant

from .needs import CONTENT


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that these tests read."""
    return [Platform.SENSOR]


@pytest.fixture(autouse=True)
def no_other_platforms(only_platforms: None) -> None:
    """Set up no entity that no test reads."""


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
