"""Client of the RaiseTouch Remote Access API; imports no Home Assistant."""

from aiohttp import ClientSession

from .const import DEFAULT_PORT, JOB_LIST_MAX
from .control import Control
from .exceptions import (
    Raise3DAuthenticationError,
    Raise3DError,
    Raise3DWrongPrinterError,
)
from .fields import UnknownWords
from .files import Files
from .history import HistoryBookmark, HistoryEnd, read_end, read_newest
from .models import (
    BasicInfo,
    CameraInfo,
    HistoryDetails,
    HistoryEntry,
    JobReport,
    NozzleInfo,
    RunningStatus,
    Statistics,
    SystemInfo,
)
from .pictures import decode_image, size_params
from .progress import ProgressScale


class Raise3DClient(Control, Files):
    """One printer, asked one thing at a time.

    Every request raises a `Raise3DError`, and nothing else. With a password the
    client signs in when it has to; with a token alone it lives as long as that
    token, 24 hours at most.
    """

    def __init__(
        self,
        session: ClientSession,
        host: str,
        port: int = DEFAULT_PORT,
        *,
        password: str | None = None,
        token: str | None = None,
    ) -> None:
        """Take a session that stays its owner's, an address and a secret."""
        super().__init__(session, host, port, password=password, token=token)
        self._words = UnknownWords()
        self._scale = ProgressScale()

    async def get_system(self) -> SystemInfo:
        """Return identity, versions and storage, `/printer/system`."""
        return SystemInfo.from_dict(await self._get("printer/system"))

    async def get_running_status(self) -> RunningStatus:
        """Return what the printer is doing, `/printer/runningstatus`."""
        data = await self._get("printer/runningstatus")
        return RunningStatus.from_dict(data, self._words)

    async def get_basic(self) -> BasicInfo:
        """Return bed, fan and speed, `/printer/basic`."""
        return BasicInfo.from_dict(await self._get("printer/basic"))

    async def get_left_nozzle(self) -> NozzleInfo:
        """Return the left or only nozzle, `/printer/nozzle1`."""
        return NozzleInfo.from_dict(await self._get("printer/nozzle1"))

    async def get_right_nozzle(self) -> NozzleInfo:
        """Return the right nozzle, `/printer/nozzle2`.

        Raises Raise3DNotFoundError on a printer with one nozzle.
        """
        return NozzleInfo.from_dict(await self._get("printer/nozzle2"))

    async def get_current_job(self) -> JobReport:
        """Return the job that the printer names, `/job/currentjob`.

        An idle printer names its last job and says that it runs: ask
        `get_running_status` whether there is a job.
        """
        data = await self._get("job/currentjob")
        return JobReport.from_dict(data, self._words, self._scale.read(data))

    async def get_camera(self) -> CameraInfo:
        """Return whether there is a camera, and its login, `/printer/camera`."""
        return CameraInfo.from_dict(await self._get("printer/camera"))

    async def get_statistics(self) -> Statistics:
        """Return the totals of the printer's life, `/dashboard/statistics`."""
        return Statistics.from_dict(await self._get("dashboard/statistics"))

    async def get_job_list(
        self, start: int, count: int = JOB_LIST_MAX
    ) -> list[HistoryEntry]:
        """Return a part of the history in its own order, `/dashboard/joblist`.

        `start` is a place in the history, `count` is 1 to 12. Raises
        Raise3DInvalidValueError where no job has that place.
        """
        params = {"start_pos": str(start), "max_num": str(count)}
        data = await self._get("dashboard/joblist", params)
        return HistoryEntry.list_from_dict(data, start)

    async def read_history_end(self, bookmark: HistoryBookmark | None) -> HistoryEnd:
        """Return the newest jobs of the history, and what is new since a bookmark."""
        count = None if bookmark else await self._count_history()
        return await read_end(self.get_job_list, bookmark, count)

    async def read_newest_history(self, limit: int) -> list[HistoryEntry]:
        """Return that many of the newest jobs of the history, newest first."""
        return await read_newest(self.get_job_list, limit, await self._count_history())

    async def _count_history(self) -> int | None:
        """Return how many jobs the printer counts, None where it cannot say.

        The list decides what there is: the count only says where to begin.
        """
        try:
            return (await self.get_statistics()).prints_completed
        except Raise3DAuthenticationError, Raise3DWrongPrinterError:
            raise
        except Raise3DError:
            return None

    async def get_job(self, record: HistoryEntry) -> HistoryDetails:
        """Return what a job of the history took, `/dashboard/job`.

        Raises Raise3DInvalidValueError where the history has moved on since the
        record was read: read it again.
        """
        params = {"pos": str(record.index), "job_id": record.job_id}
        return HistoryDetails.from_dict(await self._get("dashboard/job", params))

    async def get_job_image(self, job_id: str, width: int, height: int) -> bytes:
        """Return a job's preview as PNG, `/dashboard/imagedownload`.

        `width` and `height` are 1..1024 pixels, and the picture fits in. Raises
        Raise3DNotFoundError where there is none.
        """
        path = "dashboard/imagedownload"
        params = {"job_id": job_id} | size_params(width, height)
        return decode_image(path, await self._get(path, params))
