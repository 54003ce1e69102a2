"""Bookings, devices, usage and tickets in a profile, driven by keyboard against a real server."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.live import LiveServer
from tests.tui.desks import Person, at_desk
from tests.tui.test_profile import fetched, make_customer, patch
from tui.screens.profile_tabs import ProfileTabs
from tui.tabs.records_page import RecordsPage


async def go_to_bookings(person: Person, customer: dict[str, Any], shown: str = "Tickets") -> None:
    """Open the customer at the tab, wherever among the tabs that is."""
    person.app.open_customer(customer["id"])
    await person.sees("Contact")
    screen = person.app.screen
    assert isinstance(screen, ProfileTabs)
    place = [tab.name for tab in screen.tabs].index("bookings")
    await person.press(str((place + 1) % 10))
    await person.sees(shown)


def post(server: LiveServer, customer: dict[str, Any], path: str, **members: Any) -> dict[str, Any]:
    with server.client() as client:
        answer = client.post(f"/v1/customers/{customer['id']}/{path}", json=members)
        assert answer.status_code in (200, 201), answer.text
        made: dict[str, Any] = answer.json()
        return made


def service_id(server: LiveServer, name: str) -> str:
    with server.client() as client:
        services = client.get("/v1/services").json()["items"]
        return next(str(service["id"]) for service in services if service["name"] == name)


def box_title(person: Person) -> str:
    return str(person.app.screen.query_one(".box").border_title)


@pytest.mark.feature("F7.1")
async def test_a_visit_is_booked_moved_and_cancelled_by_keyboard(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server, status="active", addresses=[{"line1": "1 Quay", "city": "Bristol"}])
    async with at_desk(live_server, tmp_path) as person:
        await go_to_bookings(person, customer)
        await person.sees("Nothing booked. Press a to add a booking.")
        await person.press("a")
        await person.pick("Reg")
        await person.type("tomorrow 10am")
        await person.press("tab", "tab")
        await person.pick("Quay")
        await person.press("f2")
        await person.sees("Upcoming")
        await person.sees("tomorrow 10:00–12:00")
        await person.sees("1 Quay, Bristol")
        await person.press("y")
        await person.sees("clipboard: Regular clean, tomorrow 10:00–12:00")
        await person.press("c")
        await person.sees("Reason")
        assert box_title(person) == "Cancel the booking of Regular clean, tomorrow 10:00–12:00"
        await person.type("Cold")
        await person.press("enter", "f2")
        await person.sees("because: Cold")
        await person.sees("u takes it back")
        await person.press("u")
        await person.sees_no("because: Cold")
        await person.press("1")
        await person.sees("Next booking")
        assert "tomorrow 10:00   Regular clean" in person.screen
    (booking,) = fetched(live_server, customer, "/bookings")["items"]
    assert booking.get("state", "booked") == "booked"
    assert booking["address_id"] == customer["addresses"][0]["id"]


@pytest.mark.feature("F7.1", "F2.4")
async def test_a_desk_offers_only_what_the_customer_may_book(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server, status="active")
    async with at_desk(live_server, tmp_path) as person:
        await go_to_bookings(person, customer)
        await person.press("a")
        await person.pick("Fac")
        await person.press("escape")
        # What was typed while everything was open is asked for as what is open now.
        patch(live_server, customer, access="waitlist_only")
        await person.press("f5")
        await person.sees("! This customer can only join the wait list.")
        await person.press("a")
        await person.sees("Facial")
        assert "State" not in person.screen
        await person.press("tab")
        await person.type("tomorrow 14:30")
        await person.press("enter", "f2")
        await person.sees("on the wait list")
        assert "k book" not in person.screen
        patch(live_server, customer, access="allowed")
        await person.press("f5")
        await person.sees_no("! This customer")
        await person.press("k")
        await person.sees_no("on the wait list")
        patch(live_server, customer, status="blocked")
        await person.press("f5")
        await person.sees("! This customer is blocked and can neither book nor wait.")
        assert "a add" not in person.screen.splitlines()[-1]
    assert fetched(live_server, customer, "/bookings")["items"][0].get("state", "booked") == "booked"


@pytest.mark.feature("F7.1", "F4.4")
async def test_what_the_server_refuses_stands_at_its_field(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server, status="active")
    facial = service_id(live_server, "Facial")
    post(live_server, customer, "disliked-services", service_id=facial, comment="A rash")
    async with at_desk(live_server, tmp_path) as person:
        await go_to_bookings(person, customer)
        await person.press("a")
        await person.pick("Fac")
        await person.type("1/1/20 9am")
        await person.press("enter", "f2")
        await person.sees("Facial is a service that this customer does not like")
        await person.press("up", "up", "home")
        await person.pick("Man")
        await person.press("f2")
        await person.sees("This time is over; a booking is for a time to come.")
        await person.press("escape")
        await person.sees("what you typed is kept")


@pytest.mark.feature("F7.2")
async def test_a_device_goes_out_and_comes_back(live_server: LiveServer, tmp_path: Path) -> None:
    other, customer = make_customer(live_server), make_customer(live_server)
    post(live_server, other, "devices", item_id="KS-77", product="Key safe")
    async with at_desk(live_server, tmp_path) as person:
        await go_to_bookings(person, customer)
        assert "Devices" not in person.screen
        await person.sees("A adds a device or an allowance.")
        await person.press("A")
        await person.sees("a ticket")
        await person.type("device")
        await person.press("enter")
        await person.sees("Barcode")
        await person.type("KS-77")
        await person.press("enter")
        await person.type("Key")
        await person.press("enter", "f2")
        await person.sees(f"Item KS-77 is with customer {other['number']}.")
        await person.press("home", "e")
        await person.type("8")
        await person.press("f2")
        await person.sees("KS-778")
        await person.sees("Devices")
        await person.press("r")
        await person.sees("It is")
        assert box_title(person) == "End the customer's time with Key KS-778"
        await person.press("f2")
        await person.sees("returned")
        await person.press("u")
        await person.sees_no("returned")
    (device,) = fetched(live_server, customer, "/devices")["items"]
    assert (device["item_id"], device.get("status", "assigned")) == ("KS-778", "assigned")


@pytest.mark.feature("F7.3")
async def test_a_cap_is_set_by_hand_and_a_bonus_granted(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    made = post(live_server, customer, "allowances", product="Guest Wi-Fi", included=200_000_000_000)
    report = {
        "used": 190_000_000_000,
        "period_starts_on": "2026-11-01",
        "measured_at": "2026-11-19T10:00:00Z",
    }
    post(live_server, customer, f"allowances/{made['id']}/usage", **report)
    async with at_desk(live_server, tmp_path) as person:
        await go_to_bookings(person, customer)
        await person.sees("190 GB of 200 GB, 95%")
        await person.press("down", "e", "tab", "tab", "tab")
        await person.type("0.25 tb")
        await person.press("enter", "f2")
        await person.sees("190 GB of 250 GB, 76%")
        await person.sees("manual cap 250 GB")
        await person.press("g")
        await person.sees("Amount")
        await person.type("50")
        await person.press("enter")
        await person.type("Wedding")
        await person.press("enter", "f2")
        await person.sees("190 GB of 300 GB, 63%")
        await person.sees("bonus 50 GB (Wedding)")
        await person.press("r")
        await person.sees("50 GB  Wedding")
        assert box_title(person) == "Take a bonus back: the allowance Guest Wi-Fi"
        await person.press("escape", "u")
        await person.sees("190 GB of 250 GB")
    (allowance,) = fetched(live_server, customer, "/allowances")["items"]
    assert (allowance["manual_cap"], "bonuses" in allowance) == (250_000_000_000, False)


@pytest.mark.feature("F7.4")
async def test_a_ticket_is_opened_answered_closed_and_taken_up_again(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server, status="active")
    async with at_desk(live_server, tmp_path) as person:
        await go_to_bookings(person, customer)
        await person.press("down", "a")
        await person.type("Wi-Fi")
        await person.press("enter")
        await person.type("Down")
        await person.press("f2")
        await person.sees("Waits for us")
        await person.press("enter")
        await person.sees("No replies yet. Press a to add a reply.")
        await person.press("a")
        await person.type("Soon")
        await person.press("escape")
        await person.sees("what you typed is kept")
    async with at_desk(live_server, tmp_path) as person:
        await go_to_bookings(person, customer)
        await person.press("down", "enter")
        await person.sees("No replies yet.")
        await person.press("a")
        await person.sees("Soon")
        await person.press("f2")
        await person.sees("Stan Staff")
        await person.sees("Waits for customer")
        await person.press("y")
        await person.sees("clipboard: Soon")
        await person.press("c")
        await person.sees("u takes it back")
        assert "a add" not in person.screen
        await person.press("u")
        await person.sees("a add")
        await person.press("c")
        await person.sees("Closed.")
        await person.press("escape")
        await person.sees("1 reply")
        await person.sees("r reopen")
    (ticket,) = fetched(live_server, customer, "/tickets")["items"]
    assert (ticket["state"], ticket["reply_count"]) == ("closed", 1)


@pytest.mark.feature("F7.1", "F7.4", "F12.4")
async def test_a_viewer_sees_it_all_and_changes_nothing(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server, status="active")
    tomorrow = "2199-03-12T14:30:00Z"
    post(live_server, customer, "bookings", service_id=service_id(live_server, "Facial"), starts_at=tomorrow)
    post(live_server, customer, "tickets", subject="Wi-Fi drops out", body="Since Monday")
    async with at_desk(live_server, tmp_path, role="viewer") as person:
        await go_to_bookings(person, customer)
        await person.sees("Facial")
        await person.press("c", "a", "e", "A")
        await person.press("down", "enter")
        await person.sees("Since Monday")
        await person.press("a", "c")
        assert not person.app.screen.is_modal


@pytest.mark.feature("F7.1")
async def test_a_long_past_comes_as_the_marker_nears_its_end(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server, status="active")
    facial = service_id(live_server, "Facial")
    with live_server.client() as client:
        for day in range(104):
            at = (datetime(2030, 1, 1, 10, tzinfo=UTC) + timedelta(days=day)).isoformat()
            wish = {"service_id": facial, "starts_at": at, "note": f"visit {day}"}
            client.post(f"/v1/customers/{customer['id']}/bookings", json=wish)
    async with at_desk(live_server, tmp_path) as person:
        await go_to_bookings(person, customer, shown="visit 4")
        pages = person.app.screen.query(RecordsPage)
        listed = next(part for page in pages for part in page.open_lists if part.records.one == "booking")
        assert len(listed.items or ()) == 100
        await person.press("end", "up")
        while len(listed.items or ()) == 100:
            await person.pilot.pause(0.02)
        await person.press("home")
        await person.sees("visit 0")
        assert len(listed.items or ()) == 104
        await person.press("f5")
        await person.sees("visit 0")
