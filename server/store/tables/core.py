"""The tables of the main job: customers, what they point to, who works here, and the household.

A column has the name of the model's field it stores. Parts of a record that are never asked for alone
(e-mails, phones, addresses) are JSON; what lists sort by is kept beside them in columns of its own.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Sequence,
    String,
    Table,
    Text,
    text,
)

from server.store.tables.columns import (
    Id,
    Json,
    UtcDateTime,
    metadata,
    record_columns,
    reference_columns,
    sort_key,
)

labels = Table(
    "labels",
    metadata,
    *reference_columns(),
    Column("color", String(20), nullable=False),
    Column("description", Text, nullable=False, default=""),
)

branches = Table(
    "branches",
    metadata,
    *reference_columns(),
    Column("phone", String(40), nullable=False, default=""),
    Column("street", Text, nullable=False, default=""),
    Column("postal_code", String(20), nullable=False, default=""),
    Column("city", String(100), nullable=False, default=""),
    Column("country", String(2), nullable=False, default=""),
    Column("latitude", Float),
    Column("longitude", Float),
)

partners = Table(
    "partners", metadata, *reference_columns(), Column("description", Text, nullable=False, default="")
)

locations = Table(
    "locations", metadata, *reference_columns(), Column("description", Text, nullable=False, default="")
)

custom_fields = Table(
    "custom_fields",
    metadata,
    *reference_columns(),
    Column("key", String(40), nullable=False, unique=True),
    Column("type", String(20), nullable=False),
    Column("options", Json, nullable=False),
    Column("required", Boolean, nullable=False, default=False),
    Column("position", Integer, nullable=False, default=0),
    Column("archived", Boolean, nullable=False, default=False),
)

staff = Table(
    "staff",
    metadata,
    *record_columns(),
    Column("login", String(63), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("email", String(254), nullable=False, default=""),
    Column("role", String(20), nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("last_sign_in_at", UtcDateTime),
    Column("password_hash", Text, nullable=False, default=""),  # Argon2id (RFC 9106); empty: cannot sign in
    # The customer who this person is too.
    Column("customer_id", Id),
    Index("ix_staff_customer_id", "customer_id", unique=True),
)

customers = Table(
    "customers",
    metadata,
    *record_columns(),
    Column("number", Integer, nullable=False, unique=True),
    # Recency: larger is later changed. The search index uses it as its row id (see store/search).
    Column("rank", BigInteger, nullable=False, unique=True),
    Column("external_id", String(100), nullable=False, default=""),
    Column("type", String(20), nullable=False),
    Column("display_name", String(200), nullable=False),
    Column("given_name", String(100), nullable=False, default=""),
    Column("middle_name", String(100), nullable=False, default=""),
    Column("family_name", String(100), nullable=False, default=""),
    Column("company_name", String(200), nullable=False, default=""),
    Column("status", String(20), nullable=False),
    Column("status_reason", String(200), nullable=False, default=""),
    Column("access", String(20), nullable=False),
    Column("archived_at", UtcDateTime),
    Column("born_on", Date),
    Column("gender", String(20), nullable=False, default=""),
    Column("language", String(44), nullable=False, default=""),
    Column("time_zone", String(44), nullable=False, default=""),
    Column("referral_method", String(100), nullable=False, default=""),
    Column("branch_id", Id, ForeignKey("branches.id")),
    Column("partner_id", Id, ForeignKey("partners.id")),
    Column("location_id", Id, ForeignKey("locations.id")),
    Column("billing_type", String(20), nullable=False, default=""),
    Column("mail_opt_out", Boolean, nullable=False, default=False),
    Column("email_opt_out", Boolean, nullable=False, default=False),
    Column("emails", Json, nullable=False),
    Column("phones", Json, nullable=False),
    Column("addresses", Json, nullable=False),
    Column("weight", Json),
    Column("alerts", Json, nullable=False, default=[], server_default="[]"),
    Column("extra_contact", Json, nullable=False, default={}, server_default="{}"),
    Column("custom_fields", Json, nullable=False, default={}, server_default="{}"),
    # Derived from the record by rules/customers.py on every save, for lists to show and sort by.
    Column("sort_name", sort_key(200), nullable=False),  # display_name, folded
    Column("primary_phone", sort_key(40), nullable=False, default=""),
    Column("primary_email", sort_key(254), nullable=False, default=""),
    Column("city", String(100), nullable=False, default=""),
    Column("sort_city", sort_key(100), nullable=False, default=""),  # city, folded
    # One index for each column a list is sorted by; equal values are kept in order by number, which no
    # save changes: a save then writes only the indexes of what it changed.
    Index("ix_customers_sort_name", "sort_name", "number"),
    Index("ix_customers_primary_phone", "primary_phone", "number"),
    Index("ix_customers_primary_email", "primary_email", "number"),
    Index("ix_customers_sort_city", "sort_city", "number"),
    Index("ix_customers_status", "status", "number"),
    # Most have none; an import finds those that have one again by it.
    Index(
        "ix_customers_external_id",
        "external_id",
        sqlite_where=text("external_id <> ''"),
        postgresql_where=text("external_id <> ''"),
    ),
)

customer_labels = Table(
    "customer_labels",
    metadata,
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Column("label_id", Id, ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_customer_labels_label", "label_id", "customer_id"),
)

notes = Table(
    "notes",
    metadata,
    *record_columns(),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("body", Text, nullable=False),
    Column("pinned", Boolean, nullable=False, default=False),
    Column("visibility", String(20), nullable=False),
    Column("author_id", Id, nullable=False, default=""),
    Column("author", String(100), nullable=False, default=""),
    Index("ix_notes_customer", "customer_id", "id"),
)

events = Table(
    "events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE")),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", Id, nullable=False, default=""),
    Column("actor", String(100), nullable=False, default=""),
    Column("kind", String(60), nullable=False),
    Column("record_id", Id, nullable=False, default=""),
    Column("version", Integer, nullable=False, default=0),
    Column("changes", Json, nullable=False),
    Column("visibility", String(20), nullable=False, default="staff"),  # admin: for admins only
    Column("request_id", String(64), nullable=False, default=""),
    # Orders entries by when they could be told (see store/positions); 0: never.
    Column("position", BigInteger, nullable=False, default=0, server_default="0"),
    Index("ix_events_customer", "customer_id", "id"),
    Index("ix_events_position", "position"),
)

sessions = Table(
    "sessions",
    metadata,
    # One sign-in on one device: a family of refresh tokens, each replacing the one before (RFC 9700).
    Column("id", Id, primary_key=True),
    Column("staff_id", Id, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("device", String(200), nullable=False, default=""),
)

tokens = Table(
    "tokens",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),  # SHA-256; the token itself is kept nowhere
    Column("session_id", Id, ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),  # access, refresh
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("used_at", UtcDateTime),  # a refresh token's first use; the grace counts from it
)

device_requests = Table(
    "device_requests",
    metadata,
    # Sign-ins that wait for their person on another device (RFC 8628); neither code is kept.
    Column("hash", LargeBinary(32), primary_key=True),  # SHA-256 of the device code
    Column("user_code_hash", LargeBinary(32), nullable=False, unique=True),
    Column("client_id", String(40), nullable=False),
    Column("device", String(200), nullable=False),
    Column("address", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("staff_id", Id, ForeignKey("staff.id", ondelete="CASCADE"), index=True),  # who decides
    Column("ticket_hash", LargeBinary(32), unique=True),  # SHA-256 of what lets that person decide
    Column("approved_at", UtcDateTime),
    Column("refused_at", UtcDateTime),
    Column("session_id", Id, ForeignKey("sessions.id", ondelete="CASCADE"), index=True),
    Column("used_at", UtcDateTime),  # when tokens were given first; the grace counts from it
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("actor_id", Id, primary_key=True),
    Column("fingerprint", LargeBinary(32), nullable=False),  # SHA-256 of method, path and body
    Column("status", Integer, nullable=False),
    Column("headers", Json, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("customer_id", Id, nullable=False, default="", server_default="", index=True),  # whom it is about
)

# On PostgreSQL, numbers that must not make writers wait for each other (see store/counters).
customer_number = Sequence("customer_number", metadata=metadata)
customer_rank = Sequence("customer_rank", metadata=metadata)

counters = Table(
    "counters",
    metadata,
    # The same on SQLite, which has one writer anyway: customer_number, customer_rank.
    Column("name", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

settings = Table(
    "settings",
    metadata,
    # What the office says of itself: business, country, language, currency, time_zone.
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)
