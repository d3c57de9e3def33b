"""Tests of follow_print.yaml: what a phone shows in the hours of a print."""

from datetime import timedelta
from itertools import cycle

import pytest

from simulator.wire import NO_ESTIMATE
from tests.common import HOUR, MINUTE, Home

from .following import assert_ended, assert_spaced, follow, following
from .phones import Phone
from .running import ALL_ENTITIES, instantiate_all, restarting

TEN_HOURS = 10 * HOUR
# Takes the most steps: a print that takes longer has longer ones.
TWO_HOURS = 2 * HOUR

# It is hours that count here.
pytestmark = pytest.mark.usefixtures("few_entities", "few_polls")


# Ten hours


async def test_a_long_print_takes_fewer_than_thirty_pushes_in_two_activities(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=TEN_HOURS)
    await home.tick(7.4 * HOUR)
    assert {push.number for push in phone.pushes} == {"0"}
    await home.tick(0.3 * HOUR)
    assert [(push.kind, push.number) for push in phone.pushes[-2:]] == [
        ("live", "1"),
        ("clear", "0"),
    ]
    assert [push.number for push in phone.shown] == ["1"]
    await home.tick(2.4 * HOUR)
    assert_spaced(phone)
    assert_ended(phone)
    assert phone.pushes[-1].message == "Print finished: part.gcode (10 h 0 min)"
    live = [push for push in phone.pushes if push.kind == "live"]
    progress = [push.data["progress"] for push in live]
    assert progress == [0, *range(5, 100, 5)]
    assert len({push.ends_at for push in live}) == 1
    assert live[1].ends_at
    assert abs(live[1].ends_at - phone.pushes[-1].at) < timedelta(seconds=30)


async def test_the_clock_begins_as_soon_as_the_end_is_known(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    home.answer("job/currentjob", total_time=NO_ESTIMATE)
    home.printer.start("Local/part.gcode", duration=2 * HOUR)
    await home.tick(MINUTE)
    home.heal()
    await home.tick(2 * MINUTE)
    assert [bool(push.ends_at) for push in phone.pushes] == [False, True]
    assert_spaced(phone)


# Pauses


@ALL_ENTITIES
async def test_a_pause_is_shown_without_a_clock_and_goes_on_after_it(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=HOUR)
    await home.tick(20 * MINUTE)
    home.printer.pause()
    await home.tick(2 * MINUTE)
    (paused,) = phone.shown
    assert paused.message == "Paused · part.gcode · 33 %"
    assert paused.ends_at is None
    assert list(paused.buttons) == ["Resume", "Stop"]
    count = len(phone.pushes)
    await home.tick(25 * MINUTE)
    assert len(phone.pushes) == count
    home.printer.resume()
    await home.tick(2 * MINUTE)
    (resumed,) = phone.shown
    # as far as it had come at the last poll
    assert resumed.message in {f"part.gcode · {done} %" for done in range(33, 37)}
    assert list(resumed.buttons) == ["Pause", "Stop"]
    await home.tick(45 * MINUTE)
    assert_spaced(phone)
    assert_ended(phone)
    ends = phone.pushes[-1].at
    assert resumed.ends_at
    assert abs(resumed.ends_at - ends) < timedelta(minutes=3)


async def test_a_print_that_stays_paused_goes_on_in_a_new_activity(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=TEN_HOURS)
    await home.tick(30 * MINUTE)
    home.printer.pause()
    await home.tick(5 * MINUTE)
    home.freezer.tick(6.5 * HOUR)
    await home.tick(HOUR)
    (shown,) = phone.shown
    assert shown.number == "1"
    assert shown.message.startswith("Paused")


async def test_what_comes_too_soon_is_shown_within_two_minutes(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=2 * HOUR)
    await home.tick(30)
    await home.act("pause_print")
    await home.tick(8)
    assert [kind for kind, _ in home.events] == ["started", "paused"]
    assert phone.shown[0].ends_at
    await home.tick(2 * MINUTE)
    assert phone.shown[0].message == "Paused · part.gcode · 0 %"
    assert_spaced(phone)


# Restarts


async def test_a_restart_goes_on_in_the_same_activity(home: Home, phone: Phone) -> None:
    followed = following(home, phone)
    await instantiate_all(home, followed)
    home.printer.start("Local/part.gcode", duration=HOUR)
    await home.tick(17 * MINUTE)
    count = len(phone.pushes)
    async with restarting(home, followed):
        await home.tick(20 * MINUTE)
        assert len(phone.pushes) == count
    await home.tick(2 * MINUTE)
    assert len(phone.pushes) == count + 1
    await home.tick(25 * MINUTE)
    assert_spaced(phone)
    assert_ended(phone)
    assert {push.number for push in phone.pushes[:count]} == {"0"}


async def test_a_restart_pushes_nothing_that_is_shown_already(
    home: Home, phone: Phone
) -> None:
    followed = following(home, phone)
    await instantiate_all(home, followed)
    home.printer.start("Local/part.gcode", duration=TEN_HOURS)
    await home.tick(40 * MINUTE)
    count = len(phone.pushes)
    async with restarting(home, followed):
        await home.tick(MINUTE)
    await home.tick(5 * MINUTE)
    assert len(phone.pushes) == count


async def test_a_print_that_ended_during_a_restart_leaves_nothing(
    home: Home, phone: Phone
) -> None:
    followed = following(home, phone)
    await instantiate_all(home, followed)
    home.printer.start("Local/part.gcode", duration=40 * MINUTE)
    await home.tick(20 * MINUTE)
    async with restarting(home, followed):
        await home.tick(40 * MINUTE)
    await home.tick(5 * MINUTE)
    assert_ended(phone)
    assert "image" not in phone.pushes[-1].data


async def test_what_ended_while_the_automation_was_off_is_cleared_at_the_next_start(
    home: Home, phone: Phone
) -> None:
    followed = following(home, phone)
    await instantiate_all(home, followed)
    home.printer.start("Local/part.gcode", duration=40 * MINUTE)
    await home.tick(20 * MINUTE)
    await home.call("automation.turn_off", entity_id="automation.under_test")
    await home.tick(45 * MINUTE)
    await home.call("automation.turn_on", entity_id="automation.under_test")
    assert phone.shown
    async with restarting(home, followed):
        await home.tick(MINUTE)
    await home.tick(5 * MINUTE)
    assert not phone.shown
    assert phone.kinds[-1] == "clear"
    assert "note" not in phone.kinds
    async with restarting(home, followed):
        await home.tick(MINUTE)
    assert phone.kinds.count("clear") == 1


async def test_an_automation_that_is_new_clears_nothing(
    home: Home, phone: Phone
) -> None:
    home.printer.start("Local/part.gcode", duration=20 * MINUTE)
    await home.tick(30 * MINUTE)
    followed = following(home, phone)
    await instantiate_all(home, followed)
    async with restarting(home, followed):
        await home.tick(MINUTE)
    await home.tick(20 * MINUTE)
    assert not phone.pushes


# Outages


async def test_nothing_is_pushed_in_an_outage(home: Home, phone: Phone) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=HOUR)
    await home.tick(20 * MINUTE)
    count = len(phone.pushes)
    await home.simulator.unplug()
    await home.tick(25 * MINUTE)
    assert len(phone.pushes) == count
    await home.simulator.start()
    await home.tick(20 * MINUTE)
    assert_spaced(phone)
    assert_ended(phone)
    assert phone.kinds.count("clear") == 1


