"""Bookings, devices, allowances, tickets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Create them."""
    for make in (_bookings, _devices, _allowances, _tickets, _replies):
        make()


def _of_customer(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=f"fk_{table}_customer_id", ondelete="CASCADE"
        ),
    ]


def _bookings() -> None:
    op.create_table(
        "bookings",
        *_of_customer("bookings"),
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("starts_at", _INSTANT, nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("ends_at", _INSTANT, nullable=False),
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
        *_of_customer("devices"),
        sa.Column("item_id", sa.String(64), nullable=False),
        sa.Column("product", sa.String(100), nullable=False),
        sa.Column("barcode", sa.String(64), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("assigned_at", _INSTANT, nullable=False),
        sa.Column("returned_at", _INSTANT, nullable=True),
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
        *_of_customer("allowances"),
        sa.Column("product", sa.String(100), nullable=False),
        sa.Column("period", sa.String(20), nullable=False),
        sa.Column("included", sa.BigInteger(), nullable=True),
        sa.Column("manual_cap", sa.BigInteger(), nullable=True),
        sa.Column("at_cap", sa.String(20), nullable=False),
        sa.Column("may_buy_more", sa.Boolean(), nullable=False),
        sa.Column("bonuses", _JSON, nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("period_starts_on", sa.Date(), nullable=True),
        sa.Column("used_at", _INSTANT, nullable=True),
    )
    op.create_index("ix_allowances_customer", "allowances", ["customer_id", "id"])


def _tickets() -> None:
    op.create_table(
        "tickets",
        *_of_customer("tickets"),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("product", sa.String(100), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("opened_by_id", sa.String(64), nullable=False),
        sa.Column("opened_by", sa.String(100), nullable=False),
        sa.Column("reply_count", sa.Integer(), nullable=False),
        sa.Column("replied_at", _INSTANT, nullable=True),
        sa.Column("closed_at", _INSTANT, nullable=True),
    )
    op.create_index("ix_tickets_customer", "tickets", ["customer_id", "id"])


def _replies() -> None:
    op.create_table(
        "replies",
        *_of_customer("replies"),
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
