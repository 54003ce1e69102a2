"""Sign-ins that wait for their person on another device."""

import sqlalchemy as sa
from alembic import op

from server.store.migrations.columns import INSTANT

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "device_requests",
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("user_code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("client_id", sa.String(40), nullable=False),
        sa.Column("device", sa.String(200), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=True),
        sa.Column("ticket_hash", sa.LargeBinary(32), nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("refused_at", INSTANT, nullable=True),
        sa.Column("session_id", sa.String(64), nullable=True),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("hash", name="pk_device_requests"),
        sa.UniqueConstraint("user_code_hash", name="uq_device_requests_user_code_hash"),
        sa.UniqueConstraint("ticket_hash", name="uq_device_requests_ticket_hash"),
        _reference("staff_id", "staff"),
        _reference("session_id", "sessions"),
    )
    for column in ("expires_at", "staff_id", "session_id"):
        op.create_index(f"ix_device_requests_{column}", "device_requests", [column])


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_device_requests_{column}"
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="CASCADE")
