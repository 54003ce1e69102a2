"""People who may act for a customer: other customers, each once for the same thing."""

from typing import Any

from sqlalchemy import ColumnElement, case, select

from client.models import Contact
from server.problems import Fault, Refusal
from server.rules import history
from server.rules.names import name_key
from server.rules.references import refuse_unknown, unknown_references
from server.rules.work import Rules, Work
from server.store.tables import contacts, customers


def standing() -> ColumnElement[str]:
    """Give what colleagues should know of a customer before they take a word for another's."""
    return case(
        (customers.c.archived_at.is_not(None), "archived"),
        *((customers.c.status == status, status) for status in ("blocked", "inactive")),
        else_="",
    )


class ContactRules(Rules[Contact]):
    """The rules of contacts."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Say who the contact is."""
        name = customers.c.display_name.label("contact")
        statement = select(customers.c.number, name, standing().label("standing"))
        person = work.connection.execute(statement.where(customers.c.id == values["contact_id"])).first()
        if person is not None:
            values |= person._asdict()

    def check(self, work: Work, old: Contact | None, new: Contact, given: frozenset[str]) -> Contact:
        """Refuse, with 409, who is not there, the customer itself, and who is there already."""
        refuse_unknown(unknown_references(work, new, old, {"customers": customers}))
        if new.contact_id == work.customer_id:
            sentence = "Nobody has to be named to act for themselves. Choose somebody else."
            raise Refusal(409, sentence, "same_customer", [Fault("/contact_id", "same_customer", sentence)])
        found = contacts.c
        same = select(found.id).where(
            found.customer_id == work.customer_id,
            found.contact_id == new.contact_id,
            found.product_key == name_key(new.product),
            found.id != new.id,
        )
        if work.connection.execute(same).first() is not None:
            what = f"for {new.product!r}" if new.product else "for everything"
            sentence = f"{new.contact} may act {what} already; change the rights there."
            pointer = "/contact_id" if old is None else "/product"
            raise Refusal(409, sentence, "already_contact", [Fault(pointer, "already_contact", sentence)])
        return new

    def derived(self, new: Contact) -> dict[str, Any]:
        """Keep the product as it is compared."""
        return {"product_key": name_key(new.product)}


def part_with(work: Work, customer_id: str, display_name: str) -> None:
    """Tell in the history of those for whom a customer acted that nobody of this name does any more.

    The links themselves go with the customer.
    """
    statement = select(contacts.c.id, contacts.c.customer_id, contacts.c.version)
    for row in work.connection.execute(statement.where(contacts.c.contact_id == customer_id)):
        history.record(
            work,
            "contacts.removed",
            changes=[{"field": "/contact", "old": display_name}],
            version=row.version,
            customer_id=row.customer_id,
            record_id=row.id,
        )
