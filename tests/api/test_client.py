"""The client of a simulated printer: reading, one request at a time, no secrets."""

import asyncio

from aiohttp import ClientSession
import pytest

from custom_components.raise3d.api import (
    Raise3DClient,
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    SystemInfo,
    sign,
)
from simulator import MODELS, Unknowns
from tests.common import (
    log_everything,
    until,
)

from .calls import ERRORS, FAN, READS, SYSTEM, TOLERATED, send_fan
from .conftest import API, PASSWORD, TOKEN, Caplog, Lab, Patch, failure, outcome, shown

RIGHT = "printer/nozzle2"
SINGLE = [name for name, model in MODELS.items() if model.nozzles == 1]


@pytest.mark.parametrize("model", MODELS)
async def test_every_endpoint_of_every_model_is_read(lab: Lab, model: str) -> None:
    paths = [path for path in READS if not (model in SINGLE and path == RIGHT)]
    read = [path for path in paths if await READS[path](lab)]
    assert sorted(lab.paths) == sorted(["login", *paths])
    assert len(read) == len(paths)


@pytest.mark.parametrize("model", SINGLE)
async def test_a_single_nozzle_has_no_right_one(lab: Lab) -> None:
    with pytest.raises(Raise3DNotFoundError, match="no right nozzle"):
        await READS[RIGHT](lab)


@pytest.mark.parametrize("model", MODELS)
async def test_the_system_is_the_printers(lab: Lab) -> None:
    printer, model = lab.printer, lab.printer.model
    assert await lab.queries.get_system() == SystemInfo(
        machine_id=printer.machine_id,
        serial_number=printer.serial_number,
        machine_name=printer.machine_name,
        model=model.name,
        version=model.version,
        firmware_version=model.firmware_version,
        api_version=model.api_version,
        nozzle_count=model.nozzles,
        storage_available=model.storage_kb,
    )


@pytest.mark.parametrize("unknowns", [Unknowns(history_base=base) for base in (0, 1)])
@pytest.mark.parametrize("history", [0, 1, 2, 10, 11, 12, 13, 30])
async def test_the_newest_jobs_end_with_the_newest(lab: Lab, history: int) -> None:
    """Wherever the history begins to count, which is not documented."""
    newest = [entry.job_id for entry in (await lab.history.read_end(None)).entries]
    expected = [entry.job_id for entry in lab.printer.history]
    assert newest == expected[len(expected) - len(newest) :]
    assert len(newest) >= min(history, 10)


async def test_a_place_outside_the_history_is_an_invalid_value(lab: Lab) -> None:
    with pytest.raises(Raise3DInvalidValueError, match="start_pos"):
        await lab.history.get_page(99)
    with pytest.raises(Raise3DInvalidValueError, match="max_num"):
        await lab.history.get_page(0, 13)


# One at a time


async def test_the_printer_gets_one_request_at_a_time(lab: Lab) -> None:
    lab.faults.add("slow", count=None, seconds=0.005)
    await asyncio.gather(*(read(lab) for read in READS.values() for _ in range(5)))
    assert lab.simulator.max_in_flight == 1
    assert lab.simulator.logins == 1
    assert len(lab.requests) == 5 * len(READS) + 1


async def test_many_refused_at_once_sign_in_once(lab: Lab) -> None:
    await lab.queries.get_system()
    lab.simulator.drop_tokens()
    await asyncio.gather(*(lab.queries.get_system() for _ in range(10)))
    assert lab.simulator.logins == 2


async def test_a_call_that_is_given_up_frees_the_line(lab: Lab) -> None:
    lab.faults.add("hang", path=SYSTEM)
    call = asyncio.create_task(lab.queries.get_system())
    await until(lambda: lab.count_requests(SYSTEM) == 1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await lab.queries.get_system()


# Discretion


def test_a_client_shows_nothing_of_itself() -> None:
    session: ClientSession = object()  # type: ignore[assignment]
    client = Raise3DClient(session, "printer.example", password=PASSWORD, token=TOKEN)
    assert repr(client) == str(client) == "<Raise3DClient>"


@pytest.fixture
def secrets(lab: Lab, monkeypatch: Patch) -> set[str]:
    """Return what may not be shown; signs and times are added as they are sent."""
    secrets = {PASSWORD, "wrong password", f":{lab.simulator.port}", lab.simulator.host}

    def spy(password: str, timestamp: int) -> str:
        result = sign(password, timestamp)
        secrets.update({str(timestamp), result})
        return result

    monkeypatch.setattr(f"{API}.login.sign", spy)
    return secrets


CALLS = {"login": READS[SYSTEM], SYSTEM: READS[SYSTEM], FAN: send_fan}


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.usefixtures("secrets", "impatient")
async def test_no_fault_shows_a_secret(
    lab: Lab, secrets: set[str], caplog: Caplog, path: str
) -> None:
    """Neither as text nor as traceback nor in the log, down to debug."""
    log_everything(caplog)
    secrets |= lab.printer.tokens.held
    for kind in (*ERRORS, *TOLERATED):
        caplog.clear()
        lab.faults.add(kind, path=path, count=None, seconds=0.01)
        client = {"login": lab.connect()}.get(path, lab)
        error = await outcome(CALLS[path](client))
        assert error or kind in TOLERATED or path == FAN, kind
        secrets |= lab.printer.tokens.held
        text = shown(caplog, error, client)
        assert not {secret for secret in secrets if secret in text}, kind
        lab.faults.clear()


@pytest.mark.parametrize("stops", [0, 1])
async def test_no_login_in_vain_shows_a_secret(
    lab: Lab, secrets: set[str], caplog: Caplog, stops: int
) -> None:
    log_everything(caplog)
    client = lab.connect(password="wrong password")
    secrets.add(await lab.login())
    assert "GET login" in caplog.text
    await asyncio.gather(*[lab.simulator.stop() for _ in range(stops)])
    text = shown(caplog, await failure(client.login()), client)
    text += shown(caplog, await outcome(lab.queries.get_system()), lab)
    assert not {secret for secret in secrets if secret in text}
