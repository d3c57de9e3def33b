"""The expected printer: another one that takes our token is known by its jobs."""

from collections.abc import Awaitable, Callable

import pytest

from custom_components.raise3d.api import (
    Raise3DClient,
    Raise3DResponseError,
    Raise3DWrongPrinterError,
)
from simulator import Printer, Simulator

SYSTEM = "/v1/printer/system"
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
async def expecting(client: Raise3DClient, printer: Printer) -> Raise3DClient:
    """Return a client that expects a printer, and knows a job of it."""
    client.guard.expect(printer.machine_id)
    await client.queries.get_system()
    await client.queries.get_current_job()
    return client


def checks(simulator: Simulator) -> int:
    """Return how often the printer was asked for its name."""
    return [request.path for request in simulator.requests].count(SYSTEM)


def rename_jobs(simulator: Simulator) -> None:
    """Have all jobs be of other network adapters."""
    simulator.faults.add(
        "override",
        path="job/currentjob",
        count=None,
        data=lambda data: data | {"job_id": FOREIGN},
    )
    simulator.faults.add(
        "override",
        path="dashboard/joblist",
        count=None,
        data=lambda _: {"job_list": [{"job_id": FOREIGN, "job_index": 1}]},
    )


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
async def test_the_jobs_of_another_printer_do_not_get_out(
    expecting: Raise3DClient, simulator: Simulator, ask: Ask
) -> None:
    rename_jobs(simulator)
    simulator.printer.machine_id = "1"
    with pytest.raises(Raise3DWrongPrinterError):
        await ask(expecting)
    paths = [request.path for request in simulator.requests]
    assert "/v1/job/currentjob/set" not in paths


async def test_a_printer_that_cannot_name_itself_gives_no_foreign_jobs_out(
    expecting: Raise3DClient, simulator: Simulator
) -> None:
    rename_jobs(simulator)
    simulator.faults.add("missing_keys", path=SYSTEM, keys=["machine_id"])
    with pytest.raises(Raise3DResponseError):
        await expecting.queries.get_current_job()


async def test_a_new_board_is_asked_once_for_the_name_of_its_printer(
    expecting: Raise3DClient, simulator: Simulator
) -> None:
    rename_jobs(simulator)
    before = checks(simulator)
    await expecting.queries.get_current_job()
    await expecting.queries.get_current_job()
    await expecting.history.read_newest(5)
    assert checks(simulator) == before + 1


async def test_without_an_expected_printer_nothing_is_asked(
    client: Raise3DClient, simulator: Simulator
) -> None:
    await client.queries.get_current_job()
    rename_jobs(simulator)
    await client.queries.get_current_job()
    await client.commands.set_bed_temperature(0)
    assert checks(simulator) == 0
