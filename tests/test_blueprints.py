"""Tests of the blueprints, each of them as an automation that is really run."""

from collections.abc import AsyncGenerator, Callable
from pathlib import Path
import re
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
    mock_restore_cache,
)

from custom_components.raise3d.condition import CONDITIONS
from custom_components.raise3d.const import DOMAIN
from custom_components.raise3d.trigger import TRIGGERS
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import CoreState, HomeAssistant, ServiceCall, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util, yaml as yaml_util
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
from simulator import Printer, Simulator

from .automations import AUTOMATION, another_printer, device_of
from .common import set_up
from .conftest import Ticker

FOLDER = Path(__file__).parents[1] / "blueprints" / AUTOMATION / DOMAIN
URL = "https://github.com/seed-4884292a/hass-raise3d/blob/main/blueprints/automation"
NAMES = sorted(path.name for path in FOLDER.iterdir())
PLUG = "input_boolean.plug"


def load(name: str) -> Blueprint:
    """Load a blueprint as Home Assistant does."""
    return Blueprint(
        yaml_util.load_yaml_dict(FOLDER / name),
        expected_domain=AUTOMATION,
        path=name,
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )


async def instantiate(hass: HomeAssistant, name: str, **inputs: Any) -> None:
    """Set up an automation from a blueprint."""
    blueprint = load(name)
    config = {
        "id": "under_test",
        "alias": "Under test",
        "use_blueprint": {"path": name, "input": inputs},
    }
    with patch(
        "homeassistant.components.blueprint.models.DomainBlueprints._load_blueprint",
        return_value=blueprint,
    ):
        assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: [config]})
        await hass.async_block_till_done()
    assert hass.states.is_state("automation.under_test", "on")


@pytest.fixture(autouse=True)
async def unload_automations(hass: HomeAssistant) -> AsyncGenerator[None]:
    """Leave no timer of an automation behind."""
    yield
    if hass.services.has_service(AUTOMATION, "turn_off"):
        await hass.services.async_call(
            AUTOMATION, "turn_off", {"entity_id": "all"}, blocking=True
        )


@pytest.mark.parametrize("name", NAMES)
def test_a_blueprint_is_valid_and_says_where_it_is_from(name: str) -> None:
    blueprint = load(name)
    assert blueprint.validate() is None
    assert blueprint.metadata["homeassistant"]["min_version"] == "2026.10.0"
    assert blueprint.metadata["source_url"] == f"{URL}/{DOMAIN}/{name}"
    assert blueprint.metadata["author"]
    for given in blueprint.inputs.values():
        assert given["name"]
        assert given["description"]
        assert given["selector"]


@pytest.mark.parametrize("name", NAMES)
def test_a_blueprint_offers_only_our_printers(name: str) -> None:
    inputs = load(name).inputs
    selector = inputs["printers" if "printers" in inputs else "printer"]["selector"]
    text = yaml_util.dump(selector)
    assert f"integration: {DOMAIN}" in text


@pytest.mark.parametrize("document", ["README.md", "docs/automations.md"])
@pytest.mark.parametrize("name", NAMES)
def test_a_blueprint_can_be_imported_from_the_documents(
    document: str, name: str
) -> None:
    text = (FOLDER.parents[2] / document).read_text("utf-8")
    url = quote(load(name).metadata["source_url"], safe="")
    assert (
        "https://my.home-assistant.io/redirect/blueprint_import/"
        f"?blueprint_url={url})" in text
    )


async def test_each_example_in_the_documents_is_a_valid_automation(
    hass: HomeAssistant, loaded_entry: MockConfigEntry
) -> None:
    text = "".join(
        (FOLDER.parents[2] / document).read_text("utf-8")
        for document in ("README.md", "docs/automations.md")
    )
    config: list[Any] = [
        yaml_util.parse_yaml(example)
        for example in re.findall(r"```yaml\n(alias:.*?)```", text, re.DOTALL)
    ]
    used = {
        given[kind]
        for automation in config
        for kind in ("trigger", "condition")
        for given in flatten(automation.get(f"{kind}s", []))
        if str(given.get(kind)).startswith(f"{DOMAIN}.")
    }
    assert used == {f"{DOMAIN}.{key}" for key in [*TRIGGERS, *CONDITIONS]}
    assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: config})
    await hass.async_block_till_done()
    assert [state.state for state in hass.states.async_all(AUTOMATION)] == ["on"] * len(
        config
    )


