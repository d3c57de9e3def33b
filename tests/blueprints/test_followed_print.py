"""Tests of follow_print.yaml: its buttons, texts and pictures, printers and phones."""

from datetime import timedelta
import logging

import pytest

from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
from tests.automations import another_printer, device_of
from tests.common import HOUR, MINUTE, Home

from .following import assert_ended, follow, following
from .phones import Phone, add_phone
from .running import ALL_ENTITIES, automation, instantiate_all

JOB_SET = "job/currentjob/set"
# What is shown of a name: the folder of one ends at its last slash.
FILE_NAMES = {
    "<b>a</b>.gcode": "b>.gcode",
    "<img src=x>.gcode": "‹img src=x>.gcode",  # noqa: RUF001 - no tag begins
    "123": "123",
    "[1, 2]": "[1, 2]",
    "{'a': \"b\"}": "{'a': \"b\"}",
    "{{ 1 + 1 }}": "{{ 1 + 1 }}",
}

# It is hours that count here.
pytestmark = pytest.mark.usefixtures("few_entities", "few_polls")


# Buttons


@ALL_ENTITIES
async def test_a_button_pauses_resumes_and_stops_the_print(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=2 * HOUR)
    await home.tick(20 * MINUTE)
    for title, phase in (("Pause", "paused"), ("Resume", "running"), ("Stop", "idle")):
        await phone.press(phone.shown[0].buttons[title])
        await home.tick(2 * MINUTE)
        assert home.printer.phase == phase
    assert home.posts() == [JOB_SET] * 3
    assert_ended(phone)
    assert phone.pushes[-1].message.startswith("Print stopped: part.gcode (2")


async def test_a_button_that_is_pressed_twice_does_nothing_the_second_time(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=2 * HOUR)
    await home.tick(20 * MINUTE)
    pause = phone.shown[0].buttons["Pause"]
    for _ in range(2):
        await phone.press(pause)
    await home.tick(2 * MINUTE)
    await phone.press(pause)
    assert home.printer.phase == "paused"
    assert home.posts() == [JOB_SET]
    assert not home.log(logging.ERROR)


async def test_a_button_of_an_old_print_does_nothing_to_the_next(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=HOUR)
    await home.tick(20 * MINUTE)
    buttons = phone.shown[0].buttons
    home.printer.stop()
    await home.tick(5 * MINUTE)
    home.printer.start("Local/part.gcode", duration=HOUR)
    await home.tick(20 * MINUTE)
    for title in ("Pause", "Stop"):
        await phone.press(buttons[title])
    await home.tick(2 * MINUTE)
    assert home.printer.phase == "running"
    assert not home.posts()


async def test_a_print_that_began_since_the_last_poll_is_safe_from_an_old_button(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=HOUR)
    await home.tick(20 * MINUTE)
    home.printer.stop()
    home.freezer.tick(6)
    home.printer.start("Local/next.gcode")
    home.freezer.tick(3)
    await phone.press(phone.shown[0].buttons["Stop"])
    assert home.printer.phase == "running"
    assert not home.posts()


async def test_a_refusal_harms_nothing(home: Home, phone: Phone) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=30 * MINUTE)
    await home.tick(22 * MINUTE)
    count = len(phone.pushes)
    home.printer.touch(30)
    await phone.press(phone.shown[0].buttons["Pause"])
    await home.tick(2 * MINUTE)
    assert home.printer.phase == "running"
    assert home.posts() == [JOB_SET]
    assert len(phone.pushes) == count
    await home.tick(10 * MINUTE)
    assert_ended(phone)


async def test_what_ends_or_heats_wants_an_unlocked_phone(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=HOUR)
    await home.tick(20 * MINUTE)
    home.printer.pause()
    await home.tick(2 * MINUTE)
    titles = {
        each["title"]: each["authenticationRequired"]
        for push in phone.pushes
        for each in push.data["actions"]
    }
    assert titles == {"Pause": False, "Resume": True, "Stop": True}
    assert phone.shown[0].data["actions"][1]["destructive"]


async def test_without_buttons_there_are_none(home: Home, phone: Phone) -> None:
    await follow(home, phone, buttons=False)
    home.printer.start("Local/part.gcode", duration=HOUR)
    await home.tick(20 * MINUTE)
    assert not phone.shown[0].buttons


# Several printers and phones


async def test_two_printers_do_not_mix(home: Home, phone: Phone) -> None:
    async with another_printer(home.hass) as (other, entry):
        device = device_of(home.hass, entry).id
        await instantiate_all(
            home,
            following(home, phone),
            automation(
                "follow_print.yaml", "Other", printer=device, phones=[phone.device_id]
            ),
        )
        home.printer.start("Local/a.gcode", duration=HOUR)
        await home.tick(10 * MINUTE)
        other.start("Local/b.gcode", duration=HOUR)
        await home.tick(20 * MINUTE)
        first, second = sorted(phone.shown, key=lambda push: push.message)
        assert (first.message[:7], second.message[:7]) == ("a.gcode", "b.gcode")
        assert not set(first.buttons.values()) & set(second.buttons.values())
        await phone.press(second.buttons["Pause"])
        await home.tick(2 * MINUTE)
        assert (home.printer.phase, other.phase) == ("running", "paused")
        other.stop()
        await home.tick(2 * MINUTE)
        (shown,) = phone.shown
        assert shown.message.startswith("a.gcode")
        await home.tick(35 * MINUTE)
        assert not phone.shown
        ours = [push for push in phone.pushes if home.device.id in push.tag]
        assert len(ours) < 30


