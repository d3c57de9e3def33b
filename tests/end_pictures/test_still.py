"""Tests of the pictures of ends: the still of the camera, late or not at all."""

import asyncio

from aiohttp import web
import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed_exact,
)

from custom_components.raise3d.const import MAX_PICTURE_SIZE
from homeassistant.const import Platform
from homeassistant.util import dt as dt_util
from tests.cameras import SHOT
from tests.common import MINUTE, Home

from .lab import (
    BOUND,
    DURATION,
    FAILURE,
    FINISHED,
    JPEG,
    PART,
    RESERVE,
    SEEN,
    Lab,
    disable,
    is_picture,
)


@pytest.mark.parametrize("kind", ["html", "empty", "http_500", "disconnect", "reset"])
async def test_where_the_camera_fails_at_the_end_the_reserve_is_used(
    lab: Lab, kind: str
) -> None:
    await lab.near_end()
    reserve = dt_util.utcnow()
    lab.fail(kind, SHOT)
    await lab.tick(60)
    assert is_picture(await lab.image(FINISHED))
    assert lab.job_of(FINISHED) == lab.ended_job
    assert lab.taken(FINISHED) <= reserve
    assert not lab.complaints


async def test_without_any_still_the_picture_of_the_print_before_stays(
    lab: Lab,
) -> None:
    await lab.complete()
    since, first = lab.since(FINISHED), lab.ended_job
    lab.printer.dismiss()
    await lab.tick(20)
    lab.fail("http_500", SHOT)
    await lab.complete()
    assert lab.ended_job != first
    assert lab.job_of(FINISHED) == first
    assert lab.since(FINISHED) == since
    assert not lab.complaints


async def test_a_still_that_is_too_large_is_not_kept(lab: Lab) -> None:
    lab.watched.send("image/jpeg", JPEG + bytes(MAX_PICTURE_SIZE))
    await lab.get_stopped()
    assert lab.shots == 1
    assert lab.since(FAILURE) == "unknown"


async def test_a_camera_that_hangs_holds_the_event_back_for_three_seconds(
    lab: Lab,
) -> None:
    requested, released = asyncio.Event(), asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse:
        requested.set()
        await released.wait()
        return web.Response()

    await lab.near_end()
    lab.watched.instead = hang
    lab.freezer.tick(DURATION - RESERVE + 10)
    async_fire_time_changed_exact(lab.hass)
    await requested.wait()
    at = dt_util.utcnow()
    assert lab.events == [("started", False)]
    lab.freezer.tick(BOUND)
    async_fire_time_changed_exact(lab.hass)
    await lab.block_till_done()
    assert lab.events[-1] == ("completed", False)
    assert lab.taken(FINISHED) < at
    assert not lab.complaints
    released.set()


async def test_a_camera_that_is_unplugged_takes_no_picture(lab: Lab) -> None:
    lab.printer.start(PART, duration=3600)
    await lab.tick(SEEN)
    lab.printer.unplug_camera()
    lab.printer.stop()
    await lab.tick(30)
    assert lab.events[-1] == ("stopped", False)
    assert lab.since(FAILURE) == "unknown"
    assert not lab.complaints


async def test_a_login_that_has_changed_is_read_again(lab: Lab) -> None:
    lab.printer.start(PART, duration=3600)
    await lab.tick(SEEN)
    lab.printer.camera_password = "another"
    lab.printer.stop()
    await lab.tick(30)
    assert is_picture(await lab.image(FAILURE))


async def test_a_printer_without_a_camera_has_no_such_images(new_home: Home) -> None:
    new_home.printer.unplug_camera()
    await new_home.set_up()
    await new_home.tick(SEEN)
    assert not new_home.keys & {FINISHED, FAILURE}
    new_home.printer.plug_camera()
    await new_home.tick(16 * MINUTE)
    assert new_home.keys >= {FINISHED, FAILURE}
    new_home.printer.start(PART, duration=MINUTE)
    await new_home.tick(2 * MINUTE)
    assert new_home.state(FINISHED, Platform.IMAGE) > "2026"


async def test_for_disabled_images_nothing_is_taken(lab: Lab) -> None:
    disable(lab, FINISHED, FAILURE)
    await lab.reload()
    await lab.complete()
    assert lab.events[-1] == ("completed", False)
    assert lab.shots == 0
    assert not lab.files


async def test_for_one_disabled_image_no_picture_is_kept(lab: Lab) -> None:
    disable(lab, FAILURE)
    await lab.reload()
    await lab.get_stopped()
    assert lab.events[-1] == ("stopped", False)
    assert not lab.files
