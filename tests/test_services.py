"""Tests of the actions."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
import hashlib
from pathlib import Path
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.raise3d.const import DOMAIN
from custom_components.raise3d.services import ACTIONS
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, SERVICE_TURN_OFF
from homeassistant.core import (
    DOMAIN as HOMEASSISTANT_DOMAIN,
    HomeAssistant,
    SupportsResponse,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict, parse_yaml
from simulator import Printer, Simulator
from simulator.states import Unknowns

from .actions import posts, refused
from .automations import another_printer, device_of
from .common import PASSWORD, now
from .conftest import Ticker

SCHEMAS = {name: action.schema for name, action in ACTIONS.items()}

OPERATE = "job/currentjob/set"
START = "job/newjob/set"
MOVE = "printer/axiscontrol/set"
DELETE = "filepos/delete"
UPLOAD = "fileops/upload"
FILE = "Local/medaille_1.gcode"
SERVICES_YAML = Path(__file__).parents[1] / "custom_components/raise3d/services.yaml"

# What each action needs to be valid.
NEEDS: dict[str, dict[str, Any]] = {
    "delete_file": {"file": FILE},
    "get_print_history": {},
    "list_files": {},
    "move_axis": {"z": 5},
    "start_print": {"file": FILE},
    "stop_print": {},
    "upload_file": {"path": "/media/part.gcode"},
}
RESPONSES = {
    "get_print_history": SupportsResponse.ONLY,
    "list_files": SupportsResponse.ONLY,
    "upload_file": SupportsResponse.OPTIONAL,
}

type Act = Callable[..., Awaitable[Any]]
type State = Callable[..., str]


@pytest.fixture
def unknowns() -> Unknowns:
    """Return what the simulated printer assumes."""
    return Unknowns()


@pytest.fixture
def history() -> int:
    """Return the number of jobs that the printer has done before."""
    return 0


@pytest.fixture
def printer(
    model: str, freezer: FrozenDateTimeFactory, history: int, unknowns: Unknowns
) -> Printer:
    """Return a printer with a past."""
    freezer.move_to("2026-11-23 08:00:00+00:00")
    return Printer(
        model, password=PASSWORD, clock=now, history=history, unknowns=unknowns
    )


@pytest.fixture
def act(hass: HomeAssistant, loaded_entry: MockConfigEntry) -> Act:
    """Return a function that calls an action for the printer."""

    async def act(name: str, *, response: bool | None = None, **data: object) -> Any:
        if response is None:
            response = RESPONSES.get(name) is SupportsResponse.ONLY
        return await hass.services.async_call(
            DOMAIN,
            name,
            {ATTR_DEVICE_ID: device_of(hass, loaded_entry).id, **data},
            blocking=True,
            return_response=response,
        )

    return act


@pytest.fixture
async def printing(printer: Printer, act: Act, tick: Ticker) -> Printer:
    """Return a printer in the middle of a print."""
    printer.start("Local/part.gcode", duration=7200)
    await tick(60)
    return printer


# All of them


async def test_actions_are_there_before_any_printer_is(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    assert set(hass.services.async_services_for_domain(DOMAIN)) == set(NEEDS)
    for name in NEEDS:
        assert hass.services.supports_response(DOMAIN, name) is RESPONSES.get(
            name, SupportsResponse.NONE
        )


async def test_forms_ask_for_what_the_actions_take(hass: HomeAssistant) -> None:
    described = await hass.async_add_executor_job(load_yaml_dict, str(SERVICES_YAML))
    assert {
        name: {
            key: (field.get("required", False), field.get("default"))
            for key, field in action["fields"].items()
        }
        for name, action in described.items()
    } == {
        name: {
            str(key): (
                isinstance(key, vol.Required),
                None if key.default is vol.UNDEFINED else key.default(),
            )
            for key in schema.schema
        }
        for name, schema in SCHEMAS.items()
    }


async def test_forms_have_the_limits_of_the_actions(hass: HomeAssistant) -> None:
    described = await hass.async_add_executor_job(load_yaml_dict, str(SERVICES_YAML))
    limited = 0
    for name, needs in NEEDS.items():
        for key, field in described[name]["fields"].items():
            if not (limits := (field.get("selector") or {}).get("number")):
                continue
            limited += 1
            data = {ATTR_DEVICE_ID: "device", **needs}
            for value in (limits["min"], limits["max"]):
                SCHEMAS[name]({**data, key: value})
            for value in (limits["min"] - 1, limits["max"] + 1):
                with pytest.raises(vol.Invalid):
                    SCHEMAS[name]({**data, key: value})
    assert limited == 6


async def test_a_device_that_does_not_exist_is_refused(
    simulator: Simulator, act: Act
) -> None:
    for name, needs in NEEDS.items():
        with pytest.raises(ServiceValidationError) as caught:
            await act(name, device_id="no such device", **needs)
        assert caught.value.translation_domain == HOMEASSISTANT_DOMAIN
        assert caught.value.translation_key == "service_device_not_found"
    assert not posts(simulator)


async def test_a_device_of_another_integration_is_refused(
    hass: HomeAssistant, simulator: Simulator, act: Act
) -> None:
    entry = MockConfigEntry(domain="other")
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("other", "lamp")}
    )
    for name, needs in NEEDS.items():
        with pytest.raises(ServiceValidationError) as caught:
            await act(name, device_id=device.id, **needs)
        assert caught.value.translation_key == "service_device_wrong_domain"
    assert not posts(simulator)


async def test_a_printer_that_is_not_loaded_is_refused(
    hass: HomeAssistant, simulator: Simulator, loaded_entry: MockConfigEntry, act: Act
) -> None:
    assert await hass.config_entries.async_unload(loaded_entry.entry_id)
    for name, needs in NEEDS.items():
        with pytest.raises(ServiceValidationError) as caught:
            await act(name, **needs)
        assert caught.value.translation_key == "service_config_entry_not_loaded"
    assert not posts(simulator)


async def test_a_printer_that_is_off_cannot_be_reached(
    simulator: Simulator, act: Act, part: Path
) -> None:
    await simulator.power_off()
    for name, needs in (NEEDS | {"upload_file": {"path": str(part)}}).items():
        await refused(act(name, **needs), "cannot_connect")


@pytest.mark.parametrize("name", sorted(NEEDS))
async def test_a_password_that_was_changed_is_named_as_the_reason(
    hass: HomeAssistant, simulator: Simulator, act: Act, part: Path, name: str
) -> None:
    simulator.printer.password = "changed"
    simulator.drop_tokens()
    needs = NEEDS | {"upload_file": {"path": str(part)}}
    await refused(act(name, **needs[name]), "invalid_auth")
    await hass.async_block_till_done()
    # the polls decide whether that lasts
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("delete_file", DELETE),
        ("move_axis", MOVE),
        ("start_print", START),
        ("stop_print", OPERATE),
    ],
)
@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ("reset", "cannot_connect"),
        ("http_429", "printer_busy"),
        ("busy_body", "printer_busy"),
        ("truncated", "invalid_response"),
    ],
)
async def test_a_command_whose_answer_is_lost_is_never_sent_twice(
    simulator: Simulator,
    act: Act,
    tick: Ticker,
    name: str,
    path: str,
    fault: str,
    key: str,
) -> None:
    simulator.faults.add(fault, path=path, count=None)
    await refused(act(name, **NEEDS[name]), key)
    await tick(60)
    assert posts(simulator) == [path]


async def test_an_action_is_for_the_printer_that_it_names(
    hass: HomeAssistant, simulator: Simulator, act: Act, tick: Ticker
) -> None:
    async with another_printer(hass) as (other, entry):
        await act("start_print", device_id=device_of(hass, entry).id, file=FILE)
        await tick(10)
        assert other.phase == "running"
        assert simulator.printer.phase == "idle"
        assert await hass.config_entries.async_unload(entry.entry_id)


# Prints


async def test_a_print_that_was_started_shows_within_ten_seconds(
    simulator: Simulator, act: Act, tick: Ticker, state: State
) -> None:
    await tick(60)
    await act("start_print", file="Local/webapi_store/bracket v3 ä.gcode")
    await tick(10)
    assert state("status") == "printing"
    assert state("file_name") == "bracket v3 ä.gcode"
    assert posts(simulator) == [START]


async def test_a_file_that_is_not_there_cannot_be_printed(
    simulator: Simulator, act: Act
) -> None:
    await refused(act("start_print", file="Local/none.gcode"), "refused_no_file")


@pytest.mark.parametrize(
    "file", ["", "part.gcode", "Local/", "Local/../etc/passwd", "/Local/part.gcode"]
)
@pytest.mark.parametrize("name", ["start_print", "delete_file"])
async def test_a_path_outside_local_never_reaches_the_printer(
    simulator: Simulator, act: Act, name: str, file: str
) -> None:
    await refused(act(name, file=file), "invalid_value", mistake=True)
    assert not posts(simulator)


async def test_nothing_is_started_while_a_part_is_on_the_plate(
    printer: Printer, act: Act, tick: Ticker
) -> None:
    printer.start(FILE, duration=300)
    await tick(600)
    await refused(act("start_print", file=FILE), "refused_completed")
    printer.dismiss()
    await act("start_print", file=FILE)
    await tick(10)
    assert printer.phase == "running"


async def test_what_keeps_the_printer_from_starting_is_told(
    printing: Printer, act: Act, tick: Ticker
) -> None:
    await refused(act("start_print", file=FILE), "refused_printing")
    printing.pause()
    await tick(10)
    await refused(act("start_print", file=FILE), "refused_paused")
    printing.stop()
    await refused(act("start_print", file=FILE), "refused_busy")
    await tick(60)
    printing.show("powerloss")
    await refused(act("start_print", file=FILE), "refused_panel")
    assert printing.phase == "idle"


async def test_a_print_is_stopped_within_ten_seconds(
    simulator: Simulator, printing: Printer, act: Act, tick: Ticker, state: State
) -> None:
    await act("stop_print")
    await tick(10)
    assert state("status") == "idle"
    assert posts(simulator) == [OPERATE]


async def test_the_print_that_was_meant_is_stopped(
    printing: Printer, act: Act, tick: Ticker
) -> None:
    await act("stop_print", expected_job_id=printing.job.job_id)
    await tick(10)
    assert printing.phase == "idle"


@pytest.mark.parametrize("expected", ["another", "", "unknown", "unavailable"])
async def test_another_print_than_the_one_that_was_meant_goes_on(
    simulator: Simulator, printing: Printer, act: Act, expected: str
) -> None:
    error = await refused(
        act("stop_print", expected_job_id=expected), "other_job", mistake=True
    )
    assert str(error).endswith("Nothing was stopped")
    assert printing.phase == "running"
    assert not posts(simulator)


async def test_a_print_that_began_since_the_last_look_is_not_stopped_for_the_last_one(
    simulator: Simulator, printing: Printer, act: Act, freezer: FrozenDateTimeFactory
) -> None:
    meant = printing.job.job_id
    printing.stop()
    freezer.tick(6)
    printing.start("Local/next.gcode")
    freezer.tick(3)
    await refused(act("stop_print", expected_job_id=meant), "other_job", mistake=True)
    assert printing.phase == "running"
    assert not posts(simulator)


@pytest.mark.parametrize("job_id", ["", None, 7, "x" * 300])
async def test_a_print_without_an_id_is_not_the_one_that_was_meant(
    simulator: Simulator, printing: Printer, act: Act, job_id: object
) -> None:
    simulator.faults.add(
        "override",
        path="job/currentjob",
        count=None,
        data=lambda data: data | {"job_id": job_id},
    )
    await refused(
        act("stop_print", expected_job_id=printing.job.job_id),
        "other_job",
        mistake=True,
    )
    assert not posts(simulator)


async def test_without_a_print_there_is_nothing_to_stop(
    printing: Printer, act: Act, tick: Ticker
) -> None:
    meant = printing.job.job_id
    printing.stop()
    await tick(60)
    await refused(act("stop_print"), "refused_stopped")
    # an idle printer still names its last job
    await refused(act("stop_print", expected_job_id=meant), "refused_stopped")
    await refused(act("stop_print", expected_job_id=""), "other_job", mistake=True)


# Axes


async def test_axes_move_from_where_they_are(simulator: Simulator, act: Act) -> None:
    await act("move_axis", x=10, y=5, z=2)
    await act("move_axis", x=-3, z=10)
    await act("move_axis", e=-4, nozzle="right", feed=2400)
    assert simulator.printer.machine.axes == {"x": 7, "y": 5, "z": 12, "e": -4}
    assert posts(simulator) == [MOVE] * 3


@pytest.mark.parametrize(
    "data",
    [
        *({axis: value} for axis in "xyze" for value in (-10.5, 11, "nan", "far")),
        {"z": 1, "feed": 59},
        {"z": 1, "feed": 6001},
        {"e": 1, "nozzle": "middle"},
    ],
)
async def test_a_move_beyond_the_limits_never_reaches_the_printer(
    simulator: Simulator, act: Act, data: dict[str, object]
) -> None:
    with pytest.raises(vol.Invalid):
        await act("move_axis", **data)
    assert not posts(simulator)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({}, "no_axis"),
        ({"feed": 600}, "no_axis"),
        ({"e": 1}, "invalid_value"),
        ({"e": 1, "nozzle": "left", "feed": 2401}, "invalid_value"),
    ],
)
async def test_a_move_that_is_not_clear_never_reaches_the_printer(
    simulator: Simulator, act: Act, data: dict[str, object], key: str
) -> None:
    await refused(act("move_axis", **data), key, mistake=True)
    assert not posts(simulator)


@pytest.mark.parametrize("model", ["n2"])
async def test_filament_cannot_be_moved_through_a_nozzle_that_there_is_not(
    simulator: Simulator, act: Act
) -> None:
    error = await refused(
        act("move_axis", e=1, nozzle="right"), "not_found", mistake=True
    )
    assert str(error) == "Not found on the printer: no right nozzle"


async def test_axes_move_only_while_the_printer_is_idle(
    simulator: Simulator, printing: Printer, act: Act, tick: Ticker
) -> None:
    await refused(act("move_axis", z=1), "not_idle", mistake=True)
    printing.pause()
    await refused(act("move_axis", z=1), "not_idle", mistake=True)
    await tick(10)
    await refused(act("move_axis", z=1), "not_idle", mistake=True)
    printing.stop()
    await tick(60)
    printing.touch(30)
    await refused(act("move_axis", z=1), "not_idle", mistake=True)
    await tick(60)
    printing.fail("safe mode")
    await refused(act("move_axis", z=1), "not_idle", mistake=True)
    assert not posts(simulator)


async def test_axes_do_not_move_in_a_print_that_has_just_begun(
    simulator: Simulator, printer: Printer, act: Act, state: State
) -> None:
    printer.start(FILE)
    assert state("status") == "idle"
    await refused(act("move_axis", z=1), "not_idle", mistake=True)
    assert not posts(simulator)


async def test_what_keeps_an_idle_printer_from_moving_is_told(
    simulator: Simulator, act: Act
) -> None:
    simulator.faults.add("refuse", path=MOVE, code=500, msg="printer is not ready")
    await refused(act("move_axis", z=1), "refused_not_ready")


# Files


async def test_a_folder_is_listed(act: Act) -> None:
    assert await act("list_files") == {
        "folders": ["webapi_store"],
        "files": [
            {"name": name, "path": f"Local/{name}", "preview": preview}
            for name, preview in (
                ("medaille_1.gcode", True),
                ("medaille_2_extruder_2.gcode", True),
                ("测试 100%.gcode", False),
            )
        ],
    }
    # with a slash at its end and without
    for folder in ("Local/webapi_store", "Local/webapi_store/"):
        assert await act("list_files", folder=folder) == {
            "folders": [],
            "files": [
                {
                    "name": "bracket v3 ä.gcode",
                    "path": "Local/webapi_store/bracket v3 ä.gcode",
                    "preview": True,
                }
            ],
        }


@pytest.mark.parametrize(
    "unknowns",
    [
        Unknowns(list_counts="together"),
        Unknowns(list_counts="apart"),
        Unknowns(list_counts="files", list_end_refused=True),
    ],
)
async def test_a_large_folder_is_listed_to_its_end(printer: Printer, act: Act) -> None:
    file = printer.files[FILE]
    names = [f"part {number:02}.gcode" for number in range(60)]
    printer.files.update({f"Local/large/{name}": file for name in names})
    printer.files.update({f"Local/large/{name}/deep": file for name in "abc"})
    listed = await act("list_files", folder="Local/large")
    assert sorted(listed["folders"]) == ["a", "b", "c"]
    assert sorted(file["name"] for file in listed["files"]) == names


async def test_a_folder_that_there_is_not_is_told(act: Act) -> None:
    error = await refused(
        act("list_files", folder="Local/none"), "not_found", mistake=True
    )
    assert str(error) == "Not found on the printer: directory not exist"
    await refused(act("list_files", folder="/etc"), "invalid_value", mistake=True)


async def test_a_file_is_deleted(
    simulator: Simulator, printer: Printer, act: Act
) -> None:
    await act("delete_file", file=FILE)
    assert FILE not in printer.files
    assert posts(simulator) == [DELETE]
    await refused(act("delete_file", file=FILE), "not_found", mistake=True)


async def test_the_file_of_the_print_is_not_deleted(
    printing: Printer, act: Act
) -> None:
    error = await refused(act("delete_file", file="Local/part.gcode"), "refused")
    assert str(error) == "The printer refused: fail to delete file"
    assert "Local/part.gcode" in printing.files


@pytest.fixture
def allowed(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return a folder that Home Assistant may read."""
    folder = tmp_path / "allowed"
    folder.mkdir()
    hass.config.allowlist_external_dirs = {str(folder)}
    return folder


