"""Copies a file of Home Assistant to a printer."""

from collections.abc import AsyncIterator
import os
from pathlib import Path
from typing import BinaryIO

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN, UPLOAD_CHUNK
from .coordinator import Raise3DCoordinator


async def async_upload(coordinator: Raise3DCoordinator, path: Path, folder: str) -> str:
    """Copy a file to a folder of the printer, and return its path there."""
    hass = coordinator.hass
    try:
        file = await hass.async_add_executor_job(_open_allowed, hass, path)
        try:
            size = os.fstat(file.fileno()).st_size
            chunks = _async_chunks(hass, file)
            return await coordinator.async_call(
                coordinator.client.files.upload(folder, path.name, chunks, size)
            )
        finally:
            await hass.async_add_executor_job(file.close)
    except OSError:
        # reading the file failed: the printer's errors are all Raise3DErrors
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="path_not_allowed",
            translation_placeholders={"path": str(path)},
        ) from None


def _open_allowed(hass: HomeAssistant, path: Path) -> BinaryIO:
    """Open a file, if Home Assistant may read it; a link counts as its target."""
    try:
        real = path.resolve(strict=True)
    except ValueError as err:
        raise OSError from err
    if not real.is_file() or not hass.config.is_allowed_path(str(real)):
        raise PermissionError
    return real.open("rb")


async def _async_chunks(hass: HomeAssistant, file: BinaryIO) -> AsyncIterator[bytes]:
    """Read a file in chunks, off the event loop."""
    while chunk := await hass.async_add_executor_job(file.read, UPLOAD_CHUNK):
        yield chunk
