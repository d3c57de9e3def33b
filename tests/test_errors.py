"""Tests of the one table that turns the client's errors into Home Assistant's."""

import pytest

from custom_components.raise3d.api import (
    Mistake,
    Raise3DApiDownError,
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DConnectionError,
    Raise3DDisconnectedError,
    Raise3DError,
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    Raise3DOtherJobError,
    Raise3DRefusedError,
    Raise3DResponseError,
    Raise3DSessionError,
    Raise3DTimeoutError,
    Raise3DWrongPrinterError,
    Refusal,
)
from custom_components.raise3d.const import DOMAIN
from custom_components.raise3d.errors import (
    MISTAKE_KEYS,
    REFUSAL_KEYS,
    action_error,
    error_key,
    exception_key,
    update_error,
)
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import UpdateFailed

KEYS: dict[type[Raise3DError], str] = {
    Raise3DApiDownError: "cannot_connect",
    Raise3DAuthenticationError: "invalid_auth",
    Raise3DBusyError: "printer_busy",
    Raise3DConnectionError: "cannot_connect",
    Raise3DDisconnectedError: "cannot_connect",
    Raise3DTimeoutError: "cannot_connect",
    Raise3DResponseError: "invalid_response",
    Raise3DNotFoundError: "invalid_response",
    Raise3DRefusedError: "invalid_response",
    Raise3DOtherJobError: "invalid_response",
    Raise3DSessionError: "printer_busy",
    Raise3DInvalidValueError: "invalid_response",
    Raise3DWrongPrinterError: "wrong_printer",
    Raise3DError: "invalid_response",
}


def subclasses(kind: type[Raise3DError]) -> set[type[Raise3DError]]:
    """Return a class and everything that is derived from it."""
    return {kind}.union(*(subclasses(derived) for derived in kind.__subclasses__()))


def test_no_error_of_the_client_is_forgotten() -> None:
    assert subclasses(Raise3DError) == set(KEYS)


def test_no_refusal_is_forgotten() -> None:
    assert {*REFUSAL_KEYS, Refusal.UNKNOWN} == set(Refusal)


def test_no_mistake_is_forgotten() -> None:
    assert set(MISTAKE_KEYS) == set(Mistake)


@pytest.mark.parametrize("mistake", Mistake)
def test_a_mistake_is_explained_in_translated_words_alone(mistake: Mistake) -> None:
    error = action_error(Raise3DInvalidValueError("English", mistake, limits=(1, 9)))
    assert error.translation_key == MISTAKE_KEYS[mistake]
    assert error.translation_placeholders == {"low": "1", "high": "9"}


def test_what_only_the_printer_knows_is_explained_in_its_own_words() -> None:
    error = action_error(Raise3DInvalidValueError("pos error"))
    assert error.translation_key == "invalid_value"
    assert error.translation_placeholders == {"reason": "pos error"}


@pytest.mark.parametrize(("kind", "key"), KEYS.items())
def test_every_error_has_its_words(kind: type[Raise3DError], key: str) -> None:
    assert exception_key(kind("no secret")) == key


def test_a_form_has_no_words_for_another_printer_than_the_expected_one() -> None:
    assert error_key(Raise3DWrongPrinterError("")) == "invalid_response"


@pytest.mark.parametrize(
    ("certain", "key"), [(True, "api_down"), (False, "cannot_connect")]
)
def test_an_api_that_hangs_is_named_where_that_is_certain(
    certain: bool,  # noqa: FBT001 - a parameter of the test
    key: str,
) -> None:
    err = Raise3DApiDownError("", certain=certain)
    assert action_error(err).translation_key == key
    assert update_error(err).translation_key == key


@pytest.mark.parametrize(("kind", "key"), KEYS.items())
def test_every_error_fails_an_update_in_translated_words(
    kind: type[Raise3DError], key: str
) -> None:
    error = update_error(kind("no secret"))
    failures = (UpdateFailed, ConfigEntryAuthFailed)
    assert type(error) is failures[kind is Raise3DAuthenticationError]
    assert error.translation_domain == DOMAIN
    assert error.translation_key == key


@pytest.mark.parametrize("seconds", [None, 7.0])
def test_a_busy_printer_is_left_alone_for_as_long_as_it_says(
    seconds: float | None,
) -> None:
    error = update_error(Raise3DBusyError("busy", seconds))
    assert isinstance(error, UpdateFailed)
    assert error.retry_after == seconds
