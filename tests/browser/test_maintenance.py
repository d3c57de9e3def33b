"""A person at the browser: adds a maintenance task, and does it."""

from datetime import datetime
import re

from playwright.async_api import Page, expect

from .conftest import PATIENCE_MS, Demo, Shoot
from .home import Home, eventually
from .views import open_page

expect.set_options(timeout=PATIENCE_MS)

BUTTON = "button.pro3_lab_lubricate_the_axes_done"


async def test_a_task_is_added_and_done(
    page: Page, demo: Demo, home: Home, shoot: Shoot
) -> None:
    await open_page(page, "/config/integrations/integration/raise3d")
    await page.get_by_role("button", name="Add maintenance task").click()
    await page.locator("ha-dialog").get_by_text("Pro3 lab").last.click()
    dialog = page.locator("dialog-data-entry-flow")
    await dialog.get_by_text("Lubricate the axes").click()
    await page.get_by_role("button", name="Submit").click()
    await page.get_by_text("Counted in").first.wait_for()
    await shoot("maintenance-form")
    await page.get_by_role("button", name="Submit").click()
    await page.get_by_role("button", name=re.compile("Finish|Close")).last.click()

    async def states() -> dict[str, str]:
        return {each["entity_id"]: each["state"] for each in await home.get("states")}

    await eventually(states, lambda found: found.get(BUTTON) == "unknown")
    entity = await home.command("config/entity_registry/get", entity_id=BUTTON)
    await open_page(page, f"/config/devices/device/{entity['device_id']}")
    row = page.locator("hui-button-entity-row", has_text="Lubricate the axes: done")
    await row.scroll_into_view_if_needed()
    await shoot("maintenance-device")
    await row.get_by_role("button", name="Press").click()
    done = await eventually(states, lambda found: found[BUTTON] != "unknown")
    # the state of a button is when it was pressed last
    assert datetime.fromisoformat(done[BUTTON]).tzinfo is not None
