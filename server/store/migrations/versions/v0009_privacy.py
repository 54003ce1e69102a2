"""What following changes and erasing a person needs."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give entries of the history a position, and kept answers the customer whom they are about."""
    # Entries from before have the position 0: they are in nobody's stream any more.
    op.add_column("events", sa.Column("position", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("ix_events_position", "events", ["position"])
    op.add_column(
        "idempotency_keys", sa.Column("customer_id", sa.String(64), nullable=False, server_default="")
    )
    op.create_index("ix_idempotency_keys_customer_id", "idempotency_keys", ["customer_id"])
