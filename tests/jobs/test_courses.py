"""Random courses: what is reported is what happened, by the printer's own record."""

import pytest

from .course import KINDS, Course, Kind, fault_in
from .moment_course import MomentCourse

kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@kinds
@pytest.mark.parametrize("seed", range(40))
def test_what_is_reported_is_what_happened(kind: Kind, seed: int) -> None:
    course = Course(seed, kind)
    course.run()
    assert fault_in(course) == "", (course.reported, course.happened, course.steps)


@kinds
@pytest.mark.parametrize("seed", range(6))
def test_each_moment_fires_once_and_none_is_invented(kind: Kind, seed: int) -> None:
    course = MomentCourse(seed, kind)
    course.run()
    assert not list(course.faults()), course.steps
