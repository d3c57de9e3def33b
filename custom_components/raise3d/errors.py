"""Translates the client's errors for forms, updates and actions."""

from collections.abc import Mapping
from typing import Final

from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    HomeAssistantError,
    ServiceValidationError,
)
from homeassistant.helpers.update_coordinator import UpdateFailed

from .api import (
    Mistake,
    Raise3DApiDownError,
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DConnectionError,
    Raise3DError,
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    Raise3DOtherJobError,
    Raise3DRefusedError,
    Raise3DSessionError,
    Raise3DWrongPrinterError,
    Refusal,
)
from .const import DOMAIN

# Texts that say what to do about a refusal. Of an unknown one, the printer's own words
# are shown.
REFUSAL_KEYS: Final[Mapping[Refusal, str]] = {
    Refusal.BUSY: "refused_busy",
    Refusal.COMPLETED: "refused_completed",
    Refusal.NO_FILE: "refused_no_file",
    Refusal.NO_LAST_JOB: "refused_stopped",
    Refusal.NOT_READY: "refused_not_ready",
    Refusal.PANEL: "refused_panel",
    Refusal.PAUSED: "refused_paused",
    Refusal.PRINTING: "refused_printing",
    Refusal.SAFE_MODE: "refused_safe_mode",
    Refusal.SERIAL: "refused_serial",
    Refusal.STOPPED: "refused_stopped",
}

# Texts that say what is wrong with a value. Of what only the printer knows, its own
# words are shown.
MISTAKE_KEYS: Final[Mapping[Mistake, str]] = {
    Mistake.FEED: "feed_out_of_range",
    Mistake.FILE_CHANGED: "file_changed",
    Mistake.FILE_SIZE: "file_too_large",
    Mistake.NAME: "invalid_name",
    Mistake.NO_AXIS: "no_axis",
    Mistake.NO_NOZZLE: "no_nozzle",
    Mistake.PATH: "invalid_path",
    Mistake.RANGE: "out_of_range",
}


def error_key(err: Raise3DError) -> str:
    """Return the translation key of an error for forms."""
    match err:
        case Raise3DAuthenticationError():
            return "invalid_auth"
        case Raise3DBusyError() | Raise3DSessionError():
            return "printer_busy"
        case Raise3DConnectionError():
            return "cannot_connect"
    return "invalid_response"


def exception_key(err: Raise3DError) -> str:
    """Return the translation key of an error for exceptions of a set up printer."""
    match err:
        case Raise3DApiDownError(certain=True):
            return "api_down"
        case Raise3DWrongPrinterError():
            return "wrong_printer"
    return error_key(err)


def update_error(err: Raise3DError) -> UpdateFailed | ConfigEntryAuthFailed:
    """Return what a coordinator raises for an error of the client."""
    if isinstance(err, Raise3DAuthenticationError):
        return ConfigEntryAuthFailed(
            translation_domain=DOMAIN, translation_key=exception_key(err)
        )
    return UpdateFailed(
        translation_domain=DOMAIN,
        translation_key=exception_key(err),
        retry_after=err.retry_after if isinstance(err, Raise3DBusyError) else None,
    )


def action_error(err: Raise3DError) -> HomeAssistantError:
    """Return what an action or an entity raises for an error of the client."""
    match err:
        case Raise3DRefusedError(refusal=Refusal.UNKNOWN):
            return HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="refused",
                translation_placeholders={"reason": str(err)},
            )
        case Raise3DRefusedError():
            return HomeAssistantError(
                translation_domain=DOMAIN, translation_key=REFUSAL_KEYS[err.refusal]
            )
        case Raise3DInvalidValueError():
            return _value_error(err)
        case Raise3DNotFoundError():
            return ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="not_found",
                translation_placeholders={"reason": str(err)},
            )
        case Raise3DOtherJobError():
            return ServiceValidationError(
                translation_domain=DOMAIN, translation_key="other_job"
            )
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key=exception_key(err)
    )


def _value_error(err: Raise3DInvalidValueError) -> ServiceValidationError:
    """Return what an action or an entity raises for a value that cannot be used."""
    if err.mistake is None:
        return ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="invalid_value",
            translation_placeholders={"reason": str(err)},
        )
    limits = map(str, err.limits)
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=MISTAKE_KEYS[err.mistake],
        translation_placeholders=dict(zip(("low", "high"), limits, strict=False)),
    )
