"""Check that the data files named on the command line parse."""

from collections.abc import Callable
import json
from pathlib import Path
import sys
import tomllib

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.yaml import parse_yaml

PARSERS: dict[str, Callable[[str], object]] = {
    ".json": json.loads,
    ".toml": tomllib.loads,
    # Home Assistant's reader knows the tags of blueprints, such as !input.
    ".yaml": parse_yaml,
    ".yml": parse_yaml,
}


def main(names: list[str]) -> int:
    """Say which files do not parse, and return how many."""
    broken = 0
    for path in map(Path, names):
        try:
            PARSERS[path.suffix](path.read_text(encoding="utf-8"))
        except (ValueError, HomeAssistantError) as err:
            print(f"{path}: {err}")
            broken += 1
    return broken


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
