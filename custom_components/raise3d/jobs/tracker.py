"""Follows the jobs of one printer; no Home Assistant, no I/O."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from ..api import HistoryEnd, HistoryEntry, JobReport, RunningState
from .case import (
    CLEAR_STATES,
    Case,
    Claims,
    Judgement,
    Poll,
    Verdict,
    is_within_lag,
)
from .cursor import HistoryKnown
from .cut_short import Figures, next_figures
from .judge import judge
from .models import JobEvent, JobMemory, TrackedJob
from .outage import Outage, hides_end
from .paths import events_between
from .progress import ActiveJob, describe, is_real
from .relation import Relation, relate


class JobTracker:
    """Follows the jobs of one printer, and reports each thing that happens once.

    A poll is judged first: which job has come to which phase. Then each job advances
    along its path, which says what is reported. Percent never make a job completed:
    only the printer's own word or its history does.
    """

    def __init__(self, memory: JobMemory | None = None) -> None:
        """Continue from a memory; without one, the first poll reports nothing."""
        self.memory = memory or JobMemory()
        self.job: ActiveJob | None = None
        self.late = False
        """Whether the last update was the first after a restart or an outage."""
        self._last: JobReport | None = None
        self._figures: Figures | None = None
        self._state: RunningState | None = None
        self._claims: dict[str, datetime] = {}
        self._active_since: datetime | None = None
        self._changed_at: datetime | None = None
        self._known_since: datetime | None = None
        self._outage = Outage()
        self._undecided = False
        self._history_pending = False

    @property
    def unresolved(self) -> bool:
        """Whether the next poll may decide what this one could not."""
        return self._undecided or bool(self._claims)

    @property
    def lacks_history(self) -> bool:
        """Whether the history still has to be read, without urgency."""
        return self._history_pending or not isinstance(self.memory.cursor, HistoryKnown)

    def mark_outage(self) -> None:
        """Mark what the next poll finds out as late."""
        self._outage.begin()

    def note_state(self, state: RunningState | None, now: datetime) -> None:
        """Process a poll that read only the state, which has not changed."""
        if not self.unresolved:
            self._outage.note_answer(state, now, hidden=False)
        clear = state in CLEAR_STATES and not self._outage.lasts
        self.memory = self.memory.after_poll(now, clear=clear)

    def needs_history(
        self, state: RunningState | None, report: JobReport, now: datetime
    ) -> bool:
        """Whether only the printer's history says what has happened."""
        return judge(self._case(state, report, now, None)).needs_history

    def update(
        self,
        state: RunningState | None,
        report: JobReport,
        now: datetime,
        history: HistoryEnd | None = None,
    ) -> list[JobEvent]:
        """Return what has happened, with the history where it was needed and read."""
        case = self._case(state, report, now, history)
        self.late = case.poll.late
        result = judge(case)
        before, last = self.memory.polled_at, self._last
        events = [
            replace(event, at=now, polled_before=before)
            for verdict in result.verdicts
            for event in self._advance(verdict, case.poll)
        ]
        self._keep_report(state, report, now)
        self._keep_history(history, result, now)
        self._claims = case.claims.since
        self._undecided = result.undecided
        self._state = state
        # what is still open is reported later, and is as late as this
        if not self.unresolved:
            hidden = hides_end(self.memory.job, last, report)
            self._outage.note_answer(state, now, hidden=hidden)
        clear = state in CLEAR_STATES and not self.unresolved
        self.memory = self.memory.after_poll(now, clear=clear)
        self._describe(state, report, now)
        return events

    def _case(
        self,
        state: RunningState | None,
        report: JobReport,
        now: datetime,
        history: HistoryEnd | None,
    ) -> Case:
        """Return all that a poll is judged by."""
        poll = Poll(
            state=state,
            report=report,
            at=now,
            before=self._state,
            blind=self.memory.seconds_since_poll(now),
            late=self._outage.lasts,
        )
        known = self._known_since if is_within_lag(self._known_since, now) else None
        return Case(
            memory=self.memory,
            poll=poll,
            claims=Claims(now, self._claims),
            last=self._last,
            figures=self._figures,
            active_since=self._active_since,
            changed_at=self._changed_at,
            known_since=known,
            history=history,
        )

    def _advance(self, verdict: Verdict, poll: Poll) -> Iterator[JobEvent]:
        """Move a job to its new phase, and yield the events on the path to it."""
        if isinstance(verdict.job, HistoryEntry):
            # the tracked job stays the same
            job = TrackedJob.named_by(verdict.job)
            late = poll.late or self._history_pending
            yield from events_between(job, verdict.phase, None, late=late)
            self.memory = self.memory.with_unseen(verdict.job.job_id)
            return
        if self.memory.job is None:
            self._known_since = poll.at
        if verdict.job is not None:
            # another job is tracked from now on
            self._last = self._figures = self.job = None
            self.memory = self.memory.with_job(TrackedJob.named_by(verdict.job))
        job = self.memory.job or TrackedJob.named_by(poll.report)
        job = _with_start(job, verdict, poll)
        self._changed_at = poll.at
        if verdict.phase.active and not job.phase.active:
            self._active_since = poll.at
        printed = job.is_same_as(poll.report) and poll.report.elapsed
        # an idle printer has zeros
        figures = poll.report if printed else self._last
        if not verdict.silent:
            yield from events_between(job, verdict.phase, figures, late=poll.late)
        self.memory = self.memory.with_phase_of(_moved_on(job, verdict, figures))

    def _keep_history(
        self, history: HistoryEnd | None, result: Judgement, now: datetime
    ) -> None:
        """Keep what the history holds, or that it still has to be read."""
        if history is None:
            self._history_pending |= self._outage.lasts and result.needs_history
            return
        self._history_pending = False
        self.memory = self.memory.after_history(
            history, now, undecided=result.undecided, judged=result.judged_history
        )

    def _keep_report(
        self, state: RunningState | None, report: JobReport, now: datetime
    ) -> None:
        """Keep the tracked job's last report, and an id or a name that came late."""
        if relate(self.memory, self._last, None, report) is not Relation.SAME:
            return
        if report.elapsed or self._last is None:
            # an idle printer has zeros
            self._last = report
        paused = self._state is state is RunningState.PAUSED
        self._figures = next_figures(self._figures, report, now, paused=paused)
        self.memory = self.memory.with_details(report)

    def _describe(
        self, state: RunningState | None, report: JobReport, now: datetime
    ) -> None:
        """Update the active job, and keep when it was started."""
        job = self.memory.job
        tracked = job if job and job.is_named_by(report) else None
        if not is_real(state, report, tracked):
            self.job = None
            return
        if tracked:
            tracked = tracked.with_start(report, now)
            self.memory = replace(self.memory, job=tracked)
        started_at = tracked.started_at if tracked else None
        self.job = describe(state, report, self.job, started_at=started_at, now=now)


def _with_start(job: TrackedJob, verdict: Verdict, poll: Poll) -> TrackedJob:
    """Return the job with the time of its start, which its first event has already."""
    if verdict.phase.active and job.is_named_by(poll.report):
        return job.with_start(poll.report, poll.at)
    return job


def _moved_on(
    job: TrackedJob, verdict: Verdict, figures: JobReport | None
) -> TrackedJob:
    """Return the job in its new phase."""
    if figures is not None:
        elapsed = figures.elapsed
    elif verdict.silent:
        # marks a job that no poll has seen printing
        elapsed = None
    else:
        elapsed = job.elapsed or 0
    return replace(
        job,
        phase=verdict.phase,
        final=verdict.final,
        elapsed=elapsed,
        reported=job.reported or not verdict.silent,
    )
