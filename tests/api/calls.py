"""Every call of the client, and every fault of the simulator with its error."""

from collections.abc import AsyncIterator, Awaitable, Callable

from custom_components.raise3d.api import (
    Nozzle,
    Raise3DApiDownError,
    Raise3DBusyError,
    Raise3DClient,
    Raise3DDisconnectedError,
    Raise3DError,
    Raise3DRefusedError,
    Raise3DResponseError,
    Raise3DSessionError,
    Raise3DTimeoutError,
)

type Call = Callable[[Raise3DClient], Awaitable[object]]

SYSTEM = "printer/system"
STATUS = "printer/runningstatus"
FAN = "printer/fanspeed/set"
UPLOAD = "fileops/upload"
PART = "Local/medaille_1.gcode"


async def pieces(*content: bytes) -> AsyncIterator[bytes]:
    """Give a file piece by piece."""
    for piece in content:
        yield piece


# By name, and under the path that it is sent to. All POSTs of the API are here.
COMMANDS: dict[str, tuple[str, Call]] = {
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

READS: dict[str, Call] = {
    SYSTEM: lambda c: c.queries.get_system(),
    STATUS: lambda c: c.queries.get_running_status(),
    "printer/basic": lambda c: c.queries.get_basic(),
    "printer/nozzle1": lambda c: c.queries.get_left_nozzle(),
    "printer/nozzle2": lambda c: c.queries.get_right_nozzle(),
    "printer/camera": lambda c: c.queries.get_camera(),
    "job/currentjob": lambda c: c.queries.get_current_job(),
    "dashboard/statistics": lambda c: c.queries.get_statistics(),
}

# Every fault of the simulator that keeps an answer from being read.
ERRORS: dict[str, type[Raise3DError]] = {
    "http_400": Raise3DResponseError,
    "http_401": Raise3DSessionError,
    "http_404": Raise3DResponseError,
    "http_429": Raise3DBusyError,
    "http_500": Raise3DApiDownError,
    "http_502": Raise3DResponseError,
    "http_503": Raise3DBusyError,
    "reset": Raise3DDisconnectedError,
    "disconnect": Raise3DDisconnectedError,
    "hang": Raise3DTimeoutError,
    "empty": Raise3DResponseError,
    "html": Raise3DResponseError,
    "busy_body": Raise3DBusyError,
    "no_server": Raise3DBusyError,
    "token_error": Raise3DSessionError,
    "refuse": Raise3DRefusedError,
    "truncated": Raise3DResponseError,
    "cut_off": Raise3DDisconnectedError,
    "no_data": Raise3DResponseError,
}
# Every fault that it reads all the same.
TOLERATED = (
    *("wrong_types", "missing_keys", "extra_keys", "string_status"),
    *("not_json_type", "bom", "newline", "chunked", "slow"),
)
RETRIED = ("http_429", "reset", "disconnect", "cut_off", "busy_body", "no_server")


async def send_fan(client: Raise3DClient) -> None:
    """Send a command; all the others are in COMMANDS."""
    await client.commands.set_fan_speed(50)
