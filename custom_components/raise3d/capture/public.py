"""What of an answer may stay as it came; all else is private."""

from collections.abc import Callable, Mapping
import re
from typing import Final

# Keys under which the documented values are.
STRUCTURE: Final = frozenset({"data", "error", "job_list", "file_list", "dir_list"})
# A preview shows a customer's part.
PICTURE_KEY: Final = "img_data"

NUMBER_KEYS: Final = frozenset(
    {
        *("battery", "brightness", "code", "estimated_time", "fan_cur_speed"),
        *("fan_tar_speed", "feed_cur_rate", "feed_tar_rate", "filament_used_0"),
        *("filament_used_1", "flow_cur_rate", "flow_tar_rate", "heatbed_cur_temp"),
        *("heatbed_tar_temp", "is_camera_connected", "job_index", "nozzies_num"),
        *("nozzle_cur_temp", "nozzle_tar_temp", "print_progress", "printed_file_num"),
        *("printed_layer", "printed_time", "printed_total_time"),
        *("printed_used_filament", "printed_used_filament_0"),
        *("printed_used_filament_1", "real_print_time", "status"),
        *("storage_available", "total_layer", "total_time"),
    }
)
# Whole values that are nobody's: they stay even where a file has such a name.
STATES: Final = frozenset(
    {"idle", "busy", "running", "paused", "completed", "stopped", "error"}
)
_NOTHING: Final = frozenset(
    {
        *("", "-", "--", "false", "inf", "infinity", "n/a", "na", "nan", "none"),
        *("null", "true", "undefined", "unknown"),
    }
)
_LANGUAGES: Final = frozenset(
    {
        *("chinese", "cn", "de", "deutsch", "en", "english", "es", "español", "fr"),
        *("français", "french", "german", "italian", "italiano", "it", "ja"),
        *("japanese", "korean", "polski", "portuguese", "português", "ru", "russian"),
        *("spanish", "zh", "zh_cn", "zh-cn", "русский", "中文", "简体中文", "繁體中文"),
        *("日本語", "한국어"),
    }
)
# The words of the documented errors, with their misspellings, and of error pages.
WORDS: Final = frozenset(
    {
        *("IODevice", "Local", "MB", "500MB", "aboslute", "access", "be", "busy"),
        *("calibrate", "camera", "stream", "auth_stream", "takeshot"),
        *("can", "completed", "copy", "corresponds", "create", "data", "delete"),
        *("directory", "disconnected", "e", "error", "exist", "extrude", "fail"),
        *("failed", "fanspeed", "feed", "feed_xy", "feedrate", "file", "file_dst"),
        *("file_src", "flowrate", "found", "height", "id", "image", "in", "interface"),
        *("is", "it", "job", "large", "last", "match", "max_num", "mode", "model"),
        *("move", "must", "negative", "no", "non", "not", "nozzle", "open", "operate"),
        *("or", "parament", "password", "path", "paused", "pos", "powerdown"),
        *("powerloss", "print", "printer", "printing", "range", "ready", "relative"),
        *("rename", "retract", "right", "root", "safe", "serial", "server", "show"),
        *("sign", "size", "source", "start_pos", "stoped", "stopped", "temperature"),
        *("the", "to", "token", "too", "unknown", "value", "view", "width", "write"),
        *("x", "xyz", "y", "z", "API", "Access", "Bad", "DOCTYPE", "Forbidden"),
        *("Found", "Gateway", "Internal", "Not", "Raise", "Remote", "Request"),
        *("Service", "Too", "Many", "Requests", "Touch", "Unauthorized"),
        *("Unavailable", "Server", "Error", "a", "body", "br", "center", "div", "h1"),
        *("head", "hr", "html", "p", "title", "false", "inf", "nan", "null", "true"),
        *("NaN", "Infinity", "None", "undefined"),
    }
)
_MODELS: Final = frozenset(
    {
        *("raise3d", "n1", "n2", "n2plus", "pro", "pro2", "pro3", "e1", "e2", "e2cf"),
        *("e3", "plus", "single", "dual", "hs", "rmf500", "df2", "ms1", "evo"),
    }
)
_MODEL: Final = re.compile(
    r"(?i:raise3d)?[ _-]?(?i:[a-z]{1,4}\d{0,4}[a-z]{0,3}|plus|dual|single|forge1)"
    r"(?:[ _-]?(?i:plus|hs|dual|single|cf|evo))*"
)
_VERSION: Final = re.compile(
    r"[vV]?\d{1,5}(?:[._-](?:\d{1,6}|(?i:rev|rc|r|beta|alpha|b|a|build|dev)\d{0,4}))*"
)
# Of a private network: no version is so high that it begins like that.
_ADDRESS: Final = re.compile(r"(?:10|169|172|192)(?:\.\d{1,3}){3}")
_NUMERIC: Final = re.compile(
    r"\s*[-+]?\d{1,20}(?:[.,]\d{1,20})?(?:[eE][-+]?\d{1,3})?\s*"
)
_STATE: Final = re.compile(r"\s*[A-Za-z]+(?:[ _-][A-Za-z]+){0,3}\s*")
_DATE: Final = re.compile(
    r"\s*\d{2,4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,4}日?"
    r"(?:[\sT]*\d{1,2}(?:\s*:\s*\d{1,2}){1,2}(?:\.\d{1,9})?)?"
    r"\s*(?:Z|AM|PM|UTC|[-+]\d{2}:?\d{2})?\s*"
)
# A port and a path of the camera's server; a host is none of it.
_CAMERA: Final = re.compile(r":\d{1,6}(?:/(?:api|v\d|camera|[a-z]+_?stream|stream))*/?")
_MAX_STATE: Final = 24
# Digits of a number that is where a word is expected.
_MAX_NUMBER: Final = 6

