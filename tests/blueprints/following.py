"""What the tests of follow_print.yaml share."""

from typing import Any

from tests.common import Home

from .phones import Phone
from .running import automation, instantiate_all


def following(home: Home, *phones: Phone, **inputs: Any) -> dict[str, Any]:
    """Return the automation that follows the first printer."""
    given = {"printer": home.device.id, **inputs}
    devices = [phone.device_id for phone in phones]
    return automation("follow_print.yaml", phones=devices, **given)


async def follow(home: Home, *phones: Phone, **inputs: Any) -> None:
    """Set up the blueprint for the first printer."""
    await instantiate_all(home, following(home, *phones, **inputs))


def assert_spaced(phone: Phone) -> None:
    """Assert that no phone gets more than it can take."""
    assert len(phone.pushes) < 30, phone.table
    assert phone.closest >= 15, phone.table


def assert_ended(phone: Phone) -> None:
    """Assert that nothing is left but one notification."""
    assert phone.kinds[-2:] == ["clear", "note"], phone.table
    assert phone.kinds.count("note") == 1, phone.table
    assert not phone.shown, phone.table
