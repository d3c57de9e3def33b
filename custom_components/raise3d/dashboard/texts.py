"""The few texts of a dashboard that Home Assistant does not have, translated."""

from collections.abc import Mapping
from dataclasses import dataclass

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts in one language."""

    _translations: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        """Return a text of the dashboard."""
        return self._translations[f"component.{DOMAIN}.config_panel.dashboard.{key}"]

    def statistic(self, key: str) -> str:
        """Return what a statistic is called."""
        return self._translations[f"component.{DOMAIN}.config_panel.statistics.{key}"]

    def status(self, state: str) -> str:
        """Return what a status is called."""
        return self._translations[
            f"component.{DOMAIN}.entity.sensor.status.state.{state}"
        ]


async def async_get_texts(hass: HomeAssistant, language: str) -> Texts:
    """Return the texts in a language, in English where one is not translated."""
    found: dict[str, str] = {}
    for category in ("config_panel", "entity"):
        found |= await async_get_translations(hass, language, category, [DOMAIN])
    return Texts(found)
