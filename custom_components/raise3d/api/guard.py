"""Makes sure that a request goes to the printer that it is meant for."""

from collections.abc import Mapping

from .exceptions import Raise3DWrongPrinterError
from .models import SystemInfo

SYSTEM = "printer/system"


class PrinterGuard:
    """Knows whether the printer that answers has named itself.

    Only the printer that gave a token out takes it. After a login, and after an
    outage, it may be another one. Without an expected printer anyone will do.
    """

    def __init__(self) -> None:
        """Expect nobody in particular."""
        self._machine_id: str | None = None
        self._tried = False
        self.confirmed = False
        """Whether the expected printer has named itself since the last doubt."""
        self.mismatched = False
        """Whether it was another printer that named itself last."""

    def expect(self, machine_id: str) -> None:
        """Let nothing through to another printer from now on."""
        self._machine_id = machine_id
        self.doubt()

    def doubt(self) -> None:
        """Note that it may be another printer that answers next."""
        self.confirmed = False
        self._tried = False

    def needs_confirmation(self, *, certain: bool) -> bool:
        """Whether the printer has to name itself before a request.

        A command has to be certain of it. A question is put to a printer that cannot
        name itself, which is asked once, unless another one has just answered.
        """
        if self._machine_id is None or self.confirmed:
            return False
        return certain or self.mismatched or not self._tried

    def begin(self) -> None:
        """Note that the printer is asked for its name."""
        self._tried = True

    def check(self, system: Mapping[str, object]) -> None:
        """Compare what a printer says of itself, `printer/system`.

        Raises Raise3DWrongPrinterError for another printer.
        """
        machine_id = SystemInfo.from_dict(system).machine_id
        if self._machine_id is None or machine_id is None:
            return
        self.confirmed = machine_id == self._machine_id
        self.mismatched = not self.confirmed
        if self.mismatched:
            msg = f"{SYSTEM}: another printer answers"
            raise Raise3DWrongPrinterError(msg)
