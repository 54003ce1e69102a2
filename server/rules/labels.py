"""Labels: names that customers carry, so that a change of a label is a change of theirs."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update

from client.models import Label
from server.rules.names import NamedRules
from server.rules.work import Work
from server.store.ids import new_id
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
        statement = (
            select(customers.c.id, customers.c.version)
            .join(customer_labels, customer_labels.c.customer_id == customers.c.id)
            .where(customer_labels.c.label_id == old.id)
        )
        change = {"field": "/labels", "old": [old.name]} | ({"new": [new.name]} if new is not None else {})
        entries = [
            {
                "id": new_id(),
                "customer_id": row.id,
                "at": work.now,
                "actor_id": work.actor.id,
                "actor": work.actor.name,
                "kind": "customers.changed",
                "version": row.version,
                "changes": [change],
                "request_id": work.request_id,
            }
            for row in work.connection.execute(statement)
        ]
        if entries:
            work.connection.execute(insert(events), entries)
