"""People who may act for a customer, and those for whom one may act: one table, seen from both ends."""

from collections.abc import Sequence
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Table, select

from client.models import ActsFor, Contact
from server.merging.room import links_once
from server.routes.collection import EXAMPLE_ID, Collection
from server.rules.contacts import ContactRules, standing
from server.rules.work import Rules
from server.store.tables import contacts, customers

_TURNED: Final = select(
    *(column for column in contacts.c if column.name not in ("customer_id", "contact_id")),
    contacts.c.contact_id.label("customer_id"),
    contacts.c.customer_id.label("acted_for_id"),
).subquery("acts_for")
"""The links from their other end: they belong to the customer who acts."""


def _person(name: str, customer_id: ColumnElement[str]) -> Sequence[ColumnElement[Any]]:
    """Give the members that say who the customer at the other end is; `name` is the one with the name."""
    told = (customers.c.number, customers.c.display_name.label(name), standing().label("standing"))
    return [
        select(column).where(customers.c.id == customer_id).scalar_subquery().label(column.name)
        for column in told
    ]


CONTACTS: Final = Collection(
    model=Contact,
    table=contacts,
    path="contacts",
    singular="contact",
    about="Other customers who may act for this one, with what each may do. Not the customer itself, and "
    "nobody twice for the same product (409).",
    order=(("id", False),),
    ordered="Oldest first.",
    rules=ContactRules(),
    of_customer=True,
    settle=links_once,
    unversioned=True,
    extra_columns=lambda _dialect: _person("contact", contacts.c.contact_id),
    removal="The links of a customer go with it, at both ends.",
    example={"contact_id": EXAMPLE_ID, "product": "Flat at the quay", "invoices": True, "support": True},
    given={"number": 1047, "contact": "Tom Byrne"},
)

ACTS_FOR: Final = Collection(
    model=ActsFor,
    # It is only ever read, which a subquery can stand for as well as a table.
    table=cast("Table", _TURNED),
    path="acts-for",
    singular="customer acted for",
    about="Customers for whom this one may act: their contacts, seen from the other end.",
    order=(("id", False),),
    ordered="Oldest first.",
    rules=Rules[ActsFor](),
    of_customer=True,
    verbs=frozenset({"list"}),
    extra_columns=lambda _dialect: _person("acted_for", _TURNED.c.acted_for_id),
    given={"number": 1047, "acted_for": "Tom Byrne", "acted_for_id": EXAMPLE_ID, "invoices": True},
)
