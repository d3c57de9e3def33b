"""Actions of the Raise3D integration."""

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_get_device_and_config_entry
from homeassistant.helpers.typing import VolDictType

from .api import (
    ROOT_FOLDER,
    HistoryDetails,
    HistoryEntry,
    Nozzle,
    Raise3DClient,
    RunningState,
)
from .api.const import JOB_LIST_MAX, MAX_FEED, MAX_STEP, MIN_FEED
from .const import DOMAIN, MAX_HISTORY
from .coordinator import Raise3DConfigEntry, Raise3DCoordinator
from .file_upload import async_upload
from .free_printers import FREE_PRINTER_FIELDS, async_find_free_printer
from .permissions import (
    PAUSE_PRINT,
    READ_FILES,
    RESUME_PRINT,
    SEND_COMMANDS,
    STOP_PRINT,
    Right,
    async_check_right,
    async_get_caller,
)
from .print_summary import SUMMARY_FIELDS, summarize
from .reprint import async_reprint

ATTR_EXPECTED_JOB_ID: Final = "expected_job_id"
ATTR_FEED: Final = "feed"
ATTR_FILE: Final = "file"
ATTR_FOLDER: Final = "folder"
ATTR_JOB_ID: Final = "job_id"
ATTR_LIMIT: Final = "limit"
ATTR_NOZZLE: Final = "nozzle"
ATTR_PATH: Final = "path"
ATTR_START: Final = "start"
AXES: Final = ("x", "y", "z", "e")

_EXPECTED_JOB: Final[VolDictType] = {vol.Optional(ATTR_EXPECTED_JOB_ID): cv.string}
_STEP = vol.All(vol.Coerce(float), vol.Range(min=-MAX_STEP, max=MAX_STEP))


