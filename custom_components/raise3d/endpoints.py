"""The side endpoints: where one of them fails, the printer stays available."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
import logging
import time
from typing import Final

from .api import (
    Raise3DApiDownError,
    Raise3DAuthenticationError,
    Raise3DClient,
    Raise3DConnectionError,
    Raise3DDisconnectedError,
    Raise3DError,
    Raise3DTimeoutError,
    Raise3DWrongPrinterError,
    read_preview,
)
from .const import GRACE_PERIOD, PREVIEW_SIZE
from .identity import async_count_nozzles
from .models import (
    NO_BASIC,
    NO_CAMERA,
    NO_NOZZLE,
    NO_PREVIEW,
    NO_STATISTICS,
    NO_SYSTEM,
    Raise3DData,
)
from .polling import Part, PollingPlan

_LOGGER = logging.getLogger(__name__)


type ReadFn = Callable[[Raise3DClient, Raise3DData], Awaitable[Raise3DData]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a part is read, and how the snapshot takes it over and loses it again."""

    path: str
    read: ReadFn
    forget: Callable[[Raise3DData], Raise3DData]
    kept: bool = False
    """Whether the values stay valid while it fails."""


async def _read_system(client: Raise3DClient, data: Raise3DData) -> Raise3DData:
    system = await client.queries.get_system()
    if system.nozzle_count is None:
        known = data.system.nozzle_count
        count = known or await async_count_nozzles(client, system)
        system = replace(system, nozzle_count=count)
    return replace(data, system=system)


async def _read_basic(client: Raise3DClient, data: Raise3DData) -> Raise3DData:
    return replace(data, basic=await client.queries.get_basic())


async def _read_left_nozzle(client: Raise3DClient, data: Raise3DData) -> Raise3DData:
    return replace(data, left_nozzle=await client.queries.get_left_nozzle())


async def _read_right_nozzle(client: Raise3DClient, data: Raise3DData) -> Raise3DData:
    return replace(data, right_nozzle=await client.queries.get_right_nozzle())


async def _read_camera(client: Raise3DClient, data: Raise3DData) -> Raise3DData:
    return replace(data, camera=await client.queries.get_camera())


async def _read_statistics(client: Raise3DClient, data: Raise3DData) -> Raise3DData:
    return replace(data, statistics=await client.queries.get_statistics())


async def _read_preview(client: Raise3DClient, data: Raise3DData) -> Raise3DData:
    preview = data.preview
    if preview.job_id is None or preview.read:
        return data
    picture = await read_preview(
        client, preview.job_id, preview.file_name, PREVIEW_SIZE
    )
    return replace(data, preview=replace(preview, picture=picture, read=True))


ENDPOINTS: Final[Mapping[Part, Endpoint]] = {
    Part.SYSTEM: Endpoint(
        "printer/system", _read_system, lambda data: replace(data, system=NO_SYSTEM)
    ),
    Part.BASIC: Endpoint(
        "printer/basic", _read_basic, lambda data: replace(data, basic=NO_BASIC)
    ),
    Part.LEFT_NOZZLE: Endpoint(
        "printer/nozzle1",
        _read_left_nozzle,
        lambda data: replace(data, left_nozzle=NO_NOZZLE),
    ),
    Part.RIGHT_NOZZLE: Endpoint(
        "printer/nozzle2",
        _read_right_nozzle,
        lambda data: replace(data, right_nozzle=NO_NOZZLE),
    ),
    Part.CAMERA: Endpoint(
        "printer/camera", _read_camera, lambda data: replace(data, camera=NO_CAMERA)
    ),
    Part.STATISTICS: Endpoint(
        "dashboard/statistics",
        _read_statistics,
        lambda data: replace(data, statistics=NO_STATISTICS),
        kept=True,
    ),
    Part.PREVIEW: Endpoint(
        "dashboard/imagedownload",
        _read_preview,
        lambda data: replace(data, preview=NO_PREVIEW),
        kept=True,
    ),
}


class EndpointReader:
    """Reads one side endpoint at a time, and tolerates failures."""

    def __init__(
        self,
        client: Raise3DClient,
        plan: PollingPlan,
        endpoints: Mapping[Part, Endpoint],
        name: str,
    ) -> None:
        """Read with a client, and log under the name of the printer."""
        self._client = client
        self._endpoints = endpoints
        self._plan = plan
        self._name = name
        self._failing_since: dict[Part, float] = {}

    async def read(
        self,
        part: Part,
        data: Raise3DData,
        *,
        strict: bool = False,
        quiet: bool = False,
    ) -> Raise3DData:
        """Return the data with a part, unchanged where it cannot be read.

        Raises errors that concern the whole printer, and with `strict` all errors.
        """
        try:
            data = await self._endpoints[part].read(self._client, data)
        except Raise3DError as err:
            if strict or self._client.uploading or concerns_all(err):
                raise
            self._note_failure(part, data, err, quiet=quiet)
        else:
            self._plan.mark_read(part, time.monotonic())
            self.note_success(part)
        return data

    def is_failing(self, *parts: Part) -> bool:
        """Whether a part could not be read when it was last due."""
        return any(part in self._failing_since for part in parts)

    def note_success(self, part: Part) -> None:
        """Note that a part was read, and log it after a failure."""
        if self._failing_since.pop(part, None) is not None:
            path = self._endpoints[part].path
            _LOGGER.info("%s: %s can be read again", self._name, path)

    def forget(self, parts: Iterable[Part], data: Raise3DData) -> Raise3DData:
        """Return the data without some parts."""
        for part in parts:
            if part in self._endpoints:
                data = self._endpoints[part].forget(data)
        return data

    def forget_unreadable(self, data: Raise3DData) -> Raise3DData:
        """Return the data without what has not been readable for a while."""
        now = time.monotonic()
        unreadable = [
            part
            for part, since in self._failing_since.items()
            if now - since >= GRACE_PERIOD and not self._endpoints[part].kept
        ]
        return self.forget(unreadable, data)

    def _note_failure(
        self, part: Part, data: Raise3DData, err: Raise3DError, *, quiet: bool
    ) -> None:
        """Note that a part could not be read, and log it the first time."""
        now = time.monotonic()
        self._plan.mark_failed(part, data, now)
        if part not in self._failing_since and not quiet:
            self._failing_since[part] = now
            path = self._endpoints[part].path
            _LOGGER.info("%s: %s cannot be read: %s", self._name, path, err)


def concerns_all(err: Raise3DError) -> bool:
    """Whether an error concerns the whole printer, not only one endpoint.

    That is a refused login, another printer, or no connection at all.
    """
    match err:
        case Raise3DApiDownError(certain=certain):
            return not certain
        case Raise3DTimeoutError() | Raise3DDisconnectedError():
            return False
    return isinstance(
        err,
        Raise3DAuthenticationError | Raise3DConnectionError | Raise3DWrongPrinterError,
    )
