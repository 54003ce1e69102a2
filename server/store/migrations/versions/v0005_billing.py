"""Payment methods, taxes, invoices, purchases, subscriptions."""

import sqlalchemy as sa
from alembic import op

from server.store.migrations.columns import INSTANT, JSON, record, sort_key

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    for make in (_payments, _taxes, _invoices, _subscriptions):
        make()


def _payments() -> None:
    """Cards and what was charged to them."""
    op.create_table(
        "payment_methods",
        *record(),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("brand", sa.String(40), nullable=False),
        sa.Column("last4", sa.String(4), nullable=False),
        sa.Column("exp_month", sa.Integer(), nullable=False),
        sa.Column("exp_year", sa.Integer(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.String(255), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_payment_methods_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_methods"),
    )
    op.create_index("ix_payment_methods_customer", "payment_methods", ["customer_id", "id"])
    op.create_index(
        "uq_payment_methods_reference", "payment_methods", ["customer_id", "reference"], unique=True
    )
    op.create_table(
        "charges",
        *record(),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("payment_method_id", sa.String(64), nullable=False),
        sa.Column("card", sa.String(60), nullable=False),
        sa.Column("reference", sa.String(255), nullable=False),
        sa.Column("amount", JSON, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("payment", sa.String(255), nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_charges_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_charges"),
        sa.UniqueConstraint("key", name="uq_charges_key"),
    )
    op.create_index("ix_charges_customer", "charges", ["customer_id", "id"])
    op.create_index("ix_charges_state", "charges", ["state", "created_at"])
    op.create_index("ix_charges_subject", "charges", ["subject_id", "id"])


def _taxes() -> None:
    """Rates, and who has one of their own."""
    op.create_table(
        "tax_rates",
        *record(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", sort_key(400), nullable=False),
        sa.Column("percent", sa.String(20), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("region", sa.String(100), nullable=False),
        sa.Column("is_standard", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tax_rates"),
        sa.UniqueConstraint("name_key", name="uq_tax_rates_name_key"),
    )
    op.create_table(
        "customer_taxes",
        *record(),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("rate_id", sa.String(64), nullable=True),
        sa.Column("exempt", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("certificate_number", sa.String(100), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_customer_taxes_customer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["rate_id"], ["tax_rates.id"], name="fk_customer_taxes_rate_id"),
        sa.PrimaryKeyConstraint("id", name="pk_customer_taxes"),
    )
    op.create_index("uq_customer_taxes_customer", "customer_taxes", ["customer_id"], unique=True)


def _invoices() -> None:
    """What was asked for and what was bought."""
    op.create_table(
        "invoices",
        *record(),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("subtotal", JSON, nullable=False),
        sa.Column("tax_name", sa.String(200), nullable=False),
        sa.Column("tax_percent", sa.String(20), nullable=False),
        sa.Column("tax", JSON, nullable=False),
        sa.Column("total", JSON, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("paid_by", sa.String(20), nullable=False),
        sa.Column("void_reason", sa.String(200), nullable=False),
        sa.Column("subscription_id", sa.String(64), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_invoices_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invoices"),
        sa.UniqueConstraint("number", name="uq_invoices_number"),
    )
    op.create_index("ix_invoices_customer", "invoices", ["customer_id", "id"])
    op.create_index("ix_invoices_state", "invoices", ["customer_id", "state", "due_on", "currency", "minor"])
    op.create_table(
        "purchases",
        *record(),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("bought_on", sa.Date(), nullable=False),
        sa.Column("amount", JSON, nullable=False),
        sa.Column("invoice_id", sa.String(64), nullable=True),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_purchases_customer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name="fk_purchases_invoice_id"),
        sa.PrimaryKeyConstraint("id", name="pk_purchases"),
    )
    op.create_index("ix_purchases_customer", "purchases", ["customer_id", "bought_on", "id"])
    op.create_index("ix_purchases_month", "purchases", ["customer_id", "month", "currency", "minor"])


def _subscriptions() -> None:
    """What comes again."""
    op.create_table(
        "subscriptions",
        *record(),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("price", JSON, nullable=False),
        sa.Column("every", sa.String(20), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("next_renewal_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_subscriptions_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
    )
    op.create_index("ix_subscriptions_customer", "subscriptions", ["customer_id", "id"])
    op.create_index("ix_subscriptions_next", "subscriptions", ["state", "next_renewal_on"])