def flatten(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the conditions within conditions, too."""
    return given + [inner for one in given for inner in flatten(one.get("not", []))]


# print_ended.yaml


@pytest.fixture
def notifications(hass: HomeAssistant) -> list[ServiceCall]:
    """Return the persistent notifications to come."""
    return async_mock_service(hass, "persistent_notification", "create")


async def test_the_end_of_a_print_is_told_in_words(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    notifications: list[ServiceCall],
    tick: Ticker,
) -> None:
    target = {"device_id": device_of(hass, loaded_entry).id}
    await instantiate(hass, "print_ended.yaml", printers=target)
    printer.start("Local/part.gcode", duration=4320)
    await tick(4400)
    assert [call.data for call in notifications] == [
        {
            "title": "Lab printer: print finished",
            "message": "part.gcode is finished after 1 h 12 min.",
        }
    ]


async def test_each_kind_of_end_has_its_words(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    notifications: list[ServiceCall],
    tick: Ticker,
) -> None:
    await instantiate(
        hass,
        "print_ended.yaml",
        printers={"device_id": device_of(hass, loaded_entry).id},
        events=["completed", "stopped", "failed", "paused"],
    )
    printer.start("Local/a.gcode", duration=600)
    await tick(330)
    printer.pause()
    await tick(60)
    printer.stop()
    await tick(60)
    printer.start("Local/b.gcode", duration=600)
    await tick(45)
    printer.fail()
    await tick(60)
    printer.clear_error()
    await tick(60)
    printer.start("Local/c.gcode", duration=20)
    await tick(90)
    titles = [call.data["title"].partition(": ")[2] for call in notifications]
    assert titles == ["print paused", "print stopped", "print failed", "print finished"]
    messages = [call.data["message"] for call in notifications]
    patterns = [
        r"a.gcode is paused after 5 min at \d+ %\.",
        r"a.gcode was stopped after 5 min at \d+ %\.",
        r"b.gcode failed after less than a minute at \d+ %\.",
        r"c.gcode is finished after less than a minute\.",
    ]
    for pattern, message in zip(patterns, messages, strict=True):
        assert re.fullmatch(pattern, message)


async def test_only_the_chosen_events_of_the_chosen_printers_are_told(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    notifications: list[ServiceCall],
    tick: Ticker,
) -> None:
    await instantiate(
        hass,
        "print_ended.yaml",
        printers={"device_id": device_of(hass, loaded_entry).id},
        events=["stopped"],
    )
    async with another_printer(hass) as (other, _):
        other.start("Local/other.gcode")
        printer.start("Local/a.gcode", duration=60)
        await tick(180)
        other.stop()
        printer.dismiss()
        await tick(60)
        assert not notifications
        printer.start("Local/b.gcode")
        await tick(60)
        printer.stop()
        # an entry of the history may lag by 30 seconds
        await tick(120)
        assert len(notifications) == 1


@pytest.mark.parametrize(("tell_late", "told"), [(True, 1), (False, 0)])
async def test_what_was_learnt_afterwards_is_told_so_or_not_at_all(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    notifications: list[ServiceCall],
    tick: Ticker,
    *,
    tell_late: bool,
    told: int,
) -> None:
    await instantiate(
        hass,
        "print_ended.yaml",
        printers={"device_id": device_of(hass, loaded_entry).id},
        tell_late=tell_late,
    )
    simulator.printer.start("Local/part.gcode", duration=300)
    await tick(60)
    await simulator.stop()
    await tick(600)
    await simulator.start()
    await tick(120)
    assert len(notifications) == told
    for call in notifications:
        assert call.data["message"].endswith(". This is reported late.")


def add_camera(hass: HomeAssistant, entry: MockConfigEntry, state: str) -> str:
    """Give a printer a camera."""
    device_id = device_of(hass, entry).id
    camera = er.async_get(hass).async_get_or_create(
        "camera", "test", "unique", device_id=device_id
    )
    hass.states.async_set(camera.entity_id, state)
    return camera.entity_id


PICTURE_ACTIONS = [
    {
        "action": "notify.phone",
        "data": {"message": "{{ message }}", "data": {"image": "{{ picture_url }}"}},
    }
]


async def test_the_camera_of_the_printer_takes_a_picture(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    tmp_path: Path,
) -> None:
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    hass.states.async_set("camera.other", "idle")
    notes = async_mock_service(hass, "notify", "phone")
    await instantiate(
        hass,
        "print_ended.yaml",
        printers={"device_id": device_of(hass, loaded_entry).id},
        picture_folder=f"{tmp_path}/prints",
        actions=PICTURE_ACTIONS,
    )
    printer.start("Local/part.gcode", duration=60)
    await tick(180)
    (note,) = notes
    (picture,) = (tmp_path / "prints").iterdir()
    assert note.data["data"]["image"] == str(picture)
    assert re.fullmatch(r"lab_printer_2026-11-2[\d_-]+\.jpg", picture.name)
    assert picture.read_bytes().startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("folder", "url"),
    [
        ("/media/raise3d", "/media/local/raise3d/"),
        ("/config/www/prints", "/local/prints/"),
    ],
)
async def test_the_app_is_told_where_to_find_the_picture(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    entity_id: Callable[..., str],
    tick: Ticker,
    folder: str,
    url: str,
) -> None:
    notes = async_mock_service(hass, "notify", "phone")
    snapshots = async_mock_service(hass, "camera", "snapshot")
    await instantiate(
        hass,
        "print_ended.yaml",
        printers={"device_id": device_of(hass, loaded_entry).id},
        picture_folder=folder,
        actions=PICTURE_ACTIONS,
    )
    printer.start("Local/part.gcode", duration=60)
    await tick(180)
    (snapshot,) = snapshots
    assert snapshot.data["entity_id"] == [entity_id("camera", "camera")]
    path = snapshot.data["filename"]
    assert path.startswith(f"{folder}/")
    (note,) = notes
    assert note.data["data"]["image"] == path.replace(f"{folder}/", url)


@pytest.mark.parametrize("camera", [None, "unavailable", "fails"])
async def test_no_picture_keeps_no_news_back(
    hass: HomeAssistant,
    printer: Printer,
    config_entry: MockConfigEntry,
    tick: Ticker,
    camera: str | None,
) -> None:
    printer.unplug_camera()
    await set_up(hass, config_entry)
    notes = async_mock_service(hass, "notify", "phone")
    snapshots = async_mock_service(
        hass, "camera", "snapshot", raise_exception=HomeAssistantError("no picture")
    )
    if camera is not None:
        add_camera(hass, config_entry, camera)
    await instantiate(
        hass,
        "print_ended.yaml",
        printers={"device_id": device_of(hass, config_entry).id},
        actions=PICTURE_ACTIONS,
    )
    printer.start("Local/part.gcode", duration=60)
    await tick(180)
    assert len(snapshots) == (camera == "fails")
    (note,) = notes
    assert note.data["data"]["image"] == ""
    assert note.data["message"].startswith("part.gcode is finished")


# switch_off_after_print.yaml

PREPARING = 20 * 60  # longer than anything that the blueprint waits for


@pytest.fixture
async def plug(hass: HomeAssistant) -> Callable[[], str]:
    """Plug the printer in; return what tells the state of the plug."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(
        hass, "input_boolean", {"input_boolean": {"plug": {"initial": True}}}
    )

    def plug() -> str:
        state = hass.states.get(PLUG)
        assert state
        return state.state

    return plug


