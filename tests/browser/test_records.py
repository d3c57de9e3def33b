"""A person sees what was printed, and says what it costs."""

from playwright.async_api import Page, expect

from .conftest import PATIENCE_MS, Shoot
from .simulated import SimulatedPrinter
from .views import open_page

INTEGRATION = "/config/integrations/integration/raise3d"

expect.set_options(timeout=PATIENCE_MS)


async def test_the_calendar_shows_the_print_at_work(
    page: Page, workshop: SimulatedPrinter, shoot: Shoot
) -> None:
    await open_page(page, "/calendar")
    job = await workshop.read(page.request, "job/currentjob")
    name = job["file_name"].rpartition("/")[2]
    await expect(page.get_by_text(name).first).to_be_visible()
    await shoot("calendar", docs=True)


async def test_the_options_show_the_prices(page: Page, shoot: Shoot) -> None:
    await open_page(page, INTEGRATION)
    row = page.locator("ha-config-entry-row", has_text="Pro2 workshop")
    await row.get_by_role("button", name="Configure").first.click()
    await expect(page.get_by_text("Cost of prints")).to_be_visible()
    price = page.get_by_role("spinbutton", name="Price of filament (left nozzle)")
    await expect(price).to_have_value("24.9")
    await shoot("cost-options", docs=True)
