"""The file endpoints: a tree below Local/, uploads that are counted, refusals."""

import asyncio
import base64
from dataclasses import replace
import hashlib
from io import BytesIO
import json
from typing import Any

from PIL import Image
import pytest
from yarl import URL

from simulator import Printer, StoredFile
from tests.common import until

from .conftest import Client, fixture

UPLOAD = "fileops/upload"
PART = "Local/medaille_1.gcode"
BOUNDARY = "cut"
DESC = 'Content-Disposition: form-data; name="desc"\r\nContent-Type: application/json'
FILE = (
    'Content-Disposition: form-data; name="file"; filename="new.gcode"\r\n'
    "Content-Type: application/octet-stream"
)
GOOD = [(DESC, '{"dir_path":"Local/"}'), (FILE, "G28\n")]

# Each endpoint with a body that is obeyed.
POSTS: dict[str, dict[str, str]] = {
    "filepos/dir/create": {"dir_path": "Local/new"},
    "filepos/dir/delete": {"dir_path": "Local/webapi_store"},
    "filepos/dir/rename": {"dir_path": "Local/webapi_store", "new_name": "store"},
    "filepos/moveto": {"file_src": PART, "file_dst": "Local/webapi_store/b.gcode"},
    "filepos/copy": {"file_src": PART, "file_dst": "Local/b.gcode"},
    "filepos/delete": {"file_path": PART},
    "filepos/rename": {"file_path": PART, "new_name": "b.gcode"},
}


def refusal(code: int, msg: str) -> Any:
    return {"error": {"code": code, "msg": msg}, "status": 0}


def form(*parts: tuple[str, str]) -> bytes:
    """Write a form as it goes over the wire."""
    text = "".join(f"--{BOUNDARY}\r\n{head}\r\n\r\n{body}\r\n" for head, body in parts)
    return f"{text}--{BOUNDARY}--\r\n".encode()


async def send(
    client: Client,
    body: object,
    kind: str = f"multipart/form-data; boundary={BOUNDARY}",
) -> tuple[int, Any]:
    """POST a form; give the HTTP status and the answer."""
    async with client.session.post(
        client.url(UPLOAD),
        params={"token": client.token},
        data=body,
        headers={"Content-Type": kind},
    ) as response:
        raw = await response.read()
        return response.status, json.loads(raw) if raw else None


async def names(
    client: Client, folder: str, **query: int
) -> tuple[list[str], list[str]]:
    """List a folder."""
    query = {"start_pos": 0, "max_num": 24} | query
    data = (await client.get("fileops/list", dir=folder, **query))["data"]
    return data["dir_list"], [row["file_name"] for row in data["file_list"]]


def unknowns(printer: Printer, **switches: Any) -> None:
    printer.unknowns = replace(printer.unknowns, **switches)
    printer.storage.unknowns = printer.unknowns


# Lists


async def test_a_list_is_as_documented(client: Client) -> None:
    expected = fixture("fileops_list_root")["data"]
    answer = await client.get("fileops/list", dir="Local/", start_pos=0, max_num=24)
    assert answer["data"].keys() == expected.keys()
    assert answer["data"]["dir_list"] == expected["dir_list"]
    rows = {row["file_name"]: row for row in answer["data"]["file_list"]}
    for row in expected["file_list"]:
        assert rows[row["file_name"]] == row


async def test_the_slash_at_the_end_of_a_folder_does_not_matter(client: Client) -> None:
    for folder in ("Local/webapi_store", "Local/webapi_store/"):
        assert await names(client, folder) == ([], ["bracket v3 ä.gcode"])


async def test_a_missing_folder_is_an_error(client: Client) -> None:
    for folder in ("Local/none", PART):
        answer = await client.get("fileops/list", dir=folder, start_pos=0, max_num=1)
        assert answer == fixture("fileops_list_404")


