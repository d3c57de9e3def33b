"""Keeps other printers out: they get no command, and no answer of theirs gets out."""

from collections.abc import Iterable
from http import HTTPMethod

from .adapters import Adapters, read_pairs
from .envelope import LOGIN
from .exceptions import (
    Raise3DAuthenticationError,
    Raise3DError,
    Raise3DResponseError,
    Raise3DWrongPrinterError,
)
from .models import HistoryEntry, JobReport, SystemInfo
from .transport import Data, Request, Transport
from .upload import Upload

_SYSTEM = Request(HTTPMethod.GET, "printer/system")
# Pairs that are remembered: a printer has a new one with each new board.
_MAX_PAIRS = 16


class PrinterGuard:
    """Checks the printer's machine id before a request, where that is needed.

    Only the printer that issued a token accepts it. So after a login or an outage it
    may be another printer; while a token stays valid, no request is added. Without an
    expected machine id every printer is accepted.
    """

    def __init__(self, transport: Transport) -> None:
        """Accept every printer until one is expected."""
        self._transport = transport
        self._machine_id: str | None = None
        self._token: str | None = None
        self._tried = False
        self._recognized = False
        self._pairs: frozenset[str] = frozenset()
        self.adapters = Adapters()
        """The network adapters of the expected printer."""
        self.confirmed = False
        """Whether the expected printer has named itself since the last doubt."""
        self.mismatched = False
        """Whether it was another printer that named itself last."""
        self.checks = 0
        """How often a printer has named itself."""

    def expect(self, machine_id: str) -> None:
        """Accept only the printer with this machine id from now on."""
        self._machine_id = machine_id
        self.doubt()

    def doubt(self) -> None:
        """Note that it may be another printer that answers next."""
        self.confirmed = False
        self._tried = False
        self._recognized = False

    def know_jobs(self, job_ids: Iterable[str]) -> None:
        """Remember the network adapters in job ids of the expected printer."""
        known = self._pairs if len(self._pairs) < _MAX_PAIRS else ()
        self._pairs = frozenset((*known, *read_pairs(job_ids)))

    async def send(self, request: Request, token: str | None) -> Data | None:
        """Send a request, if it is the expected printer that gets it."""
        if request.path == LOGIN:
            return await self._transport.send(request, token)
        self._note_token(token)
        if request.path == _SYSTEM.path:
            return await self._identify(token)
        await self._confirm(token, certain=request.method is not HTTPMethod.GET)
        data = await self._transport.send(request, token)
        await self._check_jobs(data or {}, token)
        return data

    async def upload(self, path: str, upload: Upload, token: str | None) -> None:
        """Send a file, if it is the expected printer that gets it."""
        self._note_token(token)
        await self._confirm(token, certain=True)
        await self._transport.upload(path, upload, token)

    def _note_token(self, token: str | None) -> None:
        """Check the printer again after a new token."""
        if token != self._token:
            self._token = token
            self.doubt()

    async def _confirm(self, token: str | None, *, certain: bool) -> None:
        """Read the machine id where it has not been confirmed.

        A command needs certainty. Where the machine id cannot be read, the network
        adapters in the job ids are enough, so that a print can be stopped. A query is
        sent after one failed attempt, unless another printer named itself last.
        """
        certain = certain or self.mismatched
        if self._machine_id is None or self.confirmed or (self._tried and not certain):
            return
        try:
            await self._identify(token)
        except Raise3DAuthenticationError, Raise3DWrongPrinterError:
            raise
        except Raise3DError:
            if certain and not self._recognized:
                raise
        if certain and not (self.confirmed or self._recognized):
            msg = f"{_SYSTEM.path}: the answer has no machine id"
            raise Raise3DResponseError(msg)

    async def _identify(self, token: str | None) -> Data | None:
        """Return the data of `/printer/system`, after comparing the machine id.

        Raises Raise3DWrongPrinterError for another printer.
        """
        self._tried = True
        data = await self._transport.send(_SYSTEM, token)
        machine_id = SystemInfo.from_dict(data or {}).machine_id
        if self._machine_id is None or machine_id is None:
            return data
        self.checks += 1
        self.confirmed = machine_id == self._machine_id
        self.mismatched = not self.confirmed
        if self.mismatched:
            self._recognized = False
            self._transport.answers.clear()
            msg = f"{_SYSTEM.path}: another printer answers"
            raise Raise3DWrongPrinterError(msg)
        return data

    async def _check_jobs(self, data: Data, token: str | None) -> None:
        """Check the machine id again where all job ids name other network adapters."""
        entries = HistoryEntry.list_from_dict(data)
        job_ids = [entry.job_id for entry in entries]
        if (current := JobReport.from_dict(data).job_id) is not None:
            job_ids.append(current)
        pairs = read_pairs(job_ids)
        if not self._pairs.isdisjoint(pairs):
            self._recognized = True
        elif pairs and self._pairs:
            self.doubt()
            await self._confirm(token, certain=True)
        self.know_jobs(job_ids)
        if self.confirmed:
            self.adapters.note(job_ids)
