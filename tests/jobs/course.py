"""A printer, someone who uses it, and a tracker that polls it: one random course.

`python -m tests.jobs.course KIND COUNT [FIRST]` runs many of them, by their seeds.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
import random
import sys
from typing import NamedTuple

from custom_components.raise3d.api import (
    HistoryEnd,
    JobReport,
    RunningState,
    RunningStatus,
)
from custom_components.raise3d.jobs import (
    HistoryUnread,
    JobEvent,
    JobMemory,
    JobTracker,
)
from simulator import Phase, Printer, Unknowns, wire

from .history import read_history

# Seconds between two samples of the printer, of which an answer may be an old one.
STEP = 5.0
# Seconds that an answer may be old.
LAG = 30.0
# Seconds for which someone leaves the printer alone: what lasts less may go unseen.
ALONE = (46.0, 700.0)
OUTAGE = (130.0, 2500.0)
# Figures that may be missing, or stand still at a value.
FLAWS: dict[str, tuple[int | None, ...]] = {
    "printed_layer": (None, 0, 40),
    "total_layer": (None, 100),
    "print_progress": (None, 0, 20),
    "printed_time": (400,),
    "total_time": (None,),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a course may have in it."""

    past: bool = True
    """Whether the printer has printed before it is added."""
    lags: bool = False
    """Whether answers may be up to 30 s old."""
    lost_polls: bool = False
    """Whether single polls get no answer."""
    outages: bool = False
    """Whether the network fails and Home Assistant restarts."""
    no_history: bool = False
    """Whether the history fails now and then."""
    lists: bool = False
    """Whether the history is of a random kind: base, order, cap, index, counter."""
    ids: bool = True
    """Whether jobs have ids."""
    names: bool = True
    """Whether jobs have names, which those of a USB drive may lack."""
    lists_all: bool = field(default=False, repr=False)
    """Whether stopped and failed prints are listed, too, and figures are unreliable."""


class Sample(NamedTuple):
    """What a printer answered at a time."""

    at: float
    status: wire.Data
    job: Mapping[str, object]