class Action(NamedTuple):
    """An action: its handler, its fields, and the right that its caller needs."""

    handler: Callable[[ServiceCall], Coroutine[None, None, ServiceResponse]]
    fields: VolDictType
    response: SupportsResponse = SupportsResponse.NONE
    right: Right | None = SEND_COMMANDS
    """None where it is for no printer in particular: it checks each for itself."""

    @property
    def schema(self) -> vol.Schema:
        """Return the schema of a call, which names the printer that it is for."""
        if self.right is None:
            return vol.Schema(self.fields)
        return vol.Schema({vol.Required(ATTR_DEVICE_ID): cv.string, **self.fields})


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, which need no printer to be there."""
    for name, action in ACTIONS.items():
        hass.services.async_register(
            DOMAIN,
            name,
            partial(_async_handle, action),
            schema=action.schema,
            supports_response=action.response,
        )


async def _async_handle(action: Action, call: ServiceCall) -> ServiceResponse:
    """Run an action for a caller who has the right to it."""
    if action.right is not None:
        user = await async_get_caller(call.hass, call.context)
        async_check_right(call.hass, user, _entry(call), action.right, call.context)
    return await action.handler(call)


def _entry(call: ServiceCall) -> Raise3DConfigEntry:
    """Return the config entry of the printer that an action is for."""
    entry: Raise3DConfigEntry
    _, entry = async_get_device_and_config_entry(
        call.hass, DOMAIN, call.data[ATTR_DEVICE_ID]
    )
    return entry


def _coordinator(call: ServiceCall) -> Raise3DCoordinator:
    """Return the coordinator of the printer that an action is for."""
    return _entry(call).runtime_data


async def _async_start_print(call: ServiceCall) -> None:
    """Print a file that is on the printer."""
    coordinator = _coordinator(call)
    await coordinator.async_send_command(
        coordinator.client.commands.start_job(call.data[ATTR_FILE])
    )


async def _async_reprint(call: ServiceCall) -> None:
    """Print the file of an earlier job once more."""
    await async_reprint(_coordinator(call), call.data[ATTR_JOB_ID])


async def _async_pause_print(call: ServiceCall) -> None:
    """Pause the print, with an id only that of this job."""
    coordinator = _coordinator(call)
    await coordinator.async_send_command(
        coordinator.client.commands.pause_job(call.data.get(ATTR_EXPECTED_JOB_ID))
    )


async def _async_resume_print(call: ServiceCall) -> None:
    """Resume the print, with an id only that of this job."""
    coordinator = _coordinator(call)
    await coordinator.async_send_command(
        coordinator.client.commands.resume_job(call.data.get(ATTR_EXPECTED_JOB_ID))
    )


async def _async_stop_print(call: ServiceCall) -> None:
    """Stop the print, with an id only that of this job."""
    coordinator = _coordinator(call)
    await coordinator.async_send_command(
        coordinator.client.commands.stop_job(call.data.get(ATTR_EXPECTED_JOB_ID))
    )


async def _async_move_axis(call: ServiceCall) -> None:
    """Move axes, relative to where they are."""
    coordinator = _coordinator(call)
    moves = {axis: call.data[axis] for axis in AXES if axis in call.data}
    if not moves:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_axis"
        )
    # It is not documented what a move during a print does, and the last poll may be
    # half a minute old: so the state is read now.
    status = await coordinator.async_call(
        coordinator.client.queries.get_running_status()
    )
    if status.state is not RunningState.IDLE:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="not_idle"
        )
    nozzle = call.data.get(ATTR_NOZZLE)
    await coordinator.async_send_command(
        coordinator.client.commands.move_axis(
            **moves,
            feed=call.data[ATTR_FEED],
            nozzle=None if nozzle is None else Nozzle[nozzle.upper()],
        )
    )


async def _async_delete_file(call: ServiceCall) -> None:
    """Delete a file on the printer."""
    coordinator = _coordinator(call)
    await coordinator.async_call(coordinator.client.files.delete(call.data[ATTR_FILE]))


async def _async_list_files(call: ServiceCall) -> ServiceResponse:
    """Return what is in a folder of the printer."""
    coordinator = _coordinator(call)
    folder = call.data[ATTR_FOLDER]
    listing = await coordinator.async_call(coordinator.client.files.list(folder))
    return {
        "folders": list(listing.folders),
        "files": [
            {"name": file.name, "path": file.path, "preview": bool(file.preview_path)}
            for file in listing.files
        ],
    }


async def _async_get_print_history(call: ServiceCall) -> ServiceResponse:
    """Return the newest completed prints, newest first."""
    coordinator = _coordinator(call)
    return {
        "jobs": [
            {
                "job_id": entry.job_id,
                "file_name": details.file_name,
                "print_time": details.real_print_time,
                "estimated_time": details.estimated_time,
                "filament_used_left": details.filament_used_left,
                "filament_used_right": details.filament_used_right,
                "user_tag": details.user_tag,
                **_costs(coordinator, entry.job_id),
            }
            for entry, details in await coordinator.async_call(
                _async_history(coordinator.client, call.data[ATTR_LIMIT])
            )
        ]
    }


async def _async_get_print_summary(call: ServiceCall) -> ServiceResponse:
    """Return the sums over the prints of a period."""
    return summarize(_entry(call), call)


def _costs(coordinator: Raise3DCoordinator, job_id: str) -> dict[str, float | None]:
    """Return what a job has cost, None where that is not known."""
    job = coordinator.log.get(job_id)
    if job is None:
        return {"energy": None, "cost": None}
    cost = job.in_currency(coordinator.hass.config.currency).cost
    return {"energy": job.energy, "cost": cost}


async def _async_history(
    client: Raise3DClient, limit: int
) -> list[tuple[HistoryEntry, HistoryDetails]]:
    """Read the newest entries of the history, and each of them in full."""
    entries = await client.history.read_newest(limit)
    return [(entry, await client.history.get_details(entry)) for entry in entries]


async def _async_upload_file(call: ServiceCall) -> ServiceResponse:
    """Copy a file to the printer, and print it if requested."""
    coordinator = _coordinator(call)
    target = await async_upload(
        coordinator, Path(call.data[ATTR_PATH]), call.data[ATTR_FOLDER]
    )
    if call.data[ATTR_START]:
        await coordinator.async_send_command(
            coordinator.client.commands.start_job(target)
        )
    return {"file": target} if call.return_response else None


ACTIONS: Final[Mapping[str, Action]] = {
    "delete_file": Action(_async_delete_file, {vol.Required(ATTR_FILE): cv.string}),
    "find_free_printer": Action(
        async_find_free_printer, FREE_PRINTER_FIELDS, SupportsResponse.ONLY, right=None
    ),
    "get_print_history": Action(
        _async_get_print_history,
        {
            vol.Optional(ATTR_LIMIT, default=JOB_LIST_MAX): vol.All(
                vol.Coerce(int), vol.Range(min=1, max=MAX_HISTORY)
            )
        },
        SupportsResponse.ONLY,
        READ_FILES,
    ),
    "get_print_summary": Action(
        _async_get_print_summary, SUMMARY_FIELDS, SupportsResponse.ONLY, READ_FILES
    ),
    "list_files": Action(
        _async_list_files,
        {vol.Optional(ATTR_FOLDER, default=ROOT_FOLDER): cv.string},
        SupportsResponse.ONLY,
        READ_FILES,
    ),
    "move_axis": Action(
        _async_move_axis,
        {
            **{vol.Optional(axis): _STEP for axis in AXES},
            vol.Optional(ATTR_NOZZLE): vol.In([n.name.lower() for n in Nozzle]),
            vol.Optional(ATTR_FEED, default=600): vol.All(
                vol.Coerce(int), vol.Range(min=MIN_FEED, max=MAX_FEED)
            ),
        },
    ),
    "pause_print": Action(_async_pause_print, _EXPECTED_JOB, right=PAUSE_PRINT),
    "reprint": Action(_async_reprint, {vol.Required(ATTR_JOB_ID): cv.string}),
    "resume_print": Action(_async_resume_print, _EXPECTED_JOB, right=RESUME_PRINT),
    "start_print": Action(_async_start_print, {vol.Required(ATTR_FILE): cv.string}),
    "stop_print": Action(_async_stop_print, _EXPECTED_JOB, right=STOP_PRINT),
    "upload_file": Action(
        _async_upload_file,
        {
            vol.Required(ATTR_PATH): cv.string,
            vol.Optional(ATTR_FOLDER, default=ROOT_FOLDER): cv.string,
            vol.Optional(ATTR_START, default=False): cv.boolean,
        },
        SupportsResponse.OPTIONAL,
    ),
}
