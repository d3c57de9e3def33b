"""Tests of `in_use`: on at once, off only after two minutes without any sign of use."""

from collections.abc import Callable
from typing import Any

import pytest

from custom_components.raise3d.const import DOMAIN, IN_USE_PERIOD
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE, Platform
from homeassistant.helpers import entity_registry as er
from simulator import Printer, Unknowns
from simulator.physics import Heater

from .common import HOUR, MINUTE, Home

pytestmark = pytest.mark.usefixtures("only_platforms")

# Longer than the state goes unread, and than the temperatures do.
STATE_POLL, TEMPERATURE_POLL = 31, 181


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that show whether it is in use, and the state."""
    return [Platform.BINARY_SENSOR, Platform.SENSOR]


def in_use(home: Home) -> str:
    """Return the state of the binary sensor."""
    return home.state("in_use", "binary_sensor")


async def update(home: Home) -> None:
    """Poll at once, as `homeassistant.update_entity` does."""
    await home.coordinator.async_request_refresh()
    # the debouncer waits, and is to be over before the test is
    await home.tick(11)


@pytest.fixture
async def unused(home: Home) -> Home:
    """Return a home whose printer is not in use."""
    await home.tick(IN_USE_PERIOD + 3)
    assert in_use(home) == STATE_OFF
    return home


def begin(home: Home) -> None:
    """Begin a print that heats nothing."""
    home.printer.start(duration=6 * HOUR, nozzle_temp=0, bed_temp=0)


def begin_and_pause(home: Home) -> None:
    """Begin a print that is paused at once."""
    begin(home)
    home.printer.time.later(10, home.printer.pause)


def begin_and_fail(home: Home) -> None:
    """Begin a print that fails at once."""
    begin(home)
    home.printer.time.later(10, home.printer.fail)


def fail(home: Home) -> None:
    """Lose the motion board without a print."""
    home.printer.fail()


def finish(home: Home) -> None:
    """Print a part in some seconds, which stays on the plate."""
    home.printer.start(duration=15, nozzle_temp=0, bed_temp=0)


def touch(home: Home) -> None:
    """Stand at the panel."""
    home.printer.touch(6 * HOUR)


def use_unknown_words(home: Home) -> None:
    """Report a state that nobody knows."""
    home.answer("printer/runningstatus", running_status="dreaming")


def leave_the_state_out(home: Home) -> None:
    """Report no state."""
    home.answer("printer/runningstatus", running_status=None)


SIGNS = [
    *(begin, begin_and_pause, begin_and_fail, fail, finish, touch),
    *(use_unknown_words, leave_the_state_out),
]


async def test_after_a_start_it_is_on_for_two_minutes(home: Home) -> None:
    assert in_use(home) == STATE_ON
    await home.tick(IN_USE_PERIOD - 1)
    assert in_use(home) == STATE_ON
    await home.tick(3)
    assert in_use(home) == STATE_OFF


async def test_after_a_reload_it_is_on_for_two_minutes(unused: Home) -> None:
    await unused.reload()
    assert in_use(unused) == STATE_ON
    await unused.tick(IN_USE_PERIOD - 1)
    assert in_use(unused) == STATE_ON
    await unused.tick(3)
    assert in_use(unused) == STATE_OFF


@pytest.mark.parametrize("sign", SIGNS)
async def test_it_is_on_from_the_poll_that_sees_a_sign_of_use_for_as_long_as_it_lasts(
    unused: Home, sign: Callable[[Home], None]
) -> None:
    sign(unused)
    await unused.tick(STATE_POLL)
    assert in_use(unused) == STATE_ON
    unused.changes.clear()
    await unused.tick(5 * MINUTE)
    assert in_use(unused) == STATE_ON
    entity_id = unused.entity_id("in_use", "binary_sensor")
    assert entity_id not in dict(unused.written())


async def test_it_is_off_two_minutes_after_the_last_sign_of_use(unused: Home) -> None:
    finish(unused)
    await unused.tick(5 * MINUTE)
    unused.printer.dismiss()
    await unused.tick(IN_USE_PERIOD - 1)
    assert in_use(unused) == STATE_ON
    await unused.tick(STATE_POLL + 3)
    assert in_use(unused) == STATE_OFF


async def test_a_sign_within_the_two_minutes_begins_them_anew(home: Home) -> None:
    await home.tick(IN_USE_PERIOD - 60)
    home.printer.touch(20)
    await update(home)
    await home.tick(IN_USE_PERIOD)
    assert in_use(home) == STATE_ON
    await home.tick(MINUTE)
    assert in_use(home) == STATE_OFF


# Heaters

HEATERS: dict[str, Callable[[Printer], Heater]] = {
    "left nozzle": lambda printer: printer.machine.nozzles[0],
    "right nozzle": lambda printer: printer.machine.nozzles[1],
    "bed": lambda printer: printer.machine.bed,
}


@pytest.mark.parametrize("heater", HEATERS.values(), ids=HEATERS)
async def test_a_heater_counts_from_when_it_is_on_and_cold_until_it_is_off_and_cold(
    unused: Home, heater: Callable[[Printer], Heater]
) -> None:
    unused.printer.machine.set_heater(heater(unused.printer), 70)
    await unused.tick(1)
    await update(unused)
    assert heater(unused.printer).reading(unused.printer.time.now) < 50
    assert in_use(unused) == STATE_ON
    await unused.tick(5 * MINUTE)
    unused.printer.machine.heaters_off()
    hottest: list[int] = []
    for _ in range(20):
        await unused.tick(MINUTE)
        hottest += [heater(unused.printer).reading(unused.printer.time.now)] * (
            in_use(unused) == STATE_OFF
        )
    assert len(hottest) > 5
    assert max(hottest) < 50


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("printer/nozzle1", ("nozzle_cur_temp", "nozzle_tar_temp")),
        ("printer/nozzle2", ("nozzle_cur_temp", "nozzle_tar_temp")),
        ("printer/basic", ("heatbed_cur_temp", "heatbed_tar_temp")),
    ],
)
@pytest.mark.parametrize("target", [False, True], ids=["present", "target"])
async def test_each_temperature_counts_from_50_degrees_on_and_while_it_is_unknown(
    unused: Home,
    path: str,
    names: tuple[str, str],
    target: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    for degrees, expected in ((49, STATE_OFF), (50, STATE_ON), (None, STATE_ON)):
        unused.heal()
        changed: dict[str, Any] = {names[target]: degrees}
        unused.answer(path, **changed)
        await update(unused)
        assert in_use(unused) == expected
        await unused.tick(TEMPERATURE_POLL)
        assert in_use(unused) == expected


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("printer/nozzle1", "no_data"),
        ("printer/nozzle2", "http_500"),
        ("printer/basic", "truncated"),
        ("printer/basic", "wrong_types"),
    ],
)
async def test_it_is_on_while_a_temperature_cannot_be_read(
    unused: Home, path: str, kind: str
) -> None:
    unused.fail(kind, path)
    await update(unused)
    assert in_use(unused) == STATE_ON
    await unused.tick(5 * MINUTE)
    assert in_use(unused) == STATE_ON
    unused.heal()
    await unused.tick(TEMPERATURE_POLL * 2 + IN_USE_PERIOD)
    assert in_use(unused) == STATE_OFF


async def test_what_was_read_two_minutes_before_is_not_enough(home: Home) -> None:
    # temperatures of an idle printer are read less often than that
    await home.tick(10)
    home.printer.machine.set_heater(home.printer.machine.bed, 60)
    await home.tick(6 * MINUTE)
    entity_id = home.entity_id("in_use", "binary_sensor")
    assert (entity_id, STATE_OFF) not in home.written()
    assert in_use(home) == STATE_ON


@pytest.mark.parametrize("model", ["n2"])
async def test_a_printer_with_one_nozzle_needs_no_second_one(unused: Home) -> None:
    unused.printer.machine.set_heater(unused.printer.machine.nozzles[0], 200)
    await unused.tick(TEMPERATURE_POLL)
    assert in_use(unused) == STATE_ON


# Polls that fail, or show too little


async def test_an_answer_that_cannot_be_read_counts_as_use_for_two_minutes(
    unused: Home,
) -> None:
    unused.simulator.faults.add("html", path="printer/runningstatus")
    await unused.tick(STATE_POLL)
    assert unused.status == "idle"
    assert in_use(unused) == STATE_ON
    await unused.tick(IN_USE_PERIOD - STATE_POLL)
    assert in_use(unused) == STATE_ON
    await unused.tick(STATE_POLL * 2)
    assert in_use(unused) == STATE_OFF


async def test_it_is_unavailable_while_the_printer_is_off_and_on_when_it_is_back(
    unused: Home,
) -> None:
    await unused.simulator.power_off()
    await unused.tick(3 * MINUTE)
    assert in_use(unused) == STATE_UNAVAILABLE
    unused.changes.clear()
    await unused.simulator.power_on()
    await unused.tick(IN_USE_PERIOD)
    assert in_use(unused) == STATE_ON
    await unused.tick(2 * MINUTE)
    assert in_use(unused) == STATE_OFF
    entity_id = unused.entity_id("in_use", "binary_sensor")
    states = [state for written, state in unused.written() if written == entity_id]
    assert states == [STATE_ON, STATE_OFF]


@pytest.mark.parametrize("unknowns", [Unknowns(state_lag=30)])
async def test_a_job_that_is_named_counts_while_the_state_still_says_idle(
    unused: Home,
) -> None:
    begin(unused)
    await update(unused)
    assert unused.status == "idle"
    assert in_use(unused) == STATE_ON
    await unused.tick(MINUTE)
    assert unused.status == "printing"
    assert in_use(unused) == STATE_ON


@pytest.mark.parametrize("unknowns", [Unknowns(state_lag=30)])
async def test_the_job_is_read_before_it_is_off(home: Home) -> None:
    await home.tick(IN_USE_PERIOD - 10)
    begin(home)
    await home.tick(MINUTE)
    entity_id = home.entity_id("in_use", "binary_sensor")
    assert (entity_id, STATE_OFF) not in home.written()
    assert home.status == "printing"


@pytest.mark.parametrize("unknowns", [Unknowns(state_lag=30, job_lag=30)])
async def test_a_print_that_is_started_from_here_counts_before_any_answer_names_it(
    unused: Home,
) -> None:
    unused.changes.clear()
    await unused.act("start_print", file="Local/webapi_store/bracket v3 ä.gcode")
    assert unused.status == "idle"
    assert in_use(unused) == STATE_ON
    await unused.tick(MINUTE)
    assert unused.status == "printing"
    entity_id = unused.entity_id("in_use", "binary_sensor")
    assert (entity_id, STATE_OFF) not in unused.written()


async def test_to_be_off_costs_one_request_of_each_kind(home: Home) -> None:
    await home.tick(IN_USE_PERIOD - 5)
    home.simulator.requests.clear()
    await home.tick(10)
    assert in_use(home) == STATE_OFF
    assert {path: home.paths.count(path) for path in set(home.paths)} == {
        "printer/runningstatus": 1,
        "job/currentjob": 1,
        "printer/basic": 1,
        "printer/nozzle1": 1,
        "printer/nozzle2": 1,
    }


async def test_it_is_never_off_where_home_assistant_does_not_poll(unused: Home) -> None:
    unused.hass.config_entries.async_update_entry(
        unused.entry, pref_disable_polling=True
    )
    await unused.reload()
    await unused.tick(5 * MINUTE)
    await update(unused)
    assert in_use(unused) == STATE_ON


async def test_it_is_enabled_by_default_and_its_key_ends_the_unique_id(
    home: Home,
) -> None:
    registry = er.async_get(home.hass)
    unique_id = f"{home.printer.machine_id}_in_use"
    entity_id = registry.async_get_entity_id("binary_sensor", DOMAIN, unique_id)
    assert entity_id == "binary_sensor.lab_printer_in_use"
    assert home.disabled_by("binary_sensor")["in_use"] is None
