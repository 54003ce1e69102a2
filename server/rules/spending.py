"""What a customer spent and owes, summed by the database from whole numbers of the smallest unit."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, case, func, select

from client.models.money import Money, money_of_minor
from client.models.purchase import Spending, SpentInMonth
from server.auth.actor import Actor
from server.rules.office import office_day
from server.store.clock import now
from server.store.tables import invoices, purchases

_MONTHS: Final = 12


def spending(connection: Connection, actor: Actor, customer_id: str) -> Mapping[str, Any]:
    """Give what was spent, by month and in all, and what is owed, as far as this person may see it."""
    today = office_day(connection, now())
    told: dict[str, Any] = {}
    if actor.may("purchases:read"):
        told |= _spent(connection, customer_id, today)
    if actor.may("invoices:read"):
        told |= owed(connection, customer_id, today)
    shown: dict[str, Any] = Spending.model_validate(told).to_json()
    return shown


def brief_debt(connection: Connection, actor: Actor, customer_id: str) -> Mapping[str, Any]:  # noqa: ARG001 - all subjects are alike
    """Give what the summary tells of open invoices."""
    debt = owed(connection, customer_id, office_day(connection, now()))
    return {
        "overdue": bool(debt["overdue"]),
        "balance": debt["balance"],
        "overdue_balance": debt["overdue"],
    }


def owed(connection: Connection, customer_id: str, today: date) -> dict[str, list[Money]]:
    """Give what open invoices come to, and that part of it which is overdue, by currency."""
    columns = invoices.c
    late = func.sum(case((columns.due_on < today, columns.minor), else_=0))
    statement = (
        select(columns.currency, func.sum(columns.minor), late)
        .where(columns.customer_id == customer_id, columns.state == "open")
        .group_by(columns.currency)
        .order_by(columns.currency)
    )
    rows = [(currency, int(open_), int(over)) for currency, open_, over in connection.execute(statement)]
    return {
        "balance": [money_of_minor(open_, currency) for currency, open_, _ in rows if open_],
        "overdue": [money_of_minor(over, currency) for currency, _, over in rows if over],
    }


def _spent(connection: Connection, customer_id: str, today: date) -> dict[str, Any]:
    columns = purchases.c
    statement = (
        select(columns.month, columns.currency, func.sum(columns.minor))
        .where(columns.customer_id == customer_id)
        .group_by(columns.month, columns.currency)
    )
    sums = {(month, currency): int(minor) for month, currency, minor in connection.execute(statement)}
    if not sums:
        return {}
    last = today.year * 12 + today.month - 1
    in_all: Counter[str] = Counter()
    months_with: Counter[str] = Counter()
    for (month, currency), minor in sums.items():
        in_all[currency] += minor
        months_with[currency] += 1 if last - month < _MONTHS else 0
    # Sums of two currencies cannot be compared: the chart is of the one that was used in most months.
    usual = max(sorted(in_all), key=lambda currency: (months_with[currency], in_all[currency]))
    months = [
        SpentInMonth(
            month=f"{month // 12:04}-{month % 12 + 1:02}",
            amount=money_of_minor(sums.get((month, usual), 0), usual),
        )
        for month in range(last - _MONTHS + 1, last + 1)
    ]
    return {"months": months, "spent": [money_of_minor(in_all[one], one) for one in sorted(in_all)]}
