"""Runs of automations that wait: Home Assistant's own tests would wait for them."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import pytest

from homeassistant.components.automation import AutomationEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.script import _ScriptRun

WAITS = (
    "_async_step_delay",
    "_async_step_wait_for_trigger",
    "_async_step_wait_template",
)
# From the end of a wait to the step behind it, and some more.
TURNS = 20


@dataclass
class Run:
    """A run of an automation."""

    waiting: bool = False
    began: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it begins to wait."""


RUN: ContextVar[Run | None] = ContextVar("run", default=None)


@contextmanager
def waiting() -> Generator[None]:
    """Let the run that is under way wait for something that takes its time."""
    run = RUN.get() or Run()
    run.waiting = True
    run.began.set()
    try:
        yield
    finally:
        run.waiting = False
        run.began.clear()


def run_of(task: asyncio.Future[Any]) -> Run | None:
    """Return the run that a task belongs to."""
    return task.get_context().get(RUN) if isinstance(task, asyncio.Task) else None


def let_runs_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not count a run that waits among what has to be done."""
    trigger = AutomationEntity.async_trigger

    @wraps(trigger)
    async def async_trigger(entity: AutomationEntity, *args: Any, **given: Any) -> Any:
        token = RUN.set(Run())
        try:
            return await trigger(entity, *args, **given)
        finally:
            RUN.reset(token)

    monkeypatch.setattr(AutomationEntity, "async_trigger", async_trigger)
    for name in WAITS:
        monkeypatch.setattr(_ScriptRun, name, _as_wait(getattr(_ScriptRun, name)))
    monkeypatch.setattr(HomeAssistant, "async_block_till_done", _block_till_done)


def _as_wait(
    step: Callable[[_ScriptRun], Awaitable[None]],
) -> Callable[[_ScriptRun], Awaitable[None]]:
    """Mark a step as one that waits."""

    @wraps(step)
    async def wait(run: _ScriptRun) -> None:
        with waiting():
            await step(run)

    return wait


async def _block_till_done(
    hass: HomeAssistant,
    wait_background_tasks: bool = False,  # noqa: FBT001, FBT002 - as Home Assistant has it
) -> None:
    """Wait for all tasks but those of runs that wait."""
    for _ in range(TURNS):
        await asyncio.sleep(0)
    while tasks := _under_way(hass, background=wait_background_tasks):
        runs = [run for run in map(run_of, tasks) if run]
        began = [asyncio.ensure_future(run.began.wait()) for run in runs]
        await asyncio.wait([*tasks, *began], return_when=asyncio.FIRST_COMPLETED)
        for each in began:
            each.cancel()
        await asyncio.sleep(0)


def _under_way(hass: HomeAssistant, *, background: bool) -> list[asyncio.Future[Any]]:
    """Return the tasks that do not wait."""
    tasks = hass._tasks | (hass._background_tasks if background else set())
    return [
        task
        for task in tasks
        if task is not asyncio.current_task()
        and not (isinstance(task, asyncio.Task) and task.cancelling())
        and not ((run := run_of(task)) and run.waiting)
    ]
