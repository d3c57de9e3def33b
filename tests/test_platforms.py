"""Tests of what entities each platform has, and how they are registered."""

from collections.abc import Generator
from unittest.mock import patch

import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.raise3d import PLATFORMS

from .common import Home


@pytest.fixture(autouse=True)
def known_access_tokens() -> Generator[None]:
    """Let cameras and images have the same access token each time."""
    with patch("random.SystemRandom.getrandbits", return_value=123123123123):
        yield


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "only_platforms")
@pytest.mark.parametrize("platforms", [[each] for each in PLATFORMS], ids=PLATFORMS)
async def test_a_platform_has_the_same_entities_as_before(
    new_home: Home, snapshot: SnapshotAssertion
) -> None:
    await new_home.set_up()
    await new_home.tick(60)
    await new_home.matches(snapshot)
