"""What the activity of a customer tells is told in words, whatever kind of record it is of."""

from datetime import UTC, datetime
from typing import Any

import pytest

from client.models import Change, Event, Invoice, Purchase
from server.privacy.holding import of_customers
from server.routes import COLLECTIONS
from tui.forms.formats import Formats
from tui.services.references import name_of
from tui.tabs.history import event_rows
from tui.tabs.naming import model_of, value_text

EVENT: dict[str, Any] = {
    "id": "e1",
    "kind": "customers.changed",
    "actor": "Joe",
    "at": datetime(2026, 11, 22, tzinfo=UTC),
}


@pytest.mark.feature("F9.4")
def test_each_kind_of_record_that_a_customer_has_is_told_by_the_names_of_its_fields() -> None:
    kinds = {collection.path.rpartition("/")[2]: collection.model for collection in of_customers(COLLECTIONS)}
    assert {kind: model_of(kind) for kind in kinds} == kinds


@pytest.mark.parametrize("kind", ["", "finals", "unheard-of", "typing", "pages of"])
def test_a_kind_of_record_that_is_not_known_has_no_names(kind: str) -> None:
    assert not set(model_of(kind).model_fields) & {"display_name", "body"}


def test_days_and_what_has_a_number_for_a_name_are_told_as_people_read_them() -> None:
    formats = Formats(dates="en_GB")
    assert value_text(Invoice, "/paid_on", "2026-11-22", formats) == "22 Nov 2026"
    members: dict[str, Any] = {"id": "i1", "number": 5653}
    named = {"i1": name_of(Invoice.model_construct(**members))}
    assert value_text(Purchase, "/invoice_id", "i1", formats, named) == "5653"


def test_what_is_no_longer_so_is_told_as_no() -> None:
    change = Change(field="/email_opt_out", old=True)
    event = Event.model_construct(**EVENT | {"changes": [change]})
    rows = event_rows([event], Formats(), 78, {})
    assert "".join(span.text for span in rows[1].spans).strip() == "No e-mail: yes → no"
