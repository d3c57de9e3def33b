"""Tests of the numbers: nothing heats but what a person has set."""

from collections.abc import Awaitable, Callable

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.const import DOMAIN
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
from simulator import Printer, Simulator

from .actions import posts, refused
from .common import set_up
from .conftest import Ticker

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
    entity_registry_enabled_by_default: None, loaded_entry: MockConfigEntry
) -> MockConfigEntry:
    """Return a config entry whose numbers somebody has enabled."""
    return loaded_entry


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
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    loaded_entry: MockConfigEntry,
) -> None:
    assert registered(entity_registry, loaded_entry) == dict.fromkeys(
        KEYS, er.RegistryEntryDisabler.INTEGRATION
    )
    assert not hass.states.async_entity_ids(NUMBER)


@pytest.mark.parametrize("model", ["n2"])
async def test_a_printer_with_one_nozzle_has_no_numbers_for_the_right_one(
    entity_registry: er.EntityRegistry, numbers: MockConfigEntry
) -> None:
    assert set(registered(entity_registry, numbers)) == {
        key for key in KEYS if not key.startswith("right")
    }


async def test_numbers_have_the_documented_limits(
    hass: HomeAssistant, numbers: MockConfigEntry, entity_id: Callable[..., str]
) -> None:
    for key, low, high, *_ in NUMBERS:
        state = hass.states.get(entity_id(key, NUMBER))
        assert state
        assert state.attributes[ATTR_MIN] == low, key
        assert state.attributes[ATTR_MAX] == high, key
        assert state.attributes[ATTR_STEP] == 1, key


@pytest.mark.parametrize(
    ("key", "value", "path"), [(n[0], n[3], n[4]) for n in NUMBERS]
)
async def test_a_number_sets_its_own_target_and_no_other(
    simulator: Simulator,
    numbers: MockConfigEntry,
    set_value: SetValue,
    state: State,
    tick: Ticker,
    key: str,
    value: int,
    path: str,
) -> None:
    await tick(30)
    before = targets(simulator.printer)
    await set_value(key, value)
    assert posts(simulator) == [path]
    await tick(10)
    assert targets(simulator.printer) == before | {key: value}
    assert float(state(key, NUMBER)) == value


async def test_a_target_that_is_set_at_the_panel_shows(
    simulator: Simulator, numbers: MockConfigEntry, state: State, tick: Ticker
) -> None:
    await tick(30)
    assert float(state("bed_target_temperature", NUMBER)) == 0
    simulator.printer.machine.set_heater(simulator.printer.machine.bed, 70)
    await tick(130)
    assert float(state("bed_target_temperature", NUMBER)) == 70
    assert not posts(simulator)


async def test_heating_shows_at_the_sensors_too(
    numbers: MockConfigEntry, set_value: SetValue, state: State, tick: Ticker
) -> None:
    await set_value("left_nozzle_target_temperature", 200)
    await tick(10)
    warm = float(state("left_nozzle_temperature"))
    await tick(150)
    assert float(state("left_nozzle_temperature")) > 190 > warm


async def test_a_value_beyond_the_limits_never_reaches_the_printer(
    simulator: Simulator, numbers: MockConfigEntry, set_value: SetValue
) -> None:
    for key, low, high, *_ in NUMBERS:
        for value in (low - 1, high + 1):
            with pytest.raises(ServiceValidationError):
                await set_value(key, value)
    assert not posts(simulator)


async def test_a_limit_that_the_printer_has_beyond_the_documented_ones_is_told(
    simulator: Simulator, numbers: MockConfigEntry, set_value: SetValue
) -> None:
    words = "temperature error value(0~300)"
    path = "printer/nozzle1/temp/set"
    simulator.faults.add("refuse", path=path, code=10002, msg=words)
    error = await refused(
        set_value("left_nozzle_target_temperature", 310), "invalid_value", mistake=True
    )
    assert str(error) == f"The printer does not take this value: {words}"


async def test_a_number_that_is_not_whole_is_rounded(
    simulator: Simulator, numbers: MockConfigEntry, set_value: SetValue, tick: Ticker
) -> None:
    await set_value("bed_target_temperature", 60.6)
    await tick(10)
    assert simulator.printer.machine.bed.target == 61


