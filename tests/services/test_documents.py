"""Tests of the document that describes the actions."""

from pathlib import Path
import re
from typing import Any

import pytest

from custom_components.raise3d.const import DOMAIN
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml
from tests.common import ROOT, Home

from .needs import ALL, FLEET, NEEDS, RESPONSES, SCHEMAS, with_file

DOCUMENT = (ROOT / "docs/actions.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(alias:.*?)```", DOCUMENT, re.DOTALL)


def section(name: str) -> str:
    """Return what is written about an action."""
    _, found, text = DOCUMENT.partition(f"### {DOMAIN}.{name}\n")
    assert found, name
    return text.partition("\n##")[0]


def actions_in(config: object) -> list[dict[str, Any]]:
    """Return the actions of this integration in a script, however deep."""
    if isinstance(config, list):
        return [action for inner in config for action in actions_in(inner)]
    if not isinstance(config, dict):
        return []
    if str(config.get("action")).startswith(f"{DOMAIN}."):
        return [config]
    return [action for inner in config.values() for action in actions_in(inner)]


def keys(value: object) -> object:
    """Return the keys of a response, however deep."""
    if isinstance(value, dict):
        return {key: keys(inner) for key, inner in value.items()}
    return [keys(each) for each in value[:1]] if isinstance(value, list) else None


def kind_of(config: dict[str, Any]) -> str:
    """Return what an example is the configuration of."""
    return "automation" if "triggers" in config else "script"


# The field of all actions on one printer, which is documented once.
COMMON = {name: {ATTR_DEVICE_ID} for name in NEEDS}


def test_every_action_is_documented_with_its_fields() -> None:
    documented = re.findall(rf"^### {DOMAIN}\.(\w+)$", DOCUMENT, re.MULTILINE)
    assert sorted(documented) == sorted(ALL)
    for name, schema in SCHEMAS.items():
        rows = "".join(re.findall(r"^\| `.*? \|", section(name), re.MULTILINE))
        fields = set(re.findall(r"`(\w+)`", rows))
        given = {str(key) for key in schema.schema}
        assert fields == given - COMMON.get(name, set()), name


@pytest.mark.parametrize("history", [1])
async def test_every_response_is_documented_with_its_keys(
    home: Home, part: Path
) -> None:
    block = re.compile(r"Response.*?:\n\n```yaml\n(.*?)```", re.DOTALL)
    for name in RESPONSES:
        written = block.findall(section(name))
        response = await home.act(name, **(FLEET | with_file(part))[name])
        assert keys(parse_yaml(written[0])) == keys(response), name


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda text: str(text).partition("\n")[0]
)
async def test_each_example_in_the_document_is_valid(home: Home, example: str) -> None:
    parsed = parse_yaml(example)
    assert isinstance(parsed, dict)
    kind = kind_of(parsed)
    configs: dict[str, object] = {"automation": [parsed], "script": {"example": parsed}}
    assert await async_setup_component(home.hass, kind, {kind: configs[kind]})
    await home.block_till_done()
    (found,) = home.hass.states.async_all(kind)
    assert found.state == {"automation": "on", "script": "off"}[kind]
    # ends its triggers, which would outlive the test
    await home.call(f"{kind}.turn_off", entity_id=found.entity_id)
    for action in actions_in(parsed):
        schema = SCHEMAS[action["action"].partition(".")[2]].schema
        assert action["data"].keys() <= {str(key) for key in schema}


def test_there_are_examples_of_all_actions() -> None:
    named = {
        action["action"] for text in EXAMPLES for action in actions_in(parse_yaml(text))
    }
    assert named == {f"{DOMAIN}.{name}" for name in ALL}
