"""Tests of the pictures of ends: of this print, from its end, and there in time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
import shutil
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed_exact,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.raise3d.api import JobReport, RunningState
from custom_components.raise3d.const import MAX_PICTURE_SIZE, MAX_PICTURES
from custom_components.raise3d.jobs import JobEvent, JobEventType
from homeassistant.const import Platform
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from simulator import Unknowns

from .cameras import SHOT, Watched
from .common import MINUTE, Home, add_entry, set_up

FINISHED, FAILURE = "finished_part", "last_failure"
PART = "Local/part.gcode"
JPEG = b"\xff\xd8\xff"
# Seconds after which a job that was started at the printer is known.
SEEN = 45
# Seconds of a print, and after how many of them there is a still in reserve.
DURATION, RESERVE = 20 * MINUTE, 20 * MINUTE - 6
# Seconds for which an event may wait for its picture.
BOUND = 3


@dataclass
class Lab(Home):
    """A home with a browser that is signed in, and a camera that is watched."""

    client: TestClient[web.Request, web.Application] = field(kw_only=True)
    watched: Watched = field(kw_only=True)

    @property
    def shots(self) -> int:
        """Return how many stills were taken."""
        return self.watched.count_requests[SHOT]

    async def image(self, key: str) -> tuple[int, bytes]:
        """Return the HTTP status of an image entity's picture, and the picture."""
        entity = self.entity_id(key, Platform.IMAGE)
        response = await self.client.get(f"/api/image_proxy/{entity}")
        return response.status, await response.read()

    def since(self, key: str) -> str:
        """Return when an image entity's picture was taken."""
        return self.state(key, Platform.IMAGE)

    def taken(self, key: str) -> datetime:
        """Return when an image entity's picture was taken, as a time."""
        return datetime.fromisoformat(self.since(key))

    @property
    def fired(self) -> datetime:
        """Return when the last event was fired."""
        return datetime.fromisoformat(self.state("job", Platform.EVENT))

    def job_of(self, key: str) -> object:
        """Return of which job an image entity has the picture."""
        return self.entity(key, Platform.IMAGE).attributes.get("job_id")

    @property
    def ended_job(self) -> object:
        """Return which job the last event was about."""
        return self.entity("job", Platform.EVENT).attributes["job_id"]

    @property
    def folder(self) -> Path:
        """Return where the pictures are."""
        storage = Path(self.hass.config.path(".storage", "raise3d.pictures"))
        return storage / self.entry.entry_id

    @property
    def files(self) -> list[Path]:
        """Return the files of the pictures."""
        return sorted(self.folder.iterdir()) if self.folder.exists() else []

    async def complete(self, minutes: float = 4) -> None:
        """Print to the end, and let the event be fired."""
        self.printer.start(PART, duration=minutes * MINUTE)
        await self.tick(minutes * MINUTE + 40)

    async def get_stopped(self) -> None:
        """Stop a print in its middle, and let the event be fired."""
        self.printer.start(PART, duration=3600)
        await self.tick(SEEN)
        self.printer.stop()
        await self.tick(90)


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Return what counts at the camera server."""
    return Watched.of_all(monkeypatch)


@pytest.fixture
async def lab(home: Home, watched: Watched, hass_client: ClientSessionGenerator) -> Lab:
    """Return a home that has found its camera."""
    await home.tick(SEEN)
    known = (home.simulator, home.hass, home.entry, home.freezer, home.caplog)
    return Lab(*known, client=await hass_client(), watched=watched)


def is_picture(answer: tuple[int, bytes]) -> bool:
    """Return whether an answer is a picture."""
    return answer[0] == 200 and answer[1].startswith(JPEG)


def disable(home: Home, *keys: str) -> None:
    """Disable images, as a user does."""
    for key in keys:
        er.async_get(home.hass).async_update_entity(
            home.entity_id(key, Platform.IMAGE),
            disabled_by=er.RegistryEntryDisabler.USER,
        )


# Ends


async def test_without_an_end_there_is_no_picture(lab: Lab) -> None:
    assert lab.since(FINISHED) == lab.since(FAILURE) == "unknown"
    assert (await lab.image(FINISHED))[0] == 500
    assert lab.shots == 0


async def test_a_finished_print_has_its_picture(lab: Lab) -> None:
    await lab.complete()
    assert is_picture(await lab.image(FINISHED))
    assert lab.job_of(FINISHED) == lab.ended_job
    assert abs(lab.taken(FINISHED) - lab.fired) < timedelta(seconds=1)
    assert lab.since(FAILURE) == "unknown"


async def test_a_stopped_print_is_the_last_failure(lab: Lab) -> None:
    await lab.get_stopped()
    assert is_picture(await lab.image(FAILURE))
    state = lab.entity(FAILURE, Platform.IMAGE)
    assert state.attributes["event_type"] == "stopped"
    assert state.attributes["file_name"] == "part.gcode"
    assert lab.since(FINISHED) == "unknown"


async def test_a_failed_print_is_the_last_failure(lab: Lab) -> None:
    lab.printer.start(PART, duration=3600)
    await lab.tick(SEEN)
    lab.printer.fail()
    await lab.tick(90)
    state = lab.entity(FAILURE, Platform.IMAGE)
    assert state.attributes["event_type"] == "failed"
    assert lab.job_of(FAILURE) == lab.ended_job


async def test_an_automation_on_the_event_finds_the_new_picture(lab: Lab) -> None:
    found: list[object] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        assert event.data["new_state"]
        kind = event.data["new_state"].attributes["event_type"]
        found.append((kind, lab.job_of(FINISHED)))

    job = lab.entity_id("job", Platform.EVENT)
    async_track_state_change_event(lab.hass, job, note)
    await lab.complete()
    assert found == [("started", None), ("completed", lab.ended_job)]


async def test_a_print_costs_two_stills_and_no_request_of_the_api(lab: Lab) -> None:
    before = lab.count_requests("printer/camera")
    await lab.complete()
    assert lab.shots == 2
    assert lab.count_requests("printer/camera") == before
    await lab.tick(10 * MINUTE)
    assert lab.shots == 2


async def test_the_next_print_replaces_the_picture(lab: Lab) -> None:
    await lab.complete()
    since, first = lab.since(FINISHED), await lab.image(FINISHED)
    lab.printer.dismiss()
    await lab.tick(60)
    await lab.complete(minutes=6)
    assert lab.since(FINISHED) > since
    assert await lab.image(FINISHED) != first


@pytest.mark.parametrize("model", ["pro2", "n2"])
async def test_each_model_has_its_pictures(lab: Lab) -> None:
    await lab.complete()
    assert is_picture(await lab.image(FINISHED))


@pytest.mark.parametrize("unknowns", [Unknowns(job_lag=25)])
async def test_where_answers_lag_the_picture_is_from_the_moment_of_the_end(
    lab: Lab,
) -> None:
    lab.printer.start(PART, duration=3600)
    await lab.tick(2 * MINUTE)
    lab.printer.stop()
    stopped = dt_util.utcnow()
    await lab.tick(5 * MINUTE)
    assert lab.job_of(FAILURE) == lab.ended_job
    assert lab.taken(FAILURE) < lab.fired
    assert lab.taken(FAILURE) - stopped <= timedelta(seconds=35)
    assert lab.shots == 1


# Ends that nobody saw


async def test_an_end_during_an_outage_has_no_picture(lab: Lab) -> None:
    lab.printer.start(PART, duration=DURATION)
    await lab.tick(RESERVE)
    assert lab.shots == 1
    await lab.simulator.stop()
    await lab.tick(5 * MINUTE)
    await lab.simulator.start()
    await lab.tick(2 * MINUTE)
    assert lab.events[-1] == ("completed", True)
    assert lab.since(FINISHED) == "unknown"
    assert lab.shots == 1


async def test_an_end_during_a_restart_has_no_picture(lab: Lab) -> None:
    lab.printer.start(PART, duration=4 * MINUTE)
    await lab.tick(2 * MINUTE)
    async with lab.down():
        await lab.tick(5 * MINUTE)
    await lab.tick(2 * MINUTE)
    assert lab.events[-1] == ("completed", True)
    assert lab.since(FINISHED) == "unknown"
    assert lab.shots == 0


async def test_what_ended_before_the_first_poll_has_no_picture(new_home: Home) -> None:
    new_home.printer.start(PART, duration=60)
    new_home.freezer.tick(90)
    await new_home.set_up()
    await new_home.tick(2 * MINUTE)
    assert new_home.state(FINISHED, Platform.IMAGE) == "unknown"


async def test_the_next_print_is_no_picture_of_the_one_before(lab: Lab) -> None:
    lab.printer.start(PART, duration=3600)
    await lab.tick(SEEN)
    lab.printer.stop()
    lab.freezer.tick(5)
    lab.printer.start("Local/next.gcode", duration=3600)
    await lab.tick(2 * MINUTE)
    assert ("stopped", False) in lab.events
    assert lab.since(FAILURE) == "unknown"
    assert lab.shots == 0


@pytest.mark.parametrize("named", ["another", ""])
async def test_a_print_that_only_the_history_knows_has_no_picture(
    lab: Lab, named: str
) -> None:
    report = JobReport.from_dict({"job_id": named})
    end = JobEvent(type=JobEventType.COMPLETED, job_id="unseen", file_name=None)
    poll = lab.coordinator.pictures.async_process_poll
    await poll(RunningState.IDLE, report, [end])
    assert lab.shots == 0
    assert lab.since(FINISHED) == "unknown"


# The camera


@pytest.mark.parametrize("kind", ["html", "empty", "http_500", "disconnect", "reset"])
async def test_where_the_camera_fails_at_the_end_the_reserve_is_used(
    lab: Lab, kind: str
) -> None:
    lab.printer.start(PART, duration=DURATION)
    await lab.tick(RESERVE)
    assert lab.shots == 1
    reserve = dt_util.utcnow()
    lab.fail(kind, SHOT)
    await lab.tick(60)
    assert is_picture(await lab.image(FINISHED))
    assert lab.job_of(FINISHED) == lab.ended_job
    assert lab.taken(FINISHED) <= reserve
    assert not lab.complaints


async def test_without_any_still_the_picture_of_the_print_before_stays(
    lab: Lab,
) -> None:
    await lab.complete()
    since, first = lab.since(FINISHED), lab.ended_job
    lab.printer.dismiss()
    await lab.tick(60)
    lab.fail("http_500", SHOT)
    await lab.complete()
    assert lab.ended_job != first
    assert lab.job_of(FINISHED) == first
    assert lab.since(FINISHED) == since
    assert not lab.complaints


async def test_a_still_that_is_too_large_is_not_kept(lab: Lab) -> None:
    lab.watched.send("image/jpeg", JPEG + bytes(MAX_PICTURE_SIZE))
    await lab.get_stopped()
    assert lab.shots == 1
    assert lab.since(FAILURE) == "unknown"


async def test_a_camera_that_hangs_holds_the_event_back_for_three_seconds(
    lab: Lab,
) -> None:
    requested, released = asyncio.Event(), asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse:
        requested.set()
        await released.wait()
        return web.Response()

    lab.printer.start(PART, duration=DURATION)
    await lab.tick(RESERVE)
    lab.watched.instead = hang
    lab.freezer.tick(DURATION - RESERVE + 10)
    async_fire_time_changed_exact(lab.hass)
    await requested.wait()
    at = dt_util.utcnow()
    assert lab.events == [("started", False)]
    lab.freezer.tick(BOUND)
    async_fire_time_changed_exact(lab.hass)
    await lab.block_till_done()
    assert lab.events[-1] == ("completed", False)
    assert lab.taken(FINISHED) < at
    assert not lab.complaints
    released.set()


async def test_a_camera_that_is_unplugged_takes_no_picture(lab: Lab) -> None:
    lab.printer.start(PART, duration=3600)
    await lab.tick(SEEN)
    lab.printer.unplug_camera()
    lab.printer.stop()
    await lab.tick(90)
    assert lab.events[-1] == ("stopped", False)
    assert lab.since(FAILURE) == "unknown"
    assert not lab.complaints


async def test_a_login_that_has_changed_is_read_again(lab: Lab) -> None:
    lab.printer.start(PART, duration=3600)
    await lab.tick(SEEN)
    lab.printer.camera_password = "another"
    lab.printer.stop()
    await lab.tick(90)
    assert is_picture(await lab.image(FAILURE))


async def test_a_printer_without_a_camera_has_no_such_images(new_home: Home) -> None:
    new_home.printer.unplug_camera()
    await new_home.set_up()
    await new_home.tick(SEEN)
    assert not new_home.keys & {FINISHED, FAILURE}
    new_home.printer.plug_camera()
    await new_home.tick(16 * MINUTE)
    assert new_home.keys >= {FINISHED, FAILURE}
    new_home.printer.start(PART, duration=4 * MINUTE)
    await new_home.tick(5 * MINUTE)
    assert new_home.state(FINISHED, Platform.IMAGE) > "2026"


async def test_for_disabled_images_nothing_is_taken(lab: Lab) -> None:
    disable(lab, FINISHED, FAILURE)
    await lab.reload()
    await lab.complete()
    assert lab.events[-1] == ("completed", False)
    assert lab.shots == 0
    assert not lab.files


async def test_for_one_disabled_image_no_picture_is_kept(lab: Lab) -> None:
    disable(lab, FAILURE)
    await lab.reload()
    await lab.get_stopped()
    assert lab.events[-1] == ("stopped", False)
    assert not lab.files


# What is kept


async def test_a_picture_outlives_a_restart(lab: Lab) -> None:
    await lab.complete()
    since, before = lab.since(FINISHED), await lab.image(FINISHED)
    job = lab.job_of(FINISHED)
    await lab.restart()
    assert lab.since(FINISHED) == since
    assert lab.job_of(FINISHED) == job
    assert await lab.image(FINISHED) == before


async def test_a_picture_is_shown_while_the_printer_is_off(lab: Lab) -> None:
    await lab.complete()
    since = lab.since(FINISHED)
    await lab.unload()
    await lab.simulator.power_off()
    await lab.set_up()
    assert lab.status == "offline"
    assert lab.since(FINISHED) == since
    assert is_picture(await lab.image(FINISHED))
    assert lab.since(FAILURE) == "unavailable"


async def test_the_names_of_files_have_nothing_of_the_printer(lab: Lab) -> None:
    lab.printer.start("Local/../..\\Kunde & Söhne.gcode", duration=3600)
    await lab.tick(SEEN)
    lab.printer.stop()
    await lab.tick(90)
    (file,) = lab.files
    assert len(file.stem) == 32
    assert set(file.stem) <= set("0123456789abcdef")
    assert file.stat().st_mode & 0o077 == 0


async def test_only_so_many_pictures_are_kept_but_always_one_of_each(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.raise3d.picture_store.MAX_PICTURES", 3)
    await lab.get_stopped()
    failed = lab.job_of(FAILURE)
    for _ in range(4):
        await lab.complete()
        lab.printer.dismiss()
        await lab.tick(60)
    assert len(lab.files) == 3
    await lab.restart()
    assert lab.job_of(FAILURE) == failed
    assert is_picture(await lab.image(FAILURE))
    assert is_picture(await lab.image(FINISHED))
    assert len(lab.files) == 3
    assert MAX_PICTURES == 20


async def test_the_pictures_go_with_the_entry(lab: Lab) -> None:
    await lab.complete()
    assert lab.files
    await lab.remove()
    assert not lab.folder.exists()
    again = add_entry(lab.hass, lab.simulator)
    await set_up(lab.hass, again)
    await lab.tick(SEEN)
    state = lab.hass.states.get(lab.entity_id(FINISHED, Platform.IMAGE))
    assert state is not None
    assert state.state == "unknown"
    await lab.hass.config_entries.async_unload(again.entry_id)


async def test_an_entry_that_goes_before_its_picture_leaves_none(lab: Lab) -> None:
    requested, released = asyncio.Event(), asyncio.Event()

    async def take_long(request: web.Request) -> web.StreamResponse:
        requested.set()
        await released.wait()
        return web.Response(body=JPEG)

    lab.printer.start(PART, duration=DURATION)
    await lab.tick(RESERVE)
    lab.watched.instead = take_long
    lab.freezer.tick(DURATION - RESERVE + 10)
    # as an action of a user does
    poll = lab.hass.async_create_task(lab.coordinator.async_refresh())
    await requested.wait()
    await lab.hass.config_entries.async_remove(lab.entry.entry_id)
    released.set()
    await poll
    await lab.block_till_done()
    assert not lab.folder.exists()


@pytest.mark.parametrize(
    "content", [b"", b"<html>", JPEG + bytes(MAX_PICTURE_SIZE)], ids=len
)
async def test_a_damaged_file_is_no_picture(lab: Lab, content: bytes) -> None:
    await lab.complete()
    (file,) = lab.files
    file.write_bytes(content)
    assert (await lab.image(FINISHED))[0] == 500
    await lab.restart()
    assert lab.since(FINISHED) == "unknown"
    assert not lab.files
    assert not lab.complaints


async def test_a_file_that_is_gone_is_no_picture(lab: Lab) -> None:
    await lab.complete()
    shutil.rmtree(lab.folder)
    await lab.restart()
    assert lab.since(FINISHED) == "unknown"
    assert not lab.complaints


async def test_a_foreign_file_stays_and_a_forgotten_one_goes(lab: Lab) -> None:
    await lab.complete()
    (known,) = lab.files
    foreign, forgotten = lab.folder / "mine.jpg", lab.folder / f"{'0' * 32}.jpg"
    foreign.write_bytes(JPEG)
    forgotten.write_bytes(JPEG)
    await lab.restart()
    assert lab.files == sorted([known, foreign])


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"pictures": 3},
        {"pictures": [None, {}, {"name": "../../secrets"}]},
        {
            "pictures": [
                {
                    "name": "../../secrets",
                    "event_type": "completed",
                    "taken_at": "2026-11-23T08:00:00+00:00",
                    "job_id": "1",
                    "file_name": None,
                }
            ]
        },
        {
            "pictures": [
                {
                    "name": "0" * 32,
                    "event_type": "completed",
                    "taken_at": "yesterday",
                    "job_id": "1",
                    "file_name": None,
                }
            ]
        },
    ],
)
async def test_a_damaged_index_is_none(
    lab: Lab, hass_storage: dict[str, object], stored: object
) -> None:
    await lab.unload()
    secrets = lab.folder.parent.parent / "secrets.jpg"
    lab.folder.mkdir(parents=True)
    secrets.write_bytes(JPEG)
    key = f"raise3d.pictures.{lab.entry.entry_id}"
    hass_storage[key] = {"version": 1, "key": key, "data": stored}
    await lab.set_up()
    secrets.unlink()
    assert lab.since(FINISHED) == "unknown"
    await lab.complete()
    assert is_picture(await lab.image(FINISHED))


def loading_all_but(refused: str) -> Callable[[Store[Any]], Awaitable[object]]:
    """Return a way to load storage that refuses some of it."""
    load = Store.async_load

    async def refuse(store: Store[Any]) -> object:
        if refused in store.key:
            msg = "Permission denied"
            raise HomeAssistantError(msg)
        return await load(store)

    return refuse


async def test_an_index_that_cannot_be_read_keeps_no_printer_away(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lab.unload()
    monkeypatch.setattr(Store, "async_load", loading_all_but("pictures"))
    await lab.set_up()
    assert lab.since(FINISHED) == "unknown"


async def test_a_full_disk_costs_the_file_alone(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(Path, "write_bytes", full)
        await lab.complete()
        lab.printer.dismiss()
        await lab.tick(60)
        await lab.complete()
    assert lab.job_of(FINISHED) == lab.ended_job
    assert is_picture(await lab.image(FINISHED))
    assert not lab.files
    # or they would fill the memory
    assert len(lab.coordinator.pictures.store.pictures) == 1
    assert (
        lab.complaints
        == ["A picture of Lab printer cannot be stored: No space left on device"] * 2
    )
    await lab.restart()
    assert lab.since(FINISHED) == "unknown"


async def test_every_viewer_has_signed_in(
    lab: Lab, hass_client_no_auth: ClientSessionGenerator
) -> None:
    await lab.complete()
    stranger = await hass_client_no_auth()
    entity = lab.entity_id(FINISHED, Platform.IMAGE)
    assert (await stranger.get(f"/api/image_proxy/{entity}")).status == 403
