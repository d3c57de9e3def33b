"""Fixtures of the tests of captures."""

import pytest


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations() -> None:
    """Start no Home Assistant where a test does not ask for it."""
