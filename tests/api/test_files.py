"""Files and folders: what is listed, what is changed, and what is refused at once."""

from collections.abc import Awaitable, Callable
from io import BytesIO
from itertools import product

from aiohttp import web
from PIL import Image
import pytest

from custom_components.raise3d.api import (
    FileEntry,
    FileList,
    Raise3DClient,
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    Raise3DRefusedError,
)
from custom_components.raise3d.api.const import MAX_FILE_PAGES
from simulator import StoredFile, Unknowns

from .calls import PART, pieces
from .conftest import Caplog, Lab, Serve, body, ok

type Call = Callable[[Raise3DClient], Awaitable[object]]

# What an address could be mistaken for, or a shell, or a form.
NAMES = [
    "a b.gcode",
    "100%.gcode",
    "50%25.gcode",
    "a#b.gcode",
    "a+b.gcode",
    "a&b=c?.gcode",
    "ä ü ß.gcode",
    "测试 99%.gcode",
    "🖨.gcode",
    "a'b;c,d.gcode",
    " blanks .gcode ",
    "ideographic\u3000space.gcode",
    "e\u0301.gcode",
    ".hidden",
    "...",
]

# What must not leave the client as a path of a file.
OUTSIDE = [
    "",
    "/",
    "Local",
    "Local/",
    "Local//",
    "local/a",
    "Loacl/a",
    "/Local/a",
    "USB/a",
    "a.gcode",
    "Local/..",
    "Local/../a",
    "Local/a/../../b",
    "Local/a/..",
    "Local/./a",
    "Local/.",
    "Local//a",
    "Local/a//b",
    "Local/a\n",
    "Local/a\x00b",
    "Local/\udc80",
    "Local/" + "x" * 256,
    "Local/" + "ä" * 128,
]
# What must not leave it as a new name.
NO_NAMES = [
    *("", ".", "..", "a/b", "../a", "/a", "a\\b", 'a"b', "a\r\nb", "\x7f", "\ud83d"),
    "x" * 256,
]

type PathCall = Callable[[Raise3DClient, str], Awaitable[object]]

PATHS: dict[str, PathCall] = {
    "start": lambda c, p: c.commands.start_job(p),
    "image": lambda c, p: c.files.get_image(p, 8, 8),
    "create": lambda c, p: c.files.create_folder(p),
    "delete folder": lambda c, p: c.files.delete_folder(p),
    "rename folder": lambda c, p: c.files.rename_folder(p, "new"),
    "source of a move": lambda c, p: c.files.move(p, "Local/a"),
    "end of a move": lambda c, p: c.files.move("Local/a", p),
    "source of a copy": lambda c, p: c.files.copy(p, "Local/a"),
    "end of a copy": lambda c, p: c.files.copy("Local/a", p),
    "delete": lambda c, p: c.files.delete(p),
    "rename": lambda c, p: c.files.rename(p, "new"),
}


async def test_no_path_outside_is_sent(lab: Lab) -> None:
    words = "below Local/"
    for call, path in product(PATHS.values(), OUTSIDE):
        with pytest.raises(Raise3DInvalidValueError, match=words) as caught:
            await call(lab, path)
        assert len(path) < 7 or path not in str(caught.value)
    assert not lab.requests


async def test_no_folder_outside_is_listed_or_filled(lab: Lab) -> None:
    for path in set(OUTSIDE) - {"Local", "Local/"}:
        with pytest.raises(Raise3DInvalidValueError, match="below Local/"):
            await lab.files.list_page(path)
        with pytest.raises(Raise3DInvalidValueError, match="below Local/"):
            await lab.files.list(path)
        with pytest.raises(Raise3DInvalidValueError, match="below Local/"):
            await lab.files.upload(path, "a", pieces(b""), 0)
    assert not lab.requests


async def test_no_name_that_is_none_is_sent(lab: Lab) -> None:
    for name in NO_NAMES:
        with pytest.raises(Raise3DInvalidValueError, match="name"):
            await lab.files.rename(PART, name)
        with pytest.raises(Raise3DInvalidValueError, match="name"):
            await lab.files.rename_folder("Local/webapi_store", name)
        with pytest.raises(Raise3DInvalidValueError, match="name"):
            await lab.files.upload("Local", name, pieces(b""), 0)
        assert not lab.requests, name


