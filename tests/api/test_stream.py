"""The camera's stream: its pictures are found, and nothing else is passed on."""

from collections.abc import AsyncIterator
import random
import tracemalloc

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.raise3d.api import Raise3DResponseError
from custom_components.raise3d.api.const import MAX_SHOT_SIZE, MAX_STREAM_JUNK
from custom_components.raise3d.api.mjpeg import PictureReader, read_delimiter

from .conftest import API, Patch

JPEG = b"\xff\xd8\xff\xe0 picture \xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n picture"
PAGE = b"<html><script>alert(1)</script></html>"


async def pieces(data: bytes, size: int) -> AsyncIterator[bytes]:
    """Give a stream in pieces of a size."""
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def read_all(data: bytes, size: int = 1 << 16) -> list[bytes]:
    """Return the pictures of a stream that ends."""
    reader = PictureReader(pieces(data, size), b"--foo")
    pictures = []
    while (picture := await reader.read()) is not None:
        pictures.append(picture)
    return pictures


def part(
    content: bytes, kind: str = "image/jpeg", *, length: object = None, more: str = ""
) -> bytes:
    """Return a part of a stream."""
    head = f"--foo\r\nContent-Type: {kind}\r\n{more}"
    head += f"Content-Length: {len(content) if length is None else length}\r\n\r\n"
    return head.encode() + content + b"\r\n"


def bare(content: bytes, head: bytes = b"Content-Type: image/jpeg\r\n") -> bytes:
    """Return a part that names no length."""
    return b"--foo\r\n" + head + b"\r\n" + content + b"\r\n"


END = b"--foo--\r\n"
GOOD = part(JPEG)
MANY = GOOD + part(PAGE, "text/html") + part(PNG, "image/png") + bare(JPEG) + GOOD + END


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100, 10_000])
async def test_pictures_are_found_in_pieces_of_any_size(size: int) -> None:
    assert await read_all(MANY, size) == [JPEG, PNG, JPEG, JPEG]


async def test_the_picture_after_junk_is_found() -> None:
    for bad in [
        part(PAGE, "text/html"),
        part(PAGE, "image/jpeg"),
        part(JPEG, "text/html"),
        part(JPEG, "image/svg+xml"),
        part(b"<svg onload=alert(1)>", "image/svg+xml"),
        part(b"<svg onload=alert(1)>", "image/png"),
        part(b"GIF89a", "image/gif"),
        part(JPEG, "multipart/mixed; boundary=bar"),
        part(PNG, "image/jpeg"),
        part(b"", "image/jpeg"),
        part(b"alert(1)", "application/javascript"),
        bare(PAGE),
        bare(PAGE, b""),
        bare(PAGE, b"Content-Type: text/html\r\n"),
        PAGE,
        b"\r\n\r\n" + JPEG + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE,
        part(JPEG, length=MAX_SHOT_SIZE + 1),
        part(JPEG, more="X: " + "x" * 10_000 + "\r\n"),
    ]:
        for size in [1000, 1 << 16]:
            assert await read_all(GOOD + bad + GOOD + END, size) == [JPEG, JPEG], bad


async def test_a_picture_is_one_however_its_part_is_written() -> None:
    for good in [
        part(JPEG, "IMAGE/JPEG; charset=x"),
        part(JPEG, "image/jpg"),
        part(PNG, "image/png"),
        part(JPEG, more="Set-Cookie: a=b\r\nX-Script: <script>\r\n"),
        bare(JPEG),
        bare(JPEG, b""),
        part(JPEG, length="many"),
        part(JPEG, length=-1),
        part(JPEG, length=0),
        part(JPEG, length="9" * 900),
        b"--foo\nContent-type:image/jpeg\n\n" + JPEG + b"\n",
        # with the dashes that the header has as a part of the name
        b"--" + GOOD,
    ]:
        pictures = await read_all(good + END)
        assert pictures in ([JPEG], [PNG]), good


async def test_a_part_without_end_is_given_up_and_the_next_picture_found() -> None:
    endless = bare(JPEG + bytes(MAX_SHOT_SIZE + 100))
    assert await read_all(endless + GOOD + END) == [JPEG]


@pytest.mark.parametrize(
    "junk", [bytes(1000), PAGE, part(PAGE, "text/html"), b"--foo\r\n", bare(b"x")]
)
async def test_a_stream_without_pictures_ends(junk: bytes, monkeypatch: Patch) -> None:
    monkeypatch.setattr(f"{API}.mjpeg.MAX_STREAM_JUNK", 1 << 20)
    flood = junk * ((1 << 20) // len(junk) + 20_000)
    with pytest.raises(Raise3DResponseError, match="no pictures"):
        await read_all(flood)


async def test_a_reader_holds_no_more_than_a_picture() -> None:
    tracemalloc.start()
    reader = PictureReader(pieces(bytes(MAX_STREAM_JUNK), 1 << 16), b"--foo")
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    assert await reader.read() is None
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - before < 1 << 19


async def test_a_picture_that_is_cut_off_is_none() -> None:
    assert await read_all(GOOD + part(JPEG)[:-8]) == [JPEG]
    assert await read_all(GOOD + bare(JPEG)) == [JPEG]


@settings(deadline=None)
@given(st.integers(), st.integers(1, 200))
async def test_whatever_comes_only_pictures_are_passed_on(seed: int, size: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    choices = [b"--foo", b"\r\n", b"\r\n\r\n", JPEG, PAGE, GOOD, bare(JPEG), b"--", PNG]
    data = b"".join(rng.choices(choices, k=60))
    for picture in await read_all(data, size):
        assert picture.startswith((JPEG[:3], PNG[:8]))


@pytest.mark.parametrize(
    ("content_type", "delimiter"),
    [
        ("multipart/x-mixed-replace; boundary=foo", b"--foo"),
        ('multipart/x-mixed-replace;boundary="foo"', b"--foo"),
        ("Multipart/X-Mixed-Replace; charset=x; Boundary=foo", b"--foo"),
        ("multipart/x-mixed-replace; boundary=--foo", b"--foo"),
        ("multipart/x-mixed-replace; boundary=" + "x" * 70, b"--" + b"x" * 70),
    ],
)
def test_the_header_names_the_boundary(content_type: str, delimiter: bytes) -> None:
    assert read_delimiter(content_type) == delimiter


def test_a_stream_without_a_boundary_is_none() -> None:
    for content_type in [
        "",
        "text/html",
        "text/html; boundary=foo",
        "image/jpeg",
        "multipart/x-mixed-replace",
        "multipart/x-mixed-replace; boundary=",
        'multipart/x-mixed-replace; boundary=""',
        "multipart/x-mixed-replace; boundary=--",
        "multipart/x-mixed-replace; boundary=" + "x" * 71,
        "multipart/x-mixed-replace; boundary=ü",
        "multipart/form-data; boundary=foo",
    ]:
        with pytest.raises(Raise3DResponseError):
            read_delimiter(content_type)
