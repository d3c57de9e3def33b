"""A file to upload."""

from pathlib import Path

import pytest

from homeassistant.core import HomeAssistant

from .needs import CONTENT


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
