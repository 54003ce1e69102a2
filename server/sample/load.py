"""Fills an empty database with the business and as many customers as are asked for."""

from datetime import date
from typing import Any, Final

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, select, update

from client.fold import fold
from server.rules.names import name_key
from server.sample import customers as sample
from server.sample.business import FOUNDED_AT, business
from server.sample.moments import Moments
from server.sample.parts import rows_of
from server.sample.registry import LISTS, PARTS
from server.store import tables
from server.store.bulk import Bulk, filling, flush
from server.store.counters import take
from server.store.search import index_for

_REFERENCES: Final = {
    "labels": tables.labels,
    "branches": tables.branches,
    "partners": tables.partners,
    "locations": tables.locations,
}


def load(connection: Connection, count: int, today: date) -> None:
    """Write the business and `count` customers into the empty tables behind `connection`.

    Their past ends the day before `today`. Nobody can sign in yet: the accounts have no passwords.
    """
    _load_business(connection)
    if count:
        _load_customers(connection, count, today)


def _load_business(connection: Connection) -> None:
    made = {"version": 1, "created_at": FOUNDED_AT, "updated_at": FOUNDED_AT}
    own = business()
    with filling(connection, *_REFERENCES.values(), tables.staff, tables.settings) as bulks:
        for bulk, name in zip(bulks, _REFERENCES, strict=False):
            for record in getattr(own, name):
                bulk.add({**record, **made, "name_key": name_key(record["name"])})
        for colleague in own.staff:
            bulks[-2].add({name: getattr(colleague, name) for name in colleague.__slots__} | made)
        for name, value in own.settings.items():
            bulks[-1].add({"name": name, "value": value})
    with filling(connection, *(listed.table for listed in LISTS)) as bulks:
        for bulk, listed in zip(bulks, LISTS, strict=True):
            named = "name_key" in listed.table.columns
            for record in listed.rows():
                bulk.add({**record, "name_key": name_key(record["name"])} if named else record)


def _load_customers(connection: Connection, count: int, today: date) -> None:
    first_rank = take(connection, tables.customer_rank, count)
    take(connection, tables.customer_number, sample.FIRST_NUMBER + count - 1)
    ranks = sample.ranks(count)
    own = (tables.customers, tables.customer_labels, tables.notes, tables.events)
    written = dict.fromkeys([*own, *(table for part in PARTS for table in part.tables)])
    past = Moments.until(today)

    # The index is filled in the order of ranks. Until then rows wait as text, which takes far less room.
    waiting = [b""] * count
    with filling(connection, *written) as bulks:
        bulk_of = dict(zip(written, bulks, strict=True))
        for customer, rank in zip(sample.customers(count, today), ranks, strict=True):
            row = _row(customer.record, rank + first_rank - 1)
            _add(bulks, row, customer)
            for table, belonging in rows_of(customer, today, past, count, PARTS):
                bulk_of[table].add(belonging)
            if bulks[0].full():
                flush(bulks)
            waiting[rank - 1] = to_json([row, customer.label_ids])
    index_for(connection.dialect.name).put_many(connection, map(from_json, waiting))
    for part in PARTS:
        if part.finish is not None:
            part.finish(connection)


def _add(bulks: list[Bulk], row: dict[str, Any], customer: sample.SampleCustomer) -> None:
    customers, labels, notes, events = bulks[:4]
    customers.add(row)
    for label_id in customer.label_ids:
        labels.add({"customer_id": row["id"], "label_id": label_id})
    for note in customer.notes:
        notes.add({**note, "customer_id": row["id"], "version": 1})
    for event in customer.events:
        events.add(event)


def _row(record: dict[str, Any], rank: int) -> dict[str, Any]:
    """Give the row of a customer: its members, and what is derived from them."""
    empty: dict[str, Any] = {"type": "individual", "emails": [], "phones": [], "addresses": []}
    empty |= dict.fromkeys(("given_name", "middle_name", "family_name", "company_name", "external_id"), "")
    empty |= dict.fromkeys(("branch_id", "partner_id", "location_id", "archived_at"))
    row = empty | record
    city = row["addresses"][0].get("city", "") if row["addresses"] else ""
    return row | {
        "rank": rank,
        "sort_name": fold(row["display_name"])[:200],
        "primary_phone": row["phones"][0]["number"] if row["phones"] else "",
        "primary_email": row["emails"][0]["address"] if row["emails"] else "",
        "city": city,
        "sort_city": fold(city)[:100],
    }


def is_sample(connection: Connection) -> bool | None:
    """Say whether a database holds this business; None where it is empty."""
    ids = set(connection.scalars(select(tables.staff.c.id)))
    if not ids:
        return None if connection.scalar(select(tables.customers.c.id).limit(1)) is None else False
    return any(colleague.id in ids for colleague in business().staff)


def let_in(connection: Connection, password_hash: str) -> None:
    """Let everyone of the business sign in with one password: for trying things out, never for real use."""
    own = [colleague.id for colleague in business().staff]
    connection.execute(
        update(tables.staff).where(tables.staff.c.id.in_(own)).values(password_hash=password_hash)
    )