@pytest.mark.parametrize("name", NAMES)
async def test_every_name_arrives_as_it_is(lab: Lab, name: str) -> None:
    """Through addresses, forms and bodies, there and back."""
    folder = f"Local/{name}"
    await lab.files.create_folder(folder)
    await lab.files.upload(folder, name, pieces(b"G28"), 3)
    (entry,) = (await lab.files.list(folder)).files
    assert (entry.name, entry.path) == (name, f"{folder}/{name}")
    assert entry.path in lab.printer.files
    assert name in (await lab.files.list_page()).folders

    await lab.files.copy(entry.path, f"{folder}/copy")
    await lab.files.rename(f"{folder}/copy", f"2 {name}")
    await lab.files.move(f"{folder}/2 {name}", f"Local/2 {name}")
    await lab.commands.start_job(f"Local/2 {name}")
    assert lab.printer.job.file_name == f"Local/2 {name}"
    await lab.files.delete(entry.path)
    await lab.files.rename_folder(folder, f"3 {name}")
    await lab.files.delete_folder(f"Local/3 {name}/")
    assert f"3 {name}" not in (await lab.files.list_page()).folders


async def test_a_preview_is_found_under_every_name(lab: Lab) -> None:
    for name in NAMES:
        lab.printer.files.clear()
        lab.printer.files[f"Local/x/{name}.gcode"] = StoredFile()
        (entry,) = (await lab.files.list_page("Local/x")).files
        assert entry.preview_path is not None, name
        raw = await lab.files.get_image(entry.preview_path, 40, 40)
        with Image.open(BytesIO(raw)) as picture:
            assert picture.format == "PNG", name


async def test_a_list_has_the_printers_files_and_previews(lab: Lab) -> None:
    for folder in ("Local/", "Local"):
        content = await lab.files.list_page(folder)
        assert content.folders == ("webapi_store",)
        assert {entry.path for entry in content.files} == {
            path for path in lab.printer.files if path.count("/") == 1
        }
    without = [entry for entry in content.files if entry.preview_path is None]
    assert [entry.name for entry in without] == ["测试 100%.gcode"]
    inner = await lab.files.list_page("Local/webapi_store/")
    assert [entry.path for entry in inner.files] == [
        "Local/webapi_store/bracket v3 ä.gcode"
    ]


async def test_the_documented_lists_are_read(serve: Serve) -> None:
    client = await serve(body("fileops_list.json"))
    content = await client.files.list_page("Local/webapi_store")
    assert content.folders == ("d1", "d2", "d3", "d4")
    assert content.files[0] == FileEntry(
        name="a.gcode", path="Local/webapi_store/a.gcode", preview_path=None
    )
    assert content.files[1].preview_path == "Local/webapi_store/b.data"
    client = await serve(body("fileops_list_root.json"))
    assert (await client.files.list_page()).files[1].path == "Local/测试 100%.gcode"
    client = await serve(body("fileops_list_empty.json"))
    assert await client.files.list_page() == FileList(folders=(), files=())


async def test_what_has_no_name_is_omitted(serve: Serve) -> None:
    for data in [
        {},
        {"dir_list": None, "file_list": None},
        {"dir_list": {}, "file_list": "x"},
        {"dir_list": [None, 7, "", []], "file_list": [None, 7, {}, {"file_name": ""}]},
    ]:
        client = await serve(ok(data))
        assert await client.files.list_page() == FileList(folders=(), files=()), data


def test_a_list_shows_no_names() -> None:
    data = {"dir_list": ["secret"], "file_list": [{"file_name": "secret"}]}
    content = FileList.from_dict(data, "Local/secret")
    assert "secret" not in f"{content!r}{content.files[0]!r}"


async def test_half_a_letter_is_replaced(serve: Serve) -> None:
    client = await serve(r'{"status":1,"data":{"dir_list":["\ud83d"]}}')
    assert (await client.files.list_page()).folders == ("?",)


async def test_no_impossible_part_is_requested(lab: Lab) -> None:
    for start, count in [(-1, 24), (0, 0), (0, 25), (2**31, 1)]:
        with pytest.raises(Raise3DInvalidValueError):
            await lab.files.list_page("Local/", start, count)
        assert not lab.requests, (start, count)


async def test_a_folder_that_there_is_not_is_not_found(lab: Lab) -> None:
    for call in (lab.files.list_page, lab.files.list):
        with pytest.raises(Raise3DNotFoundError, match="directory not exist"):
            await call("Local/none")


