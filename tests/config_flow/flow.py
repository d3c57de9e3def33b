"""A person who adds or changes a printer."""

from dataclasses import dataclass, field
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.raise3d.const import DOMAIN
from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator import Simulator
from tests.common import PASSWORD
from tests.wire import Wire

WRONG = "not the password"
DEAD = "f" * 32


def address(simulator: Simulator, **more: Any) -> dict[str, Any]:
    """Return what a user types, with the password where nothing else is given."""
    typed = {"host": simulator.host, "port": simulator.port}
    return typed | (more or {"password": PASSWORD})


@dataclass
class Flow(Wire):
    """A person who adds or changes a printer."""

    hass: HomeAssistant
    result: ConfigFlowResult = field(init=False)
    """What is on the screen."""

    def address(self, **more: Any) -> dict[str, Any]:
        """Return what a user types for this printer."""
        return address(self.simulator, **more)

    def data(self, **more: Any) -> dict[str, Any]:
        """Return what the entry is to hold."""
        return self.address(**more) | {
            "model": self.printer.model.name,
            "serial_number": self.printer.serial_number,
            "nozzle_count": self.printer.model.nozzles,
            "sw_version": self.printer.model.version,
            "firmware_version": self.printer.model.firmware_version,
        }

    async def start(self, step: str = "password") -> None:
        """Begin to add a printer, and choose how to sign in."""
        self.result = await self.hass.config_entries.flow.async_init(
            DOMAIN, context={"source": SOURCE_USER}
        )
        assert self.result["step_id"] == "user"
        assert self.result["menu_options"] == ["search", "password", "token"]
        await self.choose(step)

    async def choose(self, step: str) -> None:
        """Choose from a menu."""
        assert self.result["type"] is FlowResultType.MENU
        await self.fill({"next_step_id": step})
        assert not self.errors
        assert self.result["step_id"] == step

    async def fill(self, typed: dict[str, Any] | None = None) -> None:
        """Send a form, with the right address and password unless given."""
        given = self.address() if typed is None else typed
        self.result = await self.hass.config_entries.flow.async_configure(
            self.result["flow_id"], given
        )
        await self.hass.async_block_till_done()

    async def add(
        self, typed: dict[str, Any] | None = None, step: str = "password"
    ) -> None:
        """Add a printer."""
        await self.start(step)
        await self.fill(typed)

    async def start_reauth(self, entry: MockConfigEntry, step: str) -> None:
        """Begin to sign in again."""
        self.result = await entry.start_reauth_flow(self.hass)
        assert self.result["step_id"] == "reauth_confirm"
        assert self.result["menu_options"] == ["reauth_password", "reauth_token"]
        assert self.result["description_placeholders"] == {"name": entry.title}
        await self.choose(step)
        assert self.result["description_placeholders"] == {"name": entry.title}

    async def start_reconfigure(self, entry: MockConfigEntry, step: str) -> None:
        """Begin to reconfigure a printer."""
        self.result = await entry.start_reconfigure_flow(self.hass)
        assert self.result["step_id"] == "reconfigure"
        options = ["reconfigure_password", "reconfigure_token"]
        assert self.result["menu_options"] == options
        await self.choose(step)
        assert self.result["description_placeholders"] == {"name": entry.title}
        # the address, and never the secret
        assert self.suggested == {key: entry.data[key] for key in ("host", "port")}

    @property
    def entry(self) -> ConfigEntry:
        """Return the entry that was made."""
        assert self.result["type"] is FlowResultType.CREATE_ENTRY
        return self.result["result"]

    @property
    def errors(self) -> dict[str, str] | None:
        """Return what the form says is wrong."""
        assert self.result["type"] is FlowResultType.FORM
        return self.result["errors"]

    @property
    def reason(self) -> str:
        """Return with what reason the flow has ended."""
        assert self.result["type"] is FlowResultType.ABORT
        return self.result["reason"]

    @property
    def suggested(self) -> dict[str, Any]:
        """Return what the form has filled in already."""
        return {
            key: marker.description["suggested_value"]
            for key, marker in fields_of(self).items()
            if marker.description and "suggested_value" in marker.description
        }


def fields_of(flow: Flow) -> dict[str, Any]:
    """Return the fields of the form on the screen."""
    schema = flow.result["data_schema"]
    assert schema
    return {str(marker): marker for marker in schema.schema}


def optional(flow: Flow, key: str) -> bool:
    """Return whether a field of the form may stay empty."""
    return isinstance(fields_of(flow)[key], vol.Optional)
