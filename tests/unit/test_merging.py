"""Two records side by side: what is asked, what comes along, and what of it is sent."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from client.models import Customer, CustomerRow, MergePreview, Service
from client.recents import RecentStore
from server.merging.choosing import proposed
from tui.forms.formats import Formats
from tui.services.merging import Comparison, compared

pytestmark = pytest.mark.feature("F1.9")

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def customer(number: int, **members: Any) -> Customer:
    record = {"id": f"c{number}", "version": number, "created_at": NOW, "updated_at": NOW, "number": number}
    return Customer.model_validate(
        record | {"display_name": "Jo Byrne", "status": "active", "access": "allowed"} | members
    )


def side_by_side(stays: Customer, goes: Customer, *, lets_in: bool = False) -> Comparison:
    preview = MergePreview(merged=proposed(stays, goes).customer, other=goes, moves={"events": 3, "notes": 2})
    formats = Formats.of(Service(country="GB", language="en-GB"), {})
    return compared(stays, preview, formats, {"b1": "Harbour"}, lets_in=lets_in)


def test_only_what_differs_is_asked_and_only_what_was_chosen_otherwise_is_sent() -> None:
    stays = customer(1, given_name="Jo", gender="female", custom_fields={"size": "M", "shoe": "40"})
    goes = customer(2, given_name="Joanna", born_on=date(1990, 5, 1), custom_fields={"size": "L", "hat": "6"})
    found = side_by_side(stays, goes)
    assert [one.pointer for one in found.differences] == ["given_name", "custom_fields/size"]
    assert ("Date of birth", "1 May 1990") in found.gets
    assert ("Hat", "6") in found.gets
    assert found.merge().to_json() == {"from_id": "c2", "from_version": 2}
    found.take("given_name", 1)
    found.take("custom_fields/size", 1)
    found.take("custom_fields/size", 0)
    assert found.merge().values == {"given_name": "Joanna"}
    found.take("custom_fields/size", 1)
    assert found.merge().values == {"given_name": "Joanna", "custom_fields": {"size": "L"}}


def test_branches_are_told_by_name_where_that_is_known() -> None:
    found = side_by_side(customer(1, branch_id="b1"), customer(2, branch_id="b2", location_id="b1"))
    (branch,) = found.differences
    assert (branch.label, branch.mine, branch.other) == ("Preferred branch", "Harbour", "b2")
    assert found.gets == [("Location", "Harbour")]


def test_a_block_is_offered_for_choice_to_admins_alone() -> None:
    stays, goes = customer(1), customer(2, status="blocked", access="blocked")
    for lets_in in (False, True):
        found = side_by_side(stays, goes, lets_in=lets_in)
        assert ("status" in [one.pointer for one in found.differences]) is lets_in
        assert (("Status", "blocked") in found.gets) is not lets_in
        assert found.merge().values == {}


def test_bookings_are_told_by_which_ids_their_addresses_go_on() -> None:
    quay, hill = {"line1": "1 Quay", "city": "Leith"}, {"line1": "2 Hill", "city": "Leith"}
    stays = customer(1, addresses=[{"id": "a", "is_primary": True, **quay}])
    goes = customer(2, addresses=[{"id": "a", "is_primary": True, **hill}, {"id": "b", **quay}])
    found = proposed(stays, goes)
    (first, second) = found.customer.addresses
    assert (first.id, first.is_primary, second.line1, second.is_primary) == ("a", True, "2 Hill", False)
    assert found.addresses == {"a": second.id, "b": "a"}
    assert second.id not in ("a", "b")


def test_recents_and_pins_follow_and_nobody_is_there_twice(tmp_path: Any) -> None:
    store = RecentStore(tmp_path, "https://desk.example", "anna")
    rows = [CustomerRow.model_validate(customer(n).model_dump(include={"id", "number"})) for n in (1, 2, 3)]
    for row in rows:
        store.opened(row.to_json())
    store.pin(rows[1].to_json())
    known = store.follow("c2", rows[0].to_json())
    assert [row["id"] for row in known.opened] == ["c3", "c1"]
    assert [row["id"] for row in known.pinned] == ["c1"]
