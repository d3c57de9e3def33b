"""Sign-in: the doubly hashed password, and tokens that die by the printer's clock."""

import hashlib
import random
import secrets

# A token is valid for a day (documented).
LIFETIME = 24 * 3600.0


def sign(password: str, timestamp: str) -> str:
    """Hash as documented: MD5 over the hex digits of a SHA-1."""
    text = f"password={password}&timestamp={timestamp}"
    inner = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    return hashlib.md5(inner.encode(), usedforsecurity=False).hexdigest()


class Tokens:
    """The tokens that are valid at present; several clients may hold one each."""

    def __init__(self, lifetime: float, *, single: bool, seed: int) -> None:
        """Keep the rules; `single` lets a new login end all older ones."""
        self._lifetime = lifetime
        self._single = single
        self._seed = seed
        self._issued = 0
        self._born: dict[str, float] = {}

    def issue(self, now: float) -> str:
        """Hand out a new token of 32 hex digits."""
        if self._single:
            self._born.clear()
        self._issued += 1
        text = f"token {self._seed} {self._issued}".encode()
        token = hashlib.md5(text, usedforsecurity=False).hexdigest()
        self._born[token] = now
        return token

    @property
    def held(self) -> set[str]:
        """The tokens that were handed out and not forgotten."""
        return set(self._born)

    def valid(self, token: str, now: float) -> bool:
        """Return whether the token still works."""
        born = self._born.get(token)
        return born is not None and now - born < self._lifetime

    def drop(self) -> None:
        """Forget all of them, as at a restart."""
        self._born.clear()


def random_token() -> str:
    """Make up a token of 32 hex digits."""
    return secrets.token_hex(16)


def random_mac(rng: random.Random) -> str:
    """Make up an address; 02 means locally administered: no real device has it."""
    return f"0200{rng.getrandbits(32):08X}"


def random_password(rng: random.Random) -> str:
    """Make up a camera password of six hex digits, as in the documented example."""
    return f"{rng.getrandbits(24):06x}"
