"""What customers book, hold, use and ask for: bookings, devices, allowances, tickets."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from server.store.tables.columns import Id, Json, UtcDateTime, customer_columns, metadata

bookings = Table(
    "bookings",
    metadata,
    *customer_columns(),
    Column("service_id", Id, ForeignKey("services.id"), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("duration_minutes", Integer, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("address_id", Id),  # of one of the customer's own addresses, which may be gone since
    Column("branch_id", Id, ForeignKey("branches.id")),
    Column("staff_id", Id, ForeignKey("staff.id")),
    Column("note", Text, nullable=False, default=""),
    Column("state", String(20), nullable=False, default="booked"),
    Column("reason", String(200), nullable=False, default=""),
    Index("ix_bookings_customer", "customer_id", "starts_at", "id"),
    Index("ix_bookings_service", "service_id"),
)

devices = Table(
    "devices",
    metadata,
    *customer_columns(),
    Column("item_id", String(64), nullable=False),
    Column("product", String(100), nullable=False),
    Column("barcode", String(64), nullable=False, default=""),
    Column("note", String(200), nullable=False, default=""),
    Column("status", String(20), nullable=False, default="assigned"),
    Column("assigned_at", UtcDateTime, nullable=False),
    Column("returned_at", UtcDateTime),
    Index("ix_devices_customer", "customer_id", "assigned_at", "id"),
    # The database itself sees to it that an item is with one customer at most.
    Index(
        "uq_devices_item",
        "item_id",
        unique=True,
        sqlite_where=text("status = 'assigned'"),
        postgresql_where=text("status = 'assigned'"),
    ),
)

allowances = Table(
    "allowances",
    metadata,
    *customer_columns(),
    Column("product", String(100), nullable=False),
    Column("period", String(20), nullable=False, default="monthly"),
    Column("included", BigInteger),
    Column("manual_cap", BigInteger),
    Column("at_cap", String(20), nullable=False, default="throttle"),
    Column("may_buy_more", Boolean, nullable=False, default=False),
    Column("bonuses", Json, nullable=False, default=[]),
    # What the network reports. It is counted, not changed: no version, no history, no clash with a person.
    Column("used", BigInteger, nullable=False, default=0),
    Column("period_starts_on", Date),
    Column("used_at", UtcDateTime),
    Index("ix_allowances_customer", "customer_id", "id"),
)

tickets = Table(
    "tickets",
    metadata,
    *customer_columns(),
    Column("subject", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("product", String(100), nullable=False, default=""),
    Column("state", String(20), nullable=False, default="open"),
    Column("opened_by_id", Id, nullable=False, default=""),
    Column("opened_by", String(100), nullable=False, default=""),
    Column("reply_count", Integer, nullable=False, default=0),
    Column("replied_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Index("ix_tickets_customer", "customer_id", "id"),
)

replies = Table(
    "replies",
    metadata,
    *customer_columns(),
    Column("ticket_id", Id, ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False),
    Column("body", Text, nullable=False),
    Column("said_by", String(20), nullable=False, default="staff"),
    Column("internal", Boolean, nullable=False, default=False),
    Column("author_id", Id, nullable=False, default=""),
    Column("author", String(100), nullable=False, default=""),
    Index("ix_replies_ticket", "ticket_id", "id"),
    Index("ix_replies_customer", "customer_id", "id"),
)