CONTENT = bytes(range(256)) * 4096


@pytest.fixture
def part(allowed: Path) -> Path:
    """Return a file of a megabyte that may be uploaded."""
    part = allowed / "bracket v4 ü.gcode"
    part.write_bytes(CONTENT)
    return part


async def test_a_file_is_uploaded_as_it_is(
    simulator: Simulator, printer: Printer, act: Act, part: Path
) -> None:
    target = f"Local/{part.name}"
    assert await act("upload_file", path=str(part), response=True) == {"file": target}
    assert printer.files[target].size == len(CONTENT)
    assert printer.files[target].sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert posts(simulator) == [UPLOAD]
    assert printer.phase == "idle"


@pytest.mark.parametrize("folder", ["Local/webapi_store", "Local/webapi_store/"])
async def test_a_file_is_uploaded_and_printed(
    simulator: Simulator,
    act: Act,
    tick: Ticker,
    state: State,
    part: Path,
    folder: str,
) -> None:
    await act("upload_file", path=str(part), folder=folder, start=True)
    await tick(10)
    assert state("status") == "printing"
    assert state("file_name") == part.name
    assert simulator.printer.job.file_name == f"Local/webapi_store/{part.name}"
    assert posts(simulator) == [UPLOAD, START]


@pytest.fixture
def empty(allowed: Path) -> Path:
    """Return a file with nothing in it."""
    empty = allowed / "empty.gcode"
    empty.touch()
    return empty


