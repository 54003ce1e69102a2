"""Subscriptions: what a customer gets and pays again and again."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Annotated, Final

from pydantic import Field

from client.models.base import Record
from client.models.kinds import READ_ONLY, Choice, Day, Initially, Line
from client.models.money import Money, Price

SUBSCRIPTION_STATES: Final = {
    "active": "Renews by itself",
    "paused": "Does not renew until it is resumed",
    "cancelled": "Runs to the end of what was paid for, then ends",
    "ended": "Over",
}
INTERVALS: Final = {
    "week": "Every week",
    "two_weeks": "Every two weeks",
    "month": "Every month",
    "quarter": "Every three months",
    "year": "Every year",
}
_DAYS: Final = {"week": 7, "two_weeks": 14}
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}


class Subscription(Record):
    """A product that renews at an interval, each time with an invoice. Stripe: `subscription`."""

    product: Annotated[
        str, Line(max_length=200, required=True), Field(title="Product", examples=["Weekly laundry bag"])
    ]
    """What is delivered; stands on the invoices."""
    price: Annotated[Money, Price(), Field(title="Price")]
    """What one interval costs, without tax."""
    every: Annotated[str, Choice(options=INTERVALS), Initially("month"), Field(title="Renews")] = "month"
    """How long one interval is."""
    state: Annotated[str, Choice(options=SUBSCRIPTION_STATES), READ_ONLY, Field(title="State")] = "active"
    """`active`, `paused`, `cancelled` or `ended`; changed by actions."""
    started_on: Annotated[date | None, Day(earliest=date(1900, 1, 1)), Field(title="Since")] = None
    """The first day; today, where nothing is said."""
    next_renewal_on: Annotated[date | None, Day(), Field(title="Next renewal")] = None
    """The day of the next invoice; where nothing is said, the next one as counted from the first day."""
    ends_on: Annotated[date | None, READ_ONLY, Field(title="Ends on")] = None
    """The day on which a cancelled one ends or has ended."""


def renewal_after(day: date, every: str, on_day: int) -> date:
    """Give the renewal that follows the one on `day`.

    `on_day` is the day of the month it falls on where the month has it, else the month's last: what began on
    the 31st stays at the end of every month. An interval nobody knows counts as a month. Nothing comes after
    the last day that a calendar here can name.
    """
    if every in _DAYS:
        return day + min(timedelta(days=_DAYS[every]), date.max - day)
    months = day.year * 12 + day.month - 1 + _MONTHS.get(every, 1)
    year, month = months // 12, months % 12 + 1
    if year > date.max.year:
        return date.max
    return date(year, month, min(on_day or day.day, monthrange(year, month)[1]))
