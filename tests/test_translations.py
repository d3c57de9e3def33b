"""Tests of the texts and icons: what code asks for is there, and nothing else is."""

import ast
from collections.abc import Iterator, Mapping
import dataclasses
from dataclasses import dataclass
from enum import StrEnum
import importlib
import json
from pathlib import Path
import re
from string import Formatter
from typing import Any, cast, get_type_hints
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import yaml

from custom_components import raise3d
from custom_components.raise3d.api import (
    Raise3DApiDownError,
    Raise3DBusyError,
    Raise3DError,
    Raise3DWrongPrinterError,
)
from custom_components.raise3d.const import DOMAIN
from custom_components.raise3d.errors import (
    MISTAKE_KEYS,
    REFUSAL_KEYS,
    error_key,
    exception_key,
)
from custom_components.raise3d.issues import Issue
from custom_components.raise3d.jobs import JobEvent
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigFlowResult,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.translation import async_get_translations

from .common import EN, FOLDER
from .source import nodes, trees

LANGUAGES = sorted((FOLDER / "translations").glob("*.json"))
ICONS: dict[str, Any] = json.loads((FOLDER / "icons.json").read_text("utf-8"))

# Texts that Home Assistant has itself
CENTRAL_ABORTS = {"reauth_successful", "reconfigure_successful"}
SECTIONS = {
    *("config", "config_panel", "config_subentries", "conditions", "entity"),
    *("exceptions", "issues", "options", "selector", "services", "triggers"),
}


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text of a tree with its path."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, f"{path}.{key}" if path else key)
    else:
        assert isinstance(tree, str), path
        yield path, tree


