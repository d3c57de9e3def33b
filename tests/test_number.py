"""Tests of the numbers: nothing heats but what a person has set."""

from collections.abc import Awaitable, Callable

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.components.number.const import (
    ATTR_MAX,
    ATTR_MIN,
    ATTR_STEP,
    ATTR_VALUE,
    DOMAIN as NUMBER,
    SERVICE_SET_VALUE,
)
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
from simulator import Printer

from .actions import refused
from .common import Home, set_up

type SetValue = Callable[[str, float], Awaitable[None]]
type State = Callable[..., str]

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
def set_value(hass: HomeAssistant, entity_id: Callable[..., str]) -> SetValue:
    """Return a function that sets a number."""

    async def set_value(key: str, value: float) -> None:
        await hass.services.async_call(
            NUMBER,
            SERVICE_SET_VALUE,
            {ATTR_ENTITY_ID: entity_id(key, NUMBER), ATTR_VALUE: value},
            blocking=True,
        )

    return set_value


@pytest.fixture
async def numbers(
    entity_registry_enabled_by_default: None, home: Home
) -> MockConfigEntry:
    """Return a config entry whose numbers somebody has enabled."""
    return home.entry


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


def registered(
    registry: er.EntityRegistry, entry: MockConfigEntry
) -> dict[str, er.RegistryEntryDisabler | None]:
    """Return the numbers of a printer, and who has disabled them."""
    return {
        number.unique_id.partition("_")[2]: number.disabled_by
        for number in er.async_entries_for_config_entry(registry, entry.entry_id)
        if number.domain == NUMBER
    }


async def test_all_numbers_are_disabled_at_first(
    home: Home, entity_registry: er.EntityRegistry
) -> None:
    assert registered(entity_registry, home.entry) == dict.fromkeys(
        KEYS, er.RegistryEntryDisabler.INTEGRATION
    )
    assert not home.hass.states.async_entity_ids(NUMBER)


@pytest.mark.parametrize("model", ["n2"])
async def test_a_printer_with_one_nozzle_has_no_numbers_for_the_right_one(
    entity_registry: er.EntityRegistry, numbers: MockConfigEntry
) -> None:
    assert set(registered(entity_registry, numbers)) == {
        key for key in KEYS if not key.startswith("right")
    }


async def test_numbers_have_the_documented_limits(
    home: Home, numbers: MockConfigEntry
) -> None:
    for key, low, high, *_ in NUMBERS:
        state = home.entity(key, NUMBER)
        assert state
        assert state.attributes[ATTR_MIN] == low, key
        assert state.attributes[ATTR_MAX] == high, key
        assert state.attributes[ATTR_STEP] == 1, key


@pytest.mark.parametrize(
    ("key", "value", "path"), [(n[0], n[3], n[4]) for n in NUMBERS]
)
async def test_a_number_sets_its_own_target_and_no_other(
    home: Home,
    numbers: MockConfigEntry,
    set_value: SetValue,
    key: str,
    value: int,
    path: str,
) -> None:
    await home.tick(30)
    before = targets(home.printer)
    await set_value(key, value)
    assert home.posts() == [path]
    await home.tick(10)
    assert targets(home.printer) == before | {key: value}
    assert float(home.state(key, NUMBER)) == value


async def test_a_target_that_is_set_at_the_panel_shows(
    home: Home, numbers: MockConfigEntry
) -> None:
    await home.tick(30)
    assert float(home.state("bed_target_temperature", NUMBER)) == 0
    home.printer.machine.set_heater(home.printer.machine.bed, 70)
    await home.tick(130)
    assert float(home.state("bed_target_temperature", NUMBER)) == 70
    assert not home.posts()


async def test_heating_shows_at_the_sensors_too(
    numbers: MockConfigEntry, set_value: SetValue, home: Home
) -> None:
    await set_value("left_nozzle_target_temperature", 200)
    await home.tick(10)
    warm = float(home.state("left_nozzle_temperature"))
    await home.tick(150)
    assert float(home.state("left_nozzle_temperature")) > 190 > warm


async def test_a_value_beyond_the_limits_never_reaches_the_printer(
    home: Home, numbers: MockConfigEntry, set_value: SetValue
) -> None:
    for key, low, high, *_ in NUMBERS:
        for value in (low - 1, high + 1):
            with pytest.raises(ServiceValidationError):
                await set_value(key, value)
    assert not home.posts()


async def test_a_limit_that_the_printer_has_beyond_the_documented_ones_is_told(
    home: Home, numbers: MockConfigEntry, set_value: SetValue
) -> None:
    words = "temperature error value(0~300)"
    path = "printer/nozzle1/temp/set"
    home.simulator.faults.add("refuse", path=path, code=10002, msg=words)
    error = await refused(
        set_value("left_nozzle_target_temperature", 310), "invalid_value", mistake=True
    )
    assert str(error) == f"The printer does not take this value: {words}"


