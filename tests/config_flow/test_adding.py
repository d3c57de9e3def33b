"""Tests of adding a printer."""

from functools import partial
from itertools import product
from unittest.mock import AsyncMock, patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.config_flow import Raise3DConfigFlow
from custom_components.raise3d.const import DOMAIN
from simulator import Printer, Simulator
from tests.common import PASSWORD, log_everything, new_printer

from .flow import DEAD, WRONG, Flow, address

INVALID_HOSTS = (
    *("", " ", "http://", "://", "[", "[::1", "http://:10800"),
    *("a:b", "a:99999", "a b"),
)
CLIENT = "custom_components.raise3d.connection.Raise3DClient"

# Everything that can become of an answer that set-up can do without.
FAULTS_OF_A_SIDE_ENDPOINT = [
    *("http_400", "http_401", "http_404", "http_429", "http_500", "http_502"),
    *("http_503", "reset", "disconnect", "empty", "html", "busy_body"),
    *("no_server", "token_error", "refuse", "truncated", "cut_off", "no_data"),
]
# The number of nozzles that a printer reports, and what becomes of the second one.
UNCOUNTED: list[tuple[object, str]] = [
    *(("missing", kind) for kind in FAULTS_OF_A_SIDE_ENDPOINT),
    *zip([0, 3, -1, 2**63, "2", "two", None, []], ["http_500"] * 8, strict=True),
]


# the title is its name, or the model of a printer that nobody has named
@pytest.mark.parametrize(
    ("model", "title"),
    [
        ("n2", "n2-single"),
        ("pro2", "Raise3D Pro2"),
        ("pro3", "Pro3-lab"),
        ("e2", "E2-ü中文 1"),
    ],
)
async def test_a_printer_is_added_with_its_password(
    flow: Flow, mock_setup_entry: AsyncMock, title: str
) -> None:
    await flow.add()
    assert flow.result["title"] == title
    assert dict(flow.entry.data) == flow.data()
    assert not flow.entry.options
    assert flow.entry.unique_id == flow.printer.machine_id
    assert flow.entry.version == Raise3DConfigFlow.VERSION == 3
    assert flow.entry.minor_version == Raise3DConfigFlow.MINOR_VERSION == 2
    assert len(mock_setup_entry.mock_calls) == 1
    assert flow.simulator.logins == 1
    assert flow.simulator.max_in_flight == 1


async def test_a_printer_is_added_with_a_token(flow: Flow, token: str) -> None:
    await flow.add(flow.address(token=token), "token")
    assert dict(flow.entry.data) == flow.data(token=token)
    assert flow.simulator.logins == 0


@pytest.mark.parametrize(
    ("keys", "title"),
    [(["machine_name"], "Raise3D Pro2"), (["machine_name", "model"], "Raise3D")],
)
async def test_a_printer_without_name_and_model_has_a_title(
    flow: Flow, keys: list[str], title: str
) -> None:
    flow.fail("missing_keys", "printer/system", keys=keys)
    await flow.add()
    assert flow.result["title"] == title
    assert flow.entry.data["model"] == title


def with_count(data: dict[str, object], count: object) -> dict[str, object]:
    """Return what a printer says of itself with another number of nozzles."""
    others = {key: value for key, value in data.items() if key != "nozzies_num"}
    return others if count == "missing" else others | {"nozzies_num": count}


@pytest.mark.parametrize(("model", "nozzles"), [("n2", 1), ("pro2", 2)])
async def test_a_printer_that_cannot_count_its_nozzles_has_those_of_its_model(
    flow: Flow, nozzles: int
) -> None:
    flow.fail("missing_keys", "printer/system", keys=["nozzies_num"])
    await flow.add()
    # it has a second one where that can be read
    assert flow.entry.data["nozzle_count"] == nozzles
    assert "printer/nozzle2" in flow.paths
    for number, (count, kind) in enumerate(UNCOUNTED):
        # each is another printer
        flow.printer.machine_id = f"1000{number}"
        flow.heal()
        flow.answer("printer/system", partial(with_count, count=count))
        flow.fail(kind, "printer/nozzle2")
        await flow.add()
        assert flow.entry.unique_id == flow.printer.machine_id
        assert flow.entry.data["nozzle_count"] == nozzles, (count, kind)


async def test_a_printer_is_added_with_a_token_that_one_side_endpoint_refuses(
    flow: Flow, token: str
) -> None:
    flow.simulator.faults.add(
        "missing_keys", path="printer/system", keys=["nozzies_num"]
    )
    flow.fail("token_error", "printer/nozzle2")
    await flow.add(flow.address(token=token), "token")
    assert flow.entry


async def test_an_identity_that_is_a_number_keeps_all_its_digits(flow: Flow) -> None:
    numbers = {"machine_id": 16363785338095344960, "Serial_number": 12345678942}
    flow.answer("printer/system", lambda data: data | numbers)
    await flow.add()
    assert flow.entry.unique_id == "16363785338095344960"
    assert flow.entry.data["serial_number"] == "12345678942"


async def test_a_401_is_not_a_wrong_password(flow: Flow) -> None:
    await flow.start()
    for kind, path in product(("token_error", "http_401"), ("login", "printer/system")):
        flow.heal()
        flow.fail(kind, path)
        await flow.fill()
        assert flow.errors == {"base": "printer_busy"}
    flow.heal()
    await flow.fill()
    assert flow.entry


async def test_the_same_printer_is_not_added_twice(
    flow: Flow, entry: MockConfigEntry
) -> None:
    await flow.add()
    assert flow.reason == "already_configured"
    assert flow.hass.config_entries.async_entries(DOMAIN) == [entry]


@pytest.mark.usefixtures("entry")
async def test_two_printers_of_a_kind_are_two(flow: Flow) -> None:
    async with Simulator(new_printer(machine_id="42")) as second:
        await flow.add(address(second))
    assert flow.entry


