"""Putting messages into the queue in the transaction of what they tell."""

from typing import Any, Final

from sqlalchemy import Connection, insert, select

from client.models import Customer
from server.rules import history
from server.rules.work import Work
from server.store.ids import new_id
from server.store.tables import messages, staff

_SHOWN: Final = ("kind", "to", "subject")


def put(work: Work, customer: Customer, kind: str, subject: str, body: str) -> bool:
    """Queue what the server itself writes to a customer; say whether there is an address to send it to."""
    to = primary_address(customer)
    if not to:
        return False
    values: dict[str, Any] = {
        "id": new_id(),
        "version": 1,
        "created_at": work.now,
        "updated_at": work.now,
        "customer_id": customer.id,
        "kind": kind,
        "to": to,
        "sender": own_address(work.connection, work.actor.id),
        "subject": subject[:200],
        "body": body,
        "state": "queued",
        "author_id": work.actor.id,
        "author": work.actor.name,
        "due_at": work.now,
    }
    work.connection.execute(insert(messages).values(values))
    history.record(
        work,
        "messages.created",
        changes=[{"field": f"/{name}", "new": values[name]} for name in _SHOWN],
        version=1,
        customer_id=customer.id,
        record_id=values["id"],
    )
    return True


def primary_address(customer: Customer) -> str:
    """Give the address that mail goes to, empty where there is none."""
    return next((email.address for email in customer.emails if email.is_primary), "")


def own_address(connection: Connection, staff_id: str) -> str:
    """Give the address of someone who works here, empty where none is known."""
    return connection.execute(select(staff.c.email).where(staff.c.id == staff_id)).scalar() or ""
