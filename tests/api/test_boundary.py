"""Tests of what the client may know."""

import ast
from collections.abc import Iterable
from pathlib import Path
import sys

import pytest

from custom_components.raise3d import api, capture

FILES = sorted(Path(api.__file__).parent.rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Return the modules that a file imports, a dot for each level above it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


def roots(files: Iterable[Path]) -> set[str]:
    """Return the packages that files import, "" for their own."""
    return {name.partition(".")[0] for path in files for name in imports(path)}


def test_the_client_knows_neither_home_assistant_nor_what_uses_it() -> None:
    """So that it can become a library of its own."""
    for path in FILES:
        strangers = {
            name
            for name in imports(path)
            if name.startswith("..")
            or name.partition(".")[0]
            in {"custom_components", "homeassistant", "simulator"}
        }
        assert not strangers, path


def test_captures_know_the_client_and_no_home_assistant() -> None:
    """So that what is redacted does not depend on where that is done."""
    files = list(Path(capture.__file__).parent.rglob("*.py"))
    assert roots(files) - sys.stdlib_module_names == {""}
    names = {name for path in files for name in imports(path)}
    assert {name for name in names if name.startswith("..")} == {"..api"}


def test_the_client_needs_nothing_that_home_assistant_does_not_bring() -> None:
    """The manifest asks for no requirements."""
    assert roots(FILES) - sys.stdlib_module_names == {"", "aiohttp", "yarl"}


def test_everything_public_is_exported_in_order() -> None:
    assert list(api.__all__) == sorted(
        api.__all__, key=lambda name: (not name.isupper(), not name[0].isupper(), name)
    )
    assert all(hasattr(api, name) for name in api.__all__)


def raised(kind: str) -> list[ast.Call]:
    """Return where the client itself makes an error of a kind."""
    return [
        node
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == kind
    ]


@pytest.mark.parametrize("kind", ["Raise3DInvalidValueError", "Raise3DRefusedError"])
def test_the_clients_own_words_come_with_a_reason_to_translate(kind: str) -> None:
    """A user reads the text of such an error only where it is the printer's."""
    assert raised(kind)
    assert all(len(call.args) > 1 for call in raised(kind))


@pytest.mark.parametrize("group", ["commands", "files", "history", "queries"])
def test_every_request_says_which_endpoint_it_is_for(group: str) -> None:
    """A developer compares it with the vendor's page."""
    tree = ast.parse((Path(api.__file__).parent / f"{group}.py").read_text("utf-8"))
    requests = [
        node
        for kind in tree.body
        if isinstance(kind, ast.ClassDef)
        for node in kind.body
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_")
    ]
    assert requests
    assert not [
        request.name
        for request in requests
        if "`/" not in (ast.get_docstring(request) or "")
    ]
