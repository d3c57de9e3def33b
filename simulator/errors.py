"""The printer's refusals, in its own (sometimes misspelt) words."""


class RefusedError(Exception):
    """The printer refuses inside an HTTP 200: `{"error": {...}, "status": 0}`."""

    def __init__(self, code: int, msg: str) -> None:
        """Keep both parts; clients match the code first and show the text."""
        super().__init__(f"{code} {msg}")
        self.code = code
        self.msg = msg


class HttpError(Exception):
    """The printer answers with a bare HTTP status and an empty body."""

    def __init__(self, status: int) -> None:
        """Keep the status."""
        super().__init__(str(status))
        self.status = status


TOKEN_ERROR = (401, "token error")
SIGN_ERROR = (10000, "sign error or password error")
NO_SERVER = (503, "no server")
NO_RIGHT_NOZZLE = (404, "no right nozzle")
NO_IMAGE = (404, "no image corresponds to the job")
BUSY = (500, "printer is busy")
PRINTING = (500, "printer is printing")
PAUSED = (500, "printer is paused")
STOPPED = (500, "printer is stoped")
NOT_READY = (500, "printer is not ready")
SAFE_MODE = (500, "printer is in safe mode")
SERIAL = (500, "serial is disconnected")
UNKNOWN = (500, "unknown error")
COMPLETED_VIEW = (500, "printer show completed interface")
FILE_NOT_EXIST = (500, "print file is not exist")
OPERATE_ERROR = (10002, "operate parament error")
NO_LAST_JOB = (10002, "no last job found")
HISTORY_BUSY = (10003, "busy")
ROOT_PATH = (10005, "root path error")
START_ERROR = (10002, "start_pos error, it must be non-negative")
NO_FOLDER = (404, "directory not exist")
NO_FILE = (404, "file not exist")
NO_SOURCE = (404, "source file not exist")
NO_DATA_FILE = (404, "data file not exist")
CREATE_FAILED = (500, "fail to create directory")
DELETE_FOLDER_FAILED = (500, "fail to delete directory")
RENAME_FOLDER_FAILED = (500, "fail to rename directory")
MOVE_FAILED = (500, "fail to move file")
COPY_FAILED = (500, "fail to copy file")
DELETE_FAILED = (500, "fail to delete file")
RENAME_FAILED = (500, "fail to rename file")
CANNOT_OPEN = (500, "IODevice can not open")
CANNOT_WRITE = (500, "IODevice write failed")
TOO_LARGE = (10003, "file too large size(0~500MB)")
NO_ROOT_DELETE = (10006, "no access to delete Local directory")
NO_ROOT_RENAME = (10006, "no access to rename Local directory")
