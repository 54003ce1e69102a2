"""What the sample business charges: as the rules would have written it, and as it is told."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from client.models import Invoice, PaymentMethod, Purchase, Subscription
from client.models.cards import holds_card_number
from client.models.invoice import sums_of
from client.models.money import Money
from server.sample import billing
from server.sample.customers import customers
from server.sample.moments import Moments
from server.sample.parts import rows_of

TODAY = date(2026, 11, 20)
COUNT = 600


@pytest.fixture(scope="module")
def made() -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    parts = (billing.CARDS, billing.BILLING, billing.SUBSCRIPTIONS)
    for customer in customers(COUNT, TODAY):
        for table, row in rows_of(customer, TODAY, Moments.until(TODAY), COUNT, parts):
            rows.setdefault(table.name, []).append(row)
    return rows


@pytest.mark.feature("F5.4")
def test_every_invoice_adds_up_as_the_server_adds(made: dict[str, list[dict[str, Any]]]) -> None:
    numbers = Counter(row["number"] for row in made["invoices"])
    assert max(numbers.values()) == 1
    for row in made["invoices"]:
        invoice = Invoice.model_validate(row)
        sums = sums_of(invoice.lines, invoice.tax_percent)
        assert (invoice.subtotal, invoice.tax, invoice.total) == (sums.subtotal, sums.tax, sums.total)
        assert (row["minor"], row["currency"]) == (invoice.total.minor, invoice.total.currency)
        assert invoice.due_on is not None
        assert invoice.issued_on is not None
        assert invoice.issued_on < TODAY
        assert (invoice.state == "paid") == (invoice.paid_on is not None)
    states = Counter(row["state"] for row in made["invoices"])
    assert set(states) == {"open", "paid", "void"}
    assert states["paid"] > 5 * states["open"]
    assert any(Invoice.model_validate(row).overdue_on(TODAY) for row in made["invoices"])


@pytest.mark.feature("F5.5")
def test_what_was_paid_is_a_purchase_and_nothing_lies_in_the_future(
    made: dict[str, list[dict[str, Any]]],
) -> None:
    paid = {row["id"]: row["total"] for row in made["invoices"] if row["state"] == "paid"}
    bought = {row["invoice_id"]: row["amount"] for row in made["purchases"] if row.get("invoice_id")}
    assert bought == paid
    assert any(not row.get("invoice_id") for row in made["purchases"])
    for row in made["purchases"]:
        purchase = Purchase.model_validate(row)
        assert purchase.bought_on is not None
        assert purchase.bought_on < TODAY
        assert row["month"] == purchase.bought_on.year * 12 + purchase.bought_on.month - 1
        assert row["minor"] == Money.model_validate(row["amount"]).minor
    for row in made["subscriptions"]:
        subscription = Subscription.model_validate(row)
        assert (subscription.next_renewal_on is None) == (subscription.state in ("cancelled", "ended"))
        assert subscription.next_renewal_on is None or subscription.next_renewal_on > TODAY


@pytest.mark.feature("F5.1", "F5.2")
def test_everyone_with_cards_has_one_default_and_exemptions_have_papers(
    made: dict[str, list[dict[str, Any]]],
) -> None:
    defaults = Counter(row["customer_id"] for row in made["payment_methods"] if row["is_default"])
    assert set(defaults.values()) == {1}
    assert set(defaults) == {row["customer_id"] for row in made["payment_methods"]}
    for row in made["payment_methods"]:
        assert not holds_card_number(row["reference"])
        assert PaymentMethod.model_validate(row).words
    assert made["customer_taxes"]
    assert all(row["reason"] and row["certificate_number"] for row in made["customer_taxes"])
