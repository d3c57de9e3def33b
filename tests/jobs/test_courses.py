"""Random courses: what is reported is what happened, by the printer's own record."""

import pytest

from .course import KINDS, Course, fault_in

SEEDS = 40


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_is_reported_is_what_happened(kind: str, seed: int) -> None:
    course = Course(seed, KINDS[kind])
    course.run()
    assert fault_in(course) == "", (course.reported, course.happened, course.steps)
