"""Stands in for a package that would have to be compiled, and that only voice needs."""


class AudioProcessor:
    """Takes noise away in reality; Home Assistant only imports it."""
