"""The end of a job id: the start of the job by the printer's own clock."""

from datetime import UTC, datetime
import re
from typing import Final

# Year and milliseconds have three digits, month to second two, a counter the rest.
_ID: Final = re.compile(
    r"[0-9a-f]{12}_[0-9a-f]{12}_([0-9a-f]{3})" + 5 * "([0-9a-f]{2})" + r"([0-9a-f]{5})",
    re.IGNORECASE,
)


def read_start(job_id: str) -> datetime | None:
    """Return the start in a job id by the printer's clock, None where it has none.

    It is given as if it were UTC.
    """
    match = _ID.fullmatch(job_id)
    if match is None:
        return None
    year, month, day, hour, minute, second, rest = (
        int(digits, 16) for digits in match.groups()
    )
    try:
        milliseconds = rest >> 8
        return datetime(
            year, month, day, hour, minute, second, milliseconds * 1000, UTC
        )
    except ValueError:
        return None
