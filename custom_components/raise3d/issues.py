"""Issues of the Raise3D integration: what only a person can fix."""

from enum import StrEnum
import time

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .api import (
    Raise3DApiDownError,
    Raise3DCamera,
    Raise3DConnectionError,
    SystemInfo,
)
from .const import API_OFF_AFTER, DOMAIN, STORAGE_LOW
from .helpers import plain_text
from .models import NO_SYSTEM


class Issue(StrEnum):
    """What can need a person; each is gone when it is fixed."""

    API_OFF = "api_off"
    STORAGE_LOW = "storage_low"
    WRONG_PRINTER = "wrong_printer"


class PrinterIssues:
    """Raises and clears the issues of one printer while its entry is set up."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Follow the entry: nobody needs an issue of a printer that is disabled.

        Its state says more than `async_unload_entry` would, which is not called
        where the setup is being retried.
        """
        self._hass = hass
        self._entry = entry
        # unknown at first: an issue may have been raised before a retry of the setup
        self._active: dict[Issue, bool] = {}
        self._closed = False
        self._unsubscribe = entry.async_on_state_change(self._async_handle_state)

    @callback
    def async_set(self, issue: Issue, *, active: bool) -> None:
        """Raise an issue or clear it, where that changes anything."""
        if self._closed or self._active.get(issue) is active:
            return
        self._active[issue] = active
        if not active:
            ir.async_delete_issue(self._hass, DOMAIN, _issue_id(self._entry, issue))
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            _issue_id(self._entry, issue),
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=issue,
            translation_placeholders={"name": plain_text(self._entry.title)},
        )

    @callback
    def async_follow(self, system: SystemInfo, *, verified: bool) -> None:
        """Clear what a poll has disproved; a storage that fills up is raised here."""
        self.async_set(Issue.API_OFF, active=False)
        if verified:
            self.async_set(Issue.WRONG_PRINTER, active=False)
        if system is not NO_SYSTEM:
            free = system.storage_available
            self.async_set(
                Issue.STORAGE_LOW, active=free is not None and free < STORAGE_LOW
            )

    async def async_check_api(
        self, err: Raise3DConnectionError, answered_at: float, camera_port: int
    ) -> None:
        """Find out whether the printer is on and only its API is not.

        A machine that is off refuses nothing. One that refuses may have taken the
        printer's address; the printer's own still has its camera server.
        """
        if time.monotonic() - answered_at < API_OFF_AFTER:
            return
        active = isinstance(err, Raise3DApiDownError)
        if isinstance(err, Raise3DApiDownError) and not err.certain:
            camera = Raise3DCamera(
                async_get_clientsession(self._hass), self._entry.data[CONF_HOST]
            )
            active = await camera.is_listening(camera_port)
        self.async_set(Issue.API_OFF, active=active)

    @callback
    def _async_handle_state(self) -> None:
        """Clear all issues with the entry, or leave them to its next setup."""
        if self._closed:
            return
        ended = (ConfigEntryState.NOT_LOADED, ConfigEntryState.FAILED_UNLOAD)
        if self._entry.state in ended:
            async_clear_issues(self._hass, self._entry)
        elif self._entry.state is not ConfigEntryState.SETUP_IN_PROGRESS:
            return
        self._closed = True
        # not now: Home Assistant is going through the list that this is in
        self._hass.loop.call_soon(self._unsubscribe)


@callback
def async_clear_issues(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Clear all issues of a printer."""
    for issue in Issue:
        ir.async_delete_issue(hass, DOMAIN, _issue_id(entry, issue))


def _issue_id(entry: ConfigEntry, issue: Issue) -> str:
    """Return what names an issue among those of all printers."""
    return f"{issue}_{entry.entry_id}"
