"""What a form takes from the declarations of a model, and how one value is shown and read."""

from datetime import date, datetime
from typing import Annotated, Any

import pytest
from babel.core import get_global
from pydantic import Field

from client.models import Branch, Customer, Label, Note, Staff
from client.models.base import Model
from client.models.customer import Address, Email, PhoneNumber
from client.models.kinds import Choice, Number, Refused
from tui.forms import values
from tui.forms.fields import Control, fields_of
from tui.forms.formats import Formats

BRITISH = Formats(dates="en_GB", numbers="en_GB", country="GB", time_zone="Europe/London")


class Parcel(Model):
    """Fields of kinds that no model of the contract has yet."""

    weight: Annotated[float | None, Number(minimum=0, maximum=500, unit="kg"), Field(title="Weight")] = None
    pieces: Annotated[int, Number(minimum=1, maximum=99), Field(title="Pieces")] = 1
    kept: Annotated[int, Number(minimum=0, maximum=99, unit="days"), Field(title="Kept for")] = 7
    size: Annotated[str, Choice(options={"s": "Small", "m": "Medium"}), Field(title="Size")] = "s"
    sent_at: datetime | None = None
    due_on: date | None = None


def test_every_field_of_every_model_has_a_control_that_fits_it() -> None:
    controls = {name: field.control for name, field in fields_of(Customer).items()}
    assert controls["display_name"] is Control.LINE
    assert controls["born_on"] is Control.LINE
    assert controls["status"] is Control.CHOICE
    assert controls["branch_id"] is Control.REFERENCE
    assert controls["mail_opt_out"] is Control.YES_NO
    assert controls["phones"] is Control.ITEMS
    assert controls["labels"] is Control.WORDS
    assert fields_of(Note)["body"].control is Control.PARAGRAPH


def test_what_may_be_empty_and_what_the_server_sets_is_taken_from_the_model() -> None:
    assert [name for name, field in fields_of(Label).items() if field.required] == [
        *("id", "version", "created_at", "updated_at", "name")
    ]
    assert not fields_of(Customer)["display_name"].required
    assert fields_of(Customer)["number"].read_only
    assert fields_of(Staff)["login"].create_only
    assert fields_of(Customer)["status"].initial == "new"
    assert fields_of(Customer)["status"].left_out is None
    assert fields_of(Email)["type"].left_out == "home"


def test_help_speaks_to_a_person_and_not_of_standards() -> None:
    hints = {
        name: values.hint(field, BRITISH)
        for model in (Customer, Address, Email, PhoneNumber, Branch)
        for name, field in fields_of(model).items()
    }
    assert hints["given_name"] == ""
    assert hints["extension"] == "Digits to dial after the connection."
    assert hints["number"].startswith("Such as 0121 234 5678")
    assert hints["country"] == "A name or a two-letter code."
    assert not any(word in hint for hint in hints.values() for word in ("vCard", "SCIM", "RFC", "`"))


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("weight", 1234.5, "1,234.5 kg"),
        ("pieces", 3, "3"),
        ("kept", 1, "1 day"),
        ("kept", 2, "2 days"),
        ("size", "m", "Medium"),
        ("sent_at", "2020-07-01T08:00:00Z", "1 Jul 2020 09:00"),
        ("due_on", "2020-07-01", "1 Jul 2020"),
        ("due_on", "not a date", "not a date"),
        ("weight", "heavy", "heavy"),
        ("weight", None, ""),
    ],
)
def test_values_are_shown_by_their_kind_and_wrong_ones_as_they_are(name: str, value: Any, shown: str) -> None:
    assert values.shown(fields_of(Parcel)[name], value, BRITISH, {}) == shown


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("weight", "1,234 kg", None),
        ("weight", "72.5kg", 72.5),
        ("weight", "", None),
        ("pieces", "12", 12),
        ("pieces", "1.5", None),
        ("size", "med", "m"),
        ("size", "huge", None),
    ],
)
def test_values_are_read_by_their_kind_or_refused(name: str, typed: str, value: Any) -> None:
    field = fields_of(Parcel)[name]
    if value is None and typed:
        with pytest.raises(Refused):
            values.read(field, typed, BRITISH)
    else:
        assert values.read(field, typed, BRITISH) == value


@pytest.mark.parametrize("locale", ["en_GB", "de_DE", "fr_FR", "ar_EG", "ja_JP", "ru_RU", "xx"])
def test_every_country_is_read_back_from_the_name_that_is_edited(locale: str) -> None:
    formats = Formats(dates=locale)
    country = fields_of(Address)["country"]
    for code in get_global("territory_zones"):
        if len(code) == 2 and code.isalpha() and code != "ZZ":
            assert values.read(country, values.to_edit(country, code, formats), formats) == code


@pytest.mark.parametrize("tag", ["pt-BR", "zh-Hant-TW", "de", "gsw", "sr-Latn", "tlh"])
def test_a_language_is_read_back_from_the_tag_that_is_edited(tag: str) -> None:
    language = fields_of(Customer)["language"]
    assert values.read(language, values.to_edit(language, tag, BRITISH), BRITISH) == tag
