"""Tests of the account that the integration gives of itself."""

import ast
from collections.abc import Callable
import importlib
import inspect
import json
import tomllib
from typing import Any

import yaml

from custom_components import raise3d
from custom_components.raise3d.api import Raise3DClient
from custom_components.raise3d.config_flow import Raise3DConfigFlow
from custom_components.raise3d.entity import Raise3DEntity
from custom_components.raise3d.search_flow import SearchFlow
from homeassistant.helpers.entity import Entity

from .common import FOLDER, ROOT
from .source import nodes
from .test_translations import name_of

MANIFEST = json.loads((FOLDER / "manifest.json").read_text("utf-8"))

BRONZE = {
    *("action-setup", "appropriate-polling", "brands", "common-modules"),
    *("config-flow", "config-flow-test-coverage", "dependency-transparency"),
    *("docs-actions", "docs-conditions", "docs-high-level-description"),
    *("docs-installation-instructions", "docs-removal-instructions"),
    *("docs-triggers", "entity-event-setup", "entity-unique-id", "has-entity-name"),
    *("runtime-data", "test-before-configure", "test-before-setup"),
    "unique-config-entry",
}
SILVER = {
    *("action-exceptions", "config-entry-unloading", "docs-configuration-parameters"),
    *("docs-installation-parameters", "entity-unavailable", "integration-owner"),
    *("log-when-unavailable", "parallel-updates", "reauthentication-flow"),
    "test-coverage",
}
GOLD = {
    *("devices", "diagnostics", "discovery", "discovery-update-info"),
    *("docs-data-update", "docs-examples", "docs-known-limitations"),
    *("docs-supported-devices", "docs-supported-functions", "docs-troubleshooting"),
    *("docs-use-cases", "dynamic-devices", "entity-category", "entity-device-class"),
    *("entity-disabled-by-default", "entity-translations", "exception-translations"),
    *("icon-translations", "reconfiguration-flow", "repair-issues", "stale-devices"),
}
PLATINUM = {"async-dependency", "inject-websession", "strict-typing"}

READ_ONLY = {"binary_sensor", "calendar", "camera", "event", "image", "sensor"}
TRANSLATED = {
    *("ConfigEntryAuthFailed", "ConfigEntryError", "ConfigEntryNotReady"),
    *("HomeAssistantError", "ServiceValidationError", "UpdateFailed"),
}


def read_rules() -> dict[str, dict[str, str]]:
    """Return each rule with its status and comment."""
    content = yaml.safe_load((FOLDER / "quality_scale.yaml").read_text("utf-8"))
    assert set(content) == {"rules"}
    return {
        rule: {"status": entry} if isinstance(entry, str) else entry
        for rule, entry in content["rules"].items()
    }


RULES = read_rules()


def calls(name: str) -> list[ast.Call]:
    """Return every call of a name."""
    return [
        node for node in nodes() if isinstance(node, ast.Call) and name_of(node) == name
    ]


def modules() -> dict[str, Any]:
    """Return the module of each platform."""
    return {
        str(platform): importlib.import_module(f"{raise3d.__name__}.{platform}")
        for platform in raise3d.PLATFORMS
    }


def entities() -> list[type[Entity]]:
    """Return the entity classes of all platforms."""
    return [
        value
        for module in modules().values()
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Entity)
        and value.__module__ == module.__name__
    ]


# The account itself


def test_there_are_the_rules_that_home_assistant_has() -> None:
    assert len(RULES) == 54
    assert set(RULES) == BRONZE | SILVER | GOLD | PLATINUM


def test_rules_stand_under_their_grade() -> None:
    order = (BRONZE, SILVER, GOLD, PLATINUM)
    grades = [[name in rules for rules in order].index(True) for name in RULES]
    assert grades == sorted(grades)


def test_what_is_not_done_says_why() -> None:
    for rule in RULES:
        entry = RULES[rule]
        assert set(entry) <= {"status", "comment"}, rule
        assert entry["status"] in {"done", "exempt", "todo"}, rule
        assert entry["status"] == "done" or entry["comment"].endswith("."), rule


# What code can tell of the rules that are done


def has_runtime_data() -> bool:
    """Whether data lives with the entry, and nowhere else."""
    elsewhere = [
        node
        for node in nodes()
        if isinstance(node, ast.Attribute)
        and node.attr == "data"
        and getattr(node.value, "id", getattr(node.value, "attr", "")) == "hass"
    ]
    source = (FOLDER / "__init__.py").read_text("utf-8")
    return not elsewhere and "entry.runtime_data = " in source


def has_parallel_updates() -> bool:
    """Whether each platform says how many commands it may send at a time."""
    return all(
        (platform in READ_ONLY) == (not module.PARALLEL_UPDATES)
        for platform, module in modules().items()
    )


def has_entity_names() -> bool:
    """Whether all entities take name, device and identity from the base entity."""
    return (
        bool(entities())
        and all(issubclass(entity, Raise3DEntity) for entity in entities())
        and vars(Raise3DEntity)["__attr_has_entity_name"] is True
    )


def has_unique_entries() -> bool:
    """Whether a printer is set up once."""
    return bool(
        calls("async_set_unique_id") and calls("_abort_if_unique_id_configured")
    )


def has_diagnostics() -> bool:
    """Whether there are diagnostics."""
    module = importlib.import_module(f"{raise3d.__name__}.diagnostics")
    return inspect.iscoroutinefunction(module.async_get_config_entry_diagnostics)


