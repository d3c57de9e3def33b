"""Random courses: each moment fires once, none for what is past, none is invented."""

import pytest

from .course import KINDS
from .moment_course import MomentCourse

SEEDS = 6


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_moments_are_what_has_happened(kind: str, seed: int) -> None:
    course = MomentCourse(seed, KINDS[kind])
    course.run()
    assert list(course.faults()) == [], course.steps
