"""Reports: conditions that people keep under a name."""

from sqlalchemy import Boolean, Column, Index, String, Table, Text

from server.store.tables.columns import Id, Json, metadata, record_columns, sort_key

reports = Table(
    "reports",
    metadata,
    *record_columns(),
    Column("name", String(100), nullable=False),
    Column("name_key", sort_key(400), nullable=False),  # the name, folded: what the list is ordered by
    Column("description", Text, nullable=False, default=""),
    Column("shared", Boolean, nullable=False, default=False),
    Column("owner_id", Id, nullable=False, default=""),
    Column("owner", String(100), nullable=False, default=""),
    Column("conditions", Json, nullable=False),
    Index("ix_reports_name_key", "name_key", "id"),
)
