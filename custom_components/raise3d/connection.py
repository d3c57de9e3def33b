"""The connection of an entry: the address that a user typed, and its client."""

from collections.abc import Mapping
from typing import Any

from yarl import URL

from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .api import Raise3DClient


def parse_address(host: str, port: int) -> tuple[str, int]:
    """Return host and port of what a user typed: a URL, a name, IPv4 or IPv6.

    Raises ValueError where it has no host.
    """
    text = host.strip()
    if "://" not in text:
        if text.count(":") > 1 and not text.startswith("["):
            text = f"[{text}]"
        text = f"http://{text}"
    url = URL(text)
    if not url.host:
        msg = "no host"
        raise ValueError(msg)
    URL.build(scheme="http", host=url.host)  # validates more strictly
    return url.host, url.explicit_port or port


def create_client(hass: HomeAssistant, connection: Mapping[str, Any]) -> Raise3DClient:
    """Return a client for an address and a secret, as an entry keeps them."""
    return Raise3DClient(
        async_get_clientsession(hass),
        connection[CONF_HOST],
        connection[CONF_PORT],
        password=connection.get(CONF_PASSWORD),
        token=connection.get(CONF_TOKEN),
    )