async def switch_off_after_print(
    hass: HomeAssistant, entry: MockConfigEntry, **inputs: Any
) -> None:
    """Set up the blueprint with a short waiting time."""
    await instantiate(
        hass,
        "switch_off_after_print.yaml",
        printer=device_of(hass, entry).id,
        plug=PLUG,
        **({"minutes": 5} | inputs),
    )


async def print_one(printer: Printer, tick: Ticker) -> None:
    """Print to the end; nothing has cooled down by then."""
    printer.start("Local/part.gcode", duration=120)
    await tick(150)


def last_run(hass: HomeAssistant) -> object:
    """Return when the automation last ran."""
    state = hass.states.get("automation.under_test")
    assert state
    return state.attributes["last_triggered"]


@pytest.mark.parametrize("cleared", [False, True])
async def test_the_plug_is_switched_off_once_all_is_cold(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    plug: Callable[[], str],
    state: Callable[..., str],
    tick: Ticker,
    *,
    cleared: bool,
) -> None:
    await switch_off_after_print(hass, loaded_entry, minutes=1)
    await print_one(printer, tick)
    if cleared:
        printer.dismiss()
    while plug() == "on":
        before = [
            float(state(key))
            for key in (
                "left_nozzle_temperature",
                "right_nozzle_temperature",
                "bed_temperature",
            )
        ]
        await tick(5)
        assert dt_util.utcnow().hour == 8
    assert max(before) < 50


