"""A person at the browser: makes automations, and reads what a print has left."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
import json
import re
from typing import Any

from playwright.async_api import Locator, Page, expect

from .conftest import PATIENCE_MS, PROJECT, AddPrinter, Shoot
from .home import Device, Home, eventually
from .views import open_page

TEXTS = json.loads(
    (PROJECT / "custom_components/raise3d/translations/en.json").read_text("utf-8")
)
# Printers that are quick between two states, with a print that outlasts any machine.
SPEED = 30
LONG = 36_000
# A print that is a little faster than estimated, so that each look comes to another
# finish time; seconds, for a handful of looks.
EARLY, SHORT = 1.2, 40
# Triggers at moments of a print, and the usual values of their fields.
MOMENTS = {
    "finishes_soon": ["10"],
    "first_layer_finished": [],
    "reached_layer": ["2"],
    "cooled_down": ["50"],
    "became_free": [],
}
# How far the finish time may be off: by that, and by what passes until the end is seen.
CLOSE = timedelta(seconds=30)

expect.set_options(timeout=PATIENCE_MS)


async def test_an_automation_runs_once_in_a_print_that_the_activity_panel_shows(
    page: Page, home: Home, add_printer: AddPrinter, shoot: Shoot
) -> None:
    """The editor offers all triggers; of all that happens, one sets the chosen off."""
    printer = await add_printer("Pro2 gallery", SPEED)
    await new_automation(page)
    await open_choices(page, "trigger", printer)
    for text in TEXTS["triggers"].values():
        await expect(choice(page, text, printer)).to_be_visible()
    await shoot("automation-trigger", docs=True)
    await choose(page, TEXTS["triggers"]["finished_printing"], printer)
    await shoot("automation-editor")

    automation_id = await save(page, "Print is finished")
    config = await home.get(f"config/automation/config/{automation_id}")
    [trigger] = config["triggers"]
    assert trigger["trigger"] == "raise3d.finished_printing"
    assert trigger["target"] == {"device_id": printer.device_id}

    do = printer.simulator.do
    await do(page.request, f"start?file=Local/one.gcode&duration={LONG}")
    await home.wait_for_event(printer, "started")
    await do(page.request, "pause")
    await home.wait_for_event(printer, "paused")
    await do(page.request, "resume")
    await home.wait_for_event(printer, "resumed")
    assert await runs(home, automation_id) == []
    await do(page.request, f"skip?seconds={LONG}")
    await home.wait_for_event(printer, "completed")
    await do(page.request, "dismiss")
    await home.wait_for_status(printer, "idle")
    assert await runs(home, automation_id) == ["finished"]

    await open_page(page, f"/logbook?entity_id={printer.entities['job']}")
    texts = TEXTS["entity"]["event"]["job"]
    kinds = texts["state_attributes"]["event_type"]["state"]
    happened = ("completed", "resumed", "paused", "started")
    # between the two there is an arrow
    lines = [re.compile(rf"^\W*{texts['name']}\W+{kinds[it]}\W*$") for it in happened]
    entries = page.locator("ha-logbook-entry")
    await expect(entries.locator(".primary")).to_have_text(lines)
    await expect(entries.locator(".secondary")).to_have_text(["Pro2 gallery"] * 4)
    await shoot("activity", docs=True)


async def test_each_moment_is_picked_with_its_fields(
    page: Page, home: Home, add_printer: AddPrinter, shoot: Shoot
) -> None:
    """The editor has a field for whatever a moment depends on, and its usual value."""
    printer = await add_printer("Pro2 library", SPEED)
    await new_automation(page)
    for key, usual in MOMENTS.items():
        text = TEXTS["triggers"][key]
        await open_choices(page, "trigger", printer)
        await choose(page, text, printer)
        sidebar = page.locator("ha-automation-sidebar-card")
        for field in text.get("fields", {}).values():
            await expect(sidebar).to_contain_text(field["name"])
        numbers = sidebar.locator("ha-selector-number input")
        await expect(numbers).to_have_count(len(usual))
        for number, value in zip(await numbers.all(), usual, strict=True):
            await expect(number).to_have_value(value)
        await shoot(f"automation-{key}")

    automation_id = await save(page, "All moments")
    config = await home.get(f"config/automation/config/{automation_id}")
    chosen = [each["trigger"].removeprefix("raise3d.") for each in config["triggers"]]
    assert chosen == [*MOMENTS]


async def test_an_automation_before_the_end_of_a_print_is_made_by_clicks_alone(
    page: Page, home: Home, add_printer: AddPrinter, shoot: Shoot
) -> None:
    """It runs once, when no more than the chosen time is left."""
    # its quarter of an hour is six polls long, on a busy machine fewer
    printer = await add_printer("Pro2 studio", 10)
    await new_automation(page)
    await open_choices(page, "trigger", printer)
    await choose(page, TEXTS["triggers"]["finishes_soon"], printer)
    number = page.locator("ha-automation-sidebar-card ha-selector-number input")
    await number.fill("15")
    await number.blur()
    automation_id = await save(page, "A quarter of an hour to go")
    await shoot("automation-before-the-end")
    config = await home.get(f"config/automation/config/{automation_id}")
    [trigger] = config["triggers"]
    assert trigger["options"] == {"minutes": 15}
    assert trigger["target"] == {"device_id": printer.device_id}

    do = printer.simulator.do
    await do(page.request, f"start?file=Local/one.gcode&duration={LONG}")
    await home.wait_for_event(printer, "started")
    assert await runs(home, automation_id) == []
    await do(page.request, f"skip?seconds={LONG - 20 * 60}")
    assert await eventually(lambda: runs(home, automation_id), bool) == ["finished"]
    await do(page.request, f"skip?seconds={15 * 60}")
    await home.wait_for_event(printer, "completed")
    assert await runs(home, automation_id) == ["finished"]


async def test_a_condition_chosen_in_the_editor_lets_through_what_it_says(
    page: Page, home: Home, add_printer: AddPrinter, shoot: Shoot
) -> None:
    """While it prints the automation runs, while it is paused it does not."""
    printer = await add_printer("Pro2 cellar", SPEED)
    await new_automation(page)
    for key in ("started_printing", "paused_printing"):
        await open_choices(page, "trigger", printer)
        await choose(page, TEXTS["triggers"][key], printer)
    await open_choices(page, "condition", printer)
    for text in TEXTS["conditions"].values():
        await expect(choice(page, text, printer)).to_be_visible()
    await shoot("automation-condition")
    await choose(page, TEXTS["conditions"]["is_printing"], printer)

    automation_id = await save(page, "While it prints")
    config = await home.get(f"config/automation/config/{automation_id}")
    [condition] = config["conditions"]
    assert condition["condition"] == "raise3d.is_printing"
    assert condition["target"] == {"device_id": printer.device_id}

    start = f"start?file=Local/one.gcode&duration={LONG}"
    await printer.simulator.do(page.request, start)
    await home.wait_for_event(printer, "started")
    await printer.simulator.do(page.request, "pause")
    await home.wait_for_event(printer, "paused")
    assert await eventually(
        lambda: runs(home, automation_id), lambda ended: len(ended) > 1
    ) == [
        "finished",
        "failed_conditions",
    ]


async def test_the_finish_time_of_a_print_is_a_flat_line(
    page: Page, home: Home, add_printer: AddPrinter, shoot: Shoot
) -> None:
    """The recorder has a single value of it, close to when the print was finished."""
    printer = await add_printer("Pro2 loft", EARLY)
    since = stamp(datetime.now(UTC))
    start = f"start?file=Local/one.gcode&duration={SHORT}"
    await printer.simulator.do(page.request, start)
    await home.wait_for_status(printer, "completed")
    await printer.simulator.do(page.request, "dismiss")
    await home.wait_for_status(printer, "idle")

    async def history(key: str) -> list[tuple[str, datetime]]:
        """Return the values that say something, and when they came up."""
        return [
            (item["state"], datetime.fromisoformat(item["last_changed"]))
            for item in await home.history(printer.entities[key], since)
            if item["state"] not in {"unknown", "unavailable"}
        ]

    [(finish_time, _)] = await history("finish_time")
    [end] = [when for state, when in await history("status") if state == "completed"]
    assert abs(end - datetime.fromisoformat(finish_time)) < CLOSE
    # it was looked at again and again, or this would say nothing
    assert len({state for state, _ in await history("progress")}) > 3

    shown = ("status", "finish_time", "remaining_time")
    entities = ",".join(printer.entities[key] for key in shown)
    period = f"start_date={since}&end_date={stamp(datetime.now(UTC))}"
    await open_page(page, f"/history?entity_id={entities}&{period}")
    await expect(page.locator("state-history-chart-timeline canvas")).to_be_visible()
    await expect(page.locator("state-history-chart-line canvas")).to_be_visible()
    await shoot("history")


async def new_automation(page: Page) -> None:
    """Open the editor with nothing in it."""
    await open_page(page, "/config/automation/dashboard")
    await page.get_by_role("button", name="Create automation").first.click()
    await page.get_by_text("Create new automation").click()


async def open_choices(page: Page, kind: str, printer: Device) -> None:
    """Open the dialog that offers triggers or conditions, for a printer."""
    await page.get_by_role("button", name=f"Add {kind}").click()
    dialog = page.locator("add-automation-element-dialog")
    await dialog.get_by_role("treeitem", name="Devices", exact=True).click()
    await dialog.get_by_role("treeitem", name=printer.simulator.name).click()


def choice(page: Page, text: Mapping[str, str], printer: Device) -> Locator:
    """Return what the dialog offers under a name, for a printer."""
    dialog = page.locator("add-automation-element-dialog")
    name = f"{text['name']} {printer.simulator.name}"
    return dialog.get_by_role("button", name=name, exact=True)


async def choose(page: Page, text: Mapping[str, str], printer: Device) -> None:
    """Take it."""
    await choice(page, text, printer).click()
    card = page.locator("ha-automation-sidebar-card")
    await expect(card).to_contain_text(text["name"])


async def save(page: Page, name: str) -> str:
    """Save the automation under a name; return its id."""
    await page.get_by_role("button", name="Save").click()
    await page.get_by_role("textbox", name="Name").fill(name)
    await page.get_by_role("button", name="Save").last.click()
    await page.wait_for_url(re.compile(r"/config/automation/edit/\d+"))
    found = re.search(r"/edit/(\d+)", page.url)
    assert found
    return found[1]


async def runs(home: Home, automation_id: str) -> list[str]:
    """Return how far the automation came, each time that it was set off."""
    traces: list[dict[str, Any]] = await home.command(
        "trace/list", domain="automation", item_id=automation_id
    )
    traces.sort(key=lambda trace: str(trace["timestamp"]["start"]))
    return [str(trace["script_execution"]) for trace in traces]


def stamp(when: datetime) -> str:
    """Write a time so that an address can hold it."""
    return f"{when:%Y-%m-%dT%H:%M:%S}.000Z"
