"""Bookings: who may book what and when; each rule on both databases."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from server.store.tables import bookings
from tests.desk import MERGE_PATCH, Desk, make_customer

Api = Callable[..., Awaitable[httpx.AsyncClient]]

ANY = MERGE_PATCH | {"If-Match": "*"}
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)


class Office:
    """Somebody at work: a service, a customer, and what is done to the customer's bookings."""

    def __init__(self, staff: httpx.AsyncClient, place: str, services: dict[str, str]) -> None:
        self.staff = staff
        self.place = place
        self.services = services

    async def book(self, at: datetime = TOMORROW, service: str = "Deep clean", **members: Any) -> Any:
        given = {"service_id": self.services[service], "starts_at": at.isoformat()} | members
        return await self.staff.post(f"{self.place}/bookings", json=given)

    async def booked(self, at: datetime = TOMORROW, **members: Any) -> dict[str, Any]:
        answer = await self.book(at, **members)
        assert answer.status_code == 201, answer.text
        return answer.json()  # type: ignore[no-any-return]

    async def act(self, booking: dict[str, Any], name: str, **body: Any) -> httpx.Response:
        path = f"{self.place}/bookings/{booking['id']}/{name}"
        return await self.staff.post(path, json=body if name == "cancel" else None)

    async def patch(self, booking: dict[str, Any], **members: Any) -> httpx.Response:
        return await self.staff.patch(f"{self.place}/bookings/{booking['id']}", json=members, headers=ANY)

    async def customer(self, **members: Any) -> None:
        answer = await self.staff.patch(self.place, json=members, headers=ANY)
        assert answer.status_code == 200, answer.text


async def open_office(api: Api, **members: Any) -> Office:
    staff, admin = await api(), await api("admin")
    services = {}
    for name, minutes in (("Deep clean", 90), ("Massage", None)):
        made = await admin.post("/v1/services", json={"name": name, "duration_minutes": minutes})
        services[name] = made.json()["id"]
    customer = await make_customer(staff, **({"status": "active"} | members))
    return Office(staff, f"/v1/customers/{customer.id}", services)


def refused(answer: httpx.Response) -> tuple[int, str, str]:
    """Give status, code and the member at fault."""
    problem = answer.json()
    return answer.status_code, problem["code"], next((e["pointer"] for e in problem.get("errors", ())), "")


@pytest.mark.feature("F7.1")
async def test_a_booking_knows_its_end_and_the_names_of_what_it_points_to(api: Api) -> None:
    address = {"line1": "1 Quay", "city": "Bristol"}
    office = await open_office(api, addresses=[address])
    admin = await api("admin")
    branch = (await admin.post("/v1/branches", json={"name": "Riverside"})).json()
    me = (await admin.get("/v1/me")).json()
    address_id = (await office.staff.get(office.place)).json()["addresses"][0]["id"]
    places = {"branch_id": branch["id"], "staff_id": me["id"], "address_id": address_id}
    at = TOMORROW.replace(tzinfo=UTC)
    made = await office.booked(at, **places)
    assert (made["service"], made["branch"], made["staff"]) == ("Deep clean", "Riverside", me["name"])
    assert datetime.fromisoformat(made["ends_at"]) == at + timedelta(minutes=90)
    longer = (await office.patch(made, duration_minutes=120)).json()
    assert datetime.fromisoformat(longer["ends_at"]) == at + timedelta(minutes=120)
    await admin.patch(f"/v1/branches/{branch['id']}", json={"name": "Harbour"}, headers=ANY)
    shown = (await office.staff.get(f"{office.place}?include=bookings")).json()["bookings"]["items"]
    assert [booking["branch"] for booking in shown] == ["Harbour"]
    hour = await office.booked(at + timedelta(days=1), service="Massage")
    assert hour["duration_minutes"] == 60
    nowhere = await office.book(at + timedelta(days=2), address_id="none", branch_id="none")
    assert refused(nowhere) == (409, "unknown_reference", "/branch_id")
    assert [error["pointer"] for error in nowhere.json()["errors"]] == ["/branch_id", "/address_id"]


