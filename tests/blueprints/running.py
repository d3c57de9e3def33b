"""How a blueprint is loaded and run."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.raise3d.const import DOMAIN
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import CoreState
from homeassistant.setup import async_setup_component
from homeassistant.util import yaml as yaml_util
from tests.automations import AUTOMATION
from tests.common import Home

FOLDER = Path(__file__).parents[2] / "blueprints" / AUTOMATION / DOMAIN
# In one test of a module, a blueprint finds its entities among all that a user has.
ALL_ENTITIES = pytest.mark.parametrize("found", [None], ids=["all entities"])


def load(name: str) -> Blueprint:
    """Load a blueprint as Home Assistant does."""
    return Blueprint(
        yaml_util.load_yaml_dict(FOLDER / name),
        expected_domain=AUTOMATION,
        path=name,
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )


def automation(name: str, alias: str = "Under test", **inputs: Any) -> dict[str, Any]:
    """Return the configuration of an automation from a blueprint."""
    return {
        "id": alias.lower().replace(" ", "_"),
        "alias": alias,
        "use_blueprint": {"path": name, "input": inputs},
    }


@contextmanager
def configured(*automations: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Let the configuration have automations, whose blueprints are ours."""
    config = {AUTOMATION: list(automations)}
    with (
        patch(
            "homeassistant.components.blueprint.models.DomainBlueprints._load_blueprint",
            # an imported one is in a folder named after its author
            new=lambda _, name: load(name.rpartition("/")[2]),
        ),
        patch("homeassistant.config.load_yaml_config_file", return_value=config),
    ):
        yield config


async def instantiate_all(home: Home, *automations: dict[str, Any]) -> None:
    """Set up automations from blueprints."""
    with configured(*automations) as config:
        assert await async_setup_component(home.hass, AUTOMATION, config)
        await home.block_till_done()
    for each in automations:
        assert home.hass.states.is_state(f"automation.{each['id']}", "on")


async def instantiate(home: Home, name: str, **inputs: Any) -> None:
    """Set up an automation from a blueprint."""
    await instantiate_all(home, automation(name, **inputs))


async def reload(home: Home, *automations: dict[str, Any]) -> None:
    """Reload the automations; those of the same configuration stay."""
    with configured(*automations):
        await home.call("automation.reload")
        await home.block_till_done()


async def print_one(home: Home) -> None:
    """Print to the end; nothing has cooled down by then."""
    home.printer.start("Local/part.gcode", duration=120)
    await home.tick(150)
    assert home.status == "completed"


async def restart(home: Home, down: float = 0) -> None:
    """Restart Home Assistant up to where its automations are set up."""
    await home.unload()
    await home.tick(down)
    home.hass.set_state(CoreState.not_running)
    await home.set_up()


@asynccontextmanager
async def restarting(home: Home, *automations: dict[str, Any]) -> AsyncGenerator[None]:
    """Restart Home Assistant with automations that were there before."""
    await reload(home)
    await home.unload()
    yield
    home.hass.set_state(CoreState.not_running)
    await home.set_up()
    await reload(home, *automations)
    await home.hass.async_start()
    await home.block_till_done()
