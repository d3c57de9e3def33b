"""Tests of a printer that wants to be left alone, and of refusals hours apart."""

import pytest

from homeassistant.const import Platform

from .common import MINUTE, Home

pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that show what was read."""
    return [Platform.SENSOR]


async def test_a_retry_after_of_minutes_shows_no_old_values_for_minutes(
    home: Home,
) -> None:
    await home.tick(MINUTE)
    home.fail("http_429", retry_after=300)
    await home.tick(35)
    assert home.status == "idle"
    requested = home.count_requests()
    await home.tick(MINUTE)
    assert home.state("bed_temperature") == "unavailable"
    assert home.status == "offline"
    await home.tick(2 * MINUTE)
    assert home.count_requests() == requested
    home.heal()
    await home.tick(2.5 * MINUTE)
    assert home.status == "idle"
    assert home.number("bed_temperature") > 0


async def test_a_refresh_by_a_person_does_not_wait_for_the_retry_after(
    home: Home,
) -> None:
    await home.tick(MINUTE)
    home.simulator.faults.add("http_429", count=1, retry_after=300)
    await home.tick(2 * MINUTE)
    assert home.status == "offline"
    await home.coordinator.async_request_refresh()
    await home.tick(15)
    assert home.status == "idle"


def refuse_logins(home: Home, count: int) -> None:
    """Let the printer refuse the password for a while."""
    refusal = {"code": 10000, "msg": "sign error"}
    home.simulator.faults.add("refuse", path="login", count=count, **refusal)


@pytest.mark.parametrize("minutes", [3, 20])
async def test_a_refusal_at_a_boot_long_after_another_begins_five_minutes_of_its_own(
    home: Home, minutes: float
) -> None:
    home.simulator.drop_tokens()
    refuse_logins(home, 1)
    await home.tick(45)
    assert home.status == "offline"
    await home.simulator.power_off()
    await home.tick(minutes * MINUTE)
    refuse_logins(home, 3)
    await home.simulator.power_on()
    await home.tick(6 * MINUTE)
    assert home.status == "idle"
    assert not home.flows
