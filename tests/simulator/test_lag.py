"""Answers that lag: each endpoint says what was true some seconds ago."""

from collections.abc import Callable
from dataclasses import replace
import random

from simulator import Printer, Unknowns, wire

from .conftest import NOW, Clock

type Course = list[tuple[float, Callable[[Printer], object]]]


ACTIONS: list[Callable[[Printer], object]] = [
    lambda printer: printer.start(duration=300),
    lambda printer: printer.pause(),
    lambda printer: printer.touch(10),
    lambda printer: printer.resume(),
    lambda printer: printer.show("calibrate"),
    lambda printer: printer.show(""),
    lambda printer: printer.stop(),
    lambda printer: printer.start(duration=40),
    lambda printer: printer.touch(5),
]


def course(rng: random.Random) -> Course:
    """Make up what happens to a printer, by the seconds it happens at."""
    at = 0.0
    steps: Course = []
    for action in ACTIONS:
        at += rng.randint(6, 40)
        steps.append((at, action))
    at += 60
    return [*steps, (at, lambda printer: printer.dismiss()), (at + 200, str)]


def played(unknowns: Unknowns, steps: Course, polls: list[float]) -> list[wire.Data]:
    """Play a course and give what the polls read."""
    clock = Clock()
    printer = Printer(clock=clock, history=1, unknowns=unknowns)
    answers: list[wire.Data] = []

    def poll(printer: Printer) -> None:
        answers.append(wire.running_status(printer) | wire.current_job(printer))

    moments = [*steps, *((at, poll) for at in polls)]
    for at, action in sorted(moments, key=lambda moment: moment[0]):
        clock.now = NOW + at
        action(printer)
    return answers


def test_an_answer_that_lags_is_the_true_one_of_then() -> None:
    for lag in [1, 7, 30]:
        for seed in range(20):
            rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
            steps = course(rng)
            # half a second beside the actions, so that the order is clear
            polls = [rng.randint(0, 600) + 0.5 for _ in range(rng.randint(1, 60))]
            true = played(Unknowns(), steps, polls)
            unknowns = Unknowns(state_lag=lag, job_lag=lag)
            assert played(unknowns, steps, [at + lag for at in polls]) == true, lag


def test_each_endpoint_lags_by_itself(clock: Clock) -> None:
    printer = Printer(clock=clock, unknowns=Unknowns(state_lag=20, job_lag=0))
    printer.start(duration=300)
    clock.tick(5)
    assert wire.running_status(printer) == {"running_status": "idle"}
    assert wire.current_job(printer)["printed_time"] == 3
    printer.unknowns = replace(printer.unknowns, state_lag=0, job_lag=4)
    clock.tick(100)
    assert wire.running_status(printer) == {"running_status": "running"}
    assert wire.current_job(printer)["printed_time"] == 99
    assert printer.running_status == "running"


def test_a_boot_ends_what_lags(clock: Clock) -> None:
    printer = Printer(clock=clock, unknowns=Unknowns(state_lag=20, job_lag=20))
    printer.start()
    clock.tick(60)
    printer.power_off()
    printer.power_on()
    assert wire.running_status(printer) == {"running_status": "idle"}
    assert wire.current_job(printer)["job_id"] == ""


def test_a_printer_may_say_any_word(clock: Clock) -> None:
    printer = Printer(clock=clock)
    printer.status_word = "ready"
    assert wire.running_status(printer) == {"running_status": "ready"}
    printer.status_word = None
    assert wire.running_status(printer) == {"running_status": "idle"}
