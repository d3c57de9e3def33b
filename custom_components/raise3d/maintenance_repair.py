"""Repair flow of maintenance: a task that was done, counters that start again."""

from typing import override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState

from .coordinator import Raise3DConfigEntry
from .maintenance import Maintenance


class MaintenanceRepairFlow(ConfirmRepairFlow):
    """Let a person confirm that a task was done, or that counters may count on."""

    def __init__(self, data: dict[str, str | int | float | None]) -> None:
        """Take the printer and the task from the issue."""
        self._entry_id = str(data.get("entry_id"))
        self._task_id = data.get("task_id")

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Do what the button does, once that is confirmed."""
        if (maintenance := self._maintenance) is None:
            return self.async_abort(reason="not_loaded")
        if user_input is not None:
            if self._task_id is None:
                await maintenance.async_acknowledge()
            elif str(self._task_id) in maintenance.tasks:
                await maintenance.async_mark_done(str(self._task_id))
        return await super().async_step_confirm(user_input)

    @property
    def _maintenance(self) -> Maintenance | None:
        """The maintenance of the printer, None while its entry is not set up."""
        entry: Raise3DConfigEntry | None = self.hass.config_entries.async_get_entry(
            self._entry_id
        )
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return None
        return entry.runtime_data.records.maintenance
