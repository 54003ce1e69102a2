"""Customers who were merged into others, and pairs that are not the same person."""

import sqlalchemy as sa
from alembic import op

from server.store.tables.columns import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "former_customers",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("merged_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_former_customers"),
        sa.UniqueConstraint("number", name="uq_former_customers_number"),
        _customer("former_customers", "customer_id"),
    )
    op.create_index("ix_former_customers_customer", "former_customers", ["customer_id", "number"])
    op.create_table(
        "distinct_customers",
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("other_id", sa.String(64), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("said_by", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "other_id", name="pk_distinct_customers"),
        _customer("distinct_customers", "customer_id"),
        _customer("distinct_customers", "other_id"),
    )
    op.create_index("ix_distinct_customers_other", "distinct_customers", ["other_id"])


def _customer(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], ["customers.id"], name=name, ondelete="CASCADE")
