"""Tests of the languages of a dashboard."""

from .common import Home
from .dashboards import TRANSLATIONS, Frontend, texts

LANGUAGES = sorted(path.stem for path in TRANSLATIONS.glob("*.json"))


async def test_the_texts_are_in_the_language_of_the_caller(
    home: Home, frontend: Frontend
) -> None:
    for language in LANGUAGES:
        dashboard = await frontend.request(language=language)
        titles = [view["title"] for view in dashboard["views"]]
        known = texts(language)
        assert titles == [known["printers"], known["totals"], "Lab printer"]
        answer = await frontend.answer(device_id="nobody", language=language)
        assert answer["error"]["message"] == known["no_such_printer"]


async def test_a_language_that_is_not_translated_is_english_and_none_is_the_homes(
    home: Home, frontend: Frontend
) -> None:
    english = await frontend.request(language="en")
    for language in ("xx", "en-GB", "", "../../en", "zh-Hant"):
        assert await frontend.request(language=language) == english
    home.hass.config.language = "de"
    assert await frontend.request() == await frontend.request(language="de")
