"""What a printer is: its address as typed, its identity, the number of its nozzles."""

from unittest.mock import AsyncMock

import pytest

from custom_components.raise3d.api import (
    Raise3DClient,
    Raise3DResponseError,
    Raise3DTimeoutError,
    SystemInfo,
)
from custom_components.raise3d.connection import parse_address
from custom_components.raise3d.identity import (
    assumed_nozzle_count,
    async_count_nozzles,
    async_identify,
)
from custom_components.raise3d.stored_identity import entry_identity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from simulator import Simulator

from .common import PASSWORD
from .wire import Wire

SYSTEM = SystemInfo.from_dict({"machine_id": "1", "model": "Raise3D Pro2"})


def counting(count: object) -> SystemInfo:
    """Return what a printer says of itself."""
    return SystemInfo.from_dict({"machine_id": "1", "nozzies_num": count})


@pytest.fixture
async def client(hass: HomeAssistant, simulator: Simulator) -> Raise3DClient:
    """Return a client that signs in with the password."""
    session = async_get_clientsession(hass)
    return Raise3DClient(session, simulator.host, simulator.port, password=PASSWORD)


@pytest.mark.parametrize(
    ("model", "count"),
    [
        ("Raise3D N2", 1),
        ("raise3d n2 ", 1),
        ("N2", 1),
        ("Raise3D N2Plus", 2),
        ("Raise3D Pro2", 2),
        ("Raise3D Pro2 Plus", 2),
        ("Raise3D Pro3", 2),
        ("Raise3D Pro3 Plus", 2),
        ("Raise3D E2", 2),
        ("Raise3D E2CF", 2),
        ("Raise3D", 2),
        ("something new", 2),
        ("", 2),
        (None, 2),
    ],
)
def test_a_model_has_its_usual_number_of_nozzles(model: str | None, count: int) -> None:
    assert assumed_nozzle_count(model) == count


@pytest.mark.parametrize(
    ("known", "reported", "kept"),
    [
        (2, 1, 1),
        (1, 2, 2),
        (None, 1, 1),
        (1, None, 1),
        (2, 0, 2),
        (1, 3, 1),
        (2, "1", 2),
        (None, None, 2),
    ],
)
def test_a_number_of_nozzles_stays_until_the_printer_reports_another(
    known: int | None, reported: object, kept: int
) -> None:
    before = {"nozzle_count": known}
    assert entry_identity(counting(reported), before)["nozzle_count"] == kept


async def test_a_reported_number_of_nozzles_needs_no_request(
    client: Raise3DClient, simulator: Simulator
) -> None:
    assert await async_count_nozzles(client, counting(1)) == 1
    assert not simulator.requests


@pytest.mark.parametrize(("model", "count"), [("n2", 1), ("pro2", 2)])
async def test_a_printer_that_does_not_count_its_nozzles_is_polled_again_later(
    client: Raise3DClient, simulator: Simulator, count: int
) -> None:
    simulator.faults.add("http_500", path="printer/nozzle2")
    assert await async_count_nozzles(client, SYSTEM) is None
    assert await async_count_nozzles(client, SYSTEM) == count


async def test_a_second_nozzle_that_never_answers_keeps_no_printer_out(
    client: Raise3DClient, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    timeout = AsyncMock(side_effect=Raise3DTimeoutError)
    monkeypatch.setattr(client.queries, "get_right_nozzle", timeout)
    simulator.faults.add("missing_keys", path="printer/system", keys=["nozzies_num"])
    assert (await async_identify(client)).nozzle_count is None
    assert timeout.await_count == 1


async def test_set_up_needs_the_identity_alone(
    client: Raise3DClient, simulator: Simulator
) -> None:
    await async_identify(client)
    assert Wire(simulator).paths == ["login", "printer/system"]


@pytest.mark.parametrize("machine_id", [None, "", 0, 1.6363785338095345e19, True])
async def test_a_printer_without_an_identity_is_not_set_up(
    client: Raise3DClient, simulator: Simulator, machine_id: object
) -> None:
    Wire(simulator).answer("printer/system", machine_id=machine_id)
    with pytest.raises(Raise3DResponseError, match="machine id"):
        await async_identify(client)


def test_an_entry_keeps_what_the_printer_is() -> None:
    assert entry_identity(SYSTEM) == {
        "model": "Raise3D Pro2",
        "serial_number": None,
        "nozzle_count": 2,
        "sw_version": None,
        "firmware_version": None,
    }
    assert entry_identity(counting(1))["model"] == "Raise3D"


def test_what_an_answer_lacks_stays_as_it_was_known() -> None:
    known = entry_identity(
        SystemInfo.from_dict(
            {
                "machine_id": "1",
                "model": "Raise3D E2",
                "Serial_number": "S1",
                "nozzies_num": 1,
                "version": "1.7",
                "firmware_version": "1.2",
            }
        )
    )
    assert None not in known.values()
    assert entry_identity(SystemInfo.from_dict({"machine_id": "1"}), known) == known


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("printer.local", ("printer.local", 10800)),
        (" http://10.0.0.5:8080/ ", ("10.0.0.5", 8080)),
        ("fe80::1", ("fe80::1", 10800)),
        ("[fe80::1]:9", ("fe80::1", 9)),
    ],
)
def test_an_address_is_read_however_it_is_typed(
    typed: str, address: tuple[str, int]
) -> None:
    assert parse_address(typed, 10800) == address


@pytest.mark.parametrize("typed", ["", " ", "http://", "a b", "[fe80::1"])
def test_an_address_without_a_host_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - yarl words it
        parse_address(typed, 10800)
