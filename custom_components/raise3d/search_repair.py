"""Repair flow that searches for a printer that is not at its address."""

import asyncio

import voluptuous as vol

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntry

from .follow import async_search_again
from .plain_text import plain_text
from .search_flow import search_again_field


class SearchAgainFlow(RepairsFlow):
    """Searches the own networks for a printer by its machine id."""

    def __init__(self, entry: ConfigEntry) -> None:
        """Take the entry that is to follow its printer."""
        self._entry = entry
        self._task: asyncio.Task[frozenset[str]] | None = None
        self._placeholders = {"name": plain_text(entry.title)}

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Start with the form."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, bool] | None = None
    ) -> RepairsFlowResult:
        """Let the user start a search, and allow later ones without being asked."""
        if user_input is not None:
            options = {**self._entry.options, **user_input}
            self.hass.config_entries.async_update_entry(self._entry, options=options)
            return await self.async_step_search()
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema(search_again_field(self._entry.options)),
            description_placeholders=self._placeholders,
        )

    async def async_step_search(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Search, and show how far it is; a flow that is closed ends the search."""
        first_call = self._task is None
        if self._task is None:
            self._task = self.hass.async_create_task(
                async_search_again(
                    self.hass, [self._entry], self.async_update_progress
                ),
                "raise3d search",
            )
        # a search that is over at once is shown too: Home Assistant expects that
        if first_call or not self._task.done():
            return self.async_show_progress(
                step_id="search",
                progress_action="search",
                progress_task=self._task,
                description_placeholders=self._placeholders,
            )
        found, self._task = self._task.result(), None
        step = "found" if self._entry.entry_id in found else "not_found"
        return self.async_show_progress_done(next_step_id=step)

    async def async_step_found(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """End: the entry has followed its printer."""
        return self.async_create_entry(data={})

    async def async_step_not_found(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Say that it is not there, and offer to search again."""
        if user_input is not None:
            return await self.async_step_search()
        return self.async_show_form(
            step_id="not_found",
            data_schema=vol.Schema({}),
            description_placeholders=self._placeholders,
        )
