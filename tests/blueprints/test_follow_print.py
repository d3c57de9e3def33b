"""Tests of follow_print.yaml."""

from datetime import timedelta
import re
from typing import Any

import pytest

from tests.common import HOUR, MINUTE, Home

from .phones import Phone, add_phone
from .running import instantiate

TEN_HOURS = 10 * HOUR


@pytest.fixture
def phone(home: Home) -> Phone:
    """Return a phone."""
    return add_phone(home.hass, "Anna's phone")


async def follow(home: Home, *phones: Phone, **inputs: Any) -> None:
    """Set up the blueprint for the first printer."""
    await instantiate(
        home,
        "follow_print.yaml",
        printer=home.device.id,
        phones=[phone.device_id for phone in phones],
        **inputs,
    )


async def test_ten_hours_take_fewer_than_thirty_pushes(
    home: Home, phone: Phone
) -> None:
    await follow(home, phone)
    home.printer.start("Local/part.gcode", duration=TEN_HOURS)
    await home.tick(TEN_HOURS + 5 * MINUTE)
    print(phone.table)
    assert len(phone.pushes) < 30
    assert phone.kinds[-2:] == ["clear", "note"]
