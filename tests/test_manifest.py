"""Tests of what hassfest and HACS look at, for a machine that has neither."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
import struct
from typing import Any

from awesomeversion import AwesomeVersion, AwesomeVersionStrategy
import pytest
import voluptuous as vol
import yaml

from custom_components import raise3d
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, selector
from homeassistant.loader import async_get_custom_components

from .common import EN, FOLDER, ROOT

MANIFEST: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
HACS: dict[str, Any] = json.loads((ROOT / "hacs.json").read_text("utf-8"))

ALLOWED = {
    *("domain", "name", "after_dependencies", "bluetooth", "codeowners"),
    *("config_flow", "dependencies", "dhcp", "documentation", "integration_type"),
    *("iot_class", "issue_tracker", "loggers", "quality_scale", "requirements"),
    *("single_config_entry", "ssdp", "usb", "version", "zeroconf"),
}
# Parts that hassfest lets everybody use without naming them.
FREE_COMPONENTS = {
    *("automation", "device_automation", "diagnostics", "media_source", "mjpeg"),
    *("repairs", "system_health", "websocket_api"),
}


def test_the_manifest_is_in_order() -> None:
    """As hassfest wants it: domain, name, then by the alphabet."""
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(keys[2:])]
    assert set(keys) <= ALLOWED


def test_the_manifest_says_what_this_is() -> None:
    assert MANIFEST["domain"] == FOLDER.name == "raise3d"
    assert MANIFEST["name"] == "Raise3D"
    assert MANIFEST["config_flow"] is True
    assert MANIFEST["integration_type"] == "device"
    assert MANIFEST["iot_class"] == "local_polling"
    assert MANIFEST["loggers"] == ["custom_components.raise3d"]


def test_the_manifest_requires_nothing() -> None:
    """The client is part of the integration, and aiohttp is part of Home Assistant."""
    assert MANIFEST["requirements"] == []


def test_the_frontend_comes_first_where_there_is_one() -> None:
    """The module can only be offered to a frontend that is set up already."""
    assert MANIFEST["dependencies"] == ["http", "network"]
    assert "frontend" in MANIFEST["after_dependencies"]


def test_the_recorder_comes_first_where_there_is_one() -> None:
    """Statistics can only be written to a recorder that is set up already."""
    assert "recorder" not in MANIFEST["dependencies"]
    assert "recorder" in MANIFEST["after_dependencies"]


def test_the_manifest_names_who_cares_for_it() -> None:
    assert MANIFEST["codeowners"]
    assert all(re.fullmatch(r"@[\w-]+", owner) for owner in MANIFEST["codeowners"])
    url = MANIFEST["documentation"]
    assert re.fullmatch(r"https://github\.com/[\w-]+/[\w-]+", url)
    assert MANIFEST["issue_tracker"] == f"{url}/issues"


def test_the_version_is_a_semantic_one_that_the_changelog_knows() -> None:
    version = MANIFEST["version"]
    assert AwesomeVersion(version).strategy is AwesomeVersionStrategy.SEMVER
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## [{version}]" in changelog or "## [Unreleased]" in changelog


async def test_home_assistant_loads_it(
    hass: HomeAssistant, enable_custom_integrations: None
) -> None:
    integration = (await async_get_custom_components(hass))["raise3d"]
    assert integration.version == MANIFEST["version"]
    assert integration.config_flow


def components_used_in(path: Path) -> Iterator[str]:
    """Yield the parts of Home Assistant from which a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            parts = node.module.split(".")
            if parts[:2] == ["homeassistant", "components"]:
                yield from parts[2:3] or [alias.name for alias in node.names]


def test_parts_of_home_assistant_that_are_used_are_named() -> None:
    used = {name for path in FOLDER.rglob("*.py") for name in components_used_in(path)}
    named = {*MANIFEST.get("dependencies", ()), *MANIFEST.get("after_dependencies", ())}
    assert used - named <= FREE_COMPONENTS | {str(platform) for platform in Platform}


def test_every_platform_is_a_module_and_every_such_module_a_platform() -> None:
    modules = {path.stem for path in FOLDER.glob("*.py")}
    platforms = {str(platform) for platform in raise3d.PLATFORMS}
    assert platforms == modules & {str(platform) for platform in Platform}
    assert list(raise3d.PLATFORMS) == sorted(raise3d.PLATFORMS)


def test_there_are_no_files_that_only_core_has() -> None:
    assert not (FOLDER / "strings.json").exists()
    assert not (FOLDER / ".translations").exists()
    assert (FOLDER / "translations/en.json").exists()
    assert (FOLDER / "py.typed").exists()


def given(value: object) -> object:
    """Refuse a key without a value."""
    if value is None:
        msg = "a key without a value"
        raise vol.Invalid(msg)
    return value


