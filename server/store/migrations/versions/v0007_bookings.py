"""Bookings, devices, allowances, tickets."""

import sqlalchemy as sa
from alembic import op

from server.store.migrations.columns import INSTANT, JSON, of_customer

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    for make in (_bookings, _devices, _allowances, _tickets, _replies):
        make()


def _bookings() -> None:
    op.create_table(
        "bookings",
        *of_customer("bookings"),
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("address_id", sa.String(64), nullable=True),
        sa.Column("branch_id", sa.String(64), nullable=True),
        sa.Column("staff_id", sa.String(64), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name="fk_bookings_service_id"),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_bookings_branch_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_bookings_staff_id"),
    )
    op.create_index("ix_bookings_customer", "bookings", ["customer_id", "starts_at", "id"])
    op.create_index("ix_bookings_service", "bookings", ["service_id"])


def _devices() -> None:
    op.create_table(
        "devices",
        *of_customer("devices"),
        sa.Column("item_id", sa.String(64), nullable=False),
        sa.Column("product", sa.String(100), nullable=False),
        sa.Column("barcode", sa.String(64), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("assigned_at", INSTANT, nullable=False),
        sa.Column("returned_at", INSTANT, nullable=True),
    )
    op.create_index("ix_devices_customer", "devices", ["customer_id", "assigned_at", "id"])
    assigned = sa.text("status = 'assigned'")
    op.create_index(
        "uq_devices_item",
        "devices",
        ["item_id"],
        unique=True,
        sqlite_where=assigned,
        postgresql_where=assigned,
    )


def _allowances() -> None:
    op.create_table(
        "allowances",
        *of_customer("allowances"),
        sa.Column("product", sa.String(100), nullable=False),
        sa.Column("period", sa.String(20), nullable=False),
        sa.Column("included", sa.BigInteger(), nullable=True),
        sa.Column("manual_cap", sa.BigInteger(), nullable=True),
        sa.Column("at_cap", sa.String(20), nullable=False),
        sa.Column("may_buy_more", sa.Boolean(), nullable=False),
        sa.Column("bonuses", JSON, nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("period_starts_on", sa.Date(), nullable=True),
        sa.Column("used_at", INSTANT, nullable=True),
    )
    op.create_index("ix_allowances_customer", "allowances", ["customer_id", "id"])


def _tickets() -> None:
    op.create_table(
        "tickets",
        *of_customer("tickets"),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("product", sa.String(100), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("opened_by_id", sa.String(64), nullable=False),
        sa.Column("opened_by", sa.String(100), nullable=False),
        sa.Column("reply_count", sa.Integer(), nullable=False),
        sa.Column("replied_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
    )
    op.create_index("ix_tickets_customer", "tickets", ["customer_id", "id"])


def _replies() -> None:
    op.create_table(
        "replies",
        *of_customer("replies"),
        sa.Column("ticket_id", sa.String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("said_by", sa.String(20), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.String(64), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_replies_ticket_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_replies_ticket", "replies", ["ticket_id", "id"])
    op.create_index("ix_replies_customer", "replies", ["customer_id", "id"])