async def test_degrees_fahrenheit_are_converted(
    hass: HomeAssistant,
    entity_registry_enabled_by_default: None,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    set_value: SetValue,
    state: State,
    tick: Ticker,
) -> None:
    hass.config.units = US_CUSTOMARY_SYSTEM
    await set_up(hass, config_entry)
    await set_value("left_nozzle_target_temperature", 392)
    await tick(10)
    assert simulator.printer.machine.nozzles[0].target == 200
    assert float(state("left_nozzle_target_temperature", NUMBER)) == 392


async def test_numbers_are_there_as_long_as_the_printer_answers(
    simulator: Simulator, numbers: MockConfigEntry, state: State, tick: Ticker
) -> None:
    printer = simulator.printer

    def there() -> bool:
        states = {state(key, NUMBER) for key in KEYS}
        assert "unknown" not in states
        assert "unavailable" not in states or states == {"unavailable"}
        return "unavailable" not in states

    await tick(30)
    assert there()
    printer.start("Local/part.gcode", duration=600)
    await tick(60)
    assert there()
    await tick(600)
    assert there()
    await simulator.power_off()
    await tick(60)
    assert not there()
    await simulator.power_on()
    await tick(60)
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
    simulator: Simulator,
    numbers: MockConfigEntry,
    set_value: SetValue,
    in_the_way: Callable[[Printer], None],
    key: str,
) -> None:
    in_the_way(simulator.printer)
    await refused(set_value("bed_target_temperature", 60), key)
    assert simulator.printer.machine.bed.target == 0


async def test_a_printer_that_has_just_booted_is_not_ready_to_heat(
    simulator: Simulator, numbers: MockConfigEntry, set_value: SetValue
) -> None:
    await simulator.power_off()
    await simulator.power_on()
    await refused(set_value("bed_target_temperature", 60), "refused_not_ready")


async def test_a_nozzle_that_is_gone_is_told(
    simulator: Simulator, numbers: MockConfigEntry, set_value: SetValue
) -> None:
    simulator.faults.add(
        "refuse", path="printer/nozzle2/temp/set", code=404, msg="no right nozzle"
    )
    await refused(
        set_value("right_nozzle_target_temperature", 200), "not_found", mistake=True
    )


@pytest.mark.parametrize(
    ("fault", "key"), [("reset", "cannot_connect"), ("http_429", "printer_busy")]
)
async def test_a_target_whose_answer_is_lost_is_never_set_twice(
    simulator: Simulator,
    numbers: MockConfigEntry,
    set_value: SetValue,
    tick: Ticker,
    fault: str,
    key: str,
) -> None:
    path = "printer/heatbedtemp/set"
    simulator.faults.add(fault, path=path)
    await refused(set_value("bed_target_temperature", 60), key)
    await tick(60)
    assert posts(simulator) == [path]


async def test_a_password_that_was_changed_is_named_as_the_reason(
    hass: HomeAssistant,
    simulator: Simulator,
    numbers: MockConfigEntry,
    set_value: SetValue,
) -> None:
    simulator.printer.password = "changed"
    simulator.drop_tokens()
    await refused(set_value("bed_target_temperature", 60), "invalid_auth")
    await hass.async_block_till_done()
    # the polls decide whether that lasts
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)


async def test_nothing_is_set_but_by_a_person(
    hass: HomeAssistant,
    simulator: Simulator,
    numbers: MockConfigEntry,
    set_value: SetValue,
    state: State,
    tick: Ticker,
) -> None:
    await set_value("bed_target_temperature", 60)
    await set_value("feed_rate_target", 80)
    done = len(posts(simulator))
    await tick(60)
    # a restart, then one of the printer, which forgets its targets
    assert await hass.config_entries.async_unload(numbers.entry_id)
    await set_up(hass, numbers)
    await tick(60)
    await simulator.power_off()
    await tick(60)
    await simulator.power_on()
    await tick(300)
    assert float(state("bed_target_temperature", NUMBER)) == 0
    assert float(state("feed_rate_target", NUMBER)) == 100
    simulator.printer.start("Local/part.gcode", duration=600)
    await tick(900)
    simulator.printer.dismiss()
    await tick(60)
    assert await hass.config_entries.async_remove(numbers.entry_id)
    assert len(posts(simulator)) == done == 2
