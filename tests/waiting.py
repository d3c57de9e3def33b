"""Automations that wait for the moments of a job."""

from typing import Any

from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.raise3d.const import DOMAIN
from homeassistant.core import ServiceCall
from homeassistant.setup import async_setup_component

from .automations import AUTOMATION
from .common import Home

type Options = dict[str, object]

OPTIONS = ("minutes", "layer", "temperature")
GIVEN = (
    *("entity_id", "job_id", "file_name", "late"),
    *("layer", "total_layers", "remaining", "finish_time", "temperature"),
)


def waiting(home: Home, key: str, options: Options, target: Options) -> Options:
    """Return an automation that waits for a moment, and passes on what it is given."""
    trigger: Options = {"trigger": f"{DOMAIN}.{key}", "target": target}
    if options:
        trigger["options"] = options
    return {
        "alias": f"{key} {options}",
        "triggers": [trigger],
        "actions": [
            {
                "action": "test.automation",
                "data": {
                    "key": key,
                    **options,
                    "given": {
                        name: f"{{{{ trigger.{name} | default('none') }}}}"
                        for name in GIVEN
                    },
                },
            }
        ],
    }


class Waiting:
    """What a home's automations have done."""

    def __init__(self, calls: list[ServiceCall]) -> None:
        """Count from now on."""
        self.calls = calls

    @property
    def done(self) -> list[tuple[object, ...]]:
        """Return which moments there were: the key, the option, whether late."""
        return [
            (
                call.data["key"],
                *(call.data[name] for name in OPTIONS if name in call.data),
                *(["late"] if call.data["given"]["late"] else []),
            )
            for call in self.calls
        ]

    @property
    def given(self) -> list[dict[str, Any]]:
        """Return what each of them was given."""
        return [call.data["given"] for call in self.calls]


async def wait_for(
    home: Home, *moments: tuple[str, Options], target: Options | None = None
) -> Waiting:
    """Set up an automation for each moment of the printer's job."""
    target = target or {"entity_id": home.entity_id("job", "event")}
    waits = Waiting(async_mock_service(home.hass, "test", "automation"))
    config = [waiting(home, key, options, target) for key, options in moments]
    assert await async_setup_component(home.hass, AUTOMATION, {AUTOMATION: config})
    await home.block_till_done()
    return waits


def soon(minutes: int) -> tuple[str, Options]:
    """Return the moment some minutes before the end."""
    return ("finishes_soon", {"minutes": minutes})


def layer(number: int) -> tuple[str, Options]:
    """Return the moment at which a layer is reached."""
    return ("reached_layer", {"layer": number})


def cool(temperature: float, **unit: str) -> tuple[str, Options]:
    """Return the moment at which a temperature is passed."""
    return ("cooled_down", {"temperature": temperature, **unit})


FIRST_LAYER: tuple[str, Options] = ("first_layer_finished", {})
FREE: tuple[str, Options] = ("became_free", {})
EVERYTHING = (soon(10), FIRST_LAYER, layer(50), cool(50), FREE)
