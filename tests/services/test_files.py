"""Tests of the actions on files."""

import hashlib
from pathlib import Path

import pytest

from custom_components.raise3d.const import DOMAIN
from simulator.states import Unknowns
from tests.actions import refused, rejected
from tests.common import Home

from .needs import CONTENT, DELETE, FILE, START, UPLOAD


async def test_a_folder_is_listed(home: Home) -> None:
    assert await home.act("list_files") == {
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
    name = "bracket v3 ä.gcode"
    file = {"name": name, "path": f"Local/webapi_store/{name}", "preview": True}
    for folder in ("Local/webapi_store", "Local/webapi_store/"):
        listed = await home.act("list_files", folder=folder)
        assert listed == {"folders": [], "files": [file]}


async def test_a_large_folder_is_listed_to_its_end(home: Home) -> None:
    file = home.printer.files[FILE]
    names = [f"part {number:02}.gcode" for number in range(60)]
    home.printer.files.update({f"Local/large/{name}": file for name in names})
    home.printer.files.update({f"Local/large/{name}/deep": file for name in "abc"})
    listed = await home.act("list_files", folder="Local/large")
    assert sorted(listed["folders"]) == ["a", "b", "c"]
    assert sorted(file["name"] for file in listed["files"]) == names


async def test_a_missing_folder_is_an_error_in_words(home: Home) -> None:
    error = await rejected(home.act("list_files", folder="Local/none"), "not_found")
    assert str(error) == "Not found on the printer: directory not exist"
    await rejected(home.act("list_files", folder="/etc"), "invalid_path")


async def test_a_file_is_deleted(home: Home) -> None:
    await home.act("delete_file", file=FILE)
    assert FILE not in home.printer.files
    assert home.posts() == [DELETE]
    await rejected(home.act("delete_file", file=FILE), "not_found")


async def test_the_file_of_the_print_is_not_deleted(printing: Home) -> None:
    error = await refused(
        printing.act("delete_file", file="Local/part.gcode"), "refused"
    )
    assert str(error) == "The printer refused: fail to delete file"
    assert "Local/part.gcode" in printing.printer.files


async def test_a_file_is_uploaded_as_it_is(home: Home, part: Path) -> None:
    target = f"Local/{part.name}"
    assert await home.act("upload_file", path=str(part)) == {"file": target}
    assert home.printer.files[target].size == len(CONTENT)
    assert home.printer.files[target].sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert home.posts() == [UPLOAD]
    assert home.printer.phase == "idle"


@pytest.mark.parametrize("folder", ["Local/webapi_store", "Local/webapi_store/"])
async def test_a_file_is_uploaded_and_printed(
    home: Home, part: Path, folder: str
) -> None:
    await home.act("upload_file", path=str(part), folder=folder, start=True)
    await home.tick(10)
    assert home.status == "printing"
    assert home.state("file_name") == part.name
    assert home.printer.job.file_name == f"Local/webapi_store/{part.name}"
    assert home.posts() == [UPLOAD, START]


async def test_an_empty_file_is_uploaded_for_a_caller_without_a_response(
    home: Home, allowed: Path
) -> None:
    empty = allowed / "empty.gcode"
    empty.touch()
    data = {"device_id": home.device.id, "path": str(empty)}
    await home.hass.services.async_call(DOMAIN, "upload_file", data, blocking=True)
    assert home.printer.files["Local/empty.gcode"].size == 0


async def test_a_link_within_what_is_allowed_is_followed(
    home: Home, part: Path
) -> None:
    link = part.parent / "latest.gcode"
    link.symlink_to(part)
    await home.act("upload_file", path=str(link))
    assert home.printer.files["Local/latest.gcode"].size == len(CONTENT)


@pytest.fixture
def unreadable(allowed: Path) -> list[Path]:
    """Return paths to what may not be read, or cannot be."""
    outside = allowed.parent / "secrets.yaml"
    outside.write_text("password: secret")
    link = allowed / "harmless.gcode"
    link.symlink_to(outside)
    folder_link = allowed / "harmless"
    folder_link.symlink_to(allowed.parent, target_is_directory=True)
    circle = allowed / "circle"
    circle.symlink_to(circle)
    way_out = allowed / ".." / outside.name
    through_link = folder_link / outside.name
    missing, no_path = allowed / "none.gcode", allowed / "a\0b"
    return [outside, link, way_out, through_link, missing, no_path, circle, allowed]


async def test_what_home_assistant_may_not_read_is_not_uploaded(
    home: Home, unreadable: list[Path], subtests: pytest.Subtests
) -> None:
    for path in unreadable:
        with subtests.test(path=path.name):
            call = home.act("upload_file", path=str(path))
            error = await rejected(call, "path_not_allowed")
            assert error.translation_placeholders == {"path": str(path)}
            assert not home.posts()


async def test_an_unreadable_file_is_the_same_error_as_one_that_is_not_allowed(
    home: Home, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    await rejected(home.act("upload_file", path=str(part)), "path_not_allowed")
    assert not home.posts()


async def test_a_file_that_breaks_off_is_an_error_in_words(
    home: Home, part: Path, monkeypatch: pytest.MonkeyPatch
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
        await rejected(home.act("upload_file", path=str(part)), "path_not_allowed")
    assert f"Local/{part.name}" not in home.printer.files


NOWHERE = (
    ('a"b.gcode', "Local/", "invalid_name"),
    ("part.gcode", "/etc", "invalid_path"),
    ("part.gcode", "Local/../etc", "invalid_path"),
    ("part.gcode", "Local/none", "not_found"),
)


async def test_where_nothing_can_be_stored_nothing_is_sent(
    home: Home, allowed: Path
) -> None:
    for name, folder, key in NOWHERE:
        (allowed / name).write_bytes(b"G28")
        call = home.act("upload_file", path=str(allowed / name), folder=folder)
        await rejected(call, key)
        assert not home.posts()


@pytest.mark.parametrize("unknowns", [Unknowns(max_upload=1000)])
async def test_a_file_that_is_too_large_is_an_error_in_words(
    home: Home, part: Path
) -> None:
    error = await rejected(
        home.act("upload_file", path=str(part), start=True), "invalid_value"
    )
    assert "file too large" in str(error)
    assert home.printer.phase == "idle"
    assert home.posts() == [UPLOAD]


async def test_an_upload_whose_answer_is_lost_is_neither_repeated_nor_printed(
    home: Home, part: Path
) -> None:
    home.simulator.faults.add("disconnect", path=UPLOAD)
    await refused(home.act("upload_file", path=str(part), start=True), "cannot_connect")
    await home.tick(60)
    assert home.posts() == [UPLOAD]


async def test_a_file_that_cannot_be_printed_now_is_uploaded_all_the_same(
    printing: Home, part: Path
) -> None:
    await refused(
        printing.act("upload_file", path=str(part), start=True), "refused_printing"
    )
    assert f"Local/{part.name}" in printing.printer.files
    assert printing.posts() == [UPLOAD, START]