async def test_a_printer_that_stays_off_is_cleared_once_and_is_no_end(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=2 * HOUR)
    await home.tick(20 * MINUTE)
    await home.simulator.unplug()
    await home.tick(1.2 * HOUR)
    assert not phone.shown
    assert phone.kinds.count("clear") == 1
    assert "note" not in phone.kinds
    await home.simulator.start()
    await home.tick(5 * MINUTE)
    (shown,) = phone.shown
    assert shown.ends_at
    await home.tick(30 * MINUTE)
    assert_spaced(phone)
    assert_ended(phone)


async def test_a_print_that_began_and_ended_in_an_outage_is_only_notified(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    await home.tick(MINUTE)
    await home.simulator.unplug()
    home.printer.start("Local/part.gcode", duration=20 * MINUTE)
    await home.tick(40 * MINUTE)
    await home.simulator.start()
    await home.tick(5 * MINUTE)
    assert phone.kinds == ["clear", "note"]


# Estimates


@pytest.mark.parametrize(
    ("duration", "share"), [(TEN_HOURS, 0.9), (TWO_HOURS, 0.9), (TWO_HOURS, 1.1)]
)
async def test_an_estimate_that_is_wrong_takes_fewer_than_thirty_pushes(
    home: Home, phone: Phone, duration: int, share: float
) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=duration, estimate=share * duration)
    await home.tick(duration + 5 * MINUTE)
    assert_spaced(phone)
    assert_ended(phone)


async def test_an_estimate_that_wobbles_takes_fewer_than_thirty_pushes(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    shares = cycle([0.9, 1.1, 1.0, 0.95])
    home.answer(
        "job/currentjob",
        lambda data: data | {"total_time": round(TEN_HOURS * next(shares))},
    )
    home.printer.start("Local/part.gcode", duration=TEN_HOURS)
    await home.tick(TEN_HOURS + 5 * MINUTE)
    assert_spaced(phone)
    assert_ended(phone)


async def test_a_print_that_takes_longer_loses_its_clock(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=HOUR, estimate=40 * MINUTE)
    await home.tick(35 * MINUTE)
    assert phone.shown[0].ends_at
    await home.tick(10 * MINUTE)
    (shown,) = phone.shown
    assert shown.ends_at is None
    assert shown.data["progress"] == 99
    await home.tick(20 * MINUTE)
    assert_ended(phone)
