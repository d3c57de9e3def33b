"""The preview of a job: from the history, else from the job's file."""

from .client import Raise3DClient
from .exceptions import (
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    Raise3DRefusedError,
    Raise3DResponseError,
)

# Errors that mean, in one way or another, that there is no picture.
_NO_PICTURE = (
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    Raise3DRefusedError,
    Raise3DResponseError,
)


async def read_preview(
    client: Raise3DClient, job_id: str, file_path: str | None, size: int
) -> bytes | None:
    """Return the preview of a job as PNG, None where there is none.

    It fits into a square of `size` pixels, 1..1024. `/dashboard/imagedownload`, and
    where that has none `/fileops/list` and `/fileops/imagedownload`: it is not
    documented whether the history has a picture of the job that is being printed, and
    not every file has one. Raises a Raise3DError where the printer did not answer.
    """
    try:
        return await client.history.get_image(job_id, size, size)
    except _NO_PICTURE:
        pass
    try:
        return await _read_file_preview(client, file_path or "", size)
    except _NO_PICTURE:
        return None


async def _read_file_preview(
    client: Raise3DClient, path: str, size: int
) -> bytes | None:
    """Return the preview of a file, None where it has none."""
    files = (await client.files.list(path.rpartition("/")[0])).files
    previews = (file.preview_path for file in files if file.path == path)
    if preview_path := next(previews, None):
        return await client.files.get_image(preview_path, size, size)
    return None
