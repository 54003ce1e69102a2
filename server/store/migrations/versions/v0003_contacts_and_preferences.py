"""Who may act for a customer, what a customer wants to hear and does not like."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from server.store.ids import new_id
from server.store.migrations.columns import of_customer, record, sort_key

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_FILLED: Final = ("id", "version", "created_at", "updated_at", "customer_id", "channel", "purpose", "state")
_EMPTY: Final = ("source", "note", "updated_by_id", "updated_by")
_CONSENT_ROWS: Final = sa.table("consents", *(sa.column(name) for name in (*_FILLED, *_EMPTY)))


def upgrade() -> None:
    """Create them; whoever has opted out already has said no to marketing by that channel."""
    for make in (_services, _disliked_services, _consents, _contacts, _opted_out):
        make()


def _services() -> None:
    op.create_table(
        "services",
        *record(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", sort_key(400), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_services"),
        sa.UniqueConstraint("name_key", name="uq_services_name_key"),
    )


def _disliked_services() -> None:
    op.create_table(
        "disliked_services",
        *of_customer("disliked_services"),
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name="fk_disliked_services_service_id"),
        sa.UniqueConstraint("customer_id", "service_id", name="uq_disliked_services_customer_id_service_id"),
    )
    op.create_index("ix_disliked_services_service", "disliked_services", ["service_id"])


def _consents() -> None:
    op.create_table(
        "consents",
        *of_customer("consents"),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("updated_by_id", sa.String(64), nullable=False),
        sa.Column("updated_by", sa.String(100), nullable=False),
        sa.UniqueConstraint(
            "customer_id", "channel", "purpose", name="uq_consents_customer_id_channel_purpose"
        ),
    )
    op.create_index("ix_consents_state", "consents", ["purpose", "channel", "state", "customer_id"])


def _contacts() -> None:
    op.create_table(
        "contacts",
        *of_customer("contacts"),
        sa.Column("contact_id", sa.String(64), nullable=False),
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("product_key", sa.String(400), nullable=False),
        *(
            sa.Column(right, sa.Boolean(), nullable=False)
            for right in ("invoices", "support", "bookings", "profile")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["customers.id"], name="fk_contacts_contact_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "customer_id", "contact_id", "product_key", name="uq_contacts_customer_id_contact_id_product_key"
        ),
    )
    op.create_index("ix_contacts_contact", "contacts", ["contact_id", "id"])


def _opted_out() -> None:
    """Who entered an opt-out, and how it was told, is in the history where it is known at all."""
    connection = op.get_bind()
    for column, channel in (("email_opt_out", "email"), ("mail_opt_out", "post")):
        customers = sa.table("customers", sa.column("id"), sa.column("updated_at"), sa.column(column))
        chosen = sa.select(customers.c.id, customers.c.updated_at).where(customers.c[column])
        rows = [
            {
                "id": new_id(),
                "version": 1,
                "created_at": row.updated_at,
                "updated_at": row.updated_at,
                "customer_id": row.id,
                "channel": channel,
                "purpose": "marketing",
                "state": "denied",
                **dict.fromkeys(_EMPTY, ""),
            }
            for row in connection.execute(chosen)
        ]
        if rows:
            connection.execute(sa.insert(_CONSENT_ROWS), rows)
