"""What a person does at the printer while it runs, over HTTP for the sake of curl."""

from collections.abc import Awaitable, Callable, Mapping
import json

from aiohttp import web

from .errors import RefusedError
from .faults import KINDS
from .server import Simulator

type Query = Mapping[str, str]
type Action = tuple[str, Callable[[Simulator, Query], object]]
BAD_REQUEST, NOT_FOUND, BAD_METHOD, CONFLICT = 400, 404, 405, 409


def add_fault(simulator: Simulator, options: Query) -> None:
    """Add a fault in words: kind, path, count (or "always") and its options."""
    given = dict(options)
    kind, path = given.pop("kind", ""), given.pop("path", None)
    count = given.pop("count", "1")
    extra: dict[str, object] = dict(given)
    if "seconds" in given:
        extra["seconds"] = float(given["seconds"])
    if "keys" in given:
        extra["keys"] = given["keys"].split(",")
    if "data" in given:
        extra["data"] = json.loads(given["data"])
    number = None if count == "always" else int(count)
    simulator.faults.add(kind, path=path, count=number, **extra)


def start(simulator: Simulator, options: Query) -> str:
    """Print a stored file as it was sliced, or any other with the options."""
    printer = simulator.printer
    name = options.get("file", "Local/medaille_1.gcode")
    if name in printer.files and options.keys() <= {"file"}:
        return printer.start_stored(name)
    duration = float(options.get("duration", 3600))
    return printer.start(
        name,
        duration=duration,
        estimate=float(options.get("estimate", duration)),
        layers=int(options.get("layers", 250)),
    )


async def power_cycle(simulator: Simulator, _: Query) -> None:
    """Pull the plug and put it back."""
    await simulator.power_off()
    await simulator.power_on()


ACTIONS: dict[str, Action] = {
    "start": ("?file=Local/a.gcode&duration=&estimate=&layers=  print", start),
    "pause": ("pause the print", lambda s, _: s.printer.pause()),
    "resume": ("go on after a pause", lambda s, _: s.printer.resume()),
    "stop": ("cancel the print", lambda s, _: s.printer.stop()),
    "dismiss": ("clear the completed view", lambda s, _: s.printer.dismiss()),
    "recover": ("go on after a power failure", lambda s, _: s.printer.recover()),
    "touch": (
        "?seconds=30  operate the panel: busy",
        lambda s, q: s.printer.touch(float(q.get("seconds", 30))),
    ),
    "show": (
        "?view=calibrate  open a view of the panel; without a view close it",
        lambda s, q: s.printer.show(q.get("view", "")),
    ),
    "fail": (
        "?reason=serial  lose the motion board, or enter reason=safe mode",
        lambda s, q: s.printer.fail(q.get("reason", "serial")),
    ),
    "clear-error": ("be idle again", lambda s, _: s.printer.clear_error()),
    "power-off": ("pull the plug", lambda s, _: s.power_off()),
    "power-on": ("boot", lambda s, _: s.power_on()),
    "power-cycle": ("pull the plug and put it back", power_cycle),
    "drop-tokens": ("forget all logins", lambda s, _: s.drop_tokens()),
    "plug-camera": ("connect a camera", lambda s, _: s.printer.plug_camera()),
    "unplug-camera": ("take the camera away", lambda s, _: s.printer.unplug_camera()),
    "clock": (
        "?offset=3600  set the printer's own clock wrong by seconds",
        lambda s, q: s.printer.set_clock_offset(float(q.get("offset", 0))),
    ),
    "skip": (
        "?seconds=60  let time pass at once, for the printer alone",
        lambda s, q: s.printer.time.skip(float(q.get("seconds", 60))),
    ),
    "fault": ("?kind=http_429&path=printer/system&count=always  see below", add_fault),
    "clear-faults": ("end all faults", lambda s, _: s.faults.clear()),
}


def create_control_app(simulator: Simulator) -> web.Application:
    """Build the application: GET / explains, POST acts."""

    async def handle(request: web.Request) -> web.Response:
        name = request.path.strip("/")
        if not name and request.method == "GET":
            return web.Response(text=overview(simulator))
        if name not in ACTIONS:
            return web.Response(status=NOT_FOUND, text=f"no action {name!r}\n")
        if request.method != "POST":
            return web.Response(status=BAD_METHOD, text="use POST\n")
        try:
            result = ACTIONS[name][1](simulator, request.query)
            if isinstance(result, Awaitable):
                await result
        except RefusedError as error:
            return web.Response(status=CONFLICT, text=f"{error.msg}\n")
        except (ValueError, KeyError) as error:
            return web.Response(status=BAD_REQUEST, text=f"{error}\n")
        return web.Response(text=f"{state(simulator)}\n")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    return app


def state(simulator: Simulator) -> str:
    """Return in a few words what the printer does."""
    printer = simulator.printer
    return str(printer.running_status) if printer.powered else "off"


def overview(simulator: Simulator) -> str:
    """List the actions."""
    lines = [f"{simulator.printer.machine_name}: {state(simulator)}", ""]
    lines += [f"POST /{name:14} {help_}" for name, (help_, _) in ACTIONS.items()]
    return "\n".join([*lines, "", f"kinds of fault: {', '.join(sorted(KINDS))}", ""])
