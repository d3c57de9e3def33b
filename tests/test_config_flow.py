"""Tests of adding a printer, of signing in again and of reconfiguring."""

from collections.abc import Generator
import logging
from typing import Any
from unittest.mock import AsyncMock, patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.config_flow import Raise3DConfigFlow
from custom_components.raise3d.const import DOMAIN
from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator import Printer, Simulator

from .common import PASSWORD, add_entry, now

WRONG = "not the password"
CLIENT = "custom_components.raise3d.config_flow.Raise3DClient"

# Everything that can become of an answer that set-up can do without.
FAULTS_OF_A_SIDE_ENDPOINT = [
    *("http_400", "http_401", "http_404", "http_429", "http_500", "http_502"),
    *("http_503", "reset", "disconnect", "empty", "html", "busy_body"),
    *("no_server", "token_error", "refuse", "truncated", "cut_off", "no_data"),
]

pytestmark = pytest.mark.usefixtures("mock_setup_entry")


@pytest.fixture
def mock_setup_entry() -> Generator[AsyncMock]:
    """Set nothing up: these tests end with the entry."""
    with patch(
        "custom_components.raise3d.async_setup_entry", return_value=True
    ) as mock:
        yield mock


@pytest.fixture
async def token(simulator: Simulator) -> str:
    """Return a token that the printer accepts."""
    return simulator.printer.tokens.issue(now())


async def start(hass: HomeAssistant, step: str = "password") -> ConfigFlowResult:
    """Begin to add a printer, and choose how to sign in."""
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert menu["type"] is FlowResultType.MENU
    assert menu["step_id"] == "user"
    assert menu["menu_options"] == ["password", "token"]
    return await choose(hass, menu, step)


async def choose(
    hass: HomeAssistant, menu: ConfigFlowResult, step: str
) -> ConfigFlowResult:
    """Choose from a menu."""
    assert menu["type"] is FlowResultType.MENU
    form = await fill(hass, menu, {"next_step_id": step})
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == step
    assert not form["errors"]
    return form


async def fill(
    hass: HomeAssistant, form: ConfigFlowResult, user_input: dict[str, Any]
) -> ConfigFlowResult:
    """Send a form."""
    result = await hass.config_entries.flow.async_configure(form["flow_id"], user_input)
    await hass.async_block_till_done()
    return result


def address(simulator: Simulator, **more: Any) -> dict[str, Any]:
    """Return what a user types, with the password where nothing else is given."""
    typed = {"host": simulator.host, "port": simulator.port}
    return typed | (more or {"password": PASSWORD})


def expected_data(simulator: Simulator, **more: Any) -> dict[str, Any]:
    """Return what the entry is to hold."""
    printer = simulator.printer
    return address(simulator, **more) | {
        "model": printer.model.name,
        "serial_number": printer.serial_number,
        "nozzle_count": printer.model.nozzles,
        "sw_version": printer.model.version,
        "firmware_version": printer.model.firmware_version,
    }


def with_count(data: dict[str, object], count: object) -> dict[str, object]:
    """Return what a printer says of itself with another number of nozzles."""
    others = {key: value for key, value in data.items() if key != "nozzies_num"}
    return others if count == "missing" else others | {"nozzies_num": count}


def suggested(form: ConfigFlowResult) -> dict[str, Any]:
    """Return what a form has filled in already."""
    schema = form["data_schema"]
    assert schema
    return {
        str(marker): marker.description["suggested_value"]
        for marker in schema.schema
        if marker.description and "suggested_value" in marker.description
    }


def optional(form: ConfigFlowResult, key: str) -> bool:
    """Return whether a field of a form may stay empty."""
    schema = form["data_schema"]
    assert schema
    markers = {str(marker): type(marker).__name__ for marker in schema.schema}
    return markers[key] == "Optional"


# Adding


@pytest.mark.parametrize("model", ["n2", "pro2", "pro3", "e2"])
async def test_a_printer_is_added_with_its_password(
    hass: HomeAssistant, simulator: Simulator, mock_setup_entry: AsyncMock
) -> None:
    result = await fill(hass, await start(hass), address(simulator))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert dict(entry.data) == expected_data(simulator)
    assert not entry.options
    assert entry.unique_id == simulator.printer.machine_id
    assert entry.version == Raise3DConfigFlow.VERSION == 3
    assert entry.minor_version == Raise3DConfigFlow.MINOR_VERSION == 2
    assert len(mock_setup_entry.mock_calls) == 1
    assert simulator.logins == 1
    assert simulator.max_in_flight == 1


