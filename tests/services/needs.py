"""What the tests of the actions have in common."""

from pathlib import Path
from typing import Any

from custom_components.raise3d.services import ACTIONS
from homeassistant.core import SupportsResponse

SCHEMAS = {name: action.schema for name, action in ACTIONS.items()}
OPERATE = "job/currentjob/set"
START = "job/newjob/set"
MOVE = "printer/axiscontrol/set"
DELETE = "filepos/delete"
UPLOAD = "fileops/upload"
# A megabyte.
CONTENT = bytes(range(256)) * 4096
FILE = "Local/medaille_1.gcode"

# What each action for a printer needs to be valid.
NEEDS: dict[str, dict[str, Any]] = {
    "delete_file": {"file": FILE},
    "get_print_history": {},
    "get_print_summary": {"csv": True},
    "list_files": {},
    "move_axis": {"z": 5},
    "pause_print": {},
    "reprint": {"job_id": "unknown"},
    "resume_print": {},
    "start_print": {"file": FILE},
    "stop_print": {},
    "upload_file": {"path": "/media/part.gcode"},
}
# Those that are for no printer in particular.
FLEET: dict[str, dict[str, Any]] = {"find_free_printer": {}}
ALL = NEEDS | FLEET
# These have their answer from what Home Assistant keeps.
WITHOUT_PRINTER = ("get_print_summary",)
RESPONSES = {
    "find_free_printer": SupportsResponse.ONLY,
    "get_print_history": SupportsResponse.ONLY,
    "get_print_summary": SupportsResponse.ONLY,
    "list_files": SupportsResponse.ONLY,
    "upload_file": SupportsResponse.OPTIONAL,
}


def with_file(part: Path) -> dict[str, dict[str, Any]]:
    """Return what each action for a printer needs, with a file that there is."""
    return NEEDS | {"upload_file": {"path": str(part)}}
