"""A printer with a plug that counts, a tariff, and prices."""

from dataclasses import dataclass
from typing import Any

from custom_components.raise3d.cost_options import (
    CONF_ENERGY_METER,
    CONF_ENERGY_PRICE,
    CONF_ENERGY_PRICE_SENSOR,
    CONF_POWER_SENSOR,
    CONF_PRICE_LEFT,
    CONF_PRICE_RIGHT,
)
from custom_components.raise3d.jobs import LoggedJob
from homeassistant.const import STATE_UNAVAILABLE

from .common import MINUTE, Home

METER, POWER, TARIFF = "sensor.plug_energy", "sensor.plug_power", "sensor.tariff"
FILAMENT: dict[str, Any] = {CONF_PRICE_LEFT: 20, CONF_PRICE_RIGHT: 50}
METERED: dict[str, Any] = {CONF_ENERGY_METER: METER, CONF_ENERGY_PRICE: 0.3}
BY_POWER: dict[str, Any] = {CONF_POWER_SENSOR: POWER, CONF_ENERGY_PRICE: 0.3}
BY_TARIFF: dict[str, Any] = {
    CONF_ENERGY_METER: METER,
    CONF_ENERGY_PRICE_SENSOR: TARIFF,
}
# Grams of a print: 0.8 and 0.1 in money.
GRAMS = (40.0, 2.0)
SENSORS = ("last_job_energy", "last_job_cost", "cost_total")


@dataclass
class Workshop:
    """A home whose printer hangs on a plug."""

    home: Home

    def meter(self, kwh: float | None, state_class: str = "total_increasing") -> None:
        """Let the plug's meter show something."""
        attributes = {
            "device_class": "energy",
            "state_class": state_class,
            "unit_of_measurement": "Wh",
        }
        state = STATE_UNAVAILABLE if kwh is None else str(kwh * 1000)
        self.home.hass.states.async_set(METER, state, attributes)

    def power(self, watts: float | None) -> None:
        """Let the plug's power sensor show something."""
        attributes = {"device_class": "power", "unit_of_measurement": "W"}
        state = STATE_UNAVAILABLE if watts is None else str(watts)
        self.home.hass.states.async_set(POWER, state, attributes)

    def tariff(self, price: float | None, unit: str = "EUR/kWh") -> None:
        """Let the tariff's sensor show something."""
        state = STATE_UNAVAILABLE if price is None else str(price)
        self.home.hass.states.async_set(TARIFF, state, {"unit_of_measurement": unit})

    async def open(self, **options: object) -> None:
        """Set up the printer with options, and let it be idle for a while."""
        self.home.hass.config_entries.async_update_entry(
            self.home.entry, options=options
        )
        await self.home.set_up()
        await self.home.tick(MINUTE)

    async def print(self, minutes: int = 2) -> None:
        """Start a print."""
        self.home.printer.start(
            "Local/part.gcode", duration=minutes * MINUTE, filament=GRAMS
        )
        await self.home.tick(MINUTE)

    async def next_event(self) -> None:
        """Wait for the next event of a job, and not a second longer."""
        before = len(self.home.events)
        while len(self.home.events) == before:
            await self.home.tick(1)

    async def finish(self) -> None:
        """Let a print end, and take the part."""
        await self.home.tick(1.5 * MINUTE)
        self.home.printer.dismiss()
        await self.home.tick(MINUTE)

    @property
    def event(self) -> tuple[object, object]:
        """What the last event of the job says of energy and cost."""
        attributes = self.home.entity("job", "event").attributes
        return attributes["energy"], attributes["cost"]

    @property
    def states(self) -> list[str]:
        """What the sensors show."""
        return [self.home.state(key) for key in SENSORS]

    @property
    def jobs(self) -> tuple[LoggedJob, ...]:
        """The job log."""
        return self.home.coordinator.log.jobs
