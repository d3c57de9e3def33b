"""Someone at the media browser."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from homeassistant.setup import async_setup_component

from .common import Home

ROOT = "media-source://raise3d"

type Media = dict[str, Any]
type Client = TestClient[web.Request, web.Application]


@dataclass
class Browser(Home):
    """Someone at the media browser."""

    sockets: WebSocketGenerator = field(kw_only=True)
    client: Client = field(kw_only=True)

    async def request(self, kind: str, media_id: str) -> Media:
        """Request what the front end requests."""
        socket = await self.sockets(self.hass)
        await socket.send_json_auto_id(
            {"type": f"media_source/{kind}_media", "media_content_id": media_id}
        )
        answer: Media = await socket.receive_json()
        return answer

    async def open(self, media_id: str) -> Media:
        """Open a folder."""
        answer = await self.request("browse", media_id)
        assert answer["success"], answer
        result: Media = answer["result"]
        return result

    async def titles(self, media_id: str) -> list[str]:
        """Return what is in a folder."""
        return titles(await self.open(media_id))

    @property
    def local(self) -> str:
        """Return the id of the printer's storage."""
        return f"{ROOT}/{self.entry.entry_id}/Local"


def titles(folder: Media) -> list[str]:
    """Return the names in a folder, in their order."""
    return [child["title"] for child in folder["children"]]


async def set_up_media(home: Home) -> None:
    """Set up media sources, and this one with them, before the first request."""
    assert await async_setup_component(home.hass, "websocket_api", {})
    assert await async_setup_component(home.hass, "media_source", {})
    await home.hass.data["media_source_platforms"].async_get_platforms()
    await home.hass.config.async_set_time_zone("UTC")
