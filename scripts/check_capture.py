"""Say which unknowns of docs/protocol.md a capture settles, and how."""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
import sys

from simulator.captures import Capture, CaptureError

from . import answer_checks, history_checks, job_checks
from .capture_findings import Check, Finding, Verdict

CHECKS: tuple[Check, ...] = (
    *history_checks.CHECKS,
    *job_checks.CHECKS,
    *answer_checks.CHECKS,
)


def check(capture: Capture) -> list[Finding]:
    """Decide each unknown from a capture."""
    return [check.find(capture) for check in CHECKS]


def report(findings: Iterable[Finding]) -> str:
    """Write findings down: what is decided first, with the evidence below it."""
    lines: list[str] = []
    found = list(findings)
    for verdict in (Verdict.CONTRADICTED, Verdict.SETTLED, Verdict.ABSENT):
        of_it = [finding for finding in found if finding.verdict is verdict]
        lines += ["", f"{verdict.capitalize()} ({len(of_it)})", ""]
        for finding in of_it:
            answer = f" {finding.answer}" if finding.answer else ""
            lines.append(f"  {finding.key}: {finding.question}{answer}")
            lines += [f"      {line}" for line in finding.evidence.splitlines()]
    return "\n".join(lines[1:])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what a file settles; 1 where it holds no capture."""
    parser = argparse.ArgumentParser(prog="scripts/check-capture", description=__doc__)
    parser.add_argument(
        "file", type=Path, help="the diagnostics of a printer, as downloaded"
    )
    try:
        capture = Capture.load(parser.parse_args(arguments).file)
    except CaptureError as error:
        sys.stderr.write(f"check-capture: {error}\n")
        return 1
    # half a surrogate pair can be in a file, but in no text that is printed
    print(report(check(capture)).encode(errors="replace").decode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
