"""Carries the moments of jobs from the printers to the triggers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import (
    async_dispatcher_connect,
    async_dispatcher_send,
)
from homeassistant.util.signal_type import SignalType

from .const import DOMAIN, JOB_EVENT_KEY
from .entity_ids import async_find_entity_id
from .jobs import Moment


@dataclass(slots=True)
class MomentReport:
    """A moment of a job, with the event entity of its printer."""

    entity_id: str | None
    moment: Moment
    triggered: bool = False
    """Whether a trigger has fired."""


@dataclass(slots=True)
class CoolDown:
    """The cool-down of a printer; triggers note that they wait for it."""

    entity_id: str | None
    heat: float
    """Degrees Celsius."""
    awaited: bool = False
    """Whether a trigger waits for a lower temperature."""


SIGNAL_MOMENT: Final = SignalType[MomentReport](f"{DOMAIN}_moment")
SIGNAL_COOL_DOWN: Final = SignalType[CoolDown](f"{DOMAIN}_cool_down")
SIGNAL_LISTENING: Final = SignalType[()](f"{DOMAIN}_listening")


@callback
def async_report_moment(
    hass: HomeAssistant, entry: ConfigEntry, moment: Moment
) -> bool:
    """Report a moment to all triggers; return whether one has fired."""
    report = MomentReport(_event_entity(hass, entry), moment)
    async_dispatcher_send(hass, SIGNAL_MOMENT, report)
    return report.triggered


@callback
def async_awaits_cool_down(
    hass: HomeAssistant, entry: ConfigEntry, heat: float | None
) -> bool:
    """Return whether a trigger waits for a printer to be cooler than it is."""
    if heat is None:
        return False
    cool_down = CoolDown(_event_entity(hass, entry), heat)
    async_dispatcher_send(hass, SIGNAL_COOL_DOWN, cool_down)
    return cool_down.awaited


@callback
def async_on_listening(
    hass: HomeAssistant, action: Callable[[], None]
) -> CALLBACK_TYPE:
    """Run an action whenever a trigger begins to wait for moments."""

    @callback
    def handle_listening() -> None:
        """Run the action within the event loop."""
        action()

    return async_dispatcher_connect(hass, SIGNAL_LISTENING, handle_listening)


def _event_entity(hass: HomeAssistant, entry: ConfigEntry) -> str | None:
    """Return the event entity that stands for a printer in triggers."""
    return async_find_entity_id(hass, entry, Platform.EVENT, JOB_EVENT_KEY)
