"""Storage that goes with its config entry: nothing is written after it is removed."""

from collections.abc import Callable
import logging
from typing import Final, override
from weakref import WeakSet

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import (
    HomeAssistantError,
    UnsupportedStorageVersionError,
)
from homeassistant.helpers.singleton import singleton
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

_LOGGER = logging.getLogger(__name__)

# What a load and a read raise where a file is damaged.
DAMAGE_ERRORS: Final = (
    ArithmeticError,
    AttributeError,
    HomeAssistantError,
    KeyError,
    NotImplementedError,  # by Home Assistant's storage, for a version before the first
    TypeError,
    ValueError,
)

type EntryStores = WeakSet[EntryStore]

_STORES: HassKey[EntryStores] = HassKey(f"{DOMAIN}.stores")


class EntryStore(Store[dict[str, object]]):
    """The storage of a part of what is kept of a printer, readable by its owner only.

    Home Assistant writes at its stop what was not written yet. Where an entry is
    removed after that has begun, its file would come back.
    """

    def __init__(
        self, hass: HomeAssistant, version: int, key: str, *, minor_version: int = 1
    ) -> None:
        """Be known to whoever removes the entry."""
        super().__init__(hass, version, key, private=True, minor_version=minor_version)
        self._due_at: float | None = None
        _stores(hass).add(self)

    async def async_read[KeptT](
        self, read: Callable[[dict[str, object]], KeptT], name: str, title: str
    ) -> KeptT | None:
        """Return what a function reads of what was stored, None where it cannot.

        The function raises an error if that is damaged. What a newer version has stored
        is kept. Either is logged, as something of the printer with a title.
        """
        try:
            stored = await self.async_load()
            return None if stored is None else read(stored)
        except UnsupportedStorageVersionError:
            _LOGGER.warning(
                "The stored %s of %s is of a newer version and is kept; until an "
                "update, nothing of it is stored",
                name,
                title,
            )
            self.make_read_only()
        except DAMAGE_ERRORS:
            _LOGGER.warning(
                "The stored %s of %s is damaged and is not used", name, title
            )
        return None

    @property
    def due(self) -> bool:
        """Whether there is anything that is not stored yet."""
        return self._due_at is not None

    @callback
    def async_schedule(
        self, data_fn: Callable[[], dict[str, object]], delay: float
    ) -> None:
        """Store what a function returns after a delay, or sooner where that is due.

        The delayed save of Home Assistant is put off by each new one.
        """
        due_at = self.hass.loop.time() + delay
        if self._due_at is not None and self._due_at <= due_at:
            return
        self._due_at = due_at

        def take() -> dict[str, object]:
            """Return what is to be stored now."""
            self._due_at = None
            return data_fn()

        self.async_delay_save(take, delay)

    @override
    async def async_save(self, data: dict[str, object]) -> None:
        """Store now, instead of what is due."""
        self._due_at = None
        await super().async_save(data)

    @override
    async def async_remove(self) -> None:
        """Remove the file, once what is being written is, and let none come back."""
        for store in [each for each in _stores(self.hass) if each.key == self.key]:
            store.make_read_only()
            # what is under way ends, what is due is dropped
            await store.async_save({})
        await super().async_remove()


@singleton(_STORES)
def _stores(hass: HomeAssistant) -> EntryStores:
    """Return all of them that are in use."""
    return WeakSet()
