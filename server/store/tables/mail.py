"""Messages with the queue they wait in, and the accounts of the customers' portal."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from server.store.tables.columns import Id, UtcDateTime, customer_columns, metadata

messages = Table(
    "messages",
    metadata,
    *customer_columns(),
    Column("kind", String(20), nullable=False),
    Column("to", String(254), nullable=False),
    Column("sender", String(254), nullable=False, default=""),  # empty: the business
    Column("subject", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("sent_at", UtcDateTime),
    Column("error", String(500), nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("author_id", Id, nullable=False, default=""),
    Column("author", String(100), nullable=False, default=""),
    # The queue: when somebody may send it, or may take it over from one who began and was not heard of
    # again. Empty once nobody shall.
    Column("due_at", UtcDateTime),
    Index("ix_messages_customer", "customer_id", "id"),
    Index("ix_messages_due_at", "due_at"),
)

portal_accounts = Table(
    "portal_accounts",
    metadata,
    *customer_columns(),
    Column("login", String(254), nullable=False),
    Column("login_key", String(400), nullable=False, unique=True),  # folded, which may lengthen it
    Column("password_hash", Text, nullable=False, default=""),  # Argon2id (RFC 9106); empty: cannot sign in
    Column("password_set_at", UtcDateTime),
    Column("confirmed_at", UtcDateTime),
    Column("last_sign_in_at", UtcDateTime),
    UniqueConstraint("customer_id"),
)

portal_links = Table(
    "portal_links",
    metadata,
    # What stands in a confirmation e-mail; good once, and only for the address that it went to.
    Column("hash", LargeBinary(32), primary_key=True),  # SHA-256; the link itself is kept nowhere
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("address", String(254), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)
