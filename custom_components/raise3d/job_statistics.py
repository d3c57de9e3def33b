"""Writes what a printer has printed to Home Assistant's long-term statistics."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from homeassistant.components.recorder.const import DOMAIN as RECORDER
from homeassistant.components.recorder.models.statistics import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    async_add_external_statistics,
    statistics_during_period,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import PERCENTAGE, UnitOfMass, UnitOfTime
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.recorder import get_instance
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util, slugify
from homeassistant.util.unit_conversion import DurationConverter, MassConverter

from .const import CONF_NOZZLE_COUNT, DOMAIN, MAX_STATISTICS_DELAY, STATISTICS_DELAY
from .job_log import JobLog
from .jobs import Figures, HourSums, LoggedJob, changed_hours, hour_of
from .jobs.sums import is_close

# Before any printer.
_FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Statistic(StrEnum):
    """The end of a statistic's id; the sums are fields of Figures."""

    PRINTS = "prints"
    COMPLETED = "completed"
    FAILED = "failed"
    HOURS = "hours"
    FILAMENT_LEFT = "filament_left"
    FILAMENT_RIGHT = "filament_right"
    SUCCESS_RATE = "success_rate"


class Unit(NamedTuple):
    """What a statistic is measured in."""

    unit_class: str | None = None
    unit: str | None = None


_SUMS: Final = tuple(Statistic(field.name) for field in fields(Figures))
_GRAMS: Final = Unit(MassConverter.UNIT_CLASS, UnitOfMass.GRAMS)
_UNITS: Final[Mapping[Statistic, Unit]] = {
    Statistic.HOURS: Unit(DurationConverter.UNIT_CLASS, UnitOfTime.HOURS),
    Statistic.FILAMENT_LEFT: _GRAMS,
    Statistic.FILAMENT_RIGHT: _GRAMS,
    Statistic.SUCCESS_RATE: Unit("unitless", PERCENTAGE),
}


