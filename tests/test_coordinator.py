"""Tests of what is asked when, and of what happens when it goes wrong."""

import logging

import pytest

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import Platform

from .common import Home, new_printer

pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that show what was read."""
    return [Platform.SENSOR]


async def test_one_login_lasts_a_day(home: Home) -> None:
    await home.tick(60)
    assert home.simulator.logins == 1
    home.freezer.tick(24 * 3600 + 1)
    await home.tick(60)
    assert home.simulator.logins == 2
    assert home.simulator.max_in_flight == 1


async def test_a_dead_token_starts_reauth_and_sends_no_further_request(
    new_home: Home,
) -> None:
    home = new_home
    home.use_token()
    await home.set_up()
    assert home.status == "idle"
    home.simulator.drop_tokens()
    await home.tick(60)
    assert [flow["context"]["source"] for flow in home.flows] == [SOURCE_REAUTH]
    assert home.status == "offline"
    before = home.count_requests()
    await home.tick(120)
    assert home.count_requests() == before


async def test_a_single_unreadable_answer_changes_nothing(home: Home) -> None:
    for kind in ("html", "http_429", "busy_body", "truncated"):
        home.simulator.requests.clear()
        # twice, because the client tries a refused GET once more
        home.simulator.faults.add(kind, path="printer/runningstatus", count=2)
        await home.tick(75)
        assert home.count_requests("printer/runningstatus") > 2
        assert home.status == "idle"
        assert not home.log(logging.ERROR)


@pytest.mark.parametrize("kind", ["html", "http_429"])
async def test_a_printer_with_unreadable_answers_is_offline_until_they_are_readable(
    home: Home, kind: str
) -> None:
    home.fail(kind)
    await home.tick(180)
    assert home.status == "offline"
    assert home.state("bed_temperature") == "unavailable"
    assert len([r for r in home.caplog.records if r.levelname == "ERROR"]) == 1
    home.heal()
    await home.tick(60)
    assert home.status == "idle"


async def test_a_retry_after_is_obeyed(home: Home) -> None:
    home.simulator.faults.add("http_429", count=1, retry_after=120)
    await home.tick(30)
    before = home.count_requests()
    await home.tick(90)
    assert home.count_requests() == before
    await home.tick(45)
    assert home.count_requests() > before


async def test_another_printer_at_the_address_is_not_mixed_in(home: Home) -> None:
    await home.simulator.power_off()
    await home.tick(60)
    other = new_printer("e2")
    async with home.replaced_by(other) as stranger:
        other.start("Local/strange.gcode")
        await home.tick(120)
        assert home.status == "offline"
        assert home.state("file_name") == "unavailable"
        assert set(stranger.paths) <= {"login", "printer/system"}
    await home.simulator.power_on()
    await home.tick(120)
    assert home.status == "idle"


async def test_an_update_of_the_printer_is_noticed(home: Home) -> None:
    home.answer("printer/system", version="1.8.0.1")
    home.freezer.tick(15 * 60)
    await home.tick(60)
    assert home.device.sw_version == "1.8.0.1"
    assert home.entry.data["sw_version"] == "1.8.0.1"


async def test_a_printer_without_an_identity_stays_offline(home: Home) -> None:
    await home.simulator.power_off()
    await home.tick(30)
    home.fail("missing_keys", "printer/system", keys=["machine_id"])
    await home.simulator.power_on()
    await home.tick(120)
    assert home.status == "offline"


async def test_a_printer_that_is_off_is_polled_less_and_less(home: Home) -> None:
    await home.simulator.power_off()
    await home.tick(300)
    interval = home.coordinator.update_interval
    assert interval
    assert interval.total_seconds() == 60


async def test_a_burst_never_has_two_requests_in_flight(home: Home) -> None:
    home.printer.start("Local/part.gcode")
    await home.tick(120)
    assert home.simulator.max_in_flight == 1
