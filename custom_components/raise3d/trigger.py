"""Triggers of the Raise3D integration."""

from typing import override

from homeassistant.components.event import DOMAIN as EVENT_DOMAIN
from homeassistant.components.event.const import EventEntityStateAttribute
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.trigger import (
    NotTriggeredReasonReporter,
    StatelessEntityTriggerBase,
    Trigger,
)

from .event import JOB_EVENT
from .jobs import JobEventType
from .moment_triggers import (
    BecameFreeTrigger,
    CooledDownTrigger,
    FinishesSoonTrigger,
    FirstLayerFinishedTrigger,
    ReachedLayerTrigger,
)
from .targets import own_entities

EVENTS = {EVENT_DOMAIN: DomainSpec()}


class JobTrigger(StatelessEntityTriggerBase):
    """Triggers when the event entity of a printer fires one type of event."""

    _domain_specs = EVENTS
    _event_type: JobEventType

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Keep the entities that report what happens to jobs."""
        return own_entities(self._hass, super().entity_filter(entities), JOB_EVENT.key)

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Check the type of the event."""
        event_type = state.attributes.get(EventEntityStateAttribute.EVENT_TYPE)
        return bool(event_type == self._event_type)


def _make_job_trigger(event_type: JobEventType) -> type[Trigger]:
    """Create a trigger for one type of event."""

    class CustomTrigger(JobTrigger):
        """Trigger for one type of event."""

        _event_type = event_type

    return CustomTrigger


TRIGGERS: dict[str, type[Trigger]] = {
    "became_free": BecameFreeTrigger,
    "cooled_down": CooledDownTrigger,
    "encountered_error": _make_job_trigger(JobEventType.FAILED),
    "finished_printing": _make_job_trigger(JobEventType.COMPLETED),
    "finishes_soon": FinishesSoonTrigger,
    "first_layer_finished": FirstLayerFinishedTrigger,
    "paused_printing": _make_job_trigger(JobEventType.PAUSED),
    "reached_layer": ReachedLayerTrigger,
    "started_printing": _make_job_trigger(JobEventType.STARTED),
    "stopped_printing": _make_job_trigger(JobEventType.STOPPED),
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers for Raise3D printers."""
    return TRIGGERS
