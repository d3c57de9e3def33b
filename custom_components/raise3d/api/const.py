"""What the RaiseTouch Remote Access API fixes."""

from enum import StrEnum
from typing import Final

DEFAULT_PORT: Final = 10800  # documented, the same on every model
DEFAULT_CAMERA_PORT: Final = 30216  # the vendor's sample of camerserver_URI

# Seconds. Printers answer slowly in heavy printing; public clients use 1 to 10.
REQUEST_TIMEOUT: Final = 10.0
# Seconds. A printer on the same network answers at once or is switched off.
CONNECT_TIMEOUT: Final = 4.0
# Seconds. Nobody listens at most addresses of a network that is searched.
SEARCH_CONNECT_TIMEOUT: Final = 1.5
# Seconds for the documentation page, with the connection: a host that hangs may not
# hold up the search of a network.
PAGE_TIMEOUT: Final = 3.5
# Bytes. The title stands at the top of the page, after styles and scripts.
MAX_PAGE_SIZE: Final = 256 * 1024
# Seconds before a GET is tried once more: 1.5 is what owners found to help.
RETRY_DELAY: Final = 1.5
# Seconds of a Retry-After that are believed: 0 would cause polls without a pause, and a
# printer that means hours has its clock or its number wrong.
MIN_RETRY_AFTER: Final = 1.0
MAX_RETRY_AFTER: Final = 300.0
# Logins that a client may send at once, and the seconds until it has earned one more.
# A usual day has one. The first pair serves what passes: a printer that boots is back
# within a minute. The second holds where two clients end each other's tokens, or every
# token is refused: then more logins change nothing.
LOGIN_BUDGETS: Final = ((4, 60.0), (12, 180.0))
# Bytes. The largest body is a preview of 1024 x 1024 in base64; 4 MiB holds it.
MAX_BODY_SIZE: Final = 4 * 1024 * 1024
# Bytes of an answer that are kept as they came: pages of history and folders have some
# 3 KB; what is longer is a picture.
MAX_KEPT_BODY: Final = 64 * 1024

# Seconds. A still is 1280 x 720 and taken at once.
CAMERA_TIMEOUT: Final = 10.0
# Seconds without a byte after which a stream is dead: the camera sends several pictures
# a second, but its Wi-Fi may be poor.
STREAM_IDLE_TIMEOUT: Final = 30.0
# Seconds without progress after which an upload is given up.
UPLOAD_IDLE_TIMEOUT: Final = 60.0
# Bytes. JPEGs of the camera have a few hundred KB.
MAX_SHOT_SIZE: Final = 8 * 1024 * 1024
# Bytes of the head of a part in the camera's stream: two short lines.
MAX_PART_HEAD: Final = 4 * 1024
# Bytes between two pictures of a stream: more is no stream of pictures.
MAX_STREAM_JUNK: Final = 2 * MAX_SHOT_SIZE

# Jobs of the history in one answer, documented.
JOB_LIST_MAX: Final = 12
# Entries of a page that were read before: they tie what is new to what is known, and
# leave room for five new ones in one answer.
HISTORY_OVERLAP: Final = 6
# Pages read one after the other until a known job is found: 120 prints, which is more
# than a printer makes unseen in a month.
HISTORY_PAGES: Final = 10
# Requests for the end of a history that nothing is known of: enough for a million jobs.
HISTORY_PROBES: Final = 40
# Ids that are remembered: five full pages and what the tracker has added.
HISTORY_KNOWN: Final = 64
# Jobs: a counter beyond this is wrong, and each halving from it is a request.
MAX_HISTORY_COUNT: Final = 20_000
# Entries of a folder in one answer, documented.
FILE_LIST_MAX: Final = 24
# Answers for one folder: someone has to wait for them, one by one.
MAX_FILE_PAGES: Final = 100
# Answers for a file whose folder is not known: a thousand files in forty folders.
MAX_SEARCH_PAGES: Final = 120
# Bytes. "500MB" (documented); should they be the smaller ones, the printer refuses.
MAX_FILE_SIZE: Final = 500 * 1024 * 1024
# Pixels, documented.
MAX_PREVIEW_SIZE: Final = 1024

# Documented limits: degrees Celsius and percent.
MAX_NOZZLE_TEMPERATURE: Final = 310
MAX_BED_TEMPERATURE: Final = 110
MAX_FLOW_RATE: Final = 300
MAX_FEED_RATE: Final = 350
MAX_FAN_SPEED: Final = 100
# Documented limits of a move: mm.
MAX_STEP: Final = 10
MAX_POSITION: Final = 305
MAX_EXTRUSION: Final = 10000
# mm/min. The documents have 0 to 8000 in one place and 60 to 6000 in another: what both
# allow is safe, and 0 would never arrive. Filament: 2400 in all places.
MIN_FEED: Final = 60
MAX_FEED: Final = 6000
MAX_FEED_E: Final = 2400

# Plausible values: what is above is no measurement, and could not be stored or computed
# with. Degrees Celsius; no Raise3D printer gets that hot or cold.
TEMPERATURE_LIMITS: Final = (-50.0, 500.0)
MAX_PERCENT: Final = 100
MAX_RATE: Final = 1000  # percent; the setters stop at 350
MAX_LAYERS: Final = 1_000_000  # a metre in steps of a micrometre
MAX_JOB_TIME: Final = 366 * 86400  # seconds; the longest prints take weeks
MAX_TOTAL_TIME: Final = 50 * MAX_JOB_TIME  # seconds; the company began in 2014
MAX_JOBS: Final = 10_000_000  # one a minute for 19 years
MAX_JOB_FILAMENT: Final = 1e5  # grams; the largest spools hold a few kilograms
MAX_TOTAL_FILAMENT: Final = 1e8  # grams; a kilogram an hour for ten years
MAX_STORAGE: Final = 1024**3  # KiB, 1 TiB; the boards have 8 GB
MAX_MACHINE_ID: Final = 2**64 - 1  # documented as an unsigned number of 64 bits
# Characters. Job ids have 44, identities up to 20, names and versions fit in a line.
MAX_TEXT: Final = 128
# Decimals. More is noise of the printer's 32 bits.
PERCENT_DIGITS: Final = 1
TEMPERATURE_DIGITS: Final = 1
FILAMENT_DIGITS: Final = 2
# Layers of a job from which on half of them cannot be printed within its first percent.
MIN_SCALE_LAYERS: Final = 10

# Seconds (1000 h). Printers send this as total_time whenever they know none.
UNKNOWN_TOTAL_TIME: Final = 3_600_000


class ErrorCode:
    """Codes of the envelope's error; the documents use no others."""

    TOKEN: Final = 401
    NOT_FOUND: Final = 404
    REFUSED: Final = 500
    NO_SERVER: Final = 503
    PASSWORD: Final = 10000
    INVALID_VALUE: Final = 10002
    BUSY: Final = 10003  # also "file too large", which its text distinguishes
    DATA_FILE: Final = 10004
    ROOT_PATH: Final = 10005
    ROOT_FOLDER: Final = 10006


class RunningState(StrEnum):
    """State of the printer, from `/printer/runningstatus`."""

    IDLE = "idle"
    PAUSED = "paused"
    RUNNING = "running"
    BUSY = "busy"
    COMPLETED = "completed"
    ERROR = "error"


class JobState(StrEnum):
    """State of the job, from `/job/currentjob`; an idle printer reports running."""

    PAUSED = "paused"
    RUNNING = "running"
    COMPLETED = "completed"
    STOPPED = "stopped"
