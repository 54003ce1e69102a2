"""What customers pay for and how: cards, taxes, invoices with their purchases, subscriptions."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Table, func, insert, select, update

from server.sample.dice import Dice
from server.sample.parts import Part, Row, SampleList, Subject
from server.sample.wares import WARES, Ware, price, priced
from server.store.tables import (
    counters,
    customer_taxes,
    invoices,
    payment_methods,
    purchases,
    subscriptions,
    tax_rates,
)

_RATES: Final = (
    # Name, percent, country, whether it is the usual one there.
    ("VAT 20 %", "20", "GB", True),
    ("VAT 5 %, home energy and repairs", "5", "GB", False),
    ("VAT 23 %", "23", "IE", True),
    ("USt. 19 %", "19", "DE", True),
    ("USt. 7 %", "7", "DE", False),
    ("IVA 23 %", "23", "PT", True),
    ("VAT 23 % (PL)", "23", "PL", True),
    ("消費税 10 %", "10", "JP", True),
    ("GST 5 %", "5", "CA", True),
)
TAX_RATES: Final = SampleList(
    tax_rates,
    lambda: [
        {"name": name, "percent": percent, "country": country, "is_standard": usual, "active": True}
        for name, percent, country, usual in _RATES
    ],
)
_USUAL: Final = {country: (name, percent) for name, percent, country, usual in _RATES if usual}
_NO_TAX: Final = ("", "0")

_EXEMPT: Final = (
    "Registered charity",
    "Diplomatic mission",
    "School",
    "Hospital trust",
    "Resells our services",
)
_VOID: Final = (
    "Written twice",
    "Visit did not happen",
    "Wrong customer",
    "Goodwill after the linen complaint",
)
_PAID_BY: Final = ("card", "card", "card", "transfer", "transfer", "direct_debit", "cash")
_KINDS: Final = ("visa", "visa", "visa", "mastercard", "mastercard", "amex", "declined", "expired")
_BRANDS: Final = {"mastercard": "mastercard", "amex": "amex"}
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz"
_TERMS: Final = timedelta(days=14)
_INTERVALS: Final = ("month", "month", "month", "week", "two_weeks", "quarter", "year")


def _cards(dice: Dice, subject: Subject) -> Iterable[tuple[Table, Row]]:
    """Give the cards of nearly half the customers; mostly one."""
    if not dice.chance(46):
        return
    count = 1 + (dice.below(3) if dice.chance(22) else 0)
    for place in range(count):
        kind = dice.pick(_KINDS)
        at = subject.moment((place + dice.fraction()) / count)
        month, year = 1 + dice.below(12), subject.today.year + 1 + dice.below(5)
        if kind == "expired":
            # A few months ago: what renews with it has come to a halt.
            over = subject.today.replace(day=1) - timedelta(days=1 + dice.below(100))
            month, year = over.month, over.year
        yield (
            payment_methods,
            subject.made(dice, at)
            | {
                "brand": _BRANDS.get(kind, "visa"),
                "last4": f"{dice.below(10_000):04}",
                "exp_month": month,
                "exp_year": year,
                "is_default": place == 0,
                "reference": f"card_{kind}_{''.join(dice.pick(_LETTERS) for _ in range(12))}",
            },
        )


def _tax(dice: Dice, subject: Subject) -> tuple[Row | None, tuple[str, str]]:
    """Give what is said of a customer's tax, where anything is, and the name and percent on invoices."""
    addresses = subject.record.get("addresses") or [{"country": "GB"}]
    usual = _USUAL.get(str(addresses[0].get("country", "")), _NO_TAX)
    if subject.record.get("type") != "organization" or not dice.chance(16):
        return None, usual
    reason, number = dice.pick(_EXEMPT), f"EX-{100_000 + dice.below(900_000)}"
    until = subject.today + timedelta(days=dice.below(700) - 60) if dice.chance(60) else None
    row = subject.made(dice, subject.moment(0.02)) | {
        "rate_id": None,
        "exempt": True,
        "reason": reason,
        "certificate_number": number,
        "valid_until": until,
    }
    return row, (f"Exempt: {reason}, certificate {number}", "0")


def _billing(dice: Dice, subject: Subject) -> Iterator[tuple[Table, Row]]:
    """Give the tax, the invoices with what they brought in, and what was bought over the counter."""
    tax_row, tax = _tax(dice, subject)
    if tax_row is not None:
        yield customer_taxes, tax_row
    company = subject.record.get("type") == "organization"
    owes = subject.record.get("status_reason") == "Unpaid invoices"
    late = owes or "late payer" in subject.record.get("labels", ())
    if dice.chance(92 if company else 52) or late:
        count = 6 + dice.below(14) if company else 1 + dice.rank(9)
        for place in range(count):
            at = subject.moment(min(1.0, (place + dice.fraction()) / count))
            yield from _invoice(
                dice, subject, at, tax, place, late=late and place >= count - 1 - dice.below(3)
            )
    while dice.chance(14):
        yield purchases, _over_the_counter(dice, subject)


