"""A home with maintenance tasks, as a person adds and does them."""

from types import MappingProxyType

from custom_components.raise3d.const import DOMAIN
from homeassistant.config_entries import ConfigSubentry
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from tests.common import Home

OVERDUE, RESTARTED = "maintenance_overdue", "counters_restarted"


def add_task(home: Home, counted: str, interval: int, name: str = "Oil") -> str:
    """Add a task, and return the id of its subentry."""
    subentry = ConfigSubentry(
        data=MappingProxyType({"counted": counted, "interval": interval}),
        subentry_type="maintenance_task",
        title=name,
        unique_id=None,
    )
    home.hass.config_entries.async_add_subentry(home.entry, subentry)
    return subentry.subentry_id


async def added_task(home: Home, counted: str, interval: int) -> str:
    """Add a task, and let the printer say once what it has counted."""
    task = add_task(home, counted, interval)
    await home.block_till_done()
    await home.tick(60)
    return task


def shown(home: Home, task: str) -> tuple[str, str]:
    """Return whether a task is due, and what is left of it."""
    return home.state(f"{task}_due", "binary_sensor"), home.state(f"{task}_remaining")


async def press(home: Home, task: str) -> None:
    """Press the button of a task."""
    await home.call("button.press", (f"{task}_done", "button"))


def task_keys(home: Home, task: str) -> set[tuple[str, str]]:
    """Return platform and key of the entities of a task."""
    registry = er.async_get(home.hass)
    found = er.async_entries_for_config_entry(registry, home.entry.entry_id)
    prefix = f"{home.entry.unique_id}_{task}_"
    return {
        (each.domain, each.unique_id.removeprefix(prefix))
        for each in found
        if each.config_subentry_id == task
    }


def issue_of(home: Home, key: str) -> ir.IssueEntry:
    """Return the only issue with a key."""
    (issue,) = (
        each
        for each in ir.async_get(home.hass).issues.values()
        if each.domain == DOMAIN and each.translation_key == key
    )
    return issue


async def print_for(home: Home, seconds: float, grams: int = 0) -> None:
    """Print for a while, and take the part away."""
    home.printer.start("Local/part.gcode", duration=seconds, filament=(grams, 0))
    home.freezer.tick(seconds)
    await home.tick(90)
    home.printer.dismiss()
    await home.tick(30)
