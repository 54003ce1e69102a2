"""How invoices, cards, purchases, subscriptions and taxes are drawn, each in one row."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from client.models import CustomerTax, Invoice, PaymentMethod, Purchase, Subscription
from client.models.money import Money
from client.models.subscription import INTERVALS
from tui.forms.formats import Formats
from tui.text import fit
from tui.widgets.lines import Row, Span, edges, within

_DATE: Final = 13
_REST: Final = 44
"""Cells of a subscription beside its product: state, day, price."""
_STATES: Final = {"paid": "good", "void": "muted", "active": "good", "paused": "warn", "ended": "muted"}


def amount_text(amount: Money, formats: Formats) -> str:
    """Give money as the locale writes it."""
    return formats.money(amount.amount, amount.currency)


def _day(day: date | None, formats: Formats) -> str:
    return fit(formats.day(day) if day else "", _DATE)


def invoice_rows(invoice: Invoice, formats: Formats, width: int) -> Sequence[Row]:
    """Number, date, state, when it is due, the first line, the total."""
    overdue = invoice.overdue_on(formats.today())
    word = "OVERDUE" if overdue else formats.word(invoice.state)
    role = "bad" if overdue else _STATES.get(invoice.state, "text")
    when = {"open": invoice.due_on, "paid": invoice.paid_on}.get(invoice.state)
    what = {"open": "due ", "paid": "on "}.get(invoice.state, "")
    left = [
        Span(fit(f" {invoice.number}", 8), "title"),
        Span(_day(invoice.issued_on, formats), "muted"),
        Span(fit(word, 9), role),
        Span(fit(f"{what}{formats.day(when)}" if when else invoice.void_reason, _DATE + 4), "muted"),
        Span(invoice.lines[0].description if invoice.lines else "", "muted"),
    ]
    return [Row(edges(left, [Span(f" {amount_text(invoice.total, formats)}")], width).spans, invoice.id)]


def method_rows(method: PaymentMethod, formats: Formats, width: int) -> Sequence[Row]:
    """Brand, last digits, expiry, and whether it is charged by itself."""
    today = formats.today()
    over = method.exp_year > 0 and (method.exp_year, method.exp_month) < (today.year, today.month)
    expiry = f"{method.exp_month:02}/{method.exp_year}" if method.exp_year else ""
    left = [
        Span(fit(f" {method.brand.title()}", 14), "title"),
        Span(fit(f"…{method.last4}", 8)),
        Span(fit(expiry, 10), "muted"),
    ]
    marks = [Span("default  ", "good")] if method.is_default else []
    marks += [Span("EXPIRED", "bad")] if over else []
    return [Row(edges([*left, *marks], (), width).spans, method.id)]


def purchase_rows(purchase: Purchase, formats: Formats, width: int) -> Sequence[Row]:
    """When, what, how much."""
    mark = Span("  invoice" if purchase.invoice_id else "", "muted")
    left = [Span(f" {_day(purchase.bought_on, formats)}", "muted"), Span(purchase.what), mark]
    return [Row(edges(left, [Span(f" {amount_text(purchase.amount, formats)}")], width).spans, purchase.id)]


def subscription_rows(subscription: Subscription, formats: Formats, width: int) -> Sequence[Row]:
    """Product, state, the next renewal, the price; below how often, and since when."""
    ends = subscription.ends_on
    then = {
        "active": ("renews", subscription.next_renewal_on),
        "cancelled": ("ends", ends),
        "ended": ("since", ends),
    }
    what, when = then.get(subscription.state, ("", None))
    left = [
        Span(fit(f" {subscription.product}", max(20, min(40, width - _REST))), "title"),
        Span(" "),
        Span(fit(formats.word(subscription.state), 10), _STATES.get(subscription.state, "text")),
        Span(f"{what} {formats.day(when)}" if when else "", "muted"),
    ]
    first = edges(left, [Span(f" {amount_text(subscription.price, formats)}")], width)
    every = INTERVALS.get(subscription.every, subscription.every).lower()
    since = f" · since {formats.day(subscription.started_on)}" if subscription.started_on else ""
    rest = Row(within((Span("   "), Span(f"{every}{since}", "muted")), width))
    return [Row(first.spans, subscription.id), rest]


def tax_rows(tax: CustomerTax, formats: Formats, width: int) -> Sequence[Row]:
    """What is paid instead of the usual tax."""
    until = f", until {formats.day(tax.valid_until)}" if tax.valid_until else ""
    papers = Span(f"{tax.reason}, certificate {tax.certificate_number}{until}")
    if not tax.exempt:
        spans = [Span(f" {tax.rate or 'A rate of its own'}" if tax.rate_id else " The usual tax")]
    elif tax.exempt_on(formats.today()):
        spans = [Span(" TAX EXEMPT  ", "warn"), papers]
    else:
        spans = [Span(" Exemption over  ", "bad"), papers]
    return [Row(edges(spans, (), width).spans, tax.id)]
