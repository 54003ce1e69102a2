"""Renewals: on its day, a subscription makes its invoice by itself, once, whoever looks and however often."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, or_, select

from client.models import Invoice, Subscription
from server.payments.charging import SERVER
from server.routes import making, shelf
from server.routes.collection import CUSTOMER
from server.routes.invoices import INVOICES
from server.routes.subscriptions import SUBSCRIPTIONS
from server.rules.office import office_day
from server.rules.subscriptions import next_renewal
from server.rules.work import Work
from server.store.database import Database
from server.store.tables import customers, subscriptions

_MOST_AT_ONCE: Final = 60
"""So many renewals of one subscription are made up for at a time; the next day goes on."""
_LEFT_ALONE: Final = frozenset({"inactive", "blocked"})


async def renew_due(database: Database, moment: datetime) -> int:
    """Renew every subscription that is due, and end those whose time is over. Gives how many changed."""
    due = await database.read(lambda connection: _due(connection, office_day(connection, moment)))
    for customer_id, subscription_id in due:
        await database.write(_renewal(customer_id, subscription_id, moment))
    return len(due)


def _due(connection: Connection, today: date) -> list[tuple[str, str]]:
    columns = subscriptions.c
    statement = select(columns.customer_id, columns.id).where(
        or_(
            (columns.state == "active") & (columns.next_renewal_on <= today),
            (columns.state == "cancelled") & (columns.ends_on <= today),
        )
    )
    return [(row.customer_id, row.id) for row in connection.execute(statement)]


def _renewal(customer_id: str, subscription_id: str, moment: datetime) -> Any:
    def renew(connection: Connection) -> None:
        owners = {CUSTOMER: customer_id}
        work = Work(connection, SERVER, moment, "", owners)
        # Locked and read anew: another process may have been here a moment before.
        subscription = shelf.lock(connection, SUBSCRIPTIONS, SERVER, subscription_id, owners)
        if subscription is not None:
            renewed(work, subscription, office_day(connection, moment))

    return renew


def renewed(work: Work, subscription: Subscription, today: date) -> list[Invoice]:
    """Do what is due for one subscription by `today`, in one transaction, and give the invoices made.

    Customers who are inactive, blocked or archived are left alone: the day passes without an invoice.
    """
    if subscription.state == "cancelled" and subscription.ends_on and subscription.ends_on <= today:
        making.change(work, SUBSCRIPTIONS, subscription, {"state": "ended"}, "ended")
    made: list[Invoice] = []
    alone = _is_left_alone(work)
    current = subscription
    for _ in range(_MOST_AT_ONCE):
        day = current.next_renewal_on
        if current.state != "active" or day is None or day > today:
            break
        if not alone:
            made.append(_invoice(work, current, day))
        current = current.model_copy(update={"next_renewal_on": next_renewal(current)})
    if current is not subscription:
        members = {"next_renewal_on": current.next_renewal_on}
        making.change(work, SUBSCRIPTIONS, subscription, members, "passed_over" if alone else "renewed")
    return made


def _invoice(work: Work, subscription: Subscription, day: date) -> Invoice:
    following = next_renewal(subscription)
    line = {
        "description": f"{subscription.product}, {day.isoformat()} to {following.isoformat()}"[:200],
        "quantity": "1",
        "unit_price": subscription.price.model_dump(),
    }
    members = {"lines": [line], "issued_on": day, "subscription_id": subscription.id}
    return making.make(work, INVOICES, members)


def _is_left_alone(work: Work) -> bool:
    columns = customers.c
    statement = select(columns.status, columns.archived_at).where(columns.id == work.customer_id)
    row = work.connection.execute(statement).one()
    return row.status in _LEFT_ALONE or row.archived_at is not None
