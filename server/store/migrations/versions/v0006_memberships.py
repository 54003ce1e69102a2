"""Plans, memberships, gift cards, rewards."""

import sqlalchemy as sa
from alembic import op

from server.store.migrations.columns import JSON, of_customer, record, sort_key

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    for make in (_plans, _memberships, _credits, _payments, _gift_cards, _rewards):
        make()


def _of_membership(table: str) -> list[sa.schema.SchemaItem]:
    return [
        *of_customer(table),
        sa.Column("membership_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["memberships.id"], name=f"fk_{table}_membership_id", ondelete="CASCADE"
        ),
    ]


def _plans() -> None:
    op.create_table(
        "plans",
        *record(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", sort_key(400), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("price", JSON, nullable=False),
        sa.Column("every", sa.String(20), nullable=False),
        sa.Column("credit", sa.String(100), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("credit_days", sa.Integer(), nullable=False),
        sa.Column("minimum_months", sa.Integer(), nullable=False),
        sa.Column("cancellation_fee", JSON, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
        sa.UniqueConstraint("name_key", name="uq_plans_name_key"),
    )


def _memberships() -> None:
    op.create_table(
        "memberships",
        *of_customer("memberships"),
        sa.Column("plan_id", sa.String(64), nullable=False),
        sa.Column("plan", sa.String(100), nullable=False),
        sa.Column("branch_id", sa.String(64), nullable=False),
        sa.Column("sold_by_id", sa.String(64), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("price", JSON, nullable=False),
        sa.Column("every", sa.String(20), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("next_payment_on", sa.Date(), nullable=True),
        sa.Column("payment_method_id", sa.String(64), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("cancel_reason", sa.String(200), nullable=False),
        sa.Column("minimum_until", sa.Date(), nullable=True),
        sa.Column("cancellation_fee", JSON, nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_memberships_plan_id"),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_memberships_branch_id"),
    )
    op.create_index("ix_memberships_customer", "memberships", ["customer_id", "id"])
    op.create_index("ix_memberships_next", "memberships", ["state", "next_payment_on"])
    op.create_index("ix_memberships_plan", "memberships", ["plan_id"])


def _credits() -> None:
    op.create_table(
        "credits",
        *_of_membership("credits"),
        sa.Column("what", sa.String(100), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(200), nullable=False),
    )
    op.create_index("ix_credits_membership", "credits", ["membership_id", "state", "id"])
    op.create_index("ix_credits_customer", "credits", ["customer_id"])


def _payments() -> None:
    op.create_table(
        "membership_payments",
        *_of_membership("membership_payments"),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("amount", JSON, nullable=False),
        sa.Column("period_on", sa.Date(), nullable=False),
        sa.Column("card", sa.String(60), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
    )
    op.create_index("ix_membership_payments_membership", "membership_payments", ["membership_id", "id"])
    op.create_index("ix_membership_payments_customer", "membership_payments", ["customer_id"])


def _gift_cards() -> None:
    op.create_table(
        "gift_cards",
        *of_customer("gift_cards"),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("amount", JSON, nullable=False),
        sa.Column("balance", JSON, nullable=False),
        sa.Column("bought_on", sa.Date(), nullable=False),
        sa.Column("recipient", sa.String(200), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("last_use", sa.String(200), nullable=False),
        sa.UniqueConstraint("code", name="uq_gift_cards_code"),
    )
    op.create_index("ix_gift_cards_customer", "gift_cards", ["customer_id", "id"])


def _rewards() -> None:
    op.create_table(
        "rewards",
        *of_customer("rewards"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("amount", JSON, nullable=False),
        sa.Column("about", sa.String(200), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_rewards_customer", "rewards", ["customer_id", "id"])
