"""Tests of the blueprints' texts, and of the documents that name them."""

from collections.abc import Iterator
import re
from typing import Any
from urllib.parse import quote

import pytest

from custom_components.raise3d.condition import CONDITIONS
from custom_components.raise3d.const import DOMAIN
from custom_components.raise3d.trigger import TRIGGERS
from homeassistant.setup import async_setup_component
from homeassistant.util import yaml as yaml_util
from tests.automations import AUTOMATION
from tests.common import Home

from .running import FOLDER, load

URL = "https://github.com/seed-4884292a/hass-raise3d/blob/main/blueprints/automation"
NAMES = sorted(path.name for path in FOLDER.iterdir())


def flatten(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the conditions within conditions, too."""
    return given + [inner for one in given for inner in flatten(one.get("not", []))]


def used_by(automation: dict[str, Any]) -> Iterator[str]:
    """Yield our triggers and conditions in an automation."""
    for kind in ("trigger", "condition"):
        for given in flatten(automation.get(f"{kind}s", [])):
            if str(given.get(kind)).startswith(f"{DOMAIN}."):
                yield given[kind]


@pytest.mark.parametrize("name", NAMES)
def test_a_blueprint_is_valid_and_says_where_it_is_from(name: str) -> None:
    blueprint = load(name)
    assert blueprint.validate() is None
    assert blueprint.metadata["homeassistant"]["min_version"] == "2026.10.0"
    assert blueprint.metadata["source_url"] == f"{URL}/{DOMAIN}/{name}"
    assert blueprint.metadata["author"]
    for given in blueprint.inputs.values():
        assert given["name"]
        assert given["description"]
        assert given["selector"]


@pytest.mark.parametrize("name", NAMES)
def test_a_blueprint_offers_only_our_printers(name: str) -> None:
    inputs = load(name).inputs
    text = yaml_util.dump((inputs.get("printers") or inputs["printer"])["selector"])
    assert f"integration: {DOMAIN}" in text


@pytest.mark.parametrize("document", ["README.md", "docs/automations.md"])
@pytest.mark.parametrize("name", NAMES)
def test_a_blueprint_can_be_imported_from_the_documents(
    document: str, name: str
) -> None:
    text = (FOLDER.parents[2] / document).read_text("utf-8")
    url = quote(load(name).metadata["source_url"], safe="")
    assert (
        "https://my.home-assistant.io/redirect/blueprint_import/"
        f"?blueprint_url={url})" in text
    )


async def test_each_example_in_the_documents_is_a_valid_automation(home: Home) -> None:
    text = "".join(
        (FOLDER.parents[2] / document).read_text("utf-8")
        for document in ("README.md", "docs/automations.md")
    )
    config: list[Any] = [
        yaml_util.parse_yaml(example)
        for example in re.findall(r"```yaml\n(alias:.*?)```", text, re.DOTALL)
    ]
    used = {name for automation in config for name in used_by(automation)}
    assert used == {f"{DOMAIN}.{key}" for key in [*TRIGGERS, *CONDITIONS]}
    assert await async_setup_component(home.hass, AUTOMATION, {AUTOMATION: config})
    await home.block_till_done()
    assert [state.state for state in home.hass.states.async_all(AUTOMATION)] == [
        "on"
    ] * len(config)
