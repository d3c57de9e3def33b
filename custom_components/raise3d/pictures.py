"""Takes a picture of each print that a poll sees end, before its event is fired."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import IntEnum
import secrets

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.util import dt as dt_util

from .api import JobReport, RunningState
from .camera_access import CameraAccess
from .const import MAX_PICTURE_SIZE, PICTURE_PROGRESS, PICTURE_TIMEOUT
from .jobs import STATES_WITHOUT_JOB, JobEvent
from .picture_store import KINDS, EndPicture, PictureKind, PictureStore

_ACTIVE_STATES = (RunningState.RUNNING, RunningState.PAUSED)


class Stage(IntEnum):
    """How far a job has come, as a picture of it shows."""

    EARLY = 0
    NEAR_END = 1
    """The part is as good as finished: time for a still in reserve."""
    END = 2


@dataclass(frozen=True, slots=True)
class Still:
    """The last still of a job, and the last stage for which one was requested."""

    stage: Stage
    content: bytes | None = field(repr=False)
    taken_at: datetime


NO_STILL = Still(Stage.EARLY, None, datetime.min.replace(tzinfo=UTC))


class EndPictures:
    """Takes the pictures of the ends of one printer's jobs.

    The end is the first poll at which the printer no longer prints. How it ended, the
    history may say some polls later; by then someone may have taken the part away.
    """

    def __init__(self, camera: CameraAccess, store: PictureStore) -> None:
        """Start without a job."""
        self.store = store
        self._camera = camera
        self._job: str | None = None
        self._still = NO_STILL
        self._listeners: defaultdict[PictureKind, list[CALLBACK_TYPE]]
        self._listeners = defaultdict(list)

    @callback
    def async_add_listener(
        self, kind: PictureKind, listener: CALLBACK_TYPE
    ) -> CALLBACK_TYPE:
        """Listen to new pictures of a kind; without a listener none are taken."""
        self._listeners[kind].append(listener)
        return lambda: self._listeners[kind].remove(listener)

    async def async_process_poll(
        self,
        state: RunningState | None,
        report: JobReport,
        events: Sequence[JobEvent],
    ) -> None:
        """Take a still if this poll is the moment for one, and keep that of an end."""
        if not any(event.type in KINDS for event in events):
            await self._async_follow(state, report)
            return
        end = self._seen_end(report, events)
        if end is not None and self._listeners[KINDS[end.type]]:
            await self._async_reach(Stage.END)
            self._keep(end)
        self._job, self._still = None, NO_STILL

    async def _async_follow(
        self, state: RunningState | None, report: JobReport
    ) -> None:
        """Take the still of a job whose end is not reported yet."""
        if not any(self._listeners.values()):
            return
        job = _key(report)
        # A job that is active after its still of the end has not ended after all.
        if state in _ACTIVE_STATES and (
            job != self._job or self._still.stage is Stage.END
        ):
            self._job, self._still = job, NO_STILL
        await self._async_reach(self._stage(state, report))

    def _seen_end(
        self, report: JobReport, events: Sequence[JobEvent]
    ) -> JobEvent | None:
        """Return the end that this poll has seen, None where it was earlier.

        After an outage, or where another job is named by now, the camera shows
        something else; a still in reserve would show a print whose end nobody knows.
        """
        if not events or events[-1].type not in KINDS or events[-1].late:
            return None
        named = _key(report) or self._job
        return events[-1] if events[-1].job_id == named else None

    def _stage(self, state: RunningState | None, report: JobReport) -> Stage:
        """Return how far the job that was seen printing has come."""
        if self._job is not None and state in STATES_WITHOUT_JOB:
            return Stage.END
        if state is RunningState.RUNNING and _is_near_end(report):
            return Stage.NEAR_END
        return Stage.EARLY

    async def _async_reach(self, stage: Stage) -> None:
        """Take the still of a stage, once; where that fails, keep the one before."""
        if stage <= self._still.stage:
            return
        content = None
        with suppress(TimeoutError):
            async with asyncio.timeout(PICTURE_TIMEOUT):
                content = await self._camera.async_take_still()
        if content is None or len(content) > MAX_PICTURE_SIZE:
            self._still = replace(self._still, stage=stage)
        else:
            self._still = Still(stage, content, dt_util.utcnow())

    @callback
    def _keep(self, end: JobEvent) -> None:
        """Keep the last still of a job as the picture of its end."""
        # The entry may have been removed while the camera took its time.
        if self._still.content is None or not self._listeners[KINDS[end.type]]:
            return
        picture = EndPicture(
            name=secrets.token_hex(16),
            event_type=end.type,
            taken_at=self._still.taken_at,
            job_id=end.job_id,
            file_name=end.file_name,
        )
        self.store.async_add(picture, self._still.content)
        for listener in list(self._listeners[picture.kind]):
            listener()


def _key(report: JobReport) -> str:
    """Return what distinguishes a job from others, as its events have it."""
    return report.job_id or report.file_name or ""


def _is_near_end(report: JobReport) -> bool:
    """Whether a still shows the part as good as finished."""
    last_layer = report.total_layers and report.printed_layers == report.total_layers
    return bool(last_layer) or (report.progress or 0.0) >= PICTURE_PROGRESS
