"""Translates the client's errors for forms, updates and actions."""

from collections.abc import Mapping
import re
from typing import Final

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
    Refusal,
)
from .const import DOMAIN
from .jobs import visible_text

_JOINER: Final = "\N{WORD JOINER}"
# What Markdown turns into links, pictures and tags, and bare addresses.
_MARKUP: Final = re.compile(
    r"(?i)[\\<\[\]]|&(?=#?\w+;)|(?<=[\w.+-])@(?=\w)|:(?=//)|www(?=\.)"
)

# Texts that say what to do about a refusal; unknown ones are shown as they are.
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


def plain_text(name: str) -> str:
    """Return a name that reads the same where Markdown is rendered.

    It is text from outside, and some places escape nothing. Links, pictures, headings
    and tags are broken up by an invisible character.
    """
    text = _MARKUP.sub(rf"\g<0>{_JOINER}", visible_text(name).replace("`", "'"))
    return text if text[:1].isalnum() or not text else f"{_JOINER}{text}"


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
