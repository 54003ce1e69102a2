"""What customers want and do not want: services, dislikes, consents, and the people who act for them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from server.store.tables.columns import Id, customer_columns, metadata, reference_columns

services = Table(
    "services",
    metadata,
    *reference_columns(),
    Column("description", Text, nullable=False, default=""),
    Column("duration_minutes", Integer),
    Column("active", Boolean, nullable=False, default=True),
)

disliked_services = Table(
    "disliked_services",
    metadata,
    *customer_columns(),
    Column("service_id", Id, ForeignKey("services.id"), nullable=False),
    Column("comment", Text, nullable=False, default=""),
    UniqueConstraint("customer_id", "service_id"),
    Index("ix_disliked_services_service", "service_id"),
)

consents = Table(
    "consents",
    metadata,
    *customer_columns(),
    Column("channel", String(20), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("source", String(20), nullable=False, default=""),
    Column("note", String(500), nullable=False, default=""),
    Column("updated_by_id", Id, nullable=False, default=""),
    Column("updated_by", String(100), nullable=False, default=""),
    UniqueConstraint("customer_id", "channel", "purpose"),
    # For the few who said no to one thing: marketing lists count them without a look at everybody else.
    Index("ix_consents_state", "purpose", "channel", "state", "customer_id"),
)

contacts = Table(
    "contacts",
    metadata,
    # `contact_id` may act for `customer_id`; the link goes with either.
    *customer_columns(),
    Column("contact_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("product", String(200), nullable=False, default=""),
    Column("product_key", String(400), nullable=False, default=""),  # the product, folded
    Column("invoices", Boolean, nullable=False, default=False),
    Column("support", Boolean, nullable=False, default=False),
    Column("bookings", Boolean, nullable=False, default=False),
    Column("profile", Boolean, nullable=False, default=False),
    UniqueConstraint("customer_id", "contact_id", "product_key"),
    Index("ix_contacts_contact", "contact_id", "id"),
)
