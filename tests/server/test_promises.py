"""The rules that the server keeps whatever a client says, attacked over HTTP: one test for each promise."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, inspect, text

from client.models.kinds import ADMIN_ONLY
from server.routes import COLLECTIONS
from server.store.database import Database
from tests.desk import MERGE_PATCH, PASSWORD, Desk, make_customer
from tests.server.paying import paying_desk

ANY = MERGE_PATCH | {"If-Match": "*"}
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).isoformat()
SECRET = "Kxqwv only for the boss"


@dataclass(frozen=True)
class Office:
    """Everyone at work, each with a client."""

    desk: Desk
    viewer: httpx.AsyncClient
    staff: httpx.AsyncClient
    admin: httpx.AsyncClient
    stranger: httpx.AsyncClient

    async def customer(self, **members: Any) -> str:
        """Make a customer and give its path."""
        return f"/v1/customers/{(await make_customer(self.staff, **members)).id}"

    async def service(self, name: str = "Massage") -> str:
        made = await self.admin.post("/v1/services", json={"name": name, "duration_minutes": 30})
        return str(made.json()["id"])

    async def set(self, place: str, **members: Any) -> httpx.Response:
        return await self.staff.patch(place, json=members, headers=ANY)


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    with paying_desk(database) as (opened, _):
        yield opened


@pytest.fixture
async def office(desk: Desk) -> AsyncIterator[Office]:
    async with AsyncExitStack() as stack:
        roles = ("viewer", "staff", "admin", None)
        clients = [await stack.enter_async_context(desk.client(role)) for role in roles]
        yield Office(desk, *clients)


def code(answer: httpx.Response) -> str:
    """Give the code of a refusal."""
    assert answer.status_code >= 400, answer.text
    return str(answer.json()["code"])


async def refused_for_good(answers: list[httpx.Response], status: int, word: str) -> None:
    assert [(answer.status_code, code(answer)) for answer in answers] == [(status, word)] * len(answers)


@pytest.mark.feature("F2.6")
async def test_nobody_is_deleted_who_is_neither_inactive_nor_archived(office: Office) -> None:
    for status in ("new", "active", "blocked"):
        place = await office.customer(status=status)
        tries = [
            await office.staff.delete(place),
            await office.admin.delete(place, headers={"If-Match": '"1"'}),
            await office.admin.delete(place, headers={"If-Match": "*"}),
        ]
        await refused_for_good(tries, 409, "not_deletable")
        smuggled = {"archived_at": "2026-01-01T00:00:00Z"}
        assert (await office.staff.patch(place, json=smuggled, headers=ANY)).status_code == 422
        assert (
            await office.staff.post("/v1/customers", json={"given_name": "A"} | smuggled)
        ).status_code == 422
        assert (await office.viewer.delete(place)).status_code == 403
        assert (await office.staff.get(place)).status_code == 200


@pytest.mark.feature("F2.4")
async def test_a_blocked_customer_has_no_access_however_it_is_said(office: Office) -> None:
    born = await office.customer(status="blocked", access="allowed")
    made = await office.customer(status="active")
    await office.set(made, status="blocked", access="allowed")
    acted = await office.customer()
    await office.staff.post(f"{acted}/block")
    for place in (born, made, acted):
        await office.set(place, access="allowed")
        assert (await office.set(place, access="waitlist_only")).json()["access"] == "blocked"
        assert (await office.staff.get(place)).json()["access"] == "blocked"


@pytest.mark.feature("F2.3", "F2.4", "F4.4")
async def test_nobody_books_or_joins_who_may_not(office: Office) -> None:
    service, disliked = await office.service(), await office.service("Peeling")
    plan = {"name": "Spa", "price": {"amount": "10.00", "currency": "EUR"}}
    plan_id = (await office.admin.post("/v1/plans", json=plan)).json()["id"]
    branch_id = (await office.admin.post("/v1/branches", json={"name": "Quay"})).json()["id"]
    booking = {"service_id": service, "starts_at": TOMORROW}
    membership = {"plan_id": plan_id, "branch_id": branch_id}
    for members, word in (
        ({"status": "inactive"}, "inactive"),
        ({"status": "blocked"}, "blocked"),
        ({"access": "blocked"}, "blocked"),
    ):
        place = await office.customer(**members)
        for client in (office.staff, office.admin):
            tries = [await client.post(f"{place}/bookings", json=booking | {"state": state})
                     for state in ("booked", "waitlisted")]  # fmt: skip
            await refused_for_good(tries, 409, word)
        if "status" in members:
            joined = await office.admin.post(f"{place}/memberships", json=membership)
            assert joined.status_code == 409, joined.text
        assert (await office.staff.get(f"{place}/bookings")).json()["items"] == []
    place = await office.customer(status="active", access="waitlist_only")
    assert code(await office.staff.post(f"{place}/bookings", json=booking)) == "waitlist_only"
    waits = await office.staff.post(f"{place}/bookings", json=booking | {"state": "waitlisted"})
    assert waits.status_code == 201, waits.text
    waiting = f"{place}/bookings/{waits.json()['id']}"
    assert code(await office.staff.post(f"{waiting}/book")) == "waitlist_only"
    assert (await office.set(waiting, state="booked")).status_code == 422
    place = await office.customer(status="active")
    await office.staff.post(f"{place}/disliked-services", json={"service_id": disliked})
    wrong = booking | {"service_id": disliked}
    assert code(await office.admin.post(f"{place}/bookings", json=wrong)) == "disliked_service"
    made = await office.staff.post(f"{place}/bookings", json=booking)
    changed = await office.set(f"{place}/bookings/{made.json()['id']}", service_id=disliked)
    assert code(changed) == "disliked_service"


@pytest.mark.feature("F2.3", "F2.4", "F6.2")
async def test_nobody_is_charged_who_is_inactive_or_blocked(office: Office) -> None:
    plan = {"name": "Spa", "price": {"amount": "10.00", "currency": "EUR"}}
    plan_id = (await office.admin.post("/v1/plans", json=plan)).json()["id"]
    branch_id = (await office.admin.post("/v1/branches", json={"name": "Quay"})).json()["id"]
    for status in ("inactive", "blocked"):
        place = await office.customer(status="active")
        await office.staff.post(f"{place}/payment-methods", json={"token": "tok_visa"})
        membership = {"plan_id": plan_id, "branch_id": branch_id}
        made = await office.staff.post(f"{place}/memberships", json=membership)
        joined = f"{place}/memberships/{made.json()['id']}"
        await office.set(place, status=status)
        tries = [await client.post(f"{joined}/process") for client in (office.staff, office.admin)]
        await refused_for_good(tries, 409, "customer_not_active")
        assert (await office.staff.get(f"{joined}/payments")).json()["items"] == []
        assert (await office.staff.get(f"{place}/purchases")).json()["items"] == []


@pytest.mark.feature("F2.4", "F3.6")
async def test_a_blocked_or_archived_customer_does_not_enter_the_portal(office: Office) -> None:
    place = await office.customer(status="active")
    account = {"login": "joanna", "password": "four quiet ships at sea"}
    headers = MERGE_PATCH | {"If-Match": '"0"'}
    made = await office.staff.patch(f"{place}/portal-account", json=account, headers=headers)
    assert made.status_code == 200, made.text
    assert (await office.stranger.post("/v1/portal/sign-in", json=account)).status_code == 200
    for shut, opened in (("block", "unblock"), ("archive", "unarchive")):
        await office.staff.post(f"{place}/{shut}")
        assert (await office.stranger.post("/v1/portal/sign-in", json=account)).status_code == 403
        await office.staff.post(f"{place}/{opened}")
        assert (await office.stranger.post("/v1/portal/sign-in", json=account)).status_code == 200


@pytest.mark.feature("F8.1")
async def test_a_completed_form_stays(office: Office) -> None:
    questions = [{"text": "Allergic?", "type": "yes_no", "required": True}]
    template = await office.admin.post("/v1/form-templates", json={"name": "Health", "questions": questions})
    place = await office.customer()
    made = await office.staff.post(f"{place}/forms", json={"template_id": template.json()["id"]})
    form = f"{place}/forms/{made.json()['id']}"
    answers = {"answers": [{"question": 0, "answer": "no"}]}
    assert (await office.staff.post(f"{form}/complete", json=answers)).status_code == 200
    tries = [await client.delete(form, headers={"If-Match": "*"}) for client in (office.staff, office.admin)]
    await refused_for_good(tries, 409, "completed")
    assert (await office.admin.patch(form, json={"state": "assigned"}, headers=ANY)).status_code == 405
    assert (await office.staff.get(form)).json()["state"] == "completed"


@pytest.mark.feature("F4.3")
async def test_who_opted_out_is_on_no_marketing_list_of_that_channel(office: Office) -> None:
    reach = {"emails": [{"address": "o@example.org"}], "addresses": [{"line1": "1 Quay", "city": "Porto"}]}
    by_flag = await office.customer(given_name="Olive", **reach, email_opt_out=True, mail_opt_out=True)
    willing = await office.customer(given_name="Olive", **reach)
    for client in (office.viewer, office.staff, office.admin):
        for channel in ("email", "post"):
            for filters in ({}, {"q": "olive"}, {"archived": "any"}, {"willing": "granted"}):
                found = await client.post("/v1/customers/audience", json={"channel": channel} | filters)
                assert found.status_code == 200, found.text
                ids = {f"/v1/customers/{row['id']}" for row in found.json()["items"]}
                assert by_flag not in ids
                assert willing in ids or "willing" in filters
                assert found.json()["left_out"] >= 1
        smuggled = {"channel": "email", "include_opted_out": True}
        assert (await client.post("/v1/customers/audience", json=smuggled)).status_code == 422


@pytest.mark.feature("F9.5")
async def test_the_last_admin_stays(office: Office) -> None:
    me = (await office.admin.get("/v1/me")).json()
    place = f"/v1/staff/{me['id']}"
    headers = ANY | {"Idempotency-Key": "again"}
    tries = [
        await office.admin.patch(place, json={"role": "staff"}, headers=ANY),
        await office.admin.patch(place, json={"disabled": True}, headers=headers),
        await office.admin.patch(place, json={"role": "viewer", "disabled": True}, headers=headers),
    ]
    await refused_for_good(tries, 409, "last_admin")
    assert (await office.admin.delete(place)).status_code == 405
    assert (await office.staff.patch(place, json={"role": "staff"}, headers=ANY)).status_code == 403
    assert (await office.admin.get("/v1/me")).json()["role"] == "admin"


@pytest.mark.feature("F3.2", "F3.3", "F3.4", "F5.1")
async def test_exactly_one_of_each_is_the_primary_one(office: Office) -> None:
    parts: dict[str, list[dict[str, Any]]] = {
        "emails": [{"address": f"{name}@example.org"} for name in "abc"],
        "phones": [{"number": f"+44207946095{digit}"} for digit in "012"],
        "addresses": [{"line1": f"{number} Quay"} for number in "123"],
    }
    for name, items in parts.items():
        both = [{**item, "is_primary": True} for item in items]
        place = await office.customer(**{name: items})
        tried = await office.set(place, **{name: both})
        assert (tried.status_code, tried.json()["errors"][0]["code"]) == (422, "several_primaries")
        tried = await office.staff.post("/v1/customers", json={"given_name": "A", name: both})
        assert tried.status_code == 422
        known = (await office.staff.get(place)).json()[name]
        await office.set(place, **{name: [{**item, "is_primary": False} for item in known]})
        await office.set(place, **{name: known[1:]})
        now = (await office.staff.get(place)).json()[name]
        assert [bool(item.get("is_primary")) for item in now] == [True, False]
    place = await office.customer()
    for card in ("visa", "mastercard", "amex"):
        made = await office.staff.post(f"{place}/payment-methods", json={"token": f"tok_{card}"})
        assert made.status_code == 201, made.text
    cards = (await office.staff.get(f"{place}/payment-methods")).json()["items"]
    default = next(card for card in cards if card.get("is_default"))
    await office.staff.delete(f"{place}/payment-methods/{default['id']}")
    cards = (await office.staff.get(f"{place}/payment-methods")).json()["items"]
    assert [bool(card.get("is_default")) for card in cards].count(True) == 1


@pytest.mark.feature("F9.2", "F12.3")
async def test_what_is_for_admins_leaves_for_nobody_else(office: Office) -> None:
    place = await office.customer(emails=[{"address": "o@example.org"}])
    note = {"body": SECRET, "visibility": "admin"}
    made = await office.admin.post(f"{place}/notes", json=note)
    public = await office.admin.post(f"{place}/notes", json={"body": SECRET})
    await office.admin.patch(
        f"{place}/notes/{public.json()['id']}", json={"visibility": "admin"}, headers=ANY
    )
    assert (await office.staff.post(f"{place}/notes", json=note)).status_code == 403
    includes = ",".join(next(one for one in COLLECTIONS if one.path == "customers").includes)
    addresses = [
        *(f"{place}{path}" for path in ("", f"?include={includes}", "/notes", "/events", "/messages")),
        f"{place}/notes/{made.json()['id']}",
        f"{place}/events?field=/body",
        "/v1/changes?since=0",
        f"{place}/personal-data",
    ]
    for client in (office.viewer, office.staff):
        for address in addresses:
            answer = await client.get(address)
            assert SECRET not in answer.text, address
            assert made.json()["id"] not in answer.text, address
        found = await client.post("/v1/customers/search", json={"q": "Kxqwv"})
        assert found.json()["items"] == []
    hidden = {name for one in COLLECTIONS for name in one.hidden_members}
    assert "privilege" in hidden
    shown = (await office.staff.get(place)).json()
    assert not hidden & set(shown)
    for collection in COLLECTIONS:
        marked = {
            name for name, field in collection.model.model_fields.items() if ADMIN_ONLY in field.metadata
        }
        assert marked == collection.hidden_members


def everything(connection: Connection) -> str:
    """Give all that the database holds."""
    tables = [name for name in inspect(connection).get_table_names() if not name.startswith("search_")]
    return "\n".join(str(connection.execute(text(f'SELECT * FROM "{name}"')).all()) for name in tables)  # noqa: S608


@pytest.mark.feature("F5.1")
async def test_no_card_number_is_taken_or_kept(office: Office) -> None:
    place = await office.customer()
    number = "4242424242424242"
    spaced = "4242 4242 4242 4242"
    tries = [
        await office.staff.post(f"{place}/payment-methods", json={"token": number}),
        await office.admin.post(f"{place}/payment-methods", json={"token": spaced}),
        await office.staff.post(f"{place}/payment-methods", json={"token": f"tok_{number}"}),
        await office.staff.post(f"{place}/payment-methods", json={"token": "tok_visa", "number": number}),
        await office.staff.post(f"{place}/payment-methods", json={"token": "tok_visa", "last4": number}),
    ]
    assert {answer.status_code for answer in tries} == {422}
    for answer in tries:
        assert number not in answer.text
        assert spaced not in answer.text
    held = office.desk.database.read_now(everything)
    assert number not in held
    assert spaced not in held


@pytest.mark.feature("F3.6", "F12.1")
async def test_passwords_are_kept_as_argon2id_hashes_only(office: Office) -> None:
    place = await office.customer()
    portal = "four quiet ships at sea"
    headers = MERGE_PATCH | {"If-Match": '"0"', "Idempotency-Key": "k"}
    account = {"login": "joanna", "password": portal}
    await office.staff.patch(f"{place}/portal-account", json=account, headers=headers)
    fresh = "nine slow trains at noon"
    change = {"current": PASSWORD, "new": fresh}
    done = await office.staff.post("/v1/me/password", json=change, headers={"Idempotency-Key": "p"})
    assert done.status_code == 204
    held = office.desk.database.read_now(everything)
    assert not [word for word in (portal, fresh, PASSWORD) if word in held]
    assert held.count("$argon2id$") >= 4
    for client in (office.staff, office.admin):
        for address in ("/v1/me", "/v1/staff", f"{place}/portal-account", f"{place}/events"):
            answer = await client.get(address)
            assert "argon2" not in answer.text
            assert "password_hash" not in answer.text


@pytest.mark.feature("F9.4")
async def test_every_change_is_in_the_history(office: Office) -> None:
    place = await office.customer(status="active")
    told = 0
    for collection in COLLECTIONS:
        if collection.parent is not None or not collection.of_customer or "create" not in collection.verbs:
            continue
        address = f"{place}/{collection.path}"
        made = await office.admin.post(address, json=dict(collection.example))
        if made.status_code != 201:
            continue
        record = f"{address}/{made.json()['id']}"
        wanted = [f"{collection.path}.created"]
        if "delete" in collection.verbs and (await office.admin.delete(record)).status_code == 204:
            wanted.append(f"{collection.path}.removed")
        entries = (await office.admin.get(f"{place}/events", params={"limit": 200})).json()["items"]
        kinds = [entry["kind"] for entry in entries if entry.get("record_id") == made.json()["id"]]
        assert set(wanted) <= set(kinds), collection.path
        assert all(entry["actor"] for entry in entries)
        told += 1
    assert told >= 4
    refused = await office.set(place, given_name="New", emails=[{"address": "not one"}])
    assert refused.status_code == 422
    after = (await office.admin.get(f"{place}/events", params={"limit": 200})).json()["items"]
    assert [entry["id"] for entry in after] == [entry["id"] for entry in entries]
