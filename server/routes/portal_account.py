"""The account of a customer in the customers' portal."""

from dataclasses import replace
from typing import Any, Final

from pydantic_core import to_json
from sqlalchemy import ColumnElement, func, select

from client.models import Customer, PortalAccount
from server.auth.service import SignIn
from server.routes.call import Call
from server.routes.collection import CUSTOMER, Action, Collection
from server.rules.portal import CLOSED, PortalAccountRules, refuse_weak, send_confirmation
from server.store.tables import customers, messages, portal_accounts


def _from_elsewhere(_dialect: str) -> tuple[ColumnElement[Any], ...]:
    """Give what follows from the customer and from the messages that were sent."""
    owner = portal_accounts.c.customer_id
    confirmations = (messages.c.customer_id == owner) & (messages.c.kind == "confirmation")
    newest = select(messages.c.state).where(confirmations).order_by(messages.c.id.desc()).limit(1)
    sent = select(func.max(messages.c.sent_at)).where(confirmations)
    return (
        select(CLOSED).where(customers.c.id == owner).scalar_subquery().label("disabled"),
        func.coalesce(newest.scalar_subquery(), "").label("confirmation"),
        sent.scalar_subquery().label("confirmation_sent_at"),
    )


async def _hashed(call: Call, sent: dict[str, Any]) -> tuple[Call, dict[str, Any]]:
    """Put the hash of a password in its place; what is kept of the request does not know it."""
    password = sent.get("password")
    if password is None:
        return call, sent
    login = sent.get("login")
    if login is None:
        known = select(portal_accounts.c.login).where(
            portal_accounts.c.customer_id == call.request.path_params[CUSTOMER]
        )
        login = await call.database.read(lambda connection: connection.execute(known).scalar())
    refuse_weak(password, login or "")
    hashed = await SignIn.of(call.request).passwords.hash(password)
    return replace(call, body=to_json({**sent, "password": ""})), {**sent, "password": hashed}


PORTAL_ACCOUNT: Final = Collection(
    model=PortalAccount,
    table=portal_accounts,
    path="portal-account",
    singular="portal account",
    about="How a customer signs in to the customers' portal.",
    order=(("id", False),),
    rules=PortalAccountRules(),
    of_customer=True,
    single=True,
    verbs=frozenset({"get", "patch", "delete"}),
    unversioned=True,
    extra_columns=_from_elsewhere,
    beforehand=_hashed,
    removal="The customer can then no longer sign in.",
    example={"login": "joanna@example.org", "password": "four quiet ships at sea"},
    given={"password_set_at": "2026-03-02T09:30:00Z"},
)

SEND_CONFIRMATION: Final[Action[Customer]] = Action(
    name="send-confirmation",
    summary="Send the e-mail by which a customer confirms the account",
    description="It goes to the primary address and holds a link that is good once, for seven days; links "
    "that were sent before are good no longer. A customer without a portal account gets one, with that "
    "address as its login. Refused (409) without an address, and for archived and blocked customers. Its "
    "state is in the portal account, and among the messages.",
    event="confirmation_sent",
    change=send_confirmation,
    permission="portal-account:write",
)
