"""The zip of a release in a Home Assistant that has nothing else of ours."""

import pytest

from .conftest import RELEASE, Demo
from .home import Home
from .views import open_page

# What Home Assistant says of every integration that is not its own.
NOTICE = "which has not been tested by Home Assistant"
# What it says of this environment: no packages installed at a start, no fast zlib.
ENVIRONMENT = ("[homeassistant.bootstrap] Skipping pip", "[aiohttp_fast_zlib]")
EXPECTED = (NOTICE, *ENVIRONMENT)
TROUBLE = ("WARNING", "ERROR", "CRITICAL")


@pytest.mark.home_assistant("2026.10", "2026.11")
async def test_the_zip_is_installed_without_a_warning(demo: Demo, home: Home) -> None:
    """The demo has added its printers by then, restarted, and shown their states."""
    lines = demo.start_log.splitlines()
    assert any(NOTICE in line and "raise3d" in line for line in lines)
    assert [
        line
        for line in lines
        if any(word in line for word in TROUBLE)
        and not any(words in line for words in EXPECTED)
    ] == []
    await open_page(home.page, "/profile")
    manifest = await home.command("manifest/get", integration="raise3d")
    assert manifest["version"] == RELEASE
    states = await home.get("states")
    shown = {state["entity_id"]: state["state"] for state in states}
    assert shown["sensor.pro2_workshop_status"] == "printing"
    assert shown["sensor.e2_studio_status"] == "offline"
