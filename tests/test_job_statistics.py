"""Tests of what was printed in the long-term statistics, in a real database."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from itertools import batched
import logging
import random
from typing import Any, Literal

import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.raise3d import PLATFORMS
from custom_components.raise3d.jobs import JobPhase, LoggedJob
from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    list_statistic_ids,
    statistics_during_period,
)
from homeassistant.const import Platform
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util

from .common import HOUR, MINUTE, Home
from .dashboards import Config, Frontend
from .logged import at, logged, put

pytestmark = pytest.mark.usefixtures("only_platforms")

YEAR = at("2026-01-01T08:00:00Z")
PRINTS = 200
OUTCOMES = (JobPhase.COMPLETED, JobPhase.COMPLETED, JobPhase.FAILED, JobPhase.STOPPED)


@pytest.fixture
def quiet_database(caplog: pytest.LogCaptureFixture) -> None:
    """Log no statement: thousands of them take longer than what they do."""
    caplog.set_level(logging.WARNING, "sqlalchemy.engine")


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(
    quiet_database: None, recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Let Home Assistant load custom_components, and before that record."""


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platform that has read what statistics are about."""
    return [Platform.SENSOR]


def statistic(home: Home, key: str) -> str:
    """Return the id of a statistic."""
    return f"raise3d:{str(home.entry.unique_id).lower()}_{key}"


async def written(home: Home) -> None:
    """Wait until what is new was written."""
    await home.tick(MINUTE + 1)
    await async_wait_recording_done(home.hass)


async def rows(
    home: Home,
    key: str,
    period: Literal["hour", "month"] = "month",
    kind: Literal["change", "mean", "sum"] = "change",
) -> list[StatisticsRow]:
    """Return what the recorder says of a statistic."""
    read = partial(
        statistics_during_period, home.hass, YEAR, None, {statistic(home, key)}, period
    )
    found = await get_instance(home.hass).async_add_executor_job(read, None, {kind})
    return found.get(statistic(home, key), [])


async def by_month(
    home: Home, key: str, kind: Literal["change", "mean"] = "change"
) -> list[float | None]:
    """Return a figure of each month."""
    return [row[kind] for row in await rows(home, key, kind=kind)]


def many_prints() -> list[LoggedJob]:
    """Return the prints of ten months, up to two days apart; a few lack figures."""
    dice = random.Random(11)  # noqa: S311 - no secret
    start = YEAR
    jobs = []
    for number in range(PRINTS):
        start += timedelta(seconds=dice.randrange(50 * 3600))
        seconds = dice.randrange(60, 8 * 3600)
        phase = dice.choice(OUTCOMES)
        known = phase is JobPhase.COMPLETED
        jobs.append(
            logged(
                f"job{number}",
                start,
                seconds,
                phase=phase,
                filament_left=dice.randrange(1, 900) / 10 if known else None,
                filament_right=0.0 if known else None,
            )
        )
        start += timedelta(seconds=seconds)
    return jobs


def count(
    jobs: Iterable[LoggedJob], month: int, **wanted: Any
) -> tuple[int, float, float]:
    """Count the prints of a month by hand: how many, hours and grams."""
    prints, hours, grams = 0, 0.0, 0.0
    for job in jobs:
        ended_at = dt_util.as_local(job.ended_at) if job.ended_at else None
        same = all(getattr(job, name) == value for name, value in wanted.items())
        if ended_at is not None and ended_at.month == month and same:
            prints += 1
            hours += (job.duration or 0) / 3600
            grams += job.filament_left or 0
    return prints, hours, grams


async def test_prints_that_come_in_any_order_give_the_sums_of_a_hand_count(
    home: Home,
) -> None:
    jobs = many_prints()
    mixed = list(jobs)
    random.Random(5).shuffle(mixed)  # noqa: S311 - no secret
    put(home, *mixed[:40])
    await written(home)
    put(home, *mixed[40:80])
    await written(home)
    await home.restart()
    put(home, *mixed[80:])
    await written(home)
    months = sorted(
        {dt_util.as_local(job.ended_at).month for job in jobs if job.ended_at}
    )
    assert len(months) > 7
    hand = [count(jobs, month) for month in months]
    assert await by_month(home, "prints") == [prints for prints, _, _ in hand]
    hours = [hours for _, hours, _ in hand]
    assert await by_month(home, "hours") == pytest.approx(hours)
    grams = [grams for _, _, grams in hand]
    assert await by_month(home, "filament_left") == pytest.approx(grams)
    for key, phase in (("completed", JobPhase.COMPLETED), ("failed", JobPhase.FAILED)):
        assert await by_month(home, key) == [
            count(jobs, month, phase=phase)[0] for month in months
        ]
    last = (await rows(home, "prints", "hour", "sum"))[-1]
    assert last["sum"] == PRINTS


async def test_the_success_rate_does_not_count_what_was_stopped(home: Home) -> None:
    put(
        home,
        logged("a", at("2026-10-01T08:00:00Z")),
        logged("b", at("2026-10-02T08:00:00Z"), phase=JobPhase.STOPPED),
        logged("c", at("2026-10-03T08:00:00Z"), phase=JobPhase.FAILED),
        logged("d", at("2026-10-04T08:00:00Z")),
        logged("e", at("2026-10-05T08:00:00Z")),
        logged("f", at("2026-11-05T08:00:00Z"), phase=JobPhase.STOPPED),
    )
    await written(home)
    assert await by_month(home, "success_rate", "mean") == [75, None]


async def names(home: Home) -> dict[str, str | None]:
    """Return the names of our statistics, with their units."""
    known = await get_instance(home.hass).async_add_executor_job(
        list_statistic_ids, home.hass
    )
    return {
        row["name"]: row["statistics_unit_of_measurement"]
        for row in known
        if row["source"] == "raise3d"
    }


async def test_statistics_have_names_and_units_that_a_person_reads(home: Home) -> None:
    put(home, logged("a", at("2026-10-01T08:00:00Z")))
    await written(home)
    assert await names(home) == {
        "Lab printer Prints": None,
        "Lab printer Prints completed": None,
        "Lab printer Prints failed": None,
        "Lab printer Print time": "h",
        "Lab printer Filament left": "g",
        "Lab printer Filament right": "g",
        "Lab printer Success rate": "%",
    }
    home.hass.config_entries.async_update_entry(home.entry, title="Studio")
    await home.reload()
    await async_wait_recording_done(home.hass)
    assert "Studio Prints completed" in await names(home)
    assert await by_month(home, "prints") == [1]


async def test_a_print_is_counted_once_also_after_a_restart(home: Home) -> None:
    await home.tick(MINUTE)
    home.printer.start("Local/part.gcode", duration=HOUR)
    home.freezer.tick(HOUR)
    await home.tick(MINUTE)
    await home.restart()
    await written(home)
    assert await by_month(home, "completed") == [1]
    assert await by_month(home, "hours") == [1]


async def test_an_import_is_written_once_a_minute_at_most(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports: list[str] = []
    instance = get_instance(home.hass)
    add = instance.async_import_statistics

    def note(metadata: Any, *given: Any) -> None:
        imports.append(metadata["statistic_id"])
        add(metadata, *given)

    monkeypatch.setattr(instance, "async_import_statistics", note)
    for job in many_prints()[:30]:
        put(home, job)
        await home.tick(1)
    await written(home)
    assert imports.count(statistic(home, "prints")) == 1
    assert await by_month(home, "prints") != []


def graphs(view: Config) -> dict[str, list[tuple[str, object]]]:
    """Return what the graphs of the totals show, below their titles."""
    cards = view["sections"][0]["cards"]
    return {
        title["heading"]: [
            (one["entity"], one.get("name")) for one in graph["entities"]
        ]
        for title, graph in batched(cards, 2, strict=True)
    }


@pytest.mark.parametrize("platforms", [PLATFORMS])
async def test_totals_show_the_past_once_there_is_any(
    home: Home, frontend: Frontend
) -> None:
    before = graphs(await frontend.view("totals"))
    assert before == {
        "Prints per week": [(home.entity_id("prints_completed"), {"type": "device"})],
        "Print time per week": [
            (home.entity_id("print_time_total"), {"type": "device"})
        ],
        "Filament per week": [(home.entity_id("filament_used"), {"type": "device"})],
    }
    put(home, logged("a", at("2026-10-01T08:00:00Z")))
    await written(home)
    assert graphs(await frontend.view("totals")) == {
        "Prints per week": [(statistic(home, "prints"), "Lab printer")],
        "Print time per week": [(statistic(home, "hours"), "Lab printer")],
        "Filament per week": [
            (statistic(home, "filament_left"), None),
            (statistic(home, "filament_right"), None),
        ],
        "Success rate": [(statistic(home, "success_rate"), "Lab printer")],
    }


async def test_statistics_are_gone_with_the_printer(home: Home) -> None:
    put(home, logged("a", at("2026-10-01T08:00:00Z")))
    await written(home)
    assert await by_month(home, "prints") == [1]
    await home.remove()
    await async_wait_recording_done(home.hass)
    assert await rows(home, "prints") == []
