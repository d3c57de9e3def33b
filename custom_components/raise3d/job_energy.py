"""Follows the plug of a printer and the tariff while a job runs."""

from datetime import datetime

from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util

from .const import UNSEEN_AFTER
from .cost_options import CostOptions
from .jobs import Bill, JobEnergy, JobEvent, Used
from .jobs.stored import format_time, read_mapping, read_time
from .plug import async_read_plug, async_read_price


class RunningEnergy:
    """The energy of the job that runs, from the moment that it was seen to start."""

    def __init__(self, hass: HomeAssistant, options: CostOptions) -> None:
        """Start without a job."""
        self._hass = hass
        self._currency = hass.config.currency
        self.options = options
        """Only a sensor gets another name while this is in use."""
        self.key: str | None = None
        """The key of the job in the log, also where its id came late."""
        self._energy: JobEnergy | None = None
        self._seen_at: datetime | None = None

    def counts(self, key: str) -> bool:
        """Whether the energy of a job is counted."""
        return self._energy is not None and key == self.key

    @callback
    def async_follow(self, store: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Follow plug and tariff; have each new price of a job stored."""

        @callback
        def handle(event: Event[EventStateChangedData]) -> None:
            """Count until now, and go on with what is shown."""
            if self._energy is not None:
                now = dt_util.utcnow()
                if event.data["entity_id"] == self.options.price_sensor:
                    self._note_price(self._energy, now)
                    store()
                else:
                    self._note_plug(self._energy, now)

        return async_track_state_change_event(self._hass, self.options.sensors, handle)

    @callback
    def async_start(self, key: str, before: Used) -> None:
        """Count for a job, on top of what it has used before if that is known."""
        now = dt_util.utcnow()
        if self.options.source is None or before.energy is None:
            self.async_drop()
            return
        price = async_read_price(self._hass, self.options)
        bill = Bill.since(now, price, before.cost)
        source, energy = self.options.source, before.energy
        self._energy = JobEnergy.since(now, source, bill, energy)
        self.key, self._seen_at = key, now
        self._note_plug(self._energy, now)

    @callback
    def async_note_active(self) -> None:
        """Note that the printer was seen to print the job."""
        self._seen_at = dt_util.utcnow()

    @callback
    def async_end(self, key: str, event: JobEvent) -> Used | None:
        """Return what a job has used, None if nothing was counted for it.

        Where its end was not seen, some of the energy may not be its own.
        """
        if self._energy is None or not self.counts(key):
            return None
        now = dt_util.utcnow()
        used = self._energy.close(now)
        unseen = self._seen_at is None or _seconds(self._seen_at, now) > UNSEEN_AFTER
        self.async_drop()
        return Used() if event.late and unseen else used

    @callback
    def async_drop(self) -> None:
        """Stop counting, without a result."""
        self._energy, self.key, self._seen_at = None, None, None

    @callback
    def async_resume(self, data: object) -> None:
        """Go on after a restart; raises KeyError, TypeError or ValueError if damaged.

        Until then, the plug and the tariff were unknown.
        """
        stored = read_mapping(data)
        if stored["plug"] != self.options.plug:
            return
        energy = JobEnergy.from_dict(read_mapping(stored["energy"]))
        if energy.source is not self.options.source:
            return
        if stored["currency"] != self._currency:
            energy.bill.cost = None
        saved_at, now = read_time(stored["saved_at"]), dt_util.utcnow()
        if saved_at is not None:
            energy.note_reading(saved_at, None)
            if self.options.price_sensor is not None:
                energy.bill.note_price(saved_at, None)
        self._note_price(energy, now)
        self._note_plug(energy, now)
        self._energy, self.key = energy, str(stored["key"])
        self._seen_at = read_time(stored["seen_at"])

    @callback
    def as_dict(self) -> dict[str, object] | None:
        """Return what is stored, None without a job."""
        if self._energy is None:
            return None
        return {
            "plug": self.options.plug,
            "currency": self._currency,
            "key": self.key,
            "seen_at": format_time(self._seen_at),
            "saved_at": format_time(dt_util.utcnow()),
            "energy": self._energy.as_dict(),
        }

    def _note_plug(self, energy: JobEnergy, now: datetime) -> None:
        """Note what the sensor of the plug shows now."""
        energy.note_reading(now, async_read_plug(self._hass, self.options))

    def _note_price(self, energy: JobEnergy, now: datetime) -> None:
        """Note the price that is valid now."""
        energy.bill.note_price(now, async_read_price(self._hass, self.options))


def was_seen_to_start(event: JobEvent) -> bool:
    """Whether a job has only just started."""
    if event.late or event.started_at is None:
        return False
    return _seconds(event.started_at, dt_util.utcnow()) <= UNSEEN_AFTER


def _seconds(start: datetime, end: datetime) -> float:
    """Return the seconds between two times."""
    return (end - start).total_seconds()
