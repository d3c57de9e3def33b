"""Config flow of the Raise3D integration."""

from collections.abc import Mapping
import logging
from typing import Any, override

import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlowResult,
    ConfigSubentryFlow,
)
from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_TOKEN,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .api import (
    DEFAULT_PORT,
    Raise3DAuthenticationError,
    Raise3DClient,
    Raise3DError,
    SystemInfo,
)
from .const import DOMAIN, MANUFACTURER, SUBENTRY_TASK
from .helpers import error_key, plain_text
from .identity import async_identify, entry_identity, parse_address
from .maintenance_flow import MaintenanceTaskFlow
from .options_flow import Raise3DOptionsFlow
from .search_flow import SECRETS, SearchFlow

_LOGGER = logging.getLogger(__name__)


class Raise3DConfigFlow(SearchFlow, domain=DOMAIN):
    """Handle a config flow: first the way to sign in, then its form."""

    # 1 and 2 belong to the two older integrations of this domain
    VERSION = 3
    # 2: times in minutes, and the units of entities that were taken over
    MINOR_VERSION = 2

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what may be added to a printer."""
        return {SUBENTRY_TASK: MaintenanceTaskFlow}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> Raise3DOptionsFlow:
        """Return the flow of the options."""
        return Raise3DOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user search for the printer, or choose how to sign in."""
        return self.async_show_menu(step_id="user", menu_options=["search", *SECRETS])

    async def async_step_password(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add a printer with its access password."""
        return await self._async_step_connect("password", CONF_PASSWORD, user_input)

    async def async_step_token(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add a printer with a token."""
        return await self._async_step_connect("token", CONF_TOKEN, user_input)

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Sign in again after the secret was refused."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user choose how to sign in from now on."""
        return self.async_show_menu(
            step_id="reauth_confirm",
            menu_options=["reauth_password", "reauth_token"],
            description_placeholders={
                "name": plain_text(self._get_reauth_entry().title)
            },
        )

    async def async_step_reauth_password(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Sign in again with the access password."""
        return await self._async_step_connect(
            "reauth_password", CONF_PASSWORD, user_input
        )

    async def async_step_reauth_token(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Sign in again with a new token."""
        return await self._async_step_connect("reauth_token", CONF_TOKEN, user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user choose how to sign in from now on."""
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=["reconfigure_password", "reconfigure_token"],
        )

    async def async_step_reconfigure_password(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change address or access password."""
        return await self._async_step_connect(
            "reconfigure_password", CONF_PASSWORD, user_input
        )

    async def async_step_reconfigure_token(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change address or token."""
        return await self._async_step_connect(
            "reconfigure_token", CONF_TOKEN, user_input
        )

    async def _async_step_connect(
        self, step_id: str, secret: str, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Show the form until a printer answers."""
        entry = self._get_known_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            connection = _merge(entry, secret, user_input)
            errors, identity = await _async_validate(self.hass, connection, secret)
            if identity is not None:
                return await self._async_finish(entry, connection, identity)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                self._schema(entry, secret),
                user_input or (self.address if entry is None else _address(entry)),
            ),
            errors=errors,
            description_placeholders={"name": plain_text(entry.title) if entry else ""},
        )

    async def _async_finish(
        self,
        entry: ConfigEntry | None,
        connection: dict[str, Any],
        identity: SystemInfo,
    ) -> ConfigFlowResult:
        """Create or update the entry with the connection and the identity."""
        await self.async_set_unique_id(identity.machine_id, raise_on_progress=False)
        known = entry.data if entry else {}
        data = {**connection, **entry_identity(identity, known)}
        if entry is not None:
            # an entry of version 1 does not know yet which printer it is of
            if entry.version == self.VERSION:
                self._abort_if_unique_id_mismatch(reason="wrong_printer")
            return self.async_update_reload_and_abort(entry, data=data)
        self._abort_if_unique_id_configured()
        # a page that is open has been loaded without the module of the dashboards
        first = not self._async_current_entries()
        return self.async_create_entry(
            title=_title(identity), data=data, description="first" if first else None
        )

    def _get_known_entry(self) -> ConfigEntry | None:
        """Return the entry that this flow is about, None for a new printer."""
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry()
        if self.source == SOURCE_RECONFIGURE:
            return self._get_reconfigure_entry()
        return None

    def _schema(self, entry: ConfigEntry | None, secret: str) -> vol.Schema:
        """Return the fields of the form; reauthentication needs only the secret."""
        selector = TextSelector(
            TextSelectorConfig(
                type=TextSelectorType.PASSWORD, autocomplete="current-password"
            )
        )
        if self.source == SOURCE_REAUTH:
            return vol.Schema({vol.Required(secret): selector})
        # A secret that is known may stay: a printer that moves keeps its password.
        known = entry is not None and secret in entry.data
        marker = vol.Optional if known else vol.Required
        return vol.Schema(
            {
                vol.Required(CONF_HOST): TextSelector(
                    TextSelectorConfig(autocomplete="off")
                ),
                vol.Required(CONF_PORT, default=DEFAULT_PORT): cv.port,
                marker(secret): selector,
            }
        )


def _address(entry: ConfigEntry) -> dict[str, Any]:
    """Return the part of a connection that the form may show."""
    return {key: entry.data[key] for key in (CONF_HOST, CONF_PORT)}


def _merge(
    entry: ConfigEntry | None, secret: str, user_input: dict[str, Any]
) -> dict[str, Any]:
    """Return the connection: what was typed, else what is known."""
    known = dict(entry.data) if entry else {}
    merged = {**known, **user_input}
    # an empty field keeps the current secret
    merged[secret] = user_input.get(secret) or known.get(secret, "")
    return {key: merged[key] for key in (CONF_HOST, CONF_PORT, secret)}


def _title(identity: SystemInfo) -> str:
    """Return the name given at the panel, else the model."""
    given = identity.machine_name
    names = ("" if given == MANUFACTURER else given, identity.model, MANUFACTURER)
    return next(filter(None, (plain_text(name or "") for name in names)))


async def _async_validate(
    hass: HomeAssistant, connection: dict[str, Any], secret: str
) -> tuple[dict[str, str], SystemInfo | None]:
    """Return the errors of a form or the system info; normalizes the connection."""
    try:
        connection[CONF_HOST], connection[CONF_PORT] = parse_address(
            connection[CONF_HOST], connection[CONF_PORT]
        )
    except ValueError:
        return {CONF_HOST: "invalid_host"}, None
    connection[secret] = connection[secret].strip()
    client = Raise3DClient(
        async_get_clientsession(hass),
        connection[CONF_HOST],
        connection[CONF_PORT],
        **{secret: connection[secret]},
    )
    try:
        return {}, await async_identify(client)
    except Raise3DAuthenticationError as err:
        key = error_key(err) if secret == CONF_PASSWORD else "invalid_token"
        return {secret: key}, None
    except Raise3DError as err:
        return {"base": error_key(err)}, None
    except Exception:
        _LOGGER.exception("Unexpected exception")
        return {"base": "unknown"}, None
