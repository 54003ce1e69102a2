"""Payment methods and charges, taxes, invoices, purchases, subscriptions.

Money is kept as it travels, exact decimals with their currency. Beside it stand whole numbers of the smallest
unit (cents), which databases can sum.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from server.store.tables.columns import (
    Id,
    Json,
    UtcDateTime,
    customer_columns,
    metadata,
    record_columns,
    reference_columns,
)


def summed_columns() -> list[Column[Any]]:
    """Give the columns that follow from an amount of money."""
    return [
        Column("currency", String(3), nullable=False),
        Column("minor", BigInteger, nullable=False),  # in the smallest unit of the currency
    ]


payment_methods = Table(
    "payment_methods",
    metadata,
    *customer_columns(),
    Column("brand", String(40), nullable=False, default=""),
    Column("last4", String(4), nullable=False, default=""),
    Column("exp_month", Integer, nullable=False, default=0),
    Column("exp_year", Integer, nullable=False, default=0),
    Column("is_default", Boolean, nullable=False, default=False),
    Column("reference", String(255), nullable=False, default=""),  # the provider's name; never leaves
    Index("ix_payment_methods_customer", "customer_id", "id"),
    Index("uq_payment_methods_reference", "customer_id", "reference", unique=True),
)

charges = Table(
    "charges",
    metadata,
    # What a provider is asked to take: written before it is asked, settled when it has answered.
    *record_columns(),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("key", String(300), nullable=False, unique=True),  # who asked, and under which idempotency key
    Column("subject", String(20), nullable=False),  # what is paid for: invoice, membership
    Column("subject_id", Id, nullable=False),
    Column("payment_method_id", Id, nullable=False),  # stays when the method is removed
    Column("card", String(60), nullable=False, default=""),  # its words
    Column("reference", String(255), nullable=False),  # the provider's name of the method
    Column("amount", Json, nullable=False),
    *summed_columns(),
    Column("state", String(20), nullable=False),  # pending, succeeded, failed
    Column("reason", String(500), nullable=False, default=""),
    Column("payment", String(255), nullable=False, default=""),  # the provider's name of the payment
    Column("settled_at", UtcDateTime),
    Column("actor_id", Id, nullable=False, default=""),
    Column("actor", String(100), nullable=False, default=""),
    Index("ix_charges_subject", "subject_id", "id"),
    Index("ix_charges_customer", "customer_id", "id"),
    Index("ix_charges_state", "state", "created_at"),
)

tax_rates = Table(
    "tax_rates",
    metadata,
    *reference_columns(),
    Column("percent", String(20), nullable=False),
    Column("country", String(2), nullable=False, default=""),
    Column("region", String(100), nullable=False, default=""),
    Column("is_standard", Boolean, nullable=False, default=False),
    Column("active", Boolean, nullable=False, default=True),
)

customer_taxes = Table(
    "customer_taxes",
    metadata,
    *customer_columns(),
    Column("rate_id", Id, ForeignKey("tax_rates.id")),
    Column("exempt", Boolean, nullable=False, default=False),
    Column("reason", String(200), nullable=False, default=""),
    Column("certificate_number", String(100), nullable=False, default=""),
    Column("valid_until", Date),
    Index("uq_customer_taxes_customer", "customer_id", unique=True),
)

invoices = Table(
    "invoices",
    metadata,
    *customer_columns(),
    Column("number", Integer, nullable=False, unique=True),
    Column("state", String(20), nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("lines", Json, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("subtotal", Json, nullable=False),
    Column("tax_name", String(200), nullable=False, default=""),
    Column("tax_percent", String(20), nullable=False, default="0"),
    Column("tax", Json, nullable=False),
    Column("total", Json, nullable=False),
    Column("paid_on", Date),
    Column("paid_by", String(20), nullable=False, default=""),
    Column("void_reason", String(200), nullable=False, default=""),
    Column("subscription_id", Id),
    *summed_columns(),
    Index("ix_invoices_customer", "customer_id", "id"),
    # What is open and when it was due, without a look at the invoices themselves.
    Index("ix_invoices_state", "customer_id", "state", "due_on", "currency", "minor"),
)

purchases = Table(
    "purchases",
    metadata,
    *customer_columns(),
    Column("what", String(200), nullable=False),
    Column("bought_on", Date, nullable=False),
    Column("amount", Json, nullable=False),
    Column("invoice_id", Id, ForeignKey("invoices.id")),
    Column("month", Integer, nullable=False),  # of the year 0: what spending is summed by
    *summed_columns(),
    Index("ix_purchases_customer", "customer_id", "bought_on", "id"),
    Index("ix_purchases_month", "customer_id", "month", "currency", "minor"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    *customer_columns(),
    Column("product", String(200), nullable=False),
    Column("state", String(20), nullable=False),
    Column("price", Json, nullable=False),
    Column("every", String(20), nullable=False),
    Column("started_on", Date, nullable=False),
    Column("next_renewal_on", Date),
    Column("ends_on", Date),
    Index("ix_subscriptions_customer", "customer_id", "id"),
    Index("ix_subscriptions_next", "state", "next_renewal_on"),
)
