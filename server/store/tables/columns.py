"""What the columns of every table are made of, for SQLite and PostgreSQL alike."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, aware and in UTC on both sides whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """Say what Python sees."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant as the database takes it: SQLite keeps UTC without saying so."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy names it
        """Give the instant with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")
Id = String(64)


def sort_key(length: int) -> String:
    """Give the type of text that lists sort by: in the order of its code points on both databases."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def record_columns() -> list[Column[Any]]:
    """Give the columns that every record has."""
    return [
        Column("id", Id, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("updated_at", UtcDateTime, nullable=False),
    ]


def reference_columns() -> list[Column[Any]]:
    """Give the columns of a record that is known by its name."""
    return [
        *record_columns(),
        Column("name", String(100), nullable=False),
        Column(
            "name_key", sort_key(400), nullable=False, unique=True
        ),  # the name, folded; folding may lengthen
    ]


def customer_columns() -> list[Column[Any]]:
    """Give the columns of a record that belongs to a customer and goes with it."""
    return [
        *record_columns(),
        Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    ]
