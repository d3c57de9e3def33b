"""Keeps the sum of what jobs have cost in Home Assistant's storage."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback

from .const import COSTS_VERSION, DOMAIN, JOB_LOG_DELAY, MAX_AWAITED
from .entry_store import EntryStore
from .job_energy import RunningEnergy
from .job_log import JobLog
from .jobs import LoggedJob, Prices, added_cost, with_cost
from .jobs.stored import read_mapping, read_str


class CostLedger:
    """The sum of the costs of one printer, each part of a job in it once.

    The energy of the job that runs is stored in the same file, so that both agree.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        log: JobLog,
        prices: Prices,
        energy: RunningEnergy,
    ) -> None:
        """Start without a sum, which `async_load` fills."""
        self.totals: dict[str, Decimal] = {}
        """All that is known of the cost of all jobs, for each currency."""
        self.currency = hass.config.currency
        self._entry = entry
        self._log = log
        self._prices = prices
        self._energy = energy
        self._store = _cost_store(hass, entry)
        self._last: str | None = None
        # completed jobs whose grams may still come
        self._awaited: list[str] = []
        self._listeners: list[CALLBACK_TYPE] = []

    @property
    def known_total(self) -> float | None:
        """The sum, None where nothing has ever had a price."""
        priced = self._prices.filament or self._prices.energy
        total = self.totals.get(self.currency, Decimal())
        return float(total) if priced or total else None

    @property
    def last_job(self) -> LoggedJob | None:
        """The last job that has ended."""
        job = None if self._last is None else self._log.get(self._last)
        return job and job.in_currency(self.currency)

    async def async_load(self) -> None:
        """Load what is kept over restarts, and resume the energy of a job."""
        await self._store.async_read(self._read, "costs", self._entry.title)

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Listen to new costs."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def awaits(self, key: str | None) -> bool:
        """Whether the grams of a job may still come."""
        return key in self._awaited

    @callback
    def async_end(self, before: LoggedJob, job: LoggedJob, *, grams: bool) -> None:
        """Keep a job that has ended; its grams may come later."""
        if grams and self._prices.filament:
            self._awaited = [*self._awaited, job.key][-MAX_AWAITED:]
        self._last = job.key
        self.async_keep(before, job)

    @callback
    def async_keep(self, before: LoggedJob, job: LoggedJob) -> None:
        """Keep a job with its cost, and add what is new of it to the sum."""
        before = before.in_currency(self.currency)
        job = with_cost(job.in_currency(self.currency), self._prices)
        job = replace(job, currency=self.currency)
        if job.filament_cost is not None and job.key in self._awaited:
            self._awaited.remove(job.key)
        total = self.totals.get(self.currency, Decimal())
        self.totals[self.currency] = total + added_cost(before, job)
        self._log.async_put(job)
        self.async_schedule_save()
        for listener in list(self._listeners):
            listener()

    @callback
    def async_schedule_save(self, delay: float = JOB_LOG_DELAY) -> None:
        """Store soon what has changed."""
        self._store.async_schedule(self._as_dict, delay)

    async def async_save(self, _stop: Event | None = None) -> None:
        """Store now: until then, plug and tariff were followed."""
        await self._store.async_save(self._as_dict())

    def _read(self, stored: Mapping[str, object]) -> None:
        """Read what was stored; raises ArithmeticError or KeyError if damaged."""
        awaited = stored["awaited"]
        totals = {
            currency: Decimal(str(total))
            for currency, total in read_mapping(stored["totals"]).items()
        }
        self._last = read_str(stored["last"])
        self._awaited = list(map(str, awaited)) if isinstance(awaited, list) else []
        # a sum that is no number would never be one again
        self.totals = {key: each for key, each in totals.items() if each.is_finite()}
        if stored["energy"] is not None:
            self._energy.async_resume(stored["energy"])

    def _as_dict(self) -> dict[str, object]:
        """Return what is stored."""
        return {
            "totals": {key: str(total) for key, total in self.totals.items()},
            "last": self._last,
            "awaited": self._awaited,
            "energy": self._energy.as_dict(),
        }


def _cost_store(hass: HomeAssistant, entry: ConfigEntry) -> EntryStore:
    """Return the storage of a printer's costs."""
    return EntryStore(hass, COSTS_VERSION, f"{DOMAIN}.{entry.entry_id}.costs")


async def async_remove_costs(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove the costs of a printer with its entry."""
    await _cost_store(hass, entry).async_remove()
