"""Tests of the numbers: nothing heats but what a person has set."""

import pytest

from homeassistant.components.number.const import (
    ATTR_MAX,
    ATTR_MIN,
    ATTR_STEP,
    DOMAIN as NUMBER,
)
from homeassistant.const import Platform
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
from simulator import Printer

from .actions import refused
from .common import Home

pytestmark = pytest.mark.usefixtures("only_platforms")

# Key, documented limits, a value, and what it is for the printer.
NUMBERS = [
    ("bed_target_temperature", 0, 110, 60, "printer/heatbedtemp/set"),
    ("fan_speed_target", 0, 100, 40, "printer/fanspeed/set"),
    ("feed_rate_target", 1, 350, 80, "printer/feedrate/set"),
    ("left_flow_rate_target", 1, 300, 95, "printer/nozzle1/flowrate/set"),
    ("left_nozzle_target_temperature", 0, 310, 215, "printer/nozzle1/temp/set"),
    ("right_flow_rate_target", 1, 300, 105, "printer/nozzle2/flowrate/set"),
    ("right_nozzle_target_temperature", 0, 310, 190, "printer/nozzle2/temp/set"),
]
KEYS = {key for key, *_ in NUMBERS}


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms of the numbers and of what they bring about."""
    return [Platform.NUMBER, Platform.SENSOR]


@pytest.fixture
async def numbers(entity_registry_enabled_by_default: None, home: Home) -> Home:
    """Return a home in which somebody has enabled the numbers."""
    return home


async def set_value(home: Home, key: str, value: float) -> None:
    """Set a number."""
    await home.call("number.set_value", (key, NUMBER), value=value)


def targets(printer: Printer) -> dict[str, float]:
    """Return what the printer was told to reach."""
    machine = printer.machine
    left, right = machine.nozzles
    return {
        "bed_target_temperature": machine.bed.target,
        "fan_speed_target": machine.rate_targets["fan"],
        "feed_rate_target": machine.rate_targets["feed"],
        "left_flow_rate_target": machine.rate_targets["flow1"],
        "left_nozzle_target_temperature": left.target,
        "right_flow_rate_target": machine.rate_targets["flow2"],
        "right_nozzle_target_temperature": right.target,
    }


async def test_all_numbers_are_disabled_at_first(home: Home) -> None:
    assert home.disabled_by(NUMBER) == dict.fromkeys(
        KEYS, er.RegistryEntryDisabler.INTEGRATION
    )
    assert not home.hass.states.async_entity_ids(NUMBER)


@pytest.mark.parametrize("model", ["n2"])
async def test_a_printer_with_one_nozzle_has_no_numbers_for_the_right_one(
    numbers: Home,
) -> None:
    assert set(numbers.disabled_by(NUMBER)) == {
        key for key in KEYS if not key.startswith("right")
    }


async def test_numbers_have_the_documented_limits_and_nothing_beyond_is_sent(
    numbers: Home,
) -> None:
    for key, low, high, *_ in NUMBERS:
        state = numbers.entity(key, NUMBER)
        assert state.attributes[ATTR_MIN] == low, key
        assert state.attributes[ATTR_MAX] == high, key
        assert state.attributes[ATTR_STEP] == 1, key
        for value in (low - 1, high + 1):
            with pytest.raises(ServiceValidationError):
                await set_value(numbers, key, value)
    assert not numbers.posts()


async def test_a_number_sets_its_own_target_and_no_other(numbers: Home) -> None:
    await numbers.tick(30)
    reached = targets(numbers.printer)
    for key, _, _, value, path in NUMBERS:
        assert reached[key] != value
        numbers.simulator.requests.clear()
        await set_value(numbers, key, value)
        assert numbers.posts() == [path]
        await numbers.tick(10)
        reached[key] = value
        assert targets(numbers.printer) == reached
        assert numbers.number(key, NUMBER) == value


async def test_a_target_that_is_set_at_the_panel_shows(numbers: Home) -> None:
    await numbers.tick(30)
    assert numbers.number("bed_target_temperature", NUMBER) == 0
    numbers.printer.machine.set_heater(numbers.printer.machine.bed, 70)
    await numbers.tick(130)
    assert numbers.number("bed_target_temperature", NUMBER) == 70
    assert not numbers.posts()


async def test_heating_shows_at_the_sensors_too(numbers: Home) -> None:
    await set_value(numbers, "left_nozzle_target_temperature", 200)
    await numbers.tick(10)
    warm = numbers.number("left_nozzle_temperature")
    await numbers.tick(150)
    assert numbers.number("left_nozzle_temperature") > 190 > warm


async def test_what_a_printer_does_not_accept_is_an_error_in_words(
    numbers: Home,
) -> None:
    words = "temperature error value(0~300)"
    path = "printer/nozzle1/temp/set"
    numbers.simulator.faults.add("refuse", path=path, code=10002, msg=words)
    error = await refused(
        set_value(numbers, "left_nozzle_target_temperature", 310),
        "invalid_value",
        mistake=True,
    )
    assert str(error) == f"The printer does not accept this value: {words}"
    # nor a missing nozzle
    numbers.simulator.faults.add(
        "refuse", path="printer/nozzle2/temp/set", code=404, msg="no right nozzle"
    )
    error = await refused(
        set_value(numbers, "right_nozzle_target_temperature", 200),
        "not_found",
        mistake=True,
    )
    assert "no right nozzle" in str(error)
    # what is not whole is rounded
    await set_value(numbers, "bed_target_temperature", 60.6)
    await numbers.tick(10)
    assert numbers.printer.machine.bed.target == 61


async def test_degrees_fahrenheit_are_converted(
    new_home: Home, entity_registry_enabled_by_default: None
) -> None:
    new_home.hass.config.units = US_CUSTOMARY_SYSTEM
    await new_home.set_up()
    await set_value(new_home, "left_nozzle_target_temperature", 392)
    await new_home.tick(10)
    assert new_home.printer.machine.nozzles[0].target == 200
    assert new_home.number("left_nozzle_target_temperature", NUMBER) == 392


def there(home: Home) -> bool:
    """Return whether the numbers are there, all or none."""
    states = {home.state(key, NUMBER) for key in KEYS}
    assert "unknown" not in states
    assert "unavailable" not in states or states == {"unavailable"}
    return "unavailable" not in states


async def test_numbers_are_there_as_long_as_the_printer_answers(numbers: Home) -> None:
    await numbers.tick(30)
    assert there(numbers)
    numbers.printer.start("Local/part.gcode", duration=100)
    await numbers.tick(60)
    assert there(numbers)
    await numbers.tick(60)
    assert there(numbers)
    await numbers.simulator.power_off()
    await numbers.tick(60)
    assert not there(numbers)
    await numbers.simulator.power_on()
    await numbers.tick(60)
    assert there(numbers)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [("safe mode", "refused_safe_mode"), ("serial", "refused_serial")],
)
async def test_the_reason_against_heating_is_shown(
    numbers: Home, failure: str, reason: str
) -> None:
    async def refused_to_heat(key: str) -> None:
        await refused(set_value(numbers, "bed_target_temperature", 60), key)
        assert numbers.printer.machine.bed.target == 0

    # it has just booted
    await numbers.simulator.power_off()
    await numbers.simulator.power_on()
    await refused_to_heat("refused_not_ready")
    numbers.freezer.tick(60)
    numbers.printer.touch(60)
    await refused_to_heat("refused_busy")
    numbers.freezer.tick(61)
    numbers.printer.fail(failure)
    await refused_to_heat(reason)


async def test_a_target_whose_answer_is_lost_is_never_set_twice(numbers: Home) -> None:
    path = "printer/heatbedtemp/set"
    for fault, key in {"reset": "cannot_connect", "http_429": "printer_busy"}.items():
        numbers.simulator.requests.clear()
        numbers.simulator.faults.add(fault, path=path)
        await refused(set_value(numbers, "bed_target_temperature", 60), key)
        await numbers.tick(60)
        assert numbers.posts() == [path]


async def test_a_password_that_was_changed_is_named_as_the_reason(
    numbers: Home,
) -> None:
    numbers.printer.password = "changed"
    numbers.simulator.drop_tokens()
    await refused(set_value(numbers, "bed_target_temperature", 60), "invalid_auth")
    await numbers.block_till_done()
    # the polls decide whether that lasts
    assert not numbers.flows


async def test_nothing_is_set_but_by_a_person(numbers: Home) -> None:
    await set_value(numbers, "bed_target_temperature", 60)
    await set_value(numbers, "feed_rate_target", 80)
    done = len(numbers.posts())
    await numbers.tick(60)
    # a restart, then one of the printer, which forgets its targets
    await numbers.unload()
    await numbers.set_up()
    await numbers.tick(60)
    await numbers.simulator.power_off()
    await numbers.tick(60)
    await numbers.simulator.power_on()
    await numbers.tick(120)
    assert numbers.number("bed_target_temperature", NUMBER) == 0
    assert numbers.number("feed_rate_target", NUMBER) == 100
    numbers.printer.start("Local/part.gcode", duration=100)
    await numbers.tick(130)
    numbers.printer.dismiss()
    await numbers.tick(60)
    await numbers.remove()
    assert len(numbers.posts()) == done == 2
