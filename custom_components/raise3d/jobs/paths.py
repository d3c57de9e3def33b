"""The events on the path of a job from one phase to another."""

from collections.abc import Iterator

from ..api import JobReport
from .models import JobEvent, JobEventType as Event, JobPhase as Phase, TrackedJob
from .progress import display_name

# A job that was not seen printing has started in between; one that goes on after its
# end or a pause was resumed.
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


def events_between(
    job: TrackedJob, phase: Phase, figures: JobReport | None, *, late: bool
) -> Iterator[JobEvent]:
    """Yield the events of a job on its way to a phase, with its newest figures."""
    for event in PATHS.get((job.phase, phase), ()):
        yield JobEvent(
            type=event,
            job_id=job.key,
            file_name=display_name(job.file_name),
            duration=figures.elapsed if figures else None,
            estimated_duration=figures.total if figures else None,
            progress=figures.progress if figures else None,
            layers=figures.printed_layers if figures else None,
            started_at=job.started_at,
            late=late,
            path=job.file_name,
        )
