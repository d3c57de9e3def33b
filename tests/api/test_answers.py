"""Answers: what can be read is read, everything else is an error."""

from functools import partial
import json
from typing import Any
from unittest.mock import ANY

from aiohttp import web
import pytest

from custom_components.raise3d.api import (
    Raise3DApiDownError,
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    Raise3DRefusedError,
    Raise3DResponseError,
    Refusal,
)
from tests.common import FIXTURES

from .conftest import CATALOGUE, Serve, body, failure, refusal

DATA = '{"model": "X", "storage_available": %s}'


async def test_what_can_be_understood_is(serve: Serve) -> None:
    for raw in [
        '{"status": 1, "data": ' + DATA % "NaN" + "}",
        '{"status": 1, "data": ' + DATA % "-Infinity" + "}",
        '{"status": 1, "data": ' + DATA % "1e999" + "}",
        '{"status": "1", "data": ' + DATA % "null" + "}",
        '\n\t {"data": ' + DATA % '"7"' + ', "status": 1}\r\n\r\n',
        '{"status": 1, "data": ' + DATA % "true" + ', "error": null}',
        '{"status": 1, "data": ' + DATA % ("9" * 4000) + "}",
        '{"status": 1, "data": ' + DATA % ("9" * 10_000) + "}",
        '{"status": 1, "data": ' + DATA % ("-" + "9" * 10_000) + "}",
    ]:
        system = await (await serve(raw)).queries.get_system()
        assert system.model == "X", raw
        assert system.storage_available is None, raw


async def test_the_content_type_and_the_http_status_do_not_matter(serve: Serve) -> None:
    envelope = b'{"status": 1, "data": {"model": "X"}}'
    for status, content_type in ((200, "text/html"), (203, "x/y"), (500, "")):
        response = web.Response(status=status, body=envelope)
        response.headers["Content-Type"] = content_type
        assert (await (await serve(response)).queries.get_system()).model == "X"


async def test_what_is_unreadable_is_a_response_error(serve: Serve) -> None:
    for raw in [
        b"",
        b"\x00\xff\xfe",
        b"[]",
        b"null",
        b'"text"',
        b"7",
        b"[" * 100_000,
        b'{"status": 1, "data": ' + b'{"a":' * 100_000 + b"}" * 100_000 + b"}",
        b'{"status": ' + b"1" * 10_000 + b', "data": {}}',
        b'{"status": 0, "error": {"code": ' + b"9" * 10_000 + b"}}",
        b'{"status": 1}',
        b'{"status": 1, "data": []}',
        b'{"status": 1, "data": null}',
        b'{"status": 2, "data": {}}',
        b'{"status": null, "data": {}}',
        b'{"data": {}}',
        b'{"status": 0}',
        b'{"status": 0, "error": "busy"}',
        b'{"status": 0, "error": {}}',
        b'{"status": 0, "error": {"code": "x", "msg": "y"}}',
        b'{"status": 0, "error": {"code": 1e400}}',
        b'{"status": 0, "error": {"code": 12345}}',
        b'{"status": 1, "data": {"machine_name": "\xb0"}}',
    ]:
        client = await serve(raw)
        with pytest.raises(Raise3DResponseError):
            await client.queries.get_system()


async def test_the_documents_own_slip_is_a_response_error(serve: Serve) -> None:
    name = "camera_not_connected_documented_raw_invalid.txt"
    client = await serve((FIXTURES / name).read_text(encoding="utf-8"))
    with pytest.raises(Raise3DResponseError):
        await client.queries.get_camera()


async def test_a_code_has_its_error_as_a_number_or_a_text(serve: Serve) -> None:
    for code, expected in [
        (401, Raise3DAuthenticationError),
        (10000, Raise3DAuthenticationError),
        (404, Raise3DNotFoundError),
        (429, Raise3DBusyError),
        (500, Raise3DRefusedError),
        (503, Raise3DBusyError),
        (10002, Raise3DInvalidValueError),
        (10003, Raise3DBusyError),
        (10004, Raise3DInvalidValueError),
        (10005, Raise3DInvalidValueError),
        (10006, Raise3DInvalidValueError),
    ]:
        for kind in [int, str]:
            client = await serve(refusal(kind(code), "own words"))
            error = await failure(client.queries.get_system())
            assert type(error) is expected, (code, expected, kind)
            assert str(error) == "own words", (code, expected, kind)


async def test_an_unknown_code_is_a_response_error(serve: Serve) -> None:
    for code in [0, -1, "0", "-1"]:
        client = await serve(refusal(code, "own words"))
        assert (
            type(await failure(client.queries.get_system())) is Raise3DResponseError
        ), code


