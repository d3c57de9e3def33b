"""Repair issues of the Raise3D integration: what only the user can fix."""

from enum import StrEnum
import time
from typing import Final

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
from .models import NO_SYSTEM
from .plain_text import plain_text


class Issue(StrEnum):
    """The repair issues of a printer; each is cleared when it is fixed."""

    API_OFF = "api_off"
    GONE = "gone"
    STORAGE_LOW = "storage_low"
    WRONG_PRINTER = "wrong_printer"


# Issues for which the own networks can be searched for the printer.
SEARCHABLE: Final = frozenset({Issue.GONE, Issue.WRONG_PRINTER})


class PrinterIssues:
    """Raises and clears the issues of one printer while its entry is set up."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Clear the issues with the entry: a disabled printer has none.

        The state of the entry is watched, because `async_unload_entry` is not called
        while a setup is being retried.
        """
        self._hass = hass
        self._entry = entry
        # unknown at first: an issue may have been raised before a retry of the setup
        self._active: dict[Issue, bool] = {}
        self._closed = False
        self._unsubscribe = entry.async_on_state_change(self._async_handle_state)

    @callback
    def async_set(self, issue: Issue, *, active: bool) -> None:
        """Raise or clear an issue, if that changes anything."""
        if self._closed or self._active.get(issue) is active:
            return
        self._active[issue] = active
        if active:
            async_raise_issue(self._hass, self._entry, issue)
        else:
            async_clear_issue(self._hass, self._entry, issue)

    @callback
    def async_update(self, system: SystemInfo, *, verified: bool) -> None:
        """Clear the issues that a poll disproves, and check the free storage."""
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
        """Raise an issue where the printer is on, but its API is not.

        A printer that is off refuses no connection. Where one is refused, another
        machine may have the address; only a printer also has a camera server.
        """
        if time.monotonic() - answered_at < API_OFF_AFTER:
            return
        camera = Raise3DCamera(
            async_get_clientsession(self._hass), self._entry.data[CONF_HOST]
        )
        active = isinstance(err, Raise3DApiDownError) and (
            err.certain or await camera.is_listening(camera_port)
        )
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
        # later, because Home Assistant is iterating over its listeners
        self._hass.loop.call_soon(self._unsubscribe)


@callback
def async_raise_issue(hass: HomeAssistant, entry: ConfigEntry, issue: Issue) -> None:
    """Raise an issue of a printer."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry, issue),
        data={"entry_id": entry.entry_id},
        is_fixable=issue in SEARCHABLE,
        severity=ir.IssueSeverity.WARNING,
        translation_key=issue,
        translation_placeholders={"name": plain_text(entry.title)},
    )


@callback
def async_clear_issue(hass: HomeAssistant, entry: ConfigEntry, issue: Issue) -> None:
    """Clear an issue of a printer."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry, issue))


@callback
def async_clear_issues(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Clear all issues of a printer."""
    for issue in Issue:
        async_clear_issue(hass, entry, issue)


def _issue_id(entry: ConfigEntry, issue: Issue) -> str:
    """Return the id of an issue, unique among all printers."""
    return f"{issue}_{entry.entry_id}"


def is_searchable(entry: ConfigEntry, issue_id: str) -> bool:
    """Whether an issue is one that a search for the printer may fix."""
    return issue_id in {_issue_id(entry, issue) for issue in SEARCHABLE}
