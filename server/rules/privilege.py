"""Customers who work here too: their accounts, and what their profiles say of it."""

import re
from typing import Any, Final

from sqlalchemy import Connection, literal_column, select, update

from client.fold import fold
from client.models import Staff
from server.problems import Refusal
from server.rules import history
from server.rules.work import Work
from server.store.tables import customers, staff

_LONGEST: Final = 50
_NOT_IN_LOGINS: Final = re.compile("[^a-z0-9._-]+")
_COLUMN: Final = (
    "coalesce((SELECT s.role FROM staff s WHERE s.customer_id = customers.id AND NOT s.disabled), 'none')"
)


def privilege_column() -> Any:
    """Give the member `privilege` of a customer: the role of the account that belongs to it."""
    return literal_column(_COLUMN, customers.c.status.type).label("privilege")


def login_from(connection: Connection, email: str, number: int) -> str:
    """Make a sign-in name of an e-mail address; one that is taken gets the customer's number behind it."""
    name = _NOT_IN_LOGINS.sub("", fold(email.partition("@")[0])).lstrip("._-")[:_LONGEST]
    taken = select(staff.c.id).where(staff.c.login == name)
    if name and connection.execute(taken).first() is None:
        return name
    return f"{name}{number}" if name else f"customer{number}"


def refuse_while_working(connection: Connection, customer_id: str) -> None:
    """Raise 409 where a customer has an account that is open."""
    open_account = select(staff.c.id).where(staff.c.customer_id == customer_id, ~staff.c.disabled)
    if connection.execute(open_account).first() is not None:
        sentence = "This customer works here too. Take the privilege away first."
        raise Refusal(409, sentence, "has_privilege")


def forget(connection: Connection, customer_id: str) -> None:
    """Let the account of a customer who is removed be nobody's."""
    connection.execute(update(staff).where(staff.c.customer_id == customer_id).values(customer_id=None))


def tell_customer(work: Work, old: Staff, new: Staff) -> None:
    """Give the customer of a changed account a new version and an entry in the history, for admins."""
    before, after = _privilege(old), _privilege(new)
    if new.customer_id is None or before == after:
        return
    changed = update(customers).where(customers.c.id == new.customer_id)
    version = work.connection.execute(
        changed.values(version=customers.c.version + 1, updated_at=work.now).returning(customers.c.version)
    ).scalar()
    if version is not None:
        change = {"field": "/privilege"} | _set("old", before) | _set("new", after)
        history.record(
            work,
            "customers.privilege_changed",
            changes=[change],
            version=version,
            customer_id=new.customer_id,
            admin_only=True,
        )


def _privilege(account: Staff) -> str:
    return "none" if account.disabled else account.role


def _set(name: str, value: str) -> dict[str, str]:
    return {} if value == "none" else {name: value}
