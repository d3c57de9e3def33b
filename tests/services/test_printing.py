"""Tests of the actions that start and stop prints and move axes."""

from itertools import product

import pytest
import voluptuous as vol

from tests.actions import refused, rejected
from tests.common import Home

from .needs import FILE, MOVE, OPERATE, START


async def test_a_print_that_was_started_shows_within_ten_seconds(home: Home) -> None:
    await home.tick(60)
    await home.act("start_print", file="Local/webapi_store/bracket v3 ä.gcode")
    await home.tick(10)
    assert home.status == "printing"
    assert home.state("file_name") == "bracket v3 ä.gcode"
    assert home.posts() == [START]


async def test_a_file_that_is_not_there_cannot_be_printed(home: Home) -> None:
    await refused(home.act("start_print", file="Local/none.gcode"), "refused_no_file")
    assert home.printer.phase == "idle"


async def test_a_path_outside_local_never_reaches_the_printer(
    home: Home, subtests: pytest.Subtests
) -> None:
    outside = ("", "part.gcode", "Local/", "Local/../etc/passwd", "/Local/part.gcode")
    for name, file in product(("start_print", "delete_file"), outside):
        with subtests.test(name=name, file=file):
            await rejected(home.act(name, file=file), "invalid_path")
            assert not home.posts()


async def test_nothing_is_started_while_a_part_is_on_the_plate(home: Home) -> None:
    home.printer.start(FILE, duration=60)
    await home.tick(100)
    await refused(home.act("start_print", file=FILE), "refused_completed")
    home.printer.dismiss()
    await home.act("start_print", file=FILE)
    await home.tick(10)
    assert home.printer.phase == "running"


async def test_the_reason_against_a_start_is_shown(printing: Home) -> None:
    await refused(printing.act("start_print", file=FILE), "refused_printing")
    printing.printer.pause()
    await printing.tick(10)
    await refused(printing.act("start_print", file=FILE), "refused_paused")
    printing.printer.stop()
    await refused(printing.act("start_print", file=FILE), "refused_busy")
    await printing.tick(60)
    printing.printer.show("powerloss")
    await refused(printing.act("start_print", file=FILE), "refused_panel")
    assert printing.printer.phase == "idle"


async def test_a_print_is_stopped_within_ten_seconds(printing: Home) -> None:
    await printing.act("stop_print")
    await printing.tick(10)
    assert printing.status == "idle"
    assert printing.posts() == [OPERATE]


async def test_the_print_that_was_meant_is_stopped(printing: Home) -> None:
    await printing.act("stop_print", expected_job_id=printing.printer.job.job_id)
    await printing.tick(10)
    assert printing.printer.phase == "idle"


async def test_another_print_than_the_one_that_was_meant_goes_on(
    printing: Home, subtests: pytest.Subtests
) -> None:
    others = ("another", "", "unknown", "unavailable")
    for name, other in product(("pause_print", "stop_print"), others):
        with subtests.test(name=name, other=other):
            call = printing.act(name, expected_job_id=other)
            assert str(await rejected(call, "other_job")).endswith(
                "Nothing was changed"
            )
            assert printing.printer.phase == "running"
            assert not printing.posts()


async def test_a_print_that_began_since_the_last_poll_is_not_stopped_for_the_one_before(
    printing: Home,
) -> None:
    meant = printing.printer.job.job_id
    printing.printer.stop()
    printing.freezer.tick(6)
    printing.printer.start("Local/next.gcode")
    printing.freezer.tick(3)
    await rejected(printing.act("stop_print", expected_job_id=meant), "other_job")
    assert printing.printer.phase == "running"
    assert not printing.posts()


async def test_without_a_print_there_is_nothing_to_stop(printing: Home) -> None:
    meant = printing.printer.job.job_id
    printing.printer.stop()
    await printing.tick(60)
    await refused(printing.act("stop_print"), "refused_stopped")
    # an idle printer still names its last job
    await refused(printing.act("stop_print", expected_job_id=meant), "refused_stopped")
    await rejected(printing.act("stop_print", expected_job_id=""), "other_job")
    assert printing.printer.phase == "idle"


