"""The integration's code as Python reads it, for tests of the code itself."""

import ast
from functools import cache
from pathlib import Path

from .common import FOLDER


@cache
def trees() -> dict[Path, ast.Module]:
    """Return each module of the integration, parsed once, and not to collect tests."""
    return {path: ast.parse(path.read_text("utf-8")) for path in FOLDER.rglob("*.py")}


@cache
def nodes() -> tuple[ast.AST, ...]:
    """Return every node of the integration's code."""
    return tuple(node for tree in trees().values() for node in ast.walk(tree))
