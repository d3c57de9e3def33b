"""Tests of AGENTS.md: it promises only what the code keeps."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
import re

import pytest

from .common import FOLDER, ROOT
from .source import trees

TESTS = ROOT / "tests"
TEXT = (ROOT / "AGENTS.md").read_text("utf-8")
# What the parts that are pure may need beside themselves: data and figures.
PURE = {
    "jobs": {"api", "const"},
    "upkeep": {"api", "const", "jobs"},
}
# Modules of Python that read or write something outside the program.
INPUT_OUTPUT = {"asyncio", "http", "os", "pathlib", "socket", "subprocess", "time"}


def imports(path: Path) -> Iterator[str]:
    """Yield the modules that a module imports, ours by their path in the folder."""
    for node in ast.walk(trees()[path]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module)
        elif isinstance(node, ast.ImportFrom):
            base = path.parents[node.level - 1]
            module = base.joinpath(*(node.module or "").split("."))
            files = [module / alias.name for alias in node.names]
            for file in files if module == base else [module, *files]:
                for found in (file.with_suffix(".py"), file / "__init__.py"):
                    if found in trees():
                        yield str(found.relative_to(FOLDER))


def sizes_of(tree: ast.Module) -> Iterator[tuple[str, int, int]]:
    """Yield each class with its lines and methods, but for the steps of a flow."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            methods = [
                one.name
                for one in node.body
                if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
                and not one.name.startswith("async_step_")
            ]
            yield node.name, (node.end_lineno or 0) - node.lineno + 1, len(methods)


def test_it_fits_on_a_page() -> None:
    assert len(TEXT.splitlines()) <= 60


NAMES = re.findall(r"`([\w/*.]+(?:[.](?:js|md|py)|/))`", TEXT)


def test_every_module_that_it_names_is_there() -> None:
    """A name without its folder may be that of a module beside the one before it."""
    paths = [path.relative_to(FOLDER) for path in FOLDER.rglob("*")]
    missing = {
        name
        for name in NAMES
        if not any(path.match(name) for path in paths) and not [*ROOT.glob(name)]
    }
    assert NAMES
    assert not missing


@pytest.mark.parametrize("part", PURE)
def test_jobs_and_upkeep_know_neither_home_assistant_nor_input_and_output(
    part: str,
) -> None:
    found = {
        name.partition("/")[0].removesuffix(".py")
        for path in trees()
        if path.is_relative_to(FOLDER / part)
        for name in imports(path)
    }
    ours = {name for name in found if (FOLDER / name).exists() or name == "const"}
    assert ours <= PURE[part] | {part}
    assert not found & (INPUT_OUTPUT | {"homeassistant"})
    assert not {name for name in found if name.startswith("homeassistant")}


def test_imports_run_one_way() -> None:
    graph = {
        str(path.relative_to(FOLDER)): {
            name for name in imports(path) if name.endswith(".py")
        }
        for path in trees()
    }
    assert set(TopologicalSorter(graph).static_order()) >= set(graph)


def test_no_module_and_no_class_is_longer_than_promised() -> None:
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in trees()}
    assert not {path: count for path, count in lines.items() if count > 350}
    assert not [
        (path.name, name, lines, methods)
        for path, tree in trees().items()
        for name, lines, methods in sizes_of(tree)
        if lines > 180 or methods > 12
    ]


def test_no_test_has_a_branch() -> None:
    branches = (ast.If, ast.IfExp, ast.Match, ast.Try, ast.While)
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    assert not [
        f"{path.name}:{test.name}:{node.lineno}"
        for path in sorted(TESTS.rglob("test_*.py"))
        for test in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(test, functions) and test.name.startswith("test_")
        for node in ast.walk(test)
        if isinstance(node, branches)
    ]