async def test_a_list_that_is_refused_at_once_is_refused(lab: Lab) -> None:
    lab.faults.add("refuse", path="fileops/list", code=10005, msg="root path error")
    with pytest.raises(Raise3DInvalidValueError, match="root path error"):
        await lab.files.list()


# Nothing, some, and full parts of twenty-four: alone, as a sum and one off.
COUNTS = [0, 1, 12, 23, 24, 25, 48, 100]
LISTS = [
    Unknowns(list_counts=counting, list_end_refused=refused)
    for counting in ("together", "apart", "files")
    for refused in (False, True)
]


@pytest.mark.parametrize("unknowns", LISTS)
async def test_a_whole_folder_is_listed_however_counted(lab: Lab) -> None:
    """Nothing is missing and nothing comes twice."""
    lab.printer.storage.make_folder("Local/top")
    for folders, files in product(COUNTS, COUNTS):
        names = [f"{place:03}" for place in range(folders)]
        paths = [f"Local/top/{place:03}.gcode" for place in range(files)]
        # a file makes its folder exist
        inner = [f"Local/top/{name}/a.gcode" for name in names]
        lab.printer.files.clear()
        lab.printer.files.update({path: StoredFile() for path in paths + inner})
        lab.requests.clear()
        content = await lab.files.list("Local/top")
        assert list(content.folders) == names
        assert [entry.path for entry in content.files] == paths
        # the full parts, a few where files begin among folders, and one that is empty
        assert len(lab.requests) <= (folders + files) // 24 + 8


async def test_a_folder_without_end_ends(serve: Serve, caplog: Caplog) -> None:
    requested = 0

    async def handle(request: web.Request) -> web.StreamResponse:
        nonlocal requested
        requested += 1
        start = int(request.query["start_pos"])
        rows = [{"file_name": f"secret{start + place}"} for place in range(24)]
        return web.json_response({"status": 1, "data": {"file_list": rows}})

    content = await (await serve(handle)).files.list()
    assert requested == MAX_FILE_PAGES
    assert len(content.files) == 24 * MAX_FILE_PAGES
    assert "too large" in caplog.text
    assert "secret" not in caplog.text


async def test_a_printer_that_ignores_the_start_is_left_alone(serve: Serve) -> None:
    client = await serve(body("fileops_list.json"))
    content = await client.files.list()
    assert (len(content.folders), len(content.files)) == (4, 6)


async def test_what_the_printer_cannot_do_is_refused_in_its_words(lab: Lab) -> None:
    refused: list[tuple[Call, str]] = [
        (
            lambda c: c.files.create_folder("Local/webapi_store"),
            "fail to create directory",
        ),
        (lambda c: c.files.create_folder("Local/a/b/c"), "fail to create directory"),
        (
            lambda c: c.files.rename_folder("Local/webapi_store", "medaille_1.gcode"),
            "fail to rename directory",
        ),
        (lambda c: c.files.move(PART, "Local/none/a"), "fail to move file"),
        (lambda c: c.files.copy(PART, PART), "fail to copy file"),
        (
            lambda c: c.files.rename(PART, "medaille_2_extruder_2.gcode"),
            "fail to rename file",
        ),
    ]
    for call, words in refused:
        with pytest.raises(Raise3DRefusedError, match=words):
            await call(lab)


async def test_what_is_not_there_is_not_found(lab: Lab) -> None:
    calls: list[Call] = [
        lambda c: c.files.delete_folder("Local/none"),
        lambda c: c.files.rename_folder("Local/none", "a"),
        lambda c: c.files.move("Local/none", "Local/a"),
        lambda c: c.files.copy("Local/none", "Local/a"),
        lambda c: c.files.delete("Local/none"),
        lambda c: c.files.rename("Local/none", "a"),
        lambda c: c.files.get_image("Local/none.data", 8, 8),
        lambda c: c.files.upload("Local/none", "a", pieces(b""), 0),
    ]
    for call in calls:
        with pytest.raises(Raise3DNotFoundError, match="not exist"):
            await call(lab)


async def test_blanks_reach_a_server_that_reads_forms_too(lab: Lab) -> None:
    """It takes a plus sign for a blank, which is why there is none."""
    lab.printer.unknowns = Unknowns(plus_is_blank=True)
    for name in ("a b", "a+b"):
        lab.printer.storage.make_folder(f"Local/{name}")
        assert await lab.files.list_page(f"Local/{name}") == FileList(
            folders=(), files=()
        )
