"""Tests of the pictures of ends: what is kept of them, and for how long."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
import shutil
from typing import Any

from aiohttp import web
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.raise3d.const import MAX_PICTURE_SIZE, MAX_PICTURES
from homeassistant.const import Platform
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
from tests.common import add_entry, set_up

from .lab import (
    DURATION,
    FAILURE,
    FINISHED,
    JPEG,
    RESERVE,
    SEEN,
    Lab,
    is_picture,
)


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
    await lab.tick(30)
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
    for _ in range(3):
        await lab.complete()
        lab.printer.dismiss()
        await lab.tick(20)
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

    await lab.near_end()
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


async def test_a_damaged_file_is_no_picture(lab: Lab) -> None:
    await lab.complete()
    (file,) = lab.files
    for content in (b"", b"<html>", JPEG + bytes(MAX_PICTURE_SIZE)):
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


def picture(**other: str) -> dict[str, list[dict[str, str | None]]]:
    """Return an index with a picture that is damaged in one way."""
    known: dict[str, str | None] = {
        "name": "0" * 32,
        "event_type": "completed",
        "taken_at": "2026-11-23T08:00:00+00:00",
        "job_id": "1",
        "file_name": None,
    }
    return {"pictures": [known | other]}


DAMAGED: tuple[object, ...] = (
    {},
    {"pictures": 3},
    {"pictures": [None, {}, {"name": "../../secrets"}]},
    picture(name="../../secrets"),
    picture(taken_at="yesterday"),
)


async def test_a_damaged_index_is_none(
    lab: Lab, hass_storage: dict[str, object], subtests: pytest.Subtests
) -> None:
    lab.folder.mkdir(parents=True)
    secrets = lab.folder.parent.parent / "secrets.jpg"
    key = f"raise3d.pictures.{lab.entry.entry_id}"
    for stored in DAMAGED:
        with subtests.test(stored=stored):
            await lab.unload()
            secrets.write_bytes(JPEG)
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
        await lab.tick(20)
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
