"""Tests of the action that reads the history."""

from dataclasses import replace

import pytest
import voluptuous as vol

from simulator.states import Unknowns
from tests.actions import refused
from tests.common import Home


@pytest.mark.parametrize("unknowns", [Unknowns(history_base=base) for base in (0, 1)])
@pytest.mark.parametrize("history", [0, 1, 37])
async def test_the_history_is_read_from_its_end(home: Home) -> None:
    """Other lists and lengths are in tests/api/test_history*.py."""
    jobs = [entry.job_id for entry in reversed(home.printer.history)]
    for limit in (1, 12, 100):
        before = home.count_requests()
        response = await home.act("get_print_history", limit=limit)
        expected = jobs[:limit]
        assert [job["job_id"] for job in response["jobs"]] == expected
        # the total, each job, and pages of twelve; two to find where counting starts
        pages = home.count_requests() - before - 1 - len(expected)
        assert pages <= len(expected) // 12 + 3


@pytest.mark.parametrize("history", [30])
async def test_without_a_limit_the_history_is_that_of_twelve_prints(home: Home) -> None:
    assert len((await home.act("get_print_history"))["jobs"]) == 12


@pytest.mark.parametrize("history", [3])
async def test_the_history_has_the_figures_of_a_print(home: Home) -> None:
    entry = replace(
        home.printer.history[-1],
        file_name="Local/orders/part.gcode",
        real_print_time=3700,
        estimated_time=3600,
        filament=(18.8792724609375, 10.5),
        user_tag="order 66",
    )
    home.printer.history[-1] = entry
    response = await home.act("get_print_history", limit=1)
    assert response == {
        "jobs": [
            {
                "job_id": entry.job_id,
                "file_name": "Local/orders/part.gcode",
                "print_time": 3700,
                "estimated_time": 3600,
                "filament_used_left": 18.88,
                "filament_used_right": 10.5,
                "user_tag": "order 66",
                # of the job log, which did not see this one
                "energy": None,
                "cost": None,
            }
        ]
    }


@pytest.mark.parametrize(("model", "history"), [("n2", 2)])
async def test_a_nozzle_that_there_is_not_has_used_nothing_that_is_known(
    home: Home,
) -> None:
    for job in (await home.act("get_print_history"))["jobs"]:
        assert job["filament_used_left"] is not None
        assert job["filament_used_right"] is None


@pytest.mark.parametrize("history", [20])
async def test_an_unreadable_history_is_an_error_in_words(home: Home) -> None:
    home.fail("busy_body", "dashboard/job")
    await refused(home.act("get_print_history"), "printer_busy")


async def test_a_history_without_end_is_refused(home: Home) -> None:
    for limit in (0, 101, "many"):
        with pytest.raises(vol.Invalid):
            await home.act("get_print_history", limit=limit)
