"""What a person may ask: to hear everything that is held, and to have it erased."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, inspect, text

from client.models import Model
from client.models.kinds import Line, Paragraph
from client.models.written import new_model
from server.privacy.erasing import BOOKS
from server.privacy.holding import of_customers
from server.routes import COLLECTIONS
from server.routes.collection import Collection
from server.sample.load import load
from server.store.database import Database
from server.store.tables import customers, metadata
from tests.desk import MERGE_PATCH, make_customer, open_desk

Api = Callable[..., Awaitable[httpx.AsyncClient]]
pytestmark = pytest.mark.feature("F9.6")

MARK = "Zyxquuv"
PERSON: dict[str, Any] = {
    "given_name": f"{MARK}a",
    "family_name": f"{MARK}b",
    "external_id": f"{MARK}c",
    "emails": [{"address": f"{MARK}@{MARK}.example".lower()}],
    "phones": [{"number": "+442079460958"}],
    "addresses": [{"line1": f"{MARK} Street", "city": f"{MARK}ville"}],
    "born_on": "1970-03-04",
    "status": "inactive",
    "status_reason": f"{MARK} moved",
}
MARKS = (MARK.lower(), "442079460958", "1970-03-04")


def marked(collection: Collection[Any]) -> dict[str, Any]:
    """Give the example with every text recognisable that tells of the person; the books keep the rest."""
    given = dict(collection.example)
    model: type[Model] = collection.model
    for name in new_model(model).model_fields:
        if not (collection.erasure.removes or collection.erasure.blanks(name)):
            continue
        field = model.model_fields[name]
        kinds = [kind for kind in field.metadata if isinstance(kind, Line | Paragraph)]
        if type(given.get(name, "")) is str and any(kind.max_length >= 20 for kind in kinds):
            given[name] = f"{MARK} {name}"
    return given


async def filled(client: httpx.AsyncClient) -> tuple[str, set[str]]:
    """Make a customer with something in each collection that takes it, and give the collections that did."""
    customer = (await client.post("/v1/customers", json=PERSON)).json()
    took = set()
    for collection in of_customers(COLLECTIONS):
        if collection.parent is None and "create" in collection.verbs and not collection.single:
            path = f"/v1/customers/{customer['id']}/{collection.path}"
            answer = await client.post(path, json=marked(collection), headers={"Idempotency-Key": path[-40:]})
            if answer.status_code == 201:
                took.add(collection.path)
    return customer["id"], took


def traces(connection: Connection) -> Iterator[str]:
    """Name every column of every table in which something of the person still stands."""
    # What the full-text index of SQLite holds cannot be read row by row: searching it must find nobody.
    tables = inspect(connection).get_table_names()
    for table in (name for name in tables if not name.startswith("search_tokens")):
        for row in connection.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608 - names of tables
            for name, value in row._asdict().items():
                shown = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                if any(mark in shown.lower() for mark in MARKS):
                    yield f"{table}.{name}: {shown[:80]}"


async def test_everything_that_is_held_is_told_and_that_it_was_told_is_history(api: Api) -> None:
    admin = await api("admin")
    customer_id, took = await filled(admin)
    assert "notes" in took
    answer = await admin.get(f"/v1/customers/{customer_id}/personal-data")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    told = answer.json()
    assert told["made_by"] == "Ada Admin"
    assert told["customer"]["given_name"] == f"{MARK}a"
    assert took <= set(told["collections"])
    assert told["collections"]["notes"][0]["body"] == f"{MARK} body"
    assert {entry["kind"] for entry in told["collections"]["events"]} >= {
        "customers.created",
        "notes.created",
    }
    history = (await admin.get(f"/v1/customers/{customer_id}/events")).json()["items"]
    assert (history[0]["kind"], history[0]["actor"]) == ("customers.exported", "Ada Admin")


@pytest.mark.parametrize("role", ["viewer", "staff"])
async def test_only_admins_export_and_erase(api: Api, role: str) -> None:
    client, admin = await api(role), await api("admin")
    customer = await make_customer(admin, status="inactive")
    place = f"/v1/customers/{customer.id}"
    assert (await client.get(f"{place}/personal-data")).status_code == 403
    refused = await client.post(f"{place}/erase", json={"number": customer.number})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert "personal-data:read" not in (await client.get("/v1/me")).json()["permissions"]


async def test_erasing_leaves_no_trace_of_the_person_in_the_database(api: Api, database: Database) -> None:
    admin = await api("admin")
    customer_id, took = await filled(admin)
    place = f"/v1/customers/{customer_id}"
    await admin.post("/v1/labels", json={"name": "vip"})
    version = (await admin.get(place)).json()["version"]
    headers = MERGE_PATCH | {"If-Match": f'"{version}"', "Idempotency-Key": "one"}
    changed = await admin.patch(place, json={"labels": ["vip"], "middle_name": MARK}, headers=headers)
    assert changed.status_code == 200, changed.text
    assert list(database.read_now(lambda connection: list(traces(connection))))

    number = changed.json()["number"]
    done = await admin.post(f"{place}/erase", json={"number": number})
    assert done.status_code == 200, done.text
    assert database.read_now(lambda connection: list(traces(connection))) == []

    kept = (await admin.get(place)).json()
    assert kept == done.json()
    assert (kept["display_name"], kept["number"]) == (f"Erased customer {number}", number)
    assert set(kept) <= {
        *("id", "number", "version", "created_at", "updated_at", "display_name", "status", "access")
    }
    assert (await admin.get(f"{place}/notes")).json()["items"] == []
    found = await admin.post("/v1/customers/search", json={"q": MARK})
    assert found.json()["items"] == []
    found = await admin.post("/v1/customers/search", json={"q": str(number)})
    assert [row["display_name"] for row in found.json()["items"]] == [f"Erased customer {number}"]
    assert {"notes"} <= took


async def test_the_history_keeps_its_shape(api: Api) -> None:
    admin, staff = await api("admin"), await api("staff")
    customer_id, _ = await filled(staff)
    place = f"/v1/customers/{customer_id}"
    before = (await admin.get(f"{place}/events", params={"limit": 200})).json()["items"]
    number = (await admin.get(place)).json()["number"]
    await admin.post(f"{place}/erase", json={"number": number})
    after = (await admin.get(f"{place}/events", params={"limit": 200})).json()["items"]
    assert after[0]["kind"] == "customers.erased"
    kept = [entry for entry in after if entry["id"] in {known["id"] for known in before}]
    assert [{**entry, "changes": None} for entry in kept] == [{**entry, "changes": None} for entry in before]
    for entry, known in zip(kept, before, strict=True):
        fields = [change["field"] for change in known.get("changes", [])]
        assert entry.get("changes", []) == [{"field": field} for field in fields]


async def test_only_an_inactive_or_archived_customer_is_erased_and_only_by_its_number(api: Api) -> None:
    admin = await api("admin")
    customer = await make_customer(admin, status="active")
    place = f"/v1/customers/{customer.id}/erase"
    refused = await admin.post(place, json={"number": customer.number})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_erasable")
    await admin.post(f"/v1/customers/{customer.id}/archive")
    wrong = await admin.post(place, json={"number": customer.number + 1})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "other_number")
    stale = await admin.post(place, json={"number": customer.number}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert (await admin.get(f"/v1/customers/{customer.id}")).json()["given_name"] == "Joanna"
    assert (await admin.post(place, json={"number": customer.number})).status_code == 200


async def test_customers_with_everything_are_exported_and_erased(database: Database) -> None:
    database.write_now(lambda connection: load(connection, 30, date(2026, 11, 20)))
    async with open_desk(database).client("admin") as admin:
        rows = (await admin.post("/v1/customers/search", json={"limit": 30})).json()["items"]
        seen: set[str] = set()
        for row in rows:
            place = f"/v1/customers/{row['id']}"
            before = (await admin.get(f"{place}/personal-data")).json()["collections"]
            await admin.post(f"{place}/archive")
            done = await admin.post(f"{place}/erase", json={"number": row["number"]})
            assert done.status_code == 200, done.text
            after = (await admin.get(f"{place}/personal-data")).json()["collections"]
            for collection in of_customers(COLLECTIONS):
                kept = len(after.get(collection.path, ()))
                if collection.erasure.removes:
                    assert kept == 0, collection.path
                elif collection.path != "events":
                    assert kept == len(before.get(collection.path, ())), collection.path
                for record in after.get(collection.path, ()) if collection.path != "events" else ():
                    assert not collection.erasure.blanked & set(record), collection.path
            seen |= set(before)
    assert {"notes", "events"} <= seen


def test_the_tables_that_stay_are_those_of_the_books() -> None:
    """What nobody declares is removed; what stays is declared, and told here."""
    pointing = {
        table.name
        for table in metadata.sorted_tables
        if any(key.column is customers.c.id for column in table.columns for key in column.foreign_keys)
    }
    kept = {
        collection.table.name for collection in of_customers(COLLECTIONS) if not collection.erasure.removes
    }
    assert pointing >= BOOKS
    assert kept <= pointing
    assert {"notes", "customer_labels", "messages", "documents", "contacts"} & pointing
    assert not {"notes", "customer_labels", "messages", "documents", "contacts"} & kept
