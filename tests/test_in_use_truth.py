"""`in_use` beside what really happened; for a whole week: `python -m bench.in_use`."""

import subprocess
import sys

import pytest

from .common import ROOT


# about 7 seconds, on a machine that has nothing else to do
@pytest.mark.timeout(600)
def test_a_printer_is_never_off_while_polls_can_know_that_it_is_in_use() -> None:
    # in a process of its own, for it has its own time
    done = subprocess.run(
        [sys.executable, "-m", "bench.in_use", "0.1", "7"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = (line for line in done.stdout.splitlines() if "times that" in line)
    assert min(int(cell) for cell in row.split("|")[1:]) > 2