async def test_an_empty_file_is_uploaded(
    printer: Printer, act: Act, empty: Path
) -> None:
    await act("upload_file", path=str(empty))
    assert printer.files["Local/empty.gcode"].size == 0


async def test_a_link_within_what_is_allowed_is_followed(
    printer: Printer, act: Act, part: Path
) -> None:
    link = part.parent / "latest.gcode"
    link.symlink_to(part)
    await act("upload_file", path=str(link))
    assert printer.files["Local/latest.gcode"].size == len(CONTENT)


def outside(allowed: Path) -> Path:
    """Return a file next to the folder that may be read."""
    secret = allowed.parent / "secrets.yaml"
    secret.write_text("password: secret")
    return secret


def link_out(allowed: Path) -> Path:
    """Return a link to such a file."""
    link = allowed / "harmless.gcode"
    link.symlink_to(outside(allowed))
    return link


def way_out(allowed: Path) -> Path:
    """Return a path that only looks as if it were inside."""
    return allowed / ".." / outside(allowed).name


def folder_link_out(allowed: Path) -> Path:
    """Return a path through a link to the folder outside."""
    (allowed / "harmless").symlink_to(allowed.parent, target_is_directory=True)
    return allowed / "harmless" / outside(allowed).name


def missing(allowed: Path) -> Path:
    """Return a file that there is not."""
    return allowed / "none.gcode"


