"""Tests of the decision on use, and of when it is confirmed; no Home Assistant."""

from dataclasses import replace

import pytest

from custom_components.raise3d.api import BasicInfo, NozzleInfo, RunningState
from custom_components.raise3d.const import IN_USE_PERIOD
from custom_components.raise3d.models import Raise3DData
from custom_components.raise3d.polling import USAGE, Part, PollingPlan
from custom_components.raise3d.usage import with_usage

BEGIN = 1000.0
END = BEGIN + IN_USE_PERIOD
COLD = NozzleInfo.from_dict({"nozzle_cur_temp": 24, "nozzle_tar_temp": 0})
IDLE = Raise3DData(
    online=True,
    state=RunningState.IDLE,
    basic=BasicInfo.from_dict({"heatbed_cur_temp": 24, "heatbed_tar_temp": 0}),
    left_nozzle=COLD,
    right_nozzle=COLD,
)


def poll(data: Raise3DData, now: float, *, confirmed: bool = True) -> Raise3DData:
    """Return the data of a poll."""
    return with_usage(data, data.heaters, now, confirmed=confirmed)


def test_it_goes_off_when_the_two_minutes_are_over_and_not_before() -> None:
    data = poll(IDLE, BEGIN)
    assert data.usage.in_use
    assert poll(data, END - 0.001).usage.in_use
    assert not poll(data, END).usage.in_use


def test_a_poll_that_has_not_read_everything_since_confirms_nothing() -> None:
    data = poll(poll(IDLE, BEGIN), END + 600, confirmed=False)
    assert data.usage.in_use
    assert not poll(data, END + 601).usage.in_use


def test_once_off_it_needs_no_more_than_a_poll_without_use() -> None:
    data = poll(poll(IDLE, BEGIN), END)
    assert not poll(data, END + 30, confirmed=False).usage.in_use


@pytest.mark.parametrize(
    "use",
    [
        {"state": None},
        {"state": RunningState.COMPLETED},
        {"uploading": True},
        {"unresolved": True},
        {"right_nozzle": NozzleInfo.from_dict({})},
    ],
)
def test_use_within_the_two_minutes_begins_them_again(use: dict[str, object]) -> None:
    data = poll(replace(poll(IDLE, BEGIN), **use), BEGIN + 60)  # type: ignore[arg-type]
    kept = {name: getattr(IDLE, name) for name in use}
    data = poll(replace(data, **kept), END)
    assert data.usage.in_use
    assert poll(data, END + IN_USE_PERIOD - 1).usage.in_use
    assert not poll(data, END + IN_USE_PERIOD).usage.in_use


@pytest.fixture
def plan() -> PollingPlan:
    """Return a plan that has read everything at the beginning."""
    plan = PollingPlan("")
    for part in Part:
        plan.mark_read(part, BEGIN)
    return plan


def test_all_that_decides_is_due_at_once_when_the_two_minutes_are_over(
    plan: PollingPlan,
) -> None:
    data = poll(IDLE, BEGIN)
    plan.mark_read(Part.STATE, BEGIN + 100)
    early = {part for part in Part if plan.is_due(part, data, END - 0.001)}
    assert not early
    assert {part for part in Part if plan.is_due(part, data, END)} == set(USAGE)


def test_what_was_read_since_the_two_minutes_were_over_is_not_due_again(
    plan: PollingPlan,
) -> None:
    data = poll(IDLE, BEGIN)
    for part in USAGE:
        plan.mark_read(part, END)
    assert not any(plan.is_due(part, data, END + 1) for part in Part)


def test_nothing_is_due_earlier_where_it_is_off_already(plan: PollingPlan) -> None:
    data = poll(poll(IDLE, BEGIN), END)
    plan.mark_read(Part.STATE, BEGIN + 100)
    assert not any(plan.is_due(part, data, END) for part in Part)
