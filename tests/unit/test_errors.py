"""Errors speak to the person: what failed, what is safe, what to do now."""

import inspect
import time
from email.utils import formatdate

import pytest

from client import errors
from client.refusals import refusal, seconds_to_wait

CLASSES = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.CustomerApiError)
]


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_has_a_sentence_without_a_status_or_a_word_for_programs(
    kind: type[errors.CustomerApiError],
) -> None:
    error = kind(status=499, code="for_programs", request_id="r-1")
    assert error.sentence[0].isupper()
    assert error.sentence.endswith(".")
    assert "499" not in error.sentence
    assert "for_programs" not in error.sentence
    assert str(error) == error.sentence
    assert (error.status, error.code, error.request_id) == (499, "for_programs", "r-1")


def test_no_two_errors_say_the_same() -> None:
    sentences = [kind().sentence for kind in CLASSES]
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.Invalid),
        (401, errors.SignedOut),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (410, errors.NotFound),
        (412, errors.Stale),
        (413, errors.TooLarge),
        (415, errors.Unsupported),
        (422, errors.Invalid),
        (428, errors.Invalid),
        (429, errors.TooMany),
        (500, errors.ServerFault),
        (503, errors.ServerFault),
        (599, errors.ServerFault),
    ],
)
def test_a_status_has_its_meaning(status: int, kind: type[errors.CustomerApiError]) -> None:
    error = refusal(status, {"code": "c", "detail": "The server's sentence."}, request_id="r")
    assert type(error) is kind
    assert error.failed == "The server's sentence."
    assert (error.code, error.request_id, error.status) == ("c", "r", status)


def test_fields_at_fault_are_named_in_order() -> None:
    problem = {
        "errors": [{"pointer": "/emails/0/address", "code": "no_email", "detail": "No e-mail address."}]
    }
    error = refusal(422, problem)
    assert isinstance(error, errors.Invalid)
    assert error.errors == (errors.FieldError("/emails/0/address", "no_email", "No e-mail address."),)


def test_a_stale_error_carries_the_record_as_it_is_now() -> None:
    error = refusal(412, {"code": "stale", "current": {"id": "1", "version": 9}})
    assert isinstance(error, errors.Stale)
    assert error.current_json == {"id": "1", "version": 9}


def test_a_wait_is_read_in_seconds_or_as_a_date_and_nonsense_is_no_wait() -> None:
    assert seconds_to_wait("7") == 7
    assert 25 < (seconds_to_wait(formatdate(time.time() + 30, usegmt=True)) or 0) <= 30
    assert seconds_to_wait(formatdate(time.time() - 30, usegmt=True)) == 0
    for nonsense in ("", "soon", "-1", "٣", "1e9", "9" * 50_000):
        wait = seconds_to_wait(nonsense)
        assert wait is None or wait >= 10
