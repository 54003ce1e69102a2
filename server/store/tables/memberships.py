"""Plans, memberships with their credits and payments, gift cards, rewards."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.store.tables.billing import summed_columns
from server.store.tables.columns import Id, Json, customer_columns, metadata, reference_columns

plans = Table(
    "plans",
    metadata,
    *reference_columns(),
    Column("description", Text, nullable=False, default=""),
    Column("price", Json, nullable=False),
    Column("every", String(20), nullable=False),
    Column("credit", String(100), nullable=False, default=""),
    Column("credits", Integer, nullable=False, default=0),
    Column("credit_days", Integer, nullable=False, default=0),
    Column("minimum_months", Integer, nullable=False, default=0),
    Column("cancellation_fee", Json),
    Column("active", Boolean, nullable=False, default=True),
)

memberships = Table(
    "memberships",
    metadata,
    *customer_columns(),
    Column("plan_id", Id, ForeignKey("plans.id"), nullable=False),
    Column("plan", String(100), nullable=False, default=""),
    Column("branch_id", Id, ForeignKey("branches.id"), nullable=False),
    Column("sold_by_id", Id),
    Column("state", String(20), nullable=False),
    Column("price", Json, nullable=False),
    Column("every", String(20), nullable=False),
    Column("started_on", Date, nullable=False),
    Column("next_payment_on", Date),
    Column("payment_method_id", Id),
    Column("note", Text, nullable=False, default=""),
    Column("ends_on", Date),
    Column("cancel_reason", String(200), nullable=False, default=""),
    Column("minimum_until", Date),
    Column("cancellation_fee", Json),
    Index("ix_memberships_customer", "customer_id", "id"),
    Index("ix_memberships_next", "state", "next_payment_on"),
    Index("ix_memberships_plan", "plan_id"),
)

membership_credits = Table(
    "credits",
    metadata,
    *customer_columns(),
    Column("membership_id", Id, ForeignKey("memberships.id", ondelete="CASCADE"), nullable=False),
    Column("what", String(100), nullable=False),
    Column("state", String(20), nullable=False),
    Column("expires_on", Date),
    Column("note", String(200), nullable=False, default=""),
    Index("ix_credits_membership", "membership_id", "state", "id"),
    Index("ix_credits_customer", "customer_id"),
)

membership_payments = Table(
    "membership_payments",
    metadata,
    *customer_columns(),
    Column("membership_id", Id, ForeignKey("memberships.id", ondelete="CASCADE"), nullable=False),
    Column("state", String(20), nullable=False),
    Column("amount", Json, nullable=False),
    Column("period_on", Date, nullable=False),
    Column("card", String(60), nullable=False, default=""),
    Column("reason", String(500), nullable=False, default=""),
    Column("actor", String(100), nullable=False, default=""),
    Index("ix_membership_payments_membership", "membership_id", "id"),
    Index("ix_membership_payments_customer", "customer_id"),
)

gift_cards = Table(
    "gift_cards",
    metadata,
    *customer_columns(),
    Column("code", String(20), nullable=False),
    Column("amount", Json, nullable=False),
    Column("balance", Json, nullable=False),
    Column("bought_on", Date, nullable=False),
    Column("recipient", String(200), nullable=False, default=""),
    Column("expires_on", Date),
    Column("last_use", String(200), nullable=False, default=""),
    Index("ix_gift_cards_customer", "customer_id", "id"),
    UniqueConstraint("code"),
)

rewards = Table(
    "rewards",
    metadata,
    *customer_columns(),
    Column("kind", String(20), nullable=False),
    Column("amount", Json, nullable=False),
    Column("about", String(200), nullable=False, default=""),
    Column("author", String(100), nullable=False, default=""),
    *summed_columns(),
    Index("ix_rewards_customer", "customer_id", "id"),
)
