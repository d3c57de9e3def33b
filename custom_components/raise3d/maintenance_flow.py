"""Subentry flow of a maintenance task: a preset or an own one, then its form."""

from typing import Any, Final, NamedTuple

import voluptuous as vol

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
from homeassistant.helpers.translation import async_get_translations

from .const import (
    CONF_COUNTED,
    CONF_INTERVAL,
    CONF_NOZZLE_COUNT,
    CONF_PRESET,
    DOMAIN,
    MAX_TASK_INTERVAL,
)
from .jobs import visible_text
from .upkeep import Counted


class Preset(NamedTuple):
    """A usual task; its interval is a suggestion that the form lets a person change."""

    counted: Counted
    interval: int


OWN: Final = "own"
# Suggestions to begin with: Raise3D publishes no intervals for all of its models. A
# brass nozzle is good for some kilograms of filament without fibres; a filter ages with
# time as well as with use.
PRESETS: Final = {
    "lubricate_axes": Preset(Counted.PRINT_HOURS, 300),
    "check_belts": Preset(Counted.PRINT_HOURS, 500),
    "clean_extruder_gears": Preset(Counted.PRINT_HOURS, 200),
    "replace_left_nozzle": Preset(Counted.FILAMENT_LEFT, 5000),
    "replace_right_nozzle": Preset(Counted.FILAMENT_RIGHT, 5000),
    "clean_build_plate": Preset(Counted.PRINTS, 25),
    "replace_air_filter": Preset(Counted.DAYS, 180),
}


class MaintenanceTaskFlow(ConfigSubentryFlow):
    """Handle the flow that adds or changes a maintenance task."""

    _suggested: dict[str, Any] | None = None

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Let the user choose a preset, or none."""
        if user_input is not None:
            self._suggested = await self._async_suggest(user_input[CONF_PRESET])
            return await self.async_step_task()
        selector = SelectSelector(
            SelectSelectorConfig(
                options=[*_presets(self._get_entry()), OWN],
                mode=SelectSelectorMode.LIST,
                translation_key="maintenance_preset",
            )
        )
        return self.async_show_form(
            step_id="user",
            data_schema=vol.Schema({vol.Required(CONF_PRESET, default=OWN): selector}),
        )

    async def async_step_task(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add a task."""
        if user_input is not None and (name := _name(user_input)):
            return self.async_create_entry(title=name, data=_data(user_input))
        return self._show_form("task", user_input, self._suggested)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a task; what was counted stays."""
        subentry = self._get_reconfigure_subentry()
        if user_input is not None and (name := _name(user_input)):
            return self.async_update_and_abort(
                self._get_entry(), subentry, title=name, data=_data(user_input)
            )
        known = {CONF_NAME: subentry.title, **subentry.data}
        return self._show_form("reconfigure", user_input, known)

    def _show_form(
        self,
        step_id: str,
        user_input: dict[str, Any] | None,
        suggested: dict[str, Any] | None,
    ) -> SubentryFlowResult:
        """Show the form of a task."""
        schema = vol.Schema(
            {
                vol.Required(CONF_NAME): TextSelector(),
                vol.Required(CONF_COUNTED): SelectSelector(
                    SelectSelectorConfig(
                        options=_countable(self._get_entry()),
                        mode=SelectSelectorMode.DROPDOWN,
                        translation_key="maintenance_counted",
                    )
                ),
                vol.Required(CONF_INTERVAL): vol.All(
                    NumberSelector(
                        NumberSelectorConfig(
                            min=1,
                            max=MAX_TASK_INTERVAL,
                            step=1,
                            mode=NumberSelectorMode.BOX,
                        )
                    ),
                    vol.Coerce(int),
                ),
            }
        )
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                schema, user_input or suggested
            ),
            # the name is all that the form itself does not check
            errors={CONF_NAME: "invalid_name"} if user_input is not None else {},
        )

    async def _async_suggest(self, preset: str) -> dict[str, Any] | None:
        """Return the values of a preset, with its name in Home Assistant's language."""
        if preset == OWN:
            return None
        texts = await async_get_translations(
            self.hass, self.hass.config.language, "selector", {DOMAIN}
        )
        key = f"component.{DOMAIN}.selector.maintenance_preset.options.{preset}"
        return {
            CONF_NAME: texts.get(key, ""),
            CONF_COUNTED: PRESETS[preset].counted,
            CONF_INTERVAL: PRESETS[preset].interval,
        }


def _countable(entry: ConfigEntry) -> list[str]:
    """Return what a printer counts; not every one has a right nozzle."""
    single = entry.data[CONF_NOZZLE_COUNT] <= 1
    return [
        each.value
        for each in Counted
        if not (single and each is Counted.FILAMENT_RIGHT)
    ]


def _presets(entry: ConfigEntry) -> list[str]:
    """Return the presets that a printer has a use for."""
    countable = _countable(entry)
    return [key for key, preset in PRESETS.items() if preset.counted in countable]


def _name(user_input: dict[str, Any]) -> str:
    """Return the name that was typed, nothing where it would not be seen."""
    return visible_text(user_input[CONF_NAME]).strip()


def _data(user_input: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of a form beside the name."""
    return {key: user_input[key] for key in (CONF_COUNTED, CONF_INTERVAL)}
