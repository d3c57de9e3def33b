"""Measure what the integration costs; exits with 1 where it costs too much."""

import argparse
from dataclasses import asdict
import json
import sys

from . import report


def main() -> int:
    """Measure, print, and keep what is to be kept."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="only what has a limit, on fewer prints")
    add("--json", action="store_true", help="print the rows for a program")
    add("--write", action="store_true", help="put the tables into docs/performance.md")
    options = parser.parse_args()
    if options.write and options.quick:
        parser.error("--write needs all of the figures")
    results = report.measure(quick=options.quick)
    rows = list(report.rows(results))
    text = report.render(results)
    print(json.dumps([asdict(row) for row in rows]) if options.json else text)
    if options.write:
        report.write(text)
    return int(any(row.exceeded for row in rows))


if __name__ == "__main__":
    sys.exit(main())
