"""What confirming an account and signing in do in the database. Every function runs in one read or write."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from server.auth.actor import Actor
from server.auth.passwords import Verdict
from server.auth.tokens import token_hash
from server.portal import links
from server.rules import history
from server.rules.names import name_key
from server.rules.portal import CLOSED
from server.rules.work import Work
from server.store.tables import customers, portal_accounts, portal_links


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in needs of a portal account."""

    id: str
    customer_id: str
    login: str
    password_hash: str
    number: int
    display_name: str
    closed: bool


_ACCOUNTS = select(
    portal_accounts.c.id,
    portal_accounts.c.customer_id,
    portal_accounts.c.login,
    portal_accounts.c.password_hash,
    customers.c.number,
    customers.c.display_name,
    CLOSED,
).join_from(portal_accounts, customers)


def by_login(connection: Connection, login: str) -> Account | None:
    """Find an account by its login, in any case."""
    found = connection.execute(_ACCOUNTS.where(portal_accounts.c.login_key == name_key(login))).first()
    return None if found is None else Account(*found)


def by_link(connection: Connection, token: str, now: datetime) -> Account | None:
    """Find the account that a link is for; None where the link is not good."""
    customer_id = links.customer_of(connection, token, now)
    found = connection.execute(_ACCOUNTS.where(portal_accounts.c.customer_id == customer_id)).first()
    return None if found is None else Account(*found)


def confirm(connection: Connection, account: Account, token: str, password_hash: str, now: datetime) -> bool:
    """Set the password and note that the account is confirmed; say whether the link was still good."""
    used = delete(portal_links).where(portal_links.c.hash == token_hash(token)).returning(portal_links.c.hash)
    if connection.execute(used).first() is None:
        return False
    links.void(connection, account.customer_id)
    changed = update(portal_accounts).where(portal_accounts.c.id == account.id)
    values = {"password_hash": password_hash, "password_set_at": now, "confirmed_at": now, "updated_at": now}
    version = connection.execute(
        changed.values(version=portal_accounts.c.version + 1, **values).returning(portal_accounts.c.version)
    ).scalar_one()
    customer = Actor(id="", name=account.display_name[:100], role="", session_id="")
    history.record(
        Work(connection, customer, now),
        "portal-account.confirmed",
        changes=[{"field": "/confirmed_at", "new": f"{now:%Y-%m-%dT%H:%M:%SZ}"}],
        version=version,
        customer_id=account.customer_id,
        record_id=account.id,
    )
    return True


def signed_in(connection: Connection, account: Account, verdict: Verdict, now: datetime) -> bool:
    """Note that a customer signed in; say whether the password and the customer's standing still allow it."""
    open_still = select(customers.c.id).where(customers.c.id == account.customer_id, ~CLOSED)
    same = portal_accounts.c.password_hash == account.password_hash
    entered = (
        update(portal_accounts)
        .where(portal_accounts.c.id == account.id, same, portal_accounts.c.customer_id.in_(open_still))
        .values(last_sign_in_at=now, password_hash=verdict.rehashed or account.password_hash)
        .returning(portal_accounts.c.id)
    )
    return connection.execute(entered).first() is not None
