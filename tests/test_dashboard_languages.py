"""Tests of the languages of a dashboard."""

import pytest

from .common import Home
from .dashboards import TRANSLATIONS, Frontend, texts

LANGUAGES = sorted(path.stem for path in TRANSLATIONS.glob("*.json"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_texts_are_in_the_language_of_the_caller(
    home: Home, frontend: Frontend, language: str
) -> None:
    dashboard = await frontend.request(language=language)
    titles = [view["title"] for view in dashboard["views"]]
    known = texts(language)
    assert titles == [known["printers"], known["totals"], "Lab printer"]
    answer = await frontend.answer(device_id="nobody", language=language)
    assert answer["error"]["message"] == known["no_such_printer"]


@pytest.mark.parametrize("language", ["xx", "en-GB", "", "../../en", "zh-Hant"])
async def test_a_language_that_is_not_translated_is_english(
    home: Home, frontend: Frontend, language: str
) -> None:
    assert await frontend.request(language=language) == await frontend.request(
        language="en"
    )


async def test_who_names_no_language_gets_the_one_of_home_assistant(
    home: Home, frontend: Frontend
) -> None:
    home.hass.config.language = "de"
    assert await frontend.request() == await frontend.request(language="de")
