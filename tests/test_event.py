"""Tests of what Home Assistant is told of a print, whatever happens meanwhile."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.const import DOMAIN
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import CoreState, Event, HomeAssistant
from homeassistant.helpers.storage import Store
from simulator import Simulator

from .conftest import Ticker, set_up

type Told = list[tuple[str, bool]]
type Down = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture
def told(hass: HomeAssistant) -> Told:
    """Return what the event entity tells from now on, and whether it is late."""
    told: Told = []

    def note(event: Event[Any]) -> None:
        state = event.data["new_state"]
        old = event.data["old_state"]
        if state is None or not state.entity_id.startswith("event."):
            return
        # what an automation would react to
        if old is None or "unavailable" in (old.state, state.state):
            return
        if old.state != state.state:
            told.append((state.attributes["event_type"], state.attributes["late"]))

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    return told


@pytest.fixture
def down(hass: HomeAssistant, config_entry: MockConfigEntry) -> Down:
    """Return a context in which Home Assistant is down."""

    @asynccontextmanager
    async def down() -> AsyncGenerator[None]:
        assert await hass.config_entries.async_unload(config_entry.entry_id)
        await hass.async_block_till_done()
        yield
        hass.set_state(CoreState.starting)
        await set_up(hass, config_entry)
        hass.set_state(CoreState.running)

    return down


async def test_a_print_is_told_from_start_to_end(
    simulator: Simulator, loaded_entry: MockConfigEntry, tick: Ticker, told: Told
) -> None:
    printer = simulator.printer
    await tick(60)
    printer.start("Local/part.gcode", duration=1200)
    await tick(300)
    printer.pause()
    await tick(60)
    printer.resume()
    await tick(1200)
    printer.dismiss()
    await tick(60)
    assert told == [
        ("started", False),
        ("paused", False),
        ("resumed", False),
        ("completed", False),
    ]


async def test_an_event_says_what_was_printed(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    entity_id: Callable[..., str],
) -> None:
    await tick(60)
    job_id = simulator.printer.start("Local/folder/part.gcode", duration=1200)
    await tick(1500)
    state = hass.states.get(entity_id("job", "event"))
    assert state
    attributes = {
        key: state.attributes[key]
        for key in (
            "event_type",
            "job_id",
            "file_name",
            "duration",
            "estimated_duration",
            "progress",
            "layers",
            "late",
        )
    }
    assert attributes == {
        "event_type": "completed",
        "job_id": job_id,
        "file_name": "part.gcode",
        "duration": 1200,
        "estimated_duration": 1200,
        "progress": 100.0,
        "layers": 250,
        "late": False,
    }


@pytest.mark.parametrize(
    ("act", "kind"), [("stop", "stopped"), ("fail", "failed"), ("pause", "paused")]
)
async def test_what_was_not_completed_is_not_told_as_completed(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    told: Told,
    act: str,
    kind: str,
) -> None:
    await tick(60)
    simulator.printer.start("Local/part.gcode", duration=1200)
    await tick(300)
    getattr(simulator.printer, act)()
    await tick(120)
    assert told == [("started", False), (kind, False)]


async def test_the_first_look_ever_reports_nothing(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    told: Told,
) -> None:
    simulator.printer.start("Local/part.gcode", duration=1200)
    await tick(300)
    await set_up(hass, config_entry)
    await tick(120)
    assert told == []


async def test_a_restart_during_a_print_reports_nothing(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    told: Told,
    down: Down,
    state: Callable[..., str],
) -> None:
    await tick(60)
    simulator.printer.start("Local/part.gcode", duration=3600)
    await tick(300)
    told.clear()
    async with down():
        await tick(120)
    await tick(120)
    assert told == []
    assert state("status") == "printing"


async def test_a_print_that_ended_while_home_assistant_was_down_is_told_afterwards(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    told: Told,
    down: Down,
) -> None:
    await tick(60)
    simulator.printer.start("Local/part.gcode", duration=600)
    await tick(300)
    told.clear()
    async with down():
        await tick(900)
    assert told == []
    await tick(60)
    assert told == [("completed", True)]
    async with down():
        await tick(60)
    await tick(60)
    assert told == [("completed", True)]


async def test_nothing_is_told_before_automations_listen(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    told: Told,
) -> None:
    await tick(60)
    simulator.printer.start("Local/part.gcode", duration=600)
    hass.set_state(CoreState.starting)
    await tick(120)
    assert told == []
    hass.set_state(CoreState.running)
    await tick(60)
    assert told == [("started", False)]


async def test_a_crash_before_it_was_told_loses_nothing(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    told: Told,
    down: Down,
) -> None:
    await tick(60)
    simulator.printer.start("Local/part.gcode", duration=600)
    hass.set_state(CoreState.starting)
    await tick(60)
    async with down():
        await tick(60)
    await tick(60)
    assert told == [("started", True)]


@pytest.mark.parametrize("act", ["dismiss", "stop"])
async def test_the_history_decides_what_became_of_a_print_that_is_gone(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    told: Told,
    down: Down,
    act: str,
) -> None:
    await tick(60)
    simulator.printer.start("Local/part.gcode", duration=600)
    await tick(300)
    told.clear()
    async with down():
        if act == "dismiss":
            await tick(600)
        getattr(simulator.printer, act)()
        await tick(300)
    await tick(60)
    assert told == [("completed" if act == "dismiss" else "stopped", True)]


async def test_another_job_meanwhile_settles_the_old_one_first(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    told: Told,
    down: Down,
) -> None:
    await tick(60)
    simulator.printer.start("Local/part.gcode", duration=600)
    await tick(300)
    told.clear()
    async with down():
        await tick(600)
        simulator.printer.dismiss()
        simulator.printer.start("Local/next.gcode", duration=600)
        await tick(60)
    await tick(60)
    assert told == [("completed", True), ("started", True)]


async def test_a_print_that_came_and_went_unseen_is_told_afterwards(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    told: Told,
    down: Down,
) -> None:
    await tick(60)
    async with down():
        for name in ("Local/one.gcode", "Local/two.gcode"):
            simulator.printer.start(name, duration=600)
            await tick(900)
            simulator.printer.dismiss()
        await tick(60)
    await tick(60)
    assert told == [("started", True), ("completed", True)] * 2


async def test_a_power_cut_in_a_print_stops_it_and_a_recovery_resumes_it(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    told: Told,
) -> None:
    await tick(60)
    simulator.printer.start("Local/part.gcode", duration=3600)
    await tick(300)
    told.clear()
    await simulator.power_off()
    await tick(600)
    assert told == []
    await simulator.power_on()
    await tick(120)
    assert told == [("stopped", True)]
    simulator.printer.recover()
    await tick(120)
    assert told == [("stopped", True), ("resumed", False)]


async def test_a_reload_tells_nothing_again(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    told: Told,
) -> None:
    await tick(60)
    simulator.printer.start("Local/part.gcode", duration=600)
    await tick(900)
    told.clear()
    for _ in range(3):
        assert await hass.config_entries.async_reload(loaded_entry.entry_id)
        await tick(60)
    assert told == []


async def test_the_same_file_twice_is_two_prints(
    simulator: Simulator, loaded_entry: MockConfigEntry, tick: Ticker, told: Told
) -> None:
    await tick(60)
    for _ in range(2):
        simulator.printer.start("Local/part.gcode", duration=600)
        await tick(900)
        simulator.printer.dismiss()
        await tick(60)
    assert told == [("started", False), ("completed", False)] * 2


async def test_a_wrong_clock_of_the_printer_changes_nothing(
    simulator: Simulator, loaded_entry: MockConfigEntry, tick: Ticker, told: Told
) -> None:
    await tick(60)
    simulator.printer.set_clock_offset(-25 * 365 * 86400)
    simulator.printer.start("Local/part.gcode", duration=600)
    await tick(900)
    assert told == [("started", False), ("completed", False)]


async def test_an_outage_of_the_network_loses_nothing(
    simulator: Simulator, loaded_entry: MockConfigEntry, tick: Ticker, told: Told
) -> None:
    await tick(60)
    simulator.printer.start("Local/part.gcode", duration=600)
    await tick(120)
    await simulator.stop()
    await tick(900)
    await simulator.start()
    await tick(120)
    assert told == [("started", False), ("completed", True)]


@pytest.mark.parametrize(
    ("kind", "told_as"), [("http_404", "stopped"), ("html", "completed")]
)
async def test_a_history_that_cannot_be_read_is_not_waited_for_for_ever(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    told: Told,
    kind: str,
    told_as: str,
) -> None:
    await tick(60)
    simulator.printer.start("Local/part.gcode", duration=600)
    await tick(300)
    told.clear()
    await simulator.stop()
    await tick(600)
    simulator.printer.dismiss()
    count = None if kind == "http_404" else 3
    simulator.faults.add(kind, path="dashboard/joblist", count=count)
    await simulator.start()
    await tick(300)
    assert told == [(told_as, True)]


@pytest.mark.parametrize("damage", [{"phase": "levitating"}, {"key": "a"}])
async def test_damaged_memory_is_told_once_and_started_afresh(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    told: Told,
    caplog: pytest.LogCaptureFixture,
    damage: dict[str, str],
) -> None:
    key = f"{DOMAIN}.{config_entry.entry_id}"
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": damage}
    await set_up(hass, config_entry)
    await tick(60)
    simulator.printer.start("Local/part.gcode", duration=600)
    await tick(120)
    assert told == [("started", False)]
    warnings = [
        record
        for record in caplog.records
        if record.name.startswith("custom_components.raise3d")
        and record.levelno >= logging.WARNING
    ]
    assert len(warnings) == 1


async def test_the_memory_is_written_on_change_only(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await tick(60)
    writes: list[dict[str, Any]] = []
    write = Store.async_save

    async def counted(self: Store[Any], data: dict[str, Any]) -> None:
        writes.append(data)
        await write(self, data)

    monkeypatch.setattr(Store, "async_save", counted)
    simulator.printer.start("Local/part.gcode", duration=1200)
    await tick(1500)
    await tick(600)
    assert [data["phase"] for data in writes] == ["printing", "completed"]


async def test_removing_a_printer_forgets_its_jobs(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    loaded_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    await tick(60)
    assert f"{DOMAIN}.{loaded_entry.entry_id}" in hass_storage
    await hass.config_entries.async_remove(loaded_entry.entry_id)
    await hass.async_block_till_done()
    assert f"{DOMAIN}.{loaded_entry.entry_id}" not in hass_storage


@pytest.mark.parametrize("kind", ["http_404", "busy_body"])
async def test_a_printer_without_a_history_is_not_asked_for_it_again_and_again(
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    kind: str,
    hass: HomeAssistant,
    told: Told,
) -> None:
    simulator.faults.add(kind, path="dashboard/statistics", count=None)
    await set_up(hass, config_entry)
    await tick(300)
    simulator.requests.clear()
    await tick(600)
    paths = [request.path for request in simulator.requests]
    assert paths.count("/v1/dashboard/statistics") <= 2
    simulator.printer.start("Local/part.gcode", duration=600)
    await tick(900)
    assert told == [("started", False), ("completed", False)]
