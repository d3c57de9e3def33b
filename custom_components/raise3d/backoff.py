"""Waits that double with each failure; no Home Assistant, no I/O."""

# Doublings after which a wait is longer than any limit.
_MAX_DOUBLINGS = 10


def doubled(seconds: float, times: int, limit: float) -> float:
    """Return a wait that is doubled so many times, up to a limit."""
    return min(limit, seconds * 2.0 ** min(times, _MAX_DOUBLINGS))
