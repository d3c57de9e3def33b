"""What a login sends, and how often: no fault may become a storm of logins."""

from collections.abc import Sequence
import hashlib
import time


def sign(password: str, timestamp: int) -> str:
    """Return the sign of a login at a time in milliseconds since 1970."""
    text = f"password={password}&timestamp={timestamp}"
    digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    return hashlib.md5(digest.encode(), usedforsecurity=False).hexdigest()


class LoginBudget:
    """Logins that may be sent at once, refilled with time."""

    def __init__(self, limits: Sequence[tuple[int, float]]) -> None:
        """Take pairs of a number of logins and the seconds until one is refilled."""
        self._limits = limits
        self._left = [float(size) for size, _ in limits]
        self._refilled_at = time.monotonic()

    @property
    def exhausted(self) -> bool:
        """Whether the next login has to wait."""
        self._refill()
        return any(left < 1 for left in self._left)

    def spend(self) -> None:
        """Count a login that the printer has answered."""
        self._refill()
        self._left = [max(0.0, left - 1) for left in self._left]

    def _refill(self) -> None:
        """Add what the time since the last refill is worth."""
        now = time.monotonic()
        elapsed = max(0.0, now - self._refilled_at)
        self._refilled_at = now
        self._left = [
            min(float(size), left + elapsed / seconds)
            for left, (size, seconds) in zip(self._left, self._limits, strict=True)
        ]
