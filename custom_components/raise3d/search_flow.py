"""The part of the config flow that finds printers, and follows those that moved."""

import asyncio
from collections.abc import Mapping
from socket import AF_INET
from typing import Any, Final, override

import voluptuous as vol

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.util.network import is_ip_address

from .api import DEFAULT_PORT
from .const import CONF_SEARCH_AGAIN, DOMAIN, RESOLVE_TIMEOUT
from .follow import Sighting, async_note_sighting
from .network_search import OwnNetworks, async_own_networks, async_search
from .plain_text import plain_text

SECRETS: Final = [CONF_PASSWORD, CONF_TOKEN]
# Chosen instead of an address that was found.
MANUAL: Final = "manual"


class SearchFlow(ConfigFlow):
    """Searches the own networks, and fills in the address that is chosen."""

    address: dict[str, Any] | None = None
    """The address that was chosen, which fills in the form of a new printer."""
    _networks: OwnNetworks
    _task: asyncio.Task[list[str]] | None = None
    _found: list[str]

    async def async_step_search(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Search, and show how far it is; a flow that is closed ends the search."""
        first_call = self._task is None
        if self._task is None:
            self._networks = await async_own_networks(self.hass)
            self._task = self.hass.async_create_task(
                async_search(
                    self.hass,
                    self._networks.addresses,
                    DEFAULT_PORT,
                    self.async_update_progress,
                ),
                "raise3d search",
            )
        # a search that is over at once is shown too: Home Assistant expects that
        if first_call or not self._task.done():
            return self.async_show_progress(
                step_id="search",
                progress_action="search",
                progress_task=self._task,
                description_placeholders={"networks": self._networks.names},
            )
        self._found, self._task = self._task.result(), None
        step = "found" if self._found else "not_found"
        return self.async_show_progress_done(next_step_id=step)

    async def async_step_found(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user choose one of the printers, or none of them."""
        if user_input is not None:
            host = user_input[CONF_HOST]
            address = {CONF_HOST: host, CONF_PORT: DEFAULT_PORT}
            self.address = None if host == MANUAL else address
            return await self.async_step_sign_in()
        known = await _async_known_printers(self.hass, DEFAULT_PORT)
        options = [
            SelectOptionDict(value=host, label=_label(host, known.get(host)))
            for host in self._found
        ]
        options.append(SelectOptionDict(value=MANUAL, label=MANUAL))
        first = next((host for host in self._found if host not in known), MANUAL)
        selector = SelectSelector(
            SelectSelectorConfig(
                options=options,
                mode=SelectSelectorMode.LIST,
                translation_key="found",
            )
        )
        return self.async_show_form(
            step_id="found",
            data_schema=vol.Schema({vol.Required(CONF_HOST, default=first): selector}),
        )

    async def async_step_not_found(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that there is none, and let the user search again."""
        return self.async_show_menu(
            step_id="not_found",
            menu_options=["search", *SECRETS],
            description_placeholders={"networks": self._networks.names or "-"},
        )

    async def async_step_sign_in(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user choose how to sign in to the printer that was found."""
        return self.async_show_menu(step_id="sign_in", menu_options=SECRETS)

    @override
    async def async_step_dhcp(
        self, discovery_info: DhcpServiceInfo
    ) -> ConfigFlowResult:
        """Let an entry follow its printer, which was seen at some address."""
        sighting = await async_note_sighting(
            self.hass, discovery_info.macaddress, discovery_info.ip
        )
        if sighting is Sighting.OTHER:
            return self.async_abort(reason="wrong_printer")
        if sighting is Sighting.SILENT:
            return self.async_abort(reason="cannot_connect")
        return self.async_abort(reason="already_configured")


def search_again_field(
    options: Mapping[str, Any],
) -> dict[vol.Optional, BooleanSelector]:
    """Return the field that lets Home Assistant search by itself, as it is set."""
    shown = {"suggested_value": bool(options.get(CONF_SEARCH_AGAIN))}
    return {vol.Optional(CONF_SEARCH_AGAIN, description=shown): BooleanSelector()}


async def _async_known_printers(hass: HomeAssistant, port: int) -> dict[str, str]:
    """Return the names of known printers by address, also where that is a host name."""
    known = {
        entry.data[CONF_HOST]: entry.title
        for entry in hass.config_entries.async_entries(DOMAIN)
        if CONF_HOST in entry.data and entry.data.get(CONF_PORT) == port
    }
    names = [host for host in known if not is_ip_address(host)]
    resolved = await asyncio.gather(*(_async_resolve(hass, name) for name in names))
    for name, addresses in zip(names, resolved, strict=True):
        known |= dict.fromkeys(addresses, known[name])
    return known


async def _async_resolve(hass: HomeAssistant, name: str) -> list[str]:
    """Return the IPv4 addresses of a host name, none where it has none soon."""
    try:
        async with asyncio.timeout(RESOLVE_TIMEOUT):
            found = await hass.loop.getaddrinfo(name, None, family=AF_INET)
    except OSError, UnicodeError:
        return []
    return [str(address[0]) for *_, address in found]


def _label(host: str, name: str | None) -> str:
    """Return what is shown for an address, with the name of a printer that is known."""
    return host if name is None else f"{host} ({plain_text(name)})"
