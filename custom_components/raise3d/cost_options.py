"""What a user has set of prices, meter and tariff."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from homeassistant.config_entries import ConfigEntry

from .const import CONF_NOZZLE_COUNT
from .jobs import Prices, Source

CONF_PRICE_LEFT: Final = "filament_price_left"
CONF_PRICE_RIGHT: Final = "filament_price_right"
CONF_ENERGY_METER: Final = "energy_meter"
CONF_POWER_SENSOR: Final = "power_sensor"
CONF_ENERGY_PRICE: Final = "energy_price"
CONF_ENERGY_PRICE_SENSOR: Final = "energy_price_sensor"

_SENSORS: Final = (CONF_ENERGY_METER, CONF_POWER_SENSOR, CONF_ENERGY_PRICE_SENSOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostOptions:
    """The options of one printer; what is not set is None."""

    prices: Prices
    source: Source | None
    plug: str | None
    """The sensor of the plug."""
    energy_price: float | None
    """Per kWh."""
    price_sensor: str | None

    @classmethod
    def of(cls, entry: ConfigEntry) -> Self:
        """Return the options of an entry."""
        options = entry.options
        meter, power = options.get(CONF_ENERGY_METER), options.get(CONF_POWER_SENSOR)
        price = options.get(CONF_ENERGY_PRICE)
        sensor = options.get(CONF_ENERGY_PRICE_SENSOR)
        has_right = entry.data[CONF_NOZZLE_COUNT] > 1
        source = None
        if meter or power:
            source = Source.METER if meter else Source.POWER
        return cls(
            prices=Prices(
                filament_left=options.get(CONF_PRICE_LEFT),
                filament_right=options.get(CONF_PRICE_RIGHT) if has_right else None,
                energy=source is not None and bool(sensor or price is not None),
            ),
            source=source,
            plug=meter or power,
            energy_price=price,
            price_sensor=sensor,
        )

    @property
    def sensors(self) -> list[str]:
        """The entities that show the plug and the tariff."""
        return [each for each in (self.plug, self.price_sensor) if each]

    @property
    def sensor_keys(self) -> frozenset[str]:
        """The keys of the sensors that have something to show, none without options."""
        money = self.prices.filament or self.prices.energy
        return frozenset(
            (["last_job_energy"] if self.plug else [])
            + (["last_job_cost", "cost_total"] if money else [])
        )


def with_renamed(
    options: Mapping[str, object], old: str, new: str
) -> dict[str, object]:
    """Return options that name a sensor by its new entity id."""
    named = {key: new for key in _SENSORS if options.get(key) == old}
    return {**options, **named}
