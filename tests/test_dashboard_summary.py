"""Tests of what is said above all printers, by Home Assistant's own templates."""

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.template import Template

from .common import Home
from .dashboards import Frontend, add_printer, set_state


@pytest.fixture(autouse=True)
async def zone(hass: HomeAssistant) -> None:
    """Be in a zone that has its own time."""
    await hass.config.async_set_time_zone("Europe/Berlin")


async def template(frontend: Frontend, language: str = "en") -> str:
    """Return the template above all printers."""
    header = (await frontend.view(language=language))["header"]
    assert header["card"]["type"] == "markdown"
    content: str = header["card"]["content"]
    return content


def render(home: Home, content: str) -> str:
    """Return what a template says now."""
    text: str = Template(content, home.hass).async_render(parse_result=False)
    return text


def set_all(home: Home, words: list[str]) -> None:
    """Set the status of the home's printer, then those of others."""
    home.hass.states.async_set(home.entity_id("status"), words[0])
    for number, word in enumerate(words[1:]):
        set_state(home, add_printer(home, number), "status", word)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["idle", "idle"], "Idle **2**"),
        (["printing", "busy"], "Printing **2**"),
        (
            ["error", "idle", "completed", "paused", "idle"],
            "Paused **1** · Completed **1** · Error **1** · Idle **2**",
        ),
        (["unavailable", "offline"], "Offline **2**"),
        (["unknown", "idle"], "Idle **1**"),
        (["unknown", "unknown"], ""),
    ],
)
async def test_it_counts_what_there_is(
    home: Home, frontend: Frontend, words: list[str], said: str
) -> None:
    set_all(home, words)
    assert render(home, await template(frontend)) == said


async def test_it_counts_again_without_another_request(
    home: Home, frontend: Frontend
) -> None:
    set_all(home, ["idle", "idle"])
    content = await template(frontend)
    home.hass.states.async_set(home.entity_id("status"), "error")
    assert render(home, content) == "Error **1** · Idle **1**"
    home.hass.states.async_remove(home.entity_id("status"))
    assert render(home, content) == "Idle **1**"


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("2026-11-23T10:00:00+00:00", "2026-11-23T09:30:00+00:00", "10:30"),
        ("2026-11-23T10:00:00+00:00", "unknown", "11:00"),
        # that one should have ended already
        ("2026-11-23T10:00:00+00:00", "2026-11-23T07:00:00+00:00", "11:00"),
        ("2026-11-23T10:00:00+00:00", "unavailable", "11:00"),
    ],
)
async def test_it_says_when_the_next_printer_is_free(
    home: Home, frontend: Frontend, first: str, second: str, said: str
) -> None:
    home.hass.states.async_set(home.entity_id("status"), "printing")
    home.hass.states.async_set(home.entity_id("finish_time"), first)
    other = add_printer(home, 1)
    set_state(home, other, "status", "printing")
    set_state(home, other, "finish_time", second)
    shown = render(home, await template(frontend))
    assert shown == f"Printing **2** · Next one free at **{said}**"


async def test_it_is_in_the_language_of_the_caller(
    home: Home, frontend: Frontend
) -> None:
    set_all(home, ["idle", "idle"])
    assert render(home, await template(frontend, "de")) == "Leerlauf **2**"


async def test_printers_without_a_status_or_a_time_are_left_out(
    home: Home, frontend: Frontend
) -> None:
    set_all(home, ["idle", "idle", "idle"])
    for key in ("status", "finish_time"):
        er.async_get(home.hass).async_update_entity(
            home.entity_id(key), hidden_by=er.RegistryEntryHider.USER
        )
    assert render(home, await template(frontend)) == "Idle **2**"


async def test_of_one_printer_there_is_nothing_to_sum(
    home: Home, frontend: Frontend
) -> None:
    assert "header" not in await frontend.view()
