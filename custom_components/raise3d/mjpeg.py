"""Sends a camera's pictures as a new MJPEG stream."""

from collections.abc import AsyncIterator
from contextlib import suppress
import secrets

from aiohttp import ClientError, hdrs, web

from homeassistant.core import HomeAssistant

from .api import Raise3DError, picture_type


async def async_send_pictures(
    hass: HomeAssistant, request: web.Request, pictures: AsyncIterator[bytes]
) -> web.StreamResponse | None:
    """Send pictures until the stream ends; return None where it has none.

    The camera's own framing is not forwarded: a page in it would be shown as one of
    Home Assistant's, with all of its rights.
    """
    response: web.StreamResponse | None = None
    # Random, so that no picture can contain a part of another type.
    boundary = secrets.token_hex(16)
    # A stream usually ends because the camera or the viewer has gone.
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
