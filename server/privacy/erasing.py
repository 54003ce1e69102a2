"""Erasing a person: the declarations of the collections, carried out in one transaction."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Column, Table, Text, and_, bindparam, cast, delete, or_, select, update

from client.models import Customer, Record
from server.privacy.holding import each, of_customers
from server.routes import shelf
from server.routes.collection import CUSTOMER, Collection
from server.rules import history
from server.rules.work import Work
from server.store.tables import customers, events, idempotency_keys, metadata

BOOKS: Final = frozenset({"events", "charges", "former_customers"})
"""Tables that no collection declares and that stay: the history loses its values apart from this."""
_WORD: Final = re.compile("[a-z0-9_]{1,64}")
"""What a step of a pointer looks like where it was not typed by a person."""


def erase(
    work: Work, collections: Sequence[Collection[Any]], own: Collection[Customer], customer: Customer
) -> Customer:
    """Remove what is known of a person, and give the customer as it is then.

    What the books need stays, each collection says what; the history keeps who did what when to which
    field, and no value.
    """
    for collection in reversed(of_customers(collections)):
        if isinstance(collection.table, Table):
            _erase_records(work, collection, customer)
    _erase_rows(work, collections, customer.id)
    new = _erased(work, own, customer)
    row = shelf.change(work, own, customer, new, customer.to_json(), new.to_json())
    own.rules.after(work, customer, new, row)
    _empty_history(work, customer.id)
    work.connection.execute(delete(idempotency_keys).where(idempotency_keys.c.customer_id == customer.id))
    history.record(work, "customers.erased", changes=[], version=new.version, customer_id=customer.id)
    return new


def erased_name(number: int) -> str:
    """Give the name under which the books know somebody who was erased."""
    return f"Erased customer {number}"


def _erased(work: Work, own: Collection[Customer], customer: Customer) -> Customer:
    blank = _blank(own, Customer)
    blank |= {
        "display_name": erased_name(customer.number),
        "version": customer.version + 1,
        "updated_at": work.now,
    }
    return Customer.model_validate(customer.model_dump() | blank)


def _blank(collection: Collection[Any], model: type[Record]) -> dict[str, Any]:
    """Give what is put in the place of the members that a collection does not keep."""
    return {
        name: member.get_default(call_default_factory=True)
        for name, member in model.model_fields.items()
        if collection.erasure.blanks(name) and not member.is_required()
    }


def _erase_records(work: Work, collection: Collection[Any], customer: Customer) -> None:
    """Do to the records of one collection what it declares."""
    erasure, mine = collection.erasure, collection.table.c[CUSTOMER] == customer.id
    if erasure.removes:
        if collection.parent is None:
            # What hangs on a record and is kept elsewhere goes with it.
            for record in list(each(work.connection, collection, work.actor, {CUSTOMER: customer.id})):
                collection.rules.after(work, record, None, {})
        work.connection.execute(delete(collection.table).where(mine))
    elif not erasure.keeps_all:
        columns, blank = collection.table.columns, _blank(collection, collection.model)
        blank = {name: value for name, value in blank.items() if name in columns}
        fresh = {"version": columns["version"] + 1, "updated_at": work.now}
        work.connection.execute(update(collection.table).where(mine).values(**blank, **fresh))


def _erase_rows(work: Work, collections: Sequence[Collection[Any]], customer_id: str) -> None:
    """Remove rows that no collection declares, and those of other customers that point to this one."""
    stays = {collection.table.name for collection in collections if not collection.erasure.removes} | BOOKS
    for table in metadata.sorted_tables[::-1]:
        pointing = list(_pointing(table))
        if pointing and table.name not in stays:
            work.connection.execute(delete(table).where(or_(*(column == customer_id for column in pointing))))


def _pointing(table: Table) -> Iterator[Column[Any]]:
    return (
        column for column in table.columns if any(key.column is customers.c.id for key in column.foreign_keys)
    )


def _empty_history(work: Work, customer_id: str) -> None:
    """Take every value out of a customer's history, and out of what others' tells of links to that person."""
    linked = and_(events.c.kind.startswith("contacts."), cast(events.c.changes, Text).contains(customer_id))
    mine = select(events.c.id, events.c.changes).where(or_(events.c.customer_id == customer_id, linked))
    emptied = [
        {"entry": row.id, "emptied": [{"field": _harmless(change["field"])} for change in row.changes]}
        for row in work.connection.execute(mine)
        if row.changes
    ]
    if emptied:
        statement = update(events).where(events.c.id == bindparam("entry"))
        work.connection.execute(statement.values(changes=bindparam("emptied")), emptied)


def _harmless(pointer: str) -> str:
    """Cut a pointer at the first step that somebody may have typed."""
    steps = pointer.split("/")[1:]
    named = [step for place, step in enumerate(steps) if all(map(_WORD.fullmatch, steps[: place + 1]))]
    return "".join(f"/{step}" for step in named)
