"""The history's details and its pictures."""

import base64
from io import BytesIO
from itertools import product
import re
from typing import Any

from PIL import Image
import pytest

from custom_components.raise3d.api import (
    HistoryDetails,
    HistoryEntry,
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    Raise3DRefusedError,
    Raise3DResponseError,
    picture_type,
)
from simulator import MODELS

from .conftest import Lab, Serve, body, ok

RECORD = HistoryEntry(job_id="id", index=9, file_name=None, user_tag=None)


@pytest.fixture
def history() -> int:
    """Return the number of earlier jobs."""
    return 5


@pytest.mark.parametrize("model", MODELS)
async def test_a_job_of_the_history_is_read_in_full(lab: Lab) -> None:
    for record, entry in zip(
        (await lab.history.read_end(None)).entries, lab.printer.history, strict=True
    ):
        job = await lab.history.get_details(record)
        left, right = entry.filament
        assert (job.real_print_time, job.estimated_time) == (
            entry.real_print_time,
            entry.estimated_time,
        )
        assert job.file_name == entry.file_name
        assert job.filament_used_left == pytest.approx(left)
        expected = {1: None, 2: pytest.approx(right)}[lab.printer.model.nozzles]
        assert job.filament_used_right == expected


async def test_the_documented_jobs_are_read(serve: Serve) -> None:
    client = await serve(body("job.json"))
    assert await client.history.get_details(RECORD) == HistoryDetails(
        file_name="Local/a.gcode",
        user_tag="hello",
        real_print_time=9203,
        estimated_time=9200,
        filament_used_left=18.88,
        filament_used_right=10.88,
    )
    job = await (await serve(body("job_single.json"))).history.get_details(RECORD)
    assert (job.filament_used_right, job.user_tag) == (None, None)


async def test_a_history_that_has_moved_on_is_an_invalid_value(lab: Lab) -> None:
    records = (await lab.history.read_end(None)).entries
    moved = HistoryEntry(
        job_id=records[0].job_id, index=1, file_name=None, user_tag=None
    )
    with pytest.raises(Raise3DInvalidValueError, match="job id not match pos"):
        await lab.history.get_details(moved)
    with pytest.raises(Raise3DInvalidValueError, match="pos error"):
        await lab.history.get_details(RECORD)


def test_details_show_no_names() -> None:
    details = HistoryDetails.from_dict({"file_name": "secret", "user_tag": "private"})
    assert "secret" not in repr(details)
    assert "private" not in repr(details)
    assert details.real_print_time is None


async def test_a_job_has_its_picture(lab: Lab) -> None:
    job_id = next(entry.job_id for entry in lab.printer.history if entry.has_preview)
    raw = await lab.history.get_image(job_id, 64, 128)
    with Image.open(BytesIO(raw)) as picture:
        assert picture.format == "PNG"
        assert picture.width <= 64
        assert picture.height <= 128


async def test_a_job_without_a_picture_has_none(lab: Lab) -> None:
    with pytest.raises(Raise3DNotFoundError, match="no image corresponds"):
        await lab.history.get_image("unknown", 64, 64)
    lab.faults.add("override", path="dashboard/imagedownload", data={"img_data": ""})
    job_id = next(entry.job_id for entry in lab.printer.history if entry.has_preview)
    with pytest.raises(Raise3DNotFoundError, match="there is no picture"):
        await lab.history.get_image(job_id, 64, 64)


async def test_the_documented_pictures_are_read(serve: Serve) -> None:
    client = await serve(body("dashboard_image.json"))
    with Image.open(BytesIO(await client.history.get_image("id", 32, 32))) as picture:
        assert picture.size == (23, 32)
    client = await serve(body("fileops_image.json"))
    raw = await client.files.get_image("Local/cat.data", 32, 32)
    assert raw.startswith(b"\x89PNG")
    assert picture_type(raw) == "image/png"


async def test_a_size_out_of_range_is_not_requested(lab: Lab) -> None:
    sides: list[Any] = [0, -1, 1025, 0.5]
    for width, height in [*product(sides, [64]), *product([64], sides)]:
        with pytest.raises(Raise3DInvalidValueError, match="1 to 1024"):
            await lab.history.get_image("id", width, height)
        with pytest.raises(Raise3DInvalidValueError, match="1 to 1024"):
            await lab.files.get_image("Local/a.data", width, height)
    assert not lab.requests


def in_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


async def test_no_other_data_is_a_picture(serve: Serve) -> None:
    for data in [
        {},
        {"img_data": None},
        {"img_data": 7},
        {"img_data": "%%%"},
        {"img_data": "a"},
        {"img_data": "ä"},
        {"img_data": in_base64(b"<html>")},
        {"img_data": in_base64(b"GIF89a")},
        {"img_data": in_base64(b"\x89PNG")},
    ]:
        client = await serve(ok(data))
        with pytest.raises(Raise3DResponseError):
            await client.history.get_image("id", 64, 64)


async def test_a_jpeg_is_a_picture_too(serve: Serve) -> None:
    data = {"img_data": in_base64(b"\xff\xd8\xff\xe0rest")}
    client = await serve(ok(data))
    raw = await client.history.get_image("id", 64, 64)
    assert raw.endswith(b"rest")
    assert picture_type(raw) == "image/jpeg"


async def test_every_documented_picture_error_is_raised(lab: Lab) -> None:
    for code, words, expected in [
        (404, "no image corresponds to the job", Raise3DNotFoundError),
        (404, "data file not exist", Raise3DNotFoundError),
        (500, "can not open IODevice", Raise3DRefusedError),
        (10002, "width error, range(1~1024)", Raise3DInvalidValueError),
        (10004, "data file error", Raise3DInvalidValueError),
        (10005, "root path error", Raise3DInvalidValueError),
    ]:
        for path in ("dashboard/imagedownload", "fileops/imagedownload"):
            lab.faults.add("refuse", path=path, code=code, msg=words)
        with pytest.raises(expected, match=f"^{re.escape(words)}$"):
            await lab.history.get_image("id", 64, 64)
        with pytest.raises(expected, match=f"^{re.escape(words)}$"):
            await lab.files.get_image("Local/a.data", 64, 64)
