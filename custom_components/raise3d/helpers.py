"""The client's errors in Home Assistant's words, written once for all readers."""

from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    HomeAssistantError,
    ServiceValidationError,
)
from homeassistant.helpers.update_coordinator import UpdateFailed

from .api import (
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
)
from .const import DOMAIN

# The printer's own words, and what a person can do about them. Parts of them will do:
# the documents spell them in more than one way.
_REASONS = {
    "completed interface": "refused_completed",
    "powerloss interface": "refused_panel",
    "powerdown interface": "refused_panel",
    "extrude": "refused_panel",
    "calibrate": "refused_panel",
    "is busy": "refused_busy",
    "safe mode": "refused_safe_mode",
    "not ready": "refused_not_ready",
    "serial": "refused_serial",
    "is printing": "refused_printing",
    "is paused": "refused_paused",
    "is stop": "refused_stopped",
    "file is not exist": "refused_no_file",
    "no last job": "refused_stopped",
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
    """Return the translation key of an error for exceptions, which know the printer."""
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
        case Raise3DRefusedError() | Raise3DInvalidValueError() if (
            key := _refusal_key(str(err))
        ) is not None:
            return HomeAssistantError(translation_domain=DOMAIN, translation_key=key)
        case Raise3DRefusedError():
            return HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="refused",
                translation_placeholders={"reason": str(err)},
            )
        case Raise3DInvalidValueError():
            return ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="invalid_value",
                translation_placeholders={"reason": str(err)},
            )
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


def _refusal_key(words: str) -> str | None:
    """Return the key for the printer's words, None for words that are new."""
    known = (key for part, key in _REASONS.items() if part in words.lower())
    return next(known, None)
