"""Pictures of the printer for the media browser, kept so that few are fetched twice."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
import time

from aiohttp import hdrs, web

from .api import picture_type
from .const import MAX_THUMBNAILS, THUMBNAIL_LIFETIME

# What distinguishes a picture from the others of its printer.
type PictureKey = tuple[str, str]


class Thumbnails:
    """The pictures that were fetched last, those of a few folders."""

    def __init__(self) -> None:
        """Start without one."""
        self._cache: dict[tuple[str, PictureKey], tuple[float, bytes]] = {}
        # A folder loads many at once; one at a time leaves room for the polls.
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def async_get(
        self, entry_id: str, name: PictureKey, fetch: Callable[[], Awaitable[bytes]]
    ) -> bytes:
        """Return a picture of a printer, from the cache or fetched."""
        key = entry_id, name
        async with self._locks[entry_id]:
            kept, now = self._cache.pop(key, None), time.monotonic()
            if kept is None or now - kept[0] >= THUMBNAIL_LIFETIME:
                kept = now, await fetch()
            # to the end: the least recently used picture is dropped first
            self._cache[key] = kept
            if len(self._cache) > MAX_THUMBNAILS:
                del self._cache[next(iter(self._cache))]
            return kept[1]


def thumbnail_response(picture: bytes) -> web.Response:
    """Return a picture for a browser, which keeps it as long as it is kept here."""
    return web.Response(
        body=picture,
        content_type=picture_type(picture),
        headers={hdrs.CACHE_CONTROL: f"private, max-age={round(THUMBNAIL_LIFETIME)}"},
    )
