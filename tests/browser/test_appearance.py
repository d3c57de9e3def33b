"""A person looks at the dashboards: on a phone, in the dark, with a screen reader."""

from functools import partial
import re
from typing import Literal

from playwright.async_api import Page, expect
import pytest

from .conftest import PATIENCE_MS, Shoot
from .home import eventually
from .views import LAB, PRINTERS, TOTALS, WORKSHOP, heading, open_page, section

EVERYWHERE = pytest.mark.home_assistant("2026.10", "2026.11")
PHONE, TABLET, DESKTOP, WIDE = (390, 844), (820, 1180), (1280, 900), (1600, 1000)
IS_LOADED = "image => image.complete && image.naturalWidth > 0"
# Texts that are cut off, with whatever is too wide for the screen.
CUT_OFF = """() => {
  const found = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      if (!element.checkVisibility({ visibilityProperty: true })) continue;
      const style = getComputedStyle(element);
      const cut = style.textOverflow === "ellipsis" || style.overflowX === "auto";
      if (cut && element.clientWidth && element.scrollWidth > element.clientWidth)
        found.push(element.innerText || element.className || element.localName);
    }
  };
  walk(document.querySelector("home-assistant").shadowRoot);
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push("the page");
  return found;
}"""
# In the outline of a page: something to operate, with nothing that says what it is.
NAMELESS = re.compile(
    r"^\s*- (?:button|checkbox|combobox|img|link|slider|spinbutton|switch|textbox)"
    r"(?! \").*$",
    re.MULTILINE,
)

expect.set_options(timeout=PATIENCE_MS)


async def set_size(page: Page, size: tuple[int, int]) -> None:
    """Give the page a width and a height."""
    width, height = size
    await page.set_viewport_size({"width": width, "height": height})


async def open_view(page: Page, path: str) -> None:
    """Open a view, and wait until it is complete."""
    await open_page(page, path)
    await page.locator("hui-card:visible").first.wait_for()
    await page.wait_for_load_state("networkidle")


@EVERYWHERE
@pytest.mark.parametrize("size", [PHONE, TABLET, DESKTOP], ids=str)
async def test_nothing_is_cut_off(page: Page, size: tuple[int, int]) -> None:
    await set_size(page, size)
    for path in (PRINTERS, WORKSHOP, LAB, TOTALS):
        await open_view(page, path)
        assert await page.evaluate(CUT_OFF) == [], path


@pytest.mark.home_assistant("2026.11")
@pytest.mark.parametrize(
    ("name", "path", "scheme", "size", "printer"),
    [
        ("dashboard-printer", WORKSHOP, "light", WIDE, "Pro2 workshop"),
        ("dashboard", PRINTERS, "light", WIDE, "Pro2 workshop"),
        ("dashboard-dark", PRINTERS, "dark", WIDE, "Pro2 workshop"),
        # the other is further down, where nothing is loaded yet
        ("dashboard-phone", PRINTERS, "light", PHONE, "Pro3 lab"),
    ],
)
async def test_pictures_are_on_the_page(
    page: Page,
    shoot: Shoot,
    name: str,
    path: str,
    scheme: Literal["dark", "light"],
    size: tuple[int, int],
    printer: str,
) -> None:
    """Those of docs/dashboards.md; the first is taken while the print goes on."""
    await page.emulate_media(color_scheme=scheme)
    await set_size(page, size)
    await open_view(page, path)
    pictures = section(page, printer).locator("hui-image:visible img")
    await expect(pictures).to_have_count(2)
    for picture in await pictures.all():
        assert await eventually(partial(picture.evaluate, IS_LOADED), bool)
    await shoot(name, docs=True)


@pytest.mark.home_assistant("2026.11")
async def test_a_farm_has_a_line_for_each_printer(
    page: Page, farm: str, shoot: Shoot
) -> None:
    await set_size(page, WIDE)
    await open_view(page, f"{farm}{PRINTERS}")
    await expect(page.locator("hui-tile-card:visible")).to_have_count(30)
    assert await page.evaluate(CUT_OFF) == []
    await shoot("dashboard-farm", docs=True)
    await (
        page.locator("hui-tile-card", has_text="Farm 01")
        .locator("visible=true")
        .click()
    )
    await expect(heading(section(page, "Farm 01"))).to_be_visible()


@pytest.mark.home_assistant("2026.11")
@pytest.mark.parametrize("path", [PRINTERS, WORKSHOP, LAB, TOTALS])
async def test_every_control_has_a_name(page: Page, path: str) -> None:
    assert await nameless(page, path) == []


@pytest.mark.parametrize("path", [PRINTERS, WORKSHOP, LAB, TOTALS])
async def test_every_control_but_a_number_has_a_name(page: Page, path: str) -> None:
    """Home Assistant itself names no number in a tile before 2026.11."""
    found = await nameless(page, path)
    assert [line for line in found if "spinbutton" not in line] == []


async def nameless(page: Page, path: str) -> list[str]:
    """Return what has no name in a view."""
    await open_view(page, path)
    outline = await page.locator("hui-root").aria_snapshot()
    assert "button" in outline
    return NAMELESS.findall(outline)
