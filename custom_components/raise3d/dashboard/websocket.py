"""The WebSocket command by which the frontend requests dashboards and cards."""

from typing import Any

import voluptuous as vol

from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.const import ERR_NOT_FOUND
from homeassistant.components.websocket_api.decorators import (
    async_response,
    websocket_command,
)
from homeassistant.core import HomeAssistant, callback

from ..const import DOMAIN
from . import fleet, printer_card, views
from .printers import async_get_printer, async_get_printers
from .texts import async_get_texts


@callback
def async_setup_websocket(hass: HomeAssistant) -> None:
    """Offer the command."""
    async_register_command(hass, websocket_dashboard)


@websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/dashboard",
        vol.Optional("device_id"): str,
        vol.Optional("size"): vol.In(printer_card.SIZES),
        vol.Optional("language"): str,
    }
)
@async_response
async def websocket_dashboard(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send what the caller may see: all printers, a section of one, or a card."""
    texts = await async_get_texts(hass, msg.get("language") or hass.config.language)
    if (device_id := msg.get("device_id")) is None:
        printers = async_get_printers(hass, connection.user)
        connection.send_result(msg["id"], fleet.dashboard(printers, texts))
    elif (found := async_get_printer(hass, connection.user, device_id)) is None:
        connection.send_error(msg["id"], ERR_NOT_FOUND, texts["no_such_printer"])
    elif (size := msg.get("size")) is None:
        connection.send_result(msg["id"], views.overview(found, texts))
    else:
        connection.send_result(msg["id"], printer_card.card(found, size, texts))
