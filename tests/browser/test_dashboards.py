"""A person at the browser: gets a dashboard, and cards and sections for one's own."""

import os

from playwright.async_api import Page, expect
import pytest

from .conftest import OWN, PATIENCE_MS, AddPrinter, OwnDashboard, Shoot
from .home import Home
from .views import PRINTERS, heading, open_page, open_with_module, section, tile

EVERYWHERE = pytest.mark.home_assistant("2026.10", "2026.11")
# What the dialog makes of the name.
NEW = "dashboard-raise3d"
IN_A_FILE = "/raise3d-file/printers"
# As from far away.
SLOW = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": -1,
    "uploadThroughput": -1,
}
COLD_LOADS = int(os.environ.get("RAISE3D_COLD_LOADS", "3"))
# A print that outlasts any machine, on a printer that is quick between two states.
SPEED, LONG = 30, 36_000

expect.set_options(timeout=PATIENCE_MS)


@EVERYWHERE
async def test_a_dashboard_of_all_printers_takes_three_clicks(
    page: Page, home: Home, shoot: Shoot
) -> None:
    """Add, Raise3D, Create: it is in the sidebar."""
    await open_with_module(page, "/config/lovelace/dashboards")
    await page.get_by_text("Add dashboard").click()
    await page.locator("ha-dialog").get_by_text("Raise3D").click()
    await page.get_by_role("button", name="Create", exact=True).click()
    await page.locator(f"a[href='/{NEW}']").click()
    await expect(heading(section(page, "Pro2 workshop"))).to_contain_text("Printing")
    await expect(page.locator("hui-error-card")).to_have_count(0)
    await home.forget_dashboards(NEW)


@EVERYWHERE
@pytest.mark.parametrize("load", range(COLD_LOADS))
async def test_a_cold_load_from_far_away_shows_no_error(
    page: Page, errors: list[str], load: int
) -> None:
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", SLOW)
    await open_page(page, PRINTERS)
    await expect(heading(section(page, "Pro2 workshop"))).to_contain_text("Printing")
    await page.wait_for_load_state("networkidle")
    await expect(page.locator("hui-error-card")).to_have_count(0)
    assert errors == []


@EVERYWHERE
async def test_a_print_is_followed_on_the_open_page(
    page: Page, home: Home, add_printer: AddPrinter
) -> None:
    """The right cards in each state, in the right place, without a reload."""
    await open_page(page, PRINTERS)
    await expect(heading(section(page, "Pro2 workshop"))).to_contain_text("Printing")
    await page.evaluate("window.opened = true")
    printer = await add_printer("Pro2 gallery", SPEED)
    gallery, do = section(page, "Pro2 gallery"), printer.simulator.do
    title, titles = heading(gallery), page.locator("hui-heading-card:visible")
    await expect(title).to_contain_text("Idle")
    await expect(titles).to_contain_text(["Pro2 workshop", "Pro2 gallery", "E2 studio"])
    await expect(tile(gallery, "Progress")).to_have_count(0)

    await do(page.request, f"start?file=Local/one.gcode&duration={LONG}")
    await home.wait_for_status(printer, "printing")
    await expect(title).to_contain_text("Printing")
    await expect(tile(gallery, "Remaining time")).to_be_visible()
    await expect(tile(gallery, "File name")).to_contain_text("one.gcode")

    await do(page.request, "pause")
    await home.wait_for_status(printer, "paused")
    await expect(title).to_contain_text("Paused")
    await expect(titles).to_contain_text(["Pro2 gallery", "Pro2 workshop", "E2 studio"])

    await do(page.request, "resume")
    await do(page.request, f"skip?seconds={LONG}")
    await home.wait_for_status(printer, "completed")
    await expect(gallery).to_contain_text("Ready to be taken off")
    await expect(titles).to_contain_text(["Pro2 gallery", "Pro2 workshop", "E2 studio"])
    await expect(tile(gallery, "Remaining time")).to_have_count(0)

    await do(page.request, "dismiss")
    await home.wait_for_status(printer, "idle")
    await expect(title).to_contain_text("Idle")
    await expect(tile(gallery, "Progress")).to_have_count(0)

    await do(page.request, "power-off")
    await home.wait_for_status(printer, "offline")
    await expect(gallery).to_contain_text("Switched off")
    await expect(gallery.locator("hui-tile-card:visible")).to_have_count(0)
    assert await page.evaluate("window.opened")