async def test_what_is_not_below_local_is_refused(client: Client) -> None:
    for folder in [
        "/",
        "Local",
        "USB",
        "Loacl/a",
        "Local/..",
        "Local/../a",
        "Local//a",
        "Local/./a",
    ]:
        expected = fixture("error_10005_root_path")
        query = {"start_pos": 0, "max_num": 1}
        assert await client.get("fileops/list", dir=folder, **query) == expected, folder
        query = {"width": 8, "height": 8}
        answer = await client.get("fileops/imagedownload", data_path=folder, **query)
        assert answer == expected, folder
        for path, body in POSTS.items():
            key = next(iter(body))
            answer = await client.post(path, body | {key: folder})
            prefix = {"file_src": "file_src "}.get(key, "")
            assert answer == refusal(10005, f"{prefix}root path error"), folder
        for path in ("filepos/moveto", "filepos/copy"):
            answer = await client.post(path, {"file_src": PART, "file_dst": folder})
            assert answer == refusal(10005, "file_dst root path error"), folder
        described = json.dumps({"dir_path": folder})
        answer = await send(client, form((DESC, described), GOOD[1]))
        assert answer == (200, expected), folder


async def test_the_range_of_a_list_is_checked(client: Client) -> None:
    for number in (0, 25):
        answer = await client.get(
            "fileops/list", dir="Local/", start_pos=0, max_num=number
        )
        assert answer == fixture("fileops_list_max_num_error")
    answer = await client.get("fileops/list", dir="Local/", start_pos=-1, max_num=1)
    msg = "start_pos error, it must be non-negative"
    assert answer == refusal(10002, msg)
    assert await client.status("GET", "fileops/list") == 400


@pytest.mark.parametrize(
    ("counting", "pages"),
    [
        ("together", [(["a", "b"], ["1"]), ([], ["2", "3", "4"]), ([], [])]),
        ("apart", [(["a", "b"], ["1", "2", "3"]), ([], ["4"]), ([], [])]),
        (
            "files",
            [(["a", "b"], ["1", "2", "3"]), (["a", "b"], ["4"]), (["a", "b"], [])],
        ),
    ],
)
async def test_how_a_list_is_counted_is_a_switch(
    client: Client, counting: str, pages: list[tuple[list[str], list[str]]]
) -> None:
    unknowns(client.printer, list_counts=counting)
    for folder in ("Local/x", "Local/x/a", "Local/x/b"):
        client.printer.storage.make_folder(folder)
    for name in "1234":
        client.printer.files[f"Local/x/{name}"] = StoredFile()
    for place, page in enumerate(pages):
        assert await names(client, "Local/x", start_pos=3 * place, max_num=3) == page


async def test_the_end_of_a_list_may_be_an_error(client: Client) -> None:
    assert await names(client, "Local/", start_pos=99) == ([], [])
    unknowns(client.printer, list_end_refused=True)
    answer = await client.get("fileops/list", dir="Local/", start_pos=99, max_num=1)
    assert answer["error"]["code"] == 10002
    client.printer.storage.make_folder("Local/empty")
    assert await names(client, "Local/empty") == ([], [])


async def test_a_plus_sign_is_one_unless_it_is_a_blank(client: Client) -> None:
    for name in ("a b", "a+b"):
        client.printer.files[f"Local/{name}/{name}"] = StoredFile()
    tail = f"&start_pos=0&max_num=1&token={client.token}"

    async def first(text: str) -> str:
        url = URL(f"{client.url('fileops/list')}?dir=Local/{text}{tail}", encoded=True)
        async with client.session.get(url) as response:
            data = (await response.json())["data"]
        name: str = data["file_list"][0]["file_name"]
        return name

    assert [await first(text) for text in ("a%20b", "a+b", "a%2Bb")] == [
        *("a b", "a+b", "a+b")
    ]
    unknowns(client.printer, plus_is_blank=True)
    assert [await first(text) for text in ("a%20b", "a+b", "a%2Bb")] == [
        *("a b", "a b", "a+b")
    ]


# Pictures


async def test_a_file_has_its_picture(client: Client) -> None:
    for size, expected in (((32, 32), (23, 32)), ((64, 1024), (64, 89))):
        answer = await client.get(
            "fileops/imagedownload",
            data_path="Local/medaille_1.data",
            width=size[0],
            height=size[1],
        )
        raw = base64.b64decode(answer["data"]["img_data"])
        with Image.open(BytesIO(raw)) as picture:
            assert (picture.format, picture.size) == ("PNG", expected)


