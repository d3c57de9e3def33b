"""A progress on a scale of 0 to 1 is noticed, and no first percent taken for one."""

import json
import logging

from aiohttp import web
import pytest

from custom_components.raise3d.api import JobReport
from custom_components.raise3d.api.progress import ProgressScale

from .conftest import Caplog, Serve


def report(progress: object, printed: object, total: object = 100) -> dict[str, object]:
    """Return what a printer says of a job."""
    return {
        "print_progress": progress,
        "printed_layer": printed,
        "total_layer": total,
        "job_status": "running",
    }


def answer(progress: float) -> str:
    """Return a whole answer about a job with more than half of its layers printed."""
    return json.dumps({"status": 1, "data": report(progress, 60)})


def read(scale: ProgressScale, data: dict[str, object]) -> float | None:
    """Return the progress as it is shown."""
    return JobReport.from_dict(data, None, scale.read(data)).progress


def test_a_fraction_is_noticed_when_half_of_the_layers_are_printed() -> None:
    for progress, printed, expected in [
        (0.51, 51, 51.0),
        (0.123456, 90, 12.3),
        (1, 100, 100.0),
        (1.0, 60, 100.0),
    ]:
        assert read(ProgressScale(), report(progress, printed)) == expected, progress


def test_a_percent_is_not_taken_for_a_fraction() -> None:
    for progress, printed, total in [
        (0.5, 50, 100),  # not more than half
        (0.9, 1, 100),
        (1, 1, 1),  # one layer, which is printed from the start
        (0.6, 2, 3),
        (0.6, 6, 0),
        (0.6, 6, None),
        (0.6, "60", 100),
        (0.6, None, 100),
        (51, 51, 100),
    ]:
        assert read(ProgressScale(), report(progress, printed, total)) == progress, (
            progress
        )


@pytest.mark.parametrize("progress", [0, None, "0.6", -0.5, 1e300, True])
def test_a_progress_that_is_none_says_nothing_of_the_scale(progress: object) -> None:
    scale = ProgressScale()
    read(scale, report(progress, 90))
    assert read(scale, report(0.2, 1)) == 0.2


def test_a_scale_that_was_noticed_holds_for_the_next_job() -> None:
    scale = ProgressScale()
    assert read(scale, report(0.6, 60)) == 60
    assert read(scale, report(0.01, 1)) == 1
    assert read(scale, report(0.009, 0, 0)) == 0.9


def test_a_scale_is_given_up_when_the_printer_says_more_than_one() -> None:
    scale = ProgressScale()
    assert read(scale, report(0.6, 60)) == 60
    assert read(scale, report(61, 61)) == 61
    assert read(scale, report(0.6, 1)) == 0.6


async def test_each_printer_has_its_own_scale_logged_once(
    serve: Serve, caplog: Caplog
) -> None:
    caplog.set_level(logging.INFO)

    async def handle(request: web.Request) -> web.StreamResponse:
        return web.Response(text=answer(float(request.query["token"])))

    fraction = await serve(handle, token="0.6")
    percent = await serve(handle, token="60")
    for _ in range(3):
        assert (await fraction.queries.get_current_job()).progress == 60
        assert (await percent.queries.get_current_job()).progress == 60
    records = [record for record in caplog.records if "fraction" in record.getMessage()]
    assert [record.levelno for record in records] == [logging.INFO]
