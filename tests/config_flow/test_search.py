"""Tests of adding a printer that a search of the network has found."""

import asyncio
from collections.abc import AsyncGenerator, Callable
import socket
from typing import Any
from unittest.mock import AsyncMock, Mock, patch

import pytest
import pytest_socket

from custom_components.raise3d import search_flow
from custom_components.raise3d.const import DOMAIN
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator import Simulator
from tests.common import PASSWORD, add_entry, new_printer, now, until
from tests.neighbours import adapter, neighbours

from .flow import Flow

type Printers = dict[str, Simulator]


@pytest.fixture
async def printers(
    hass: HomeAssistant,
    socket_enabled: None,
    monkeypatch: pytest.MonkeyPatch,
    mock_setup_entry: AsyncMock,
) -> AsyncGenerator[Printers]:
    """Return three printers, the second of which is set up."""
    pytest_socket.socket_allow_hosts(["127.0.0.0/8"])
    get_adapters = AsyncMock(return_value=[adapter("127.0.0.1", 29)])
    async with neighbours(
        lab=new_printer("n2", machine_id="1"),
        known=new_printer("pro2", machine_id="2"),
        studio=new_printer("pro3", machine_id="3"),
    ) as printers:
        add_entry(hass, printers["known"])
        monkeypatch.setattr(search_flow, "DEFAULT_PORT", printers["lab"].port)
        with patch("homeassistant.components.network.async_get_adapters", get_adapters):
            yield printers


@pytest.fixture
def search(hass: HomeAssistant, printers: Printers) -> Flow:
    """Return a person who is about to search."""
    return Flow(printers["lab"], hass)


async def start(flow: Flow) -> None:
    """Begin to add a printer, and search for it."""
    flow.result = await flow.hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    await flow.fill({"next_step_id": "search"})


async def next_screen(flow: Flow) -> None:
    """Have the browser ask what is on the screen now."""
    await flow.hass.async_block_till_done()
    flow.result = await flow.hass.config_entries.flow.async_configure(
        flow.result["flow_id"]
    )


async def find_printers(flow: Flow) -> None:
    """Search, and wait for what is found."""
    await start(flow)
    await next_screen(flow)


def options(flow: Flow) -> list[dict[str, str]]:
    """Return between what one may choose."""
    schema = flow.result["data_schema"]
    assert schema
    found: list[dict[str, str]] = schema.schema["host"].config["options"]
    return found


async def test_a_printer_that_was_found_is_added_with_its_password(
    search: Flow, printers: Printers
) -> None:
    await start(search)
    assert search.result["type"] is FlowResultType.SHOW_PROGRESS
    assert search.result["progress_action"] == "search"
    assert search.result["description_placeholders"] == {"networks": "127.0.0.0/29"}
    await next_screen(search)
    assert search.result["step_id"] == "found"
    assert options(search) == [
        {"value": "127.0.0.2", "label": "127.0.0.2"},
        {"value": "127.0.0.3", "label": "127.0.0.3 (Lab printer)"},
        {"value": "127.0.0.4", "label": "127.0.0.4"},
        {"value": "manual", "label": "manual"},
    ]
    # nobody has signed in, and each has got one request
    assert [len(each.requests) for each in printers.values()] == [1, 1, 1]
    assert not sum(each.logins for each in printers.values())
    await search.fill({"host": "127.0.0.4"})
    assert search.result["menu_options"] == ["password", "token"]
    await search.choose("password")
    assert search.suggested == {"host": "127.0.0.4", "port": search.simulator.port}
    await search.fill({**search.suggested, "password": PASSWORD})
    assert search.entry.unique_id == "3"
    assert search.entry.data["host"] == "127.0.0.4"


async def test_a_printer_that_was_found_is_added_with_a_token(
    search: Flow, printers: Printers
) -> None:
    await find_printers(search)
    await search.fill({"host": "127.0.0.2"})
    await search.choose("token")
    token = printers["lab"].printer.tokens.issue(now())
    await search.fill({**search.suggested, "token": token})
    assert search.entry.unique_id == "1"


async def test_a_printer_that_is_known_is_not_added_twice(search: Flow) -> None:
    await find_printers(search)
    await search.fill({"host": "127.0.0.3"})
    await search.choose("password")
    await search.fill({**search.suggested, "password": PASSWORD})
    assert search.reason == "already_configured"


@pytest.mark.parametrize(
    ("resolved", "label"),
    [
        (
            [[(socket.AF_INET, 1, 6, "", ("127.0.0.4", 0))]],
            "127.0.0.4 (Lab printer)",
        ),
        (socket.gaierror, "127.0.0.4"),
    ],
)
async def test_a_printer_with_a_host_name_is_known_too(
    search: Flow,
    printers: Printers,
    monkeypatch: pytest.MonkeyPatch,
    resolved: Any,
    label: str,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Mock(side_effect=resolved))
    entry = add_entry(search.hass, printers["studio"])
    data = {**entry.data, "host": "studio.local"}
    search.hass.config_entries.async_update_entry(entry, data=data)
    await find_printers(search)
    assert options(search)[2]["label"] == label


async def test_who_finds_the_wrong_ones_enters_the_address(search: Flow) -> None:
    await find_printers(search)
    await search.fill({"host": "manual"})
    await search.choose("password")
    assert not search.suggested
    await search.fill(search.address())
    assert search.entry.unique_id == "1"


async def test_a_search_without_a_printer_says_so_and_can_be_repeated(
    search: Flow, printers: Printers
) -> None:
    for each in printers.values():
        await each.stop()
    await find_printers(search)
    assert search.result["step_id"] == "not_found"
    assert search.result["menu_options"] == ["search", "password", "token"]
    assert search.result["description_placeholders"] == {"networks": "127.0.0.0/29"}
    await printers["studio"].start()
    await search.fill({"next_step_id": "search"})
    await next_screen(search)
    assert [each["value"] for each in options(search)] == ["127.0.0.4", "manual"]


async def test_a_printer_whose_api_is_off_or_down_is_not_found(
    search: Flow, printers: Printers
) -> None:
    await printers["lab"].stop()
    printers["studio"].faults.add("http_500", path="/", count=None)
    await find_printers(search)
    assert [each["value"] for each in options(search)] == ["127.0.0.3", "manual"]


@pytest.fixture
def hanging() -> Callable[..., Any]:
    """Return a search that never ends, and notes that it was cancelled."""

    async def search(*_: object) -> list[str]:
        await asyncio.Event().wait()
        return []

    return AsyncMock(side_effect=search)


async def test_a_flow_that_is_closed_ends_its_search_and_no_other(
    search: Flow, hanging: Callable[..., Any]
) -> None:
    manager = search.hass.config_entries.flow
    other = Flow(search.simulator, search.hass)
    with patch.object(search_flow, "async_search", hanging):
        one, two = [
            await manager.async_init(DOMAIN, context={"source": SOURCE_USER})
            for _ in range(2)
        ]
        search.result, other.result = [
            await manager.async_configure(flow["flow_id"], {"next_step_id": "search"})
            for flow in (one, two)
        ]
    tasks = [
        task for task in asyncio.all_tasks() if task.get_name() == "raise3d search"
    ]
    assert len(tasks) == 2
    manager.async_abort(search.result["flow_id"])
    await until(lambda: any(task.done() for task in tasks))
    assert sum(task.cancelled() for task in tasks) == 1
    manager.async_abort(other.result["flow_id"])
    await until(lambda: all(task.cancelled() for task in tasks))
