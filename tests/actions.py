"""What the tests of buttons, numbers and actions have in common."""

from collections.abc import Awaitable

import pytest

from custom_components.raise3d.const import DOMAIN
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from simulator import Simulator

# What a person reads, for each way in which the printer says no (documented). As a
# text of an exception Home Assistant leaves out the last full stop.
REFUSALS = {
    "printer show completed interface": (
        "refused_completed",
        (
            "A finished part is still on the plate. "
            "Take it off and confirm at the printer's panel."
        ),
    ),
    **dict.fromkeys(
        (
            "printer show powerloss interface",
            "printer show powerdown interface",
            "printer show extrude retract interface",
            "printer show calibrate interface",
        ),
        ("refused_panel", "The printer is waiting for an answer at its panel."),
    ),
    "printer is busy": (
        "refused_busy",
        "The printer is busy: someone is using its panel, or it is between two states.",
    ),
    "printer is printing": ("refused_printing", "The printer is printing."),
    "printer is paused": ("refused_paused", "The print is already paused."),
    "printer is stoped": ("refused_stopped", "There is no print to do this to."),
    "printer is in safe mode": (
        "refused_safe_mode",
        "The printer is in safe mode. Check its panel.",
    ),
    "printer is not ready": ("refused_not_ready", "The printer is not ready yet."),
    "serial is disconnected": (
        "refused_serial",
        (
            "The printer has lost contact with its motion board. "
            "Check its panel, or switch it off and on."
        ),
    ),
    "print file is not exist": (
        "refused_no_file",
        "There is no such file on the printer.",
    ),
    "unknown error": ("refused", "The printer refused: unknown error"),
    "the moon is full": ("refused", "The printer refused: the moon is full"),
}


def posts(simulator: Simulator, path: str = "") -> list[str]:
    """Return the commands that were sent, in order."""
    return [
        request.path.removeprefix("/v1/")
        for request in simulator.requests
        if request.method == "POST" and path in request.path
    ]


async def refused(
    doing: Awaitable[object], key: str, *, mistake: bool = False
) -> HomeAssistantError:
    """Return the error that something ends with; a mistake is the user's own."""
    with pytest.raises(HomeAssistantError) as caught:
        await doing
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key == key
    assert isinstance(caught.value, ServiceValidationError) is mistake
    return caught.value


async def rejected(doing: Awaitable[object], key: str) -> HomeAssistantError:
    """Return the error that a mistake of the user's own ends with."""
    return await refused(doing, key, mistake=True)
