"""Tests of a printer whose API hangs when a file is to be uploaded."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from simulator import Printer, Simulator

from .automations import device_of
from .conftest import Ticker

UPLOAD = "fileops/upload"

type State = Callable[..., str]


def paths(simulator: Simulator) -> list[str]:
    """Return what the printer was asked."""
    return [request.path.removeprefix("/v1/") for request in simulator.requests]


@pytest.mark.parametrize(
    ("path", "sent"), [(None, 0), ("fileops/list", 0), (UPLOAD, 1)]
)
@pytest.mark.parametrize("start", [True, False])
async def test_an_upload_to_an_api_that_hangs_says_so_and_is_not_repeated(
    hass: HomeAssistant,
    printer: Printer,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
    path: str | None,
    sent: int,
    start: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    hass.config.allowlist_external_dirs.add(str(Path(__file__).parent))
    await tick(60)
    simulator.faults.add("http_500", path=path, count=None)
    with pytest.raises(HomeAssistantError) as error:
        await hass.services.async_call(
            DOMAIN,
            "upload_file",
            {
                "device_id": device_of(hass, loaded_entry).id,
                "path": str(Path(__file__)),
                "start": start,
            },
            blocking=True,
        )
    assert error.value.translation_key == "api_down"
    assert paths(simulator).count(UPLOAD) == sent
    assert "job/newjob/set" not in paths(simulator)
    assert not loaded_entry.runtime_data.client.uploading
    simulator.faults.clear()
    asked = len(simulator.requests)
    await tick(60)
    assert state("status") == "idle"
    assert len(simulator.requests) > asked
