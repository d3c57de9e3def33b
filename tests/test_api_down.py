"""Tests of a printer whose API hangs when a file is to be uploaded."""

from pathlib import Path

import pytest

from .actions import refused
from .common import Home

UPLOAD = "fileops/upload"


@pytest.mark.parametrize(
    ("hanging", "sent"), [([], 0), (["fileops/list"], 0), ([UPLOAD], 1)]
)
@pytest.mark.parametrize("start", [True, False])
async def test_an_upload_to_an_api_that_hangs_says_so_and_is_not_repeated(
    home: Home, *, hanging: list[str], sent: int, start: bool
) -> None:
    home.hass.config.allowlist_external_dirs.add(str(Path(__file__).parent))
    await home.tick(60)
    home.fail("http_500", *hanging)
    await refused(home.act("upload_file", path=__file__, start=start), "api_down")
    assert home.count_requests(UPLOAD) == sent
    assert not home.count_requests("job/newjob/set")
    assert not home.coordinator.client.uploading
    home.heal()
    requested = home.count_requests()
    await home.tick(60)
    assert home.status == "idle"
    assert home.count_requests() > requested
