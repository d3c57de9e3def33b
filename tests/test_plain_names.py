"""Tests of a printer's name, which is text from outside, wherever people read it."""

import pytest

from custom_components.raise3d.const import DOMAIN
from custom_components.raise3d.plain_text import plain_text
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from simulator import Simulator

from .common import EN, Home
from .config_flow.flow import Flow
from .test_file_names import HOSTILE, ORDINARY, dangers, words

JOINER = "\N{WORD JOINER}"
LONG = "[x](http://evil.example/" * 20
# Markup that is none after what has been cut or taken out.
NAMES = (*HOSTILE, LONG, "  # x", "> x", "> # x", "    x", "```x```", "\u202e[x](x)")


def shown(text: str) -> str:
    """Return what a person sees of a text."""
    return text.replace(JOINER, "")


def test_a_name_makes_nothing_but_words_of_markdown() -> None:
    for name in NAMES:
        plain = plain_text(name)
        assert dangers(plain) == [], name
        assert dangers(f"{plain} is on. {plain}") == [], name
        assert plain_text(plain) == plain, name
        assert len(shown(plain)) <= 255, name


def test_a_person_reads_the_name_as_it_is() -> None:
    for name in [
        "[x](http://evil.example)",
        "<img src=x>",
        "me@evil.example",
        "www.x.de",
    ]:
        assert shown(plain_text(name)) == name, name
        assert shown(words(plain_text(name))) == name, name


def test_an_ordinary_name_stays_as_it_is() -> None:
    for name in [*ORDINARY, "Printer #2", "R&D", "Lab / left: 3 @ home!", "a_b_c", ""]:
        assert plain_text(name) == name, name


@pytest.mark.parametrize("key", ["machine_name", "model"])
@pytest.mark.parametrize("name", ["![x](http://evil.example/x.png)", "<img src=x>"])
async def test_a_printer_is_added_under_a_harmless_title(
    hass: HomeAssistant, simulator: Simulator, key: str, name: str
) -> None:
    flow = Flow(simulator, hass)
    flow.answer("printer/system", lambda data: data | {"machine_name": "", key: name})
    await flow.add()
    assert dangers(flow.entry.title) == []
    assert shown(flow.entry.title) == name


@pytest.mark.parametrize("name", ["\u202e\u200b", "\n\n", "Raise3D", "", None])
async def test_a_name_of_nothing_gives_way_to_the_model(
    hass: HomeAssistant, simulator: Simulator, name: str | None
) -> None:
    flow = Flow(simulator, hass)
    flow.answer("printer/system", lambda data: data | {"machine_name": name})
    await flow.add()
    assert flow.entry.title == simulator.printer.model.name


@pytest.mark.parametrize("name", ["[x](http://evil.example)", "# x", "<a href=//x>x"])
async def test_no_issue_and_no_form_renders_an_older_title(
    new_home: Home, issue_registry: ir.IssueRegistry, name: str
) -> None:
    new_home.hass.config_entries.async_update_entry(new_home.entry, title=name)
    new_home.answer("printer/system", storage_available=1)
    await new_home.set_up()
    (issue,) = [one for key, one in issue_registry.issues.items() if key[0] == DOMAIN]
    text = EN["issues"][issue.translation_key]
    placeholders = issue.translation_placeholders or {}
    for words_of_issue in text.values():
        assert dangers(words_of_issue.format(**placeholders)) == []
    menu = await new_home.entry.start_reauth_flow(new_home.hass)
    step = EN["config"]["step"][menu["step_id"]]
    placeholders = dict(menu["description_placeholders"] or {})
    description = step["description"].format(**placeholders)
    assert dangers(description) == []
