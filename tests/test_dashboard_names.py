"""Tests of the names of printers in a dashboard."""

import pytest

from homeassistant.helpers import device_registry as dr

from .common import Home
from .dashboards import (
    Frontend,
    add_printer,
    cards_of,
    entities_of,
    everything,
    titles,
)

NASTY = '<b>{{ 1/0 }}</b> {% raw %} **"Lab\'s"** [x](http://x) \\ 打印机'


async def test_a_name_is_what_a_person_calls_the_printer(
    home: Home, frontend: Frontend
) -> None:
    dr.async_get(home.hass).async_update_device(home.device.id, name_by_user="Ada")
    dashboard = await frontend.request()
    assert [view["title"] for view in dashboard["views"]] == [
        *("Printers", "Totals", "Ada")
    ]
    assert titles(home.hass, dashboard["views"][0]) == ["Ada"]
    assert dashboard["views"][2]["path"] == "printer-ada"


async def test_a_name_gets_into_no_template_and_no_markdown(
    home: Home, frontend: Frontend
) -> None:
    add_printer(home, 1)
    dr.async_get(home.hass).async_update_device(home.device.id, name_by_user=NASTY)
    configs = await everything(frontend, home)
    assert titles(home.hass, configs[0]["views"][0])[0] == NASTY
    written = [
        card["content"]
        for config in configs
        for card in cards_of(config)
        if card["type"] == "markdown"
    ]
    assert written
    assert not any("raw" in text or "Lab" in text or "1/0" in text for text in written)
    path = configs[0]["views"][2]["path"]
    assert path.replace("-", "_").isidentifier()
    assert path.isascii()


@pytest.mark.parametrize("name", ["Lab printer", "lab PRINTER", "Lab-Printer!"])
async def test_printers_of_one_name_have_pages_of_their_own(
    home: Home, frontend: Frontend, name: str
) -> None:
    add_printer(home, 1, name)
    add_printer(home, 2, name)
    dashboard = await frontend.request()
    paths = [view["path"] for view in dashboard["views"][2:]]
    assert paths == [
        *("printer-lab_printer", "printer-lab_printer-2", "printer-lab_printer-3")
    ]
    own = [entities_of(view) for view in dashboard["views"][2:]]
    assert len(own[0]) == len(own[1]) == len(own[2])
    assert len(set.union(*own)) == 3 * len(own[0])


async def test_printers_come_by_name(home: Home, frontend: Frontend) -> None:
    add_printer(home, 1, "ada")
    add_printer(home, 2, "Zuse")
    views = (await frontend.request())["views"]
    assert [view["title"] for view in views[2:]] == ["ada", "Lab printer", "Zuse"]
