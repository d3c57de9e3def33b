"""Captures: the raw answers of a printer, for a file that may be published.

Imports no Home Assistant.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
import re
import time
from typing import Final

from ..api import Raise3DClient, RawAnswer
from .collect import Collected, async_collect
from .redact import Redactor, redact, redactor_for

__all__ = ["FORMAT", "async_capture", "redact", "write_capture"]

# Of the file, for those who read it.
FORMAT: Final = 1
_CONTENT_TYPE: Final = re.compile(
    r"(?:application|text|image)/[a-z.+-]{1,24}(?:;\s*charset=[A-Za-z0-9-]{1,12})?",
    re.IGNORECASE,
)


async def async_capture(
    client: Raise3DClient, secrets: Iterable[str] = ()
) -> dict[str, object]:
    """Return a capture of a printer, with its last answers where it is off.

    `secrets` must not appear, whatever a printer writes where.
    """
    collected = await async_collect(client)
    # it takes tenths of a second, for which the event loop must not stop
    return await asyncio.get_running_loop().run_in_executor(
        None, write_capture, collected, tuple(secrets), datetime.now(UTC)
    )


def write_capture(
    collected: Collected, secrets: Iterable[str], taken_at: datetime
) -> dict[str, object]:
    """Return answers as a capture, redacted."""
    answers = (*collected.fresh, *collected.kept)
    redactor = redactor_for([_text(answer)[0] for answer in answers], secrets)
    return {
        "format": FORMAT,
        "taken_at": taken_at.astimezone(UTC).isoformat(timespec="seconds"),
        "answers": _write_answers(collected.fresh, redactor),
        "earlier_answers": _write_answers(collected.kept, redactor),
        "without_answer": [
            {"path": path, "error": error} for path, error in collected.failures
        ],
    }


def _write_answers(
    answers: Sequence[RawAnswer], redactor: Redactor
) -> list[Mapping[str, object]]:
    now = time.monotonic()
    return [_write_answer(answer, redactor, now - answer.at) for answer in answers]


def _write_answer(
    answer: RawAnswer, redactor: Redactor, age: float
) -> Mapping[str, object]:
    text, encoding = _text(answer)
    known = _CONTENT_TYPE.fullmatch(answer.content_type)
    return {
        "path": answer.path,
        "params": redactor.redact_params(answer.params),
        "age": round(age, 1),
        "status": answer.status,
        "content_type": answer.content_type if known else "",
        "encoding": encoding,
        "complete": answer.size == len(answer.body),
        "body": redactor.redact_text(text),
    }


def _text(answer: RawAnswer) -> tuple[str, str]:
    """Return a body as text, and how its bytes were read."""
    try:
        return answer.body.decode(), "utf-8"
    except UnicodeDecodeError:
        return answer.body.decode("latin-1"), "latin-1"
