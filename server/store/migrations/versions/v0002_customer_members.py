"""What else is known of a customer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add weight, warnings, extra contact, additional fields, and which customers work here too."""
    op.add_column("customers", sa.Column("weight", _JSON))
    for name, empty in (("alerts", "[]"), ("extra_contact", "{}"), ("custom_fields", "{}")):
        op.add_column("customers", sa.Column(name, _JSON, nullable=False, server_default=empty))
    key = sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql")
    op.create_table(
        "custom_fields",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", key, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("options", _JSON, nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_custom_fields"),
        sa.UniqueConstraint("name_key", name="uq_custom_fields_name_key"),
        sa.UniqueConstraint("key", name="uq_custom_fields_key"),
    )
    op.add_column("staff", sa.Column("customer_id", sa.String(64)))
    op.create_index("ix_staff_customer_id", "staff", ["customer_id"], unique=True)
