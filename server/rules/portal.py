"""Accounts of the portal: unique logins, passwords that only a hash is kept of, and who is shut out."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from client.models import Customer, PortalAccount
from client.models.portal_account import LOGIN
from server.auth.passwords import weakness
from server.mail.outbox import primary_address, put
from server.portal import links
from server.problems import Fault, Refusal, invalid
from server.rules.names import name_key
from server.rules.work import Rules, Work
from server.store.search import index_for
from server.store.tables import customers, messages, portal_accounts, settings

CLOSED: Final = (
    (customers.c.status == "blocked")
    | (customers.c.access == "blocked")
    | customers.c.archived_at.is_not(None)
)
"""Whom the portal is closed to."""


class PortalAccountRules(Rules[PortalAccount]):
    """The rules of portal accounts. In `password` they are handed the hash of one, never a password."""

    def check(
        self, work: Work, old: PortalAccount | None, new: PortalAccount, given: frozenset[str]
    ) -> PortalAccount:
        """Refuse a login that another customer has, with 409, and note when a password was set."""
        if old is None or name_key(old.login) != name_key(new.login):
            refuse_taken(work.connection, new.login, work.customer_id)
        changed: dict[str, Any] = {}
        if "password" in given:
            changed["password_set_at"] = work.now if new.password else None
        if old is None:
            closed = select(CLOSED).where(customers.c.id == work.customer_id)
            changed["disabled"] = bool(work.connection.execute(closed).scalar())
        return new.model_copy(update=changed)

    def columns(self, work: Work, new: PortalAccount) -> dict[str, Any]:
        """Give the hash, where there is a new one or none any more."""
        if new.password or new.password_set_at is None:
            return {"password_hash": new.password}
        return {}

    def derived(self, new: PortalAccount) -> dict[str, Any]:
        """Keep the login as it is compared."""
        return {"login_key": name_key(new.login)}

    def after(
        self, work: Work, old: PortalAccount | None, new: PortalAccount | None, row: Mapping[str, Any]
    ) -> None:
        """Let the login find the customer, and end the links under way where there is no account any more."""
        if new is None:
            links.void(work.connection, work.customer_id)
        login = "" if new is None else new.login
        if old is None or old.login != login:
            index_for(work.connection.dialect.name).renew(work.connection, work.customer_id, login)


def refuse_taken(connection: Connection, login: str, customer_id: str) -> None:
    """Raise 409 where another customer has this login."""
    if _taken(connection, login, customer_id):
        sentence = "Another customer has this login."
        raise Refusal(409, sentence, "login_taken", [Fault("/login", "login_taken", sentence)])


def refuse_weak(password: str, login: str) -> None:
    """Raise 422 for a password that is guessed too easily."""
    sentence = weakness(password, login)
    if sentence is not None:
        raise invalid(Fault("/password", "weak_password", sentence))


def send_confirmation(work: Work, customer: Customer) -> Mapping[str, Any]:
    """Queue the e-mail by which a customer confirms the account; one without an account gets one."""
    if customer.archived_at is not None or "blocked" in (customer.status, customer.access):
        sentence = "The portal is closed to archived and blocked customers."
        raise Refusal(409, sentence, "portal_closed")
    address = primary_address(customer)
    if not address:
        raise Refusal(409, "This customer has no e-mail address. Add one first.", "no_address")
    account = portal_accounts.c.customer_id == customer.id
    login = work.connection.execute(select(portal_accounts.c.login).where(account)).scalar()
    if login is None:
        login = _free_login(work, customer, address)
        _make(work, customer, login)
    # What went out before, perhaps to a mistyped address, is good no longer, and what waits is not sent.
    links.void(work.connection, customer.id)
    waiting = (messages.c.customer_id == customer.id) & (messages.c.kind == "confirmation")
    work.connection.execute(delete(messages).where(waiting, messages.c.state == "queued"))
    name = work.connection.execute(select(settings.c.value).where(settings.c.name == "business")).scalar()
    business = name or "our portal"
    put(work, customer, "confirmation", f"Your account at {business}", _text(customer, login, business))
    return {}


def _make(work: Work, customer: Customer, login: str) -> None:
    # Imported here: the collection is declared with these rules.
    from server.routes.making import make
    from server.routes.portal_account import PORTAL_ACCOUNT

    make(work, PORTAL_ACCOUNT, {"login": login}, owners={"customer_id": customer.id})


def _free_login(work: Work, customer: Customer, address: str) -> str:
    """Give the address as a login, or else the number, where a family shares the address."""
    try:
        login: str = LOGIN.check(address)
    except ValueError:
        return str(customer.number)
    return str(customer.number) if _taken(work.connection, login, customer.id) else login


def _taken(connection: Connection, login: str, customer_id: str) -> bool:
    account = portal_accounts.c
    other = select(account.id).where(account.login_key == name_key(login), account.customer_id != customer_id)
    return connection.execute(other).first() is not None


def _text(customer: Customer, login: str, business: str) -> str:
    return "\n".join(
        [
            f"Dear {customer.display_name},",
            "",
            f"with this link you confirm your account at {business} and choose a password:",
            "",
            links.LINK_HERE,
            "",
            f"Your login is {login}. The link is good once, for {links.GOOD_FOR.days} days.",
            "If you did not expect this e-mail, you need not do anything.",
            "",
            business,
        ]
    )
