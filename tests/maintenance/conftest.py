"""Fixtures: a home with the platforms that tasks are about."""

import pytest

from homeassistant.const import Platform


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that these tests read."""
    return [
        *(Platform.BINARY_SENSOR, Platform.BUTTON),
        *(Platform.NUMBER, Platform.SENSOR),
    ]


@pytest.fixture(autouse=True)
def no_other_platforms(only_platforms: None) -> None:
    """Set up no entity that no test reads."""
