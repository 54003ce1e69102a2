"""What memberships do by themselves: payments on their day, ends on theirs, credits that expire."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, or_, select

from client.models import Membership
from server.payments.charging import SERVER, Charging, Intent, Key
from server.problems import Refusal
from server.routes import making, shelf
from server.routes.collection import CUSTOMER
from server.routes.memberships import CREDITS, MEMBERSHIPS, PAYMENTS, intent_for
from server.rules import memberships as rules
from server.rules.office import office_day
from server.rules.work import Work
from server.store.database import Database
from server.store.tables import membership_credits, membership_payments, memberships

_MOST_AT_ONCE: Final = 500
"""Of what is due, so many are done at one look; the next look goes on."""
_SILENT: Final = 503
_A_DAY: Final = timedelta(hours=20)
"""The least time between two payments of one membership that nobody asked for."""


async def settle_due(database: Database, charging: Charging | None, moment: datetime) -> int:
    """Take the payments that are due, each once a period; end what is over; let credits expire.

    Without a payment provider nothing is taken. Gives how many memberships and credits were looked at.
    """
    today = await database.read(lambda connection: office_day(connection, moment))
    due: list[Row[Any]] = []
    if charging is not None:
        due = await database.read(lambda connection: _due(connection, today, moment))
    for row in due:
        if charging is None or not await _take(database, charging, row, moment):
            # The provider is silent: nobody waits for it once more for each who is due.
            break
    over = await database.read(lambda connection: _over(connection, today))
    for row in over:
        await database.write(_ending(row, moment))
    stale = await database.read(lambda connection: _stale(connection, today))
    for row in stale:
        await database.write(_expiring(row, moment))
    return len(due) + len(over) + len(stale)


def _due(connection: Connection, today: date, moment: datetime) -> list[Row[Any]]:
    columns, payments = memberships.c, membership_payments.c
    tried = select(payments.id).where(
        payments.membership_id == columns.id,
        # What somebody tried before its day does not count.
        payments.actor == SERVER.name,
        # However many periods are due, as after a mistyped year: one a day, so that somebody can step in.
        or_(payments.period_on == columns.next_payment_on, payments.created_at > moment - _A_DAY),
    )
    statement = (
        select(columns.customer_id, columns.id, columns.next_payment_on)
        # One attempt for each period: after one that failed, somebody looks at it.
        .where(columns.state == "active", columns.next_payment_on <= today, ~tried.exists())
        .order_by(columns.next_payment_on)
        .limit(_MOST_AT_ONCE)
    )
    return list(connection.execute(statement))


async def _take(database: Database, charging: Charging, row: Row[Any], moment: datetime) -> bool:
    """Take one payment; False where the provider did not answer."""

    def work_of(connection: Connection) -> Work:
        return Work(connection, SERVER, moment, "", {CUSTOMER: row.customer_id})

    def intend(work: Work) -> Intent:
        return intent_for(work, _locked(work, row))

    try:
        # The period is part of the key: however often and wherever this runs, it is charged once.
        await charging.charge(work_of, Key(f"membership {row.id} {row.next_payment_on}"), intend)
    except Refusal as refusal:
        if refusal.status == _SILENT:
            return False
        await database.write(_refused(row, refusal, work_of))
    return True


def _refused(row: Row[Any], refusal: Refusal, work_of: Callable[[Connection], Work]) -> Any:
    def write(connection: Connection) -> None:
        work = work_of(connection)
        membership = _locked(work, row)
        if membership.state != "active" or membership.next_payment_on != row.next_payment_on:
            return
        if refusal.code == "customer_not_active":
            # Left alone: the day passes without a payment.
            members = {"next_payment_on": rules.following_payment(membership)}
            making.change(work, MEMBERSHIPS, membership, members, "passed_over")
        elif refusal.code == "no_payment_method":
            told = {"state": "failed", "amount": membership.price, "reason": refusal.sentence}
            told |= {"period_on": row.next_payment_on, "actor": SERVER.name}
            owners = {CUSTOMER: row.customer_id, MEMBERSHIPS.id_name: row.id}
            making.make(work, PAYMENTS, told, owners=owners)

    return write


def _locked(work: Work, row: Row[Any]) -> Membership:
    owners = {CUSTOMER: row.customer_id}
    membership = shelf.lock(work.connection, MEMBERSHIPS, SERVER, row.id, owners)
    if membership is None or membership.next_payment_on != row.next_payment_on:
        raise Refusal(409, "Another process was here a moment before.", "done_already")
    return membership


def _over(connection: Connection, today: date) -> list[Row[Any]]:
    columns = memberships.c
    statement = select(columns.customer_id, columns.id).where(
        columns.state == "cancelled", columns.ends_on <= today
    )
    return list(connection.execute(statement.limit(_MOST_AT_ONCE)))


def _ending(row: Row[Any], moment: datetime) -> Any:
    def write(connection: Connection) -> None:
        owners = {CUSTOMER: row.customer_id}
        work = Work(connection, SERVER, moment, "", owners)
        membership = shelf.lock(connection, MEMBERSHIPS, SERVER, row.id, owners)
        if membership is not None and membership.state == "cancelled":
            making.change(work, MEMBERSHIPS, membership, {"state": "ended"}, "ended")

    return write


def _stale(connection: Connection, today: date) -> list[Row[Any]]:
    columns = membership_credits.c
    statement = select(columns.customer_id, columns.membership_id, columns.id).where(
        columns.state == "available", columns.expires_on < today
    )
    return list(connection.execute(statement.limit(_MOST_AT_ONCE)))


def _expiring(row: Row[Any], moment: datetime) -> Any:
    def write(connection: Connection) -> None:
        owners = {CUSTOMER: row.customer_id, MEMBERSHIPS.id_name: row.membership_id}
        work = Work(connection, SERVER, moment, "", owners)
        credit = shelf.lock(connection, CREDITS, SERVER, row.id, owners)
        if credit is not None and credit.state == "available":
            making.change(work, CREDITS, credit, {"state": "expired"}, "expired")

    return write
