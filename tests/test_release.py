"""Tests of what a tag publishes."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

from scripts.build_release import (
    ReleaseError,
    build,
    main,
    notes_of,
    version_of,
)

ROOT = Path(__file__).parents[1]
INTEGRATION = ROOT / "custom_components" / "raise3d"
CHANGELOG = """\
# Changelog

## [Unreleased]

- Not yet out.

## [1.2.0] - 2026-12-01

### Added

- A thing.

## [1.1.0]

"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return the zip of a release."""
    target = tmp_path / "raise3d.zip"
    build(ROOT, "1.2.3", target)
    return target


def test_the_zip_has_the_integration_alone(archive: Path) -> None:
    """Its files lie at the top: HACS unpacks them into the integration's folder."""
    files = {path for path in INTEGRATION.rglob("*") if path.is_file()}
    expected = {
        path.relative_to(INTEGRATION).as_posix()
        for path in files
        if "__pycache__" not in path.parts
    }
    with ZipFile(archive) as content:
        assert set(content.namelist()) == expected
        assert content.testzip() is None
    assert {"manifest.json", "api/client.py", "frontend/raise3d.js"} <= expected


def test_the_manifest_in_the_zip_has_the_version_of_the_tag(archive: Path) -> None:
    with ZipFile(archive) as content:
        manifest = json.loads(content.read("manifest.json"))
        others = content.read("const.py")
    own = json.loads((INTEGRATION / "manifest.json").read_text("utf-8"))
    assert manifest == own | {"version": "1.2.3"}
    assert list(manifest) == list(own)
    assert others == (INTEGRATION / "const.py").read_bytes()


def test_the_same_content_makes_the_same_zip(archive: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    build(ROOT, "1.2.3", again)
    assert again.read_bytes() == archive.read_bytes()


@pytest.mark.parametrize(
    ("tag", "version"),
    [("v1.2.3", "1.2.3"), ("v10.0.0", "10.0.0"), ("v1.2.3-beta.4", "1.2.3-beta.4")],
)
def test_a_tag_names_a_semantic_version(tag: str, version: str) -> None:
    assert version_of(tag) == version


def test_any_other_tag_is_refused() -> None:
    for tag in [
        "1.2.3",
        "v1.2",
        "v1.2.3.4",
        "v1.2.3-final",
        "v1.2.3\n",
        "v1.2.3/../x",
        "",
    ]:
        with pytest.raises(ReleaseError):
            version_of(tag)


@pytest.mark.parametrize(
    ("version", "notes"),
    [
        ("1.2.0", "### Added\n\n- A thing.\n"),
        ("1.2.0-rc.1", "### Added\n\n- A thing.\n"),
        ("1.3.0-beta.1", "- Not yet out.\n"),
    ],
)
def test_the_notes_are_those_of_the_changelog(version: str, notes: str) -> None:
    assert notes_of(version, CHANGELOG) == notes


@pytest.mark.parametrize("version", ["1.3.0", "1.1.0", "1.2"])
def test_a_version_without_notes_is_not_released(version: str) -> None:
    with pytest.raises(ReleaseError):
        notes_of(version, CHANGELOG)


def test_a_pre_release_is_built_with_its_notes(tmp_path: Path) -> None:
    assert main(["v99.0.0-beta.1", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "notes.md").read_text("utf-8").startswith("### Added")
    with ZipFile(tmp_path / "out" / "raise3d.zip") as content:
        manifest = json.loads(content.read("manifest.json"))
    assert manifest["version"] == "99.0.0-beta.1"


def test_a_release_without_notes_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["v99.0.0", str(tmp_path)]) == 1
    assert list(tmp_path.iterdir()) == []
    assert "99.0.0" in capsys.readouterr().err


def test_hacs_takes_the_zip() -> None:
    hacs = json.loads((ROOT / "hacs.json").read_text("utf-8"))
    assert hacs["zip_release"] is True
    assert hacs["filename"] == "raise3d.zip"


def test_a_release_needs_every_check() -> None:
    """The workflow publishes only after those that each change has to pass."""
    workflows = ROOT / ".github" / "workflows"
    release = yaml.safe_load((workflows / "release.yml").read_text("utf-8"))
    checks = {
        name: job["uses"].rpartition("/")[2]
        for name, job in release["jobs"].items()
        if "uses" in job
    }
    assert set(checks.values()) == {"ci.yml", "validate.yml"}
    assert set(release["jobs"]["publish"]["needs"]) == set(checks)


def test_the_oldest_home_assistant_tested_is_the_one_that_hacs_wants() -> None:
    """`scripts/test-with minimum` says which one it runs; here it is compared."""
    hacs = json.loads((ROOT / "hacs.json").read_text("utf-8"))
    wanted = (ROOT / "requirements_minimum.txt").read_text("utf-8")
    assert hacs["homeassistant"] in wanted


def test_updates_leave_home_assistant_and_its_requirements_alone() -> None:
    path = ROOT / ".github" / "dependabot.yml"
    [_, pip] = yaml.safe_load(path.read_text("utf-8"))["updates"]
    ignored = {item["dependency-name"] for item in pip["ignore"]}
    lines = (ROOT / "requirements_next.txt").read_text("utf-8").splitlines()
    pinned = {line.partition("==")[0].lower() for line in lines if "==" in line}
    assert pinned <= ignored
    assert "pytest-homeassistant-custom-component" in ignored
    assert pip["cooldown"]["default-days"] >= 7
