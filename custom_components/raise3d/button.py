"""Buttons of the Raise3D integration."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import Raise3DClient, RunningState
from .coordinator import Raise3DConfigEntry
from .entity import Raise3DEntity
from .maintenance_entity import Raise3DDone, async_add_maintenance
from .models import NO_JOB, Raise3DData

# One command at a time, in the order in which they were given.
PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class Raise3DButtonEntityDescription(ButtonEntityDescription):
    """Describes a Raise3D button."""

    press_fn: Callable[[Raise3DClient], Awaitable[None]]
    available_fn: Callable[[Raise3DData], bool]


def _has_job(*states: RunningState) -> Callable[[Raise3DData], bool]:
    """Return a function that checks for a job in one of these states.

    Busy counts, too: the printer itself reports why it refuses, because someone is at
    the panel or because it is between two states.
    """
    return lambda data: (
        data.job is not NO_JOB and data.state in (*states, RunningState.BUSY)
    )


BUTTONS: tuple[Raise3DButtonEntityDescription, ...] = (
    Raise3DButtonEntityDescription(
        key="pause",
        translation_key="pause",
        press_fn=lambda client: client.commands.pause_job(),
        available_fn=_has_job(RunningState.RUNNING),
    ),
    Raise3DButtonEntityDescription(
        key="recover",
        translation_key="recover",
        entity_registry_enabled_default=False,
        press_fn=lambda client: client.commands.recover_job(),
        available_fn=lambda data: data.state is RunningState.IDLE,
    ),
    Raise3DButtonEntityDescription(
        key="resume",
        translation_key="resume",
        press_fn=lambda client: client.commands.resume_job(),
        available_fn=_has_job(RunningState.PAUSED),
    ),
    Raise3DButtonEntityDescription(
        key="stop",
        translation_key="stop",
        press_fn=lambda client: client.commands.stop_job(),
        available_fn=_has_job(RunningState.RUNNING, RunningState.PAUSED),
    ),
)

# Of each maintenance task.
DONE = ButtonEntityDescription(key="done", translation_key="done")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: Raise3DConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the buttons of a printer."""
    async_add_entities(
        Raise3DButton(entry.runtime_data, description) for description in BUTTONS
    )
    async_add_maintenance(hass, entry, async_add_entities, Raise3DDone, DONE)


class Raise3DButton(Raise3DEntity, ButtonEntity):
    """Raise3D button."""

    entity_description: Raise3DButtonEntityDescription

    @property
    @override
    def available(self) -> bool:
        """Whether the command makes sense at the moment."""
        return super().available and self.entity_description.available_fn(
            self.coordinator.data
        )

    @override
    async def async_press(self) -> None:
        """Send the command; a refusal says why in words."""
        await self.coordinator.async_send_command(
            self.entity_description.press_fn(self.coordinator.client)
        )
