"""Knows which printers are gone for long; searches for them where it is allowed to."""

from datetime import datetime, timedelta
import time
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval

from .api import RunningState
from .const import CONF_SEARCH_AGAIN, DOMAIN, GONE_AFTER, GONE_INTERVAL
from .follow import async_search_again, is_online, last_data, may_follow
from .issues import Issue, async_clear_issue, async_raise_issue

# States of an entry that waits for its printer, or has it.
_WAITING: Final = (
    ConfigEntryState.LOADED,
    ConfigEntryState.SETUP_IN_PROGRESS,
    ConfigEntryState.SETUP_RETRY,
)
# States in which nobody switches a printer off.
_AT_WORK: Final = (RunningState.RUNNING, RunningState.PAUSED)


class GonePrinters:
    """Watches all entries: one whose setup is retried has no coordinator to do so.

    A printer that is switched off is gone as well, and most are off most of the time.
    So nobody is bothered, unless it went in the middle of a print.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Know of no outage yet."""
        self._hass = hass
        self._since: dict[str, float] = {}
        # ids of entries in their present outage: of those it was decided whether to
        # raise an issue, and these were searched for
        self._handled: set[str] = set()
        self._searched: set[str] = set()

    @callback
    def async_start(self) -> None:
        """Check regularly until Home Assistant stops."""
        async_track_time_interval(
            self._hass,
            self._async_check,
            timedelta(seconds=GONE_INTERVAL),
            name="raise3d gone printers",
            cancel_on_shutdown=True,
        )

    async def _async_check(self, _: datetime) -> None:
        """Search once for the printers that are gone for an hour."""
        entries = self._hass.config_entries.async_entries(DOMAIN)
        gone = [entry for entry in entries if self._is_gone(entry)]
        new = [entry for entry in gone if entry.entry_id not in self._handled]
        # permission may come later in an outage
        allowed = [
            entry
            for entry in gone
            if entry.entry_id not in self._searched
            and entry.options.get(CONF_SEARCH_AGAIN)
            and may_follow(entry)
        ]
        self._handled |= {entry.entry_id for entry in new}
        self._searched |= {entry.entry_id for entry in allowed}
        found: frozenset[str] = frozenset()
        if allowed:
            found = await async_search_again(self._hass, allowed)
        for entry in new:
            # as it was last read, before the outage
            at_work = last_data(entry).state in _AT_WORK
            # it may have come back while it was searched for
            back = entry.entry_id in found or is_online(entry)
            if at_work and not back:
                async_raise_issue(self._hass, entry, Issue.GONE)

    @callback
    def _is_gone(self, entry: ConfigEntry) -> bool:
        """Whether a printer is gone for an hour."""
        entry_id = entry.entry_id
        if entry.state not in _WAITING or is_online(entry):
            self._since.pop(entry_id, None)
            self._searched.discard(entry_id)
            if entry_id in self._handled:
                self._handled.discard(entry_id)
                async_clear_issue(self._hass, entry, Issue.GONE)
            return False
        now = time.monotonic()
        return now - self._since.setdefault(entry_id, now) >= GONE_AFTER