def directory(allowed: Path) -> Path:
    """Return the folder itself."""
    return allowed


def no_path(allowed: Path) -> Path:
    """Return what cannot be a path."""
    return allowed / "a\0b"


def circle(allowed: Path) -> Path:
    """Return a link to itself."""
    (allowed / "circle").symlink_to(allowed / "circle")
    return allowed / "circle"


@pytest.mark.parametrize(
    "which",
    [outside, link_out, way_out, folder_link_out, missing, directory, no_path, circle],
)
async def test_what_home_assistant_may_not_read_is_not_uploaded(
    hass: HomeAssistant,
    simulator: Simulator,
    act: Act,
    allowed: Path,
    which: Callable[[Path], Path],
) -> None:
    path = which(allowed)
    error = await refused(
        act("upload_file", path=str(path)), "path_not_allowed", mistake=True
    )
    assert error.translation_placeholders == {"path": str(path)}
    assert not posts(simulator)


async def test_a_file_that_cannot_be_opened_is_told_like_one_that_is_not_allowed(
    simulator: Simulator, act: Act, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    await refused(act("upload_file", path=str(part)), "path_not_allowed", mistake=True)
    assert not posts(simulator)


async def test_a_file_that_breaks_off_is_told(
    printer: Printer, act: Act, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        """A share that goes away."""

        def read(self, size: int) -> bytes:
            raise OSError(5, "Input/output error")

        def close(self) -> None:
            """Nothing to close."""

        def fileno(self) -> int:
            return file.fileno()

    with part.open("rb") as file:
        monkeypatch.setattr(Path, "open", lambda *args: Broken())
        await refused(
            act("upload_file", path=str(part)), "path_not_allowed", mistake=True
        )
    assert f"Local/{part.name}" not in printer.files


@pytest.mark.parametrize(
    ("name", "folder", "key"),
    [
        ('a"b.gcode', "Local/", "invalid_value"),
        ("part.gcode", "/etc", "invalid_value"),
        ("part.gcode", "Local/../etc", "invalid_value"),
        ("part.gcode", "Local/none", "not_found"),
    ],
)
async def test_where_nothing_can_be_stored_nothing_is_sent(
    simulator: Simulator, act: Act, allowed: Path, name: str, folder: str, key: str
) -> None:
    (allowed / name).write_bytes(b"G28")
    await refused(
        act("upload_file", path=str(allowed / name), folder=folder), key, mistake=True
    )
    assert not posts(simulator)


@pytest.mark.parametrize("unknowns", [Unknowns(max_upload=1000)])
async def test_a_file_that_is_too_large_is_told(
    simulator: Simulator, printer: Printer, act: Act, part: Path
) -> None:
    error = await refused(
        act("upload_file", path=str(part), start=True), "invalid_value", mistake=True
    )
    assert "file too large" in str(error)
    assert printer.phase == "idle"
    assert posts(simulator) == [UPLOAD]


async def test_an_upload_whose_answer_is_lost_is_neither_repeated_nor_printed(
    simulator: Simulator, act: Act, part: Path, tick: Ticker
) -> None:
    simulator.faults.add("disconnect", path=UPLOAD)
    await refused(act("upload_file", path=str(part), start=True), "cannot_connect")
    await tick(60)
    assert posts(simulator) == [UPLOAD]


async def test_a_file_that_cannot_be_printed_now_is_uploaded_all_the_same(
    simulator: Simulator, printing: Printer, act: Act, part: Path
) -> None:
    await refused(act("upload_file", path=str(part), start=True), "refused_printing")
    assert f"Local/{part.name}" in printing.files
    assert posts(simulator) == [UPLOAD, START]


# History


@pytest.mark.parametrize("unknowns", [Unknowns(history_base=base) for base in (0, 1)])
@pytest.mark.parametrize("history", [0, 1, 10, 11, 12, 13, 23, 24, 25, 30, 37])
async def test_the_history_is_read_from_its_end(
    simulator: Simulator, printer: Printer, act: Act
) -> None:
    jobs = [entry.job_id for entry in reversed(printer.history)]
    for limit in (1, 12, 100):
        before = len(simulator.requests)
        response = await act("get_print_history", limit=limit)
        expected = jobs[:limit]
        assert [job["job_id"] for job in response["jobs"]] == expected
        # the total, each job, and pages of twelve; two to find where counting starts
        pages = len(simulator.requests) - before - 1 - len(expected)
        assert pages <= len(expected) // 12 + 3


@pytest.mark.parametrize(
    "unknowns",
    [
        Unknowns(history_newest_first=True),
        Unknowns(history_newest_first=True, history_base=1, history_index=False),
        Unknowns(history_index=False),
        Unknowns(history_cap=15),
        Unknowns(history_cap=15, history_keeps_places=True),
        Unknowns(history_end_refused=False, counter=0),
        Unknowns(counter=3),
        Unknowns(counter_offset=100),
    ],
    ids=str,
)
@pytest.mark.parametrize("history", [30])
async def test_the_history_is_read_however_the_printer_keeps_it(
    printer: Printer, unknowns: Unknowns, act: Act
) -> None:
    jobs = [entry.job_id for entry in reversed(printer.history)][: unknowns.history_cap]
    for limit in (1, 12, 100):
        response = await act("get_print_history", limit=limit)
        assert [job["job_id"] for job in response["jobs"]] == jobs[:limit]


@pytest.mark.parametrize("history", [30])
async def test_without_a_limit_the_history_is_that_of_twelve_prints(act: Act) -> None:
    assert len((await act("get_print_history"))["jobs"]) == 12


@pytest.mark.parametrize("history", [3])
async def test_the_history_tells_what_a_print_took(printer: Printer, act: Act) -> None:
    entry = replace(
        printer.history[-1],
        file_name="Local/orders/part.gcode",
        real_print_time=3700,
        estimated_time=3600,
        filament=(18.8792724609375, 10.5),
        user_tag="order 66",
    )
    printer.history[-1] = entry
    response = await act("get_print_history", limit=1)
    assert response == {
        "jobs": [
            {
                "job_id": entry.job_id,
                "file_name": "Local/orders/part.gcode",
                "print_time": 3700,
                "estimated_time": 3600,
                "filament_used_left": 18.88,
                "filament_used_right": 10.5,
                "user_tag": "order 66",
            }
        ]
    }


@pytest.mark.parametrize(("model", "history"), [("n2", 2)])
async def test_a_nozzle_that_there_is_not_has_used_nothing_that_is_known(
    act: Act,
) -> None:
    for job in (await act("get_print_history"))["jobs"]:
        assert job["filament_used_left"] is not None
        assert job["filament_used_right"] is None


@pytest.mark.parametrize("history", [20])
async def test_a_history_that_cannot_be_read_is_told(
    simulator: Simulator, act: Act
) -> None:
    simulator.faults.add("busy_body", path="dashboard/job", count=None)
    await refused(act("get_print_history"), "printer_busy")


@pytest.mark.parametrize("history", [30])
async def test_a_printer_that_always_shows_the_same_page_is_not_asked_for_ever(
    simulator: Simulator, printer: Printer, act: Act
) -> None:
    page = [
        {"job_id": entry.job_id, "job_index": index}
        for index, entry in enumerate(printer.history[18:], 18)
    ]
    simulator.faults.add(
        "override", path="dashboard/joblist", count=None, data={"job_list": page}
    )
    response = await act("get_print_history", limit=100)
    assert [job["job_id"] for job in response["jobs"]] == [
        row["job_id"] for row in reversed(page)
    ]


@pytest.mark.parametrize("limit", [0, 101, "many"])
async def test_a_history_without_end_is_refused(
    simulator: Simulator, act: Act, limit: object
) -> None:
    with pytest.raises(vol.Invalid):
        await act("get_print_history", limit=limit)


# The document


DOCUMENT = (Path(__file__).parents[1] / "docs" / "actions.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(alias:.*?)```", DOCUMENT, re.DOTALL)


def section(name: str) -> str:
    """Return what is written about an action."""
    _, found, text = DOCUMENT.partition(f"### {DOMAIN}.{name}\n")
    assert found, name
    return text.partition("\n##")[0]


def test_every_action_is_documented_with_its_fields() -> None:
    documented = re.findall(rf"^### {DOMAIN}\.(\w+)$", DOCUMENT, re.MULTILINE)
    assert sorted(documented) == sorted(NEEDS)
    for name, schema in SCHEMAS.items():
        rows = "".join(re.findall(r"^\| `.*? \|", section(name), re.MULTILINE))
        fields = set(re.findall(r"`(\w+)`", rows))
        assert fields == {str(key) for key in schema.schema} - {ATTR_DEVICE_ID}, name


@pytest.mark.parametrize("history", [1])
async def test_every_response_is_documented_with_its_keys(
    act: Act, part: Path, history: int
) -> None:
    def keys(value: object) -> object:
        if isinstance(value, dict):
            return {key: keys(inner) for key, inner in value.items()}
        return [keys(value[0])] if isinstance(value, list) else None

    for name in RESPONSES:
        written = re.findall(
            r"Response.*?:\n\n```yaml\n(.*?)```", section(name), re.DOTALL
        )
        data = {"path": str(part)} if name == "upload_file" else {}
        response = await act(name, response=True, **data)
        assert keys(parse_yaml(written[0])) == keys(response), name


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda text: str(text).partition("\n")[0]
)
async def test_each_example_in_the_document_is_valid(
    hass: HomeAssistant, loaded_entry: MockConfigEntry, example: str
) -> None:
    parsed = parse_yaml(example)
    assert isinstance(parsed, dict)
    kind = "automation" if "triggers" in parsed else "script"
    config: object = [parsed] if kind == "automation" else {"example": parsed}
    assert await async_setup_component(hass, kind, {kind: config})
    await hass.async_block_till_done()
    (found,) = hass.states.async_all(kind)
    assert found.state == ("on" if kind == "automation" else "off")
    # ends its triggers, which would outlive the test
    await hass.services.async_call(
        kind, SERVICE_TURN_OFF, {ATTR_ENTITY_ID: found.entity_id}, blocking=True
    )
    for action in actions_in(parsed):
        fields = {
            str(key) for key in SCHEMAS[action["action"].partition(".")[2]].schema
        }
        assert action["data"].keys() <= fields


def actions_in(config: object) -> list[dict[str, Any]]:
    """Return the actions of this integration in a script, however deep."""
    if isinstance(config, list):
        return [action for inner in config for action in actions_in(inner)]
    if not isinstance(config, dict):
        return []
    if str(config.get("action")).startswith(f"{DOMAIN}."):
        return [config]
    return [action for inner in config.values() for action in actions_in(inner)]


def test_there_are_examples_of_all_actions() -> None:
    named = {
        action["action"] for text in EXAMPLES for action in actions_in(parse_yaml(text))
    }
    assert named == {f"{DOMAIN}.{name}" for name in NEEDS}