ERROR_FILES = sorted(
    path.name
    for path in FIXTURES.glob("*.json")
    if '"error":' in (text := path.read_text(encoding="utf-8"))
    and '"_fixture"' not in text
)


async def test_a_documented_error_keeps_its_words(serve: Serve) -> None:
    for name in ERROR_FILES:
        envelope = body(name)
        client = await serve(envelope)
        error = await failure(client.queries.get_system())
        assert not isinstance(error, Raise3DResponseError), name
        assert {"code": ANY, "msg": str(error)} == envelope["error"], name


async def test_every_error_of_the_catalogue_is_known(serve: Serve) -> None:
    errors = {json.dumps(error) for entry in CATALOGUE for error in entry["errors"]}
    for error in sorted(errors):
        client = await serve(f'{{"status": 0, "error": {error}}}')
        found = await failure(client.queries.get_system())
        assert not isinstance(found, Raise3DResponseError), error


async def test_a_file_that_is_too_large_is_no_busy_printer(serve: Serve) -> None:
    """The documents give both the code 10003."""
    client = await serve(body("upload_too_large.json"))
    with pytest.raises(Raise3DInvalidValueError):
        await client.queries.get_system()


async def give(answer: Any, _: web.Request) -> web.StreamResponse:
    """Give the HTTP answer of a fixture file."""
    status, headers = answer["http_status"], answer["headers"]
    return web.Response(status=status, headers=headers, body=answer["body"].encode())


async def test_every_http_error_has_its_error(serve: Serve) -> None:
    for name, expected in [
        ("http_200_html.json", Raise3DResponseError),
        ("http_400_empty.json", Raise3DResponseError),
        ("http_401_with_body.json", Raise3DAuthenticationError),
        ("http_404_empty.json", Raise3DResponseError),
        ("http_405_empty.json", Raise3DResponseError),
        ("http_413_empty.json", Raise3DResponseError),
        ("http_415_empty.json", Raise3DResponseError),
        ("http_429_empty.json", Raise3DBusyError),
        ("http_500_empty.json", Raise3DApiDownError),
        ("http_502_html.json", Raise3DResponseError),
    ]:
        client = await serve(partial(give, body(name)))
        assert type(await failure(client.queries.get_system())) is expected, name


async def test_only_the_printers_own_words_are_kept(serve: Serve) -> None:
    for words in [
        *("x" * 201, "no /v1/system?token=0a1b", [1]),
        *("Local/Anna is damaged", "anna.gcode is damaged", "no route to printer.lan"),
        "no\n2026-11-23 08:00:00 ERROR",
    ]:
        client = await serve(refusal(500, words))
        with pytest.raises(Raise3DRefusedError, match=r"^500$"):
            await client.queries.get_system()


async def test_words_that_name_a_file_are_understood_but_not_kept(serve: Serve) -> None:
    client = await serve(refusal(500, "print file is not exist: Local/anna.gcode"))
    with pytest.raises(Raise3DRefusedError, match=r"^500$") as caught:
        await client.queries.get_system()
    assert caught.value.refusal is Refusal.NO_FILE


# Why the printer refuses

REFUSALS = {
    "printer is busy": Refusal.BUSY,
    "printer show completed interface": Refusal.COMPLETED,
    "print file is not exist": Refusal.NO_FILE,
    "printer is not ready": Refusal.NOT_READY,
    "printer show calibrate interface": Refusal.PANEL,
    "printer show extrude retract interface": Refusal.PANEL,
    "printer show powerdown interface": Refusal.PANEL,
    "printer show powerloss interface": Refusal.PANEL,
    "printer is paused": Refusal.PAUSED,
    "printer is printing": Refusal.PRINTING,
    "printer is in safe mode": Refusal.SAFE_MODE,
    "serial is disconnected": Refusal.SERIAL,
    "Printer is stopped": Refusal.STOPPED,
    "printer is stoped": Refusal.STOPPED,
    "unknown error": Refusal.UNKNOWN,
    "fail to copy file": Refusal.UNKNOWN,
}


async def test_a_refusal_means_what_the_documents_say(serve: Serve) -> None:
    for code, words, meant in [
        *((500, words, meant) for words, meant in REFUSALS.items()),
        (10002, "no last job found", Refusal.NO_LAST_JOB),
    ]:
        client = await serve(refusal(code, words))
        error = await failure(client.queries.get_system())
        assert isinstance(error, Raise3DRefusedError), (code, words, meant)
        assert (str(error), error.refusal) == (words, meant), (code, words, meant)
