"""Tests against the real recorder of what becomes of history and statistics."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)
from pytest_homeassistant_custom_component.typing import RecorderInstanceContextManager

from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.history import get_significant_states
from homeassistant.components.recorder.statistics import (
    statistics_during_period,
    validate_statistics,
)
from homeassistant.const import Platform
from homeassistant.core import State
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .older import OldHome, version_2

pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platform that has statistics."""
    return [Platform.SENSOR]


@pytest.fixture
def mock_recorder_before_hass(
    async_test_recorder: RecorderInstanceContextManager,
) -> None:
    """Prepare the database first: the recorder is there before Home Assistant."""


async def pass_five_minutes(home: OldHome) -> None:
    """Let time pass in one step."""
    home.freezer.tick(timedelta(minutes=5))
    async_fire_time_changed(home.hass)
    await home.block_till_done()


async def compile_five_minutes(home: OldHome) -> None:
    """Let time pass up to the recorder's next statistics."""
    begin = dt_util.utcnow()
    await pass_five_minutes(home)
    await async_wait_recording_done(home.hass)
    do_adhoc_statistics(home.hass, start=begin)
    await async_wait_recording_done(home.hass)


async def complaints(home: OldHome, recorder: Recorder) -> dict[str, list[str]]:
    """Return what Home Assistant has to say against the statistics."""
    found = await recorder.async_add_executor_job(validate_statistics, home.hass)
    return {key: [issue.type for issue in found[key]] for key in found}


@version_2
async def test_history_and_statistics_go_on_under_the_same_entity_id(
    recorder_mock: Recorder, home: OldHome
) -> None:
    """And Home Assistant says against it what users are told beforehand."""
    hass = home.hass
    await async_setup_component(hass, "sensor", {})
    ids = {key: entity_id for (_, key), entity_id in home.ids.items()}
    bed, progress = ids["heatbed_cur_temp"], ids["print_progress"]
    battery, filament = ids["battery"], ids["printed_used_filament"]
    duration = ids["printed_total_time"]
    start = dt_util.utcnow()

    for entity_id, value, unit, state_class in (
        (bed, "61", "°C", "measurement"),
        (battery, "3.7", "V", "measurement"),
        (progress, "12", "%", "total_increasing"),
        (filament, "1473", "m", "total_increasing"),
        (duration, "492527", "seconds", "total_increasing"),
    ):
        attributes = {"unit_of_measurement": unit, "state_class": state_class}
        hass.states.async_set(entity_id, value, attributes)
    await compile_five_minutes(home)
    for entity_id in (bed, battery, progress, filament, duration):
        hass.states.async_remove(entity_id)  # Home Assistant ends
    home.printer.start("Local/medaille_1.gcode")
    await home.set_up()
    await pass_five_minutes(home)
    # the numbers are what they were
    shown = home.shown(["printed_used_filament", "printed_total_time"])
    assert [it.attributes["unit_of_measurement"] for it in shown.values()] == ["g", "h"]
    lasting = {
        battery: ["no_state"],
        filament: ["units_changed"],
        duration: ["units_changed"],
    }
    expected = {progress: ["mean_type_changed"], **lasting}
    assert await complaints(home, recorder_mock) == expected
    await compile_five_minutes(home)
    await compile_five_minutes(home)
    assert await complaints(home, recorder_mock) == lasting

    rows = await recorder_mock.async_add_executor_job(
        lambda: statistics_during_period(
            hass, start, None, {bed, progress}, "5minute", None, {"mean"}
        )
    )
    assert [row.get("mean") for row in rows[bed]] == [61, 59, 59]
    assert [row.get("mean") for row in rows[progress]] == [None, 0, 2]
    history = await recorder_mock.async_add_executor_job(
        get_significant_states,
        *(hass, start - timedelta(seconds=1), None, [bed, progress]),
    )
    recorded = {
        entity_id: [state.state for state in states if isinstance(state, State)]
        for entity_id, states in history.items()
    }
    assert recorded[bed] == ["61", "", "24", "59"]
    assert recorded[progress] == ["12", "", "unknown", "0", "2", "6"]
