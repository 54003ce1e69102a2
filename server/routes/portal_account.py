"""The account of a customer in the customers' portal."""

from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from client.models import Customer, PortalAccount
from server.merging.room import keep_own_account
from server.routes.call import Call
from server.routes.collection import CUSTOMER, Action, Collection
from server.routes.hashing import hashed
from server.rules.portal import CLOSED, PortalAccountRules, send_confirmation
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


async def _login_of(call: Call, sent: dict[str, Any]) -> str:
    if sent.get("login") is not None:
        return str(sent["login"])
    known = select(portal_accounts.c.login).where(
        portal_accounts.c.customer_id == call.request.path_params[CUSTOMER]
    )
    return await call.database.read(lambda connection: connection.execute(known).scalar()) or ""


PORTAL_ACCOUNT: Final = Collection(
    model=PortalAccount,
    table=portal_accounts,
    path="portal-account",
    singular="portal account",
    about="How a customer signs in to the customers' portal.",
    order=(("id", False),),
    rules=PortalAccountRules(),
    of_customer=True,
    settle=keep_own_account,
    single=True,
    verbs=frozenset({"get", "patch", "delete"}),
    unversioned=True,
    extra_columns=_from_elsewhere,
    beforehand=hashed(_login_of),
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
