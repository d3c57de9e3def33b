"""Every command of the client, as a call that the simulated printer can obey."""

from collections.abc import AsyncIterator, Awaitable, Callable

from custom_components.raise3d.api import Nozzle, Raise3DClient

type Command = Callable[[Raise3DClient], Awaitable[None]]

UPLOAD = "fileops/upload"
PART = "Local/medaille_1.gcode"


async def pieces(*content: bytes) -> AsyncIterator[bytes]:
    """Give a file piece by piece."""
    for piece in content:
        yield piece


# By name, and under the path that it is sent to. All POSTs of the API are here.
COMMANDS: dict[str, tuple[str, Command]] = {
    "left nozzle": (
        "printer/nozzle1/temp/set",
        lambda c: c.commands.set_nozzle_temperature(Nozzle.LEFT, 200),
    ),
    "right nozzle": (
        "printer/nozzle2/temp/set",
        lambda c: c.commands.set_nozzle_temperature(Nozzle.RIGHT, 200),
    ),
    "left flow": (
        "printer/nozzle1/flowrate/set",
        lambda c: c.commands.set_flow_rate(Nozzle.LEFT, 90),
    ),
    "right flow": (
        "printer/nozzle2/flowrate/set",
        lambda c: c.commands.set_flow_rate(Nozzle.RIGHT, 90),
    ),
    "bed": ("printer/heatbedtemp/set", lambda c: c.commands.set_bed_temperature(60)),
    "feed": ("printer/feedrate/set", lambda c: c.commands.set_feed_rate(120)),
    "fan": ("printer/fanspeed/set", lambda c: c.commands.set_fan_speed(70)),
    "move": ("printer/axiscontrol/set", lambda c: c.commands.move_axis(x=5, feed=600)),
    "pause": ("job/currentjob/set", lambda c: c.commands.pause_job()),
    "resume": ("job/currentjob/set", lambda c: c.commands.resume_job()),
    "stop": ("job/currentjob/set", lambda c: c.commands.stop_job()),
    "start": ("job/newjob/set", lambda c: c.commands.start_job(PART)),
    "recover": ("job/recover/set", lambda c: c.commands.recover_job()),
    "upload": (UPLOAD, lambda c: c.files.upload("Local", "a", pieces(b"abc"), 3)),
    "create folder": (
        "filepos/dir/create",
        lambda c: c.files.create_folder("Local/new"),
    ),
    "delete folder": (
        "filepos/dir/delete",
        lambda c: c.files.delete_folder("Local/webapi_store"),
    ),
    "rename folder": (
        "filepos/dir/rename",
        lambda c: c.files.rename_folder("Local/webapi_store", "store"),
    ),
    "move file": ("filepos/moveto", lambda c: c.files.move(PART, "Local/b.gcode")),
    "copy file": ("filepos/copy", lambda c: c.files.copy(PART, "Local/b.gcode")),
    "delete file": ("filepos/delete", lambda c: c.files.delete(PART)),
    "rename file": ("filepos/rename", lambda c: c.files.rename(PART, "b.gcode")),
}
