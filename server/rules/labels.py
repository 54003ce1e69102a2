"""Labels: names that customers carry, so that a change of a label is a change of theirs."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update

from client.models import Label
from server.rules.names import NamedRules, name_key
from server.rules.work import Work
from server.store.ids import new_id
from server.store.positions import next_position
from server.store.tables import customer_labels, customers, events, labels


class LabelRules(NamedRules[Label]):
    """A renamed label shows at once on every customer; a removed one is taken off them."""

    def __init__(self) -> None:
        super().__init__(labels)

    def after(self, work: Work, old: Label | None, new: Label | None, row: Mapping[str, Any]) -> None:
        """Give every customer that carries the label a new version, because what is shown of it changed."""
        if old is None or (new is not None and new.name == old.name):
            return
        carrying = select(customer_labels.c.customer_id).where(customer_labels.c.label_id == old.id)
        work.connection.execute(
            update(customers)
            .where(customers.c.id.in_(carrying))
            .values(version=customers.c.version + 1, updated_at=work.now)
        )
        self._tell(work, old, new)

    def _tell(self, work: Work, old: Label, new: Label | None) -> None:
        """Write into each customer's history how its labels read before and after."""
        entries = [
            {
                "id": new_id(),
                "customer_id": customer_id,
                "at": work.now,
                "actor_id": work.actor.id,
                "actor": work.actor.name,
                "kind": "customers.changed",
                "version": version,
                "changes": [_change(names, old, new)],
                "request_id": work.request_id,
            }
            for customer_id, (version, names) in _carrying(work, old.id).items()
        ]
        if entries:
            placed = insert(events).values(position=next_position(work.connection.dialect))
            work.connection.execute(placed, entries)


def _carrying(work: Work, label_id: str) -> dict[str, tuple[int, list[str]]]:
    """Give the version and the labels, as they are stored now, of each customer that carries a label."""
    carrying = select(customer_labels.c.customer_id).where(customer_labels.c.label_id == label_id)
    statement = (
        select(customers.c.id, customers.c.version, labels.c.name)
        .join(customer_labels, customer_labels.c.customer_id == customers.c.id)
        .join(labels, labels.c.id == customer_labels.c.label_id)
        .where(customers.c.id.in_(carrying))
    )
    found: dict[str, tuple[int, list[str]]] = {}
    for row in work.connection.execute(statement):
        found.setdefault(row.id, (row.version, []))[1].append(row.name)
    return found


def _change(names: list[str], old: Label, new: Label | None) -> dict[str, Any]:
    others = [name for name in names if name not in (old.name, new.name if new is not None else old.name)]
    before = sorted([*others, old.name], key=name_key)
    after = sorted([*others, *([new.name] if new is not None else [])], key=name_key)
    return {"field": "/labels", "old": before} | ({"new": after} if after else {})
