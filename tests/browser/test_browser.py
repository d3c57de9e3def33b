"""A person at the browser: sees the printers, adds one, and signs in again."""

import re

from playwright.async_api import Locator, Page, expect

from .conftest import PATIENCE_MS, AddSimulator, Demo, Shoot
from .simulated import SimulatedPrinter
from .views import heading, open_page, section, tile

INTEGRATION = "/config/integrations/integration/raise3d"
# A degree up or down while somebody walks from the printer to the screen.
DEGREES = 3

expect.set_options(timeout=PATIENCE_MS)


def about(degrees: float) -> re.Pattern[str]:
    """Return what matches a temperature or one close to it."""
    close = range(round(degrees) - DEGREES, round(degrees) + DEGREES + 1)
    return re.compile(rf"\b({'|'.join(map(str, close))})\s°C")


async def test_the_dashboard_shows_what_the_printers_show(
    page: Page, demo: Demo, workshop: SimulatedPrinter, shoot: Shoot
) -> None:
    """A print that stands still for a moment is compared value by value."""
    await open_page(page, "/")
    part, lab = section(page, "Pro2 workshop"), section(page, "Pro3 lab")
    studio = section(page, "E2 studio")
    await expect(heading(part)).to_contain_text("Printing")
    await workshop.do(page.request, "pause")
    await expect(heading(part)).to_contain_text("Paused")
    job = await workshop.read(page.request, "job/currentjob")
    for name, value in {
        # one decimal is what the client keeps, and the frontend cuts it off
        "Progress": f"{int(round(job['print_progress'], 1))}%",
        "File name": job["file_name"].rpartition("/")[2],
        "Current layer": str(job["printed_layer"]),
        "Total layers": str(job["total_layer"]),
    }.items():
        await expect(tile(part, name)).to_contain_text(value)
    basic = await workshop.read(page.request, "printer/basic")
    left = await workshop.read(page.request, "printer/nozzle1")
    right = await workshop.read(page.request, "printer/nozzle2")
    for name, value in {
        "Bed temperature": basic["heatbed_cur_temp"],
        "Left nozzle temperature": left["nozzle_cur_temp"],
        "Right nozzle temperature": right["nozzle_cur_temp"],
    }.items():
        row = part.locator("hui-sensor-entity-row", has_text=name)
        await expect(row).to_contain_text(about(value))
    await shoot("dashboard-paused")
    await workshop.do(page.request, "resume")
    await expect(heading(part)).to_contain_text("Printing")

    job = await demo.lab.read(page.request, "job/currentjob")
    await expect(heading(lab)).to_contain_text("Completed")
    await expect(lab).to_contain_text("Ready to be taken off")
    await expect(tile(lab, "Progress")).to_contain_text("100%")
    await expect(tile(lab, "Current layer")).to_contain_text(str(job["total_layer"]))

    await expect(heading(studio)).to_contain_text("Offline")
    await expect(studio).to_contain_text("Switched off")
    await expect(studio.locator("hui-tile-card:visible")).to_have_count(0)


async def test_a_person_adds_a_printer_after_a_mistyped_password(
    page: Page, add_simulator: AddSimulator, shoot: Shoot
) -> None:
    """The form says what is wrong, keeps what was typed, and then it works."""
    printer = add_simulator("Pro2 annex")
    await open_page(page, "/config/integrations/dashboard")
    await page.get_by_text("Add integration").click()
    await page.get_by_placeholder("Search for a brand name").fill("raise3d")
    await page.locator("ha-integration-list-item", has_text="Raise3D").click()
    await page.get_by_text("Access password (recommended)").wait_for()
    await shoot("add-menu", docs=True)
    await page.get_by_text("Access password (recommended)").click()

    await fill(page, printer, password="mistyped")
    await submit(page)
    error = page.locator("step-flow-form ha-alert")
    await expect(error).to_contain_text("does not accept this password")
    await expect(field(page, "host")).to_have_value("127.0.0.1")
    await expect(field(page, "port")).to_have_value(str(printer.port))
    await shoot("add-wrong-password", docs=True)

    await field(page, "password").fill(printer.password)
    await submit(page)
    await page.get_by_role("button", name="Skip and finish").click()
    await open_page(page, INTEGRATION)
    await device(page, printer.name).click()
    await expect(page.locator("ha-config-device-page")).to_contain_text("Raise3D Pro2")
    await expect(sensors(page)).to_contain_text("Idle")
    await shoot("device-idle")


async def test_a_dead_token_is_replaced_by_the_password(
    page: Page, add_simulator: AddSimulator, shoot: Shoot
) -> None:
    """Home Assistant asks for it, and the printer is back without being set up anew."""
    printer = add_simulator("Pro2 attic")
    await open_page(page, "/config/integrations/dashboard/add?domain=raise3d")
    await page.get_by_role("button", name="OK").click()
    await page.get_by_text("Token", exact=True).click()
    await fill(page, printer, token=await printer.token(page.request))
    await submit(page)
    await page.get_by_role("button", name="Skip and finish").click()

    await printer.do(page.request, "drop-tokens")
    await open_page(page, "/config/integrations/dashboard")
    card = page.locator("ha-config-flow-card", has_text=printer.name)
    await card.wait_for()
    await shoot("reauth-card")
    await card.get_by_text("Reconfigure").click()
    await page.get_by_text("Access password (recommended)").wait_for()
    await shoot("reauth-menu", docs=True)
    await page.get_by_text("Access password (recommended)").click()
    await field(page, "password").fill(printer.password)
    await shoot("reauth-password", docs=True)
    await submit(page)
    await expect(page.locator("step-flow-abort")).to_contain_text("successful")
    await shoot("reauth-successful")
    await page.get_by_role("button", name="Close").last.click()
    await expect(card).to_have_count(0)

    # from now on a dead token is no matter for a person
    await printer.do(page.request, "drop-tokens")
    await printer.do(page.request, "start")
    await open_page(page, INTEGRATION)
    await device(page, printer.name).click()
    await expect(sensors(page)).to_contain_text("Printing")
    await expect(sensors(page)).to_contain_text("medaille_1.gcode")
    await shoot("device", docs=True)


async def fill(page: Page, printer: SimulatedPrinter, **secret: str) -> None:
    """Type the address of a printer, and a password or a token."""
    await field(page, "host").fill("127.0.0.1")
    await field(page, "port").fill(str(printer.port))
    for name, value in secret.items():
        await field(page, name).fill(value)


def field(page: Page, name: str) -> Locator:
    """Return a field of the form; only texts have a name, and no label is tied."""
    selector = "[type=number]" if name == "port" else f"[name={name}]"
    return page.locator(f"step-flow-form input{selector}")


async def submit(page: Page) -> None:
    """Send the form."""
    await page.get_by_role("button", name="Submit").click()


def device(page: Page, name: str) -> Locator:
    """Return the row of a device on the integration's page."""
    return page.locator("ha-config-entry-device-row", has_text=name)


def sensors(page: Page) -> Locator:
    """Return the part of a device's page that shows values."""
    heading = page.get_by_role("heading", name="Sensors", exact=True)
    return page.locator("ha-device-entities-card").filter(has=heading)
