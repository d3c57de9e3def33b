"""What is said of a job in plain text, in the language of Home Assistant."""

from collections.abc import Mapping
from dataclasses import dataclass

from homeassistant.const import UnitOfMass
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN
from .jobs import LoggedJob
from .models import PrinterStatus

_ATTRIBUTES = "event.job.state_attributes"


@dataclass(frozen=True, slots=True)
class JobTexts:
    """The names that entities, their states and their attributes have anyway."""

    _translations: Mapping[str, str]

    @property
    def nameless(self) -> str:
        """What a job is called whose file is not known."""
        return self._text("event.job.name")

    def status(self, status: PrinterStatus | None) -> str:
        """Return a status, nothing where it is not known."""
        return self._text(f"sensor.status.state.{status}") if status else ""

    def result(self, job: LoggedJob) -> str:
        """Return how a job has ended, in one line each for what is known of it."""
        figures = (
            (f"{_ATTRIBUTES}.duration.name", _duration(job.duration)),
            (
                f"{_ATTRIBUTES}.estimated_duration.name",
                _duration(job.estimated_duration),
            ),
            (f"{_ATTRIBUTES}.layers.name", _count(job.layers)),
            ("sensor.filament_used_left.name", _grams(job.filament_left)),
            ("sensor.filament_used_right.name", _grams(job.filament_right)),
        )
        outcome = self._text(f"{_ATTRIBUTES}.event_type.state.{job.phase}")
        lines = [f"{self._text(key)}: {text}" for key, text in figures if text]
        return "\n".join([outcome, *lines])

    def _text(self, key: str) -> str:
        """Return a text by its key."""
        return self._translations[f"component.{DOMAIN}.entity.{key}"]


async def async_get_job_texts(hass: HomeAssistant) -> JobTexts:
    """Return the texts, in English where one is not translated."""
    language = hass.config.language
    return JobTexts(await async_get_translations(hass, language, "entity", [DOMAIN]))


def _duration(seconds: int | None) -> str:
    """Return hours, minutes and seconds, as they are written everywhere."""
    if seconds is None:
        return ""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def _count(number: int | None) -> str:
    """Return a number."""
    return "" if number is None else str(number)


def _grams(grams: float | None) -> str:
    """Return a weight to the tenth of a gram."""
    return "" if grams is None else f"{round(grams, 1):g} {UnitOfMass.GRAMS}"
