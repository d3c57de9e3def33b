"""Tests of let_an_ai_look.yaml."""

import asyncio
from typing import Any, override

import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from homeassistant.components.ai_task import (
    AITaskEntity,
    AITaskEntityFeature,
    GenDataTask,
    GenDataTaskResult,
)
from homeassistant.components.ai_task.const import DATA_COMPONENT
from homeassistant.components.conversation import ChatLog
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from tests.automations import another_printer, device_of
from tests.common import HOUR, MINUTE, Home, now

from .phones import Phone, add_phone
from .running import ALL_ENTITIES, automation, instantiate_all, restarting
from .waiting import waiting

pytestmark = pytest.mark.usefixtures("few_entities", "few_polls", "runs_may_wait")

GOOD = {"failed": False, "confidence": 99, "reason": "A part with a brim."}
BAD = {"failed": True, "confidence": 95, "reason": "Spaghetti above the plate."}
NO_ANSWERS: list[Any] = [
    HomeAssistantError("out of quota"),
    None,
    "failed",
    ["failed"],
    {},
    {"failed": True},
    {"failed": "true", "confidence": 95, "reason": ""},
    {"failed": 1, "confidence": 95, "reason": ""},
    {"failed": True, "confidence": "95", "reason": ""},
    {"failed": True, "confidence": True, "reason": ""},
    {"failed": True, "confidence": None, "reason": ""},
    {"failed": True, "confidence": -95, "reason": ""},
    {"failed": True, "confidence": 950, "reason": ""},
    {"failed": True, "confidence": float("nan"), "reason": ""},
    {"failed": True, "confidence": 79, "reason": "Perhaps."},
    {"failed": True, "confidence": 0.79, "reason": "Perhaps."},
    {"failed": None, "confidence": 95, "reason": None},
    {"fehler": True, "confidence": 95},
]
FORMS: list[tuple[dict[str, Any], str]] = [
    ({"confidence": 0.9}, "The AI gives no reason. (90 % certain)"),
    (
        {"confidence": 80, "reason": 5, "more": []},
        "The AI gives no reason. (80 % certain)",
    ),
    (
        {"confidence": 99.6, "reason": "<a href=x>Win</a> 1+1"},
        "‹a href=x>Win‹/a> 1+1 (100 % certain)",  # noqa: RUF001 - no tag begins
    ),
]
# Between two pictures, and before the first one.
EVERY, BEFORE = 4 * MINUTE, 6 * MINUTE
# After two pictures, and before a third one could be notified.
NOTIFIED = BEFORE + 2 * EVERY


class WatchingAI(AITaskEntity):
    """An AI that answers what a test wants."""

    _attr_name = "Eye"
    _attr_supported_features = (
        AITaskEntityFeature.GENERATE_DATA | AITaskEntityFeature.SUPPORT_ATTACHMENTS
    )

    def __init__(self) -> None:
        """Start with an AI that sees nothing bad."""
        self.always: Any = GOOD
        self.answers: list[Any] = []
        """The next ones."""
        self.delay: float = 0
        self.tasks: list[GenDataTask] = []
        self.pictures: list[bytes] = []

    @override
    async def _async_generate_data(
        self, task: GenDataTask, chat_log: ChatLog
    ) -> GenDataTaskResult:
        self.tasks.append(task)
        for attachment in task.attachments or ():
            read = attachment.path.read_bytes
            self.pictures.append(await self.hass.async_add_executor_job(read))
        answer = self.answers.pop(0) if self.answers else self.always
        if self.delay:
            with waiting():
                await asyncio.sleep(self.delay)
        if isinstance(answer, Exception):
            raise answer
        return GenDataTaskResult(chat_log.conversation_id, answer)


