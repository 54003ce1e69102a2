"""Invoices: what a customer is asked to pay, line by line, in exact decimals of one currency."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from client.models.base import Model, Record
from client.models.exact import Exact
from client.models.kinds import READ_ONLY, Choice, Day, Initially, Line, Paragraph, Reference, Several
from client.models.money import Money, Price, money, total

INVOICE_STATES: Final = {"open": "To be paid", "paid": "Paid", "void": "Not to be paid any more"}
PAID_BY: Final = {
    "card": "Card",
    "cash": "Cash",
    "transfer": "Bank transfer",
    "direct_debit": "Direct debit",
    "cheque": "Cheque",
    "other": "Other",
}


class InvoiceLine(Model):
    """One line of an invoice."""

    description: Annotated[
        str, Line(max_length=200, required=True), Field(title="For", examples=["Window cleaning"])
    ]
    """What is paid for."""
    quantity: Annotated[str, Exact(maximum=1_000_000), Initially("1"), Field(title="Quantity")] = "1"
    """How much of it, an exact decimal."""
    unit_price: Annotated[Money, Price(negative=True), Field(title="Price")]
    """What one costs without tax; less than nothing for a discount. All lines have one currency."""

    @property
    def amount(self) -> Money:
        """Quantity times price, rounded half up to the smallest unit of the currency."""
        return money(Decimal(self.quantity) * self.unit_price.exact, self.unit_price.currency)


class Invoice(Record):
    """What a customer is asked to pay. Once paid or void it never changes. Stripe: `invoice`."""

    number: Annotated[int, READ_ONLY, Field(title="Number", examples=[2041])] = 0
    """Given by the server in sequence, without gaps."""
    state: Annotated[str, Choice(options=INVOICE_STATES), READ_ONLY, Field(title="State")] = "open"
    """`open`, `paid` or `void`. Overdue is an open one after `due_on`."""
    issued_on: Annotated[date | None, Day(), Field(title="Date")] = None
    """The day of the invoice; today, where nothing is said."""
    due_on: Annotated[date | None, Day(), Field(title="Due")] = None
    """The last day to pay without being late; two weeks after its date, where nothing is said."""
    lines: Annotated[list[InvoiceLine], Several(max_items=100), Field(title="Lines")] = []
    """What is paid for; at least one."""
    note: Annotated[str, Paragraph(max_length=2_000), Field(title="Note")] = ""
    """What stands below the lines."""
    subtotal: Annotated[Money, READ_ONLY, Field(title="Without tax")]
    """The sum of the lines."""
    tax_name: Annotated[str, READ_ONLY, Field(title="Tax")] = ""
    """The rate's name, or why there is none, as it was when the lines were written."""
    tax_percent: Annotated[str, READ_ONLY, Field(title="Tax rate")] = "0"
    """Percent, an exact decimal."""
    tax: Annotated[Money, READ_ONLY, Field(title="Tax")]
    """That part of the sum, rounded half up to the smallest unit of the currency."""
    total: Annotated[Money, READ_ONLY, Field(title="Total")]
    """What is to be paid."""
    paid_on: Annotated[date | None, READ_ONLY, Field(title="Paid on")] = None
    """When it was paid."""
    paid_by: Annotated[str, Choice(options={"": "Not paid"} | PAID_BY), READ_ONLY, Field(title="Paid by")] = (
        ""
    )
    """How it was paid."""
    void_reason: Annotated[str, READ_ONLY, Field(title="Why void")] = ""
    """Why it need not be paid any more."""
    subscription_id: Annotated[
        str | None, Reference(collection="subscriptions"), READ_ONLY, Field(title="Subscription")
    ] = None
    """The subscription that it renewed, where it was made by one."""

    def overdue_on(self, day: date) -> bool:
        """Say whether it should have been paid before a day."""
        return self.state == "open" and self.due_on is not None and self.due_on < day


class InvoicePayment(Model):
    """That an invoice was paid."""

    paid_on: Annotated[date, Day(past=True), Field(title="Paid on")]
    """The day on which the money came."""
    paid_by: Annotated[str, Choice(options=PAID_BY), Field(title="Paid by")]
    """How it came."""


class InvoiceVoiding(Model):
    """That an invoice need not be paid any more."""

    reason: Annotated[str, Line(max_length=200, required=True), Field(title="Why", examples=["Twice"])]
    """What colleagues should know of it."""


class InvoiceCharge(Model):
    """Which card an invoice is to be charged to."""

    payment_method_id: Annotated[str | None, Reference(collection="payment-methods"), Field(title="Card")] = (
        None
    )
    """Left out: the default one."""


class Sums(Model):
    """What an invoice comes to."""

    subtotal: Money
    """The sum of the lines, each rounded by itself."""
    tax: Money
    """Its part that is tax."""
    total: Money
    """Both together."""


def sums_of(lines: Sequence[InvoiceLine], percent: str) -> Sums:
    """Add up lines of one currency, and the tax on their sum. There is at least one."""
    currency = lines[0].unit_price.currency
    subtotal = total((line.amount for line in lines), currency)
    tax = money(subtotal.exact * Decimal(percent) / 100, currency)
    return Sums(subtotal=subtotal, tax=tax, total=total((subtotal, tax), currency))
