"""How a blueprint is loaded and run."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

from custom_components.raise3d.const import DOMAIN
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import CoreState
from homeassistant.setup import async_setup_component
from homeassistant.util import yaml as yaml_util
from tests.automations import AUTOMATION
from tests.common import Home

FOLDER = Path(__file__).parents[2] / "blueprints" / AUTOMATION / DOMAIN


def load(name: str) -> Blueprint:
    """Load a blueprint as Home Assistant does."""
    return Blueprint(
        yaml_util.load_yaml_dict(FOLDER / name),
        expected_domain=AUTOMATION,
        path=name,
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )


async def instantiate(home: Home, name: str, **inputs: Any) -> None:
    """Set up an automation from a blueprint."""
    blueprint = load(name)
    config = {
        "id": "under_test",
        "alias": "Under test",
        "use_blueprint": {"path": name, "input": inputs},
    }
    with patch(
        "homeassistant.components.blueprint.models.DomainBlueprints._load_blueprint",
        return_value=blueprint,
    ):
        assert await async_setup_component(
            home.hass, AUTOMATION, {AUTOMATION: [config]}
        )
        await home.block_till_done()
    assert home.hass.states.is_state("automation.under_test", "on")


async def print_one(home: Home) -> None:
    """Print to the end; nothing has cooled down by then."""
    home.printer.start("Local/part.gcode", duration=120)
    await home.tick(150)


async def restart(home: Home, down: float = 0) -> None:
    """Restart Home Assistant up to where its automations are set up."""
    await home.unload()
    await home.tick(down)
    home.hass.set_state(CoreState.not_running)
    await home.set_up()
