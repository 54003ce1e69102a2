"""Purchases: what a customer has paid for, by hand or with an invoice."""

from datetime import date
from typing import Annotated

from pydantic import Field

from client.models.base import Model, Record
from client.models.kinds import READ_ONLY, Day, Line, Reference
from client.models.money import Money, Price


class Purchase(Record):
    """Something that a customer bought and paid for. A paid invoice is one by itself."""

    what: Annotated[str, Line(max_length=200, required=True), Field(title="What", examples=["Gift basket"])]
    """What was bought."""
    amount: Annotated[Money, Price(), Field(title="Paid")]
    """What was paid, tax included."""
    bought_on: Annotated[date | None, Day(past=True), Field(title="When")] = None
    """The day; today, where nothing is said."""
    invoice_id: Annotated[str | None, Reference(collection="invoices"), READ_ONLY, Field(title="Invoice")] = (
        None
    )
    """The invoice that was paid; such a purchase stays as it is."""


class SpentInMonth(Model):
    """What was spent in one month."""

    month: str
    """Year and month, `2026-03` (ISO 8601)."""
    amount: Money
    """The sum; nothing is left out, so that every month has one."""


class Spending(Model):
    """What a customer spends, in the currency of most of it."""

    months: list[SpentInMonth] = []
    """The last twelve months, this one last."""
    spent: list[Money] = []
    """All that was ever spent, by currency."""
    balance: list[Money] = []
    """What open invoices come to, by currency."""
    overdue: list[Money] = []
    """That part of it which should have been paid by now, by currency."""
