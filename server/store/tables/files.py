"""Forms and documents."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.store.tables.columns import Id, Json, UtcDateTime, customer_columns, metadata, reference_columns

form_templates = Table(
    "form_templates",
    metadata,
    *reference_columns(),
    Column("description", Text, nullable=False, default=""),
    Column("questions", Json, nullable=False),
    Column("given_to", String(20), nullable=False, default=""),
    Column("label_id", Id, ForeignKey("labels.id", ondelete="SET NULL")),
    Column("branch_id", Id, ForeignKey("branches.id")),
    Column("active", Boolean, nullable=False, default=True),
)

forms = Table(
    "forms",
    metadata,
    *customer_columns(),
    Column("template_id", Id, ForeignKey("form_templates.id"), nullable=False),
    Column("title", String(100), nullable=False, default=""),
    Column("state", String(20), nullable=False),
    Column("by_rule", Boolean, nullable=False, default=False),
    Column("assigned_by", String(100), nullable=False, default=""),
    Column("completed_at", UtcDateTime),
    Column("completed_by", String(100), nullable=False, default=""),
    Column("questions", Json, nullable=False),
    Column("answers", Json, nullable=False),
    Index("ix_forms_customer", "customer_id", "id"),
    Index("ix_forms_template", "template_id", "customer_id"),
)

documents = Table(
    "documents",
    metadata,
    *customer_columns(),
    Column("name", String(150), nullable=False),
    Column("type", String(20), nullable=False),
    Column("show_to_customer", Boolean, nullable=False, default=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("media_type", String(100), nullable=False, default=""),
    Column("state", String(20), nullable=False),
    Column("received", BigInteger, nullable=False, default=0),
    Column("uploaded_by", String(100), nullable=False, default=""),
    Column("stored_at", UtcDateTime),
    Index("ix_documents_customer", "customer_id", "id"),
)

document_pieces = Table(
    "document_pieces",
    metadata,
    # The content, in the order of `begins`: in the database, so that backups and transactions hold it too.
    Column("document_id", Id, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("begins", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("document_id", "begins"),
)