async def test_a_print_is_paused_and_resumed(printing: Home) -> None:
    for expected in ({}, {"expected_job_id": printing.printer.job.job_id}):
        await printing.act("pause_print", **expected)
        await printing.tick(10)
        assert printing.status == "paused"
        await printing.act("resume_print", **expected)
        await printing.tick(10)
        assert printing.status == "printing"
    assert printing.posts() == [OPERATE] * 4


async def test_another_print_than_the_one_that_was_meant_stays_paused(
    printing: Home,
) -> None:
    printing.printer.pause()
    await printing.tick(60)
    error = printing.act("resume_print", expected_job_id="another")
    await rejected(error, "other_job")
    assert printing.printer.phase == "paused"
    assert not printing.posts()


async def test_what_is_paused_already_cannot_be_paused(printing: Home) -> None:
    meant = printing.printer.job.job_id
    await refused(printing.act("resume_print"), "refused_printing")
    printing.printer.pause()
    await refused(printing.act("pause_print", expected_job_id=meant), "refused_busy")
    await printing.tick(60)
    await refused(printing.act("pause_print", expected_job_id=meant), "refused_paused")
    assert printing.printer.phase == "paused"


# Axes


async def test_axes_move_from_where_they_are(home: Home) -> None:
    await home.act("move_axis", x=10, y=5, z=2)
    await home.act("move_axis", x=-3, z=10)
    await home.act("move_axis", e=-4, nozzle="right", feed=2400)
    assert home.printer.machine.axes == {"x": 7, "y": 5, "z": 12, "e": -4}
    assert home.posts() == [MOVE] * 3


TOO_FAR: tuple[object, ...] = (-10.5, 11, "nan", "far")
BEYOND: list[dict[str, object]] = [
    *({axis: value} for axis in "xyze" for value in TOO_FAR),
    {"z": 1, "feed": 59},
    {"z": 1, "feed": 6001},
    {"e": 1, "nozzle": "middle"},
]
UNCLEAR: list[tuple[dict[str, object], str]] = [
    ({}, "no_axis"),
    ({"feed": 600}, "no_axis"),
    ({"e": 1}, "no_nozzle"),
    ({"e": 1, "nozzle": "left", "feed": 2401}, "feed_out_of_range"),
]


async def test_a_move_beyond_the_limits_never_reaches_the_printer(
    home: Home, subtests: pytest.Subtests
) -> None:
    for data in BEYOND:
        with subtests.test(data=data):
            with pytest.raises(vol.Invalid):
                await home.act("move_axis", **data)
            assert not home.posts()


async def test_a_move_that_is_not_clear_never_reaches_the_printer(
    home: Home, subtests: pytest.Subtests
) -> None:
    for data, key in UNCLEAR:
        with subtests.test(data=data):
            await rejected(home.act("move_axis", **data), key)
            assert not home.posts()


@pytest.mark.parametrize("model", ["n2"])
async def test_filament_cannot_be_moved_through_a_nozzle_that_there_is_not(
    home: Home,
) -> None:
    error = await rejected(home.act("move_axis", e=1, nozzle="right"), "not_found")
    assert str(error) == "Not found on the printer: no right nozzle"


async def test_axes_move_only_while_the_printer_is_idle(printing: Home) -> None:
    await rejected(printing.act("move_axis", z=1), "not_idle")
    printing.printer.pause()
    await rejected(printing.act("move_axis", z=1), "not_idle")
    await printing.tick(10)
    await rejected(printing.act("move_axis", z=1), "not_idle")
    printing.printer.stop()
    await printing.tick(60)
    printing.printer.touch(30)
    await rejected(printing.act("move_axis", z=1), "not_idle")
    await printing.tick(60)
    printing.printer.fail("safe mode")
    await rejected(printing.act("move_axis", z=1), "not_idle")
    assert not printing.posts()


async def test_axes_do_not_move_in_a_print_that_has_just_begun(home: Home) -> None:
    home.printer.start(FILE)
    assert home.status == "idle"
    await rejected(home.act("move_axis", z=1), "not_idle")
    assert not home.posts()


async def test_the_reason_against_a_move_is_shown(home: Home) -> None:
    home.simulator.faults.add("refuse", path=MOVE, code=500, msg="printer is not ready")
    error = await refused(home.act("move_axis", z=1), "refused_not_ready")
    assert str(error) == "The printer is not ready yet"
