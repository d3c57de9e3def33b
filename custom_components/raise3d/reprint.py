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
from .helpers import REFUSAL_KEYS


async def async_reprint(coordinator: Raise3DCoordinator, job_id: str) -> None:
    """Start the file of a job, if it is still there and the printer is free.

    Nothing is sent to the printer unless all of that is certain.
    """
    client = coordinator.client
    name = _logged_name(coordinator, job_id) or await coordinator.async_call(
        _read_name(client, job_id)
    )
    if name is None:
        raise _refused("unknown_job")
    path = await coordinator.async_call(_find(client, name))
    await coordinator.async_send_command(_start(client, path))


def _logged_name(coordinator: Raise3DCoordinator, job_id: str) -> str | None:
    """Return the file of a job as the log has it."""
    job = coordinator.log.get(job_id)
    # the key of a job without an id is none that anyone has been given
    return None if job is None or job.job_id is None else job.file_name


async def _read_name(client: Raise3DClient, job_id: str) -> str | None:
    """Return the file of a job as the printer has it, None for an unknown job."""
    report = await client.queries.get_current_job()
    if job_id and report.job_id == job_id:
        return report.file_name
    entries = await client.history.read_newest(MAX_HISTORY)
    names = (entry.file_name for entry in entries if entry.job_id == job_id)
    return next(names, None)


async def _find(client: Raise3DClient, name: str) -> str:
    """Return the path of a file; a name without folders may be in any of them."""
    # before the search, which takes many requests, and which a print does not need
    await _check_idle(client)
    if name.startswith(ROOT_FOLDER):
        path = await find_file(client.files, name)
    elif "/" in name:
        # on a USB stick, or wherever else the API does not reach
        path = None
    else:
        path = await _find_only(client, name)
    if path is None:
        raise _refused("file_gone")
    return path


async def _find_only(client: Raise3DClient, name: str) -> str | None:
    """Return the path of the only file with a name, None where there is none."""
    paths = await find_files(client.files, name)
    if paths is None or len(paths) > 1:
        raise _refused("file_unclear")
    return next(iter(paths), None)


async def _check_idle(client: Raise3DClient) -> None:
    """Raise an error in words unless the printer is idle."""
    try:
        check_idle((await client.queries.get_running_status()).state)
    except Raise3DRefusedError as err:
        raise _refused(REFUSAL_KEYS[err.refusal]) from None


async def _start(client: Raise3DClient, path: str) -> None:
    """Start a file on an idle printer: no other request gets in between."""
    try:
        await client.commands.start_job(path, only_idle=True)
    except Raise3DRefusedError as err:
        if err.refusal is Refusal.UNKNOWN:
            raise
        raise _refused(REFUSAL_KEYS[err.refusal]) from None


def _refused(key: str) -> ServiceValidationError:
    """Return an error that names neither the file nor the job: they are a customer's."""
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key)
