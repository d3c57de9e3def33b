"""What a capture can say about an unknown, and helpers to find it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
import re

from simulator.captures import Answer, Capture, Json

JOB_LIST = "dashboard/joblist"
CURRENT_JOB = "job/currentjob"
STATISTICS = "dashboard/statistics"
SYSTEM = "printer/system"
STATE = "printer/runningstatus"
FILE_LIST = "fileops/list"
# Jobs of the history in one answer, documented.
PAGE = 12
# Characters of an answer that are quoted.
QUOTE = 300

_JOB_ID = re.compile(r"[0-9A-F]{12}_[0-9A-F]{12}_([0-9a-f]{18})", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{4})-(\d\d)-(\d\d) +(\d\d): *(\d\d): *(\d\d)")
# Digits of year, month, day, hour, minute and second in the time of a job id.
_WIDTHS = (3, 2, 2, 2, 2, 2)


class Verdict(StrEnum):
    """How a capture decides an unknown."""

    SETTLED = "settled"
    """As the documents and the simulator assume."""
    CONTRADICTED = "contradicted"
    """Otherwise."""
    ABSENT = "not in it"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a capture says about one unknown."""

    key: str
    question: str
    verdict: Verdict = Verdict.ABSENT
    answer: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to a question, and what proves it."""

    answer: str
    assumed: bool
    evidence: str


type Decide = Callable[[Capture], Said | None]


@dataclass(frozen=True, slots=True)
class Check:
    """An unknown, and what decides it; nothing does where no request would show it."""

    key: str
    question: str
    decide: Decide | None = None

    def find(self, capture: Capture) -> Finding:
        """Decide it from a capture."""
        said = self.decide(capture) if self.decide else None
        if said is None:
            return Finding(self.key, self.question)
        verdict = Verdict.SETTLED if said.assumed else Verdict.CONTRADICTED
        return Finding(self.key, self.question, verdict, said.answer, said.evidence)


def quote(*answers: Answer) -> str:
    """Return the beginning of answers, each with its request."""
    return "\n".join(
        f"{_request(answer)}: HTTP {answer.status} {_shorten(answer.text)}"
        for answer in answers
    )


def last(capture: Capture, path: str) -> Answer | None:
    """Return the last answer of an endpoint."""
    answers = capture.all_of(path)
    return answers[-1] if answers else None


def last_of(capture: Capture, *paths: str) -> Iterator[Answer]:
    """Yield the last answer of each of these endpoints."""
    for path in paths:
        yield from capture.all_of(path)[-1:]


def page(capture: Capture, path: str, start: int) -> Answer | None:
    """Return the answer of a list from a place on."""
    return next((each for each in capture.all_of(path) if each.start == start), None)


def behind_end(capture: Capture, path: str) -> Answer | None:
    """Return the answer from behind the end of a list, after one with entries."""
    answers = [each for each in capture.all_of(path) if each.start]
    final = max(answers, key=lambda each: each.start or 0, default=None)
    return final if final is not None and not entries(final) else None


def entries(answer: Answer) -> Sequence[object]:
    """Return what a page of the history or of a folder holds."""
    folders = answer.data.get("dir_list")
    named = folders if isinstance(folders, list) else []
    return [*answer.rows("job_list"), *named, *answer.rows("file_list")]


def job_ids(answer: Answer) -> list[str]:
    """Return the ids in a page of the history."""
    return [str(row.get("job_id", "")) for row in answer.rows("job_list")]


def integer(data: Json, key: str) -> int | None:
    """Return a whole number."""
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value


def state(capture: Capture) -> str:
    """Return the state of the printer, "" where it is not in the capture."""
    return str(capture.data_of(STATE).get("running_status", ""))


def started_at(job_id: object) -> datetime | None:
    """Return the time in a job id, without a zone; its day has been moved."""
    match = _JOB_ID.fullmatch(str(job_id))
    if match is None:
        return None
    parts, code = [], match[1]
    for width in _WIDTHS:
        parts.append(int(code[:width], 16))
        code = code[width:]
    return _time(parts)


def clock(capture: Capture) -> datetime | None:
    """Return the time by the printer's clock, without a zone."""
    found = _CLOCK.search(str(capture.data_of(SYSTEM).get("date_time", "")))
    return _time([int(part) for part in found.groups()]) if found else None


def within_day(seconds: float) -> float:
    """Return a difference of two times whose days are not comparable."""
    return seconds % timedelta(days=1).total_seconds()


def _time(parts: list[int]) -> datetime | None:
    try:
        return datetime.fromisoformat(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*parts)
        )
    except ValueError:
        return None


def _request(answer: Answer) -> str:
    query = "&".join(f"{key}={value}" for key, value in answer.params.items())
    return f"{answer.path}?{query}" if query else answer.path


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTE else f"{line[:QUOTE]} ..."
