"""Running an import: every row that is fit, in one transaction with its history and its index."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select

from client.models import Customer, Import
from client.models.importing import ImportReport
from server.importing.checking import require_checked
from server.importing.same import marks_of
from server.problems import Refusal
from server.routes import making, shelf
from server.routes.customers import CUSTOMERS
from server.rules import history
from server.rules.consents import follow_opt_outs
from server.rules.forms import give_by_rule
from server.rules.work import Work
from server.store import tables
from server.store.bulk import filling
from server.store.counters import take_many
from server.store.ids import new_id
from server.store.positions import positions_for
from server.store.tables import customers, form_templates, import_keys, import_rows, imports

if TYPE_CHECKING:
    from server.store.search.base import SearchIndex

_SLICE: Final = 2_000
_MOST_CHANGED: Final = 20_000
"""Customers that may have changed since the check; with more it is made again."""


def run(work: Work, index: "SearchIndex", one: Import, rank: int) -> ImportReport:
    """Write all that is fit and give what became of it. Raises 409 where that may not be yet.

    `rank` is that of the newest customer when the check began.
    """
    require_checked(one)
    running = _Running(work, index, one, rank)
    for rows in _slices(work, one):
        running.take(rows)
    report = one.report.model_copy(
        update={"added": running.added, "updated": running.updated, "left_out": running.left_out}
    )
    told = {"added": report.added, "updated": report.updated, "left_out": report.left_out}
    changes = [{"field": f"/{name}", "new": count} for name, count in told.items() if count]
    changes.insert(0, {"field": "/name", "new": one.name})
    history.record(work, "imports.run", changes=changes, version=one.version + 1, record_id=one.id)
    for table in (import_keys, import_rows):
        # What came is in the customers now; nothing of it lies about.
        work.connection.execute(delete(table).where(table.c.import_id == one.id))
    return report


def _slices(work: Work, one: Import) -> Iterator[Sequence[Any]]:
    wanted, last = import_rows.c, -1
    while True:
        rows = work.connection.execute(
            select(wanted.row, wanted.outcome, wanted.about, wanted.record, wanted.customer_id)
            .where(wanted.import_id == one.id, wanted.row > last)
            .order_by(wanted.row)
            .limit(_SLICE)
        ).all()
        if not rows:
            return
        yield rows
        last = rows[-1].row


class _Running:
    """One run, slice by slice."""

    def __init__(self, work: Work, index: "SearchIndex", one: Import, rank: int) -> None:
        self._work = work
        self._index = index
        self._duplicates = one.duplicates
        self._since = _changed_since(work, rank)
        self._labels = {row.name: row.id for row in work.connection.execute(select(tables.labels))}
        given = form_templates.c.given_to
        by_rule = select(form_templates.c.id).where(form_templates.c.active, given != "").limit(1)
        self._gives_forms = work.connection.execute(by_rule).first() is not None
        self.added = self.updated = self.left_out = 0

    def take(self, rows: Sequence[Any]) -> None:
        """Write one slice."""
        new: list[Mapping[str, Any]] = []
        for row in rows:
            if row.outcome != "fit":
                self.left_out += row.outcome == "faulty"
                continue
            there = self._who(row)
            if self._duplicates == "add" or not (there or row.about == "repeated"):
                new.append(row.record)
            elif there and self._duplicates == "update" and self._update(there, row.record):
                self.updated += 1
            else:
                self.left_out += 1
        if new:
            self._add(new)
            self.added += len(new)

    def _who(self, row: Any) -> str:
        """Give the customer that a row is likely about: found by the check, or added since."""
        if row.customer_id:
            return str(row.customer_id)
        if not self._since:
            return ""
        return next((found for key in marks_of(row.record).keys if (found := self._since.get(key))), "")

    def _update(self, customer_id: str, record: Mapping[str, Any]) -> bool:
        """Write what a row says over a customer; an opt-out stays, and what a row leaves open."""
        work = self._work
        old = shelf.lock(work.connection, CUSTOMERS, work.actor, customer_id)
        if old is None:
            return False
        members = {name: value for name, value in record.items() if name not in ("type", "status", "access")}
        members |= {name: record[name] for name in ("type", "status") if record.get(name, "") not in _USUAL}
        for part, key in (("phones", "number"), ("emails", "address"), ("addresses", "line1")):
            if part in members:
                members[part] = _joined(old.to_json().get(part, []), members[part], key)
        if "labels" in members:
            members["labels"] = [*old.labels, *(name for name in members["labels"] if name not in old.labels)]
        if "custom_fields" in members:
            members["custom_fields"] = {**old.custom_fields, **members["custom_fields"]}
        new = making.change(work, CUSTOMERS, old, members)
        return new is not old

    def _add(self, records: Sequence[Mapping[str, Any]]) -> None:
        connection, now = self._work.connection, self._work.now
        numbers = take_many(connection, tables.customer_number, len(records))
        ranks = take_many(connection, tables.customer_rank, len(records))
        positions = positions_for(connection, len(records))
        own = (customers, tables.customer_labels, tables.events)
        indexed: list[tuple[dict[str, Any], list[str]]] = []
        made: list[Customer] = []
        with filling(connection, *own) as (people, labels, events):
            for record, number, rank, position in zip(records, numbers, ranks, positions, strict=True):
                given = {"id": new_id(), "number": number, "version": 1, "created_at": now, "updated_at": now}
                customer = Customer.model_validate({**record, **given})
                shown = customer.to_json()
                row = shelf.row_of(CUSTOMERS, customer, shown) | {"rank": rank}
                carried = [self._labels[name] for name in customer.labels if name in self._labels]
                people.add(row)
                for label_id in carried:
                    labels.add({"customer_id": customer.id, "label_id": label_id})
                events.add(self._event(customer, shown, position))
                indexed.append((row, carried))
                made.append(customer)
        self._index.put_new(connection, indexed)
        for customer in made:
            follow_opt_outs(self._work, None, customer)
            if self._gives_forms:
                give_by_rule(self._work, None, customer)

    def _event(self, customer: Customer, shown: Mapping[str, Any], position: int) -> dict[str, Any]:
        """Give the entry of the history, as a creation by hand has it."""
        changes, _ = history.split(CUSTOMERS.hidden_members, history.differences({}, shown))
        return {
            "id": new_id(),
            "customer_id": customer.id,
            "at": self._work.now,
            "actor_id": self._work.actor.id,
            "actor": self._work.actor.name,
            "kind": "customers.created",
            "version": 1,
            "changes": changes,
            "request_id": self._work.request_id,
            "position": position,
        }


_USUAL: Final = frozenset({"", "new", "individual"})
"""Words that a row has where it says nothing."""


def _joined(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], key: str) -> list[Any]:
    """Add the parts of a row that are not there; the primary one stays what it was."""
    there = {part.get(key) for part in old}
    more = [part for part in new if part.get(key) not in there]
    if not old:
        return list(more)
    return [*old, *({k: v for k, v in part.items() if k != "is_primary"} for part in more)]


def _changed_since(work: Work, rank: int) -> dict[str, str]:
    """Give by what those are known again who came or changed since the check, with their ids."""
    known = customers.c
    rows = (
        work.connection.execute(
            select(
                known.id, known.external_id, known.display_name, known.phones, known.emails, known.addresses
            )
            .where(known.rank > rank)
            .limit(_MOST_CHANGED + 1)
        )
        .mappings()
        .all()
    )
    if len(rows) > _MOST_CHANGED:
        raise Refusal(409, "Very many customers changed since the check. Check again.", "not_checked")
    return {key: str(row["id"]) for row in rows for key in marks_of(dict(row)).keys}


def finish(work: Work, one: Import, report: ImportReport) -> None:
    """Write that an import is done."""
    values = {"state": "done", "report": report.to_json(), "version": one.version + 1, "updated_at": work.now}
    work.connection.execute(imports.update().where(imports.c.id == one.id).values(values))
