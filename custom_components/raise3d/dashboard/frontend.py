"""The module that the frontend loads; all it does is ask what to show."""

import hashlib
from pathlib import Path
from typing import Final

from homeassistant.components.frontend import (
    DATA_EXTRA_MODULE_URL,
    add_extra_js_url,
    remove_extra_js_url,
)
from homeassistant.components.http.server import StaticPathConfig
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

_FILE: Final = Path(__file__).parents[1] / "frontend" / "raise3d.js"
_PATH: Final = f"/{DOMAIN}/{_FILE.name}"
_URL: HassKey[str] = HassKey(f"{DOMAIN}_module_url")


async def async_serve_module(hass: HomeAssistant) -> None:
    """Serve the module where there is a frontend that could load it."""
    if DATA_EXTRA_MODULE_URL not in hass.data:
        return
    await hass.http.async_register_static_paths(
        [StaticPathConfig(_PATH, str(_FILE), cache_headers=True)]
    )
    # A new version has a new query: a page from before the update may still ask for
    # the old one, and gets the file that there is.
    content = await hass.async_add_executor_job(_FILE.read_bytes)
    hass.data[_URL] = f"{_PATH}?v={hashlib.sha256(content).hexdigest()[:8]}"


@callback
def async_offer_module(hass: HomeAssistant) -> None:
    """Have each page that is opened from now on load the module."""
    if (url := hass.data.get(_URL)) is not None:
        add_extra_js_url(hass, url)


@callback
def async_withdraw_module(hass: HomeAssistant) -> None:
    """Leave nothing behind in the frontend."""
    url = hass.data.get(_URL)
    if url is not None and url in hass.data[DATA_EXTRA_MODULE_URL].urls:
        remove_extra_js_url(hass, url)
