"""Tests of clear_the_plate.yaml."""

import re

import pytest

from homeassistant.core import ServiceCall
from tests.common import HOUR, MINUTE, Home

from .running import ALL_ENTITIES, instantiate, print_one, restart

pytestmark = pytest.mark.usefixtures("few_entities", "few_polls", "only_platforms")


@pytest.fixture
def found() -> set[str]:
    """Return the keys of what the blueprint finds, and of what resembles it."""
    return {"awaiting_removal", "job", "job_status", "status"}


async def clear_the_plate(home: Home) -> None:
    """Set up the blueprint."""
    limits = {"first": 10, "every": 20, "maximum": 3}
    await instantiate(home, "clear_the_plate.yaml", printer=home.device.id, **limits)


@ALL_ENTITIES
async def test_a_full_plate_is_called_to_mind_until_the_maximum(
    home: Home, notifications: list[ServiceCall], dismissals: list[ServiceCall]
) -> None:
    await clear_the_plate(home)
    await print_one(home)
    for minutes, reminders in ((9, 0), (2, 1), (20, 2), (60, 3)):
        await home.tick(minutes * MINUTE)
        assert len(notifications) == reminders
    assert notifications[0].data["title"] == "Lab printer: clear the plate"
    assert [
        re.findall(r"for (\d+) minutes", call.data["message"]) for call in notifications
    ] == [["10"], ["30"], ["50"]]
    assert not dismissals
    home.printer.dismiss()
    await home.tick(60)
    (dismissal,) = dismissals
    assert dismissal.data["notification_id"] == notifications[2].data["notification_id"]


@pytest.mark.parametrize(("minutes", "reminders"), [(1, 0), (15, 1)])
async def test_nothing_is_called_to_mind_once_the_plate_is_cleared(
    home: Home,
    notifications: list[ServiceCall],
    dismissals: list[ServiceCall],
    minutes: int,
    reminders: int,
) -> None:
    await clear_the_plate(home)
    await print_one(home)
    await home.tick(minutes * MINUTE)
    assert len(notifications) == reminders
    home.printer.dismiss()
    await home.tick(35 * MINUTE)
    assert len(notifications) == reminders
    assert len(dismissals) == 1


async def test_a_plate_that_is_cleared_right_before_the_next_print_is_noticed(
    home: Home, dismissals: list[ServiceCall]
) -> None:
    """Then no poll sees the printer idle, and it never becomes free."""
    await clear_the_plate(home)
    await print_one(home)
    await home.tick(15 * MINUTE)
    home.printer.dismiss()
    home.printer.start("Local/next.gcode", duration=HOUR)
    await home.tick(5 * MINUTE)
    assert home.status == "printing"
    assert len(dismissals) == 1


async def test_a_stopped_print_leaves_nothing_to_call_to_mind(
    home: Home, notifications: list[ServiceCall]
) -> None:
    await clear_the_plate(home)
    home.printer.start("Local/part.gcode")
    await home.tick(60)
    home.printer.stop()
    await home.tick(30 * MINUTE)
    assert not notifications


async def test_someone_at_the_panel_and_an_outage_do_not_clear_the_plate(
    home: Home, notifications: list[ServiceCall], dismissals: list[ServiceCall]
) -> None:
    await clear_the_plate(home)
    await print_one(home)
    await home.tick(11 * MINUTE)
    home.printer.touch(120)
    await home.tick(180)
    await home.simulator.unplug()
    await home.tick(300)
    assert len(notifications) == 1
    assert not dismissals
    await home.simulator.start()
    await home.tick(15 * MINUTE)
    assert len(notifications) == 2
    assert not dismissals


async def test_a_restart_neither_forgets_the_plate_nor_repeats_itself(
    home: Home, notifications: list[ServiceCall]
) -> None:
    await print_one(home)
    await home.tick(12 * MINUTE)
    await restart(home)
    await clear_the_plate(home)
    await home.hass.async_start()
    await home.tick(15 * MINUTE)
    assert not notifications
    await home.tick(5 * MINUTE)
    assert len(notifications) == 1
