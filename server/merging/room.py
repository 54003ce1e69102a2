"""What must give way before the records of one customer become another's: declared by collections.

Each of these is a `Settle`: it gets the work, the collection, and the ids of the customer who stays and of
the one who goes, before any row moves.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import delete, or_, select, update

from client.models.contact import RIGHTS
from server.portal import links
from server.privacy.holding import each
from server.routes import making
from server.routes.collection import CUSTOMER, Collection, Settle
from server.rules import consents, history
from server.rules.payment_methods import let_default_go, reference_of
from server.rules.work import Work
from server.store.tables import charges, contacts, customers, memberships


def keep_own(work: Work, collection: Collection[Any], stays: str, goes: str) -> None:
    """Of a single record keep that of the customer who stays, where there is one."""
    once_each(lambda _record: None)(work, collection, stays, goes)


def keep_own_account(work: Work, collection: Collection[Any], stays: str, goes: str) -> None:
    """Do the same with the account of the portal; links to the one that gives way are void."""
    if _records(work, collection, stays):
        links.void(work.connection, goes)
    keep_own(work, collection, stays, goes)


def once_each(same: Callable[[Any], Any]) -> Settle:
    """Let those give way of which the customer who stays has the same."""

    def settle(work: Work, collection: Collection[Any], stays: str, goes: str) -> None:
        known = {same(record) for record in _records(work, collection, stays)}
        for record in _records(work, collection, goes):
            if same(record) in known:
                _give_way(work, collection, record, goes)

    return settle


def no_wins(work: Work, collection: Collection[Any], stays: str, goes: str) -> None:
    """Of two answers to the same thing keep that of the customer who stays, unless the other one is a no."""
    del collection
    consents.take_over(work, stays, goes)


def filled_in_stays(work: Work, collection: Collection[Any], stays: str, goes: str) -> None:
    """Let a form give way that is not filled in, where the other customer was given the same one."""
    mine, others = _records(work, collection, stays), _records(work, collection, goes)
    known = {form.template_id for form in mine}
    for form in others:
        if form.template_id in known and form.state != "completed":
            _give_way(work, collection, form, goes)
    done = {form.template_id for form in others if form.state == "completed"}
    for form in mine:
        if form.template_id in done and form.state != "completed":
            _give_way(work, collection, form, stays)


def one_default(work: Work, collection: Collection[Any], stays: str, goes: str) -> None:
    """Keep a card once, and the default one of the customer who stays."""
    mine = {reference_of(work, method.id): method for method in _records(work, collection, stays)}
    for method in _records(work, collection, goes):
        twin = mine.get(reference_of(work, method.id))
        if twin is None:
            if mine and method.is_default:
                let_default_go(replace(work, owners={CUSTOMER: goes}), method.id)
            continue
        for table in (memberships, charges):
            column = table.c.payment_method_id
            work.connection.execute(
                update(table).where(column == method.id).values(payment_method_id=twin.id)
            )
        _give_way(work, collection, method, goes)


_ENDS: Final = ("customer_id", "contact_id")


def links_once(work: Work, collection: Collection[Any], stays: str, goes: str) -> None:
    """Let nobody act for themselves, nor anybody twice for the same thing: rights come together."""
    table = collection.table
    between = table.c.customer_id.in_((stays, goes)) & table.c.contact_id.in_((stays, goes))
    work.connection.execute(delete(table).where(between))
    named = select(customers.c.id, customers.c.display_name).where(customers.c.id.in_((stays, goes)))
    names = {row.id: row.display_name for row in work.connection.execute(named)}
    concerned = or_(*(table.c[end].in_((stays, goes)) for end in _ENDS))
    rows = work.connection.execute(select(table).where(concerned).order_by(table.c.id)).mappings().all()
    kept: dict[tuple[str, str, str], Any] = {}
    # Those of the customer who stays first: theirs are the links that others join.
    for row in sorted(rows, key=lambda row: goes in (row["customer_id"], row["contact_id"])):
        ends = [stays if row[end] == goes else row[end] for end in _ENDS]
        first = kept.setdefault((ends[0], ends[1], row["product_key"]), row)
        if first is not row:
            rights = {right: first[right] or row[right] for right in RIGHTS}
            _change_link(work, first, rights)
            work.connection.execute(delete(table).where(table.c.id == row["id"]))
        elif row["contact_id"] == goes:
            _tell_link(work, row, [{"field": "/contact", "old": names[goes], "new": names[stays]}])
            work.connection.execute(
                update(table).where(table.c.id == row["id"]).values(version=row["version"] + 1)
            )


def _change_link(work: Work, row: Any, rights: dict[str, bool]) -> None:
    changes = [{"field": f"/{right}", "new": True} for right in RIGHTS if rights[right] and not row[right]]
    if changes:
        fresh = {"version": row["version"] + 1, "updated_at": work.now}
        work.connection.execute(update(contacts).where(contacts.c.id == row["id"]).values(**rights, **fresh))
        _tell_link(work, row, changes)


def _tell_link(work: Work, row: Any, changes: list[history.Change]) -> None:
    history.record(
        work,
        "contacts.changed",
        changes=changes,
        version=row["version"] + 1,
        customer_id=row["customer_id"],
        record_id=row["id"],
    )


def _records(work: Work, collection: Collection[Any], customer_id: str) -> list[Any]:
    return list(each(work.connection, collection, work.actor, {CUSTOMER: customer_id}))


def _give_way(work: Work, collection: Collection[Any], record: Any, customer_id: str) -> None:
    making.give_way(replace(work, owners={CUSTOMER: customer_id}), collection, record)
