"""Fields of objects inside a record: named by their paths, saved member by member."""

from dataclasses import replace
from typing import Any

import pytest

from client.merge import apply_patch
from client.models import Customer
from tests.unit.test_forms_state import FORMATS, JOANNA
from tui.forms.members import inner_fields
from tui.forms.state import FormState

EXTRA = {"business_name": "Byrne & Co", "fields": [{"id": "f1", "label": "Pager", "value": "12"}]}
BEST_WAY, PHONE = "extra_contact/best_way", "extra_contact/alternate_phone"


def joanna(**more: Any) -> FormState:
    form = FormState(Customer, JOANNA | more, FORMATS)
    form.know(inner_fields(Customer, "extra_contact"))
    return form


@pytest.mark.feature("F3.7")
def test_a_field_of_an_object_is_sent_alone() -> None:
    form = joanna(extra_contact=EXTRA)
    assert (form.shown("extra_contact/business_name"), form.is_dirty) == ("Byrne & Co", False)
    form.type(BEST_WAY, "Text first")
    form.type(PHONE, "020 7946 0958")
    assert form.changed == {"extra_contact": {"best_way": "Text first", "alternate_phone": "+442079460958"}}
    form.type(PHONE, "")
    form.revert(BEST_WAY)
    assert (form.changed, form.is_dirty) == ({}, False)
    form.remove("extra_contact/fields", 0)
    form.type("extra_contact/business_name", "")
    assert apply_patch(form.base, form.changed).get("extra_contact") in (None, {})


def test_what_the_server_refuses_inside_an_object_stands_at_its_field() -> None:
    form = joanna(extra_contact=EXTRA)
    assert form.refuse("/extra_contact/alternate_phone", "Not a phone.")
    assert form.refuse("/extra_contact/fields/0/label", "Too long.")
    assert (form.error(PHONE), form.item_error("extra_contact/fields", 0)) == ("Not a phone.", "Too long.")
    form.type(PHONE, "020 7946 0958")
    assert form.error(PHONE) == ""


def test_what_was_typed_inside_an_object_survives_a_newer_record() -> None:
    form = joanna(extra_contact=EXTRA)
    form.type(BEST_WAY, "Text first")
    sent = form.value
    form.type(PHONE, "020 7946 0958")
    form.rebase(JOANNA | {"version": 4, "extra_contact": EXTRA | {"best_way": "Text first"}}, sent)
    assert form.changed == {"extra_contact": {"alternate_phone": "+442079460958"}}


@pytest.mark.feature("F3.8")
def test_a_draft_waits_until_its_fields_are_known() -> None:
    key = "custom_fields/motto"
    motto = {key: replace(inner_fields(Customer, "extra_contact")[BEST_WAY], name=key)}
    form = joanna()
    form.know(motto)
    form.type(key, "onwards")
    draft = form.to_draft()
    later = joanna()
    later.from_draft(draft)
    assert later.is_dirty
    assert later.to_draft()["values"] == {key: "onwards"}
    later.know(motto)
    assert later.changed == {"custom_fields": {"motto": "onwards"}}
    gone = joanna()
    gone.from_draft(draft)
    gone.know({})
    assert not gone.is_dirty