def _invoice(
    dice: Dice, subject: Subject, at: datetime, tax: tuple[str, str], place: int, *, late: bool
) -> Iterator[tuple[Table, Row]]:
    issued_on = at.date()
    due_on = issued_on + _TERMS
    currency, wares = subject.currency, dice.some(WARES, 1 + (dice.below(4) if dice.chance(30) else 0))
    lines, subtotal = _lines(dice, wares, currency)
    added = (subtotal * int(tax[1]) + 50) // 100
    total = subtotal + added
    row = subject.made(dice, at) | {
        # Numbers are given at the end, in the order of dates.
        "number": -1 - 64 * subject.index - place,
        "issued_on": issued_on,
        "due_on": due_on,
        "lines": lines,
        "subtotal": priced(subtotal, currency),
        "tax_name": tax[0],
        "tax_percent": tax[1],
        "tax": priced(added, currency),
        "total": priced(total, currency),
        "currency": currency,
        "minor": total,
        "state": "open",
    }
    yesterday = subject.today - timedelta(days=1)
    draw = dice.below(1000)
    if late or (due_on > yesterday and draw < 500) or draw < 8:
        yield invoices, row
        return
    settled = min(yesterday, issued_on + timedelta(days=dice.below(20)))
    row |= {"version": 2, "updated_at": at + (settled - issued_on)}
    if draw > 985:
        yield invoices, row | {"state": "void", "void_reason": dice.pick(_VOID)}
        return
    yield invoices, row | {"state": "paid", "paid_on": settled, "paid_by": dice.pick(_PAID_BY)}
    what = wares[0].name + (f" and {len(wares) - 1} more" if len(wares) > 1 else "")
    made = {"what": what, "invoice_id": row["id"]}
    yield purchases, _purchase(dice, subject, settled, total, currency) | made


def _lines(dice: Dice, wares: list[Ware], currency: str) -> tuple[list[dict[str, Any]], int]:
    lines, subtotal = [], 0
    for ware in wares:
        quantity = 1 + (dice.below(4) if dice.chance(35) else 0)
        one = price(ware.pence, currency)
        line = {"description": ware.name, "unit_price": priced(one, currency)}
        lines.append(line | ({"quantity": str(quantity)} if quantity > 1 else {}))
        subtotal += quantity * one
    return lines, subtotal


def _over_the_counter(dice: Dice, subject: Subject) -> Row:
    ware, currency = dice.pick([ware for ware in WARES if ware.counter]), subject.currency
    day = subject.moment(dice.fraction()).date()
    return _purchase(dice, subject, day, price(ware.pence, currency), currency) | {"what": ware.name}


def _purchase(dice: Dice, subject: Subject, day: date, minor: int, currency: str) -> Row:
    at = subject.past.at(subject.created) + (day - subject.created_at.date())
    return subject.made(dice, at) | {
        "bought_on": day,
        "amount": priced(minor, currency),
        "month": day.year * 12 + day.month - 1,
        "currency": currency,
        "minor": minor,
    }


def _subscription(dice: Dice, subject: Subject) -> Iterable[tuple[Table, Row]]:
    """Give what renews by itself for one in eight; for those who have left, what did."""
    if not dice.chance(13):
        return
    ware, every = dice.pick([ware for ware in WARES if ware.renews]), dice.pick(_INTERVALS)
    at = subject.moment(dice.fraction() * 0.6)
    soon = subject.today + timedelta(days=1 + dice.below(27))
    gone = subject.record["status"] in ("inactive", "blocked") or subject.record.get("archived_at")
    state = "ended" if gone else "paused" if dice.chance(9) else "cancelled" if dice.chance(8) else "active"
    over = {"ended": subject.today - timedelta(days=5 + dice.below(90)), "cancelled": soon}.get(state)
    yield (
        subscriptions,
        subject.made(dice, at)
        | {
            "product": ware.name,
            "state": state,
            "price": priced(price(ware.pence, subject.currency), subject.currency),
            "every": every,
            "started_on": at.date(),
            "next_renewal_on": None if over else soon,
            "ends_on": over,
        },
    )


def _number(connection: Connection) -> None:
    """Number all invoices in the order of their dates, and let the next one go on from there."""
    ordered = select(
        invoices.c.id,
        func.row_number().over(order_by=(invoices.c.issued_on, invoices.c.id)).label("place"),
    ).subquery()
    connection.execute(
        update(invoices).where(invoices.c.id == ordered.c.id).values(number=2000 + ordered.c.place)
    )
    last = connection.scalar(select(func.max(invoices.c.number)))
    if last is not None:
        connection.execute(insert(counters).values(name="invoice_number", value=last))


BILLING: Final = Part(
    name="billing", tables=(customer_taxes, invoices, purchases), rows=_billing, finish=_number
)
CARDS: Final = Part(name="cards", tables=(payment_methods,), rows=_cards)
SUBSCRIPTIONS: Final = Part(name="subscriptions", tables=(subscriptions,), rows=_subscription)
