"""The tables of imports: what came, what was found out about it, and by what a row is known again."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table

from server.store.tables.columns import Id, Json, metadata, record_columns

imports = Table(
    "imports",
    metadata,
    *record_columns(),
    Column("name", String(150), nullable=False),
    Column("columns", Json, nullable=False),
    Column("sha256", String(64), nullable=False, default=""),
    Column("first_row", Integer, nullable=False, default=2),
    Column("duplicates", String(20), nullable=False),
    Column("faulty", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("received", Integer, nullable=False, default=0),
    Column("report", Json, nullable=False),
    Column("imported_by", String(100), nullable=False, default=""),
    Column("rank", BigInteger, nullable=False, default=0),  # of customers, when the check began
)

import_rows = Table(
    "import_rows",
    metadata,
    Column("import_id", Id, ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("row", Integer, primary_key=True, autoincrement=False),  # counted from 0
    Column("cells", Json, nullable=False),
    Column("outcome", String(10), nullable=False, default=""),  # empty, faulty, fit; nothing: not yet checked
    Column("record", Json),  # the members of the customer, once it is checked
    Column("customer_id", Id, nullable=False, default=""),  # who it likely is
    Column("about", String(10), nullable=False, default=""),  # fault, existing, repeated
    Column("findings", Json, nullable=False, default=[]),
    Index("ix_import_rows_about", "import_id", "about", "row"),
)

import_keys = Table(
    "import_keys",
    metadata,
    # A digest of what a row is known again by, with the first row that has it.
    Column("import_id", Id, ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(32), primary_key=True),
    Column("row", Integer, nullable=False),
)
