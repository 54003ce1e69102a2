"""Merging two customers: everything attached moves along in one transaction, the old number is kept."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Column, Table, case, delete, insert, or_, select, update

from client.models import Customer
from server.merging.choosing import Proposal
from server.merging.room import keep_own
from server.privacy.holding import of_customers
from server.problems import Refusal
from server.routes import shelf
from server.routes.collection import CUSTOMER, Collection
from server.rules import history
from server.rules.privilege import refuse_while_working
from server.rules.work import Work
from server.store.tables import (
    bookings,
    customer_labels,
    customers,
    distinct_customers,
    former_customers,
    metadata,
    staff,
)

_SETTLED: Final = frozenset({customer_labels, distinct_customers, staff})
"""Tables that no collection declares and that are seen to here, row by row."""


def move(
    work: Work,
    collections: Sequence[Collection[Any]],
    own: Collection[Customer],
    stays: Customer,
    goes: Customer,
    proposal: Proposal,
) -> None:
    """Let everything that belongs to one customer belong to another, and take the empty record away."""
    _move_account(work, stays.id, goes.id)
    for collection in of_customers(collections):
        settle = collection.settle or (keep_own if collection.single else None)
        if settle is not None:
            settle(work, collection, stays.id, goes.id)
    _rename_addresses(work, goes.id, proposal.addresses)
    _move_pairs(work, stays.id, goes.id)
    work.connection.execute(delete(customer_labels).where(customer_labels.c.customer_id == goes.id))
    for table in metadata.sorted_tables:
        if table not in _SETTLED:
            for column in pointing(table):
                moved = update(table).where(column == goes.id).values({column.name: stays.id})
                work.connection.execute(moved)
    own.rules.after(work, goes, None, {})
    # Whoever follows the record hears that it is gone, as of any other that is removed.
    history.record(
        work, "customers.removed", changes=[], version=goes.version, customer_id=None, record_id=goes.id
    )
    shelf.remove(work, own, goes.id)
    former = {"id": goes.id, "number": goes.number, "customer_id": stays.id, "merged_at": work.now}
    work.connection.execute(insert(former_customers).values(**former))


def pointing(table: Table) -> Iterator[Column[Any]]:
    """Give the columns of a table that name a customer."""
    for column in table.columns:
        points = any(key.column is customers.c.id for key in column.foreign_keys)
        if points or column.name == CUSTOMER:
            yield column


def _move_account(work: Work, stays: str, goes: str) -> None:
    """Let the account of one who works here too go along. Raises 409 where that is not to be."""
    if not work.actor.is_admin:
        refuse_while_working(work.connection, goes)
    account = staff.c.customer_id
    statement = select(staff.c.customer_id, staff.c.disabled).where(account.in_((stays, goes)))
    disabled = {row.customer_id: row.disabled for row in work.connection.execute(statement)}
    if goes not in disabled:
        return
    if stays in disabled:
        if not disabled[stays] and not disabled[goes]:
            sentence = "Both records have an account to work here. Take the privilege of one away first."
            raise Refusal(409, sentence, "both_work_here")
        nobodys = goes if disabled[goes] else stays
        work.connection.execute(update(staff).where(account == nobodys).values(customer_id=None))
    work.connection.execute(update(staff).where(account == goes).values(customer_id=stays))


def _rename_addresses(work: Work, customer_id: str, renamed: dict[str, str]) -> None:
    """Let bookings name the addresses by the ids that those have in the record that stays."""
    renamed = {old: new for old, new in renamed.items() if old != new}
    if renamed:
        column = bookings.c.address_id
        mine = update(bookings).where(bookings.c.customer_id == customer_id, column.in_(renamed))
        work.connection.execute(mine.values(address_id=case(renamed, value=column, else_=column)))


def _move_pairs(work: Work, stays: str, goes: str) -> None:
    """Keep what was said of who is not the same as the record that goes."""
    pairs = distinct_customers.c
    statement = select(distinct_customers).where(or_(pairs.customer_id == goes, pairs.other_id == goes))
    rows = work.connection.execute(statement).all()
    work.connection.execute(
        delete(distinct_customers).where(or_(pairs.customer_id == goes, pairs.other_id == goes))
    )
    for row in rows:
        other = row.other_id if row.customer_id == goes else row.customer_id
        if other != stays:
            keep_apart(work, stays, other)


def keep_apart(work: Work, one: str, other: str) -> None:
    """Remember that two are not the same person; said before, it stays as it was."""
    first, second = sorted((one, other))
    pairs = distinct_customers.c
    known = select(pairs.said_at).where(pairs.customer_id == first, pairs.other_id == second)
    if work.connection.execute(known).first() is None:
        said = {"said_at": work.now, "said_by": work.actor.name}
        work.connection.execute(insert(distinct_customers).values(customer_id=first, other_id=second, **said))