@EVERYWHERE
async def test_the_card_is_in_the_picker_and_has_an_editor(
    page: Page, home: Home, own_dashboard: OwnDashboard, shoot: Shoot
) -> None:
    await own_dashboard({"type": "grid", "cards": []})
    await open_with_module(page, f"/{OWN}/0?edit=1")
    await page.get_by_label("Add card").click()
    await page.get_by_role("tab", name="By card").click()
    await page.get_by_placeholder("Search cards").fill("raise3d")
    offered = page.locator("hui-card-picker .card", has_text="Raise3D")
    await expect(tile(offered, "Pro2 workshop")).to_be_visible()
    await shoot("card-picker")
    await offered.locator(".overlay").click()
    editor = page.locator("hui-dialog-edit-card")
    await expect(editor.locator("ha-device-picker")).to_contain_text("Pro2 workshop")
    await shoot("card-editor", docs=True)
    await editor.locator("ha-select").click()
    await (
        page.get_by_role("menuitem", name="Compact")
        .or_(page.get_by_role("option", name="Compact"))
        .click()
    )
    await shoot("card-editor-compact")
    await editor.get_by_role("button", name="Save").click()
    # closing the dialog goes back in the history, which would end the next step
    await editor.wait_for(state="hidden")
    await page.wait_for_load_state("networkidle")
    await open_page(page, f"/{OWN}/0")
    card = page.locator("raise3d-printer")
    await expect(tile(card, "Pro2 workshop")).to_be_visible()
    await expect(card.locator("hui-card:visible")).to_have_count(1)


@EVERYWHERE
async def test_the_card_is_suggested_for_an_entity(
    page: Page, own_dashboard: OwnDashboard, shoot: Shoot
) -> None:
    await own_dashboard({"type": "grid", "cards": []})
    await open_with_module(page, f"/{OWN}/0?edit=1")
    await page.get_by_label("Add card").click()
    await page.get_by_placeholder("Search entities").fill("lab progress")
    await page.locator("ha-dialog, ha-adaptive-dialog").get_by_text("Progress").click()
    suggested = page.locator("raise3d-printer")
    await suggested.scroll_into_view_if_needed()
    await expect(tile(suggested, "Pro3 lab")).to_be_visible()
    await shoot("card-suggested")


@pytest.mark.home_assistant("2026.11")
async def test_the_section_is_in_the_picker(
    page: Page, home: Home, own_dashboard: OwnDashboard, shoot: Shoot
) -> None:
    await own_dashboard({"type": "grid", "cards": []})
    await open_with_module(page, f"/{OWN}/0?edit=1")
    await page.get_by_label("Create section").last.click()
    await page.get_by_text("Automatic section").click()
    dialog = page.locator("hui-dialog-select-section-strategy")
    await dialog.get_by_text("Raise3D", exact=True).click()
    await shoot("section-editor")
    await page.get_by_role("button", name="Save").click()
    await open_page(page, f"/{OWN}/0")
    await expect(heading(section(page, "Pro2 workshop"))).to_contain_text("Printing")
    config = await home.command("lovelace/config", url_path=OWN)
    (_, made) = config["views"][0]["sections"]
    assert made["strategy"]["type"] == "custom:raise3d"


@EVERYWHERE
async def test_a_section_in_yaml_shows_its_printer(
    page: Page, own_dashboard: OwnDashboard, home: Home
) -> None:
    """Without a device it shows the printer that prints."""
    await own_dashboard({"strategy": {"type": "custom:raise3d"}})
    await expect(heading(section(page, "Pro2 workshop"))).to_contain_text("Printing")
    await expect(page.locator("hui-heading-card")).to_have_count(1)


@EVERYWHERE
async def test_a_dashboard_in_a_file_shows_all_printers(
    page: Page, errors: list[str]
) -> None:
    await open_page(page, IN_A_FILE)
    for name in ("Pro2 workshop", "Pro3 lab", "E2 studio"):
        await expect(heading(section(page, name))).to_be_visible()
    assert errors == []


@EVERYWHERE
async def test_who_takes_control_gets_cards_to_change(
    page: Page, home: Home, shoot: Shoot
) -> None:
    await open_page(page, "/profile")
    await home.command("lovelace/dashboards/create", url_path=OWN, title="Own")
    await home.command(
        "lovelace/config/save",
        url_path=OWN,
        config={"strategy": {"type": "custom:raise3d"}},
    )
    await open_page(page, f"/{OWN}")
    await page.get_by_role("button", name="Edit dashboard").click()
    await shoot("take-control")
    await page.get_by_role("button", name="Take control").click()
    await expect(heading(section(page, "Pro2 workshop"))).to_contain_text("Printing")
    config = await home.command("lovelace/config", url_path=OWN)
    titles = [view["title"] for view in config["views"]]
    assert titles[:2] == ["Printers", "Totals"]
    # other tests may have added printers
    assert {"E2 studio", "Pro2 workshop", "Pro3 lab"} <= {*titles[2:]}
    await home.forget_dashboards(OWN)
