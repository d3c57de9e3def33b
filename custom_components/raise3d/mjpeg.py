"""A camera's pictures as a stream of Home Assistant's own."""

from collections.abc import AsyncIterator
from contextlib import suppress
import secrets

from aiohttp import ClientError, hdrs, web

from homeassistant.core import HomeAssistant

from .api import Raise3DError, picture_type


async def async_send_pictures(
    hass: HomeAssistant, request: web.Request, pictures: AsyncIterator[bytes]
) -> web.StreamResponse | None:
    """Send pictures until their end, None where there is not even one.

    Nothing of the camera's own frame is passed on: a page in it would be shown as one
    of Home Assistant's, with all that it may do.
    """
    response: web.StreamResponse | None = None
    # Nobody can know it in advance, and hide a part of another kind in a picture.
    boundary = secrets.token_hex(16)
    # The end of a camera or of a viewer is the usual end of a stream.
    with suppress(Raise3DError, ClientError, ConnectionError):
        async for picture in pictures:
            if response is None:
                response = _response(boundary)
                await response.prepare(request)
            head = (
                f"--{boundary}\r\n"
                f"{hdrs.CONTENT_TYPE}: {picture_type(picture)}\r\n"
                f"{hdrs.CONTENT_LENGTH}: {len(picture)}\r\n\r\n"
            )
            await response.write(head.encode() + picture + b"\r\n")
            if not hass.is_running:
                break
    return response


def _response(boundary: str) -> web.StreamResponse:
    """Return the beginning of a stream."""
    return web.StreamResponse(
        headers={
            hdrs.CONTENT_TYPE: f"multipart/x-mixed-replace; boundary={boundary}",
            "X-Content-Type-Options": "nosniff",
        }
    )