async def test_the_waiting_time_is_kept_even_if_all_is_cold(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    plug: Callable[[], str],
    tick: Ticker,
) -> None:
    await switch_off_after_print(hass, loaded_entry, minutes=30)
    await print_one(printer, tick)
    await tick(29 * 60)
    assert plug() == "on"
    await tick(7 * 60)
    assert plug() == "off"


@pytest.mark.parametrize(("allowed", "told"), [("completed", "on"), ("idle", "off")])
async def test_it_is_switched_off_only_in_the_chosen_states(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    plug: Callable[[], str],
    tick: Ticker,
    allowed: str,
    told: str,
) -> None:
    await switch_off_after_print(hass, loaded_entry, states=[allowed])
    await print_one(printer, tick)
    if allowed == "idle":
        await tick(PREPARING)
        assert plug() == "on"
    printer.dismiss()
    await tick(PREPARING)
    assert plug() == told


async def test_fahrenheit_is_understood(
    hass: HomeAssistant,
    printer: Printer,
    config_entry: MockConfigEntry,
    plug: Callable[[], str],
    state: Callable[..., str],
    tick: Ticker,
) -> None:
    hass.config.units = US_CUSTOMARY_SYSTEM
    await set_up(hass, config_entry)
    await switch_off_after_print(hass, config_entry)
    await print_one(printer, tick)
    await tick(PREPARING)
    assert float(state("left_nozzle_temperature")) > 50
    assert plug() == "off"


def begin_next(printer: Printer) -> None:
    printer.dismiss()
    printer.start("Local/next.gcode", duration=24 * 3600)


def begin_and_pause(printer: Printer) -> None:
    begin_next(printer)
    printer.time.later(60, printer.pause)


def fail_next(printer: Printer) -> None:
    begin_next(printer)
    printer.time.later(60, printer.fail)


def stay_at_the_panel(printer: Printer) -> None:
    printer.touch(24 * 3600)


def preheat_the_bed(printer: Printer) -> None:
    printer.machine.set_heater(printer.machine.bed, 60)


def preheat_the_second_nozzle(printer: Printer) -> None:
    printer.machine.set_heater(printer.machine.nozzles[1], 200)


@pytest.mark.parametrize(
    "action",
    [
        begin_next,
        begin_and_pause,
        fail_next,
        stay_at_the_panel,
        preheat_the_bed,
        preheat_the_second_nozzle,
    ],
)
async def test_it_stays_on_while_anything_goes_on(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    plug: Callable[[], str],
    tick: Ticker,
    action: Callable[[Printer], None],
) -> None:
    await switch_off_after_print(hass, loaded_entry)
    await print_one(printer, tick)
    action(printer)
    await tick(PREPARING)
    assert plug() == "on"


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("printer/runningstatus", {"running_status": "dreaming"}),
        ("printer/runningstatus", {"running_status": None}),
        ("printer/nozzle1", {"nozzle_cur_temp": None}),
        ("printer/nozzle2", {"nozzle_cur_temp": None}),
        ("printer/basic", {"heatbed_cur_temp": None}),
    ],
)
async def test_it_stays_on_while_anything_is_unknown(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    plug: Callable[[], str],
    tick: Ticker,
    path: str,
    data: dict[str, Any],
) -> None:
    await switch_off_after_print(hass, loaded_entry)
    await print_one(simulator.printer, tick)
    simulator.faults.add(
        "override", path=path, count=None, data=lambda told: told | data
    )
    await tick(PREPARING)
    assert plug() == "on"
    simulator.faults.clear()
    await tick(PREPARING)
    assert plug() == "off"


