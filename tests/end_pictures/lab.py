"""A home with a printer, its camera and a browser."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient

from homeassistant.const import Platform
from homeassistant.helpers import entity_registry as er
from tests.cameras import SHOT, Watched
from tests.common import MINUTE, Home

FINISHED, FAILURE = "finished_part", "last_failure"
PART = "Local/part.gcode"
JPEG = b"\xff\xd8\xff"
# Seconds after which a job that was started at the printer is known.
SEEN = 45
# Seconds of a print, and after how many of them there is a still in reserve.
DURATION, RESERVE = 20 * MINUTE, 20 * MINUTE - 6
# Seconds for which an event may wait for its picture.
BOUND = 3


@dataclass
class Lab(Home):
    """A home with a browser that is signed in, and a camera that is watched."""

    client: TestClient[web.Request, web.Application] = field(kw_only=True)
    watched: Watched = field(kw_only=True)

    @property
    def shots(self) -> int:
        """Return how many stills were taken."""
        return self.watched.count_requests[SHOT]

    async def image(self, key: str) -> tuple[int, bytes]:
        """Return the HTTP status of an image entity's picture, and the picture."""
        entity = self.entity_id(key, Platform.IMAGE)
        response = await self.client.get(f"/api/image_proxy/{entity}")
        return response.status, await response.read()

    def since(self, key: str) -> str:
        """Return when an image entity's picture was taken."""
        return self.state(key, Platform.IMAGE)

    def taken(self, key: str) -> datetime:
        """Return when an image entity's picture was taken, as a time."""
        return datetime.fromisoformat(self.since(key))

    @property
    def fired(self) -> datetime:
        """Return when the last event was fired."""
        return datetime.fromisoformat(self.state("job", Platform.EVENT))

    def job_of(self, key: str) -> object:
        """Return of which job an image entity has the picture."""
        return self.entity(key, Platform.IMAGE).attributes.get("job_id")

    @property
    def ended_job(self) -> object:
        """Return which job the last event was about."""
        return self.entity("job", Platform.EVENT).attributes["job_id"]

    @property
    def folder(self) -> Path:
        """Return where the pictures are."""
        storage = Path(self.hass.config.path(".storage", "raise3d.pictures"))
        return storage / self.entry.entry_id

    @property
    def files(self) -> list[Path]:
        """Return the files of the pictures."""
        return sorted(self.folder.iterdir()) if self.folder.exists() else []

    async def complete(self, duration: float = 75) -> None:
        """Print to the end, and let the event be fired."""
        self.printer.start(PART, duration=duration)
        await self.tick(duration + 20)

    async def near_end(self) -> None:
        """Print until there is a still in reserve."""
        self.printer.start(PART, duration=DURATION)
        await self.tick(SEEN)
        self.freezer.tick(RESERVE - SEEN - MINUTE)
        await self.tick(MINUTE)
        assert self.shots == 1

    async def get_stopped(self) -> None:
        """Stop a print in its middle, and let the event be fired."""
        self.printer.start(PART, duration=3600)
        await self.tick(SEEN)
        self.printer.stop()
        await self.tick(30)


def is_picture(answer: tuple[int, bytes]) -> bool:
    """Return whether an answer is a picture."""
    return answer[0] == 200 and answer[1].startswith(JPEG)


def disable(home: Home, *keys: str) -> None:
    """Disable images, as a user does."""
    for key in keys:
        er.async_get(home.hass).async_update_entity(
            home.entity_id(key, Platform.IMAGE),
            disabled_by=er.RegistryEntryDisabler.USER,
        )