# What hassfest demands of the descriptions. At run time Home Assistant takes more: in
# services.yaml of a custom integration no key may begin with a dot, and its fields may
# bring no `filter` where there is no target. (Core's script/hassfest; by its own rules
# triggers.yaml and conditions.yaml may have hidden keys, but no names.)
TEXT = {vol.Optional("name"): str, vol.Optional("description"): str}
FIELD = {
    vol.Optional("example"): given,
    vol.Optional("default"): given,
    vol.Optional("required"): bool,
    vol.Optional("selector"): selector.validate_selector,
}
TARGET = {vol.Optional("target"): selector.TargetSelector.CONFIG_SCHEMA}
SERVICES = vol.Schema(
    {
        cv.slug: {
            vol.Optional("fields"): {str: vol.Schema({**FIELD, **TEXT})},
            **TARGET,
            **TEXT,
        }
    }
)
AUTOMATION = vol.Schema(
    {
        vol.Remove(vol.All(str, vol.Match(r"^[.]"))): object,
        cv.slug: {vol.Optional("fields"): {str: vol.Schema(FIELD)}, **TARGET},
    }
)


@pytest.mark.parametrize(
    ("name", "module", "schema"),
    [
        ("services", "services", SERVICES),
        ("triggers", "trigger", AUTOMATION),
        ("conditions", "condition", AUTOMATION),
    ],
)
def test_a_description_is_there_for_its_module_and_valid(
    name: str, module: str, schema: vol.Schema
) -> None:
    assert (FOLDER / f"{module}.py").exists()
    content = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    assert schema(content)
    # targets may no longer filter devices, since 2026.11
    targets = [(entry or {}).get("target") or {} for entry in content.values()]
    assert not any("device" in target for target in targets)


@pytest.mark.parametrize(
    "wrong",
    [
        {".device": {"fields": {}}},
        {"Stop-Print": {"fields": {}}},
        {"stop_print": {"fields": {"job": {"default": None}}}},
        {"stop_print": {"fields": {"job": {"selector": {"nonsense": None}}}}},
        {"stop_print": {"fields": {"job": {"filter": {}}}}},
        {"stop_print": {"response": "only"}},
    ],
)
def test_what_hassfest_refuses_is_refused_here(wrong: dict[str, Any]) -> None:
    with pytest.raises(vol.Invalid):
        SERVICES(wrong)


def test_each_text_of_a_selector_is_in_the_translations() -> None:
    services = yaml.safe_load((FOLDER / "services.yaml").read_text("utf-8"))
    keys = {
        (field.get("selector", {}).get("select") or {}).get("translation_key")
        for service in services.values()
        for field in service["fields"].values()
    }
    assert keys - {None} <= set(EN["selector"])


# HACS


def test_hacs_finds_what_it_needs() -> None:
    assert set(HACS) <= {
        *("name", "content_in_root", "country", "filename", "hacs"),
        *("hide_default_branch", "homeassistant", "persistent_directory"),
        *("render_readme", "zip_release"),
    }
    assert HACS["name"] == MANIFEST["name"]
    assert HACS["homeassistant"] == "2026.10.0"
    assert (ROOT / "README.md").exists()
    assert "MIT License" in (ROOT / "LICENSE").read_text("utf-8")


def test_there_is_one_integration() -> None:
    folders = [path.name for path in FOLDER.parent.iterdir() if path.is_dir()]
    assert [name for name in folders if not name.startswith("__")] == ["raise3d"]


def png_header(path: Path) -> tuple[int, int, int]:
    """Return width, height and colour type of a PNG file."""
    head = path.read_bytes()[:26]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, _, colour = struct.unpack(">IIBB", head[16:26])
    return width, height, colour


@pytest.mark.parametrize(("name", "side"), [("icon.png", 256), ("icon@2x.png", 512)])
def test_an_icon_is_a_square_of_the_right_size(name: str, side: int) -> None:
    assert png_header(FOLDER / "brand" / name)[:2] == (side, side)


@pytest.mark.parametrize(
    ("name", "low", "high"), [("logo.png", 128, 256), ("logo@2x.png", 256, 512)]
)
def test_a_logo_has_the_right_height(name: str, low: int, high: int) -> None:
    width, height, _ = png_header(FOLDER / "brand" / name)
    assert low <= min(width, height) <= high


def test_images_are_those_that_home_assistant_expects() -> None:
    from homeassistant.components.brands.const import (  # noqa: PLC0415 - one use
        ALLOWED_IMAGES,
    )

    images = {path.name for path in (FOLDER / "brand").iterdir()}
    assert {"icon.png", "icon@2x.png", "logo.png", "logo@2x.png"} <= images
    assert images <= ALLOWED_IMAGES
    transparent = {4, 6}
    assert all(png_header(FOLDER / "brand" / name)[2] in transparent for name in images)
