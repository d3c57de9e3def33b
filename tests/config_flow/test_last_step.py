"""Tests of the last step of the config flow: how to get a dashboard."""

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator import Simulator
from tests.common import EN, new_printer

from .flow import Flow


async def test_a_page_that_is_open_has_to_be_reloaded_for_the_first_printer(
    flow: Flow,
) -> None:
    await flow.add()
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY
    assert flow.result["description"] == "first"


async def test_for_the_second_printer_nothing_has_to_be_reloaded(
    flow: Flow, hass: HomeAssistant
) -> None:
    await flow.add()
    async with Simulator(new_printer("e2", machine_id="other")) as other:
        second = Flow(other, hass)
        await second.add()
        assert second.result["type"] is FlowResultType.CREATE_ENTRY
        # Home Assistant shows the text that is called "default"
        assert second.result["description"] is None


def test_only_the_text_for_the_first_printer_speaks_of_a_reload() -> None:
    texts = EN["config"]["create_entry"]
    assert {key: "reload this page" in text for key, text in texts.items()} == {
        "default": False,
        "first": True,
    }
