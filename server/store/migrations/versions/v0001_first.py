"""Every table of the first version, and the search index beside them."""

from alembic import op

from server.store.tables import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all that is there."""
    connection = op.get_bind()
    metadata.create_all(connection)
    # The index is made of the customers alone: a later form of it is built anew, not migrated.
    try:
        from server.store.search import index_for
    except ImportError:
        return
    index_for(connection.dialect.name).create(connection)
