"""Tests of the energy of a job: no kWh and no cent twice, none invented."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from custom_components.raise3d.jobs import Bill, JobEnergy, Reading, Source, Used

from .common import NOW
from .plug import live_through, mistakes

LIVES = range(400)
UNKNOWN = Used()


def after(minutes: float) -> datetime:
    """Return a time after the start of the job."""
    return NOW + timedelta(minutes=minutes)


def used(
    *shown: tuple[float, float | Reading | None],
    source: Source = Source.METER,
    prices: tuple[tuple[float, float | None], ...] = (),
) -> Used:
    """Return what a job has used that ends with the last reading, at 0.5 per kWh."""
    job = JobEnergy.since(NOW, source, Bill.since(NOW, 0.5))
    readings = [
        (at, value if isinstance(value, Reading | None) else Reading(value=value))
        for at, value in shown
    ]
    steps = [
        *((at, partial(job.note_reading, after(at), value)) for at, value in readings),
        *((at, partial(job.bill.note_price, after(at), price)) for at, price in prices),
    ]
    for _, step in sorted(steps, key=lambda each: each[0]):
        step()
    return job.close(after(max(at for at, _ in steps)))


@pytest.mark.parametrize("source", Source)
def test_any_plug_and_any_tariff_give_what_was_used_or_nothing(source: Source) -> None:
    assert [each for seed in LIVES for each in mistakes(source, seed)] == []


@pytest.mark.parametrize("source", Source)
def test_the_lives_of_plugs_are_of_all_kinds(source: Source) -> None:
    lives = [live_through(source, seed)[1] for seed in LIVES]
    assert {(life.energy is None, life.cost is None) for life in lives} == {
        *((True, True), (False, True), (False, False))
    }


@pytest.mark.parametrize(
    ("shown", "energy"),
    [
        pytest.param([(0, 10), (60, 10.5)], 0.5, id="counts"),
        pytest.param([(0, 10), (30, 10.3), (40, 0.2), (60, 0.5)], 0.8, id="reset"),
        pytest.param([(0, 10), (30, 10.3), (40, 10.2), (60, 10.5)], 0.5, id="noise"),
        pytest.param([(0, 10), (9, 10.1), (10, None), (50, 10.4)], 0.4, id="offline"),
        pytest.param([(0, 10), (10, None), (50, 0.4)], None, id="reset while offline"),
        pytest.param([(0, 10), (10, None), (10.5, 0.1)], 0.1, id="boots"),
        pytest.param([(0, 10), (10, 10.2), (20, None), (60, None)], None, id="lost"),
        pytest.param([(0, None), (30, 10), (60, 11)], None, id="found late"),
        pytest.param([(0, None), (0.5, 10), (60, 11)], 1, id="found at once"),
        pytest.param([(0, 10), (60, 9.9)], None, id="less than nothing"),
        pytest.param([(0, 10), (9, 0), (9.1, 0), (9.2, 10.1)], 0.1, id="0 for once"),
        pytest.param([(0, 10), (9, 0.1), (9.2, 10.3), (60, 10.5)], 0.5, id="not 0"),
        pytest.param([(0, 10), (9, 0), (9.5, None), (10, 10.1)], 0.1, id="boots at 0"),
        pytest.param([(0, 0.1), (9, 0), (60, 0.3)], 0.3, id="reset of a new meter"),
    ],
)
def test_a_meter(shown: list[tuple[float, float | None]], energy: float | None) -> None:
    assert used(*shown).energy == energy


@pytest.mark.parametrize(
    ("shown", "energy"),
    [
        ([Reading(value=9.0, increasing=False)], 0.0),
        ([Reading(value=1.0, increasing=False)], None),
        ([Reading(value=1.0, increasing=False, cycle="today")], 1.0),
    ],
    ids=["stands still", "falls", "begins a new day"],
)
def test_a_meter_that_may_fall(shown: list[Reading], energy: float | None) -> None:
    start = Reading(value=9.0, increasing=False, cycle="yesterday")
    assert used((0, start), (60, shown[0])).energy == energy


@pytest.mark.parametrize(
    ("shown", "energy"),
    [
        pytest.param([(0, 0.2), (30, 0.4), (60, 0)], 0.3, id="changes"),
        pytest.param([(0, 0.2), (30, None), (31, 0.2), (60, 0)], 0.2, id="boots"),
        pytest.param([(0, 0.2), (30, None), (40, 0.2), (60, 0)], None, id="offline"),
        pytest.param([(0, 0.2), (6000, None), (6030, 0.2)], 20.1, id="long print"),
    ],
)
def test_a_power(shown: list[tuple[float, float | None]], energy: float | None) -> None:
    assert used(*shown, source=Source.POWER).energy == energy


@pytest.mark.parametrize(
    ("prices", "cost"),
    [
        pytest.param([], 1.0, id="one"),
        pytest.param([(30, 0.1)], 0.6, id="falls while half is used"),
        pytest.param([(30, -0.1)], 0.4, id="paid for using it"),
        pytest.param([(30, None), (30.5, 0.5)], 1.0, id="lost for a moment"),
        pytest.param([(10, None), (50, 0.5)], 1.0, id="the same afterwards"),
        pytest.param([(10, None), (50, 0.1)], None, id="another one afterwards"),
        pytest.param([(10, None)], None, id="lost"),
    ],
)
@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (Source.METER, [(0.0, 10.0), (60.0, 12.0)]),
        (Source.POWER, [(0.0, 2.0), (60.0, 0.0)]),
    ],
)
def test_each_part_is_counted_at_the_price_of_its_time(
    source: Source,
    shown: list[tuple[float, float]],
    prices: list[tuple[float, float | None]],
    cost: float | None,
) -> None:
    found = used(*shown, source=source, prices=tuple(prices))
    assert (found.energy, found.cost) == (2.0, cost)


def test_a_total_below_zero_counts_as_any_other() -> None:
    start, end = (Reading(value=value, increasing=False) for value in (-10, -9.5))
    assert used((0, start), (60, end)).energy == 0.5


def test_nothing_of_a_job_without_a_reading_is_known() -> None:
    assert used((0, None), (1, None)) == UNKNOWN
