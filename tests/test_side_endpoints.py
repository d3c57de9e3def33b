"""Tests of endpoints that fail beside others that answer: one is not the printer."""

from collections.abc import Callable
import logging

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from simulator import Simulator

from .common import set_up
from .conftest import Ticker

MINUTE = 60
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
KINDS = (
    *("http_500", "http_401", "http_429", "http_503", "reset", "disconnect"),
    *("truncated", "cut_off", "empty", "html", "no_data", "busy_body", "token_error"),
    "refuse",
)

type State = Callable[..., str]

pytestmark = pytest.mark.usefixtures("entity_registry_enabled_by_default")


def asked(simulator: Simulator, path: str) -> int:
    """Return how often an endpoint was asked."""
    return [request.path for request in simulator.requests].count(f"/v1/{path}")


def own_lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the integration has logged above debug."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.raise3d")
        and record.levelno > logging.DEBUG
    ]


@pytest.fixture
async def printing(
    simulator: Simulator, loaded_entry: MockConfigEntry, tick: Ticker
) -> None:
    """Print long enough for each endpoint to be read more than once."""
    simulator.printer.start("Local/part.gcode", duration=6 * 3600)
    await tick(2 * MINUTE)


@pytest.mark.usefixtures("printing")
@pytest.mark.parametrize("kind", KINDS)
async def test_all_side_endpoints_together_hide_nothing_of_a_print(
    hass: HomeAssistant,
    simulator: Simulator,
    tick: Ticker,
    state: State,
    issue_registry: ir.IssueRegistry,
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    for path in SIDES:
        simulator.faults.add(kind, path=path, count=None)
    await tick(8 * MINUTE)
    assert state("status") == "printing"
    assert state("connected", "binary_sensor") == "on"
    assert float(state("progress")) >= 0
    assert state("file_name") == "part.gcode"
    assert not [key for key in issue_registry.issues if key[0] == DOMAIN]
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert "Traceback" not in caplog.text


@pytest.mark.usefixtures("printing")
@pytest.mark.parametrize("path", SHOWN)
@pytest.mark.parametrize("kind", ["http_500", "reset", "truncated", "token_error"])
async def test_a_value_is_kept_for_a_minute_and_unknown_after_it(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
    path: str,
    kind: str,
) -> None:
    others = {SHOWN[other] for other in SHOWN if other != path}
    simulator.faults.add(kind, path=path, count=None)
    before = asked(simulator, path)
    await loaded_entry.runtime_data.async_request_refresh()
    await tick(50)
    assert asked(simulator, path) > before
    assert float(state(SHOWN[path])) > 0
    await tick(2 * MINUTE)
    assert state(SHOWN[path]) == "unknown"
    assert all(float(state(other)) > 0 for other in others)
    simulator.faults.clear()
    await tick(6 * MINUTE)
    assert float(state(SHOWN[path])) > 0


@pytest.mark.usefixtures("printing")
@pytest.mark.parametrize("path", SHOWN)
async def test_a_single_bad_answer_is_never_seen(
    hass: HomeAssistant,
    simulator: Simulator,
    tick: Ticker,
    entity_id: Callable[..., str],
    path: str,
) -> None:
    seen = set()
    hass.bus.async_listen(
        "state_changed",
        lambda event: seen.add(
            (event.data["entity_id"], event.data["new_state"].state)
        ),
    )
    simulator.faults.add("http_500", path=path)
    await tick(5 * MINUTE)
    assert (entity_id(SHOWN[path]), "unknown") not in seen
    assert (entity_id("status"), "offline") not in seen


@pytest.mark.parametrize("path", SIDES)
async def test_a_failing_endpoint_is_logged_once_and_once_when_it_is_back(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    caplog: pytest.LogCaptureFixture,
    path: str,
) -> None:
    simulator.printer.start("Local/part.gcode", duration=600)
    await tick(2 * MINUTE)
    caplog.clear()
    simulator.faults.add("http_500", path=path, count=None)
    await tick(30 * MINUTE)
    failed = own_lines(caplog)
    assert len([line for line in failed if path in line]) == 1
    simulator.faults.clear()
    await tick(31 * MINUTE)
    assert len(own_lines(caplog)) == 2 * len(failed)
    assert "Traceback" not in caplog.text
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR]


@pytest.mark.parametrize("path", [*SHOWN, "printer/camera", "dashboard/statistics"])
@pytest.mark.parametrize("kind", ["http_500", "truncated"])
async def test_a_failing_endpoint_is_asked_less_often_and_the_rest_as_planned(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    path: str,
    kind: str,
) -> None:
    await tick(5 * MINUTE)
    simulator.requests.clear()
    await tick(60 * MINUTE)
    usual = asked(simulator, path)
    usual_others = len(simulator.requests) - usual
    simulator.faults.add(kind, path=path, count=None)
    simulator.requests.clear()
    await tick(60 * MINUTE)
    assert asked(simulator, path) <= usual
    others = len(simulator.requests) - asked(simulator, path)
    assert others == pytest.approx(usual_others, abs=8)


@pytest.mark.parametrize("kind", ["http_500", "reset", "truncated", "busy_body"])
async def test_totals_never_vanish(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
    kind: str,
) -> None:
    simulator.printer.start("Local/part.gcode", duration=60)
    await tick(2 * MINUTE)
    simulator.printer.dismiss()
    await set_up(hass, config_entry)
    await tick(MINUTE)
    assert state("prints_completed") == "1"
    simulator.faults.add(kind, path="dashboard/statistics", count=None)
    simulator.faults.add(kind, path="dashboard/joblist", count=None)
    for _ in range(8):
        await tick(10 * MINUTE)
        assert state("prints_completed") == "1"
        assert state("filament_used") not in {"unknown", "unavailable"}
        assert state("last_job_filament") not in {"unknown", "unavailable"}


async def test_a_system_that_cannot_be_read_hides_nothing_from_the_start_on(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
) -> None:
    simulator.faults.add("http_500", path="printer/system", count=None)
    await set_up(hass, config_entry)
    assert state("status") == "idle"
    await simulator.power_off()
    await tick(2 * MINUTE)
    await simulator.power_on()
    await tick(2 * MINUTE)
    assert state("status") == "idle"
    assert float(state("bed_temperature")) > 0
    assert state("storage_free") == "unknown"
    simulator.faults.clear()
    await tick(6 * MINUTE)
    assert float(state("storage_free")) > 0


@pytest.mark.parametrize("path", ["printer/runningstatus", "job/currentjob"])
async def test_state_and_job_decide_whether_the_printer_can_be_reached(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
    issue_registry: ir.IssueRegistry,
    path: str,
) -> None:
    simulator.printer.start("Local/part.gcode", duration=6 * 3600)
    await tick(MINUTE)
    simulator.faults.add("http_500", path=path, count=None)
    await tick(MINUTE)
    assert state("status") == "offline"
    await tick(8 * MINUTE)
    assert [key[1].rpartition("_")[0] for key in issue_registry.issues] == ["api_off"]


async def test_versions_that_an_answer_lacks_do_not_replace_known_ones(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    entity_registry: er.EntityRegistry,
) -> None:
    before = dict(loaded_entry.data)
    simulator.faults.add(
        "override",
        path="printer/system",
        count=None,
        data=lambda data: data | {"version": "", "firmware_version": None},
    )
    await tick(16 * MINUTE)
    assert dict(loaded_entry.data) == before
