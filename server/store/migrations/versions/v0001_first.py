"""Every table of the first version, and the search index beside them."""

import sqlalchemy as sa
from alembic import op

from server.store.migrations.columns import INSTANT, JSON, record, sort_key

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all that is there."""
    for make in (_reference_lists, _accounts, _customers, _belongings, _household):
        make()
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        for name in ("customer_number", "customer_rank"):
            connection.execute(sa.schema.CreateSequence(sa.Sequence(name)))
    # The index is made of the customers alone: a later form of it is built anew, not migrated.
    from server.store.search import index_for

    index_for(connection.dialect.name).create(connection)


def _reference_lists() -> None:
    """Small collections that customers point to."""
    op.create_table(
        "labels",
        *record(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", sort_key(400), nullable=False),
        sa.Column("color", sa.String(20), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_labels"),
        sa.UniqueConstraint("name_key", name="uq_labels_name_key"),
    )
    op.create_table(
        "branches",
        *record(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", sort_key(400), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.String(20), nullable=False),
        sa.Column("city", sa.String(100), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_branches"),
        sa.UniqueConstraint("name_key", name="uq_branches_name_key"),
    )
    op.create_table(
        "partners",
        *record(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", sort_key(400), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_partners"),
        sa.UniqueConstraint("name_key", name="uq_partners_name_key"),
    )
    op.create_table(
        "locations",
        *record(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", sort_key(400), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_locations"),
        sa.UniqueConstraint("name_key", name="uq_locations_name_key"),
    )


def _accounts() -> None:
    """Staff, their sessions and tokens."""
    op.create_table(
        "staff",
        *record(),
        sa.Column("login", sa.String(63), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("last_sign_in_at", INSTANT, nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("login", name="uq_staff_login"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_used_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("device", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_sessions_staff_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_staff_id", "sessions", ["staff_id"])
    op.create_table(
        "tokens",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_tokens_session_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", name="pk_tokens"),
    )
    op.create_index("ix_tokens_expires_at", "tokens", ["expires_at"])
    op.create_index("ix_tokens_session_id", "tokens", ["session_id"])


def _customers() -> None:
    """The customers."""
    op.create_table(
        "customers",
        *record(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.String(100), nullable=False),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("display_name", sa.String(200), nullable=False),
        sa.Column("given_name", sa.String(100), nullable=False),
        sa.Column("middle_name", sa.String(100), nullable=False),
        sa.Column("family_name", sa.String(100), nullable=False),
        sa.Column("company_name", sa.String(200), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("status_reason", sa.String(200), nullable=False),
        sa.Column("access", sa.String(20), nullable=False),
        sa.Column("archived_at", INSTANT, nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("gender", sa.String(20), nullable=False),
        sa.Column("language", sa.String(44), nullable=False),
        sa.Column("time_zone", sa.String(44), nullable=False),
        sa.Column("referral_method", sa.String(100), nullable=False),
        sa.Column("branch_id", sa.String(64), nullable=True),
        sa.Column("partner_id", sa.String(64), nullable=True),
        sa.Column("location_id", sa.String(64), nullable=True),
        sa.Column("billing_type", sa.String(20), nullable=False),
        sa.Column("mail_opt_out", sa.Boolean(), nullable=False),
        sa.Column("email_opt_out", sa.Boolean(), nullable=False),
        sa.Column("emails", JSON, nullable=False),
        sa.Column("phones", JSON, nullable=False),
        sa.Column("addresses", JSON, nullable=False),
        sa.Column("sort_name", sort_key(200), nullable=False),
        sa.Column("primary_phone", sort_key(40), nullable=False),
        sa.Column("primary_email", sort_key(254), nullable=False),
        sa.Column("city", sa.String(100), nullable=False),
        sa.Column("sort_city", sort_key(100), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_customers_branch_id"),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name="fk_customers_location_id"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name="fk_customers_partner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.UniqueConstraint("number", name="uq_customers_number"),
        sa.UniqueConstraint("rank", name="uq_customers_rank"),
    )
    op.create_index("ix_customers_primary_email", "customers", ["primary_email", "number"])
    op.create_index("ix_customers_primary_phone", "customers", ["primary_phone", "number"])
    op.create_index("ix_customers_sort_city", "customers", ["sort_city", "number"])
    op.create_index("ix_customers_sort_name", "customers", ["sort_name", "number"])
    op.create_index("ix_customers_status", "customers", ["status", "number"])


def _belongings() -> None:
    """What belongs to a customer."""
    op.create_table(
        "customer_labels",
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("label_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_customer_labels_customer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["label_id"], ["labels.id"], name="fk_customer_labels_label_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", "label_id", name="pk_customer_labels"),
    )
    op.create_index("ix_customer_labels_label", "customer_labels", ["label_id", "customer_id"])
    op.create_table(
        "notes",
        *record(),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("visibility", sa.String(20), nullable=False),
        sa.Column("author_id", sa.String(64), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_notes_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
    )
    op.create_index("ix_notes_customer", "notes", ["customer_id", "id"])
    op.create_table(
        "events",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("visibility", sa.String(20), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_events_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_customer", "events", ["customer_id", "id"])


def _household() -> None:
    """What the server keeps for itself."""
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", JSON, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", "actor_id", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
    op.create_table(
        "counters",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_secrets"),
    )
