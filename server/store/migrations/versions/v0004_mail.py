"""Messages and the queue they wait in; accounts of the portal."""

import sqlalchemy as sa
from alembic import op

from server.store.migrations.columns import INSTANT, of_customer

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    for make in (_messages, _portal_accounts, _portal_links):
        make()


def _messages() -> None:
    op.create_table(
        "messages",
        *of_customer("messages"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("to", sa.String(254), nullable=False),
        sa.Column("sender", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("error", sa.String(500), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.String(64), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
    )
    op.create_index("ix_messages_customer", "messages", ["customer_id", "id"])
    op.create_index("ix_messages_due_at", "messages", ["due_at"])


def _portal_accounts() -> None:
    op.create_table(
        "portal_accounts",
        *of_customer("portal_accounts"),
        sa.Column("login", sa.String(254), nullable=False),
        sa.Column("login_key", sa.String(400), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_set_at", INSTANT, nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("last_sign_in_at", INSTANT, nullable=True),
        sa.UniqueConstraint("login_key", name="uq_portal_accounts_login_key"),
        sa.UniqueConstraint("customer_id", name="uq_portal_accounts_customer_id"),
    )


def _portal_links() -> None:
    op.create_table(
        "portal_links",
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_portal_links"),
        _customer("portal_links"),
    )
    op.create_index("ix_portal_links_customer_id", "portal_links", ["customer_id"])
    op.create_index("ix_portal_links_expires_at", "portal_links", ["expires_at"])


def _customer(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_customer_id"
    return sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=name, ondelete="CASCADE")
