"""Tests of a file's name, which is text from outside, wherever people read it."""

import json
import re

from markdown_it import MarkdownIt
from pytest_homeassistant_custom_component.common import (
    MockUser,
    async_capture_events,
)

from custom_components.raise3d.dashboard import fleet
from custom_components.raise3d.dashboard.printers import async_get_printers
from custom_components.raise3d.dashboard.texts import async_get_texts
from custom_components.raise3d.jobs import display_name
from homeassistant.core import HomeAssistant
from homeassistant.helpers.template import Template
from homeassistant.setup import async_setup_component

from .blueprints.conftest import unload_automations
from .blueprints.running import instantiate
from .common import ROOT, Home

ORDINARY = (
    "part.gcode",
    "medaille_1.gcode",
    "größer (2) 50 % - v1.2+x.gcode",
    "日本語 🙂",
)
HOSTILE = (
    "[x](http://evil.example)",
    "![x](http://evil.example/x.png)",
    "[x][y]",
    "[x]: http://evil.example",
    "<img src=x onerror=alert(1)>",
    "<a href=//evil.example>x</a>",
    "<http://evil.example>",
    "<script>alert(1)</script>",
    "<!-- x",
    "http://evil.example/a.gcode",
    "HTTPS://evil.example",
    "ftp://evil.example",
    "www.evil.example",
    "WWW.evil.example.gcode",
    "somebody@evil.example",
    "mailto:somebody@evil.example",
    "&lt;img src=x&gt;",
    "http&#58;//evil.example",
    "\\[x](http://evil.example)",
    "\\\\![x](http://evil.example)",
    "http:\\//evil.example",
    "**x** ~~y~~ `z`",
    "# heading",
    "| a | b |",
    "x\n\n# y",
    "x\u202e[y](http://evil.example)\u2066",
    "ht\u200btp://evil.example",
    "[x]\u200b(http://evil.example)",
)
TAGS = {
    "link_open",
    "image",
    "html_inline",
    "html_block",
    "heading_open",
    "code_inline",
}
# As the front end's `marked` does, whatever stands in between: addresses by themselves.
AUTOLINK = re.compile(r"(?i)(https?|ftp)://|www\.|[\w.+-]+@\w")

__all__ = ["unload_automations"]


def dangers(text: str) -> list[str]:
    """Return what a front end would make of a text beside words."""
    tokens = MarkdownIt("commonmark", {"html": True}).parse(text)
    inner = [child for token in tokens for child in token.children or []]
    kinds = [token.type for token in (*tokens, *inner) if token.type in TAGS]
    return kinds + [found.group() for found in AUTOLINK.finditer(text)]


def filters() -> dict[str, set[str]]:
    """Return the filters by the documents and blueprints that use them."""
    paths = [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("blueprints/**/*.yaml"),
    ]
    found = {
        path.name: set(
            re.findall(r"\| (regex_replace\('\(\?i\).*\))", path.read_text("utf-8"))
        )
        for path in paths
    }
    return {name: texts for name, texts in found.items() if texts}


def test_every_document_has_the_same_filter() -> None:
    assert set(filters()) == {
        *("README.md", "actions.md", "automations.md", "recipes.md"),
        *("book_filament_in_spoolman.yaml", "first_layer.yaml", "print_ended.yaml"),
        "tell_before_it_ends.yaml",
    }
    assert len(set.union(*filters().values())) == 1


def test_no_example_puts_a_bare_name_into_a_message() -> None:
    for document in [
        "README.md",
        "docs/actions.md",
        "docs/automations.md",
        "docs/recipes.md",
    ]:
        text = (ROOT / document).read_text("utf-8")
        examples = "".join(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL))
        assert not re.search(
            r"attributes\.file_name(?!\n\s+\| regex_replace)", examples
        ), document


def test_the_filter_makes_a_name_nothing_but_words(hass: HomeAssistant) -> None:
    for name in HOSTILE:
        (text,) = filters()["README.md"]
        shown = display_name(name)
        escaped = Template("{{ name | " + text + " }}", hass).async_render(
            {"name": shown}, parse_result=False
        )
        assert dangers(escaped) == [], name
        assert words(escaped) == shown, name


def words(text: str) -> str:
    """Return what a person reads of a text in Markdown."""
    (_, inline, _) = MarkdownIt("commonmark").parse(text)
    return "".join(child.content for child in inline.children or [])


def test_the_filter_leaves_ordinary_names_alone(hass: HomeAssistant) -> None:
    for name in ORDINARY:
        (text,) = filters()["README.md"]
        template = Template("{{ name | " + text + " }}", hass)
        assert template.async_render({"name": name}, parse_result=False) == name, name


def test_a_name_is_shown_without_what_cannot_be_seen() -> None:
    for name, shown in [
        ("Local/a/part.gcode", "part.gcode"),
        ("Local/a\nb\tc.gcode", "a b c.gcode"),
        ("Local/a\u2028b\x00\x1b[31m.gcode", "a b[31m.gcode"),
        ("Local/edocg.\u202etxt\u2066\u200f.gcode", "edocg.txt.gcode"),
        ("Local/a\u200bb\ufeffc\u2060.gcode", "abc.gcode"),
        ("Local/\U0001f469\u200d\U0001f52c.gcode", "\U0001f469\u200d\U0001f52c.gcode"),
        ("Local/\ud800.gcode", ".gcode"),
        ("Local/[x](http://evil.example)", "evil.example)"),
        ("Local/", None),
        ("\u202e\n", None),
        ("", None),
        (None, None),
    ]:
        assert display_name(name) == shown, (name, shown)


async def test_the_notification_of_the_blueprint_is_nothing_but_words(
    home: Home,
) -> None:
    assert await async_setup_component(home.hass, "persistent_notification", {})
    calls = async_capture_events(home.hass, "call_service")
    target = {"device_id": home.device.id}
    await instantiate(home, "print_ended.yaml", printers=target)
    name = "![x](http:evil) <img src=x> www.evil.example me@evil.example &lt;.gcode"
    home.printer.start(f"Local/{name}", duration=60)
    await home.tick(45)
    assert home.state("file_name") == name
    await home.tick(60)
    message = calls[-1].data["service_data"]["message"]
    assert dangers(message) == []
    assert words(message).startswith(f"{name} is finished after")


async def test_no_dashboard_renders_a_name_as_markdown(
    home: Home, hass_admin_user: MockUser
) -> None:
    """No text of a dashboard reads the entity that has the name, or repeats it."""
    home.printer.start("Local/**bold**", duration=60)
    await home.tick(45)
    assert home.state("file_name") == "**bold**"
    texts = await async_get_texts(home.hass, "en")
    config = fleet.dashboard(async_get_printers(home.hass, hass_admin_user), texts)
    contents = re.findall(r'"content": "(.*?)"[,}]', json.dumps(config))
    assert "Switched off" in "".join(contents)
    assert not re.search("file_name|bold", "".join(contents))
