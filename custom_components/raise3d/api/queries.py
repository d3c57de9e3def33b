"""Queries: what the printer is and does. They change nothing."""

from .fields import UnknownWords
from .models import (
    BasicInfo,
    CameraInfo,
    JobReport,
    NozzleInfo,
    RunningStatus,
    Statistics,
    SystemInfo,
)
from .progress import ProgressScale
from .requests import Requests


class Queries:
    """Answers of the printer about itself; each is one request.

    A value that is missing or not plausible is None. Raise3DResponseError: the answer
    cannot be read.
    """

    def __init__(self, requests: Requests) -> None:
        """Share what sends requests; each client logs unknown words for itself."""
        self._requests = requests
        self._words = UnknownWords()
        self._scale = ProgressScale()

    async def get_system(self) -> SystemInfo:
        """Return identity, versions and free storage in KiB, `/printer/system`."""
        return SystemInfo.from_dict(await self._requests.get("printer/system"))

    async def get_running_status(self) -> RunningStatus:
        """Return what the printer is doing, a `RunningState`, `/printer/runningstatus`.

        A state that is not documented is None, and logged once.
        """
        data = await self._requests.get("printer/runningstatus")
        return RunningStatus.from_dict(data, self._words)

    async def get_basic(self) -> BasicInfo:
        """Return the bed in °C, fan and speed in percent, `/printer/basic`."""
        return BasicInfo.from_dict(await self._requests.get("printer/basic"))

    async def get_left_nozzle(self) -> NozzleInfo:
        """Return the left or only nozzle, in °C and percent, `/printer/nozzle1`."""
        return NozzleInfo.from_dict(await self._requests.get("printer/nozzle1"))

    async def get_right_nozzle(self) -> NozzleInfo:
        """Return the right nozzle, in °C and percent, `/printer/nozzle2`.

        Raises Raise3DNotFoundError on a printer with one nozzle.
        """
        return NozzleInfo.from_dict(await self._requests.get("printer/nozzle2"))

    async def get_current_job(self) -> JobReport:
        """Return the job that the printer names, `/job/currentjob`.

        Times in seconds, progress in percent. An idle printer names its last job and
        reports it as running: `get_running_status` knows whether there is a job.
        """
        data = await self._requests.get("job/currentjob")
        return JobReport.from_dict(data, self._words, self._scale.read(data))

    async def get_camera(self) -> CameraInfo:
        """Return whether there is a camera, its port and login, `/printer/camera`."""
        return CameraInfo.from_dict(await self._requests.get("printer/camera"))

    async def get_statistics(self) -> Statistics:
        """Return the totals of all prints, `/dashboard/statistics`.

        Seconds and grams; only successful prints count.
        """
        return Statistics.from_dict(await self._requests.get("dashboard/statistics"))
