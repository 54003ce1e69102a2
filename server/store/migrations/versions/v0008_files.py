"""Forms and documents."""

import sqlalchemy as sa
from alembic import op

from server.store.migrations.columns import INSTANT, JSON, of_customer, record, sort_key

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    for make in (_templates, _forms, _documents):
        make()


def _templates() -> None:
    op.create_table(
        "form_templates",
        *record(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", sort_key(400), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("questions", JSON, nullable=False),
        sa.Column("given_to", sa.String(20), nullable=False),
        sa.Column("label_id", sa.String(64), nullable=True),
        sa.Column("branch_id", sa.String(64), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_form_templates"),
        sa.UniqueConstraint("name_key", name="uq_form_templates_name_key"),
        sa.ForeignKeyConstraint(
            ["label_id"], ["labels.id"], name="fk_form_templates_label_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_form_templates_branch_id"),
    )


def _forms() -> None:
    op.create_table(
        "forms",
        *of_customer("forms"),
        sa.Column("template_id", sa.String(64), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("by_rule", sa.Boolean(), nullable=False),
        sa.Column("assigned_by", sa.String(100), nullable=False),
        sa.Column("completed_at", INSTANT, nullable=True),
        sa.Column("completed_by", sa.String(100), nullable=False),
        sa.Column("questions", JSON, nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.ForeignKeyConstraint(["template_id"], ["form_templates.id"], name="fk_forms_template_id"),
    )
    op.create_index("ix_forms_customer", "forms", ["customer_id", "id"])
    op.create_index("ix_forms_template", "forms", ["template_id", "customer_id"])


def _documents() -> None:
    op.create_table(
        "documents",
        *of_customer("documents"),
        sa.Column("name", sa.String(150), nullable=False),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("show_to_customer", sa.Boolean(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_by", sa.String(100), nullable=False),
        sa.Column("stored_at", INSTANT, nullable=True),
    )
    op.create_index("ix_documents_customer", "documents", ["customer_id", "id"])
    op.create_table(
        "document_pieces",
        sa.Column("document_id", sa.String(64), nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_document_pieces_document_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("document_id", "begins", name="uq_document_pieces_document_id_begins"),
    )
