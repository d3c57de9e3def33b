"""Stands in for a package that would have to be compiled, and that only voice needs."""


class MicroVad:
    """Detects speech in reality; Home Assistant only imports it."""