class JobStatistics:
    """The statistics of one printer, which follow its log."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, log: JobLog) -> None:
        """Start without any statistics, which `async_start` reads."""
        self.ids: dict[Statistic, str] = {}
        """The ids of those that there are."""
        self._hass = hass
        self._entry = entry
        self._log = log
        self._hours: dict[str, datetime] = {}
        self._vacated: set[datetime] = set()
        self._cancel_wait: CALLBACK_TYPE | None = None
        self._waits_since = 0.0

    @callback
    def async_start(self) -> None:
        """Write what is new since the last time, and from now on what will be."""
        if RECORDER not in self._hass.config.components:
            return
        for job in self._log.jobs:
            self._note_hour(job)
        self._entry.async_on_unload(self._log.async_add_listener(self._handle_job))
        self._entry.async_on_unload(self._end_wait)
        self._async_begin()

    @callback
    def _handle_job(self, job: LoggedJob) -> None:
        """Collect what is new until nothing more comes, or for an hour."""
        self._note_hour(job)
        now = self._hass.loop.time()
        if self._cancel_wait is None:
            self._waits_since = now
        else:
            self._cancel_wait()
        left = max(0.0, self._waits_since + MAX_STATISTICS_DELAY - now)
        self._cancel_wait = async_call_later(
            self._hass,
            min(STATISTICS_DELAY, left),
            HassJob(self._handle_wait_over, cancel_on_shutdown=True),
        )

    @callback
    def _note_hour(self, job: LoggedJob) -> None:
        """Keep in which hour a job is counted, and which one it has vacated."""
        hour, before = hour_of(job, dt_util.utcnow()), self._hours.pop(job.key, None)
        if hour is not None:
            self._hours[job.key] = hour
        if before not in (None, hour):
            self._vacated.add(before)

    @callback
    def _handle_wait_over(self, _now: datetime) -> None:
        """Write what was collected."""
        self._cancel_wait = None
        self._async_begin()

    @callback
    def _end_wait(self) -> None:
        """Leave what was collected to the next start."""
        if self._cancel_wait is not None:
            self._cancel_wait()
            self._cancel_wait = None

    @callback
    def _async_begin(self) -> None:
        """Write in the background: the recorder may not be ready yet."""
        self._entry.async_create_background_task(
            self._hass, self._async_write(), f"{DOMAIN} statistics"
        )

    async def _async_write(self) -> None:
        """Write the hours that differ from what is stored."""
        instance = get_instance(self._hass)
        await instance.async_recorder_ready.wait()
        ids = statistic_ids(self._entry)
        rows = await instance.async_add_executor_job(
            _read_sums, self._hass, {ids[each] for each in _SUMS}
        )
        stored = _by_hour({each: rows.get(ids[each], []) for each in _SUMS})
        now = dt_util.utcnow()
        hours = changed_hours(self._log.jobs, stored, now, self._vacated)
        self._vacated = set()
        if not stored and not hours:
            return
        names = await _async_get_names(self._hass)
        for each, statistic_id in ids.items():
            # also without anything new: the printer or the language may have changed
            async_add_external_statistics(
                self._hass,
                self._metadata(each, statistic_id, names),
                _new_rows(each, hours),
            )
        self.ids = ids

    def _metadata(
        self, each: Statistic, statistic_id: str, names: Mapping[str, str]
    ) -> StatisticMetaData:
        """Return what a statistic is, and what it is called."""
        is_rate = each is Statistic.SUCCESS_RATE
        name = names[f"component.{DOMAIN}.config_panel.statistics.{each}"]
        unit = _UNITS.get(each, Unit())
        return StatisticMetaData(
            mean_type=StatisticMeanType.ARITHMETIC
            if is_rate
            else StatisticMeanType.NONE,
            has_sum=not is_rate,
            name=f"{self._entry.title} {name}",
            source=DOMAIN,
            statistic_id=statistic_id,
            unit_class=unit.unit_class,
            unit_of_measurement=unit.unit,
        )


def statistic_ids(entry: ConfigEntry) -> dict[Statistic, str]:
    """Return the ids of the statistics that a printer has or may have."""
    machine = slugify(str(entry.unique_id))
    return {
        each: f"{DOMAIN}:{machine}_{each}"
        for each in Statistic
        if each is not Statistic.FILAMENT_RIGHT or entry.data[CONF_NOZZLE_COUNT] > 1
    }


@callback
def async_clear_statistics(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove the statistics of a printer with its entry."""
    if RECORDER in hass.config.components:
        ids = statistic_ids(entry)
        get_instance(hass).async_clear_statistics(list(ids.values()))


def _read_sums(hass: HomeAssistant, ids: set[str]) -> dict[str, list[StatisticsRow]]:
    """Read all that is stored; runs outside of the event loop."""
    return statistics_during_period(hass, _FIRST, None, ids, "hour", None, {"sum"})


def _by_hour(
    rows: Mapping[Statistic, list[StatisticsRow]],
) -> dict[datetime, Figures]:
    """Return the stored sums by hour; all of them have the same hours."""
    found: dict[datetime, dict[str, float]] = {}
    for each, its_rows in rows.items():
        for row in its_rows:
            hour = dt_util.utc_from_timestamp(row["start"])
            found.setdefault(hour, {})[each.value] = row["sum"] or 0
    return {hour: Figures(**sums) for hour, sums in found.items()}


def _new_rows(each: Statistic, hours: list[HourSums]) -> list[StatisticData]:
    """Return the rows of a statistic that differ from what is stored."""
    if each is Statistic.SUCCESS_RATE:
        return [_rate(hour) for hour in hours if hour.rate_is_new]
    return [
        StatisticData(start=hour.start, state=total, sum=total)
        for hour in hours
        for total in [_total(each, hour.sums)]
        if hour.stored is None or not is_close(total, _total(each, hour.stored))
    ]


def _rate(hour: HourSums) -> StatisticData:
    """Return the rate of an hour, without a value where nothing was decided."""
    if hour.success_rate is None:
        return StatisticData(start=hour.start)
    return StatisticData(start=hour.start, mean=hour.success_rate)


def _total(each: Statistic, sums: Figures) -> float:
    """Return a sum by the name of its statistic."""
    found: float = getattr(sums, each.value)
    return found


async def _async_get_names(hass: HomeAssistant) -> dict[str, str]:
    """Return the names of statistics in the language of Home Assistant."""
    language = hass.config.language
    return await async_get_translations(hass, language, "config_panel", [DOMAIN])