async def test_a_printer_is_added_with_a_token(
    hass: HomeAssistant, simulator: Simulator, token: str
) -> None:
    form = await start(hass, "token")
    result = await fill(hass, form, address(simulator, token=token))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert dict(result["result"].data) == expected_data(simulator, token=token)
    assert simulator.logins == 0


@pytest.mark.parametrize(
    ("model", "title"),
    [("pro2", "Raise3D Pro2"), ("pro3", "Pro3-lab"), ("e2", "E2-ü中文 1")],
)
async def test_the_title_is_the_name_or_the_model_of_a_printer_that_nobody_named(
    hass: HomeAssistant, simulator: Simulator, title: str
) -> None:
    result = await fill(hass, await start(hass), address(simulator))
    assert result["title"] == title


@pytest.mark.parametrize("keys", [["machine_name"], ["machine_name", "model"]])
async def test_a_printer_without_name_and_model_has_a_title(
    hass: HomeAssistant, simulator: Simulator, keys: list[str]
) -> None:
    simulator.faults.add("missing_keys", path="printer/system", keys=keys)
    result = await fill(hass, await start(hass), address(simulator))
    assert result["title"] == ("Raise3D" if "model" in keys else "Raise3D Pro2")
    assert result["result"].data["model"] == result["title"]


@pytest.mark.parametrize(("model", "nozzles"), [("n2", 1), ("pro2", 2)])
async def test_a_printer_that_does_not_count_its_nozzles_is_asked_for_the_second(
    hass: HomeAssistant, simulator: Simulator, nozzles: int
) -> None:
    simulator.faults.add("missing_keys", path="printer/system", keys=["nozzies_num"])
    result = await fill(hass, await start(hass), address(simulator))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].data["nozzle_count"] == nozzles


@pytest.mark.parametrize(
    ("count", "kind"),
    [
        *(("missing", kind) for kind in FAULTS_OF_A_SIDE_ENDPOINT),
        (0, "http_500"),
        (3, "http_500"),
        (-1, "http_500"),
        (2**63, "http_500"),
        ("2", "http_500"),
        ("two", "http_500"),
        (None, "http_500"),
        ([], "http_500"),
    ],
)
@pytest.mark.parametrize(("model", "nozzles"), [("n2", 1), ("pro2", 2)])
async def test_a_printer_that_cannot_tell_its_nozzles_has_those_of_its_model(
    hass: HomeAssistant, simulator: Simulator, nozzles: int, count: object, kind: str
) -> None:
    simulator.faults.add(
        "override",
        path="printer/system",
        count=None,
        data=lambda data: with_count(data, count),
    )
    simulator.faults.add(kind, path="printer/nozzle2", count=None)
    result = await fill(hass, await start(hass), address(simulator))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].data["nozzle_count"] == nozzles


