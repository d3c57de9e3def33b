"""Repair flows of the Raise3D integration."""

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow
from homeassistant.core import HomeAssistant

from .issues import is_searchable
from .maintenance_repair import MaintenanceRepairFlow
from .search_repair import SearchAgainFlow


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the flow that fixes an issue."""
    data = data or {}
    entry = hass.config_entries.async_get_entry(str(data.get("entry_id")))
    if entry is None:
        return ConfirmRepairFlow()
    if is_searchable(entry, issue_id):
        return SearchAgainFlow(entry)
    return MaintenanceRepairFlow(data)
