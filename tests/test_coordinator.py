"""Tests of what is asked when, and of what happens when it goes wrong."""

from collections.abc import Callable

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.const import DOMAIN
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from simulator import Printer, Simulator

from .common import PASSWORD, add_entry, now, set_up
from .conftest import Ticker


async def test_one_login_lasts_a_day(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    freezer: FrozenDateTimeFactory,
) -> None:
    await tick(60)
    assert simulator.logins == 1
    freezer.tick(24 * 3600 + 1)
    await tick(60)
    assert simulator.logins == 2
    assert simulator.max_in_flight == 1


async def test_a_token_that_dies_asks_the_user_and_never_the_printer_again(
    hass: HomeAssistant,
    simulator: Simulator,
    tick: Ticker,
    state: Callable[..., str],
) -> None:
    token = simulator.printer.tokens.issue(now())
    entry = add_entry(hass, simulator, token=token)
    await set_up(hass, entry)
    assert state("status") == "idle"
    simulator.drop_tokens()
    await tick(60)
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]
    assert state("status") == "offline"
    before = len(simulator.requests)
    await tick(120)
    assert len(simulator.requests) == before


@pytest.mark.parametrize("kind", ["html", "http_429", "busy_body", "truncated"])
async def test_an_answer_that_says_nothing_changes_nothing(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: Callable[..., str],
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    # twice, because the client tries a refused GET once more
    simulator.faults.add(kind, path="printer/runningstatus", count=2)
    await tick(45)
    assert state("status") == "idle"
    assert "raise3d" not in "".join(
        record.name for record in caplog.records if record.levelname == "ERROR"
    )


@pytest.mark.parametrize("kind", ["html", "http_429"])
async def test_a_printer_that_says_nothing_for_long_is_offline_until_it_speaks(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: Callable[..., str],
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    simulator.faults.add(kind, count=None)
    await tick(180)
    assert state("status") == "offline"
    assert state("bed_temperature") == "unavailable"
    errors = [r for r in caplog.records if r.levelname == "ERROR"]
    assert len(errors) == 1
    simulator.faults.clear()
    await tick(60)
    assert state("status") == "idle"


async def test_a_printer_that_names_its_time_is_left_alone_that_long(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    simulator.faults.add("http_429", count=1, retry_after=120)
    await tick(30)
    before = len(simulator.requests)
    await tick(90)
    assert len(simulator.requests) == before
    await tick(45)
    assert len(simulator.requests) > before


async def test_another_printer_at_the_address_is_not_mixed_in(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: Callable[..., str],
) -> None:
    await simulator.power_off()
    await tick(60)
    other = Printer("e2", password=PASSWORD, clock=now)
    async with Simulator(other, port=simulator.port) as stranger:
        other.start("Local/strange.gcode")
        await tick(120)
        assert state("status") == "offline"
        assert state("file_name") == "unavailable"
        assert {r.path for r in stranger.requests} <= {
            "/v1/login",
            "/v1/printer/system",
        }
    await simulator.power_on()
    await tick(120)
    assert state("status") == "idle"


async def test_an_update_of_the_printer_is_noticed(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    simulator.faults.add(
        "override",
        path="printer/system",
        count=None,
        data=lambda data: data | {"version": "1.8.0.1"},
    )
    await tick(16 * 60)
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, simulator.printer.machine_id), loaded_entry.entry_id
    )
    assert device
    assert device.sw_version == "1.8.0.1"
    assert loaded_entry.data["sw_version"] == "1.8.0.1"


async def test_a_printer_without_an_identity_is_not_believed(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: Callable[..., str],
) -> None:
    await simulator.power_off()
    await tick(30)
    simulator.faults.add(
        "missing_keys", path="printer/system", count=None, keys=["machine_id"]
    )
    await simulator.power_on()
    await tick(120)
    assert state("status") == "offline"


async def test_a_printer_that_is_off_is_asked_ever_less(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    await simulator.power_off()
    await tick(300)
    coordinator = loaded_entry.runtime_data
    assert coordinator.update_interval.total_seconds() == 60


async def test_a_burst_never_has_two_requests_in_flight(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    simulator.printer.start("Local/part.gcode")
    await tick(300)
    assert simulator.max_in_flight == 1
