#!/usr/bin/env python3
"""Builds what is attached to a release: a zip of the integration alone.

Usage: scripts/build_release.py TAG FOLDER
Writes FOLDER/raise3d.zip, with the version of the tag in its manifest, and
FOLDER/notes.md, what the changelog says of that version.
"""

import json
from pathlib import Path
import re
import sys
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

ROOT = Path(__file__).parents[1]
INTEGRATION = Path("custom_components/raise3d")
CHANGELOG = "CHANGELOG.md"
MANIFEST = "manifest.json"
# A semantic version; what follows a hyphen makes it a pre-release.
TAG = re.compile(r"v(\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)\.\d+)?)")
# The same content makes the same file, whenever it is built.
TIMESTAMP = (1980, 1, 1, 0, 0, 0)
PERMISSIONS = 0o644 << 16


class ReleaseError(Exception):
    """A release that must not be made."""


def version_of(tag: str) -> str:
    """Return the version that a tag names."""
    match = TAG.fullmatch(tag)
    if match is None:
        msg = f"{tag!r} is no tag of a release, such as v1.2.3 or v1.2.3-beta.1"
        raise ReleaseError(msg)
    return match[1]


def notes_of(version: str, changelog: str) -> str:
    """Return what the changelog says of a version, or of the one it leads to."""
    for name in (version, version.partition("-")[0]):
        heading = rf"^## \[{re.escape(name)}\][^\n]*\n(.*?)(?=^## |\Z)"
        section = re.search(heading, changelog, re.MULTILINE | re.DOTALL)
        if section and section[1].strip():
            return section[1].strip() + "\n"
    if "-" in version:
        # of a pre-release, the section may still have no name
        return notes_of("Unreleased", changelog)
    msg = f"{CHANGELOG} says nothing of {version}"
    raise ReleaseError(msg)


def files_of(folder: Path) -> list[Path]:
    """Return the files of the integration, without what Python leaves there."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in files if path.parent.name != "__pycache__")


def build(root: Path, version: str, target: Path) -> None:
    """Write the zip; its files lie at its top, as HACS wants them."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for path in files_of(root / INTEGRATION):
            name = path.relative_to(root / INTEGRATION).as_posix()
            content = path.read_bytes()
            if name == MANIFEST:
                content = stamped(content, version)
            info = ZipInfo(name, TIMESTAMP)
            info.external_attr = PERMISSIONS
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, content)


def stamped(manifest: bytes, version: str) -> bytes:
    """Return the manifest with the version of the release."""
    text = json.dumps(json.loads(manifest) | {"version": version}, indent=2)
    return f"{text}\n".encode()


def main(arguments: list[str]) -> int:
    """Build a release, or say why there is none."""
    if len(arguments) != 2:  # noqa: PLR2004 - what the usage above names
        sys.stderr.write(f"{__doc__}")
        return 2
    folder = Path(arguments[1])
    folder.mkdir(parents=True, exist_ok=True)
    try:
        version = version_of(arguments[0])
        notes = notes_of(version, (ROOT / CHANGELOG).read_text("utf-8"))
    except ReleaseError as err:
        sys.stderr.write(f"{err}\n")
        return 1
    build(ROOT, version, folder / "raise3d.zip")
    (folder / "notes.md").write_text(notes, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