async def test_it_stays_on_while_the_printer_is_out_of_reach(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    plug: Callable[[], str],
    tick: Ticker,
) -> None:
    await switch_off_after_print(hass, loaded_entry)
    await print_one(simulator.printer, tick)
    await simulator.stop()
    await tick(PREPARING)
    assert plug() == "on"
    await simulator.start()
    await tick(PREPARING)
    assert plug() == "off"


async def test_it_stays_on_while_the_entry_is_disabled(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    plug: Callable[[], str],
    tick: Ticker,
) -> None:
    await switch_off_after_print(hass, loaded_entry)
    await print_one(printer, tick)
    await hass.config_entries.async_set_disabled_by(
        loaded_entry.entry_id, ConfigEntryDisabler.USER
    )
    await tick(PREPARING)
    assert plug() == "on"


async def test_a_print_that_starts_in_the_last_second_keeps_it_on(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    plug: Callable[[], str],
    state: Callable[..., str],
    tick: Ticker,
    freezer: FrozenDateTimeFactory,
) -> None:
    await switch_off_after_print(hass, loaded_entry, minutes=8)
    await print_one(printer, tick)
    # the look at 08:15 is the first that finds everything as it has to be
    await tick(12 * 60 + 25)
    assert str(dt_util.utcnow().time()) == "08:14:55"
    assert plug() == "on"
    before = last_run(hass)
    begin_next(printer)
    assert state("status") == "completed"
    await tick(10)
    assert last_run(hass) != before
    assert plug() == "on"
    await tick(PREPARING)
    assert plug() == "on"
    assert printer.running_status == "running"


@pytest.mark.parametrize("ended", ["completed", "idle"])
async def test_a_restart_while_it_cools_down_changes_nothing(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    plug: Callable[[], str],
    tick: Ticker,
    ended: str,
) -> None:
    await print_one(printer, tick)
    if ended == "idle":
        printer.dismiss()
        await tick(30)
    assert await hass.config_entries.async_unload(loaded_entry.entry_id)
    await tick(30)
    hass.set_state(CoreState.not_running)
    await set_up(hass, loaded_entry)
    await switch_off_after_print(hass, loaded_entry)
    await hass.async_start()
    await tick(60)
    assert plug() == "on"
    await tick(PREPARING)
    assert plug() == "off"


async def test_a_printer_that_is_switched_on_again_stays_on(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    plug: Callable[[], str],
    tick: Ticker,
) -> None:
    await switch_off_after_print(hass, loaded_entry)
    await print_one(simulator.printer, tick)
    await tick(PREPARING)
    assert plug() == "off"
    await simulator.power_off()
    await tick(60)
    await switch(hass, on=True)
    await simulator.power_on()
    await tick(PREPARING)
    assert plug() == "on"
    # until the next print has ended
    await print_one(simulator.printer, tick)
    await tick(PREPARING)
    assert plug() == "off"


async def test_a_printer_that_was_switched_off_by_hand_stays_on_afterwards(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    plug: Callable[[], str],
    tick: Ticker,
) -> None:
    await switch_off_after_print(hass, loaded_entry)
    await print_one(simulator.printer, tick)
    await switch(hass, on=False)
    await simulator.power_off()
    await tick(30)
    await switch(hass, on=True)
    await simulator.power_on()
    await tick(PREPARING)
    assert plug() == "on"


async def test_a_printer_that_was_switched_off_at_its_own_switch_stays_on_afterwards(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    plug: Callable[[], str],
    tick: Ticker,
) -> None:
    await switch_off_after_print(hass, loaded_entry)
    await print_one(simulator.printer, tick)
    await simulator.power_off()
    await tick(600)
    await simulator.power_on()
    await tick(PREPARING)
    assert plug() == "on"


async def test_a_print_that_a_power_failure_ended_is_nothing_to_act_on(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    plug: Callable[[], str],
    tick: Ticker,
) -> None:
    await switch_off_after_print(hass, loaded_entry)
    simulator.printer.start("Local/part.gcode")
    await tick(120)
    await simulator.power_off()
    await tick(180)
    await simulator.power_on()
    await tick(PREPARING)
    assert plug() == "on"


