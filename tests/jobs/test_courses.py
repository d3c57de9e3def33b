"""Random courses: what is reported is what happened, by the printer's own record.

`python -m tests.jobs.course KIND 1 SEED` prints the steps of a course that is wrong.
"""

import pytest

from .course import KINDS, Course, Kind, fault_in
from .moment_course import MomentCourse

kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def run[AnyCourse: Course](course: AnyCourse) -> AnyCourse:
    """Return a course that has come to its end."""
    course.run()
    return course


@kinds
def test_what_is_reported_is_what_happened(kind: Kind) -> None:
    faults = {seed: fault_in(run(Course(seed, kind))) for seed in range(40)}
    assert faults == dict.fromkeys(range(40), "")


@kinds
def test_each_moment_fires_once_and_none_is_invented(kind: Kind) -> None:
    faults = {seed: [*run(MomentCourse(seed, kind)).faults()] for seed in range(6)}
    assert not any(faults.values()), faults