async def test_a_file_without_a_picture_is_an_error(client: Client) -> None:
    size = {"width": 8, "height": 8}
    for path in ("Local/none.data", "Local/测试 100%.data", PART):
        query = {"data_path": path, **size}
        assert await client.get("fileops/imagedownload", **query) == fixture(  # type: ignore[arg-type]
            "fileops_image_404"
        )
    for key in size:
        query = {"data_path": "Local/medaille_1.data", **size, key: 1025}
        answer = await client.get("fileops/imagedownload", **query)  # type: ignore[arg-type]
        assert answer == refusal(10002, f"{key} error, range(1~1024)")


# Uploads


async def test_an_upload_is_counted_listed_and_printed(client: Client) -> None:
    before = client.printer.storage_free_kb
    body = "G1 X1\n" * 1000
    parts = form((DESC, '{"dir_path":"Local/webapi_store/"}'), (FILE, body))
    assert await send(client, parts) == (200, fixture("set_ok"))
    stored = client.printer.files["Local/webapi_store/new.gcode"]
    assert stored.size == len(body)
    assert stored.sha256 == hashlib.sha256(body.encode()).hexdigest()
    _, files = await names(client, "Local/webapi_store")
    assert "new.gcode" in files
    assert client.printer.storage_free_kb == before - len(body) // 1024
    answer = await client.get("printer/system")
    assert answer["data"]["storage_available"] == client.printer.storage_free_kb
    body_ = {"file_path": "Local/webapi_store/new.gcode"}
    assert (await client.post("job/newjob/set", body_))["status"] == 1


async def test_a_form_that_is_not_the_documented_one_is_http_400(
    client: Client,
) -> None:
    for parts in [
        [],
        [GOOD[0]],
        [GOOD[1], GOOD[0]],
        [GOOD[1]],
        [*GOOD, GOOD[1]],
        [(DESC.replace("/json", "/xml"), GOOD[0][1]), GOOD[1]],
        [(DESC.partition("\r\n")[0], GOOD[0][1]), GOOD[1]],
        [(DESC, "Local"), GOOD[1]],
        [(DESC, "[]"), GOOD[1]],
        [(DESC, "{}"), GOOD[1]],
        [(DESC, '{"dir_path":1}'), GOOD[1]],
        [GOOD[0], (FILE.replace("octet-stream", "gcode"), "")],
        [GOOD[0], (FILE.replace('; filename="new.gcode"', ""), "")],
        [GOOD[0], (FILE.replace("new.gcode", ""), "")],
        [("Content-Type: multipart/mixed; boundary=b", "--b--"), GOOD[1]],
    ]:
        before = dict(client.printer.files)
        assert await send(client, form(*parts)) == (400, None), parts
        assert client.printer.files == before, parts


async def test_what_is_no_form_is_an_error(client: Client) -> None:
    assert await send(client, b"{}", "application/json") == (415, None)
    assert await send(client, b"nothing") == (400, None)
    assert await client.status("GET", UPLOAD) == 405


async def test_an_upload_needs_a_token_a_folder_and_room(client: Client) -> None:
    answer = await send(client, form((DESC, '{"dir_path":"Local/none"}'), GOOD[1]))
    assert answer == (200, fixture("fileops_list_404"))
    name = FILE.replace("new.gcode", "webapi_store")
    answer = await send(client, form(GOOD[0], (name, "")))
    assert answer == (200, fixture("upload_io_error"))
    client.printer.model = replace(client.printer.model, storage_kb=1)
    answer = await send(client, form(GOOD[0], (FILE, "x" * 1025)))
    assert answer == (200, refusal(500, "IODevice write failed"))
    client.token = ""
    answer = await send(client, form(*GOOD))
    assert answer == (200, fixture("error_401_token_error"))
    assert "Local/new.gcode" not in client.printer.files


async def test_a_file_that_is_too_large_is_refused_whole(client: Client) -> None:
    unknowns(client.printer, max_upload=1000)
    assert (await send(client, form(GOOD[0], (FILE, "x" * 1000))))[1]["status"] == 1
    answer = await send(client, BytesIO(form(GOOD[0], (FILE, "x" * 3_000_000))))
    assert answer == (200, fixture("upload_too_large"))
    assert client.printer.files["Local/new.gcode"].size == 1000


