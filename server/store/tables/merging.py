"""Records of one person: those that were merged into another, and those that are none."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from server.store.tables.columns import Id, UtcDateTime, metadata

former_customers = Table(
    "former_customers",
    metadata,
    # Who was merged into `customer_id`: the old id leads there, the old number finds that customer.
    Column("id", Id, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("merged_at", UtcDateTime, nullable=False),
    Index("ix_former_customers_customer", "customer_id", "number"),
)

distinct_customers = Table(
    "distinct_customers",
    metadata,
    # Two who look alike and are not the same, the smaller id first: somebody looked and said so.
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Column("other_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Column("said_at", UtcDateTime, nullable=False),
    Column("said_by", String(100), nullable=False, default=""),
    Index("ix_distinct_customers_other", "other_id"),
)
