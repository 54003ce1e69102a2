"""Tickets: whose turn it is, and no word on one that is closed."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, func, select, update

from client.models import Reply, Ticket
from server.auth.actor import Actor
from server.problems import Refusal
from server.rules import history
from server.rules.work import Rules, Work
from server.store.tables import tickets

TICKET: Final = "ticket_id"
_WAITS_FOR: Final = {"staff": "pending", "customer": "open"}
"""Who has spoken, and the state that follows."""


class TicketRules(Rules[Ticket]):
    """The rules of tickets."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Name who opened it."""
        del parent_id
        values |= {"opened_by_id": work.actor.id, "opened_by": work.actor.name}


def close(work: Work, ticket: Ticket) -> Mapping[str, Any]:
    """Say that nothing is left to do."""
    return {} if ticket.state == "closed" else {"state": "closed", "closed_at": work.now}


def reopen(work: Work, ticket: Ticket) -> Mapping[str, Any]:
    """Take a closed ticket up again."""
    del work
    return {"state": "open", "closed_at": None} if ticket.state == "closed" else {}


class ReplyRules(Rules[Reply]):
    """The rules of replies."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Name the author. Raises 409 where the ticket is closed."""
        values |= {"author_id": work.actor.id, "author": work.actor.name}
        state = select(tickets.c.state).where(tickets.c.id == parent_id).with_for_update()
        if work.connection.scalar(state) == "closed":
            raise Refusal(409, "This ticket is closed. Reopen it before you reply.", "closed")

    def check(self, work: Work, old: Reply | None, new: Reply, given: frozenset[str]) -> Reply:
        """Refuse with 409 what the customer said as internal: the customer knows of it."""
        if new.internal and new.said_by == "customer":
            raise Refusal(409, "What the customer said cannot be internal.", "not_internal")
        return new

    def after(self, work: Work, old: Reply | None, new: Reply | None, row: Mapping[str, Any]) -> None:
        """Count the reply, and pass the turn to the other side."""
        if new is None or old is not None:
            return
        ticket_id = work.owners[TICKET]
        columns = tickets.c
        before = work.connection.execute(
            select(columns.state, columns.version).where(columns.id == ticket_id)
        ).one()
        state = before.state if new.internal else _WAITS_FOR.get(new.said_by, before.state)
        told = {"state": state, "replied_at": work.now, "updated_at": work.now}
        work.connection.execute(
            update(tickets)
            .where(columns.id == ticket_id)
            .values(reply_count=columns.reply_count + 1, version=columns.version + 1, **told)
        )
        if state != before.state:
            history.record(
                work,
                "tickets.changed",
                changes=[{"field": "/state", "old": before.state, "new": state}],
                version=before.version + 1,
                customer_id=work.customer_id,
                record_id=ticket_id,
            )


def open_tickets(connection: Connection, actor: Actor, customer_id: str) -> Mapping[str, Any]:
    """Count the tickets of a customer that are not closed, for a summary."""
    del actor
    statement = select(func.count()).where(tickets.c.customer_id == customer_id, tickets.c.state != "closed")
    return {"open_ticket_count": connection.execute(statement).scalar_one()}