async def test_whether_an_upload_replaces_a_file_is_a_switch(client: Client) -> None:
    for size in (1, 2):
        await send(client, form(GOOD[0], (FILE, "x" * size)))
        assert client.printer.files["Local/new.gcode"].size == size
    unknowns(client.printer, upload_replaces=False)
    answer = await send(client, form(*GOOD))
    assert answer == (200, fixture("upload_io_error"))
    assert client.printer.files["Local/new.gcode"].size == 2


async def test_an_upload_that_breaks_off_leaves_nothing(client: Client) -> None:
    length = {"Content-Length": "9999"}
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    started = asyncio.Event()

    async def half() -> Any:
        yield form(*GOOD)[:-10]
        started.set()
        await asyncio.Event().wait()

    request = asyncio.create_task(
        client.session.post(
            client.url(UPLOAD),
            params={"token": client.token},
            data=half(),
            headers=kind | length,
        )
    )
    await started.wait()
    log = client.simulator.log
    await until(lambda: log.in_flight == 1)
    request.cancel()
    await until(lambda: log.in_flight == 0)
    assert "Local/new.gcode" not in client.printer.files


# Changes


@pytest.mark.parametrize("path", POSTS)
async def test_every_change_is_made(client: Client, path: str) -> None:
    files, folders = dict(client.printer.files), client.printer.storage.folders
    assert await client.post(path, POSTS[path]) == fixture("set_ok")
    assert (client.printer.files, client.printer.storage.folders) != (files, folders)
    await client.post("filepos/dir/create", {"dir_path": "Local/after"})
    assert "Local/after" in client.printer.storage.folders


async def test_a_change_without_texts_is_http_400(client: Client) -> None:
    changes = [
        (path, body | {key: value})
        for path, body in POSTS.items()
        for key in body
        for value in (None, 1)
    ]
    for path, body in changes:
        assert await client.status("POST", path, json=body) == 400, path


async def test_the_root_itself_stays(client: Client) -> None:
    body = {"dir_path": "Local/", "new_name": "a"}
    answer = await client.post("filepos/dir/delete", body)
    assert answer == fixture("error_10006_delete_root")
    answer = await client.post("filepos/dir/rename", body)
    assert answer == refusal(10006, "no access to rename Local directory")
    answer = await client.post("filepos/dir/create", body)
    assert answer == refusal(500, "fail to create directory")


async def test_what_is_not_there_cannot_be_changed(client: Client) -> None:
    for path, msg in (
        ("filepos/dir/delete", "directory not exist"),
        ("filepos/dir/rename", "directory not exist"),
        ("filepos/moveto", "source file not exist"),
        ("filepos/copy", "source file not exist"),
        ("filepos/delete", "file not exist"),
        ("filepos/rename", "file not exist"),
    ):
        key = next(iter(POSTS[path]))
        answer = await client.post(path, POSTS[path] | {key: "Local/none"})
        assert answer == refusal(404, msg)


@pytest.mark.parametrize(
    ("path", "change", "msg"),
    [
        ("filepos/dir/create", {"dir_path": "Local/webapi_store"}, "create directory"),
        ("filepos/dir/create", {"dir_path": PART}, "create directory"),
        ("filepos/dir/create", {"dir_path": "Local/a/b"}, "create directory"),
        ("filepos/dir/rename", {"new_name": "medaille_1.gcode"}, "rename directory"),
        ("filepos/dir/rename", {"new_name": "a/b"}, "rename directory"),
        ("filepos/dir/rename", {"new_name": ".."}, "rename directory"),
        ("filepos/moveto", {"file_dst": PART}, "move file"),
        ("filepos/moveto", {"file_dst": "Local/webapi_store"}, "move file"),
        ("filepos/copy", {"file_dst": "Local/none/a"}, "copy file"),
        ("filepos/rename", {"new_name": ""}, "rename file"),
        ("filepos/rename", {"new_name": "webapi_store"}, "rename file"),
    ],
)
async def test_what_is_in_the_way_is_a_failure(
    client: Client, path: str, change: dict[str, str], msg: str
) -> None:
    answer = await client.post(path, POSTS[path] | change)
    assert answer == refusal(500, f"fail to {msg}")


