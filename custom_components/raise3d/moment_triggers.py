"""Triggers at the moments of a job; a printer is targeted by its event entity."""

from typing import override

import voluptuous as vol

from homeassistant.const import (
    ATTR_ENTITY_ID,
    ATTR_TEMPERATURE,
    CONF_OPTIONS,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import (
    async_dispatcher_connect,
    async_dispatcher_send,
)
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType

from .const import COOLED_DOWN_RANGE, COOLED_DOWN_TEMPERATURE, MAX_FINISHES_SOON
from .jobs import Moment, MomentType
from .moments import (
    SIGNAL_COOL_DOWN,
    SIGNAL_LISTENING,
    SIGNAL_MOMENT,
    CoolDown,
    MomentReport,
)

CONF_LAYER = "layer"
CONF_MINUTES = "minutes"


class MomentTrigger(Trigger):
    """Triggers at one type of moment of a targeted printer."""

    _moment_type: MomentType
    _schema = ENTITY_STATE_TRIGGER_SCHEMA

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Validate target and options."""
        validated: ConfigType = cls._schema(config)
        return validated

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take the target; a moment without an option has no threshold."""
        super().__init__(hass, config)
        self._target = TargetSelection(config.target or {})
        self._options: ConfigType = config.options or {}
        self._threshold = 0.0

    def variables(self, moment: Moment) -> dict[str, object]:
        """Return what templates get beside the job."""
        return {}

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Wait for the moment."""

        @callback
        def handle_moment(report: MomentReport) -> None:
            """Run the action at the moment that this trigger waits for."""
            moment = report.moment
            if moment.type is not self._moment_type:
                return
            if not moment.passes(self._threshold) or not self._targets(
                report.entity_id
            ):
                return
            report.triggered = True
            variables = {
                ATTR_ENTITY_ID: report.entity_id,
                "job_id": moment.job_id,
                "file_name": moment.file_name,
                "late": moment.late,
                **self.variables(moment),
            }
            run_action(variables, f"{moment.type} of {report.entity_id}")

        remove = async_dispatcher_connect(self._hass, SIGNAL_MOMENT, handle_moment)
        async_dispatcher_send(self._hass, SIGNAL_LISTENING)
        return remove

    def _targets(self, entity_id: str | None) -> bool:
        """Whether a printer's event entity is among the targets."""
        selected = async_extract_referenced_entity_ids(
            self._hass, self._target, expand_group=False
        )
        return entity_id in selected.referenced | selected.indirectly_referenced


class FinishesSoonTrigger(MomentTrigger):
    """Triggers some minutes before the end of a print."""

    _moment_type = MomentType.FINISHES_SOON
    _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend(
        {
            vol.Required(CONF_OPTIONS): {
                vol.Required(CONF_MINUTES): vol.All(
                    vol.Coerce(int), vol.Range(min=1, max=MAX_FINISHES_SOON)
                ),
            },
        }
    )

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take the minutes as seconds."""
        super().__init__(hass, config)
        self._threshold = self._options[CONF_MINUTES] * 60

    @override
    def variables(self, moment: Moment) -> dict[str, object]:
        """Return how long it still takes."""
        return {"remaining": round(moment.now), "finish_time": moment.finish_at}


class LayerTrigger(MomentTrigger):
    """Triggers at a layer."""

    @override
    def variables(self, moment: Moment) -> dict[str, object]:
        """Return the layer that is printed now."""
        return {"layer": round(moment.now), "total_layers": moment.total_layers}


class FirstLayerFinishedTrigger(LayerTrigger):
    """Triggers when the first layer is finished."""

    _moment_type = MomentType.FIRST_LAYER_FINISHED


class ReachedLayerTrigger(LayerTrigger):
    """Triggers when a layer begins."""

    _moment_type = MomentType.REACHED_LAYER
    _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend(
        {
            vol.Required(CONF_OPTIONS): {
                vol.Required(CONF_LAYER): vol.All(vol.Coerce(int), vol.Range(min=1)),
            },
        }
    )

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take the layer."""
        super().__init__(hass, config)
        self._threshold = self._options[CONF_LAYER]


class CooledDownTrigger(MomentTrigger):
    """Triggers when a printer has cooled down after a print."""

    _moment_type = MomentType.COOLED_DOWN
    _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend(
        {
            vol.Required(CONF_OPTIONS, default={}): {
                vol.Required(
                    ATTR_TEMPERATURE, default=COOLED_DOWN_TEMPERATURE
                ): vol.All(
                    vol.Coerce(float),
                    vol.Range(min=COOLED_DOWN_RANGE[0], max=COOLED_DOWN_RANGE[1]),
                ),
            },
        }
    )

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take the temperature, which is in °C whatever unit is shown."""
        super().__init__(hass, config)
        self._threshold = self._options[ATTR_TEMPERATURE]

    @override
    def variables(self, moment: Moment) -> dict[str, object]:
        """Return how warm the hottest part is."""
        return {ATTR_TEMPERATURE: round(moment.now, 1)}

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Wait for the moment, with the temperatures that it needs."""

        @callback
        def handle_cool_down(cool_down: CoolDown) -> None:
            """Await the cool-down of a targeted printer until it is reported."""
            if self._threshold <= cool_down.heat and self._targets(cool_down.entity_id):
                cool_down.awaited = True

        remove_moment = await super().async_attach_runner(run_action, did_not_trigger)
        remove_cool_down = async_dispatcher_connect(
            self._hass, SIGNAL_COOL_DOWN, handle_cool_down
        )

        @callback
        def remove() -> None:
            """Wait no longer."""
            remove_moment()
            remove_cool_down()

        return remove


class BecameFreeTrigger(MomentTrigger):
    """Triggers when a printer is free for the next print."""

    _moment_type = MomentType.BECAME_FREE
