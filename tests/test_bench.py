"""Tests of what the integration costs: nothing in the bench's table is exceeded."""

import json
from pathlib import Path
import subprocess
import sys
from typing import Any

import pytest

PROJECT = Path(__file__).parents[1]
# It is measured once, in whichever process; a busy machine has its time.
pytestmark = [pytest.mark.xdist_group("bench"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """Return the quick table; in a process of its own, for it has its own time."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--json"],
        cwd=PROJECT,
        capture_output=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr.decode()
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("requests per idle hour", [200]),
        ("requests per printing hour", [500]),
        ("requests in an idle hour while the history is imported", [500]),
        ("logins per day (password)", [1]),
        ("requests in flight", [1]),
        ("requests to set up, the flow's included", [10]),
        ("state writes per printing hour", [150]),
        ("state writes per idle hour", [0]),
        ("completion reported after, mean / worst (s)", [2, 4]),
        ("- with an estimate 10 % off", [2, 5]),
    ],
)
def test_nothing_costs_more_than_it_may(
    rows: list[dict[str, Any]], text: str, limit: list[float]
) -> None:
    (row,) = (row for row in rows if row["text"] == text)
    assert row["limit"] == limit
    pairs = zip(row["ours"], limit, strict=True)
    assert all(ours <= most for ours, most in pairs), row


@pytest.mark.parametrize(
    "text", ["state writes per printing hour", "state writes per idle hour"]
)
def test_the_recorder_writes_what_was_counted(
    rows: list[dict[str, Any]], text: str
) -> None:
    (place,) = (place for place, row in enumerate(rows) if row["text"] == text)
    counted, renewed, written = (row["ours"][0] for row in rows[place:][:3])
    assert counted + renewed == written