@pytest.fixture
async def ai(hass: HomeAssistant) -> WatchingAI:
    """Return an AI that Home Assistant's own action asks."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "ai_task", {})
    ai = WatchingAI()
    await hass.data[DATA_COMPONENT].async_add_entities([ai])
    return ai


@pytest.fixture
def phone(hass: HomeAssistant) -> Phone:
    """Return a phone that is notified."""
    phone = add_phone(hass, "My phone")
    # a new name in Home Assistant leaves that of the action as it is
    dr.async_get(hass).async_update_device(phone.device_id, name_by_user="Renamed")
    return phone


def watching(home: Home, phone: Phone, **inputs: Any) -> dict[str, Any]:
    """Return the automation."""
    usual = {
        "phones": [phone.device_id],
        "every": EVERY // MINUTE,
        "not_before": BEFORE // MINUTE,
    }
    return automation(
        "let_an_ai_look.yaml",
        printer=home.device.id,
        ai="ai_task.eye",
        **{**usual, **inputs},
    )


async def watch(home: Home, phone: Phone, **inputs: Any) -> None:
    """Set up the blueprint, in a home that has found the camera."""
    await home.tick(2 * MINUTE)
    await instantiate_all(home, watching(home, phone, **inputs))


@pytest.fixture
async def watched(home: Home, ai: WatchingAI, phone: Phone) -> Home:
    """Return a home in which a long print has begun, and an AI watches."""
    await watch(home, phone)
    home.printer.start("Local/part.gcode", duration=10 * HOUR)
    await home.tick(60)
    return home


async def wait_for_pictures(home: Home, ai: WatchingAI, count: int) -> None:
    """Let time pass until the AI has just got some pictures."""
    end = now() + BEFORE + count * EVERY
    while len(ai.tasks) < count:
        assert now() < end, f"{len(ai.tasks)} of {count} pictures"
        await home.tick(10)


async def test_a_good_print_is_watched_in_silence(
    watched: Home, ai: WatchingAI, phone: Phone
) -> None:
    await watched.tick(BEFORE - 2 * MINUTE)
    assert not ai.tasks
    await watched.tick(6 * EVERY)
    assert len(ai.tasks) == 6
    assert not phone.pushes


async def test_the_ai_gets_the_picture_of_the_camera_and_what_to_answer(
    watched: Home, ai: WatchingAI
) -> None:
    await watched.tick(BEFORE + EVERY)
    task = ai.tasks[0]
    assert task.attachments
    assert task.attachments[0].mime_type == "image/jpeg"
    assert ai.pictures[0].startswith(b"\xff\xd8")
    assert task.structure
    assert task.structure(BAD) == BAD
    assert "spaghetti" in task.instructions


@ALL_ENTITIES
async def test_two_bad_answers_in_a_row_are_notified_once(
    watched: Home, ai: WatchingAI, phone: Phone
) -> None:
    ai.always = BAD
    await watched.tick(NOTIFIED + EVERY)
    assert len(ai.tasks) == 2
    (push,) = phone.pushes
    job_id, printer = watched.printer.job.job_id, watched.device.id
    assert push.title == "Lab printer: the print may have failed"
    assert push.message == "Spaghetti above the plate. (95 % certain)"
    assert push.data == {
        "tag": f"raise3d_ai_{printer}",
        "image": f"/api/camera_proxy/{watched.entity_id('camera', 'camera')}",
        "ttl": 0,
        "priority": "high",
        "push": {"interruption-level": "time-sensitive"},
        "actions": [
            {
                "action": f"RAISE3D_AI_STOP_{printer}_{job_id}",
                "title": "Stop",
                "destructive": True,
            },
            {"action": f"RAISE3D_AI_KEEP_{printer}_{job_id}", "title": "Keep"},
        ],
    }
    assert watched.status == "printing"


async def test_a_phone_that_takes_nothing_changes_nothing(
    home: Home, ai: WatchingAI, phone: Phone
) -> None:
    silent = add_phone(home.hass, "Silent")
    silent.stop_notifications()
    devices = [silent.device_id, phone.device_id]
    actions = [{"action": "test.more"}]
    more = async_mock_service(home.hass, "test", "more")
    await watch(home, phone, phones=devices, actions=actions)
    ai.always = BAD
    home.printer.start("Local/part.gcode", duration=10 * HOUR)
    await home.tick(NOTIFIED)
    assert len(phone.pushes) == len(more) == 1


async def test_one_bad_answer_is_none(
    watched: Home, ai: WatchingAI, phone: Phone
) -> None:
    ai.answers = [BAD, GOOD] * 20
    await watched.tick(BEFORE + 4 * EVERY)
    assert len(ai.tasks) == 8
    assert not phone.pushes


async def test_an_ai_that_fails_or_answers_something_else_has_not_answered(
    home: Home, ai: WatchingAI, phone: Phone
) -> None:
    await watch(home, phone, every=3, not_before=1)
    # each of them twice: one that counts would be followed by itself
    ai.answers = [answer for answer in NO_ANSWERS for _ in range(2)]
    home.printer.start("Local/part.gcode", duration=10 * HOUR)
    await home.tick(len(ai.answers) * 3 * MINUTE + 2 * MINUTE)
    assert len(ai.tasks) == 2 * len(NO_ANSWERS)
    assert not phone.pushes
    ai.always = BAD
    await home.tick(5 * MINUTE)
    assert len(phone.pushes) == 1


async def message_about(
    home: Home, ai: WatchingAI, phone: Phone, answer: dict[str, Any]
) -> str:
    """Let the AI answer until a print is notified, and stop it; return the message."""
    count, ai.always = len(phone.pushes), answer
    home.printer.start("Local/part.gcode", duration=HOUR)
    await home.tick(NOTIFIED)
    home.printer.stop()
    await home.tick(2 * MINUTE)
    (push,) = phone.pushes[count:]
    return push.message


async def test_a_bad_answer_counts_in_whatever_form(
    home: Home, ai: WatchingAI, phone: Phone
) -> None:
    await watch(home, phone)
    assert [
        await message_about(home, ai, phone, {"failed": True, **answer})
        for answer, _ in FORMS
    ] == [message for _, message in FORMS]


async def test_a_slow_answer_is_none_and_is_not_requested_twice(
    watched: Home, ai: WatchingAI, phone: Phone
) -> None:
    ai.always, ai.delay = BAD, 2.5 * EVERY
    await watched.tick(BEFORE + EVERY)
    assert len(ai.tasks) == 1
    await watched.tick(6 * EVERY)
    assert len(ai.tasks) == 3
    assert not phone.pushes


async def test_stop_stops_the_print(
    watched: Home, ai: WatchingAI, phone: Phone
) -> None:
    ai.always = BAD
    await watched.tick(NOTIFIED)
    await phone.press(phone.pushes[-1].buttons["Stop"])
    await watched.tick(MINUTE)
    assert watched.status == "idle"
    assert watched.events[-1] == ("stopped", False)
    await watched.tick(NOTIFIED)
    assert len(ai.tasks) == 2


async def test_keep_keeps_the_print_until_the_next_one(
    watched: Home, ai: WatchingAI, phone: Phone
) -> None:
    ai.always = BAD
    await watched.tick(NOTIFIED)
    await phone.press(phone.pushes[-1].buttons["Keep"])
    await watched.tick(NOTIFIED + EVERY)
    assert watched.status == "printing"
    assert len(phone.pushes) == 1
    watched.printer.stop()
    await watched.tick(2 * MINUTE)
    watched.printer.start("Local/next.gcode", duration=10 * HOUR)
    await watched.tick(NOTIFIED)
    assert len(phone.pushes) == 2


async def test_a_button_of_an_earlier_print_does_nothing(
    watched: Home, ai: WatchingAI, phone: Phone
) -> None:
    ai.always = BAD
    await watched.tick(NOTIFIED)
    late = phone.pushes[-1].buttons["Stop"]
    watched.printer.stop()
    await watched.tick(2 * MINUTE)
    watched.printer.start("Local/next.gcode", duration=10 * HOUR)
    await watched.tick(MINUTE)
    await phone.press(late)
    await watched.tick(MINUTE)
    assert watched.status == "printing"


async def test_the_print_is_paused_only_if_that_was_chosen(
    home: Home, ai: WatchingAI, phone: Phone
) -> None:
    await watch(home, phone, pause=True)
    home.printer.start("Local/part.gcode", duration=10 * HOUR)
    ai.always = BAD
    await home.tick(NOTIFIED)
    assert home.status == "paused"
    assert home.posts("currentjob/set") == ["job/currentjob/set"]
    (push,) = phone.pushes
    assert push.message.endswith(" The print is being paused.")


async def test_a_pause_is_not_watched_and_ends_what_was_begun(
    watched: Home, ai: WatchingAI, phone: Phone
) -> None:
    ai.always = BAD
    await wait_for_pictures(watched, ai, 1)
    # a command is followed by polls: the second picture is a minute later
    await watched.act("pause_print")
    await watched.tick(NOTIFIED)
    assert len(ai.tasks) == 1
    assert not phone.pushes
    watched.printer.resume()
    await watched.tick(BEFORE - 3 * MINUTE)
    assert len(ai.tasks) == 1
    await watched.tick(2 * EVERY)
    assert len(phone.pushes) == 1


@pytest.mark.parametrize("count", [1, 2])
async def test_a_print_that_ends_after_a_bad_picture_is_not_notified(
    watched: Home, ai: WatchingAI, phone: Phone, count: int
) -> None:
    ai.always, ai.delay = BAD, 30
    await wait_for_pictures(watched, ai, count)
    # a command is followed by polls: the end is known before the answer, too
    await watched.act("stop_print")
    await watched.tick(15)
    watched.printer.start("Local/next.gcode", duration=10 * HOUR)
    await watched.tick(2 * MINUTE)
    assert watched.status == "printing"
    assert len(ai.tasks) == count
    assert not phone.pushes


async def test_without_a_camera_nothing_is_requested(
    home: Home, ai: WatchingAI, phone: Phone
) -> None:
    home.printer.unplug_camera()
    await watch(home, phone)
    home.printer.start("Local/part.gcode", duration=10 * HOUR)
    await home.tick(NOTIFIED)
    assert not ai.tasks


async def test_a_camera_that_fails_is_no_answer(
    watched: Home, ai: WatchingAI, phone: Phone
) -> None:
    ai.always = BAD
    watched.printer.unplug_camera()
    await watched.tick(NOTIFIED)
    assert not ai.tasks
    assert not phone.pushes


async def test_two_printers_do_not_mix(
    watched: Home, ai: WatchingAI, phone: Phone
) -> None:
    ai.always = BAD
    await watched.tick(NOTIFIED)
    async with another_printer(watched.hass) as (other, entry):
        other.start("Local/other.gcode", duration=10 * HOUR)
        await watched.tick(MINUTE)
        action = phone.pushes[-1].buttons["Stop"]
        device = device_of(watched.hass, entry).id
        await phone.press(action.replace(watched.device.id, device))
        await watched.tick(MINUTE)
        assert watched.status == "printing"
        assert other.running_status == "running"
        await phone.press(action)
        await watched.tick(MINUTE)
        assert watched.status == "idle"
        assert other.running_status == "running"


async def test_a_button_works_after_a_restart(
    watched: Home, ai: WatchingAI, phone: Phone
) -> None:
    ai.always = BAD
    await watched.tick(NOTIFIED)
    async with restarting(watched, watching(watched, phone)):
        await watched.tick(MINUTE)
    await phone.press(phone.pushes[-1].buttons["Stop"])
    await watched.tick(MINUTE)
    assert watched.status == "idle"


async def test_a_text_helper_remembers_the_notification_over_a_restart(
    home: Home, ai: WatchingAI, phone: Phone
) -> None:
    helper = {"input_text": {"memory": None}}
    assert await async_setup_component(home.hass, "input_text", helper)
    await watch(home, phone, memory="input_text.memory")
    home.printer.start("Local/part.gcode", duration=10 * HOUR)
    ai.always = BAD
    await home.tick(NOTIFIED)
    async with restarting(home, watching(home, phone, memory="input_text.memory")):
        await home.tick(MINUTE)
    await home.tick(NOTIFIED)
    assert len(phone.pushes) == 1
    home.printer.stop()
    await home.tick(2 * MINUTE)
    home.printer.start("Local/next.gcode", duration=10 * HOUR)
    await home.tick(NOTIFIED)
    assert len(phone.pushes) == 2