async def test_the_file_of_the_print_is_kept(client: Client) -> None:
    path = "Local/webapi_store/bracket v3 ä.gcode"
    client.printer.start(path, duration=60)
    for endpoint, body, msg in (
        ("filepos/delete", {"file_path": path}, "delete file"),
        ("filepos/rename", {"file_path": path, "new_name": "a"}, "rename file"),
        ("filepos/moveto", {"file_src": path, "file_dst": "Local/a"}, "move file"),
        ("filepos/dir/delete", {"dir_path": "Local/webapi_store"}, "delete directory"),
        ("filepos/dir/rename", POSTS["filepos/dir/rename"], "rename directory"),
    ):
        assert await client.post(endpoint, body) == refusal(500, f"fail to {msg}")
    name = FILE.replace("new.gcode", path.rpartition("/")[2])
    parts = form((DESC, '{"dir_path":"Local/webapi_store"}'), (name, ""))
    assert await send(client, parts) == (200, fixture("upload_io_error"))
    body = {"file_src": path, "file_dst": "Local/a"}
    assert (await client.post("filepos/copy", body))["status"] == 1
    client.tick(100)
    assert (await client.post("filepos/delete", {"file_path": path}))["status"] == 1


async def test_a_folder_goes_with_all_that_is_in_it(client: Client) -> None:
    storage = client.printer.storage
    for folder in ("Local/a", "Local/a/b", "Local/a/b/c", "Local/ab"):
        storage.make_folder(folder)
    client.printer.files["Local/a/b/c/x.gcode"] = StoredFile()
    body = {"dir_path": "Local/a/b", "new_name": "z"}
    assert (await client.post("filepos/dir/rename", body))["status"] == 1
    assert "Local/a/z/c/x.gcode" in client.printer.files
    assert {"Local/a", "Local/a/z", "Local/a/z/c", "Local/ab"} < storage.folders
    assert "Local/a/b" not in storage.folders
    assert await names(client, "Local/a/z") == (["c"], [])
    assert (await client.post("filepos/dir/delete", {"dir_path": "Local/a/z"}))[
        "status"
    ]
    assert await names(client, "Local/a") == ([], [])
    assert "Local/a/z/c/x.gcode" not in client.printer.files
    assert "Local/ab" in storage.folders


async def test_a_folder_outlives_its_last_file(client: Client) -> None:
    path = "Local/webapi_store/bracket v3 ä.gcode"
    body = {"file_src": path, "file_dst": "Local/a"}
    assert (await client.post("filepos/moveto", body))["status"] == 1
    assert await names(client, "Local/webapi_store") == ([], [])
    client.printer.files["Local/new/b"] = StoredFile()
    await client.post("filepos/delete", {"file_path": "Local/new/b"})
    assert await names(client, "Local/new") == ([], [])


async def test_full_folders_and_missing_parents_are_switches(client: Client) -> None:
    unknowns(client.printer, delete_takes_all=False, create_makes_parents=True)
    body = {"dir_path": "Local/webapi_store"}
    answer = await client.post("filepos/dir/delete", body)
    assert answer == refusal(500, "fail to delete directory")
    body = {"dir_path": "Local/a/b/c"}
    assert (await client.post("filepos/dir/create", body))["status"] == 1
    assert {"Local/a", "Local/a/b", "Local/a/b/c"} <= client.printer.storage.folders
    assert (await client.post("filepos/dir/delete", body))["status"] == 1
    assert "Local/a/b" in client.printer.storage.folders


async def test_any_documented_refusal_can_be_simulated(client: Client) -> None:
    faults = client.faults
    faults.add("refuse", path="printer/system", code="10003", msg="busy")
    assert await client.get("printer/system") == fixture("error_10003_busy")
    faults.add("refuse", path="printer/system")
    assert await client.get("printer/system") == fixture("error_500_unknown")
