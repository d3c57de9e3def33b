"""Tests of the action that sums up a period."""

from datetime import datetime, timedelta

import pytest

from custom_components.raise3d.jobs import JobPhase, LoggedJob
from homeassistant.util import dt as dt_util
from tests.actions import refused
from tests.common import Home

START = datetime.fromisoformat("2026-11-01T00:00:00-07:00")


@pytest.fixture
async def home(home: Home) -> Home:
    """Return a home that remembers prints of two months, and is in Arizona."""
    await home.hass.config.async_set_time_zone("America/Phoenix")
    for key, ended_at, tag in (
        ("october", START - timedelta(seconds=1), "a"),
        ("first", START, "a"),
        ("last", START + timedelta(days=5), None),
        ("undated", None, "a"),
    ):
        job = LoggedJob(
            key=key,
            job_id=key,
            user_tag=tag,
            phase=JobPhase.COMPLETED,
            ended_at=ended_at,
            filament_left=1.5,
            cost=0.1,
        )
        home.coordinator.log.async_put(job)
    return home


async def test_a_summary_is_that_of_the_month_until_now(home: Home) -> None:
    home.simulator.requests.clear()
    summary = await home.act("get_print_summary")
    assert summary["start"] == START.isoformat()
    assert summary["end"] == dt_util.now().isoformat()
    assert summary["currency"] == "EUR"
    assert [(each["user_tag"], each["cost"]) for each in summary["tags"]] == [
        *(("a", 0.1), (None, 0.1))
    ]
    assert summary["total"]["prints_completed"] == 2
    assert summary["total"]["filament_left"] == 3
    assert summary["undated"] == 1
    assert "csv" not in summary
    assert not home.simulator.requests


async def test_a_period_may_be_given_in_local_time_or_with_a_zone(home: Home) -> None:
    summary = await home.act(
        "get_print_summary",
        start="2026-10-31 23:00:00",
        end="2026-11-01T07:00:00+00:00",
        csv=True,
    )
    assert [line.split(",")[0] for line in summary["csv"].splitlines()] == [
        *("job_id", "october")
    ]
    october = await home.act("get_print_summary", end="2026-11-01 00:00:00")
    assert october["start"] == "2026-10-01T00:00:00-07:00"
    assert october["total"]["prints_completed"] == 1


async def test_an_end_before_the_start_is_refused(home: Home) -> None:
    call = home.act("get_print_summary", start="2026-11-02", end="2026-11-01")
    error = await refused(call, "end_before_start", mistake=True)
    assert error.translation_placeholders is None
