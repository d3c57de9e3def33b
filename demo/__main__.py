"""Run the demo: Home Assistant, simulated printers, and a dashboard of them."""

import argparse
import asyncio
from collections.abc import Mapping
from pathlib import Path
import signal
import socket
import sys

from simulator import Simulator

from .home_assistant import COMPONENTS, HOST, HomeAssistant, HomeAssistantError
from .printers import MAIN_PRINTERS, PASSWORD, SPEED, PrintRoom

PROJECT = Path(__file__).parents[1]
DASHBOARD = "raise3d-printers"
# Of the printer at work: usual prices, per kg and kWh.
PRICES = {
    "filament_price_left": 24.9,
    "filament_price_right": 39.9,
    "power_sensor": "sensor.plug_of_the_workshop",
    "energy_price": 0.31,
}
TASK = {"name": "Lubricate the axes", "counted": "print_hours", "interval": 300}


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="forget everything first")
    parser.add_argument(
        "--folder",
        type=Path,
        default=PROJECT / ".demo",
        help="home of all that is kept (%(default)s)",
    )
    parser.add_argument(
        "--port", type=int, default=8123, help="of Home Assistant (%(default)s)"
    )
    parser.add_argument(
        "--printer-port",
        type=int,
        default=10801,
        help="of the first printer, the others follow (%(default)s)",
    )
    parser.add_argument(
        "--printers",
        type=number_of_printers,
        default=MAIN_PRINTERS,
        help="how many, more than three are a farm (%(default)s)",
    )
    parser.add_argument(
        "--speed",
        type=float,
        default=SPEED,
        help="of the print at work, times real time (%(default)s)",
    )
    parser.add_argument(
        "--python",
        type=Path,
        default=Path(sys.executable),
        help="has the Home Assistant to run (%(default)s)",
    )
    parser.add_argument(
        "--components",
        type=Path,
        default=COMPONENTS,
        help="the custom_components to use (%(default)s)",
    )
    return parser.parse_args()


def number_of_printers(text: str) -> int:
    """Read how many printers there are to be."""
    if (count := int(text)) < MAIN_PRINTERS:
        msg = f"at least {MAIN_PRINTERS}"
        raise argparse.ArgumentTypeError(msg)
    return count


def taken(ports: list[int]) -> list[int]:
    """Return those ports that somebody else listens on."""
    found = []
    for port in ports:
        with socket.socket() as probe:
            # as servers do, so that connections that are about to end do not count
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                found.append(port)
    return found


async def add_printer(home: HomeAssistant, simulator: Simulator) -> str:
    """Add a printer through a person's config flow; return the id of its entry."""
    path = "config/config_entries/flow"
    flow = await home.post(path, handler="raise3d")
    path += f"/{flow['flow_id']}"
    await home.post(path, next_step_id="password")
    result = await home.post(path, host=HOST, port=simulator.port, password=PASSWORD)
    if result["type"] != "create_entry":
        msg = f"adding {simulator.printer.machine_name}: {result}"
        raise HomeAssistantError(msg)
    return str(result["result"]["entry_id"])


async def make_dashboard(home: HomeAssistant) -> None:
    """Make the dashboard as a person would, and the default page."""
    known = await home.command("lovelace/dashboards/list")
    if DASHBOARD not in {item["url_path"] for item in known}:
        await home.command(
            "lovelace/dashboards/create",
            url_path=DASHBOARD,
            title="Raise3D",
            icon="mdi:printer-3d",
        )
        await home.command(
            "frontend/set_system_data", key="core", value={"default_panel": DASHBOARD}
        )
        await home.command(
            "lovelace/config/save",
            url_path=DASHBOARD,
            config={"strategy": {"type": "custom:raise3d"}},
        )


async def poll_all(home: HomeAssistant) -> None:
    """Have Home Assistant poll all printers, so that the page shows what is."""
    entities = await home.command("config/entity_registry/list")
    status = [
        entity["entity_id"]
        for entity in entities
        if entity["platform"] == "raise3d" and entity["translation_key"] == "status"
    ]
    await home.post("services/homeassistant/update_entity", entity_id=status)


async def enable_targets(home: HomeAssistant) -> None:
    """Enable what heaters, fan and rates shall be, which nobody gets unasked."""
    for entity in await home.command("config/entity_registry/list"):
        entity_id = entity["entity_id"]
        if entity["platform"] == "raise3d" and entity_id.startswith("number."):
            await home.command(
                "config/entity_registry/update", entity_id=entity_id, disabled_by=None
            )


async def set_prices(home: HomeAssistant, entry_id: str) -> None:
    """Set what filament and energy cost, as a person would in the options."""
    path = "config/config_entries/options/flow"
    flow = await home.post(path, handler=entry_id)
    await home.post(f"{path}/{flow['flow_id']}", **PRICES)


async def add_task(home: HomeAssistant, entry_id: str) -> None:
    """Add a maintenance task, the usual way of its preset."""
    path = "config/config_entries/subentries/flow"
    flow = await home.post(path, handler=[entry_id, "maintenance_task"])
    path += f"/{flow['flow_id']}"
    await home.post(path, preset="lubricate_axes")
    await home.post(path, **TASK)


async def set_up(home: HomeAssistant, room: PrintRoom) -> None:
    """Add the printers, for which each has to be on for once."""
    await room.power_on()
    entries = [await add_printer(home, simulator) for simulator in room.simulators]
    await set_prices(home, entries[0])
    await add_task(home, entries[0])
    await room.power_off()
    await enable_targets(home)
    # otherwise it reloads the printers half a minute later, under everybody's eyes
    await home.restart()


async def run(arguments: argparse.Namespace) -> None:
    """Run everything until somebody ends it."""
    home = HomeAssistant(
        # not resolved: a link is what makes it a Python of its environment
        arguments.folder.resolve(),
        arguments.port,
        arguments.python.absolute(),
        arguments.components.resolve(),
    )
    marker: Mapping[str, object] = {
        "printer_port": arguments.printer_port,
        "printers": arguments.printers,
    }
    known = home.prepare(marker, fresh=arguments.fresh)
    print(f"Starting Home Assistant, which writes to {home.log} ...", flush=True)
    room = PrintRoom(arguments.printer_port, arguments.speed, arguments.printers)
    async with room, home:
        await home.sign_in("Demo")
        if not known:
            await set_up(home, room)
        await make_dashboard(home)
        await poll_all(home)
        home.complete(marker)
        print(
            f"Home Assistant with {arguments.printers} simulated printers: {home.url}",
            "(Ctrl-C ends it)",
            flush=True,
        )
        await home.serve()


async def run_until_signal(arguments: argparse.Namespace) -> None:
    """Run until a signal asks to stop; a second one insists."""
    task = asyncio.create_task(run(arguments))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        print("Stopped.", flush=True)


def main() -> int:
    """Run the demo unless somebody has its ports."""
    arguments = parse_arguments()
    ports = [
        arguments.port,
        *PrintRoom.ports(arguments.printer_port, arguments.printers),
    ]
    if others := taken(ports):
        names = ", ".join(map(str, others))
        print(
            f"Taken on {HOST}: port {names}. Is the demo running already? "
            "--port and --printer-port take others.",
            file=sys.stderr,
        )
        return 1
    try:
        asyncio.run(run_until_signal(arguments))
    except HomeAssistantError as err:
        print(err, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