async def test_what_it_did_before_a_restart_is_remembered(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    plug: Callable[[], str],
    tick: Ticker,
) -> None:
    await print_one(printer, tick)
    printer.dismiss()
    await tick(60)
    ran = {"last_triggered": dt_util.utcnow().isoformat()}
    mock_restore_cache(hass, [State("automation.under_test", "on", ran)])
    await switch_off_after_print(hass, loaded_entry)
    await tick(PREPARING)
    assert plug() == "on"


async def switch(hass: HomeAssistant, *, on: bool) -> None:
    """Switch the plug by hand."""
    await hass.services.async_call(
        "input_boolean",
        "turn_on" if on else "turn_off",
        {"entity_id": PLUG},
        blocking=True,
    )


# clear_the_plate.yaml


async def clear_the_plate(
    hass: HomeAssistant, entry: MockConfigEntry, **inputs: Any
) -> list[ServiceCall]:
    """Set up the blueprint; return the list in which its reminders will be."""
    reminders = async_mock_service(hass, "persistent_notification", "create")
    await instantiate(
        hass,
        "clear_the_plate.yaml",
        printer=device_of(hass, entry).id,
        **({"first": 10, "every": 20, "maximum": 3} | inputs),
    )
    return reminders


@pytest.fixture
def dismissals(hass: HomeAssistant) -> list[ServiceCall]:
    """Return the notifications that are taken back."""
    return async_mock_service(hass, "persistent_notification", "dismiss")


async def test_a_full_plate_is_called_to_mind_until_the_maximum(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    dismissals: list[ServiceCall],
    tick: Ticker,
) -> None:
    reminders = await clear_the_plate(hass, loaded_entry)
    await print_one(printer, tick)
    await tick(9 * 60)
    assert not reminders
    await tick(2 * 60)
    assert len(reminders) == 1
    await tick(20 * 60)
    assert len(reminders) == 2
    await tick(60 * 60)
    assert len(reminders) == 3
    assert reminders[0].data["title"] == "Lab printer: clear the plate"
    assert [
        re.findall(r"for (\d+) minutes", call.data["message"]) for call in reminders
    ] == [["10"], ["30"], ["50"]]
    assert not dismissals
    printer.dismiss()
    await tick(60)
    (dismissal,) = dismissals
    assert dismissal.data["notification_id"] == reminders[2].data["notification_id"]


@pytest.mark.parametrize("minutes", [1, 15])
async def test_nothing_is_called_to_mind_once_the_plate_is_cleared(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    dismissals: list[ServiceCall],
    tick: Ticker,
    minutes: int,
) -> None:
    reminders = await clear_the_plate(hass, loaded_entry)
    await print_one(printer, tick)
    await tick(minutes * 60)
    told = len(reminders)
    printer.dismiss()
    await tick(60 * 60)
    assert len(reminders) == told == (minutes > 10)
    assert len(dismissals) == 1


async def test_a_stopped_print_leaves_nothing_to_call_to_mind(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    reminders = await clear_the_plate(hass, loaded_entry)
    printer.start("Local/part.gcode")
    await tick(60)
    printer.stop()
    await tick(30 * 60)
    assert not reminders


async def test_somebody_at_the_panel_and_an_outage_do_not_clear_the_plate(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    dismissals: list[ServiceCall],
    tick: Ticker,
) -> None:
    reminders = await clear_the_plate(hass, loaded_entry)
    await print_one(simulator.printer, tick)
    await tick(11 * 60)
    simulator.printer.touch(120)
    await tick(180)
    await simulator.stop()
    await tick(300)
    assert len(reminders) == 1
    assert not dismissals
    await simulator.start()
    await tick(15 * 60)
    assert len(reminders) == 2
    assert not dismissals


async def test_a_restart_neither_forgets_the_plate_nor_repeats_itself(
    hass: HomeAssistant,
    printer: Printer,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    await print_one(printer, tick)
    await tick(12 * 60)
    assert await hass.config_entries.async_unload(loaded_entry.entry_id)
    hass.set_state(CoreState.not_running)
    await set_up(hass, loaded_entry)
    reminders = await clear_the_plate(hass, loaded_entry)
    await hass.async_start()
    await tick(15 * 60)
    assert not reminders
    await tick(5 * 60)
    assert len(reminders) == 1
