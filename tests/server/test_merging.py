"""Two records of one person become one: nothing is lost, nothing stays behind, on both databases."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, func, insert, select

from client.models import Customer
from server.merging.moving import pointing
from server.sample.load import load
from server.store.clock import now
from server.store.database import Database
from server.store.tables import events, metadata, payment_methods
from tests.desk import MERGE_PATCH, make_customer, open_desk

Api = Callable[..., Awaitable[httpx.AsyncClient]]

HEALTH = {"name": "Health", "questions": [{"text": "Well?", "type": "text"}]}
WORKS_HERE = {"privilege": "staff", "password": "three tall ships at sea"}
EVERYBODY = {"limit": 40, "archived": "any"}
MOVED = ("notes", "invoices", "purchases", "bookings", "tickets", "memberships", "documents")

pytestmark = pytest.mark.feature("F1.9")


async def merge(
    client: httpx.AsyncClient, stays: str, goes: str, headers: dict[str, str] | None = None, **values: Any
) -> httpx.Response:
    """Merge one customer into another as both are now."""
    version = (await client.get(f"/v1/customers/{goes}")).json().get("version", 1)
    body = {"from_id": goes, "from_version": version, "values": values}
    return await client.post(
        f"/v1/customers/{stays}/merge", json=body, headers={"If-Match": "*"} | (headers or {})
    )


def left_behind(connection: Connection, customer_id: str) -> list[str]:
    """Name every place of every table that holds an id, but for where it is kept on purpose."""
    purposely = {"former_customers.id", "events.changes", "idempotency_keys.body", "idempotency_keys.headers"}
    found: list[str] = []
    for table in metadata.sorted_tables:
        for row in connection.execute(select(table)).mappings():
            for name, value in row.items():
                place = f"{table.name}.{name}"
                gone = place == "events.record_id" and row["kind"] == "customers.removed"
                if customer_id in str(value) and place not in purposely and not gone:
                    found.append(place)
    return found


def held(connection: Connection, customer_id: str) -> dict[str, int]:
    """Count the rows of every table that name a customer."""
    counted: dict[str, int] = {}
    for table in metadata.sorted_tables:
        for column in pointing(table):
            number = connection.scalar(select(func.count()).where(column == customer_id)) or 0
            counted[f"{table.name}.{column.name}"] = number
    return counted


async def test_everything_of_the_sample_business_moves_and_nothing_stays_behind(database: Database) -> None:
    database.write_now(lambda connection: load(connection, 24, date(2026, 11, 20)))
    async with open_desk(database).client("admin") as admin:
        rows = (await admin.post("/v1/customers/search", json=EVERYBODY)).json()["items"]
        seen: set[str] = set()
        for stays, goes in zip(rows[::2], rows[1::2], strict=True):
            before = [database.read_now(partial(held, customer_id=one["id"])) for one in (stays, goes)]
            done = await merge(admin, stays["id"], goes["id"])
            if done.status_code == 409:
                assert done.json()["code"] == "stays_archived"
                stays, goes = goes, stays
                done = await merge(admin, stays["id"], goes["id"])
            assert done.status_code == 200, done.text
            assert database.read_now(partial(left_behind, customer_id=goes["id"])) == []
            after = database.read_now(partial(held, customer_id=stays["id"]))
            for place in MOVED:
                name = f"{place}.customer_id"
                assert after[name] == before[0][name] + before[1][name], place
                seen |= {place} if before[1][name] else set()
            assert after["events.customer_id"] > sum(one["events.customer_id"] for one in before)
            found = await admin.post("/v1/customers/search", json=EVERYBODY | {"q": str(goes["number"])})
            assert stays["id"] in [row["id"] for row in found.json()["items"]]
        assert seen >= {"notes", "invoices", "bookings", "tickets", "memberships"}


async def test_the_record_that_stays_keeps_what_it_says_and_gets_what_it_does_not_say(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    for name in ("vip", "donor"):
        await admin.post("/v1/labels", json={"name": name})
    mine = await make_customer(
        staff,
        phones=[{"number": "+442079460958"}],
        emails=[{"address": "jo@example.org"}],
        labels=["vip"],
        alerts=[{"text": "Dog"}],
    )
    other = await make_customer(
        admin,
        given_name="Jo",
        middle_name="Q",
        born_on="1990-05-01",
        phones=[{"number": "+442079460959"}, {"number": "+442079460958"}],
        emails=[{"address": "JO@example.org"}, {"address": "joanna@example.org"}],
        addresses=[{"line1": "1 Quay", "city": "Leith"}],
        labels=["donor"],
        alerts=[{"text": "Keys at 12"}],
        weight={"value": 60, "unit": "kg"},
    )
    looked = (await staff.get(f"/v1/customers/{mine.id}/merge", params={"from_id": other.id})).json()
    assert looked["other"]["given_name"] == "Jo"
    assert looked["moves"] == {"events": 1}
    done = await merge(staff, mine.id, other.id, family_name="Byrne-Reid")
    assert done.status_code == 200, done.text
    left = Customer.model_validate(done.json())
    told = Customer.model_validate(looked["merged"])
    assert (left.given_name, left.middle_name, left.family_name) == ("Joanna", "", "Byrne-Reid")
    assert (left.display_name, left.born_on, left.number) == ("Joanna Byrne", date(1990, 5, 1), mine.number)
    assert left.labels == ["donor", "vip"]
    assert [(phone.number[-1], phone.is_primary) for phone in left.phones] == [("8", True), ("9", False)]
    assert [email.address for email in left.emails] == ["jo@example.org", "joanna@example.org"]
    assert [address.is_primary for address in left.addresses] == [True]
    assert [(alert.text, alert.author) for alert in left.alerts] == [
        ("Dog", "Stan Staff"),
        ("Keys at 12", "Ada Admin"),
    ]
    assert left.weight is not None
    assert left.phones == told.phones
    event = (await staff.get(f"/v1/customers/{mine.id}/events")).json()["items"][0]
    changes = {change["field"]: change for change in event["changes"]}
    assert event["kind"] == "customers.merged"
    assert changes["/merged/number"]["new"] == other.number
    assert changes["/merged/given_name"]["old"] == "Jo"
    assert changes["/family_name"] == {"field": "/family_name", "old": "Byrne", "new": "Byrne-Reid"}


async def test_the_old_address_says_where_to_go_and_a_chain_leads_to_its_end(api: Api) -> None:
    staff = await api()
    first, second, third = [await make_customer(staff) for _ in range(3)]
    await staff.post(f"/v1/customers/{first.id}/notes", json={"body": "moved twice"})
    assert (await merge(staff, second.id, first.id)).status_code == 200
    assert (await merge(staff, third.id, second.id)).status_code == 200
    for path in ("", "/notes", "/notes/nothing", "?include=notes"):
        gone = await staff.get(f"/v1/customers/{first.id}{path}")
        assert (gone.status_code, gone.json()["code"]) == (410, "merged")
        assert gone.json()["customer_id"] == third.id
        assert gone.json()["detail"] == f"This record was merged into customer {third.number}."
    patch = await staff.patch(
        f"/v1/customers/{first.id}", json={"gender": ""}, headers=MERGE_PATCH | {"If-Match": "*"}
    )
    assert patch.status_code == 410
    assert (await staff.get(f"/v1/customers/{third.id}/notes")).json()["total"] == 1
    for number in (first.number, second.number):
        found = (await staff.post("/v1/customers/search", json={"q": str(number)})).json()["items"]
        assert [row["id"] for row in found] == [third.id]


async def test_a_no_and_a_block_are_never_merged_away(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    mine = await make_customer(staff, status="active")
    other = await make_customer(staff, status="blocked", status_reason="Debts", email_opt_out=True)
    yes = {"answers": [{"channel": "email", "purpose": "marketing", "state": "granted"}], "source": "phone"}
    assert (await staff.post(f"/v1/customers/{mine.id}/consents", json=yes)).status_code == 200
    for client in (staff, admin):
        refused = await merge(client, mine.id, other.id, email_opt_out=False)
        assert (refused.status_code, refused.json()["code"]) == (409, "consent_needed")
    refused = await merge(staff, mine.id, other.id, status="active")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    done = (await merge(staff, mine.id, other.id)).json()
    assert (done["status"], done["access"], done["status_reason"]) == ("blocked", "blocked", "Debts")
    assert done["email_opt_out"]
    (answer,) = (await staff.get(f"/v1/customers/{mine.id}/consents")).json()["items"]
    assert (answer["state"], answer["channel"]) == ("denied", "email")
    third = await make_customer(staff, status="active")
    let_in = await merge(admin, third.id, mine.id, status="active")
    assert (let_in.json()["status"], let_in.json()["email_opt_out"]) == ("active", True)


async def test_nothing_is_there_twice_afterwards(api: Api, database: Database) -> None:
    staff, admin = await api(), await api("admin")
    mine, other, friend = [await make_customer(staff, given_name=name) for name in ("Ann", "Anne", "Tom")]
    service = (await admin.post("/v1/services", json={"name": "Massage"})).json()["id"]
    template = (await admin.post("/v1/form-templates", json=HEALTH)).json()
    cards = []
    for customer in (mine, other):
        place = f"/v1/customers/{customer.id}"
        await staff.post(f"{place}/disliked-services", json={"service_id": service})
        given = await staff.post(f"{place}/forms", json={"template_id": template["id"]})
        assert given.status_code == 201, given.text
        await staff.patch(
            f"{place}/portal-account",
            json={"login": f"login{customer.number}"},
            headers=MERGE_PATCH | {"If-Match": '"0"'},
        )
        cards += [
            {
                "customer_id": customer.id,
                "id": f"{customer.number}{name}",
                "reference": name,
                "is_default": name == "a",
            }
            for name in ("a", f"b{customer.number}")
        ]
    form = given.json()
    done = await staff.post(
        f"/v1/customers/{other.id}/forms/{form['id']}/complete",
        json={"answers": [{"question": 0, "answer": "yes"}]},
    )
    assert done.status_code == 200, done.text
    moment = now()
    database.write_now(
        lambda connection: connection.execute(
            insert(payment_methods),
            [card | {"version": 1, "created_at": moment, "updated_at": moment} for card in cards],
        )
    )
    links = [(mine, friend), (other, friend), (friend, other), (mine, other), (friend, mine)]
    for owner, contact in links:
        rights = {"invoices": owner is other, "support": contact is mine}
        made = await staff.post(
            f"/v1/customers/{owner.id}/contacts", json={"contact_id": contact.id} | rights
        )
        assert made.status_code == 201, made.text
    assert (await merge(staff, mine.id, other.id)).status_code == 200
    place = f"/v1/customers/{mine.id}"
    assert (await staff.get(f"{place}/disliked-services")).json()["total"] == 1
    (form,) = (await staff.get(f"{place}/forms")).json()["items"]
    assert form["state"] == "completed"
    assert (await staff.get(f"{place}/portal-account")).json()["login"] == f"login{mine.number}"
    methods = (await staff.get(f"{place}/payment-methods")).json()["items"]
    assert len(methods) == 3
    assert [method["id"] for method in methods if method.get("is_default")] == [f"{mine.number}a"]
    (contact,) = (await staff.get(f"{place}/contacts")).json()["items"]
    assert (contact["contact_id"], contact.get("invoices")) == (friend.id, True)
    (acted,) = (await staff.get(f"{place}/acts-for")).json()["items"]
    assert (acted["acted_for_id"], acted.get("support")) == (friend.id, True)


async def test_a_merge_is_done_once_and_only_from_what_was_looked_at(api: Api) -> None:
    staff, viewer = await api(), await api("viewer")
    mine, other = await make_customer(staff), await make_customer(staff)
    place = f"/v1/customers/{mine.id}/merge"
    body = {"from_id": other.id, "from_version": 1}
    assert (await viewer.post(place, json=body, headers={"If-Match": "*"})).status_code == 403
    assert (await staff.post(place, json=body)).status_code == 428
    stale = await staff.post(place, json=body, headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.json()["current"]["id"]) == (412, mine.id)
    stale = await staff.post(place, json=body | {"from_version": 2}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["errors"][0]["pointer"]) == (412, "/from_version")
    wrong = await staff.post(place, json=body | {"values": {"gender": "x"}}, headers={"If-Match": "*"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/values/gender")
    nowhere = {"branch_id": "nowhere"}
    wrong = await staff.post(place, json=body | {"values": nowhere}, headers={"If-Match": "*"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (409, "/values/branch_id")
    for from_id, code in ((mine.id, "same_customer"), ("nobody", "unknown_reference")):
        refused = await staff.post(place, json=body | {"from_id": from_id}, headers={"If-Match": "*"})
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    await staff.post(f"/v1/customers/{mine.id}/archive")
    archived = await merge(staff, mine.id, other.id)
    assert (archived.status_code, archived.json()["code"]) == (409, "stays_archived")
    await staff.post(f"/v1/customers/{mine.id}/unarchive")
    answers = [await staff.post(place, json=body, headers={"If-Match": '"3"'}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    third = await make_customer(staff)
    again = await merge(staff, third.id, other.id)
    assert (again.status_code, again.json()["code"]) == (409, "merged")


async def test_two_who_merge_the_same_pair_at_once_do_it_once(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    one, two = await make_customer(staff), await make_customer(staff)
    answers = await asyncio.gather(merge(staff, one.id, two.id), merge(admin, two.id, one.id))
    first, second = sorted(answers, key=lambda answer: answer.status_code)
    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 410, "merged")
    assert second.json()["customer_id"] == first.json()["id"]


async def test_what_is_written_for_a_record_while_it_is_merged_says_where_it_is_now(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = await api()
    one, two, three = [await make_customer(staff) for _ in range(3)]
    await merge(staff, one.id, two.id)
    # As if it had been there a moment ago, when it was looked for.
    monkeypatch.setattr("server.routes.writing.require_owners", lambda *_: None)
    late = await staff.post(f"/v1/customers/{two.id}/notes", json={"body": "Late"})
    assert (late.status_code, late.json()["code"], late.json()["customer_id"]) == (410, "merged", one.id)
    nowhere = await staff.post(f"/v1/customers/{three.id[::-1]}/notes", json={"body": "Late"})
    assert (nowhere.status_code, nowhere.json()["code"]) == (409, "removed_meanwhile")


async def test_lists_that_would_be_too_long_are_refused(api: Api) -> None:
    staff = await api()
    one, two = [
        await make_customer(staff, phones=[{"number": f"+44207946{kind}{n:02}"} for n in range(12)])
        for kind in ("01", "02")
    ]
    refused = await merge(staff, one.id, two.id)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many")
    assert (await staff.get(f"/v1/customers/{two.id}")).status_code == 200


async def test_one_who_works_here_is_merged_by_admins(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    mine, other = (
        await make_customer(staff),
        await make_customer(staff, emails=[{"address": "a@example.org"}]),
    )
    given = await admin.post(f"/v1/customers/{other.id}/set-privilege", json=WORKS_HERE)
    assert given.status_code == 200, given.text
    refused = await merge(staff, mine.id, other.id)
    assert (refused.status_code, refused.json()["code"]) == (409, "has_privilege")
    assert (await merge(admin, mine.id, other.id)).json()["privilege"] == "staff"
    third = await make_customer(staff, emails=[{"address": "b@example.org"}])
    await admin.post(f"/v1/customers/{third.id}/set-privilege", json=WORKS_HERE)
    both = await merge(admin, mine.id, third.id)
    assert (both.status_code, both.json()["code"]) == (409, "both_work_here")


async def test_whoever_follows_the_record_hears_that_it_is_gone(api: Api, database: Database) -> None:
    staff = await api()
    mine, other = await make_customer(staff), await make_customer(staff)
    await merge(staff, mine.id, other.id)
    told = select(events.c.kind).where(events.c.record_id == other.id)
    assert database.read_now(lambda c: c.scalars(told).all()) == ["customers.removed"]