class Course:
    """One course, which its seed decides."""

    def __init__(self, seed: int, kind: Kind) -> None:
        """Let the printer have its past, then poll it for the first time."""
        self.rng = random.Random(f"{seed} {kind}")  # noqa: S311 - repeatable
        self.kind = kind
        self.now = 1_795_000_000.0
        self.printer = Printer(
            "pro2",
            password="",
            clock=lambda: self.now,
            history=self.rng.choice((0, 0, 3, 8, 30)) if kind.past else 0,
            seed=seed,
            unknowns=self._unknowns(),
        )
        self.tracker = JobTracker()
        self.reported: list[tuple[str, str]] = []
        self.late: list[bool] = []
        self.steps: list[str] = []
        self.samples: deque[Sample] = deque()
        self.lags = (0.0, 0.0)
        self.next_poll = 0.0
        self.state: RunningState | None = None
        self.read_state: RunningState | None = None
        self.job_due = True
        self.flaws: dict[str, dict[str, int | None]] = {}
        self.first = 0
        self.polling = False
        self._live_past()
        # nobody can tell such a print from one that has just been started
        self.printer._lost_job = None
        self.polling = True
        self.wait(100)

    @property
    def happened(self) -> list[tuple[str, str]]:
        """What happened since the first poll, by the printer's own record."""
        return [
            (event.kind, event.job_id) for event in self.printer.record[self.first :]
        ]

    def _unknowns(self) -> Unknowns:
        """Return what no document settles."""
        rng, kind = self.rng, self.kind
        if kind.lists_all:
            return Unknowns(
                history_of_all=True,
                history_delay=rng.choice((0, 0, 5, 20)),
                time_runs_in_pause=rng.random() < 0.3,
            )
        if not kind.lists:
            return Unknowns(job_ids=kind.ids, names=kind.names)
        return Unknowns(
            history_base=rng.choice((0, 1)),
            history_newest_first=rng.random() < 0.4,
            history_index=rng.random() < 0.7,
            history_cap=rng.choice((None, None, 5, 12)),
            history_end_refused=rng.random() < 0.5,
            history_delay=rng.choice((0, 0, 5, 20)),
            counter=rng.choice((None, None, 0, 7)),
            counter_offset=rng.choice((0, 0, 5, -3)),
        )

    def _live_past(self) -> None:
        """Let the printer do what it did before it was added."""
        for _ in range(self.rng.randrange(8) if self.kind.past else 0):
            self.act()
            self.wait(self.rng.uniform(*ALONE))
        if not self.printer.powered:
            self.printer.power_on()
        self.wait(100)

    def run(self) -> None:
        """Do something again and again, and let the course come to its end."""
        for _ in range(self.rng.randrange(1, 14)):
            self.act()
            self.wait(self.rng.uniform(*ALONE))
            if self.kind.outages and self.rng.random() < 0.3:
                self.have_outage()
        self.printer.power_on()
        self.printer.clear_error()
        self.lags = (0.0, 0.0)
        self.wait(400)
        while self.printer.record and self.now - self.printer.record[-1].time < 100:
            self.wait(100)

    def act(self) -> None:
        """Do something at the printer that is possible just now."""
        printer, rng = self.printer, self.rng
        if not printer.powered:
            self.steps.append("power on")
            printer.power_on()
            # polls of a printer that is off are a minute apart
            self.wait(120)
            return
        files = ("Local/a.gcode", "Local/b.gcode")

        def start() -> None:
            self.start(rng.choice(files))

        always: list[Callable[[], object]] = [
            lambda: printer.touch(rng.choice((20, 300)) if self.kind.ids else 20),
            printer.power_off,
            printer.fail,
        ]
        lost: list[Callable[[], object]] = [printer.recover] * bool(printer._lost_job)
        possible: dict[Phase, list[Callable[[], object]]] = {
            Phase.IDLE: [start, start, start, start, *lost],
            Phase.RUNNING: [printer.pause, printer.stop, lambda: None],
            Phase.PAUSED: [printer.resume, printer.resume, printer.stop],
            Phase.COMPLETED: [self.dismiss] * 3,
            Phase.ERROR: [printer.clear_error],
            Phase.BUSY: [lambda: None],
        }
        action = rng.choice([*possible[printer.phase] * 3, *always])
        self.steps.append(f"{self.now:.0f} {printer.phase} {action.__name__}")
        action()

    def start(self, file_name: str) -> None:
        """Start a print."""
        rng = self.rng
        if not self.kind.lists_all:
            self.printer.start(file_name, duration=rng.uniform(60, 1500), layers=25)
            return
        duration = rng.uniform(60, 3000)
        job_id = self.printer.start(
            file_name,
            duration=duration,
            estimate=duration * rng.choice((1, 1, 1, 0.3, 2, 4)),
            layers=rng.choice((0, 1, 30, 250, 250, 250)),
        )
        # up to two figures are missing, or stand still at a value
        flaws = rng.sample([*FLAWS], rng.choice((0, 0, 0, 1, 2)))
        self.flaws[job_id] = {name: rng.choice(FLAWS[name]) for name in flaws}

    def dismiss(self) -> None:
        """Clear the plate; without ids, a view that nobody polled is lost."""
        if not self.kind.ids:
            self.wait(60)
        if self.printer.phase is Phase.COMPLETED:
            self.printer.dismiss()

    def have_outage(self) -> None:
        """Let nobody poll for a while, of the network, Home Assistant, or both."""
        restart = self.rng.random() < 0.5
        self.steps.append(f"{self.now:.0f} outage, restart {restart}")
        self.polling = False
        self.wait(self.rng.uniform(*OUTAGE))
        self.polling = True
        if restart:
            self.restart()
        self.tracker.mark_outage()
        self.job_due = True
        self.state = None
        self.next_poll = self.now

    def restart(self) -> None:
        """Restart Home Assistant: only what is stored is left."""
        self.tracker = JobTracker(JobMemory.from_dict(self.tracker.memory.as_dict()))

    def wait(self, seconds: float) -> None:
        """Let time pass, and poll as the coordinator does."""
        end = self.now + seconds
        while self.now < end:
            self.now += STEP
            self._sample()
            if self.kind.lags and self.rng.random() < 0.05:
                # the answers are older or newer from now on
                self.lags = (self.rng.uniform(0, LAG), self.rng.uniform(0, LAG))
            if self.polling and self.now >= self.next_poll:
                self._poll()

    def _sample(self) -> None:
        """Note what the printer answers now, where an answer may be that old."""
        if not self.printer.powered:
            self.samples.clear()
        elif self.kind.lags:
            self.samples.append(self._sample_now())
            while self.samples[0].at < self.now - LAG:
                self.samples.popleft()

    def _sample_now(self) -> Sample:
        """Return what the printer answers now."""
        job = self._flawed(wire.current_job(self.printer))
        return Sample(self.now, wire.running_status(self.printer), job)

    def _flawed(self, job: Mapping[str, object]) -> Mapping[str, object]:
        """Return an answer with the flaws of its job: figures stop at a value."""
        flaws = self.flaws.get(str(job["job_id"]), {})
        figures = {
            name: most
            for name, most in flaws.items()
            if most is None or float(str(job[name])) > most
        }
        return {**job, **figures}

    def _answer(self, lag: float) -> Sample:
        """Return an answer that is old by a lag."""
        old = (sample for sample in self.samples if sample.at >= self.now - lag)
        return next(old, None) or self._sample_now()

    def _poll(self) -> None:
        """Read the state, and the job when it is due."""
        if not self.printer.powered:
            self.next_poll = self.now + 60
            self.tracker.mark_outage()
            self.job_due = True
            return
        self.next_poll = self.now + 15
        if self.kind.lost_polls and self.rng.random() < 0.2:
            return
        state = RunningStatus.from_dict(self._answer(self.lags[0]).status).state
        without_job = (RunningState.IDLE, RunningState.COMPLETED, RunningState.ERROR)
        unchanged = state is self.state and state in without_job
        if unchanged and not self.job_due and not self.tracker.unresolved:
            self.tracker.note_state(state, self._time())
            self.next_poll = self.now + 30
            self.finish_poll(state)
            return
        if self.kind.lags and self.rng.random() < 0.2:
            # it goes on between the two questions
            self.now += STEP
            self._sample()
        self._take(state, JobReport.from_dict(self._answer(self.lags[1]).job))

    def _take(self, state: RunningState | None, report: JobReport) -> None:
        """Hand a poll to the tracker."""
        self.state, self.job_due = state, False
        if self.tracker.memory.job is None:
            self.first = len(self.printer.record)
        when = self._time()
        history = None
        needed = self.tracker.needs_history(state, report, when)
        if needed or self.tracker.lacks_history:
            history = self._read_history()
        events = self.tracker.update(state, report, when, history)
        for event in events:
            self.reported.append((event.type.value, event.job_id))
            self.late.append(event.late)
            self.steps.append(f"{self.now:.0f}   {event.type} {event.job_id[-6:]}")
        self.note_job(state, report, events)
        self.finish_poll(state)

    def note_job(
        self, state: RunningState | None, report: JobReport, events: list[JobEvent]
    ) -> None:
        """Note what a poll has shown of the job."""

    def finish_poll(self, state: RunningState | None) -> None:
        """Note that a poll has read everything."""

    def _read_history(self) -> HistoryEnd | None:
        """Read the end of the history, unless that fails."""
        known = not isinstance(self.tracker.memory.cursor, HistoryUnread)
        if self.kind.no_history and known and self.rng.random() < 0.3:
            return None
        return read_history(self.printer, self.tracker.memory.cursor.bookmark)

    def _time(self) -> datetime:
        """Return the time as the tracker takes it."""
        return datetime.fromtimestamp(self.now, UTC)


