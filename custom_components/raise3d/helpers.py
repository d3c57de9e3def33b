"""The client's errors in Home Assistant's words, written once for all readers."""

from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import UpdateFailed

from .api import (
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DConnectionError,
    Raise3DError,
)
from .const import DOMAIN


def error_key(err: Raise3DError) -> str:
    """Return the translation key of an error, for forms as for exceptions."""
    match err:
        case Raise3DAuthenticationError():
            return "invalid_auth"
        case Raise3DBusyError():
            return "printer_busy"
        case Raise3DConnectionError():
            return "cannot_connect"
    return "invalid_response"


def update_error(err: Raise3DError) -> UpdateFailed | ConfigEntryAuthFailed:
    """Return what a coordinator raises for an error of the client."""
    if isinstance(err, Raise3DAuthenticationError):
        return ConfigEntryAuthFailed(
            translation_domain=DOMAIN, translation_key=error_key(err)
        )
    return UpdateFailed(
        translation_domain=DOMAIN,
        translation_key=error_key(err),
        retry_after=err.retry_after if isinstance(err, Raise3DBusyError) else None,
    )
