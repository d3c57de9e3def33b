"""Tests of what is said above all printers, by Home Assistant's own templates."""

from itertools import chain, repeat

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

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


def set_all(home: Home, others: list[MockConfigEntry], words: list[str]) -> None:
    """Set the status of the home's printer, then those of others."""
    home.hass.states.async_set(home.entity_id("status"), words[0])
    for other, word in zip(others, chain(words[1:], repeat("unknown")), strict=False):
        set_state(home, other, "status", word)


async def test_it_counts_what_there_is_without_another_request(
    home: Home, frontend: Frontend
) -> None:
    others = [add_printer(home, number) for number in range(4)]
    content = await template(frontend)
    for words, said in (
        (["printing", "busy"], "Printing **2**"),
        (
            ["error", "idle", "completed", "paused", "idle"],
            "Paused **1** · Completed **1** · Error **1** · Idle **2**",
        ),
        (["unavailable", "offline"], "Offline **2**"),
        (["unknown", "idle"], "Idle **1**"),
        (["unknown", "unknown"], ""),
        (["idle", "idle"], "Idle **2**"),
    ):
        set_all(home, others, words)
        assert render(home, content) == said
    home.hass.states.async_set(home.entity_id("status"), "error")
    assert render(home, content) == "Error **1** · Idle **1**"
    home.hass.states.async_remove(home.entity_id("status"))
    assert render(home, content) == "Idle **1**"


async def test_it_says_when_the_next_printer_is_free(
    home: Home, frontend: Frontend
) -> None:
    other = add_printer(home, 1)
    set_all(home, [other], ["printing", "printing"])
    finish_time = home.entity_id("finish_time")
    home.hass.states.async_set(finish_time, "2026-11-23T10:00:00+00:00")
    content = await template(frontend)
    for second, said in {
        "2026-11-23T09:30:00+00:00": "10:30",
        "unknown": "11:00",
        # that one should have ended already
        "2026-11-23T07:00:00+00:00": "11:00",
        "unavailable": "11:00",
    }.items():
        set_state(home, other, "finish_time", second)
        shown = render(home, content)
        assert shown == f"Printing **2** · Next one free at **{said}**"


async def test_it_is_in_the_language_of_the_caller_and_leaves_out_who_has_no_status(
    home: Home, frontend: Frontend
) -> None:
    # of one printer there is nothing to sum
    assert "header" not in await frontend.view()
    others = [add_printer(home, number) for number in range(2)]
    set_all(home, others, ["idle", "idle", "idle"])
    assert render(home, await template(frontend, "de")) == "Leerlauf **3**"
    for key in ("status", "finish_time"):
        er.async_get(home.hass).async_update_entity(
            home.entity_id(key), hidden_by=er.RegistryEntryHider.USER
        )
    assert render(home, await template(frontend)) == "Idle **2**"