type Allows = Callable[[str], bool]


def _is_state(value: str) -> bool:
    return len(value) <= _MAX_STATE and _STATE.fullmatch(value) is not None


def _is_number(value: str) -> bool:
    return value.strip().lower() in _NOTHING or _NUMERIC.fullmatch(value) is not None


def _is_version(value: str) -> bool:
    if _ADDRESS.fullmatch(value.strip()):
        return False
    return value.strip().lower() in _NOTHING or _VERSION.fullmatch(value) is not None


def _is_model(value: str) -> bool:
    return _MODEL.fullmatch(value) is not None


def _is_date(value: str) -> bool:
    return _DATE.fullmatch(value) is not None


ALLOWED: Final[Mapping[str, Allows]] = {
    **dict.fromkeys(NUMBER_KEYS, _is_number),
    **dict.fromkeys(("running_status", "job_status"), _is_state),
    **dict.fromkeys(("api_version", "firmware_version"), _is_version),
    **dict.fromkeys(("version", "update"), _is_version),
    "camerserver_URI": lambda value: _CAMERA.fullmatch(value) is not None,
    "date_time": _is_date,
    "language": lambda value: value.strip().lower() in _LANGUAGES,
    "model": _is_model,
}
KNOWN_KEYS: Final = (
    frozenset(ALLOWED)
    | STRUCTURE
    | {
        *("Serial_number", "data_path", "file_name", "job_id", "machine_id"),
        *("machine_ip", "machine_name", "msg", "password", "user_name", "user_tag"),
        *("token", PICTURE_KEY),
    }
)
_PLAIN_KEY: Final = re.compile(r"[A-Za-z]+(?:_[A-Za-z]+)*_?\d{0,2}")
_MAX_KEY: Final = 40


def allows(path: tuple[str, ...], value: str, *, number: bool) -> bool:
    """Whether a value may stay under the keys that lead to it."""
    key = path[-1] if path else ""
    if key not in ALLOWED or not is_structure(path[:-1]):
        return False
    if number:
        free = key in NUMBER_KEYS or key == "date_time"
        return free or sum(map(str.isdigit, value)) <= _MAX_NUMBER
    return ALLOWED[key](value)


def is_common(value: str) -> bool:
    """Whether a value is nobody's, even where something private has the same name."""
    folded = value.strip().casefold()
    words = re.split(r"[ _-]+", folded)
    return (
        folded in STATES | _LANGUAGES | _NOTHING
        or value in WORDS
        or _MODELS.issuperset(words)
    )


def is_structure(path: tuple[str, ...]) -> bool:
    """Whether everything that leads to a value is documented."""
    return STRUCTURE.issuperset(path)


def is_plain_key(key: str) -> bool:
    """Whether a key is a name from a program."""
    return len(key) <= _MAX_KEY and _PLAIN_KEY.fullmatch(key) is not None
