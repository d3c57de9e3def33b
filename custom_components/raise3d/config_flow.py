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
    CONF_BASE,
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_TOKEN,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .api import (
    DEFAULT_PORT,
    Raise3DAuthenticationError,
    Raise3DError,
    SystemInfo,
)
from .connection import create_client, parse_address
from .const import DOMAIN, MANUFACTURER, SUBENTRY_TASK
from .errors import error_key
from .identity import async_identify
from .maintenance_flow import MaintenanceTaskFlow
from .options_flow import Raise3DOptionsFlow
from .plain_text import plain_text
from .search_flow import SECRETS, SearchFlow
from .stored_identity import entry_identity

_LOGGER = logging.getLogger(__name__)


class _InvalidFieldError(Exception):
    """What is wrong with a field of the form, or with all of it: `CONF_BASE`."""

    def __init__(self, field: str, error: str) -> None:
        """Keep the field, and the translation key of the error."""
        super().__init__(error)
        self.field = field
        self.error = error


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
            try:
                connection = _connection(entry, secret, user_input)
                system = await _async_sign_in(self.hass, connection, secret)
            except _InvalidFieldError as err:
                errors = {err.field: err.error}
            else:
                return await self._async_finish(entry, connection, system)
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
        system: SystemInfo,
    ) -> ConfigFlowResult:
        """Create or update the entry with the connection and the identity."""
        await self.async_set_unique_id(system.machine_id, raise_on_progress=False)
        known = entry.data if entry else {}
        data = {**connection, **entry_identity(system, known)}
        if entry is not None:
            # an entry of version 1 does not know yet which printer it is of
            if entry.version == self.VERSION:
                self._abort_if_unique_id_mismatch(reason="wrong_printer")
            return self.async_update_reload_and_abort(entry, data=data)
        self._abort_if_unique_id_configured()
        # a page that is open has been loaded without the module of the dashboards
        first = not self._async_current_entries()
        return self.async_create_entry(
            title=_title(system), data=data, description="first" if first else None
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


def _connection(
    entry: ConfigEntry | None, secret: str, user_input: dict[str, Any]
) -> dict[str, Any]:
    """Return the connection: what was typed, else what is known.

    Raises _InvalidFieldError where the address cannot be used.
    """
    known = entry.data if entry else {}
    typed = {**known, **user_input}
    try:
        host, port = parse_address(typed[CONF_HOST], typed[CONF_PORT])
    except ValueError:
        raise _InvalidFieldError(CONF_HOST, "invalid_host") from None
    # an empty field keeps the current secret
    kept: str = user_input.get(secret) or known.get(secret, "")
    return {CONF_HOST: host, CONF_PORT: port, secret: kept.strip()}


def _title(system: SystemInfo) -> str:
    """Return the name given at the panel, else the model."""
    given = system.machine_name
    names = ("" if given == MANUFACTURER else given, system.model, MANUFACTURER)
    return next(filter(None, (plain_text(name or "") for name in names)))


async def _async_sign_in(
    hass: HomeAssistant, connection: dict[str, Any], secret: str
) -> SystemInfo:
    """Return the system info of the printer at the end of a connection.

    Raises _InvalidFieldError where none lets us in.
    """
    client = create_client(hass, connection)
    try:
        return await async_identify(client)
    except Raise3DAuthenticationError as err:
        key = error_key(err) if secret == CONF_PASSWORD else "invalid_token"
        raise _InvalidFieldError(secret, key) from None
    except Raise3DError as err:
        raise _InvalidFieldError(CONF_BASE, error_key(err)) from None
    except Exception:
        _LOGGER.exception("Unexpected exception")
        raise _InvalidFieldError(CONF_BASE, "unknown") from None