def placeholders(text: str) -> set[str]:
    """Return the names within braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def listed(name: str) -> dict[str, Any]:
    """Return a YAML file of the integration without its anchors, {} for no file."""
    path = FOLDER / name
    content = yaml.safe_load(path.read_text("utf-8")) if path.exists() else {}
    return {key: value for key, value in content.items() if not key.startswith(".")}


# What code asks for


@dataclass(frozen=True)
class Text:
    """A text that code asks for; None are placeholders that only a run can tell."""

    key: str
    placeholders: frozenset[str] | None


def calls() -> Iterator[tuple[ast.Call, dict[str, ast.expr]]]:
    """Yield each call in the integration with its named arguments."""
    for node in nodes():
        if isinstance(node, ast.Call):
            yield node, {word.arg: word.value for word in node.keywords if word.arg}


def name_of(call: ast.Call) -> str:
    """Return the last part of what is called."""
    return (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else getattr(call.func, "id", "")
    )


def strings(node: ast.AST) -> set[str]:
    """Return the texts in a part of the code that could be keys."""
    return {
        child.value
        for child in ast.walk(node)
        if isinstance(child, ast.Constant)
        and isinstance(child.value, str)
        and re.fullmatch("[a-z_]+", child.value)
    }


def given(words: Mapping[str, ast.expr]) -> frozenset[str] | None:
    """Return the placeholders that a call gives."""
    value = words.get("translation_placeholders")
    if value is None:
        return frozenset()
    if isinstance(value, ast.Dict):
        return frozenset(
            key.value
            for key in value.keys
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        )
    return None


def error_keys() -> set[str]:
    """Return what the client's errors are called, as many as there are."""
    kinds = [Raise3DError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    return {error_key(kind("")) for kind in kinds}


def exception_keys() -> set[str]:
    """Return what exceptions say of the client's errors."""
    known = (Raise3DWrongPrinterError(""), Raise3DApiDownError("", certain=True))
    return error_keys() | {exception_key(err) for err in known}


# What code takes a key from, by its name.
TABLES = {
    "MISTAKE_KEYS": {*MISTAKE_KEYS.values()},
    "REFUSAL_KEYS": {*REFUSAL_KEYS.values()},
}


def exceptions() -> set[Text]:
    """Return the texts of exceptions; `exception_key` stands for a whole table."""
    found = set()
    for _, words in calls():
        if "translation_domain" not in words or "translation_key" not in words:
            continue
        key = words["translation_key"]
        if isinstance(key, ast.Constant):
            names = strings(key)
        elif isinstance(key, ast.Subscript):
            names = TABLES[ast.unparse(key.value)]
        else:
            names = exception_keys()
        found |= {Text(name, given(words)) for name in names}
    return found


def issues() -> set[Text]:
    """Return the texts of repair issues."""
    return {
        Text(key, given(words))
        for call, words in calls()
        if name_of(call) == "async_create_issue"
        for key in strings(words["translation_key"]) - {"issue"} or Issue
    }


def descriptions() -> dict[str, dict[str, EntityDescription | None]]:
    """Return the entities of each platform by translation key."""
    found: dict[str, dict[str, EntityDescription | None]] = {}
    for platform in raise3d.PLATFORMS:
        module = importlib.import_module(f"{raise3d.__name__}.{platform}")
        keys = found.setdefault(str(platform), {})
        for value in vars(module).values():
            for item in value if isinstance(value, tuple | list) else (value,):
                # their classes are made at run time, and isinstance knows only some
                if type(item).__name__.endswith("EntityDescription"):
                    assert item.translation_key, item.key
                    keys[item.translation_key] = item
            if isinstance(value, type) and issubclass(value, Entity):
                # Home Assistant makes a property of the attribute, and keeps it there
                key = vars(value).get("__attr_translation_key")
                if isinstance(key, str):
                    keys[key] = None
    return found


ENTITIES = descriptions()


def states(platform: str, key: str) -> set[str] | None:
    """Return the words that an entity may have as its state, None for any."""
    if platform == Platform.BINARY_SENSOR:
        return {"on", "off"}
    options = getattr(ENTITIES[platform][key], "options", None)
    return None if options is None else set(options)


# Entities


def each_key(tree: Mapping[str, Mapping[str, object]]) -> list[tuple[str, str]]:
    """Return each key of each platform."""
    return [(platform, key) for platform, keys in tree.items() for key in keys]


def test_every_platform_has_entities_and_every_entity_a_name() -> None:
    assert all(ENTITIES.values())
    assert {platform: set(keys) for platform, keys in ENTITIES.items()} == {
        platform: set(keys) for platform, keys in EN["entity"].items()
    }
    assert all(
        text.get("name") for keys in EN["entity"].values() for text in keys.values()
    )


def test_a_key_is_the_same_everywhere() -> None:
    for platform, key in each_key(ENTITIES):
        description = ENTITIES[platform][key]
        assert description is None or description.key == key


def test_entities_of_a_platform_have_different_names() -> None:
    for keys in EN["entity"].values():
        names = [text["name"] for text in keys.values()]
        assert len(set(names)) == len(names)


def test_every_state_has_a_word() -> None:
    for platform, key in each_key(ENTITIES):
        words = set(EN["entity"][platform][key].get("state", {}))
        # a binary sensor without words has those of its device class
        by_class = platform == Platform.BINARY_SENSOR and not words
        assert by_class or words == (states(platform, key) or set()), key


def test_every_event_type_and_attribute_has_a_word() -> None:
    for key, description in ENTITIES["event"].items():
        attributes = dict(EN["entity"]["event"][key]["state_attributes"])
        types = attributes.pop("event_type")["state"]
        assert set(types) == set(getattr(description, "event_types", ()))
        # the type is the event's state already
        # what is not compared is not shown either
        fields = {each.name for each in dataclasses.fields(JobEvent) if each.compare}
        # what the log knows of a job that has ended
        assert set(attributes) == {*fields, "energy", "cost"} - {"type"}
        assert issubclass(get_type_hints(JobEvent)["type"], StrEnum)


# Icons


def test_icons_are_of_the_one_set_that_home_assistant_ships() -> None:
    assert all(re.fullmatch(r"mdi:[a-z0-9-]+", icon) for _, icon in leaves(ICONS))


def test_an_icon_belongs_to_an_entity_and_to_one_of_its_states() -> None:
    for platform, key in each_key(ICONS["entity"]):
        icon = ICONS["entity"][platform][key]
        known = states(platform, key)
        assert known is None or set(icon.get("state", {})) <= known, key
        assert icon["default"] not in icon.get("state", {}).values(), key


def test_an_event_type_has_an_icon_of_its_own() -> None:
    for key, icon in ICONS["entity"].get("event", {}).items():
        description = ENTITIES["event"][key]
        types = icon["state_attributes"]["event_type"]["state"]
        assert set(types) <= set(getattr(description, "event_types", ()))
        assert icon["default"] not in types.values()


def test_actions_triggers_and_conditions_have_texts_and_icons() -> None:
    for section in ["services", "triggers", "conditions"]:
        described, texts = listed(f"{section}.yaml"), EN.get(section, {})
        assert set(texts) == set(described) == set(ICONS.get(section, {})), section
        for key, content in described.items():
            assert texts[key]["name"], section
            assert texts[key]["description"], section
            fields = (content or {}).get("fields") or {}
            assert set(texts[key].get("fields", {})) == set(fields), key


# Exceptions and issues


def test_every_exception_has_a_message_and_every_message_an_exception() -> None:
    assert {text.key for text in exceptions()} == set(EN["exceptions"])
    assert all(set(text) == {"message"} for text in EN["exceptions"].values())


def test_every_issue_has_a_text_and_every_text_an_issue() -> None:
    texts = EN.get("issues", {})
    assert {text.key for text in issues()} == set(texts)
    for text in texts.values():
        assert set(text) in ({"title", "description"}, {"title", "fix_flow"})


def test_placeholders_are_those_that_code_gives() -> None:
    for section, requested in [("exceptions", exceptions()), ("issues", issues())]:
        for text in requested:
            words = " ".join(value for _, value in leaves(EN[section][text.key]))
            assert text.placeholders in {None, frozenset(placeholders(words))}, text.key


# Config flow


async def forms(hass: HomeAssistant) -> dict[str, ConfigFlowResult]:
    """Return each form and menu of the flow, as a user comes by them."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        version=3,
        data={"host": "192.0.2.1", "port": 10800, "password": "x"},
    )
    entry.add_to_hass(hass)
    flow = hass.config_entries.flow
    found = {}
    for source in (SOURCE_USER, SOURCE_REAUTH, SOURCE_RECONFIGURE):
        choices: list[str] = [""]
        for choice in choices:
            result = await flow.async_init(
                DOMAIN,
                context={"source": source, "entry_id": entry.entry_id},
                data=dict(entry.data) if source == SOURCE_REAUTH else None,
            )
            if choice:
                result = await flow.async_configure(
                    result["flow_id"], {"next_step_id": choice}
                )
            elif result["type"] is FlowResultType.MENU:
                choices += cast("list[str]", result["menu_options"])
            found[result["step_id"]] = result
            flow.async_abort(result["flow_id"])
    return (
        found | await search_forms(hass, ["192.0.2.1"]) | await search_forms(hass, [])
    )


async def search_forms(
    hass: HomeAssistant, hosts: list[str]
) -> dict[str, ConfigFlowResult]:
    """Return what a user comes by who searches, and finds these printers."""
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    shown = []
    with patch("custom_components.raise3d.search_flow.async_search") as search:
        search.return_value = hosts
        for choice in ({"next_step_id": "search"}, None, *({"host": h} for h in hosts)):
            result = await flow.async_configure(result["flow_id"], choice)
            shown.append(result)
            await hass.async_block_till_done()
    flow.async_abort(result["flow_id"])
    return {str(each["step_id"]): each for each in shown}


def assert_menu_has_texts(form: ConfigFlowResult, text: dict[str, Any]) -> None:
    """Assert that each option is described."""
    assert [*text["menu_options"]] == form["menu_options"]
    # the front end fills in the description of a menu, but not its title
    assert "{" not in text["title"]
    assert [*text["menu_option_descriptions"]] == form["menu_options"]


def assert_form_has_texts(form: ConfigFlowResult, text: dict[str, Any]) -> None:
    """Assert that each field is described."""
    schema = form["data_schema"]
    assert schema
    names = [str(marker) for marker in schema.schema]
    assert list(text["data"]) == names
    assert list(text["data_description"]) == names


def assert_progress_has_texts(form: ConfigFlowResult, text: dict[str, Any]) -> None:
    """Assert that what is being done is described, and by nothing else."""
    words = EN["config"]["progress"][form["progress_action"]]
    assert placeholders(words) <= set(form["description_placeholders"] or ())
    assert set(text) == {"title"}


async def test_every_form_has_its_texts_and_fills_their_placeholders(
    hass: HomeAssistant,
) -> None:
    steps = EN["config"]["step"]
    shown = await forms(hass)
    assert set(shown) == set(steps)
    checks = {
        FlowResultType.MENU: assert_menu_has_texts,
        FlowResultType.FORM: assert_form_has_texts,
        FlowResultType.SHOW_PROGRESS: assert_progress_has_texts,
    }
    for step, form in shown.items():
        assert steps[step]["title"]
        assert "progress_action" in form or steps[step]["description"]
        checks[form["type"]](form, steps[step])
        words = " ".join(text for _, text in leaves(steps[step]))
        assert placeholders(words) <= set(form["description_placeholders"] or ()), step


def test_every_error_of_a_form_has_a_text_and_every_text_an_error() -> None:
    flow = trees()[FOLDER / "config_flow.py"]
    keys = {
        key
        for node in ast.walk(flow)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name in {"_async_sign_in", "_connection"}
        for key in strings(node)
    }
    assert keys | error_keys() == set(EN["config"]["error"])


def reasons(call: ast.Call, words: Mapping[str, ast.expr]) -> set[str]:
    """Return the reasons with which a call may end a flow."""
    if "reason" in words:
        return strings(words["reason"])
    by_default = {
        "_abort_if_unique_id_configured": {"already_configured"},
        "_abort_if_unique_id_mismatch": {"unique_id_mismatch"},
    }
    return by_default.get(name_of(call), set())


def test_every_abort_has_a_text_and_every_text_an_abort() -> None:
    keys = {reason for call, words in calls() for reason in reasons(call, words)}
    fixes = [text.get("fix_flow", {}) for text in EN["issues"].values()]
    known = {reason for fix in fixes for reason in fix.get("abort", {})}
    assert keys - CENTRAL_ABORTS == set(EN["config"]["abort"]) | known


# All texts

each_language = pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)


def test_there_is_no_section_that_nobody_reads() -> None:
    assert set(EN) <= SECTIONS
    assert set(ICONS) <= {"entity", "services", "triggers", "conditions", "issues"}


@each_language
def test_texts_are_plain(path: Path) -> None:
    for key, text in leaves(json.loads(path.read_text("utf-8"))):
        assert text, key
        assert text == text.strip(), key
        assert "  " not in text, key
        # Home Assistant wants addresses as placeholders, and a custom integration
        # has nobody who resolves references
        assert not re.search(r"https?:|www\.|<[a-z/]|\[%", text, re.IGNORECASE), key
        assert not re.search(r"['\"]\{\w+\}['\"]", text), key
        assert all(name.isidentifier() for name in placeholders(text)), key
        assert re.fullmatch(r"[a-z0-9]+([_.-][a-z0-9]+)*", key.replace("__", "?")), key


@each_language
def test_all_languages_say_the_same(path: Path) -> None:
    texts = dict(leaves(json.loads(path.read_text("utf-8"))))
    english = dict(leaves(EN))
    assert list(texts) == list(english)
    for key, text in texts.items():
        assert placeholders(text) == placeholders(english[key]), key


async def test_home_assistant_finds_the_texts(hass: HomeAssistant) -> None:
    for section in sorted(SECTIONS & set(EN)):
        loaded = await async_get_translations(hass, "en", section, {DOMAIN})
        prefix = f"component.{DOMAIN}.{section}."
        assert loaded == {
            f"{prefix}{key}": text for key, text in leaves(EN[section])
        }, section


def test_a_busy_printer_is_not_an_unreachable_one() -> None:
    assert error_key(Raise3DBusyError("")) != error_key(Raise3DError(""))
