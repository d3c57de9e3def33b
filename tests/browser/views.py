"""Where things are on a page."""

from contextlib import suppress
import re

from playwright.async_api import Error, Locator, Page

from .home import eventually

PRINTERS = "/raise3d-printers/printers"
TOTALS = "/raise3d-printers/totals"
WORKSHOP = "/raise3d-printers/printer-pro2_workshop"
LAB = "/raise3d-printers/printer-pro3_lab"


def section(page: Page, name: str) -> Locator:
    """Return the part of a dashboard that belongs to a printer.

    What does not apply to the printer's state is on the page too, but hidden.
    """
    title = page.locator("hui-heading-card", has_text=name)
    return page.locator("hui-section:visible").filter(has=title)


def heading(section: Locator) -> Locator:
    """Return the title of a section, with the printer's status."""
    return section.locator("hui-heading-card:visible").first


def tile(section: Locator, name: str) -> Locator:
    """Return the tile with a value, whose text is the name and the value."""
    return section.locator("hui-tile-card:visible", has_text=re.compile(rf"^\s*{name}"))


async def open_page(page: Page, path: str) -> None:
    """Open a page, again where a dialog that has ended goes back in the history."""

    async def arrive() -> bool:
        with suppress(Error):
            await page.goto(path)
            return True
        return False

    await eventually(arrive, bool)


async def open_with_module(page: Page, path: str) -> None:
    """Open a page where something can be picked, and wait for what we offer there.

    The module is loaded beside the page. A dialog lists what is offered when it opens.
    """
    await open_page(page, path)
    await page.wait_for_function("window.customCards?.length")
    await page.wait_for_function("window.customStrategies?.length")
