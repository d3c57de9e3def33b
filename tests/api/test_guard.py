"""The expected printer: another one that takes our token is known by its jobs."""

from collections.abc import Awaitable, Callable

import pytest

from custom_components.raise3d.api import (
    Raise3DClient,
    Raise3DError,
    Raise3DRefusedError,
    Raise3DResponseError,
    Raise3DWrongPrinterError,
)
from simulator import Printer

from .conftest import Lab

SYSTEM = "printer/system"
FOREIGN = "020000000001_020000000002_7e10712090a1b360"

type Ask = Callable[[Raise3DClient], Awaitable[object]]

ASK: dict[str, Ask] = {
    "job": lambda client: client.queries.get_current_job(),
    "history": lambda client: client.history.read_newest(5),
    "stop": lambda client: client.commands.stop_job(FOREIGN),
}


@pytest.fixture
def printer(printer: Printer) -> Printer:
    """Return a printer with a past, in a print."""
    printer.start("Local/part.gcode", duration=1)
    printer.time.skip(60)
    return printer


@pytest.fixture
async def expecting(lab: Lab) -> Lab:
    """Return a client that expects a printer, and knows a job of it."""
    lab.guard.expect(lab.printer.machine_id)
    await lab.queries.get_system()
    await lab.queries.get_current_job()
    return lab


def rename_jobs(lab: Lab) -> None:
    """Have all jobs be of other network adapters."""
    lab.faults.add(
        "override",
        path="job/currentjob",
        count=None,
        data=lambda data: data | {"job_id": FOREIGN},
    )
    lab.faults.add(
        "override",
        path="dashboard/joblist",
        count=None,
        data=lambda _: {"job_list": [{"job_id": FOREIGN, "job_index": 1}]},
    )


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
async def test_the_jobs_of_another_printer_do_not_get_out(
    expecting: Lab, ask: Ask
) -> None:
    rename_jobs(expecting)
    expecting.printer.machine_id = "1"
    with pytest.raises(Raise3DWrongPrinterError):
        await ask(expecting)
    assert "job/currentjob/set" not in expecting.paths


async def test_a_printer_that_cannot_name_itself_gives_no_foreign_jobs_out(
    expecting: Lab,
) -> None:
    rename_jobs(expecting)
    expecting.faults.add("missing_keys", path=SYSTEM, keys=["machine_id"])
    with pytest.raises(Raise3DResponseError):
        await expecting.queries.get_current_job()


async def test_a_new_board_has_to_name_its_printer_once(
    expecting: Lab,
) -> None:
    rename_jobs(expecting)
    before = expecting.count_requests(SYSTEM)
    await expecting.queries.get_current_job()
    await expecting.queries.get_current_job()
    await expecting.history.read_newest(5)
    assert expecting.count_requests(SYSTEM) == before + 1


async def test_without_an_expected_printer_no_request_is_sent(lab: Lab) -> None:
    await lab.queries.get_current_job()
    rename_jobs(lab)
    await lab.queries.get_current_job()
    await lab.commands.set_bed_temperature(0)
    assert lab.count_requests(SYSTEM) == 0


@pytest.mark.parametrize(
    "kind", ["http_500", "html", "disconnect", "refuse", "no_data"]
)
async def test_a_print_can_be_stopped_where_only_its_job_says_whose_it_is(
    expecting: Lab, kind: str
) -> None:
    def commands() -> int:
        return sum(request.method == "POST" for request in expecting.requests)

    expecting.faults.add(kind, path=SYSTEM, count=None)
    expecting.guard.doubt()
    with pytest.raises(Raise3DError):
        await expecting.commands.stop_job()
    assert commands() == 0
    await expecting.queries.get_current_job()
    with pytest.raises(Raise3DRefusedError, match="completed"):
        await expecting.commands.stop_job()
    assert commands() == 1
    expecting.guard.doubt()
    await expecting.queries.get_running_status()
    with pytest.raises(Raise3DError):
        await expecting.commands.stop_job()
    assert commands() == 1


async def test_another_printer_stays_out_though_it_names_itself_no_more(
    expecting: Lab,
) -> None:
    await expecting.queries.get_current_job()
    ours = expecting.printer.machine_id
    expecting.printer.machine_id = "1"
    with pytest.raises(Raise3DWrongPrinterError):
        await expecting.queries.get_system()
    expecting.faults.add("html", path=SYSTEM, count=2)
    with pytest.raises(Raise3DResponseError):
        await expecting.queries.get_running_status()
    with pytest.raises(Raise3DResponseError):
        await expecting.commands.stop_job()
    expecting.printer.machine_id = ours
    assert await expecting.queries.get_running_status()
