"""Repair issues of the Raise3D integration: what only a person can mend."""

from enum import StrEnum

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN


class Issue(StrEnum):
    """What can need a person; each is gone when it is mended."""

    API_OFF = "api_off"
    STORAGE_LOW = "storage_low"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - the name of an issue
    WRONG_PRINTER = "wrong_printer"


@callback
def async_set_issue(
    hass: HomeAssistant, entry: ConfigEntry, issue: Issue, *, active: bool
) -> None:
    """Raise an issue of a printer, or take it back."""
    issue_id = f"{issue}_{entry.entry_id}"
    if not active:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=issue,
        translation_placeholders={"name": entry.title},
    )


@callback
def async_delete_issues(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take all issues of a printer back."""
    for issue in Issue:
        async_set_issue(hass, entry, issue, active=False)
