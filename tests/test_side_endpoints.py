"""Tests of endpoints that fail beside others that answer: one is not the printer."""

import logging

import pytest

from homeassistant.const import Platform

from .common import MINUTE, Home

SHOWN = {
    "printer/basic": "bed_temperature",
    "printer/nozzle1": "left_nozzle_temperature",
    "printer/nozzle2": "right_nozzle_temperature",
}
SIDES = (
    *SHOWN,
    "printer/camera",
    "printer/system",
    "dashboard/statistics",
    "dashboard/joblist",
    "dashboard/job",
)
# One of each error; tests/api/calls.py has which answer is which.
KINDS = ("http_500", "http_401", "busy_body", "reset", "truncated", "refuse")

pytestmark = pytest.mark.usefixtures(
    "entity_registry_enabled_by_default", "only_platforms"
)


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that have the side endpoints read."""
    return [Platform.BINARY_SENSOR, Platform.CAMERA, Platform.SENSOR]


@pytest.fixture
async def printing(home: Home) -> Home:
    """Print long enough for each endpoint to be read more than once."""
    home.printer.start("Local/part.gcode", duration=6 * 3600)
    await home.tick(2 * MINUTE)
    return home


@pytest.mark.parametrize("kind", KINDS)
async def test_all_side_endpoints_together_hide_nothing_of_a_print(
    printing: Home, kind: str
) -> None:
    home = printing
    home.fail(kind, *SIDES)
    await home.tick(3 * MINUTE)
    assert home.status == "printing"
    assert home.state("connected", "binary_sensor") == "on"
    assert home.number("progress") >= 0
    assert home.state("file_name") == "part.gcode"
    assert not home.issues
    assert not home.flows
    assert "Traceback" not in home.caplog.text


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("printer/basic", "http_500"),
        ("printer/nozzle1", "reset"),
        ("printer/nozzle2", "truncated"),
        ("printer/nozzle2", "token_error"),
    ],
)
async def test_a_value_is_kept_for_a_minute_and_unknown_after_it(
    printing: Home, path: str, kind: str
) -> None:
    home = printing
    home.fail(kind, path)
    before = home.count_requests(path)
    await home.coordinator.async_request_refresh()
    await home.tick(50)
    assert home.count_requests(path) > before
    assert home.number(SHOWN[path]) > 0
    await home.tick(2 * MINUTE)
    assert home.state(SHOWN[path]) == "unknown"
    assert all(home.number(SHOWN[other]) > 0 for other in SHOWN.keys() - {path})
    home.heal()
    await home.tick(6 * MINUTE)
    assert home.number(SHOWN[path]) > 0


@pytest.mark.parametrize("path", SHOWN)
async def test_a_single_bad_answer_is_never_shown(printing: Home, path: str) -> None:
    home = printing
    home.changes.clear()
    before = home.count_requests(path)
    home.simulator.faults.add("http_500", path=path)
    await home.tick(3 * MINUTE)
    assert home.count_requests(path) > before + 1
    shown = home.written()
    assert (home.entity_id(SHOWN[path]), "unknown") not in shown
    assert (home.entity_id("status"), "offline") not in shown


# the last job is only read while the list of jobs can be read
@pytest.mark.parametrize("failing", [SIDES[:-1], SIDES[-1:]], ids=["others", "job"])
@pytest.mark.usefixtures("few_polls")
async def test_a_failing_endpoint_is_logged_once_and_once_when_it_is_back(
    home: Home, failing: tuple[str, ...]
) -> None:
    home.printer.start("Local/part.gcode", duration=600)
    await home.tick(2 * MINUTE)
    home.caplog.clear()
    home.fail("http_500", *failing)
    await home.tick(16 * MINUTE)
    failed = home.log()
    assert len(failed) >= len(failing)
    for path in failing:
        assert len([line for line in failed if path in line]) == 1, failed
    home.heal()
    await home.tick(31 * MINUTE)
    assert len(home.log()) == 2 * len(failed)
    assert "Traceback" not in home.caplog.text
    assert not [r for r in home.caplog.records if r.levelno >= logging.ERROR]


async def test_no_log_has_a_file_that_the_words_of_a_refusal_name(
    printing: Home,
) -> None:
    home = printing
    home.caplog.set_level(logging.DEBUG)
    home.fail("refuse", *SIDES, msg="cannot read Local/part.gcode")
    await home.tick(3 * MINUTE)
    assert any("cannot be read" in line for line in home.log())
    assert not [line for line in home.log(logging.DEBUG) if "part" in line]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("printer/basic", "http_500"),
        ("printer/camera", "truncated"),
        ("dashboard/statistics", "truncated"),
    ],
)
@pytest.mark.usefixtures("few_polls")
async def test_a_failing_endpoint_is_polled_less_often_and_the_rest_as_planned(
    home: Home, path: str, kind: str
) -> None:
    await home.tick(2 * MINUTE)
    home.simulator.requests.clear()
    await home.tick(60 * MINUTE)
    usual = home.count_requests(path)
    usual_others = home.count_requests() - usual
    home.fail(kind, path)
    home.simulator.requests.clear()
    await home.tick(60 * MINUTE)
    assert home.count_requests(path) <= usual
    assert home.count_requests() - home.count_requests(path) == pytest.approx(
        usual_others, abs=8
    )


@pytest.mark.parametrize("kind", ["http_500", "reset", "truncated", "busy_body"])
async def test_totals_never_vanish(new_home: Home, kind: str) -> None:
    home = new_home
    home.printer.start("Local/part.gcode", duration=60)
    await home.tick(2 * MINUTE)
    home.printer.dismiss()
    await home.set_up()
    await home.tick(MINUTE)
    assert home.state("prints_completed") == "1"
    home.fail(kind, "dashboard/statistics", "dashboard/joblist")
    for _ in range(2):
        await home.tick(8 * MINUTE)
        assert home.state("prints_completed") == "1"
        assert home.state("filament_used") not in {"unknown", "unavailable"}
        assert home.state("last_job_filament") not in {"unknown", "unavailable"}


async def test_an_unreadable_system_hides_nothing_from_the_start_on(
    new_home: Home,
) -> None:
    home = new_home
    home.fail("http_500", "printer/system")
    await home.set_up()
    assert home.status == "idle"
    await home.simulator.power_off()
    await home.tick(2 * MINUTE)
    await home.simulator.power_on()
    await home.tick(2 * MINUTE)
    assert home.status == "idle"
    assert home.number("bed_temperature") > 0
    assert home.state("storage_free") == "unknown"
    home.heal()
    await home.tick(6 * MINUTE)
    assert home.number("storage_free") > 0


@pytest.mark.parametrize("path", ["printer/runningstatus", "job/currentjob"])
async def test_state_and_job_decide_whether_the_printer_can_be_reached(
    home: Home, path: str
) -> None:
    home.printer.start("Local/part.gcode", duration=6 * 3600)
    await home.tick(MINUTE)
    home.fail("http_500", path)
    await home.tick(MINUTE)
    assert home.status == "offline"
    await home.tick(8 * MINUTE)
    assert home.issues == {"api_off"}
    assert not home.flows


async def test_versions_that_an_answer_lacks_do_not_replace_known_ones(
    home: Home,
) -> None:
    before = dict(home.entry.data)
    home.answer("printer/system", version="", firmware_version=None)
    await home.tick(16 * MINUTE)
    assert dict(home.entry.data) == before
