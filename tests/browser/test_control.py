"""A person at the browser: looks through the camera, presses buttons, sends a file."""

import re

from playwright.async_api import Locator, Page, expect

from .conftest import PATIENCE_MS, Demo, Shoot
from .home import Home, eventually
from .simulated import SimulatedPrinter
from .views import LAB, WORKSHOP, heading, open_page, section, tile

NEW_FILE = "keychain.gcode"

expect.set_options(timeout=PATIENCE_MS)


async def press(page: Page, part: Locator, label: str) -> None:
    """Press a button and say that it is meant."""
    await tile(part, label).click()
    question = page.get_by_text(f"{label} the print?")
    await question.wait_for()
    await page.get_by_role("button", name=re.compile("^(OK|Confirm|Yes)$")).click()
    await question.wait_for(state="hidden")


# Whether a picture has arrived, and how large it is.
PICTURE = "image => [image.complete, image.naturalWidth, image.naturalHeight]"


async def picture(image: Locator) -> tuple[bool, int, int]:
    """Return what the browser knows of a picture; a broken one has no size."""
    complete, width, height = await image.evaluate(PICTURE)
    return bool(complete), int(width), int(height)


async def test_the_camera_is_live_and_the_preview_is_there(
    page: Page, demo: Demo, home: Home, shoot: Shoot
) -> None:
    await open_page(page, WORKSHOP)
    workshop = section(page, "Pro2 workshop")
    live = workshop.locator("hui-picture-entity-card hui-image img").first
    await live.wait_for()
    # 1280 x 720 is what the camera takes; with libturbojpeg Home Assistant makes it
    # smaller, by eighths
    _, width, height = await eventually(lambda: picture(live), lambda seen: seen[1])
    assert width * 9 == height * 16
    assert width in range(160, 1281, 160)
    preview = workshop.locator("img[src*='image_proxy']").first
    await preview.wait_for()
    assert await eventually(lambda: picture(preview), lambda seen: seen[0] and seen[1])
    before = await live.screenshot()
    # the part grows, and the head moves
    assert await eventually(live.screenshot, lambda after: after != before)
    await shoot("printer-live")


async def test_a_print_is_paused_and_resumed_and_a_refusal_says_why(
    page: Page, workshop: SimulatedPrinter, shoot: Shoot
) -> None:
    await open_page(page, WORKSHOP)
    part = section(page, "Pro2 workshop")
    status = heading(part)
    await expect(status).to_contain_text("Printing")
    await shoot("control", docs=True)

    await press(page, part, "Pause")
    await expect(status).to_contain_text("Paused")
    job = await workshop.read(page.request, "job/currentjob")
    assert job["job_status"] == "paused"
    await shoot("control-paused")

    await press(page, part, "Resume")
    await expect(status).to_contain_text("Printing")

    # somebody walks up to the printer, and stays there until the refusal is seen
    await workshop.do(page.request, "touch?seconds=36000")
    await press(page, part, "Pause")
    await expect(page.locator("ha-toast")).to_contain_text(
        re.compile("The printer is busy: someone is using its panel")
    )
    await shoot("control-refused", docs=True)
    await workshop.do(page.request, "touch?seconds=0")
    await expect(status).to_contain_text("Printing")


async def test_the_files_of_a_printer_are_in_the_media_browser(
    page: Page, shoot: Shoot
) -> None:
    await open_page(page, "/media-browser")
    browser = page.locator("ha-media-player-browse")
    for name in ("Raise3D", "Pro3 lab"):
        await browser.locator(".child", has_text=name).click()
    await expect(browser).to_contain_text("drill_guide_left.gcode")
    await page.wait_for_load_state("networkidle")
    await shoot("files", docs=True)


async def test_an_uploaded_file_is_printed_and_the_print_is_stopped(
    page: Page, demo: Demo, home: Home, shoot: Shoot
) -> None:
    (demo.files / NEW_FILE).write_bytes(b"G28\n" * 10_000)
    await demo.lab.do(page.request, "dismiss")
    await open_page(page, LAB)
    lab = section(page, "Pro3 lab")
    status = heading(lab)
    await expect(status).to_contain_text("Idle")
    [entity] = [
        entity
        for entity in await home.command("config/entity_registry/list")
        if entity["entity_id"] == "sensor.pro3_lab_status"
    ]
    await home.command(
        "call_service",
        domain="raise3d",
        service="upload_file",
        service_data={
            "device_id": entity["device_id"],
            "path": str(demo.files / NEW_FILE),
            "start": True,
        },
    )
    await expect(status).to_contain_text("Printing")
    job = await demo.lab.read(page.request, "job/currentjob")
    assert job["file_name"] == f"Local/{NEW_FILE}"
    await shoot("uploaded")

    await press(page, lab, "Stop")
    await expect(status).to_contain_text("Idle")
    await shoot("stopped")