async def test_two_flows_at_once_add_one_printer(flow: Flow) -> None:
    second = Flow(flow.simulator, flow.hass)
    await flow.start()
    await second.start()
    await flow.fill()
    assert flow.entry
    assert len(flow.hass.config_entries.async_entries(DOMAIN)) == 1
    await second.fill()
    assert second.reason == "already_configured"


# Errors, and how they end well


async def test_after_trouble_the_same_form_adds_the_printer(flow: Flow) -> None:
    await flow.start()
    for kind, paths, error in (
        ("http_500", [], "cannot_connect"),
        ("disconnect", [], "cannot_connect"),
        ("reset", ["printer/system"], "cannot_connect"),
        ("http_429", [], "printer_busy"),
        ("http_503", ["printer/system"], "printer_busy"),
        ("no_server", ["login"], "printer_busy"),
        ("html", [], "invalid_response"),
        ("empty", ["printer/system"], "invalid_response"),
        ("no_data", ["printer/system"], "invalid_response"),
        ("missing_keys", ["printer/system"], "invalid_response"),
    ):
        flow.heal()
        flow.fail(kind, *paths, keys=["machine_id"])
        await flow.fill()
        assert flow.errors == {"base": error}, (kind, paths)
        assert flow.result["step_id"] == "password"
        assert flow.suggested == flow.address()
    flow.heal()
    await flow.simulator.power_off()
    await flow.fill(flow.suggested)
    assert flow.errors == {"base": "cannot_connect"}
    await flow.simulator.power_on()
    await flow.fill(flow.suggested)
    assert dict(flow.entry.data) == flow.data()


@pytest.mark.parametrize(
    ("step", "wrong", "error"),
    [("password", WRONG, "invalid_auth"), ("token", DEAD, "invalid_token")],
)
async def test_after_a_mistake_the_right_values_add_the_printer(
    flow: Flow, token: str, step: str, wrong: str, error: str
) -> None:
    await flow.start(step)
    # no secret is a wrong one
    for secret in ("", "  ", wrong):
        typed = flow.address(**{step: secret})
        await flow.fill(typed)
        assert flow.errors == {step: error}
    assert flow.suggested == typed
    right = {step: {"password": PASSWORD, "token": token}[step]}
    for host in INVALID_HOSTS:
        typed = flow.address(**right, host=host)
        await flow.fill(typed)
        assert flow.errors == {"host": "invalid_host"}, host
        assert flow.suggested == typed
    await flow.fill(flow.address(**right))
    assert dict(flow.entry.data) == flow.data(**right)


async def test_after_a_bug_the_same_form_adds_the_printer(
    flow: Flow, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says more, but no secret."""
    with patch(
        "custom_components.raise3d.api.queries.Queries.get_system",
        side_effect=RuntimeError("a bug"),
    ):
        await flow.add()
    assert flow.errors == {"base": "unknown"}
    assert "a bug" in caplog.text
    assert PASSWORD not in caplog.text
    await flow.fill(flow.suggested)
    assert flow.entry


# What is typed as a host


async def test_the_port_of_a_url_counts(flow: Flow) -> None:
    for number, template in enumerate(
        (
            "127.0.0.1:{port}",
            "  127.0.0.1:{port}\t",
            "http://127.0.0.1:{port}",
            "HTTP://127.0.0.1:{port}/v1/printer/system?x=1#y",
            "http://user:word@127.0.0.1:{port}/",
        )
    ):
        flow.printer.machine_id = f"1000{number}"
        host = template.format(port=flow.simulator.port)
        await flow.add({"host": host, "port": 10800, "password": f" {PASSWORD}\n"})
        assert dict(flow.entry.data) == flow.data()


async def test_a_host_is_forgiven_how_it_is_typed(flow: Flow) -> None:
    for typed, host, port in (
        ("PRINTER.Local", "printer.local", 10800),
        ("printer.local:0", "printer.local", 10800),
        ("http://printer.local/", "printer.local", 10800),
        ("https://printer.local:8443/x", "printer.local", 8443),
        ("fe80::1", "fe80::1", 10800),
        ("[FE80::1]", "fe80::1", 10800),
        ("[fe80::1]:81", "fe80::1", 81),
        ("http://[fe80::1]:81/x", "fe80::1", 81),
        ("drücker.local", "drücker.local", 10800),
    ):
        await flow.start()
        with (
            patch(CLIENT, side_effect=RuntimeError) as client,
            pytest.raises(RuntimeError),
        ):
            await flow.fill({"host": typed, "port": 10800, "password": "x"})
        assert client.call_args.args[1:] == (host, port)


async def test_a_printer_is_added_by_its_ipv6_address(
    flow: Flow, printer: Printer, ipv6: None
) -> None:
    async with Simulator(printer, host="::1") as simulator:
        for number, host in enumerate(("::1", "[::1]", "http://[::1]/")):
            printer.machine_id = f"1000{number}"
            await flow.add(address(simulator) | {"host": host})
            assert flow.entry.data["host"] == "::1"


# Discretion


async def test_no_flow_logs_a_secret(
    flow: Flow, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    log_everything(caplog)
    await flow.add(flow.address(password=WRONG))
    flow.simulator.faults.add("html", path="printer/system")
    await flow.fill()
    await flow.fill()
    assert isinstance(flow.entry.data["host"], str)
    await flow.add(flow.address(token=DEAD), "token")
    await flow.fill(flow.address(token=token))
    issued = flow.printer.tokens.held
    assert "printer/system" in caplog.text
    assert token in issued
    for secret in (PASSWORD, WRONG, DEAD, f":{flow.simulator.port}", *issued):
        assert secret not in caplog.text
