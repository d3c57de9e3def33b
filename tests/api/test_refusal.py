"""Tests of why the printer refuses a command."""

import pytest

from custom_components.raise3d.api import Raise3DRefusedError, Refusal

from .conftest import Serve, failure, refusal as answer

REFUSALS = {
    "printer is busy": Refusal.BUSY,
    "printer show completed interface": Refusal.COMPLETED,
    "print file is not exist": Refusal.NO_FILE,
    "printer is not ready": Refusal.NOT_READY,
    "printer show calibrate interface": Refusal.PANEL,
    "printer show extrude retract interface": Refusal.PANEL,
    "printer show powerdown interface": Refusal.PANEL,
    "printer show powerloss interface": Refusal.PANEL,
    "printer is paused": Refusal.PAUSED,
    "printer is printing": Refusal.PRINTING,
    "printer is in safe mode": Refusal.SAFE_MODE,
    "serial is disconnected": Refusal.SERIAL,
    "Printer is stopped": Refusal.STOPPED,
    "printer is stoped": Refusal.STOPPED,
    "unknown error": Refusal.UNKNOWN,
    "fail to copy file": Refusal.UNKNOWN,
}


@pytest.mark.parametrize(
    ("code", "words", "refusal"),
    [
        *((500, words, refusal) for words, refusal in REFUSALS.items()),
        (10002, "no last job found", Refusal.NO_LAST_JOB),
    ],
)
async def test_a_refusal_means_what_the_documents_say(
    serve: Serve, code: int, words: str, refusal: Refusal
) -> None:
    client = await serve(answer(code, words))
    error = await failure(client.queries.get_system())
    assert isinstance(error, Raise3DRefusedError)
    assert (str(error), error.refusal) == (words, refusal)