@pytest.mark.feature("F7.1", "F2.3", "F2.4")
async def test_who_may_not_book_is_refused_with_the_reason_and_the_way_out(api: Api) -> None:
    office = await open_office(api)
    for members, code in (
        ({"status": "inactive"}, "inactive"),
        ({"status": "blocked"}, "blocked"),
        ({"status": "active", "access": "blocked"}, "blocked"),
    ):
        await office.customer(**members)
        for state in ("booked", "waitlisted"):
            answer = await office.book(state=state)
            assert refused(answer) == (409, code, "")
            assert code in answer.json()["detail"]
    await office.customer(status="active", access="waitlist_only")
    assert refused(await office.book()) == (409, "waitlist_only", "")
    waiting = await office.booked(state="waitlisted")
    assert waiting["state"] == "waitlisted"
    assert refused(await office.act(waiting, "book")) == (409, "waitlist_only", "")
    await office.customer(access="allowed")
    assert (await office.act(waiting, "book")).json().get("state", "booked") == "booked"
    await office.staff.post(f"{office.place}/archive")
    assert refused(await office.book(TOMORROW + timedelta(days=1))) == (409, "archived", "")
    await office.staff.post(f"{office.place}/unarchive")
    await office.customer(status="new")
    await office.booked(TOMORROW + timedelta(days=1))


@pytest.mark.feature("F7.1", "F4.4")
async def test_a_disliked_or_withdrawn_service_cannot_be_booked(api: Api) -> None:
    office = await open_office(api)
    dislike = {"service_id": office.services["Massage"], "comment": "A rash"}
    assert (await office.staff.post(f"{office.place}/disliked-services", json=dislike)).status_code == 201
    answer = await office.book(service="Massage")
    assert refused(answer) == (409, "disliked_service", "/service_id")
    assert "A rash" in answer.json()["detail"]
    made = await office.booked()
    changed = await office.patch(made, service_id=office.services["Massage"])
    assert refused(changed) == (409, "disliked_service", "/service_id")
    admin = await api("admin")
    deep = f"/v1/services/{office.services['Deep clean']}"
    await admin.patch(deep, json={"active": False}, headers=ANY)
    assert refused(await office.book(TOMORROW + timedelta(days=1))) == (409, "not_offered", "/service_id")
    # What was booked before stays, and can be moved.
    assert (await office.patch(made, note="Ring twice")).status_code == 200
    assert (await office.patch(made, duration_minutes=30)).status_code == 200
    assert refused(await admin.delete(deep)) == (409, "in_use", "")


@pytest.mark.feature("F7.1")
async def test_a_time_must_lie_ahead_and_be_free(api: Api) -> None:
    addresses = [{"line1": "1 Quay"}, {"line1": "2 Hill"}]
    office = await open_office(api, addresses=addresses)
    quay, hill = (part["id"] for part in (await office.staff.get(office.place)).json()["addresses"])
    over = datetime.now(UTC) - timedelta(minutes=30)
    assert refused(await office.book(over)) == (409, "in_the_past", "/starts_at")
    just_now = await office.booked(datetime.now(UTC) - timedelta(minutes=5))
    assert (await office.act(just_now, "cancel")).status_code == 200
    first = await office.booked(address_id=quay)
    half_past = TOMORROW + timedelta(minutes=30)
    for address, service in ((None, "Deep clean"), (quay, "Deep clean"), (None, "Massage")):
        answer = await office.book(half_past, service, address_id=address)
        assert refused(answer) == (409, "overlapping", "/starts_at")
        assert "Deep clean" in answer.json()["detail"]
    # The wait list takes no time, and two addresses of one customer are two places.
    waiting = await office.booked(half_past, state="waitlisted")
    await office.booked(half_past, address_id=hill)
    assert refused(await office.act(waiting, "book")) == (409, "overlapping", "/starts_at")
    after = await office.booked(TOMORROW + timedelta(minutes=120))
    moved = await office.patch(after, starts_at=half_past.isoformat())
    assert refused(moved) == (409, "overlapping", "/starts_at")
    await office.act(first, "cancel")
    assert (await office.patch(after, starts_at=TOMORROW.isoformat())).status_code == 409, (
        "the one at the hill"
    )
    other_words = await office.book(TOMORROW + timedelta(days=3), state="completed")
    assert refused(other_words) == (422, "invalid", "/state")