async def test_a_printer_is_added_with_a_token_that_one_side_endpoint_refuses(
    hass: HomeAssistant, simulator: Simulator, token: str
) -> None:
    simulator.faults.add("missing_keys", path="printer/system", keys=["nozzies_num"])
    simulator.faults.add("token_error", path="printer/nozzle2", count=None)
    form = await start(hass, "token")
    result = await fill(hass, form, address(simulator, token=token))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_an_identity_that_is_a_number_keeps_all_its_digits(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    simulator.faults.add(
        "override",
        path="printer/system",
        data=lambda data: (
            data | {"machine_id": 16363785338095344960, "Serial_number": 12345678942}
        ),
    )
    result = await fill(hass, await start(hass), address(simulator))
    assert result["result"].unique_id == "16363785338095344960"
    assert result["result"].data["serial_number"] == "12345678942"


@pytest.mark.parametrize("kind", ["token_error", "http_401"])
@pytest.mark.parametrize("path", ["login", "printer/system"])
async def test_a_401_is_not_a_wrong_password(
    hass: HomeAssistant, simulator: Simulator, kind: str, path: str
) -> None:
    simulator.faults.add(kind, path=path, count=None)
    result = await fill(hass, await start(hass), address(simulator))
    assert result["errors"] == {"base": "printer_busy"}
    simulator.faults.clear()
    result = await fill(hass, result, address(simulator))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_the_same_printer_is_not_added_twice(
    hass: HomeAssistant, simulator: Simulator, config_entry: MockConfigEntry
) -> None:
    result = await fill(hass, await start(hass), address(simulator))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert hass.config_entries.async_entries(DOMAIN) == [config_entry]


async def test_two_printers_of_a_kind_are_two(
    hass: HomeAssistant, simulator: Simulator, config_entry: MockConfigEntry
) -> None:
    other = Printer("pro2", password=PASSWORD, clock=now, machine_id="42")
    async with Simulator(other) as second:
        result = await fill(hass, await start(hass), address(second))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_two_flows_at_once_add_one_printer(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    first, second = await start(hass), await start(hass)
    result = await fill(hass, first, address(simulator))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1
    assert not hass.config_entries.flow.async_progress() or (
        (await fill(hass, second, address(simulator)))["reason"] == "already_configured"
    )


# Errors, and how they end well


@pytest.mark.parametrize(
    ("kind", "path", "error"),
    [
        ("http_500", None, "cannot_connect"),
        ("disconnect", None, "cannot_connect"),
        ("reset", "printer/system", "cannot_connect"),
        ("http_429", None, "printer_busy"),
        ("http_503", "printer/system", "printer_busy"),
        ("no_server", "login", "printer_busy"),
        ("html", None, "invalid_response"),
        ("empty", "printer/system", "invalid_response"),
        ("no_data", "printer/system", "invalid_response"),
        ("missing_keys", "printer/system", "invalid_response"),
    ],
)
async def test_after_trouble_the_same_form_adds_the_printer(
    hass: HomeAssistant,
    simulator: Simulator,
    kind: str,
    path: str | None,
    error: str,
) -> None:
    simulator.faults.add(kind, path=path, count=None, keys=["machine_id"])
    form = await fill(hass, await start(hass), address(simulator))
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "password"
    assert form["errors"] == {"base": error}
    assert suggested(form) == address(simulator)
    simulator.faults.clear()
    result = await fill(hass, form, suggested(form))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert dict(result["result"].data) == expected_data(simulator)


async def test_after_a_printer_was_off_the_same_form_adds_it(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    await simulator.power_off()
    form = await fill(hass, await start(hass), address(simulator))
    assert form["errors"] == {"base": "cannot_connect"}
    await simulator.power_on()
    result = await fill(hass, form, suggested(form))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_after_a_wrong_password_the_right_one_adds_the_printer(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    typed = address(simulator, password=WRONG)
    form = await fill(hass, await start(hass), typed)
    assert form["errors"] == {"password": "invalid_auth"}
    assert suggested(form) == typed
    result = await fill(hass, form, address(simulator))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert dict(result["result"].data) == expected_data(simulator)


async def test_after_a_dead_token_a_new_one_adds_the_printer(
    hass: HomeAssistant, simulator: Simulator, token: str
) -> None:
    typed = address(simulator, token="f" * 32)
    form = await fill(hass, await start(hass, "token"), typed)
    assert form["errors"] == {"token": "invalid_token"}
    assert suggested(form) == typed
    result = await fill(hass, form, address(simulator, token=token))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("secret", ["", "  "])
@pytest.mark.parametrize(
    ("step", "error"), [("password", "invalid_auth"), ("token", "invalid_token")]
)
async def test_no_secret_is_a_wrong_one(
    hass: HomeAssistant, simulator: Simulator, secret: str, step: str, error: str
) -> None:
    form = await fill(
        hass, await start(hass, step), address(simulator, **{step: secret})
    )
    assert form["errors"] == {step: error}


@pytest.mark.parametrize(
    "host",
    ["", " ", "http://", "://", "[", "[::1", "http://:10800", "a:b", "a:99999", "a b"],
)
async def test_after_a_host_that_is_none_the_right_one_adds_the_printer(
    hass: HomeAssistant, simulator: Simulator, host: str
) -> None:
    typed = address(simulator) | {"host": host}
    form = await fill(hass, await start(hass), typed)
    assert form["errors"] == {"host": "invalid_host"}
    assert suggested(form) == typed
    result = await fill(hass, form, address(simulator))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_after_a_bug_the_same_form_adds_the_printer(
    hass: HomeAssistant, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says more, but no secret."""
    with patch(
        "custom_components.raise3d.api.queries.Queries.get_system",
        side_effect=RuntimeError("a bug"),
    ):
        form = await fill(hass, await start(hass), address(simulator))
    assert form["errors"] == {"base": "unknown"}
    assert "a bug" in caplog.text
    assert PASSWORD not in caplog.text
    result = await fill(hass, form, suggested(form))
    assert result["type"] is FlowResultType.CREATE_ENTRY


# What is typed as a host


@pytest.mark.parametrize("template", [
    "127.0.0.1:{port}",
    "  127.0.0.1:{port}\t",
    "http://127.0.0.1:{port}",
    "HTTP://127.0.0.1:{port}/v1/printer/system?x=1#y",
    "http://user:word@127.0.0.1:{port}/",
])  # fmt: skip
async def test_the_port_of_a_url_counts(
    hass: HomeAssistant, simulator: Simulator, template: str
) -> None:
    typed = {
        "host": template.format(port=simulator.port),
        "port": 10800,
        "password": f" {PASSWORD}\n",
    }
    result = await fill(hass, await start(hass), typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert dict(result["result"].data) == expected_data(simulator)


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("PRINTER.Local", "printer.local", 10800),
        ("printer.local:0", "printer.local", 10800),
        ("http://printer.local/", "printer.local", 10800),
        ("https://printer.local:8443/x", "printer.local", 8443),
        ("fe80::1", "fe80::1", 10800),
        ("[FE80::1]", "fe80::1", 10800),
        ("[fe80::1]:81", "fe80::1", 81),
        ("http://[fe80::1]:81/x", "fe80::1", 81),
        ("drücker.local", "drücker.local", 10800),
    ],
)
async def test_a_host_is_forgiven_how_it_is_typed(
    hass: HomeAssistant, simulator: Simulator, typed: str, host: str, port: int
) -> None:
    with patch(CLIENT) as client:
        client.side_effect = RuntimeError
        form = await start(hass)
        with pytest.raises(RuntimeError):
            await fill(hass, form, {"host": typed, "port": 10800, "password": "x"})
    assert client.call_args.args[1:] == (host, port)


@pytest.mark.parametrize("host", ["::1", "[::1]", "http://[::1]/"])
async def test_a_printer_is_added_by_its_ipv6_address(
    hass: HomeAssistant, printer: Printer, ipv6: None, host: str
) -> None:
    async with Simulator(printer, host="::1") as simulator:
        typed = address(simulator) | {"host": host}
        result = await fill(hass, await start(hass), typed)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert result["result"].data["host"] == "::1"


# Signing in again


async def start_reauth(
    hass: HomeAssistant, entry: MockConfigEntry, step: str
) -> ConfigFlowResult:
    """Begin to sign in again."""
    menu = await entry.start_reauth_flow(hass)
    assert menu["step_id"] == "reauth_confirm"
    assert menu["menu_options"] == ["reauth_password", "reauth_token"]
    assert menu["description_placeholders"] == {"name": entry.title}
    form = await choose(hass, menu, step)
    assert form["description_placeholders"] == {"name": entry.title}
    return form


async def test_a_dead_token_is_replaced(
    hass: HomeAssistant,
    simulator: Simulator,
    token: str,
    mock_setup_entry: AsyncMock,
) -> None:
    entry = add_entry(hass, simulator, token="f" * 32)
    form = await start_reauth(hass, entry, "reauth_token")
    result = await fill(hass, form, {"token": token})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reauth_successful"
    assert dict(entry.data) == expected_data(simulator, token=token)
    assert len(mock_setup_entry.mock_calls) == 1


async def test_a_dead_token_gives_way_to_the_password(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    entry = add_entry(hass, simulator, token="f" * 32)
    form = await start_reauth(hass, entry, "reauth_password")
    result = await fill(hass, form, {"password": PASSWORD})
    assert result["reason"] == "reauth_successful"
    assert dict(entry.data) == expected_data(simulator)


async def test_after_a_wrong_secret_the_right_one_signs_in(
    hass: HomeAssistant, simulator: Simulator, token: str
) -> None:
    entry = add_entry(hass, simulator, password="old")
    form = await start_reauth(hass, entry, "reauth_password")
    form = await fill(hass, form, {"password": WRONG})
    assert form["errors"] == {"password": "invalid_auth"}
    assert suggested(form) == {"password": WRONG}
    assert entry.data["password"] == "old"
    result = await fill(hass, form, {"password": PASSWORD})
    assert result["reason"] == "reauth_successful"
    assert entry.data["password"] == PASSWORD


async def test_nobody_signs_in_to_another_printer(
    hass: HomeAssistant, simulator: Simulator, config_entry: MockConfigEntry
) -> None:
    before = dict(config_entry.data)
    simulator.printer.machine_id = "42"
    form = await start_reauth(hass, config_entry, "reauth_password")
    result = await fill(hass, form, {"password": PASSWORD})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "wrong_printer"
    assert dict(config_entry.data) == before


# Reconfiguring


async def start_reconfigure(
    hass: HomeAssistant, entry: MockConfigEntry, step: str
) -> ConfigFlowResult:
    """Begin to reconfigure a printer."""
    menu = await entry.start_reconfigure_flow(hass)
    assert menu["step_id"] == "reconfigure"
    assert menu["menu_options"] == ["reconfigure_password", "reconfigure_token"]
    form = await choose(hass, menu, step)
    assert form["description_placeholders"] == {"name": entry.title}
    # the address, and never the secret
    assert suggested(form) == {key: entry.data[key] for key in ("host", "port")}
    return form


@pytest.mark.parametrize("typed", [{}, {"password": ""}, {"password": PASSWORD}])
async def test_a_printer_that_moved_keeps_its_password(
    hass: HomeAssistant,
    simulator: Simulator,
    mock_setup_entry: AsyncMock,
    typed: dict[str, str],
) -> None:
    entry = add_entry(hass, simulator)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "host": "192.0.2.1", "port": 1}
    )
    form = await start_reconfigure(hass, entry, "reconfigure_password")
    assert optional(form, "password")
    result = await fill(
        hass, form, {"host": simulator.host, "port": simulator.port, **typed}
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert dict(entry.data) == expected_data(simulator)
    assert entry.unique_id == simulator.printer.machine_id
    assert entry.title == "Lab printer"
    assert len(mock_setup_entry.mock_calls) == 1


@pytest.mark.parametrize("typed", [{}, {"token": ""}])
async def test_a_printer_that_moved_keeps_its_token(
    hass: HomeAssistant, simulator: Simulator, token: str, typed: dict[str, str]
) -> None:
    entry = add_entry(hass, simulator, token=token)
    form = await start_reconfigure(hass, entry, "reconfigure_token")
    assert optional(form, "token")
    result = await fill(hass, form, suggested(form) | typed)
    assert result["reason"] == "reconfigure_successful"
    assert dict(entry.data) == expected_data(simulator, token=token)


async def test_a_token_gives_way_to_the_password(
    hass: HomeAssistant, simulator: Simulator, token: str
) -> None:
    entry = add_entry(hass, simulator, token=token)
    form = await start_reconfigure(hass, entry, "reconfigure_password")
    assert not optional(form, "password")
    result = await fill(hass, form, address(simulator))
    assert result["reason"] == "reconfigure_successful"
    assert dict(entry.data) == expected_data(simulator)


async def test_the_password_gives_way_to_a_token(
    hass: HomeAssistant, simulator: Simulator, token: str
) -> None:
    entry = add_entry(hass, simulator)
    form = await start_reconfigure(hass, entry, "reconfigure_token")
    assert not optional(form, "token")
    result = await fill(hass, form, address(simulator, token=token))
    assert result["reason"] == "reconfigure_successful"
    assert dict(entry.data) == expected_data(simulator, token=token)


async def test_another_printer_is_not_moved_in(
    hass: HomeAssistant, simulator: Simulator, config_entry: MockConfigEntry
) -> None:
    before = dict(config_entry.data)
    other = Printer("pro2", password=PASSWORD, clock=now, machine_id="42")
    async with Simulator(other) as second:
        form = await start_reconfigure(hass, config_entry, "reconfigure_password")
        result = await fill(hass, form, address(second))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "wrong_printer"
    assert dict(config_entry.data) == before


async def test_after_trouble_the_same_form_reconfigures(
    hass: HomeAssistant, simulator: Simulator, config_entry: MockConfigEntry
) -> None:
    form = await start_reconfigure(hass, config_entry, "reconfigure_password")
    await simulator.stop()
    form = await fill(hass, form, address(simulator))
    assert form["errors"] == {"base": "cannot_connect"}
    assert suggested(form) == address(simulator)
    await simulator.start()
    result = await fill(hass, form, suggested(form))
    assert result["reason"] == "reconfigure_successful"


# Discretion


async def test_no_flow_logs_a_secret(
    hass: HomeAssistant,
    simulator: Simulator,
    token: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    form = await fill(hass, await start(hass), address(simulator, password=WRONG))
    simulator.faults.add("html", path="printer/system")
    form = await fill(hass, form, address(simulator))
    await fill(hass, form, address(simulator))
    entry = hass.config_entries.async_entries(DOMAIN)[0]
    assert isinstance(entry.data["host"], str)
    form = await start(hass, "token")
    await fill(hass, form, address(simulator, token="f" * 32))
    await fill(hass, form, address(simulator, token=token))
    assert "printer/system" in caplog.text
    for secret in (PASSWORD, WRONG, token, "f" * 32, f":{simulator.port}"):
        assert secret not in caplog.text
    assert not set(simulator.printer.tokens._born) & set(caplog.text.split())
