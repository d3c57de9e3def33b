"""Tests of another printer that takes the address over: nothing of it gets out."""

from collections.abc import Callable

import pytest

from custom_components.raise3d.api import Raise3DWrongPrinterError
from homeassistant.const import Platform
from simulator import Printer

from .common import MINUTE, Home, new_printer, now

pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that could show another printer."""
    return [Platform.CAMERA, Platform.EVENT, Platform.SENSOR]


# What brings a printer into a state.
BEGIN: dict[str, Callable[[Printer, str], object]] = {
    "idle": lambda _, __: None,
    "printing": lambda printer, file: printer.start(file, duration=6 * 3600),
}


@pytest.fixture
def stranger() -> Printer:
    """Return a printer with macs and tokens of its own."""
    return new_printer("e2", seed=7, history=40, ambient=35.0)


@pytest.mark.parametrize("theirs", ["idle", "printing"])
@pytest.mark.parametrize("ours", ["idle", "printing"])
async def test_nothing_of_another_printer_gets_out(
    stranger: Printer, home: Home, ours: str, theirs: str
) -> None:
    BEGIN[ours](home.printer, "Local/part.gcode")
    await home.tick(3 * MINUTE)
    total = home.state("prints_completed")
    event = home.state("job", "event")
    BEGIN[theirs](stranger, "Local/strange.gcode")
    home.changes.clear()
    async with home.replaced_by(stranger) as wire:
        await home.tick(2 * MINUTE)
        assert home.status == "offline"
        assert home.issues == {"wrong_printer"}
        assert home.state("job", "event") == event
        assert home.state("prints_completed") == total
        assert not [state for _, state in home.written() if "strange" in state]
        assert (home.entity_id("prints_completed"), "40") not in home.written()
        requested = wire.count_requests()
        await home.tick(5 * MINUTE)
        # less often, but at least each minute
        assert 4 <= wire.count_requests() - requested <= 12
    await home.tick(65)
    assert home.status == ours
    assert not home.issues
    assert home.state("job", "event") == event
    assert home.state("prints_completed") == total


async def test_a_printer_that_takes_our_token_is_known_by_its_job(home: Home) -> None:
    home.printer.start("Local/part.gcode", duration=6 * 3600)
    await home.tick(3 * MINUTE)
    event = home.state("job", "event")
    # the same seed: the same tokens, and even the same network addresses
    other = new_printer("e2")
    other.tokens.issue(now())
    async with home.replaced_by(other) as wire:
        await home.tick(45)
        assert wire.simulator.logins == 0
        assert home.status == "offline"
        assert home.issues == {"wrong_printer"}
        assert home.state("job", "event") == event
    await home.tick(65)
    assert home.status == "printing"
    assert home.state("job", "event") == event


async def test_a_camera_of_another_printer_is_not_taken_over(
    stranger: Printer, home: Home
) -> None:
    await home.tick(MINUTE)
    before = home.coordinator.data.camera
    stranger.camera_password = "foreign"
    async with home.replaced_by(stranger):
        with pytest.raises(Raise3DWrongPrinterError, match="another printer"):
            await home.coordinator.camera.async_refresh()
        assert home.coordinator.data.camera == before


async def test_a_print_that_starts_costs_no_check_and_an_odd_change_one(
    home: Home,
) -> None:
    # past the first regular check
    await home.tick(4 * MINUTE)
    before = home.count_requests("printer/system")
    home.printer.start("Local/part.gcode", duration=6 * 3600)
    await home.tick(3 * MINUTE)
    assert home.count_requests("printer/system") == before
    home.answer("job/currentjob", job_id=f"020000000001_020000000002_{'0' * 16}")
    await home.tick(2 * MINUTE)
    assert home.count_requests("printer/system") == before + 1
