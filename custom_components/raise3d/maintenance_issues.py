"""Repair issues of maintenance: what is overdue, and counters that started again."""

from collections.abc import Iterable, Mapping
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .plain_text import plain_text
from .upkeep import Task

OVERDUE: Final = "maintenance_overdue"
RESTARTED: Final = "counters_restarted"


class MaintenanceIssues:
    """Raises and clears the issues of one printer's maintenance.

    They stay while the entry is reloaded: one that a person has ignored stays ignored.
    Those that no longer hold then, because a task was changed, are cleared.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Start without knowing which issues there are."""
        self._hass = hass
        self._entry = entry
        self._raised: dict[str, Task] | None = None
        self._restarted = False

    @callback
    def async_update(self, overdue: Mapping[str, Task], *, restarted: bool) -> None:
        """Raise what is new, and clear what no longer holds."""
        before = self._raised or {}
        if self._raised is None or before.keys() - overdue.keys():
            self.async_keep(overdue, restarted=restarted)
        elif self._restarted and not restarted:
            self.async_keep(overdue)
        for task_id in overdue.keys() - before.keys():
            self._raise_overdue(task_id, overdue[task_id])
        if restarted and not self._restarted:
            self._raise_restarted()
        self._raised, self._restarted = dict(overdue), restarted

    @callback
    def async_keep(self, task_ids: Iterable[str], *, restarted: bool = False) -> None:
        """Clear all issues but those of some tasks, and that of the counters."""
        kept = {self._id(OVERDUE, task_id) for task_id in task_ids}
        if restarted:
            kept.add(self._id(RESTARTED))
        ours = (self._id(OVERDUE), self._id(RESTARTED))
        for domain, issue_id in list(ir.async_get(self._hass).issues):
            if domain == DOMAIN and issue_id.startswith(ours) and issue_id not in kept:
                ir.async_delete_issue(self._hass, DOMAIN, issue_id)

    @callback
    def async_close(self) -> None:
        """Clear all issues of a printer that is disabled."""
        if self._entry.disabled_by is not None:
            self.async_keep(())

    def _raise_overdue(self, task_id: str, task: Task) -> None:
        """Raise the issue of a task, which can be marked as done there."""
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._id(OVERDUE, task_id),
            data={"entry_id": self._entry.entry_id, "task_id": task_id},
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key="maintenance_overdue",
            translation_placeholders={
                "name": plain_text(self._entry.title),
                "task": plain_text(task.name),
            },
        )

    def _raise_restarted(self) -> None:
        """Raise the issue of counters that have started again."""
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._id(RESTARTED),
            data={"entry_id": self._entry.entry_id},
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key="counters_restarted",
            translation_placeholders={"name": plain_text(self._entry.title)},
        )

    def _id(self, issue: str, task_id: str = "") -> str:
        """Return the id of an issue, unique among all printers."""
        return f"{issue}_{self._entry.entry_id}_{task_id}"
