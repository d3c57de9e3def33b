"""`python -m simulator`: one simulated printer, until Ctrl-C."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
import signal
import sys
import time

from .captures import Capture
from .control import add_fault, create_control_app, start
from .faults import KINDS
from .models import FILES, MODELS
from .printer import Printer
from .replay import Replay
from .server import ListenError, Simulator, close, listen
from .states import Phase

LOOPBACK = "127.0.0.1"
MAX_PORT = 65535
# --loop: how long, in real seconds, a finished part stays for someone to see it.
REST_SECONDS = 20.0
# How often --loop polls; the printer itself needs no poll.
POLL_SECONDS = 1.0

DESCRIPTION = """\
Plays a Raise3D printer: its HTTP API (RaiseTouch Remote Access API) and its camera.

Point an integration at the address it prints; the password is 123456 unless
--password is given. Nothing is stored: each start is a printer fresh from the box
with a few weeks of invented history."""
EPILOG = """\
examples:
  python -m simulator                                      an idle Pro2
  python -m simulator --file Local/medaille_1.gcode --speed 60
                                                           an hour's print in a minute
  python -m simulator --model n2 --no-camera               one nozzle, no camera
  python -m simulator --fault http_429,retry_after=5,count=3
                                                           refuses three requests
  python -m simulator --replay config_entry-raise3d-01J.json
                                                           someone else's printer
  python -m simulator --control-port 10801                 and, in another terminal:
    curl http://127.0.0.1:10801/                           lists what can be done
    curl -X POST http://127.0.0.1:10801/pause

"""


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description=DESCRIPTION,
        epilog=EPILOG
        + f"files it knows: {', '.join(FILES)}\nfaults: {', '.join(sorted(KINDS))}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--model", choices=MODELS, default="pro2", help="default: pro2")
    add("--host", default=LOOPBACK, help="address to listen on; 0.0.0.0 for all")
    add("--port", type=_port, default=10800, help="API; 0 takes a free one")
    add("--camera-port", type=_port, default=30216, help="camera server; 0 as above")
    add("--control-port", type=_port, help="listen on loopback for what a person does")
    add("--password", default="123456", help="the API's access password")
    add("--name", help="the printer's name")
    add("--machine-id", help="its id, up to 20 digits")
    add("--seed", type=int, default=0, help="another seed, another history")
    add("--history", type=int, default=40, help="earlier jobs to invent (default: 40)")
    add("--no-camera", action="store_true", help="no camera is connected")
    add(
        "--speed",
        type=_positive,
        default=1.0,
        metavar="N",
        help="the printer's time runs N times as fast, tokens age with it",
    )
    add("--file", metavar="PATH", help="print this file straight away")
    add("--duration", metavar="SECONDS", help="how long that print takes")
    add("--estimate", metavar="SECONDS", help="what the printer estimates instead")
    add(
        "--replay",
        type=Path,
        metavar="FILE",
        help="play the answers of a capture (diagnostics of Home Assistant): any"
        " password is right, commands are refused; --host and --port apply",
    )
    add("--loop", action="store_true", help="clear the plate and print again, for ever")
    add(
        "--fault",
        action="append",
        default=[],
        metavar="KIND[@PATH][,OPTION=VALUE...]",
        help="always, or count=N times; may be repeated",
    )
    return parser.parse_args(arguments)


def fast_clock(speed: float) -> Callable[[], float]:
    """Give a clock that begins now and runs `speed` times as fast."""
    began, origin = time.time(), time.monotonic()
    return lambda: began + (time.monotonic() - origin) * speed


def build(options: argparse.Namespace) -> Simulator:
    """Make the printer that the command line describes."""
    printer = Printer(
        options.model,
        clock=fast_clock(options.speed),
        password=options.password,
        machine_id=options.machine_id,
        machine_name=options.name,
        seed=options.seed,
        camera=not options.no_camera,
        history=options.history,
    )
    simulator = Simulator(
        printer,
        host=options.host,
        port=options.port,
        camera_port=options.camera_port,
    )
    for text in options.fault:
        what, *extras = text.split(",")
        kind, _, path = what.partition("@")
        fault = {"kind": kind, "count": "always"}
        for extra in extras:
            option, equals, value = extra.partition("=")
            if not equals:
                msg = f"--fault: {extra!r} is not OPTION=VALUE"
                raise ValueError(msg)
            fault[option] = value
        add_fault(simulator, fault | ({"path": path} if path else {}))
    return simulator


def begin(simulator: Simulator, options: argparse.Namespace) -> None:
    """Print the file of --file."""
    given = {"file": options.file}
    given |= {"duration": options.duration, "estimate": options.estimate}
    start(simulator, {key: value for key, value in given.items() if value})


async def keep_printing(
    simulator: Simulator, options: argparse.Namespace, stopped: asyncio.Event
) -> None:
    """Clear the plate a while after each print, and begin again."""
    rested = 0.0
    while not stopped.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), POLL_SECONDS)
        phase = simulator.printer.running_status
        waits = phase in {Phase.COMPLETED, Phase.IDLE} and simulator.printer.powered
        rested = rested + POLL_SECONDS if waits else 0.0
        if rested >= REST_SECONDS:
            if phase is Phase.COMPLETED:
                simulator.printer.dismiss()
            begin(simulator, options)


async def replay(options: argparse.Namespace, stopped: asyncio.Event) -> None:
    """Play a capture."""
    capture = Capture.load(options.replay)
    async with Replay(capture, host=options.host, port=options.port) as played:
        _write_line(
            f"Ready:    {options.replay} on http://{options.host}:{played.port}/"
        )
        await stopped.wait()


async def serve(options: argparse.Namespace) -> None:
    """Run until a signal comes."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    if options.replay is not None:
        await replay(options, stopped)
        return
    simulator = build(options)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(simulator)
        if options.control_port is not None:
            app = create_control_app(simulator)
            control = await listen(app, LOOPBACK, options.control_port)
            stack.push_async_callback(close, control)
            _write_line(f"Control:  http://{LOOPBACK}:{control.addresses[0][1]}/")
        if options.file or options.loop:
            begin(simulator, options)
        _write_line(f"Camera:   port {simulator.camera_port}")
        model = simulator.printer.model.name
        _write_line(f"Ready:    {model} on http://{options.host}:{simulator.port}/")
        if options.loop:
            await keep_printing(simulator, options, stopped)
        await stopped.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, and report in one line what prevents it."""
    try:
        asyncio.run(serve(parse(arguments)))
    except (ListenError, ValueError) as error:
        sys.stderr.write(f"simulator: {error}\n")
        return 1
    return 0


def _positive(text: str) -> float:
    number = float(text)
    if not number > 0:
        msg = "must be above 0"
        raise argparse.ArgumentTypeError(msg)
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MAX_PORT:
        msg = f"must be from 0 to {MAX_PORT}"
        raise argparse.ArgumentTypeError(msg)
    return number


def _write_line(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
