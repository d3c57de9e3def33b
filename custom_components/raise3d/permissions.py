"""Who may do what: the rights of Home Assistant's users on a printer.

An action needs the permission that Home Assistant checks for the same thing elsewhere:
for the entity that does or shows it, or for all entities that its device targets.
"""

from typing import Final, NamedTuple

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import (
    CAT_ENTITIES,
    POLICY_CONTROL,
    POLICY_READ,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er

from .entity_ids import async_find_entity_id
from .picture_store import PictureKind

# Entities that send commands; the others only show something.
COMMANDS = (Platform.BUTTON, Platform.NUMBER)


class Right(NamedTuple):
    """What a user needs: a permission for one entity, or for all of a kind."""

    permission: str
    entity: tuple[Platform, str] | None = None
    """Platform and key; None for all that send commands."""


SEND_COMMANDS: Final = Right(POLICY_CONTROL)
SEE_STATUS: Final = Right(POLICY_READ, (Platform.SENSOR, "status"))
PAUSE_PRINT: Final = Right(POLICY_CONTROL, (Platform.BUTTON, "pause"))
RESUME_PRINT: Final = Right(POLICY_CONTROL, (Platform.BUTTON, "resume"))
STOP_PRINT: Final = Right(POLICY_CONTROL, (Platform.BUTTON, "stop"))
# A user who may not see the name of the printed file may not list files either.
READ_FILES: Final = Right(POLICY_READ, (Platform.SENSOR, "file_name"))
# Who may see an image may see its pictures in the media browser, too.
SEE_PICTURES: Final = {
    kind: Right(POLICY_READ, (Platform.IMAGE, kind.value)) for kind in PictureKind
}


async def async_get_caller(hass: HomeAssistant, context: Context) -> User | None:
    """Return the user behind a call, None where Home Assistant itself calls."""
    if context.user_id is None:
        return None
    if (user := await hass.auth.async_get_user(context.user_id)) is None:
        raise UnknownUser(context=context)
    return user


@callback
def async_check_right(
    hass: HomeAssistant,
    user: User | None,
    entry: ConfigEntry,
    right: Right,
    context: Context | None = None,
) -> None:
    """Raise unless a user has a right to a printer."""
    if user is None or user.permissions.access_all_entities(right.permission):
        return
    entity_ids = _entity_ids(hass, entry, right)
    missing = [
        entity_id
        for entity_id in entity_ids
        if not user.permissions.check_entity(entity_id, right.permission)
    ]
    if entity_ids and not missing:
        return
    raise Unauthorized(
        context=context,
        user_id=user.id,
        entity_id=missing[0] if missing else None,
        config_entry_id=entry.entry_id,
        perm_category=CAT_ENTITIES,
        permission=right.permission,
    )


@callback
def has_right(
    hass: HomeAssistant, user: User | None, entry: ConfigEntry, right: Right
) -> bool:
    """Whether a user has a right to a printer."""
    try:
        async_check_right(hass, user, entry, right)
    except Unauthorized:
        return False
    return True


def _sends_command(entity: er.RegistryEntry) -> bool:
    """Whether an entity sends commands; that of a task sends nothing to the printer."""
    return entity.domain in COMMANDS and entity.config_subentry_id is None


@callback
def _entity_ids(hass: HomeAssistant, entry: ConfigEntry, right: Right) -> list[str]:
    """Return the entities that a right is about."""
    if right.entity is not None:
        platform, key = right.entity
        if found := async_find_entity_id(hass, entry, platform, key):
            return [found]
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    if right.permission == POLICY_CONTROL:
        entities = [one for one in entities if _sends_command(one)]
    # a policy names entities that its author has seen: those that are enabled
    enabled = [one.entity_id for one in entities if not one.disabled]
    return enabled or [one.entity_id for one in entities]
