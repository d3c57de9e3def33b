"""A phone with the Home Assistant app, as far as blueprints know it."""

from collections.abc import Mapping

from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from homeassistant.components.notify.const import NOTIFY_SERVICE_SCHEMA
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import device_registry as dr

APP = "mobile_app"
# What the app knows of what our blueprints send; anything else is a typing error.
NOTIFICATION = vol.Schema(
    {
        "tag": str,
        "image": str,
        "ttl": 0,
        "priority": "high",
        "push": {"interruption-level": vol.In(["active", "time-sensitive"])},
        "actions": [
            {
                vol.Required("action"): str,
                vol.Required("title"): str,
                "destructive": bool,
            }
        ],
    }
)


class Phone:
    """A phone: its device, its notifications and its buttons."""

    def __init__(self, hass: HomeAssistant, name: str) -> None:
        """Register the app, and the notify action that it brings."""
        self._hass = hass
        entry = MockConfigEntry(domain=APP, title=name)
        entry.add_to_hass(hass)
        devices = dr.async_get(hass)
        self.device = devices.async_get_or_create(
            config_entry_id=entry.entry_id, identifiers={(APP, name)}, name=name
        )
        # a new name in Home Assistant leaves the action's as it is
        devices.async_update_device(self.device.id, name_by_user=f"My {name}")
        self.notifications: list[Mapping[str, object]] = []
        hass.services.async_register(
            "notify",
            f"{APP}_{name.lower()}",
            self._notify,
            NOTIFY_SERVICE_SCHEMA.extend({"data": NOTIFICATION}),
        )

    @callback
    def _notify(self, call: ServiceCall) -> None:
        self.notifications.append(call.data)

    def buttons(self) -> dict[str, str]:
        """Return the ids of the newest notification's buttons, by their titles."""
        data = self.notifications[-1]["data"]
        assert isinstance(data, dict)
        return {button["title"]: button["action"] for button in data["actions"]}

    def press(self, action: str) -> None:
        """Press a button."""
        self._hass.bus.async_fire("mobile_app_notification_action", {"action": action})
