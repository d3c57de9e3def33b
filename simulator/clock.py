"""The printer's own clock."""

from datetime import UTC, datetime

# The dated job ids (docs: captured in France) fit a clock at UTC+8.
PRINTER_ZONE = 8 * 3600
# Where a clock begins whose battery is empty: 2000-01-01, by itself.
DEAD_BEGIN = datetime(2000, 1, 1, tzinfo=UTC).timestamp()


def printer_datetime(unix: float, zone: float = PRINTER_ZONE) -> datetime:
    """Read a moment off the printer's own clock."""
    return datetime.fromtimestamp(unix + zone, UTC)
