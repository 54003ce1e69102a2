"""What importing customers needs."""

import sqlalchemy as sa
from alembic import op

from server.store.tables.columns import Json, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of imports, and let customers be found by their ids elsewhere."""
    op.create_table(
        "imports",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("name", sa.String(150), nullable=False),
        sa.Column("columns", Json, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("first_row", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.String(20), nullable=False),
        sa.Column("faulty", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("report", Json, nullable=False),
        sa.Column("imported_by", sa.String(100), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "import_rows",
        _of_import(),
        sa.Column("row", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("cells", Json, nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("record", Json),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("about", sa.String(10), nullable=False),
        sa.Column("findings", Json, nullable=False),
    )
    op.create_index("ix_import_rows_about", "import_rows", ["import_id", "about", "row"])
    op.create_table(
        "import_keys",
        _of_import(),
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("row", sa.Integer(), nullable=False),
    )
    known = sa.text("external_id <> ''")
    op.create_index(
        "ix_customers_external_id", "customers", ["external_id"], sqlite_where=known, postgresql_where=known
    )


def _of_import() -> sa.Column[str]:
    return sa.Column(
        "import_id", sa.String(64), sa.ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )
