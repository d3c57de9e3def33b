"""Tests of the blueprints' texts, and of the documents that name them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
import re
from typing import Any
from urllib.parse import quote

import pytest

from custom_components.raise3d.condition import CONDITIONS
from custom_components.raise3d.const import DOMAIN
from custom_components.raise3d.trigger import TRIGGERS
from homeassistant import components
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import yaml as yaml_util
from tests.automations import AUTOMATION
from tests.common import Home

from .running import FOLDER, configured, load

URL = "https://github.com/seed-4884292a/hass-raise3d/blob/main/blueprints/automation"
ROOT = FOLDER.parents[2]
NAMES = sorted(path.name for path in FOLDER.iterdir())
DOCUMENTS = ["README.md", "docs/actions.md", "docs/automations.md", "docs/recipes.md"]
# Those with an example in the documents.
WITH_EXAMPLE = [
    "book_filament_in_spoolman.yaml",
    "first_layer.yaml",
    "let_an_ai_look.yaml",
    "tell_before_it_ends.yaml",
]


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
    url = quote(f"{URL}/{DOMAIN}/{name}", safe="")
    assert (
        "https://my.home-assistant.io/redirect/blueprint_import/"
        f"?blueprint_url={url})" in text
    )


def examples(*documents: str) -> list[dict[str, Any]]:
    """Return the automations in documents."""
    text = "".join((ROOT / document).read_text("utf-8") for document in documents)
    found = re.findall(r"```yaml\n(alias:.*?)```", text, re.DOTALL)
    parsed: list[Any] = [yaml_util.parse_yaml(example) for example in found]
    return parsed


async def assert_valid(home: Home, config: list[dict[str, Any]]) -> None:
    """Assert that Home Assistant takes each of some automations."""
    with configured(*config) as configuration:
        assert await async_setup_component(home.hass, AUTOMATION, configuration)
        await home.block_till_done()
    assert [state.state for state in home.hass.states.async_all(AUTOMATION)] == [
        "on"
    ] * len(config)


async def test_each_example_in_the_documents_is_a_valid_automation(home: Home) -> None:
    config = examples("README.md", "docs/automations.md")
    used = {name for automation in config for name in used_by(automation)}
    assert used == {f"{DOMAIN}.{key}" for key in [*TRIGGERS, *CONDITIONS]}
    await assert_valid(home, config)


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_a_blueprint_has_an_example(name: str) -> None:
    (example,) = [
        each["use_blueprint"]
        for each in examples("docs/automations.md")
        if each.get("use_blueprint", {}).get("path") == f"seed-4884292a/{name}"
    ]
    inputs = load(name).inputs
    assert example["input"].keys() <= inputs.keys()
    needed = {key for key, given in inputs.items() if "default" not in given}
    assert needed <= example["input"].keys()


async def test_each_recipe_is_a_valid_automation(home: Home) -> None:
    recipes = examples("docs/recipes.md")
    assert len(recipes) >= 10
    await assert_valid(home, recipes)


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_each_entity_in_a_document_exists(new_home: Home) -> None:
    new_home.printer.start("Local/part.gcode")
    await new_home.set_up()
    await new_home.tick(60)
    named = [
        set(re.findall(r"\b([a-z_]+[.]pro2_[a-z_]+)", (ROOT / each).read_text("utf-8")))
        for each in ("docs/actions.md", "docs/recipes.md")
    ]
    ours = er.async_entries_for_config_entry(
        er.async_get(new_home.hass), new_home.entry.entry_id
    )
    assert all(named)
    assert set().union(*named) <= {
        each.entity_id.replace("lab_printer", "pro2") for each in ours
    }


def having(kind: str, given: Any) -> Iterator[dict[str, Any]]:
    """Yield each action, trigger or condition, wherever it is."""
    if isinstance(given, list):
        for each in given:
            yield from having(kind, each)
    elif isinstance(given, dict):
        if isinstance(given.get(kind), str):
            yield given
        for each in given.values():
            yield from having(kind, each)


@cache
def services(domain: str) -> dict[str, Any]:
    """Return how an integration describes its actions."""
    folder = ROOT / "custom_components" / DOMAIN
    if domain != DOMAIN:
        folder = Path(components.__path__[0]) / domain
    described: dict[str, Any] = yaml_util.load_yaml_dict(folder / "services.yaml")
    return described


@pytest.mark.parametrize("document", ["docs/automations.md", "docs/recipes.md"])
def test_each_action_in_a_document_exists(document: str) -> None:
    for action in having("action", examples(document)):
        # "turn_{{ on or off }}": one of the two stands for both
        name = re.sub(r"{{.*?}}", "on", action["action"])
        # that of a phone takes what notify.notify takes
        name = re.sub(r"^notify\.mobile_app_\w+$", "notify.notify", name)
        domain, _, service = name.partition(".")
        fields = (services(domain)[service] or {}).get("fields", {})
        sections = [each["fields"] for each in fields.values() if "fields" in each]
        known = set(fields).union(*sections)
        assert action.get("data", {}).keys() <= known, name


@pytest.mark.parametrize("kind", ["trigger", "condition"])
def test_what_is_targeted_in_a_document_is_what_it_is_for(kind: str) -> None:
    """Home Assistant takes other entities without a word: then nothing ever happens."""
    file = ROOT / "custom_components" / DOMAIN / f"{kind}s.yaml"
    described: dict[str, Any] = yaml_util.load_yaml_dict(file)
    named = {
        (name.removeprefix(f"{DOMAIN}."), entity_id.partition(".")[0])
        for each in having(kind, examples(*DOCUMENTS))
        if (name := each[kind]).startswith(f"{DOMAIN}.")
        and (entity_id := each["target"].get("entity_id"))
    }
    assert len(named) > 1
    assert named == {
        (name, described[name]["target"]["entity"]["domain"]) for name, _ in named
    }
