"""Tests of the module that the frontend loads: what it is, and how it gets there."""

from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
import re
from typing import Any

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.raise3d.const import DOMAIN
from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .automations import another_printer
from .common import FOLDER, Home, add_entry, set_up

pytestmark = pytest.mark.usefixtures("only_platforms")

FILE = FOLDER / "frontend/raise3d.js"
CONTENT = FILE.read_text("utf-8")
URL = f"/raise3d/raise3d.js?v={sha256(FILE.read_bytes()).hexdigest()[:8]}"


@pytest.fixture
async def with_frontend(hass: HomeAssistant) -> None:
    """Set up the frontend, as every usual Home Assistant does."""
    assert await async_setup_component(hass, "frontend", {})


@pytest.fixture
def modules(hass: HomeAssistant, with_frontend: None) -> Callable[[], list[str]]:
    """Return a function that returns the modules that a page loads."""
    return lambda: sorted(hass.data[DATA_EXTRA_MODULE_URL].urls)


async def test_a_page_loads_the_module_once(
    modules: Callable[[], list[str]], new_home: Home
) -> None:
    assert modules() == []
    await new_home.set_up()
    assert modules() == [URL]
    async with another_printer(new_home.hass):
        assert modules() == [URL]
        await new_home.reload()
        assert modules() == [URL]


async def test_the_module_goes_with_the_last_printer_and_comes_with_the_next(
    modules: Callable[[], list[str]], home: Home
) -> None:
    async with another_printer(home.hass) as (_, other):
        await home.remove()
        assert modules() == [URL]
        await home.hass.config_entries.async_remove(other.entry_id)
        assert modules() == []
    await set_up(home.hass, add_entry(home.hass, home.simulator))
    assert modules() == [URL]


async def test_a_printer_that_was_never_set_up_is_removed(
    modules: Callable[[], list[str]], new_home: Home
) -> None:
    await new_home.remove()
    assert modules() == []


async def test_a_printer_that_cannot_be_set_up_has_the_module(
    modules: Callable[[], list[str]],
    new_home: Home,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Otherwise a dashboard would be an error, not a printer that is off."""

    async def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(
        "custom_components.raise3d.Raise3DCoordinator.async_config_entry_first_refresh",
        fail,
    )
    await new_home.set_up()
    assert new_home.entry_state() is ConfigEntryState.SETUP_ERROR
    assert modules() == [URL]


@pytest.mark.usefixtures("with_frontend")
async def test_the_module_and_nothing_else_is_served_to_everybody(
    home: Home, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """Before the login as well: a page loads its modules first."""
    client = await hass_client_no_auth()
    for url in (URL, "/raise3d/raise3d.js?v=old", "/raise3d/raise3d.js"):
        response = await client.get(url)
        assert response.status == HTTPStatus.OK
        assert "javascript" in response.headers["Content-Type"]
        assert "max-age" in response.headers["Cache-Control"]
        assert await response.text() == CONTENT
    for path in ("%2e%2e%2fmanifest.json", "const.py", "", "x.js"):
        response = await client.get(f"/raise3d/{path}")
        assert HTTPStatus(response.status).is_client_error


async def test_the_module_stays_while_a_printer_is_only_disabled(
    modules: Callable[[], list[str]], home: Home, hass_storage: dict[str, Any]
) -> None:
    # nor is it written to the users' resources
    assert not [key for key in hass_storage if "lovelace" in key]
    assert "raise3d.js" not in str(hass_storage)
    await home.hass.config_entries.async_set_disabled_by(
        home.entry.entry_id, ConfigEntryDisabler.USER
    )
    assert modules() == [URL]
    await home.remove()
    assert modules() == []


async def test_without_a_frontend_nothing_breaks(home: Home) -> None:
    assert DATA_EXTRA_MODULE_URL not in home.hass.data
    await home.reload()
    assert home.entry_state() is ConfigEntryState.LOADED
    await home.remove()
    assert home.log() == []


async def test_a_new_content_has_a_new_address(
    modules: Callable[[], list[str]],
    new_home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = tmp_path / FILE.name
    other.write_text("// new")
    monkeypatch.setattr("custom_components.raise3d.dashboard.frontend._FILE", other)
    await new_home.set_up()
    assert modules() == [f"/raise3d/raise3d.js?v={sha256(b'// new').hexdigest()[:8]}"]


# What is in it


def test_the_module_is_small_and_needs_nothing() -> None:
    assert len(CONTENT.splitlines()) < 150
    assert not re.search(r"\bimport\b|\brequire\b|\beval\b|innerHTML", CONTENT)
    addresses = re.findall(r"https?://[^\"]+", CONTENT)
    assert all(address.startswith("https://github.com/") for address in addresses)


def test_the_module_has_no_text_of_its_own() -> None:
    """A text with a space in it, or a capital letter, would be one for people."""
    code = re.sub(r"^\s*//.*$", "", CONTENT, flags=re.MULTILINE)
    found = [
        text for pair in re.findall(r'"([^"\n]*)"|`([^`]*)`', code) for text in pair
    ]
    texts = {text for text in found if re.search(r"\s|^[A-Z]", text)}
    # the name of the maker is the same in each language
    assert texts == {"Raise3D"}
    assert "'" not in code


def test_the_module_defines_what_home_assistant_expects() -> None:
    """Behind the app's own element: 2026.10 loses what was defined before."""
    _, _, late = CONTENT.partition('whenDefined("home-assistant")')
    assert CONTENT.count("customElements.define(") == late.count(
        "customElements.define("
    )
    for tag in ("ll-strategy-dashboard-", "ll-strategy-section-", "-section-editor"):
        assert tag in late
    assert f'DOMAIN = "{DOMAIN}"' in CONTENT
    assert f'CARD = "{DOMAIN}-printer"' in CONTENT
    assert 'registryDependencies = ["entities", "devices", "language"]' in CONTENT
