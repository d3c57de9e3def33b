"""A person at the browser who does not know the address of a printer."""

from collections.abc import AsyncGenerator, Generator
from contextlib import ExitStack
from pathlib import Path
import re

from playwright.async_api import Page, expect
import pytest

from .conftest import BLOCK, PORTS, Demo, Shoot, program
from .home import Device, Home
from .simulated import SimulatedPrinter
from .views import open_page

# The only port that is searched. So each run has addresses of its own, in the part of
# the loopback network that is searched.
API_PORT = 10800
NAMES = ("Pro2 cellar", "Pro2 annex", "Pro3 attic")


@pytest.fixture
def printers(
    demo: Demo, first_port: int, tmp_path: Path
) -> Generator[list[SimulatedPrinter]]:
    """Switch three printers on, at addresses of their own."""
    first = 1 + (first_port - PORTS[0]) // BLOCK * len(NAMES)
    found = []
    with ExitStack() as stack:
        for number, name in enumerate(NAMES, first):
            folder = tmp_path / name
            folder.mkdir()
            host = f"127.0.3.{number}"
            printer = SimulatedPrinter(API_PORT, 0, "368d8d", name, host)
            options = {
                "name": name,
                "machine-id": 5_000 + number,
                "host": host,
                "port": API_PORT,
                "camera-port": 0,
                "password": printer.password,
            }
            flags = [f"--{key}={value}" for key, value in options.items()]
            stack.enter_context(program(folder, "Ready:", "simulator", *flags))
            found.append(printer)
        yield found


@pytest.fixture
async def known(
    page: Page, home: Home, printers: list[SimulatedPrinter]
) -> AsyncGenerator[Device]:
    """Add the second printer, and remove all of them in the end."""
    await open_page(page, "/profile")
    yield await home.add(printers[1])
    for entry in await home.get("config/config_entries/entry?domain=raise3d"):
        if entry["title"] in NAMES:
            await home.remove(entry["entry_id"])


async def test_a_person_adds_a_printer_that_a_search_has_found(
    page: Page,
    demo: Demo,
    known: Device,
    printers: list[SimulatedPrinter],
    shoot: Shoot,
) -> None:
    """Three printers answer, one of them is set up; the third one is chosen."""
    await open_page(page, "/config/integrations/dashboard/add?domain=raise3d")
    await page.get_by_role("button", name="OK").click()
    await page.get_by_text("Search for printers").click()
    form = page.locator("step-flow-form")
    await expect(form).to_contain_text("Which printer would you like to add?")
    for each in printers:
        await expect(form).to_contain_text(each.host)
    await expect(form).to_contain_text(f"{known.simulator.host} ({NAMES[1]})")
    choice = page.locator("ha-radio-option", has_text=re.compile(printers[2].host))
    await choice.click()
    await shoot("search", docs=True)
    await page.get_by_role("button", name="Submit").click()

    await page.get_by_text("Access password (recommended)").click()
    host = page.locator("step-flow-form input[name=host]")
    await expect(host).to_have_value(printers[2].host)
    password = page.locator("step-flow-form input[name=password]")
    await password.fill(printers[2].password)
    await page.get_by_role("button", name="Submit").click()
    await page.get_by_role("button", name="Skip and finish").click()
    await open_page(page, "/config/integrations/integration/raise3d")
    rows = page.locator("ha-config-entry-device-row")
    await expect(rows.filter(has_text=NAMES[2])).to_have_count(1)
    await expect(rows.filter(has_text=NAMES[0])).to_have_count(0)
