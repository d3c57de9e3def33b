"""Serves the module of the frontend, which requests what `websocket.py` sends."""

import hashlib
from pathlib import Path
from typing import Final

from homeassistant.components.frontend import (
    DOMAIN as FRONTEND_DOMAIN,
    add_extra_js_url,
    remove_extra_js_url,
)
from homeassistant.components.http.server import StaticPathConfig
from homeassistant.core import HomeAssistant

from ..const import DOMAIN

_FILE: Final = Path(__file__).parents[1] / "frontend" / "raise3d.js"
_PATH: Final = f"/{DOMAIN}/{_FILE.name}"


async def async_serve_module(hass: HomeAssistant) -> None:
    """Serve the module where there is a frontend that could load it."""
    if FRONTEND_DOMAIN in hass.config.components:
        await hass.http.async_register_static_paths(
            [StaticPathConfig(_PATH, str(_FILE), cache_headers=True)]
        )


async def async_offer_module(hass: HomeAssistant) -> None:
    """Have each page that is opened from now on load the module."""
    if FRONTEND_DOMAIN in hass.config.components:
        add_extra_js_url(hass, await hass.async_add_executor_job(_read_url))


async def async_withdraw_module(hass: HomeAssistant) -> None:
    """Leave nothing behind in the frontend."""
    if FRONTEND_DOMAIN in hass.config.components:
        remove_extra_js_url(hass, await hass.async_add_executor_job(_read_url))


def _read_url() -> str:
    """Return the URL of the module, with a query that is new for a new version.

    A page from before an update may still request the old one, and gets the file
    that there is.
    """
    version = hashlib.sha256(_FILE.read_bytes()).hexdigest()[:8]
    return f"{_PATH}?v={version}"
