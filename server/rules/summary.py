"""What a profile says at a glance: one small query for each subject, for those who may read the subject."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select

from client.models import Summary
from server.auth.actor import Actor
from server.rules.bookings import brief_bookings
from server.rules.memberships import brief_memberships
from server.rules.spending import brief_debt
from server.rules.taxes import brief_tax
from server.rules.tickets import open_tickets
from server.store.tables import notes


@dataclass(frozen=True, slots=True)
class Subject:
    """Something of a customer that the summary tells of."""

    permission: str
    """The word without which it is left out; a server that lacks the feature grants it to nobody."""
    tell: Callable[[Connection, Actor, str], Mapping[str, Any]]
    """From who asks and the customer's id to members of `Summary`, by one query that uses an index."""


def _notes(connection: Connection, actor: Actor, customer_id: str) -> Mapping[str, Any]:
    seen: list[ColumnElement[bool]] = [] if actor.is_admin else [notes.c.visibility != "admin"]
    statement = select(func.count()).where(notes.c.customer_id == customer_id, *seen)
    return {"note_count": connection.execute(statement).scalar_one()}


SUBJECTS: Final = (
    Subject("notes:read", _notes),
    Subject("invoices:read", brief_debt),
    Subject("tax:read", brief_tax),
    Subject("bookings:read", brief_bookings),
    Subject("memberships:read", brief_memberships),
    Subject("tickets:read", open_tickets),
)


def summary(connection: Connection, actor: Actor, customer_id: str) -> dict[str, Any]:
    """Give the summary of a customer as this person may see it."""
    told: dict[str, Any] = {}
    for subject in SUBJECTS:
        if actor.may(subject.permission):
            told |= subject.tell(connection, actor, customer_id)
    shown: dict[str, Any] = Summary.model_validate(told).to_json()
    return shown