def has_strict_typing() -> bool:
    """Whether all of the integration is checked strictly."""
    mypy = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]
    return (
        mypy["strict"] is True
        and "custom_components" in mypy["files"]
        and (FOLDER / "py.typed").exists()
    )


def has_injected_session() -> bool:
    """Whether the client takes a session and nobody makes one."""
    session = inspect.signature(Raise3DClient).parameters["session"]
    return session.annotation.__name__ == "ClientSession" and not calls("ClientSession")


def has_translated_exceptions() -> bool:
    """Whether no exception speaks English by itself."""
    raised = [node for name in TRANSLATED for node in calls(name)]
    return bool(raised) and all(
        {"translation_domain", "translation_key"}
        <= {word.arg for word in node.keywords}
        for node in raised
    )


def has_translated_entities() -> bool:
    """Whether no entity has a name of its own."""
    return not named("name", "EntityDescription") and not assigned("_attr_name")


def has_translated_icons() -> bool:
    """Whether no entity has an icon of its own."""
    return not assigned("_attr_icon") and not named("icon")


def named(word: str, suffix: str = "") -> bool:
    """Whether a call of something with this suffix names an argument so."""
    return any(
        keyword.arg == word
        for node in nodes()
        if isinstance(node, ast.Call) and name_of(node).endswith(suffix)
        for keyword in node.keywords
    )


def assigned(name: str) -> bool:
    """Whether an attribute is set to something other than None."""
    return any(
        getattr(target, "id", getattr(target, "attr", "")) == name
        for node in nodes()
        if isinstance(node, ast.Assign)
        and not (isinstance(node.value, ast.Constant) and node.value.value is None)
        for target in node.targets
    )


def in_executor() -> set[ast.Call]:
    """Return the calls of functions that run outside of the event loop."""
    handed = {
        argument.id
        for call in calls("async_add_executor_job")
        for argument in call.args[:1]
        if isinstance(argument, ast.Name)
    }
    return {
        inner
        for node in nodes()
        if isinstance(node, ast.FunctionDef) and node.name in handed
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call)
    }


def is_asynchronous() -> bool:
    """Whether nothing waits for the network or the disk within the event loop."""
    blocking = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
    sleeps = [
        node
        for node in calls("sleep")
        if not (
            isinstance(node.func, ast.Attribute)
            and getattr(node.func.value, "id", "") == "asyncio"
        )
    ]
    waiting = {call for name in blocking for call in calls(name)}
    return not sleeps and not waiting - in_executor()


def has_images() -> bool:
    """Whether there is an icon."""
    return (FOLDER / "brand/icon.png").exists()


def has_owner() -> bool:
    """Whether somebody cares for it."""
    return bool(json.loads((FOLDER / "manifest.json").read_text("utf-8"))["codeowners"])


CHECKS: dict[str, Callable[[], bool]] = {
    "async-dependency": is_asynchronous,
    "brands": has_images,
    "common-modules": lambda: (
        (FOLDER / "coordinator.py").exists() and (FOLDER / "entity.py").exists()
    ),
    "config-entry-unloading": lambda: hasattr(raise3d, "async_unload_entry"),
    "diagnostics": has_diagnostics,
    "discovery-update-info": lambda: (
        "async_step_dhcp" in vars(SearchFlow) and "dhcp" in MANIFEST
    ),
    "entity-translations": has_translated_entities,
    "exception-translations": has_translated_exceptions,
    "has-entity-name": has_entity_names,
    "icon-translations": has_translated_icons,
    "inject-websession": has_injected_session,
    "integration-owner": has_owner,
    "parallel-updates": has_parallel_updates,
    "reauthentication-flow": lambda: (
        "async_step_reauth" in vars(Raise3DConfigFlow)
        and bool(calls("ConfigEntryAuthFailed"))
    ),
    "reconfiguration-flow": lambda: "async_step_reconfigure" in vars(Raise3DConfigFlow),
    "runtime-data": has_runtime_data,
    "strict-typing": has_strict_typing,
    "test-before-setup": lambda: bool(calls("async_config_entry_first_refresh")),
    "unique-config-entry": has_unique_entries,
}


def test_what_is_said_to_be_done_is_done() -> None:
    for rule, is_done in CHECKS.items():
        assert RULES[rule]["status"] == "done", rule
        assert is_done(), rule


# What the README holds
CHAPTERS = {
    "docs-examples": "```yaml",
    "docs-high-level-description": "# Raise3D",
    "docs-installation-instructions": "## Installation",
    "docs-installation-parameters": "| Host |",
    "docs-removal-instructions": "## Removal",
    "docs-troubleshooting": "## Troubleshooting",
}


def test_what_is_said_to_be_documented_is() -> None:
    for rule, text in CHAPTERS.items():
        assert RULES[rule]["status"] == "done", (rule, text)
        assert text in (ROOT / "README.md").read_text("utf-8"), (rule, text)


def test_what_does_not_exist_is_not_done() -> None:
    """A rule about actions cannot be done before there is one, nor exempt after."""
    actions = (FOLDER / "services.yaml").exists()
    for rule in ("action-setup", "docs-actions"):
        assert actions or RULES[rule]["status"] != "done"
        assert not actions or RULES[rule]["status"] != "exempt"
