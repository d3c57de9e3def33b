"""Follows the jobs of one printer; no Home Assistant, no I/O."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from ..api import HistoryBookmark, HistoryEnd, HistoryEntry, JobReport, RunningState
from .judge import CLEAR_STATES, Case, Claims, Judgement, Poll, Verdict, judge
from .models import (
    HistoryEmpty,
    HistoryKnown,
    HistoryUnread,
    JobEvent,
    JobEventType as Event,
    JobMemory,
    JobPhase as Phase,
    TrackedJob,
)
from .progress import ActiveJob, describe, display_name
from .relation import LAG, Relation, relate

# A history that is empty for that long is one of a printer that has printed nothing.
_EMPTY_FOR = timedelta(minutes=5)

# What happens to a job between two phases. A job that has not been seen to print has
# started in between; one that goes on after its end or a pause has been resumed.
PATHS: dict[tuple[Phase, Phase], tuple[Event, ...]] = {
    (Phase.NAMED, Phase.NAMED): (),
    (Phase.NAMED, Phase.PRINTING): (Event.STARTED,),
    (Phase.NAMED, Phase.PAUSED): (Event.STARTED, Event.PAUSED),
    (Phase.NAMED, Phase.COMPLETED): (Event.STARTED, Event.COMPLETED),
    (Phase.NAMED, Phase.STOPPED): (Event.STARTED, Event.STOPPED),
    (Phase.NAMED, Phase.FAILED): (Event.STARTED, Event.FAILED),
    (Phase.PRINTING, Phase.PAUSED): (Event.PAUSED,),
    (Phase.PRINTING, Phase.COMPLETED): (Event.COMPLETED,),
    (Phase.PRINTING, Phase.STOPPED): (Event.STOPPED,),
    (Phase.PRINTING, Phase.FAILED): (Event.FAILED,),
    (Phase.PAUSED, Phase.PRINTING): (Event.RESUMED,),
    (Phase.PAUSED, Phase.COMPLETED): (Event.RESUMED, Event.COMPLETED),
    (Phase.PAUSED, Phase.STOPPED): (Event.STOPPED,),
    (Phase.PAUSED, Phase.FAILED): (Event.FAILED,),
    (Phase.STOPPED, Phase.PRINTING): (Event.RESUMED,),
    (Phase.STOPPED, Phase.PAUSED): (Event.RESUMED, Event.PAUSED),
    (Phase.STOPPED, Phase.COMPLETED): (Event.RESUMED, Event.COMPLETED),
    (Phase.FAILED, Phase.PRINTING): (Event.RESUMED,),
    (Phase.FAILED, Phase.PAUSED): (Event.RESUMED, Event.PAUSED),
    (Phase.FAILED, Phase.COMPLETED): (Event.RESUMED, Event.COMPLETED),
}


class JobTracker:
    """Follows the jobs of one printer, and reports each thing that happens once.

    Success is never concluded from percent: only the printer's word or the printer's
    history makes a job completed.
    """

    def __init__(self, memory: JobMemory | None = None) -> None:
        """Go on from what was known; without that, the first poll reports nothing."""
        self.memory = memory or JobMemory()
        self.job: ActiveJob | None = None
        self._last: JobReport | None = None
        self._state: RunningState | None = None
        self._claims: dict[str, datetime] = {}
        self._active_since: datetime | None = None
        self._changed_at: datetime | None = None
        self._known_since: datetime | None = None
        self._outage = True
        self._undecided = False
        self._owes_history = False

    @property
    def unresolved(self) -> bool:
        """Whether the next poll may decide what this one could not."""
        return self._undecided or bool(self._claims)

    @property
    def bookmark(self) -> HistoryBookmark | None:
        """What is known of the history, None before it has been read."""
        match self.memory.cursor:
            case HistoryUnread():
                return None
            case HistoryEmpty(_, bookmark) | HistoryKnown(bookmark):
                return bookmark

    @property
    def lacks_history(self) -> bool:
        """Whether the history has to be read when it can be, in no hurry."""
        return self._owes_history or not isinstance(self.memory.cursor, HistoryKnown)

    def mark_outage(self) -> None:
        """Take the next poll as one after an outage: what it finds out is late."""
        self._outage = True

    def note_state(self, state: RunningState | None, now: datetime) -> None:
        """Take in a state that has not changed, so that the job was not asked for."""
        if state in CLEAR_STATES and not self._outage and self.memory.job:
            self.memory = replace(self.memory, polled_at=now)

    def needs_history(
        self, state: RunningState | None, report: JobReport, now: datetime
    ) -> bool:
        """Whether only the printer's history can tell what has happened."""
        case = self._case(state, report, now, None)
        return judge(case).asks_history

    def update(
        self,
        state: RunningState | None,
        report: JobReport,
        now: datetime,
        history: HistoryEnd | None = None,
    ) -> list[JobEvent]:
        """Take in one poll and return what has happened.

        `history` is its end where `needs_history` asked for it and it could be read.
        """
        case = self._case(state, report, now, history)
        result = judge(case)
        events: list[JobEvent] = []
        for verdict in result.verdicts:
            events += self._advance(verdict, case.poll)
        self._complete_job(report)
        self._take_history(history, result, now)
        self._claims = case.claims.since
        self._undecided = result.undecided
        self._state = state
        if state in CLEAR_STATES:
            self._outage = self._outage and self.unresolved
            if not self.unresolved and self.memory.job:
                self.memory = replace(self.memory, polled_at=now)
        self.job = self._describe(state, report, now)
        return events

    def _case(
        self,
        state: RunningState | None,
        report: JobReport,
        now: datetime,
        history: HistoryEnd | None,
    ) -> Case:
        """Return all that a poll is judged by."""
        polled_at = self.memory.polled_at
        poll = Poll(
            state=state,
            report=report,
            at=now,
            before=self._state,
            blind=(now - polled_at).total_seconds() if polled_at else 0.0,
            late=self._outage,
        )
        known = self._known_since
        if known and (now - known).total_seconds() > LAG:
            known = None
        return Case(
            memory=self.memory,
            poll=poll,
            claims=Claims(now, self._claims),
            last=self._last,
            active_since=self._active_since,
            changed_at=self._changed_at,
            known_since=known,
            history=history,
        )

    def _advance(self, verdict: Verdict, poll: Poll) -> Iterator[JobEvent]:
        """Bring a job to a phase, along the path that leads there."""
        if isinstance(verdict.job, HistoryEntry):
            # seen by nobody: the job that is tracked stays
            job = TrackedJob.named_by(verdict.job, Phase.NAMED)
            yield from self._report(job, verdict, None, late=poll.late)
            recent = (*self.memory.recent, verdict.job.job_id)
            self.memory = replace(self.memory, recent=recent)
            self._add_known(verdict.job.job_id)
            return
        if self.memory.job is None:
            self._known_since = poll.at
        if verdict.job is not None:
            self._last = self.job = None
            job = TrackedJob.named_by(verdict.job, Phase.NAMED)
            self.memory = self.memory.turn_to(job)
        job = self.memory.job or TrackedJob.named_by(poll.report, Phase.NAMED)
        self._changed_at = poll.at
        if verdict.phase.active and not job.phase.active:
            self._active_since = poll.at
        figures = self._figures(job, poll.report)
        yield from self._report(job, verdict, figures, late=poll.late)
        elapsed = figures.elapsed if figures else None
        self.memory = replace(
            self.memory,
            job=replace(
                job, phase=verdict.phase, certain=verdict.certain, elapsed=elapsed
            ),
        )
        if job.job_id and (verdict.certain or verdict.phase is Phase.COMPLETED):
            self._add_known(job.job_id)

    def _report(
        self,
        job: TrackedJob,
        verdict: Verdict,
        figures: JobReport | None,
        *,
        late: bool,
    ) -> Iterator[JobEvent]:
        """Return the events on a job's way to a phase."""
        if verdict.silent:
            return
        for kind in PATHS.get((job.phase, verdict.phase), ()):
            yield JobEvent(
                type=kind,
                job_id=job.key,
                file_name=display_name(job.file_name),
                duration=figures.elapsed if figures else None,
                estimated_duration=figures.total if figures else None,
                progress=figures.progress if figures else None,
                layers=figures.printed_layers if figures else None,
                late=late,
            )

    def _figures(self, job: TrackedJob, report: JobReport) -> JobReport | None:
        """Return the newest report that has figures of a job: an idle one has zeros."""
        same = report.job_id == job.job_id and report.file_name == job.file_name
        return report if same and report.elapsed else self._last

    def _complete_job(self, report: JobReport) -> None:
        """Keep what an answer says of the tracked job, and the id that came late."""
        memory, job = self.memory, self.memory.job
        if job is None or relate(memory, self._last, None, report) is not Relation.SAME:
            return
        self._last = report
        completed = replace(
            job,
            job_id=report.job_id or job.job_id,
            file_name=report.file_name or job.file_name,
        )
        if completed != job:
            self.memory = replace(memory, job=completed)

    def _take_history(
        self, history: HistoryEnd | None, result: Judgement, now: datetime
    ) -> None:
        """Take the history as known, once all that it tells has been reported."""
        if history is None:
            self._owes_history |= self._outage and result.asks_history
            return
        self._owes_history = False
        cursor = self.memory.cursor
        match cursor:
            case HistoryUnread():
                if not history.entries:
                    empty = HistoryEmpty(now, history.bookmark)
                    self.memory = replace(self.memory, cursor=empty)
                    return
            case HistoryEmpty(since):
                if not history.entries and now - since < _EMPTY_FOR:
                    return
            case HistoryKnown():
                pass
        news = history.new and not isinstance(cursor, HistoryUnread)
        if result.undecided or (news and not result.used_history):
            return
        self.memory = replace(self.memory, cursor=HistoryKnown(history.bookmark))
        job = self.memory.job
        if job and job.job_id and (job.certain or job.phase is Phase.COMPLETED):
            self._add_known(job.job_id)

    def _add_known(self, job_id: str) -> None:
        """Note that the history tells nothing new of a job."""
        cursor = self.memory.cursor
        if isinstance(cursor, HistoryKnown):
            known = HistoryKnown(cursor.bookmark.with_known(job_id))
            self.memory = replace(self.memory, cursor=known)

    def _describe(
        self, state: RunningState | None, report: JobReport, now: datetime
    ) -> ActiveJob | None:
        """Return the job as it stands, None where there is none."""
        if not self._is_real(state, report):
            return None
        started_at = self._started_at(report, now)
        return describe(state, report, self.job, started_at=started_at, now=now)

    def _is_real(self, state: RunningState | None, report: JobReport) -> bool:
        """Tell a job from the old name that an idle printer keeps.

        Busy, error and words that are not known yet say nothing about a job: then it
        is the one that was there before, or one that has visibly been printed on.
        """
        if state is RunningState.IDLE:
            return False
        if state in CLEAR_STATES or report.elapsed:
            return True
        job = self.memory.job
        if job is None or job.key != (report.job_id or report.file_name or ""):
            return False
        failed = job.phase is Phase.FAILED and state is RunningState.ERROR
        return job.phase.active or failed

    def _started_at(self, report: JobReport, now: datetime) -> datetime | None:
        """Return when the job began; a pause later does not move that."""
        job = self.memory.job
        if job is None or job.key != (report.job_id or report.file_name or ""):
            return None
        if job.started_at is None and report.elapsed is not None:
            started_at = now - timedelta(seconds=report.elapsed)
            job = replace(job, started_at=started_at.replace(microsecond=0))
            self.memory = replace(self.memory, job=job)
        return job.started_at
