"""Tests of the action that prints an earlier job once more."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from custom_components.raise3d.const import DOMAIN
from custom_components.raise3d.jobs import JobPhase, LoggedJob
from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.core import Context
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from simulator.history import HistoryEntry
from simulator.job import job_id
from simulator.states import Unknowns
from tests.actions import rejected
from tests.common import MINUTE, Home

from .needs import FILE, START

LIST = "fileops/list"
SEARCH = "custom_components.raise3d.api.folders"
OF_ANOTHER_PRINTER = job_id(("00E04C000001", "00E04C000002"), 1795420800, 7)
PART = "Local/orders/part.gcode"
STRANGE = (
    "Local/orders/50 % größer, #2?.gcode",
    "Local/a+b&c=d.gcode",
    "Local/orders/日本語 🙂.gcode",
    "Local/back\\slash;semi.gcode",
)


async def print_one(home: Home) -> str:
    """Complete a print, take it off, and return its id."""
    job = home.printer.start(PART, duration=MINUTE)
    await home.tick(100)
    home.printer.dismiss()
    await home.tick(30)
    assert home.status == "idle"
    home.simulator.requests.clear()
    return job


def remember(home: Home, name: str) -> str:
    """Put a print into the log, and return its id."""
    job = LoggedJob(
        key="an id", job_id="an id", file_name=name, phase=JobPhase.COMPLETED
    )
    home.coordinator.log.async_put(job)
    return "an id"


@pytest.fixture
def job(home: Home) -> str:
    """Return the id of a print of a file that is there."""
    home.printer.files[PART] = home.printer.files[FILE]
    home.simulator.requests.clear()
    return remember(home, PART)


async def assert_refused(home: Home, job: str, key: str) -> None:
    """Assert that nothing is printed, and that the reason names no file."""
    error = await rejected(home.act("reprint", job_id=job), key)
    assert "gcode" not in str(error)
    assert not home.posts()


async def test_a_print_is_started_again_from_its_folder(home: Home) -> None:
    job = await print_one(home)
    await home.act("reprint", job_id=job)
    await home.tick(10)
    assert home.status == "printing"
    assert home.printer.job.file_name == PART
    assert home.printer.job.job_id != job
    assert home.posts() == [START]


async def test_a_file_with_any_name_is_printed_again(home: Home) -> None:
    for file in STRANGE:
        job = home.printer.start(file)
        await home.tick(30)
        home.printer.stop()
        await home.tick(30)
        await home.act("reprint", job_id=job)
        await home.tick(10)
        assert home.printer.job.file_name == file
        assert home.printer.phase == "running"
        home.printer.stop()
        await home.tick(30)


async def test_a_print_that_was_stopped_and_one_that_failed_are_started_again(
    home: Home,
) -> None:
    for end in (home.printer.stop, home.printer.fail):
        job = home.printer.start("Local/part.gcode", duration=7200)
        await home.tick(30)
        end()
        await home.tick(MINUTE)
        home.printer.clear_error()
        await home.act("reprint", job_id=job)
        await home.tick(10)
        assert home.printer.phase == "running"
        home.printer.stop()
        await home.tick(MINUTE)
    assert home.posts() == [START] * 2


async def test_nothing_gets_between_the_last_question_and_the_start(
    home: Home, job: str
) -> None:
    polls = home.coordinator.async_refresh()
    await asyncio.gather(home.act("reprint", job_id=job), polls)
    before = home.paths[home.paths.index(START) - 1]
    assert before == "printer/runningstatus"
    assert home.simulator.max_in_flight == 1


async def test_of_two_calls_at_once_one_is_refused(home: Home, job: str) -> None:
    calls = (home.act("reprint", job_id=job) for _ in range(2))
    errors = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(error) for error in errors] == [type(None), ServiceValidationError]
    assert home.posts() == [START]


async def test_a_start_at_the_panel_between_search_and_start_is_noticed(
    home: Home, job: str
) -> None:
    calls = []

    def start(data: Any) -> Any:
        calls.append(home.printer.start("Local/other.gcode"))
        return data

    home.simulator.faults.add("override", path=LIST, data=start)
    await rejected(home.act("reprint", job_id=job), "refused_busy")
    assert home.printer.job.job_id == calls[0]
    assert not home.posts()


async def test_a_printer_that_is_not_free_starts_nothing(home: Home) -> None:
    job = home.printer.start(FILE, duration=5 * MINUTE)
    await assert_refused(home, job, "refused_busy")
    await home.tick(MINUTE)
    await assert_refused(home, job, "refused_printing")
    home.printer.pause()
    await home.tick(MINUTE)
    await assert_refused(home, job, "refused_paused")
    home.printer.resume()
    await home.tick(6 * MINUTE)
    await assert_refused(home, job, "refused_completed")
    home.printer.dismiss()
    home.printer.fail("safe mode")
    await assert_refused(home, job, "refused_not_ready")
    # the printer itself refuses what its state does not show
    home.printer.clear_error()
    home.printer.show("powerloss")
    await rejected(home.act("reprint", job_id=job), "refused_busy")
    assert home.printer.phase == "idle"


async def test_who_may_only_read_prints_nothing_again(home: Home, job: str) -> None:
    await home.hass.auth.async_create_user("Owner")
    reader = await home.hass.auth.async_create_user(
        "Reader", group_ids=[GROUP_ID_READ_ONLY]
    )
    with pytest.raises(Unauthorized):
        await home.hass.services.async_call(
            DOMAIN,
            "reprint",
            {"device_id": home.device.id, "job_id": job},
            blocking=True,
            context=Context(user_id=reader.id),
        )
    assert not home.paths


async def test_a_print_that_nobody_knows_is_refused(home: Home) -> None:
    await print_one(home)
    for job in ("", "nobody's", PART, OF_ANOTHER_PRINTER):
        await assert_refused(home, job, "unknown_job")


async def test_a_print_without_an_id_is_refused(home: Home) -> None:
    key = f"{FILE}@2026-11-23T08:00:00+00:00"
    home.coordinator.log.async_put(
        LoggedJob(key=key, file_name=FILE, phase=JobPhase.COMPLETED)
    )
    await assert_refused(home, key, "unknown_job")


async def test_a_file_that_is_gone_is_refused(home: Home, job: str) -> None:
    del home.printer.files[PART]
    await assert_refused(home, job, "file_gone")
    # the folder is there
    home.printer.files["Local/orders/other.gcode"] = home.printer.files[FILE]
    home.printer.files["Local/part.gcode"] = home.printer.files[FILE]
    await assert_refused(home, job, "file_gone")


async def test_a_file_elsewhere_than_in_the_storage_is_refused(home: Home) -> None:
    for name in ("USB/medaille_1.gcode", "/media/usb/a.gcode", "Local/../a.gcode"):
        await assert_refused(home, remember(home, name), "file_gone")


async def test_the_last_page_of_a_long_folder_counts(home: Home) -> None:
    file = home.printer.files[FILE]
    names = [f"Local/long/part {number:02}.gcode" for number in range(60)]
    home.printer.files.update(dict.fromkeys(names, file))
    await home.act("reprint", job_id=remember(home, names[-1]))
    await home.tick(10)
    assert home.printer.job.file_name == names[-1]


# Prints of which the printer has kept the name alone


async def test_a_bare_name_is_found_in_any_folder(home: Home) -> None:
    job = remember(home, "bracket v3 ä.gcode")
    await home.act("reprint", job_id=job)
    await home.tick(10)
    assert home.printer.job.file_name == "Local/webapi_store/bracket v3 ä.gcode"


async def test_a_name_that_two_files_have_is_refused(home: Home) -> None:
    home.printer.files["Local/a/deep/x.gcode"] = home.printer.files[FILE]
    home.printer.files["Local/b/x.gcode"] = home.printer.files[FILE]
    await assert_refused(home, remember(home, "x.gcode"), "file_unclear")
    await assert_refused(home, remember(home, "none.gcode"), "file_gone")


async def test_a_search_ends_after_so_many_requests(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{SEARCH}.MAX_SEARCH_PAGES", 12)
    file = home.printer.files[FILE]
    home.printer.files.update({f"Local/{n}/a.gcode": file for n in range(20)})
    await assert_refused(home, remember(home, "x.gcode"), "file_unclear")
    assert 10 < home.count_requests(LIST) <= 13


async def test_a_search_is_no_burden_for_a_print(printing: Home) -> None:
    await assert_refused(printing, remember(printing, "x.gcode"), "refused_printing")
    assert not printing.count_requests(LIST)


# Prints that the log does not have


async def test_a_print_before_our_time_is_in_the_printers_history(
    home: Home,
) -> None:
    entry = HistoryEntry(
        job_id="its id",
        file_name="medaille_1.gcode",
        real_print_time=60,
        estimated_time=60,
        filament=(1, 1),
    )
    old = replace(entry, job_id="another", file_name="Local/gone.gcode")
    home.printer.history.extend([old, entry, old])
    await home.act("reprint", job_id="its id")
    await home.tick(10)
    assert home.printer.job.file_name == FILE


async def test_the_last_print_of_the_printer_is_found_by_name(home: Home) -> None:
    home.answer("job/currentjob", job_id="its id", file_name=FILE)
    await home.act("reprint", job_id="its id")
    home.heal()
    await home.tick(10)
    assert home.printer.phase == "running"
    assert not home.count_requests("dashboard/job")


@pytest.mark.parametrize("unknowns", [Unknowns(state_lag=3, job_lag=3)])
async def test_a_state_that_lags_lets_no_second_print_begin(home: Home) -> None:
    job = await print_one(home)
    await home.act("reprint", job_id=job)
    await rejected(home.act("reprint", job_id=job), "refused_busy")
    await home.tick(10)
    assert home.printer.phase == "running"