async def test_each_phone_gets_the_same(home: Home, phone: Phone) -> None:
    other = add_phone(home.hass, "Ben")
    await follow(home, phone, other)
    home.printer.start("Local/part.gcode", duration=20 * MINUTE)
    await home.tick(25 * MINUTE)
    assert_ended(phone)
    assert [push.data for push in phone.pushes] == [push.data for push in other.pushes]


async def test_a_phone_that_fails_or_is_gone_keeps_no_other_waiting(
    home: Home, phone: Phone
) -> None:
    lost, gone, silent = (
        add_phone(home.hass, name) for name in ("Lost", "Gone", "Silent")
    )
    lost.fails = True
    silent.stop_notifications()
    await follow(home, lost, gone, silent, phone)
    dr.async_get(home.hass).async_remove_device(gone.device_id)
    home.printer.start("Local/part.gcode", duration=20 * MINUTE)
    await home.tick(25 * MINUTE)
    assert_ended(phone)
    assert not gone.pushes


# Texts and pictures


async def texts_of(home: Home, phone: Phone, name: str) -> tuple[str, str]:
    """Print a file; return what is shown in the middle and at the end."""
    home.printer.start(f"Local/{name}", duration=5 * MINUTE)
    await home.tick(3 * MINUTE)
    (shown,) = phone.shown
    await home.tick(4 * MINUTE)
    home.printer.dismiss()
    return shown.message.partition(" · ")[0], phone.pushes[-1].message


async def test_a_file_name_stays_a_text_without_markup(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    assert {name: await texts_of(home, phone, name) for name in FILE_NAMES} == {
        name: (shown, f"Print finished: {shown} (5 min)")
        for name, shown in FILE_NAMES.items()
    }


async def test_a_print_that_has_failed_is_called_failed(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone, text_failed="Druck fehlgeschlagen")
    home.printer.start("Local/part.gcode", duration=HOUR)
    await home.tick(20 * MINUTE)
    home.printer.fail()
    await home.tick(5 * MINUTE)
    assert_ended(phone)
    assert phone.pushes[-1].message == "Druck fehlgeschlagen: part.gcode (19 min)"


async def test_a_tap_opens_the_page(home: Home, phone: Phone) -> None:
    await follow(home, phone, page="/lovelace/printers")
    home.printer.start("Local/part.gcode", duration=20 * MINUTE)
    await home.tick(25 * MINUTE)
    pages = {
        (push.data["url"], push.data["clickAction"])
        for push in phone.pushes
        if push.kind != "clear"
    }
    assert pages == {("/lovelace/printers", "/lovelace/printers")}


async def test_without_a_picture_of_the_end_there_is_that_of_the_camera(
    home: Home, phone: Phone
) -> None:
    await home.tick(2 * MINUTE)
    er.async_get(home.hass).async_update_entity(
        home.entity_id("finished_part", "image"),
        disabled_by=er.RegistryEntryDisabler.USER,
    )
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=20 * MINUTE)
    await home.tick(25 * MINUTE)
    camera = home.entity_id("camera", "camera")
    assert phone.pushes[-1].data["image"] == f"/api/camera_proxy/{camera}"


@ALL_ENTITIES
async def test_a_picture_of_the_end_goes_before_the_camera(
    home: Home, phone: Phone
) -> None:
    await home.tick(2 * MINUTE)
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=20 * MINUTE)
    await home.tick(25 * MINUTE)
    image = home.entity_id("finished_part", "image")
    assert phone.pushes[-1].data["image"] == f"/api/image_proxy/{image}"
    home.printer.dismiss()
    await home.tick(5 * MINUTE)
    home.printer.start("Local/other.gcode", duration=20 * MINUTE)
    await home.tick(10 * MINUTE)
    home.printer.stop()
    await home.tick(5 * MINUTE)
    image = home.entity_id("last_failure", "image")
    assert phone.pushes[-1].data["image"] == f"/api/image_proxy/{image}"


async def test_an_image_of_something_else_is_no_picture_of_the_end(
    home: Home, phone: Phone
) -> None:
    image = er.async_get(home.hass).async_get_or_create(
        "image", "test", "of what is printed next", device_id=home.device.id
    )
    await home.tick(2 * MINUTE)
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=20 * MINUTE)
    await home.tick(10 * MINUTE)
    home.printer.stop()
    home.hass.states.async_set(
        image.entity_id, (dt_util.utcnow() + timedelta(minutes=2)).isoformat()
    )
    await home.tick(5 * MINUTE)
    failure = home.entity_id("last_failure", "image")
    assert phone.pushes[-1].data["image"] == f"/api/image_proxy/{failure}"


async def test_without_a_camera_there_is_no_picture(
    new_home: Home,
) -> None:
    new_home.printer.unplug_camera()
    await new_home.set_up()
    phone = add_phone(new_home.hass, "Anna's phone")
    await follow(new_home, phone)
    new_home.printer.start("Local/part.gcode", duration=20 * MINUTE)
    await new_home.tick(25 * MINUTE)
    assert "image" not in phone.pushes[-1].data
    assert_ended(phone)


async def test_sound_is_for_news_alone(home: Home, phone: Phone) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=HOUR)
    await home.tick(22 * MINUTE)
    home.printer.pause()
    await home.tick(2 * MINUTE)
    silent = [push.data["silent"] for push in phone.pushes]
    assert not silent[0]
    assert not silent[-1]
    assert all(silent[1:-1])
