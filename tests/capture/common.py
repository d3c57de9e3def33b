"""A printer that is full of secrets, and captures of printers."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
import json
import time
from typing import Any

from aiohttp import ClientSession

from custom_components.raise3d.api import Raise3DClient
from custom_components.raise3d.capture import async_capture
from simulator import Capture, Printer, Simulator, StoredFile

PASSWORD = "368d8d"
FILE = "Local/ACME Corp/secret bracket ü.gcode"
MACHINE_NAME = "Printer of Jane Doe"
MACS = ("0200C0FFEE01", "0200C0FFEE02")
TAG = "order 47110815 for Jane"


def secretive(model: str = "pro2", **settings: Any) -> Printer:
    """Return a printer that has been used, and is easy to recognise."""
    given: dict[str, Any] = {
        "clock": time.time,
        "password": PASSWORD,
        "machine_id": "16363785338095344960",
        "machine_name": MACHINE_NAME,
        "serial_number": "SN-47110815",
        "macs": MACS,
        "history": 5,
    }
    printer = Printer(model, **(given | settings))
    printer._history = [replace(job, user_tag=TAG) for job in printer._history]
    printer.files[FILE] = StoredFile()
    return printer


def secrets_of(printer: Printer) -> set[str]:
    """Return what no capture of a printer may hold, anywhere in its text."""
    ids = [printer.job.job_id, *(job.job_id for job in printer.history)]
    names = [printer.job.file_name, *(job.file_name for job in printer.history)]
    stems = {name.rpartition("/")[2].rpartition(".")[0] for name in [*names, FILE]}
    found = {
        *(MACHINE_NAME, "Jane", "ACME", "bracket", TAG, "47110815", *MACS),
        *(printer.machine_id, printer.serial_number, printer.model.machine_ip),
        *(printer.camera_password, printer.password, "127.0.0.1"),
        *(*printer.tokens.held, *ids, *names, *printer.files, *stems),
    }
    return found - {""}


@asynccontextmanager
async def reach(printer: Printer) -> AsyncGenerator[tuple[Simulator, Raise3DClient]]:
    """Let a printer have servers, and a client of them."""
    async with Simulator(printer) as simulator, ClientSession() as session:
        address = (simulator.host, simulator.port)
        yield simulator, Raise3DClient(session, *address, password=printer.password)


async def capture_of(
    printer: Printer,
    answers: Mapping[str, Any] | None = None,
    **faults: Mapping[str, Any],
) -> dict[str, Any]:
    """Return a capture of a printer, with faults and other data in its answers."""
    async with reach(printer) as (simulator, client):
        for path, data in (answers or {}).items():
            simulator.faults.add("override", path=path, count=None, data=data)
        for kind, options in faults.items():
            simulator.faults.add(kind, **options)
        return dict(await async_capture(client, {PASSWORD, simulator.host}))


def played(capture: Mapping[str, Any]) -> Capture:
    """Return a capture as it is read again."""
    return Capture.from_json(json.loads(json.dumps(capture)))
