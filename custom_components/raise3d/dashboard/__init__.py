"""Dashboards of Home Assistant's own cards, made from the registries."""

from homeassistant.core import HomeAssistant

from .frontend import (
    async_offer_module as async_offer_module,
    async_serve_module,
    async_withdraw_module as async_withdraw_module,
)
from .websocket import async_setup_websocket


async def async_setup_dashboards(hass: HomeAssistant) -> None:
    """Offer the command for dashboards, and serve the module that sends it."""
    async_setup_websocket(hass)
    await async_serve_module(hass)
