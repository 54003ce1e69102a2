"""Customers who were merged into others: their old address says where they are now."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from server.problems import REMOVED_MEANWHILE, Refusal
from server.routes.call import Call
from server.store.tables import customers, former_customers


@dataclass(frozen=True, slots=True)
class Successor:
    """The customer whose record has taken the place of another one."""

    id: str
    number: int


def successor(connection: Connection, customer_id: str) -> Successor | None:
    """Give who has taken the place of a customer; None where nobody has."""
    statement = select(customers.c.id, customers.c.number).join_from(former_customers, customers)
    row = connection.execute(statement.where(former_customers.c.id == customer_id)).first()
    return None if row is None else Successor(row.id, row.number)


def merged_into(found: Successor) -> Refusal:
    """Give the refusal that says where a customer is now."""
    sentence = f"This record was merged into customer {found.number}."
    return Refusal(410, sentence, "merged", customer_id=found.id)


async def where_to(call: Call, refusal: Refusal) -> Refusal:
    """Give a refusal again; one that found nobody says where to look, where the customer was merged.

    It is asked only then: an address that leads somewhere costs nothing more.
    """
    gone = refusal.status == 404 or refusal.code == REMOVED_MEANWHILE
    if not gone or "customer_id" not in call.request.path_params:
        return refusal
    # Asked for as an id: what cannot be one is in no database, and PostgreSQL fails at some of it.
    customer_id = call.place("customer_id", "customer")
    found = await call.database.read(lambda connection: successor(connection, customer_id))
    return refusal if found is None else merged_into(found)
