"""Phones with the Home Assistant app, as far as their notifications go."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
import os
from pathlib import Path
from typing import Any, override

from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util, slugify

MOBILE_APP = "mobile_app"
NOTIFY = "notify"
PRESSED = "mobile_app_notification_action"
COLOR = vol.Match(r"^#[0-9A-F]{6}$")
# A template that fails to be a number or a switch is a text.
TAG = vol.All(str, vol.Match(r"^[A-Za-z0-9_-]{1,64}$"))
SWITCH = vol.All(bool)
WHOLE = vol.All(int, vol.Range(min=0))
BUTTON = vol.Schema(
    {
        vol.Required("action"): vol.All(str, vol.Length(min=1)),
        vol.Required("title"): vol.All(str, vol.Length(min=1)),
        "authenticationRequired": SWITCH,
        "destructive": SWITCH,
    }
)
BUTTONS = vol.All([BUTTON], vol.Length(max=3))
LIVE = {
    vol.Required("tag"): TAG,
    vol.Required("live_update"): True,
    vol.Required("progress"): vol.All(WHOLE, vol.Range(max=100)),
    vol.Required("progress_max"): 100,
    vol.Required("critical_text"): str,
    vol.Inclusive("chronometer", "clock"): True,
    vol.Inclusive("when", "clock"): WHOLE,
    "notification_icon": vol.Match(r"^mdi:[a-z0-9-]+$"),
    "notification_icon_color": COLOR,
    "color": COLOR,
    "alert_once": SWITCH,
    "sticky": SWITCH,
    "silent": SWITCH,
    "actions": BUTTONS,
    "url": str,
    "clickAction": str,
}
TEXT = {
    # without a title, Android shows a banner
    vol.Required("title"): vol.All(str, vol.Length(min=1)),
    vol.Required("message"): vol.All(str, vol.NotIn(["clear_notification"])),
}
# gets through at once
URGENT = {
    vol.Inclusive("ttl", "urgent"): 0,
    vol.Inclusive("priority", "urgent"): "high",
    vol.Inclusive("push", "urgent"): {"interruption-level": "time-sensitive"},
}
# What companion.home-assistant.io documents, of which each push is one of three.
PUSH = vol.Any(
    vol.Schema(
        {
            vol.Required("message"): "clear_notification",
            vol.Required("data"): {vol.Required("tag"): TAG},
        }
    ),
    vol.Schema({**TEXT, vol.Required("data"): LIVE}),
    vol.Schema(
        {
            **TEXT,
            vol.Required("data"): {
                "tag": TAG,
                "image": vol.Match(r"^/api/(camera|image)_proxy/[a-z]+\.[a-z0-9_]+$"),
                "actions": BUTTONS,
                "url": str,
                "clickAction": str,
                **URGENT,
            },
        }
    ),
)


@dataclass(frozen=True)
class Push:
    """Something that was sent to a phone."""

    at: datetime
    message: str
    title: str
    data: dict[str, Any]

    @property
    def kind(self) -> str:
        """Return what it does."""
        if self.message == "clear_notification":
            return "clear"
        return "live" if "live_update" in self.data else "note"

    @property
    def tag(self) -> str:
        """Return its tag, nothing without one."""
        return str(self.data.get("tag", ""))

    @property
    def number(self) -> str:
        """Return the number in its tag, nothing without a tag."""
        return self.tag.rpartition("_")[2]

    @property
    def buttons(self) -> dict[str, str]:
        """Return what its buttons send, by title."""
        return {each["title"]: each["action"] for each in self.data.get("actions", [])}

    @property
    def ends_at(self) -> datetime | None:
        """Return when its clock ends, None without a clock."""
        when = self.data.get("when")
        return None if when is None else dt_util.utc_from_timestamp(when)

    @override
    def __str__(self) -> str:
        """Return a row of a table."""
        clock = f"until {self.ends_at:%H:%M:%S}" if self.ends_at else ""
        text = "" if self.kind == "clear" else self.message
        return f"{self.at:%H:%M:%S}  {self.kind:5} {self.number:1}  {clock:14}  {text}"


@dataclass
class Phone:
    """A phone: what was sent to it, and what it shows."""

    hass: HomeAssistant
    name: str
    device_id: str
    pushes: list[Push] = field(default_factory=list)
    fails: bool = False

    @callback
    def receive(self, call: ServiceCall) -> None:
        """Receive a push, which has to be what the app understands."""
        PUSH(dict(call.data))
        if self.fails:
            msg = "no connection"
            raise HomeAssistantError(msg)
        text = {key: call.data.get(key, "") for key in ("message", "title")}
        self.pushes.append(Push(at=dt_util.utcnow(), data=call.data["data"], **text))

    @callback
    def stop_notifications(self) -> None:
        """Let the app take no notifications any more, as a user can choose."""
        er.async_get(self.hass).async_remove(f"{NOTIFY}.{slugify(self.name)}")
        self.hass.services.async_remove(NOTIFY, f"{MOBILE_APP}_{slugify(self.name)}")

    @property
    def shown(self) -> list[Push]:
        """Return the activities that it shows."""
        shown: dict[str, Push] = {}
        for push in self.pushes:
            shown.pop(push.tag, None)
            shown |= {push.tag: push} if push.kind == "live" else {}
        return list(shown.values())

    @property
    def kinds(self) -> list[str]:
        """Return what the pushes do."""
        return [push.kind for push in self.pushes]

    @property
    def table(self) -> str:
        """Return the pushes, one by one."""
        return "\n".join(map(str, self.pushes))

    def write_table(self, title: str) -> None:
        """Write the pushes where the environment wants to have them."""
        if folder := os.environ.get("RAISE3D_TABLES"):
            Path(folder, f"{title}.txt").write_text(f"{self.table}\n", "utf-8")

    @property
    def closest(self) -> float:
        """Return the seconds between the two closest updates of an activity."""
        times = [push.at for push in self.pushes if push.kind == "live"]
        pauses = [after - before for before, after in pairwise(times)]
        return min(pauses).total_seconds()

    async def press(self, action: str) -> None:
        """Press a button."""
        self.hass.bus.async_fire(PRESSED, {"action": action, "tag": "any"})
        await self.hass.async_block_till_done(wait_background_tasks=True)


def add_phone(hass: HomeAssistant, name: str) -> Phone:
    """Add a phone with the app."""
    entry = MockConfigEntry(domain=MOBILE_APP, title=name)
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(MOBILE_APP, name)}, name=name
    )
    # only phones that take notifications have it
    er.async_get(hass).async_get_or_create(
        NOTIFY,
        MOBILE_APP,
        name,
        suggested_object_id=slugify(name),
        device_id=device.id,
        config_entry=entry,
    )
    phone = Phone(hass, name, device.id)
    action = f"{MOBILE_APP}_{slugify(name)}"
    hass.services.async_register(NOTIFY, action, phone.receive)
    return phone
