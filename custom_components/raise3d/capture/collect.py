"""Reads every reading endpoint of a printer once more, one at a time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence, Sized
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from ..api import (
    HistoryEntry,
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DClient,
    Raise3DError,
    Raise3DSessionError,
    Raise3DWrongPrinterError,
    RawAnswer,
)

# Seconds for all of it: someone waits for the download. A printer in heavy printing
# takes a second for each answer.
COLLECT_TIMEOUT: Final = 45.0
# Failures one after the other that mean that the printer is off or gone.
_MAX_FAILURES: Final = 2
# Places behind the end of any history or folder.
_BEHIND_END: Final = 100_000
# Pixels: whether there is a preview, not what it shows.
_PREVIEW_SIZE: Final = 32
# After these nothing more is sent: it would fail as well, or count as a login.
_FINAL: Final = (
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DSessionError,
    Raise3DWrongPrinterError,
)


@dataclass(frozen=True, slots=True)
class Collected:
    """What the endpoints have answered, and those that have not."""

    fresh: Sequence[RawAnswer]
    kept: Sequence[RawAnswer]
    """The last answers to polls, of endpoints that have not answered now."""
    failures: Sequence[tuple[str, str]]
    """Paths without an answer, with the name of the error."""


async def async_collect(client: Raise3DClient) -> Collected:
    """Read all endpoints, and take the last answers of those that do not answer."""
    failures: list[tuple[str, str]] = []
    with client.answers.record() as record, suppress(TimeoutError):
        async with asyncio.timeout(COLLECT_TIMEOUT):
            await _read_all(client, record, failures)
    fresh = {(answer.path, *answer.params.items()): answer for answer in record}
    paths = {answer.path for answer in fresh.values()}
    return Collected(
        fresh=tuple(fresh.values()),
        kept=tuple(
            answer for path, answer in client.answers.last.items() if path not in paths
        ),
        failures=tuple(failures),
    )


async def _read_all(
    client: Raise3DClient, record: Sized, failures: list[tuple[str, str]]
) -> None:
    """Read until nothing is left, or nothing answers."""
    in_a_row = 0
    async for path, call in _Reading(client).steps():
        answered = len(record)
        try:
            await call()
        except _FINAL as err:
            failures.append((path, type(err).__name__))
            return
        except Raise3DError as err:
            # An error that is an answer is in the record.
            if len(record) == answered:
                failures.append((path, type(err).__name__))
                in_a_row += 1
        if len(record) > answered:
            in_a_row = 0
        if in_a_row == _MAX_FAILURES:
            return


class _Reading:
    """What is read of one printer; what comes later depends on what came before."""

    def __init__(self, client: Raise3DClient) -> None:
        """Begin with nothing."""
        self._client = client
        self._job_id: str | None = None
        self._newest: HistoryEntry | None = None
        self._previews: list[str] = []

    async def steps(self) -> AsyncIterator[tuple[str, Callable[[], Awaitable[object]]]]:
        """Yield paths with what reads them."""
        queries, history, files = (
            self._client.queries,
            self._client.history,
            self._client.files,
        )
        yield "printer/system", queries.get_system
        yield "printer/runningstatus", queries.get_running_status
        yield "job/currentjob", self._read_job
        yield "printer/basic", queries.get_basic
        yield "printer/nozzle1", queries.get_left_nozzle
        yield "printer/nozzle2", queries.get_right_nozzle
        yield "printer/camera", queries.get_camera
        # with the statistics, and as a start of Home Assistant reads it
        yield "dashboard/joblist", self._read_history
        for start in (0, 1, _BEHIND_END):
            yield "dashboard/joblist", partial(history.get_page, start)
        if (entry := self._newest) is not None:
            yield "dashboard/job", partial(history.get_details, entry)
        if (job_id := self._job_id or (entry.job_id if entry else None)) is not None:
            yield (
                "dashboard/imagedownload",
                partial(history.get_image, job_id, _PREVIEW_SIZE, _PREVIEW_SIZE),
            )
        yield "fileops/list", self._read_files
        for start in (1, _BEHIND_END):
            yield "fileops/list", partial(files.list_page, start=start)
        for path in self._previews[:1]:
            yield (
                "fileops/imagedownload",
                partial(files.get_image, path, _PREVIEW_SIZE, _PREVIEW_SIZE),
            )

    async def _read_job(self) -> None:
        job = await self._client.queries.get_current_job()
        self._job_id = job.job_id
        self._note_file(job.file_name)

    async def _read_history(self) -> None:
        entries = (await self._client.history.read_end(None)).entries
        self._newest = entries[-1] if entries else None
        self._note_file(self._newest.file_name if self._newest else None)

    async def _read_files(self) -> None:
        found = (await self._client.files.list_page()).files
        listed = [file.preview_path for file in found if file.preview_path]
        self._previews = listed + self._previews

    def _note_file(self, path: str | None) -> None:
        """Note where the preview of a job's file usually is: beside it."""
        stem, dot, _ = (path or "").rpartition(".")
        if dot:
            self._previews.append(f"{stem}.data")
