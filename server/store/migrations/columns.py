"""Columns that many migrations make. What a migration made never changes: a new form gets a new name here."""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

INSTANT: Final = sa.DateTime(timezone=True)
JSON: Final = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def record() -> list[sa.Column[Any]]:
    """Give the columns that every record has."""
    return [
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
    ]


def of_customer(table: str) -> list[sa.schema.SchemaItem]:
    """Give the columns and the keys of records that belong to a customer and go with it."""
    return [
        *record(),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=f"fk_{table}_customer_id", ondelete="CASCADE"
        ),
    ]


def sort_key(length: int) -> sa.types.TypeEngine[str]:
    """Give text that lists sort by, in the order of its code points on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")
