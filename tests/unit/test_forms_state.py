"""The state of a form: values, what was typed, errors at fields, lists, drafts."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.merge import apply_patch
from client.models import Customer, Label, Note
from client.models.customer import Address, Email, PhoneNumber
from client.models.written import new_model, patch_model
from tui.forms.formats import Formats
from tui.forms.state import FormState

FORMATS = Formats(dates="en_GB", numbers="en_GB", country="GB", time_zone="Europe/London")
JOANNA: dict[str, Any] = {
    "id": "c1",
    "version": 3,
    "number": 1042,
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
    "display_name": "Joanna Smith",
    "given_name": "Joanna",
    "status": "active",
    "access": "allowed",
    "born_on": "1985-03-12",
    "language": "pt-BR",
    "phones": [
        {"id": "p1", "number": "+442079460958", "type": "home", "is_primary": True},
        {"id": "p2", "number": "+351213456789"},
    ],
}


def joanna(**more: Any) -> FormState:
    return FormState(Customer, JOANNA | more, FORMATS)


def test_a_form_nobody_typed_in_changes_nothing() -> None:
    form = joanna()
    for name, field in form.fields.items():
        if field.typed and form.can_edit(name):
            form.type(name, form.text(name))
    assert (form.is_dirty, form.changed, form.errors) == (False, {}, {})
    assert form.value == JOANNA


@pytest.mark.feature("F3.1")
def test_what_is_typed_becomes_the_smallest_patch_the_server_takes() -> None:
    form = joanna()
    form.type("born_on", "3.4.86")
    form.type("given_name", "")
    form.type("family_name", " Smith ")
    form.type("language", "German")
    form.set("mail_opt_out", True)
    assert form.changed == {
        "born_on": "1986-04-03",
        "given_name": None,
        "family_name": "Smith",
        "language": "de",
        "mail_opt_out": True,
    }
    assert patch_model(Customer).model_validate(form.changed)
    assert apply_patch(JOANNA, form.changed) == form.value


def test_typing_the_old_value_again_is_no_change() -> None:
    form = joanna()
    form.type("given_name", "Jo")
    assert form.dirty("given_name")
    form.type("given_name", "Joanna")
    assert not form.is_dirty


@pytest.mark.feature("F3.1")
def test_text_that_cannot_be_read_stays_with_its_error_and_the_value_stays_as_it_was() -> None:
    form = joanna()
    form.type("born_on", "30.2.1985")
    assert form.shown("born_on") == form.text("born_on") == "30.2.1985"
    assert form.error("born_on") == "There is no such day; write it like 12/03/1985."
    assert form.get("born_on") == "1985-03-12"
    assert form.is_dirty
    form.revert("born_on")
    assert form.shown("born_on").startswith("12 Mar 1985 · ")
    assert not form.is_dirty


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("born_on", "1.1.2199", "This day has not come yet."),
        ("born_on", "1.1.1700", "This is before 1880-01-01."),
        ("display_name", "x" * 201, "This is too long: 201 characters, at most 200."),
        ("language", "Klingon language", "This is not a language, such as Portuguese or pt-BR."),
        (
            "given_name",
            "Jo\u202eanna",
            "This contains a character that cannot be stored (U+202E). Take it out.",
        ),
    ],
)
def test_the_models_own_checks_stand_at_the_field(field: str, typed: str, sentence: str) -> None:
    form = joanna()
    form.type(field, typed)
    assert form.errors == {field: sentence}


def test_values_are_shown_as_people_read_them() -> None:
    form = joanna(
        branch_id="b1",
        partner_id="p1",
        location_id="gone",
        gender="undisclosed",
        status="frozen_by_hand",
        mail_opt_out=True,
    )
    form.names |= {"branches": {"b1": "Riverside"}, "locations": {}}
    shown = {name: form.shown(name) for name in form.fields}
    assert shown["branch_id"] == "Riverside"
    assert shown["partner_id"] == "…"
    assert shown["location_id"] == "no longer there"
    assert shown["gender"] == "Prefers not to say"
    assert shown["status"] == "Frozen by hand"
    assert shown["language"] == "Portuguese (Brazil)"
    assert shown["mail_opt_out"] == "yes"
    assert shown["company_name"] == ""


def test_coordinates_are_taken_with_a_point_whatever_the_locale_parts_thousands_with() -> None:
    form = FormState(Address, {}, Formats(numbers="de_DE"), new=True)
    form.type("latitude", "51.507")
    form.type("longitude", "-0,1278°")
    assert form.value == {"latitude": 51.507, "longitude": -0.1278}
    assert form.shown("latitude") == "51,507°"
    form.type("latitude", "91")
    assert form.errors == {"latitude": "This must lie between -90 and 90."}


def test_a_country_is_typed_by_name_or_code() -> None:
    form = FormState(Address, {"country": "GB"}, FORMATS)
    assert form.text("country") == "United Kingdom"
    form.type("country", "pt")
    assert form.changed == {"country": "PT"}
    assert form.shown("country") == "Portugal"


def test_read_only_fields_and_read_only_forms_cannot_be_edited() -> None:
    assert not joanna().can_edit("number")
    assert not FormState(Customer, JOANNA, FORMATS, read_only=True).can_edit("given_name")


def test_a_new_record_is_what_was_typed_and_required_fields_are_asked_for_only_on_saving() -> None:
    form = FormState(Label, {}, FORMATS, new=True)
    assert form.error("name") == ""
    assert form.errors == {"name": "This cannot be empty."}
    form.touched = True
    assert form.error("name") == "This cannot be empty."
    form.type("name", "donor")
    assert form.errors == {}
    assert form.value == {"name": "donor"}
    assert new_model(Label).model_validate(form.value)


def test_paragraphs_keep_their_lines() -> None:
    form = FormState(Note, {}, FORMATS, new=True)
    form.type("body", "One\nTwo\n")
    assert form.value == {"body": "One\nTwo"}


# Lists with a primary item


def primaries(form: FormState) -> list[int]:
    return [place for place, item in enumerate(form.items("phones")) if item.get("is_primary")]


@pytest.mark.feature("F3.2")
def test_the_first_phone_becomes_primary_and_a_new_primary_takes_over() -> None:
    form = joanna(phones=[])
    form.add("phones", {"number": "+442079460958"})
    assert primaries(form) == [0]
    form.add("phones", {"number": "+351213456789", "is_primary": True})
    assert primaries(form) == [1]
    form.make_primary("phones", 0)
    assert primaries(form) == [0]


def test_a_primary_phone_stays_primary_when_others_come_and_go() -> None:
    form = joanna()
    form.make_primary("phones", 1)
    form.add("phones", {"number": "+442079460123"})
    assert primaries(form) == [1]
    form.remove("phones", 0)
    assert primaries(form) == [0]
    assert form.items("phones")[0]["id"] == "p2"


@pytest.mark.feature("F3.2")
def test_removing_the_primary_phone_promotes_the_first_and_can_be_undone() -> None:
    form = joanna()
    form.remove("phones", 0)
    assert form.changed == {"phones": [{"id": "p2", "number": "+351213456789", "is_primary": True}]}
    form.undo("phones")
    assert not form.is_dirty
    assert primaries(form) == [0]


def test_removing_every_phone_removes_the_member() -> None:
    form = joanna()
    form.remove("phones", 0)
    form.remove("phones", 0)
    assert form.changed == {"phones": None}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["add", "primary", "remove", "replace", "undo"]), st.integers(0, 5), st.booleans()
        )
    )
)
def test_exactly_one_item_is_primary_whatever_is_done(steps: list[tuple[str, int, bool]]) -> None:
    form = joanna()
    for step, number, flag in steps:
        count = len(form.items("phones"))
        phone = {"number": f"+44207946095{number}"} | ({"is_primary": True} if flag else {})
        if step == "add":
            form.add("phones", phone)
        elif step == "undo":
            form.undo("phones")
        elif count and step == "primary":
            form.make_primary("phones", number % count)
        elif count and step == "remove":
            form.remove("phones", number % count)
        elif count and step == "replace":
            form.replace("phones", number % count, phone)
        assert len(primaries(form)) == min(1, len(form.items("phones")))
    if form.changed.get("phones") is not None:
        patch_model(Customer).model_validate(form.changed)


@pytest.mark.feature("F3.3")
@pytest.mark.parametrize(
    "pasted",
    [
        "joanna@example.org, ray@example.org; kim@example.org",
        "joanna@example.org\nray@example.org\nkim@example.org\n",
        '"Smith, Joanna" <joanna@example.org>, Ray <ray@example.org>,kim@EXAMPLE.org',
        "joanna@example.org ray@example.org kim@example.org",
    ],
)
def test_several_addresses_pasted_at_once_are_split(pasted: str) -> None:
    form = FormState(Email, {"type": "work"}, FORMATS, new=True, several="address")
    form.type("address", pasted)
    assert [email["address"] for email in form.all_values] == [
        "joanna@example.org",
        "ray@example.org",
        "kim@example.org",
    ]
    assert {email["type"] for email in form.all_values} == {"work"}
    assert form.errors == {}


@pytest.mark.feature("F3.3")
def test_a_bad_address_among_those_pasted_is_named_and_nothing_is_lost() -> None:
    form = FormState(Email, {}, FORMATS, new=True, several="address")
    form.type("address", "joanna@example.org, ray@")
    assert form.error("address").startswith("ray@: This is not an e-mail address")
    assert form.text("address") == "joanna@example.org, ray@"


def test_a_comma_in_a_form_of_one_address_is_refused() -> None:
    form = FormState(Email, {"address": "a@example.org"}, FORMATS)
    form.type("address", "a@example.org, b@example.org")
    assert "address" in form.errors


def test_several_phones_are_split_too() -> None:
    form = FormState(PhoneNumber, {}, FORMATS, new=True, several="number")
    form.type("number", "020 7946 0958; +351 21 345 6789")
    assert [phone["number"] for phone in form.all_values] == ["+442079460958", "+351213456789"]


# The server's side


def test_a_refusal_stands_at_its_field_until_that_is_changed() -> None:
    form = joanna()
    assert form.refuse("/given_name", "This name is odd.")
    assert form.refuse("/phones/1/number", "No such number.")
    assert not form.refuse("/nowhere", "What?")
    assert form.error("given_name") == "This name is odd."
    assert form.item_error("phones", 1) == "No such number."
    assert set(form.errors) == {"given_name", "phones/1"}
    form.type("given_name", "Jo")
    form.remove("phones", 1)
    assert form.errors == {}


def test_a_newer_state_keeps_what_was_typed_and_drops_what_is_the_same_now() -> None:
    form = joanna()
    form.type("given_name", "Jo")
    form.type("family_name", "Smith")
    form.type("born_on", "what?")
    form.rebase(JOANNA | {"version": 4, "given_name": "Jo", "status": "inactive"})
    assert form.changed == {"family_name": "Smith"}
    assert form.text("born_on") == "what?"
    assert form.get("status") == "inactive"


def test_what_was_typed_while_saving_stays_unsaved() -> None:
    form = joanna()
    form.type("given_name", "Jo")
    form.type("family_name", "Smith")
    sent = form.value
    form.type("family_name", "Smithson")
    form.rebase(JOANNA | {"version": 4, "given_name": "JO", "family_name": "Smith"}, saved=sent)
    assert form.changed == {"family_name": "Smithson"}


def test_items_added_while_saving_stay_and_saved_ones_get_their_ids() -> None:
    form = joanna(phones=[])
    form.add("phones", {"number": "+442079460958"})
    sent = form.value
    form.add("phones", {"number": "+351213456789"})
    saved = [{"id": "p9", "number": "+442079460958", "is_primary": True}]
    form.rebase(JOANNA | {"version": 4, "phones": saved}, saved=sent)
    assert form.changed == {"phones": [*saved, {"number": "+351213456789"}]}


def test_two_items_never_get_the_same_id() -> None:
    form = joanna()
    form.add("phones", {"number": "+351213456789"})
    form.rebase(JOANNA | {"version": 4})
    assert [phone.get("id") for phone in form.items("phones")] == ["p1", "p2", None]


def test_a_refusal_does_not_outlive_the_record_it_was_about() -> None:
    form = joanna()
    form.refuse("/given_name", "This name is odd.")
    form.rebase(JOANNA | {"version": 4})
    assert form.errors == {}


def test_a_draft_brings_everything_back_even_what_could_not_be_read() -> None:
    form = joanna()
    form.type("given_name", "Jo")
    form.type("born_on", "sometime in March")
    form.remove("phones", 0)
    form.item_drafts["phones/"] = {"typed": {"number": "020"}}
    draft = json.loads(json.dumps(form.to_draft()))
    again = joanna()
    again.from_draft(draft)
    assert again.changed == form.changed
    assert again.errors == form.errors
    assert again.text("born_on") == "sometime in March"
    assert again.item_drafts == form.item_drafts
    assert draft["from"] == {name: JOANNA[name] for name in ("given_name", "born_on", "phones")}


def test_a_draft_of_another_program_version_is_taken_up_as_far_as_it_goes() -> None:
    form = joanna()
    form.from_draft({"values": {"gone": 1, "number": 7, "given_name": "Jo"}, "typed": {"also_gone": "x"}})
    assert form.changed == {"given_name": "Jo"}