@pytest.mark.feature("F7.1")
async def test_a_cancelled_booking_stays_and_can_be_brought_back(api: Api) -> None:
    office = await open_office(api)
    made = await office.booked()
    cancelled = (await office.act(made, "cancel", reason="Has a cold")).json()
    assert (cancelled["state"], cancelled["reason"]) == ("cancelled", "Has a cold")
    assert refused(await office.act(made, "cancel")) == (409, "not_open", "")
    assert refused(await office.act(made, "book")) == (409, "not_open", "")
    assert refused(await office.patch(made, duration_minutes=30)) == (409, "not_open", "")
    assert (await office.patch(made, note="Asked again")).status_code == 200
    await office.booked(service="Massage")
    assert refused(await office.act(made, "reinstate")) == (409, "overlapping", "/starts_at")
    other = await office.booked(TOMORROW + timedelta(days=1))
    await office.act(other, "cancel")
    assert (await office.act(other, "reinstate")).json().get("state", "booked") == "booked"
    await office.act(other, "cancel")
    await office.customer(access="waitlist_only")
    assert (await office.act(other, "reinstate")).json()["state"] == "waitlisted"
    await office.customer(access="allowed")
    await office.act(other, "cancel")
    assert (await office.act(other, "reinstate")).json()["state"] == "waitlisted", "as it was before"
    assert (await office.staff.delete(f"{office.place}/bookings/{made['id']}")).status_code == 405
    events = (await office.staff.get(f"{office.place}/events")).json()["items"]
    kinds = {event["kind"] for event in events}
    assert {"bookings.created", "bookings.cancelled", "bookings.reinstated"} <= kinds
    back = next(event for event in reversed(events) if event["kind"] == "bookings.reinstated")
    change = next(change for change in back["changes"] if change["field"] == "/state")
    assert change == {"field": "/state", "old": "cancelled", "new": "booked"}, "the usual word is told too"


@pytest.mark.feature("F7.1")
async def test_only_what_has_begun_is_done_or_missed(api: Api, desk: Desk) -> None:
    office = await open_office(api)
    made = await office.booked()
    waiting = await office.booked(state="waitlisted")
    assert refused(await office.act(made, "complete")) == (409, "not_begun", "")
    assert refused(await office.act(waiting, "no-show")) == (409, "not_booked", "")
    begin(desk, made["id"])
    assert (await office.act(made, "no-show")).json()["state"] == "no_show"
    # A slip is mended without asking for the time again: it is over.
    assert (await office.act(made, "complete")).json()["state"] == "completed"
    assert (await office.act(made, "reinstate")).json().get("state", "booked") == "booked"
    assert (await office.act(made, "complete")).json()["state"] == "completed"
    again = (await office.act(made, "complete")).json()
    assert again["version"] == 5
    summary = (await office.staff.get(f"{office.place}?include=summary")).json()["summary"]
    assert (summary["last_booking"]["id"], summary["last_booking"]["state"]) == (made["id"], "completed")
    assert (summary["next_booking"]["id"], summary["next_booking"]["service"]) == (
        waiting["id"],
        "Deep clean",
    )


def begin(desk: Desk, booking_id: str) -> None:
    """Let the time of a booking come and go."""
    then = datetime.now(UTC) - timedelta(days=1)
    times = {"starts_at": then, "ends_at": then + timedelta(minutes=90)}
    statement = update(bookings).where(bookings.c.id == booking_id).values(times)
    desk.database.write_now(lambda connection: connection.execute(statement))


@pytest.mark.feature("F7.1")
async def test_a_long_list_comes_page_by_page_the_latest_first(api: Api) -> None:
    office = await open_office(api)
    for day in range(5):
        await office.booked(TOMORROW + timedelta(days=day))
    path, seen = f"{office.place}/bookings?limit=2", []
    while path:
        answer = await office.staff.get(path)
        seen += [item["starts_at"] for item in answer.json()["items"]]
        path = answer.links.get("next", {}).get("url", "")
    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)


@pytest.mark.feature("F7.1", "F7.2")
async def test_of_those_who_ask_at_once_one_gets_the_hour_and_one_the_item(api: Api) -> None:
    office = await open_office(api)
    answers = await asyncio.gather(*(office.book() for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    others = [await make_customer(office.staff, given_name=f"C{place}") for place in range(4)]
    device = {"item_id": "KS-9", "product": "Key safe"}
    given = await asyncio.gather(
        *(office.staff.post(f"/v1/customers/{one.id}/devices", json=device) for one in others)
    )
    assert sorted(answer.status_code for answer in given) == [201] + [409] * 3
