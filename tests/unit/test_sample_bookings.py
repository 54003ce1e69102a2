"""What the sample business has booked, lent and answered keeps to the rules of the house."""

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any

import pytest

from client.models.booking import booking_right
from server.sample.bookings import BOOKINGS, office_zone
from server.sample.customers import SampleCustomer, customers
from server.sample.moments import Moments
from server.sample.parts import rows_of
from server.sample.services import DISLIKED
from server.sample.support import DEVICES, TICKETS
from server.store import tables

TODAY = date(2026, 11, 20)
COUNT = 1200
Found = list[tuple[SampleCustomer, dict[str, list[dict[str, Any]]]]]


@pytest.fixture(scope="module")
def made() -> Found:
    past, found = Moments.until(TODAY), []
    for customer in customers(COUNT, TODAY):
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for table, row in rows_of(customer, TODAY, past, COUNT, (DISLIKED, BOOKINGS, DEVICES, TICKETS)):
            rows[table.name].append(row)
        found.append((customer, rows))
    return found


@pytest.mark.feature("F7.1")
def test_bookings_are_such_as_the_server_would_have_taken(made: Found) -> None:
    states: Counter[str] = Counter()
    for customer, rows in made:
        record = customer.record
        right = booking_right(record["status"], record["access"], archived=bool(record.get("archived_at")))
        disliked = {row["service_id"] for row in rows["disliked_services"]}
        ends: datetime | None = None
        for booking in sorted(rows["bookings"], key=lambda row: row["starts_at"]):
            states[booking["state"]] += 1
            local = booking["starts_at"].astimezone(office_zone())
            assert 8 <= local.hour <= 17
            assert local.weekday() != 6
            assert ends is None or booking["starts_at"] >= ends, "one after the other"
            assert booking["service_id"] not in disliked
            assert record["created_at"] <= booking["created_at"] <= booking["updated_at"]
            if local.date() >= TODAY:
                assert right.book if booking["state"] == "booked" else right.wait
            ends = booking["ends_at"]
    assert set(states) == {"booked", "waitlisted", "cancelled", "completed", "no_show"}


@pytest.mark.feature("F7.2", "F7.3", "F7.4")
def test_some_have_devices_some_are_near_their_cap_and_tickets_read_as_they_were_written(made: Found) -> None:
    with_devices = sum(bool(rows["devices"]) for _, rows in made)
    assert 0.1 < with_devices / len(made) < 0.25
    items = [row["item_id"] for _, rows in made for row in rows["devices"]]
    assert len(items) == len(set(items))
    caps = [row for _, rows in made for row in rows["allowances"]]
    assert any(row["used"] > 0.9 * row["included"] for row in caps)
    assert any(row["bonuses"] for row in caps)
    tickets = [row for _, rows in made for row in rows["tickets"]]
    assert {row["state"] for row in tickets} == {"open", "pending", "closed"}
    said = Counter(row["ticket_id"] for _, rows in made for row in rows["replies"])
    assert all(said[row["id"]] == row["reply_count"] for row in tickets)
    assert not [row for _, rows in made for row in rows["replies"] if "{" in row["body"]]
    assert {table.name for table in DEVICES.tables} == {tables.devices.name, tables.allowances.name}
