"""Plays a capture: a printer answers again what it has answered once."""

from types import TracebackType
from typing import Self
from urllib.parse import unquote

from aiohttp import web

from .app import BAD_METHOD, NOT_FOUND, PREFIX, Request, RequestLog
from .captures import Answer, Capture, Json, read_place
from .commands import COMMANDS
from .errors import (
    BUSY,
    NO_DATA_FILE,
    NO_FOLDER,
    NO_IMAGE,
    TOKEN_ERROR,
    HttpError,
    RefusedError,
)
from .faults import HTML_PAGE, dump, error_body, hang_up
from .files import UPLOAD
from .queries import MAX_JOBS
from .server import close, listen
from .tokens import random_token

JOB_LIST, FILE_LIST = "dashboard/joblist", "fileops/list"
IMAGE, JOB = "dashboard/imagedownload", "dashboard/job"
FILE_IMAGE = "fileops/imagedownload"
NO_SUCH_JOB = (10002, "job id not match pos")
# The parameter that names one thing, and the answer where there is no such thing.
NAMED_BY = {
    IMAGE: ("job_id", NO_IMAGE),
    FILE_IMAGE: ("data_path", NO_DATA_FILE),
    JOB: ("job_id", NO_SUCH_JOB),
}
ROOTS = frozenset({"Local", "Local/"})


class Replay:
    """The API of a captured printer, inside the running event loop.

    Each password is right, and each token is taken: the capture has neither. Commands
    are refused as by a busy printer, because nothing would come of them. There is no
    camera server.
    """

    def __init__(
        self, capture: Capture, *, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        """Keep the settings; port 0 takes a free one, and keeps it from then on."""
        self.capture = capture
        self.host = host
        self.port = port
        self.log = RequestLog()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen."""
        app = create_replay_app(self.capture, self.log)
        self._runner = await listen(app, self.host, self.port)
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the listening socket and every connection."""
        if self._runner is not None:
            await close(self._runner)
            self._runner = None

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        await self.stop()


def create_replay_app(capture: Capture, log: RequestLog) -> web.Application:
    """Build the application of a capture."""

    async def handle(request: web.Request) -> web.StreamResponse:
        log.in_flight += 1
        log.requests.append(Request(0.0, request.method, request.path, log.in_flight))
        try:
            await request.release()
            return _respond(capture, request)
        except HttpError as error:
            return web.Response(status=error.status)
        except RefusedError as error:
            return _write(error_body(error.code, error.msg))
        finally:
            log.in_flight -= 1

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    return app


def _respond(capture: Capture, request: web.Request) -> web.Response:
    if request.method not in {"GET", "POST", "OPTIONS"}:
        raise HttpError(BAD_METHOD)
    if request.path == "/" and request.method == "GET":
        return web.Response(text=HTML_PAGE, content_type="text/html", charset="UTF-8")
    path = request.path.removeprefix(PREFIX)
    readable = path == "login" or capture.knows(path)
    command = path in COMMANDS or path == UPLOAD
    if path == request.path or not (readable or command):
        raise HttpError(NOT_FOUND)
    if request.method == "OPTIONS":
        return web.Response(headers={"Allow": "GET, POST, OPTIONS"})
    if request.method == "POST" and not command:
        raise HttpError(BAD_METHOD)
    return _answer(capture, request, path)


def _answer(capture: Capture, request: web.Request, path: str) -> web.Response:
    query = _query(request)
    if path == "login":
        return _write({"data": {"token": random_token()}, "status": 1})
    if not query.pop("token", ""):
        raise RefusedError(*TOKEN_ERROR)
    if request.method == "POST":
        raise RefusedError(*BUSY)
    if not capture.all_of(path):
        hang_up(request)
        return web.Response()
    return _replay(capture, path, query)


def _replay(capture: Capture, path: str, query: dict[str, str]) -> web.Response:
    answers = capture.all_of(path)
    exact = [answer for answer in answers if answer.params == query]
    if exact or path not in {JOB_LIST, JOB, FILE_LIST, IMAGE, FILE_IMAGE}:
        return _send((exact or answers)[-1])
    if path == JOB_LIST:
        return _list_jobs(answers, query)
    if path == FILE_LIST:
        # of a folder only the beginning was read, and what is behind its end
        if query.get("dir") not in ROOTS:
            raise RefusedError(*NO_FOLDER)
        return _send(_last(answers))
    key, refusal = NAMED_BY[path]
    same = [answer for answer in answers if answer.params.get(key) == query.get(key)]
    if same and path != JOB:
        return _send(same[-1])
    raise RefusedError(*refusal)


def _list_jobs(answers: tuple[Answer, ...], query: dict[str, str]) -> web.Response:
    """Put a page together from the pages that were read."""
    start, number = _number(query, "start_pos", 0), _number(query, "max_num", MAX_JOBS)
    places: dict[int, Json] = {}
    pages = {each.start: rows for each in answers if (rows := each.rows("job_list"))}
    if pages.get(0, [])[:1] == pages.get(1, [])[:1]:
        # a list that counts from 1 and takes 0 for it
        pages.pop(0, None)
    for first, page in pages.items():
        places |= dict(enumerate(page, first or 0))
    wanted = range(start, start + number)
    rows = [places[place] for place in sorted(places) if place in wanted]
    if start in places:
        return _write({"data": {"job_list": rows}, "status": 1})
    return _send(_last(answers))


def _last(answers: tuple[Answer, ...]) -> Answer:
    """Return the answer that was read furthest behind."""
    return max(answers, key=lambda answer: answer.start or 0)


def _send(answer: Answer) -> web.Response:
    headers = {"Content-Type": answer.content_type} if answer.content_type else {}
    return web.Response(body=answer.body, status=answer.status, headers=headers)


def _write(body: Json) -> web.Response:
    return web.Response(body=dump(body), content_type="application/json")


def _query(request: web.Request) -> dict[str, str]:
    pairs = (
        pair.partition("=") for pair in request.rel_url.raw_query_string.split("&")
    )
    return {unquote(key): unquote(value) for key, _, value in pairs}


def _number(query: dict[str, str], key: str, default: int) -> int:
    place = read_place(query.get(key, ""))
    return default if place is None else place