async def test_a_number_that_is_not_whole_is_rounded(
    home: Home, numbers: MockConfigEntry, set_value: SetValue
) -> None:
    await set_value("bed_target_temperature", 60.6)
    await home.tick(10)
    assert home.printer.machine.bed.target == 61


async def test_degrees_fahrenheit_are_converted(
    new_home: Home, entity_registry_enabled_by_default: None, set_value: SetValue
) -> None:
    new_home.hass.config.units = US_CUSTOMARY_SYSTEM
    await new_home.set_up()
    await set_value("left_nozzle_target_temperature", 392)
    await new_home.tick(10)
    assert new_home.printer.machine.nozzles[0].target == 200
    assert float(new_home.state("left_nozzle_target_temperature", NUMBER)) == 392


async def test_numbers_are_there_as_long_as_the_printer_answers(
    home: Home, numbers: MockConfigEntry
) -> None:
    printer = home.printer

    def there() -> bool:
        states = {home.state(key, NUMBER) for key in KEYS}
        assert "unknown" not in states
        assert "unavailable" not in states or states == {"unavailable"}
        return "unavailable" not in states

    await home.tick(30)
    assert there()
    printer.start("Local/part.gcode", duration=600)
    await home.tick(60)
    assert there()
    await home.tick(600)
    assert there()
    await home.simulator.power_off()
    await home.tick(60)
    assert not there()
    await home.simulator.power_on()
    await home.tick(60)
    assert there()


@pytest.mark.parametrize(
    ("in_the_way", "key"),
    [
        (lambda printer: printer.touch(60), "refused_busy"),
        (lambda printer: printer.fail("safe mode"), "refused_safe_mode"),
        (lambda printer: printer.fail("serial"), "refused_serial"),
    ],
)
async def test_what_keeps_the_printer_from_heating_is_told(
    home: Home,
    numbers: MockConfigEntry,
    set_value: SetValue,
    in_the_way: Callable[[Printer], None],
    key: str,
) -> None:
    in_the_way(home.printer)
    await refused(set_value("bed_target_temperature", 60), key)
    assert home.printer.machine.bed.target == 0


async def test_a_printer_that_has_just_booted_is_not_ready_to_heat(
    home: Home, numbers: MockConfigEntry, set_value: SetValue
) -> None:
    await home.simulator.power_off()
    await home.simulator.power_on()
    await refused(set_value("bed_target_temperature", 60), "refused_not_ready")


async def test_a_nozzle_that_is_gone_is_told(
    home: Home, numbers: MockConfigEntry, set_value: SetValue
) -> None:
    home.simulator.faults.add(
        "refuse", path="printer/nozzle2/temp/set", code=404, msg="no right nozzle"
    )
    await refused(
        set_value("right_nozzle_target_temperature", 200), "not_found", mistake=True
    )


@pytest.mark.parametrize(
    ("fault", "key"), [("reset", "cannot_connect"), ("http_429", "printer_busy")]
)
async def test_a_target_whose_answer_is_lost_is_never_set_twice(
    home: Home, numbers: MockConfigEntry, set_value: SetValue, fault: str, key: str
) -> None:
    path = "printer/heatbedtemp/set"
    home.simulator.faults.add(fault, path=path)
    await refused(set_value("bed_target_temperature", 60), key)
    await home.tick(60)
    assert home.posts() == [path]


async def test_a_password_that_was_changed_is_named_as_the_reason(
    home: Home, numbers: MockConfigEntry, set_value: SetValue
) -> None:
    home.printer.password = "changed"
    home.simulator.drop_tokens()
    await refused(set_value("bed_target_temperature", 60), "invalid_auth")
    await home.settle()
    # the polls decide whether that lasts
    assert not home.flows


async def test_nothing_is_set_but_by_a_person(
    home: Home, numbers: MockConfigEntry, set_value: SetValue
) -> None:
    await set_value("bed_target_temperature", 60)
    await set_value("feed_rate_target", 80)
    done = len(home.posts())
    await home.tick(60)
    # a restart, then one of the printer, which forgets its targets
    assert await home.hass.config_entries.async_unload(numbers.entry_id)
    await set_up(home.hass, numbers)
    await home.tick(60)
    await home.simulator.power_off()
    await home.tick(60)
    await home.simulator.power_on()
    await home.tick(300)
    assert float(home.state("bed_target_temperature", NUMBER)) == 0
    assert float(home.state("feed_rate_target", NUMBER)) == 100
    home.printer.start("Local/part.gcode", duration=600)
    await home.tick(900)
    home.printer.dismiss()
    await home.tick(60)
    assert await home.hass.config_entries.async_remove(numbers.entry_id)
    assert len(home.posts()) == done == 2