def merged(events: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return events in words that the API can tell apart after an outage."""
    return [
        ("ended" if kind in ("stopped", "failed") else kind, job_id)
        for kind, job_id in events
    ]


def without_ids(events: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return events as they look without ids: what goes on after its end is new."""
    ended: set[str] = set()
    result = []
    for kind, job_id in events:
        again = kind == "resumed" and job_id in ended
        result.append(("started" if again else kind, job_id))
        ended.discard(job_id)
        if kind in ("completed", "stopped", "failed"):
            ended.add(job_id)
    return result


def stopped_as_completed(course: Course) -> int:
    """Return how many stopped and failed prints were reported as completed."""
    reported = Counter(event for event in course.reported if event[0] == "completed")
    return (reported - Counter(course.happened)).total()


def fault_in(course: Course) -> str:
    """Return what is wrong with what was reported, empty for nothing."""
    reported, happened, kind = course.reported, course.happened, course.kind
    if kind.lists_all:
        # others may be among them
        others = iter(event for event in reported if event[0] == "completed")
        done = [event for event in happened if event[0] == "completed"]
        lost = not all(event in others for event in done)
        return "a completed print is lost" if lost else ""
    if not kind.ids:
        # what has no id is known by what happens to it alone
        reported = [(event, "") for event, _ in reported]
        happened = [(event, "") for event, _ in without_ids(happened)]
    exact = not (kind.outages or kind.lost_polls or kind.no_history)
    if exact:
        return "" if reported == happened else "not what happened"
    reported, happened = merged(reported), merged(happened)
    rest = iter(happened)
    if not all(event in rest for event in reported):
        return "invented, twice or out of order"
    completed = [event for event in happened if event[0] == "completed"]
    if [event for event in reported if event[0] == "completed"] != completed:
        return "a completed print is lost"
    started = {job_id for event, job_id in reported if event == "started"}
    for job_id in started:
        last = [event for event, job in happened if job == job_id][-1]
        known = [event for event, job in reported if job == job_id][-1]
        if last in ("completed", "ended") and last != known:
            return "the end of a print is lost"
    return ""


KINDS = {
    "past": Kind(),
    "lost": Kind(lost_polls=True),
    "lags": Kind(lags=True),
    "outages": Kind(outages=True),
    "no_history": Kind(no_history=True),
    "lists": Kind(lists=True),
    "lists_outages": Kind(lists=True, outages=True),
    "no_ids": Kind(ids=False),
    "no_names": Kind(ids=False, names=False),
    "outages_lags": Kind(outages=True, lags=True),
    "lists_all": Kind(lists_all=True),
    "lists_all_lags": Kind(lists_all=True, lags=True, lost_polls=True),
    "lists_all_outages": Kind(lists_all=True, outages=True, no_history=True),
}


def main[AnyCourse: Course](
    begin: Callable[[int, Kind], AnyCourse],
    faults: Callable[[AnyCourse], Iterable[str]],
    name: str,
    count: str,
    first: str = "0",
) -> int:
    """Run courses of a kind, print the first wrong ones, and return how many."""
    wrong = mistaken = 0
    for seed in range(int(first), int(first) + int(count)):
        course = begin(seed, KINDS[name])
        course.run()
        mistaken += stopped_as_completed(course)
        if found := list(faults(course)):
            wrong += 1
            if wrong <= 3:
                print(f"{name} {seed}:", *found, sep="\n  ")
                print("  reported", [(k, j[-6:]) for k, j in course.reported])
                print("  happened", [(k, j[-6:]) for k, j in course.happened])
                print("\n".join("    " + step for step in course.steps))
    print(f"{name}: {wrong} of {count} wrong, from seed {first} on")
    if KINDS[name].lists_all:
        print(f"  {mistaken} stopped or failed prints reported as completed")
    return wrong


if __name__ == "__main__":
    sys.exit(main(Course, lambda course: {fault_in(course)} - {""}, *sys.argv[1:]) > 0)
