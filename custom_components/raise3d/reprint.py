"""Prints the file of an earlier job once more."""

from homeassistant.exceptions import ServiceValidationError

from .api import (
    ROOT_FOLDER,
    Raise3DClient,
    Raise3DRefusedError,
    Refusal,
    check_idle,
    find_file,
    find_files,
)
from .const import DOMAIN, MAX_HISTORY
from .coordinator import Raise3DCoordinator
from .errors import REFUSAL_KEYS


async def async_reprint(coordinator: Raise3DCoordinator, job_id: str) -> None:
    """Start the file of a job, if it is still there and the printer is free.

    No error names the file: it is a customer's.
    """
    client = coordinator.client
    name = await _async_name(coordinator, job_id)
    if name is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="unknown_job"
        )
    path = await coordinator.async_call(_find(client, name))
    await coordinator.async_send_command(_start(client, path))


async def _async_name(coordinator: Raise3DCoordinator, job_id: str) -> str | None:
    """Return the file of a job as the log has it, or else the printer."""
    job = coordinator.log.get(job_id)
    # a job without an id has a key, but nobody has been given that
    name = job.file_name if job and job.job_id == job_id else None
    if job and name and (job.listed or "/" in name):
        # where the printer's history has no folder, it will not have one now
        return name
    read = await coordinator.async_call(_read_name(coordinator.client, job_id))
    return read or name


async def _read_name(client: Raise3DClient, job_id: str) -> str | None:
    """Return the file of a job as the printer has it, None for an unknown job."""
    report = await client.queries.get_current_job()
    if job_id and report.job_id == job_id:
        return report.file_name
    entries = await client.history.read_newest(MAX_HISTORY)
    return next((each.file_name for each in entries if each.job_id == job_id), None)


async def _find(client: Raise3DClient, name: str) -> str:
    """Return the path of a file; a name without folders may be in any of them."""
    # before the search: a print needs the printer more than the many requests of one
    try:
        check_idle((await client.queries.get_running_status()).state)
    except Raise3DRefusedError as err:
        raise _refusal(err) from None
    if name.startswith(ROOT_FOLDER):
        path = await find_file(client.files, name)
        paths: tuple[str, ...] | None = (path,) if path else ()
    else:
        # with other folders it is on a USB stick, which the API does not reach
        paths = () if "/" in name else await find_files(client.files, name)
    if paths == ():
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="file_gone"
        )
    if paths is None or len(paths) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="file_unclear"
        )
    return paths[0]


async def _start(client: Raise3DClient, path: str) -> None:
    """Start a file on an idle printer: no other request gets in between."""
    try:
        await client.commands.start_job(path, only_idle=True)
    except Raise3DRefusedError as err:
        if err.refusal is Refusal.UNKNOWN:
            raise
        raise _refusal(err) from None


def _refusal(err: Raise3DRefusedError) -> ServiceValidationError:
    """Return why nothing can be started now, as a mistake of the caller's."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=REFUSAL_KEYS[err.refusal]
    )
