"""The models of the contract: lenient when read, strict when written, the same declarations for both."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from client.models import Branch, Customer, Label, Note, Record, Staff
from client.models.kinds import Line, Paragraph, Phone, Refused
from client.models.written import new_model, patch_model, writable_fields
from client.text import harmful

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
CUSTOMER = {
    "id": "c1",
    "version": 3,
    "created_at": NOW,
    "updated_at": NOW,
    "number": 1042,
    "display_name": "Joanna Smith",
    "status": "active",
    "access": "allowed",
}
WRITTEN = [new_model(Customer), patch_model(Customer)]


def refusals(model: type[BaseModel], **members: Any) -> dict[str, str]:
    """Give code by field, empty where everything is taken."""
    try:
        model(**members)
    except ValidationError as refused:
        return {"/".join(map(str, error["loc"])): error["type"] for error in refused.errors()}
    return {}


def test_a_reader_shows_what_a_newer_server_says() -> None:
    customer = Customer.model_validate(CUSTOMER | {"status": "on_holiday", "mood": "sunny", "gender": "x"})
    assert customer.status == "on_holiday"
    assert not hasattr(customer, "mood")


def test_what_is_as_usual_does_not_travel() -> None:
    travels = Customer.model_validate(
        CUSTOMER | {"phones": [{"id": "p1", "number": "+442079460958"}]}
    ).to_json()
    assert travels["phones"] == [{"id": "p1", "number": "+442079460958"}]
    assert not {"type", "labels", "archived_at", "mail_opt_out"} & travels.keys()
    assert Customer.model_validate(travels).to_json() == travels


@pytest.mark.parametrize("model", WRITTEN)
def test_what_nobody_may_send_is_refused_by_name(model: type[BaseModel]) -> None:
    assert refusals(model, display_name="Jo", number=7) == {"number": "extra_forbidden"}
    assert refusals(model, display_name="Jo", nickname="J") == {"nickname": "extra_forbidden"}


def test_a_new_customer_needs_no_more_than_a_name() -> None:
    made = new_model(Customer)(display_name="Jo").model_dump()
    assert made["status"] == "new"
    assert made["access"] == "allowed"


def test_a_patch_leaves_out_or_removes_or_sets() -> None:
    patch = patch_model(Customer)(born_on=None, company_name="Smith & Sons")
    assert patch.model_dump(exclude_unset=True) == {"born_on": None, "company_name": "Smith & Sons"}
    assert refusals(patch_model(Customer), display_name=None)


def test_a_sign_in_name_never_changes() -> None:
    assert "login" in dict(writable_fields(Staff))
    assert refusals(patch_model(Staff), login="other") == {"login": "extra_forbidden"}


@pytest.mark.parametrize("read", [Customer, Note, Label, Branch, Staff])
def test_no_text_of_any_record_takes_what_could_command_a_terminal(read: type[Record]) -> None:
    for name, member in writable_fields(read):
        if member.annotation is str:
            for text in ("a\x1b[2Jb", "a\u202eb", "a\x00b", "a\ud800b"):
                assert refusals(patch_model(read), **{name: text}), f"{name} takes {text!r}"


@pytest.mark.parametrize("read", [Customer, Note, Label, Branch, Staff])
def test_no_text_of_any_record_is_endless(read: type[Record]) -> None:
    for name, member in writable_fields(read):
        if member.annotation is str:
            assert refusals(patch_model(read), **{name: "a" * 10_001}), f"{name} takes 10,001 characters"


@pytest.mark.feature("F3.2")
@pytest.mark.parametrize(
    "typed", ["+442079460958", "+44 20 7946 0958", "+44 (20) 7946-0958", "+44.20.7946.0958"]
)
def test_a_phone_number_is_stored_in_one_form(typed: str) -> None:
    assert Phone().check(typed) == "+442079460958"


@pytest.mark.feature("F3.2")
@pytest.mark.parametrize(
    "typed", ["", "12", "020 7946 0958", "+", "+44 phone", "+0442079460958", "+" + "9" * 16]
)
def test_what_is_no_phone_number_is_refused_at_its_field(typed: str) -> None:
    found = refusals(new_model(Customer), display_name="Jo", phones=[{"number": typed}])
    assert list(found) == ["phones/0/number"]


@pytest.mark.feature("F3.3")
@pytest.mark.parametrize(
    "typed", ["jo", "jo@", "@example.org", "jo@example", "a b@example.org", "jo@exa..mple.org"]
)
def test_what_is_no_mail_address_is_refused_at_its_field(typed: str) -> None:
    found = refusals(new_model(Customer), display_name="Jo", emails=[{"address": typed}])
    assert found == {"emails/0/address": "not_an_email"}


@pytest.mark.feature("F3.1")
def test_a_birthday_is_a_day_that_has_come() -> None:
    tomorrow = date.today() + timedelta(days=2)  # noqa: DTZ011
    for day in (tomorrow.isoformat(), "1879-12-31", "2001-02-30", "12.3.85", 19850312, True):
        assert list(refusals(patch_model(Customer), born_on=day)) == ["born_on"], day
    assert not refusals(patch_model(Customer), born_on="1985-03-12")


@pytest.mark.feature("F3.4")
def test_coordinates_lie_on_the_earth() -> None:
    for place in ({"latitude": 91}, {"longitude": -180.5}, {"latitude": float("nan")}):
        assert refusals(patch_model(Customer), addresses=[place]), place
    assert not refusals(patch_model(Customer), addresses=[{"latitude": 51.5, "longitude": -0.15}])


def test_too_many_parts_are_refused() -> None:
    phones = [{"number": f"+4420794609{digits:02}"} for digits in range(30)]
    assert refusals(patch_model(Customer), phones=phones) == {"phones": "too_many"}


def test_a_refusal_repeats_what_was_typed_without_reading_it() -> None:
    with pytest.raises(ValidationError, match="at most"):
        new_model(Customer)(display_name="{0}{sentence}" * 40)


@given(st.text(max_size=300))
def test_a_line_is_refused_or_harmless_and_stays_as_it_is(typed: str) -> None:
    for kind in (Line(max_length=200), Paragraph(max_length=250)):
        taken = taken_by(kind, typed)
        if taken is not None:
            assert harmful(taken) is None
            assert kind.check(taken) == taken


def taken_by(kind: Line | Paragraph, typed: str) -> str | None:
    try:
        return kind.check(typed)
    except Refused:
        return None
