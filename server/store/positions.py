"""The order in which changes can be told without missing one, whenever their transactions end.

On SQLite there is one writer, and a position counts its entries. On PostgreSQL transactions end in another
order than they begin: there a position is the transaction's number, and entries are told only once every
transaction with a smaller number has ended (docs/decisions/0027).
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Dialect, literal_column

_NEXT: Final = {
    "sqlite": "(SELECT coalesce(max(position), 0) + 1 FROM events)",
    "postgresql": "pg_current_xact_id()::text::bigint",
}
_SETTLED: Final = {
    "sqlite": "SELECT coalesce(max(position), 0) FROM events",
    "postgresql": "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1",
}


def next_position(dialect: Dialect) -> ColumnElement[Any]:
    """Give the expression for the position of an entry that is being written."""
    return literal_column(_NEXT[dialect.name])


def positions_for(connection: Connection, count: int) -> list[int]:
    """Give the positions of `count` entries that are written one after the other now."""
    first = int(connection.exec_driver_sql(f"SELECT {_NEXT[connection.dialect.name]}").scalar_one())
    together = connection.dialect.name == "postgresql"
    return [first if together else first + place for place in range(count)]


def settled(connection: Connection) -> int:
    """Give the position up to which nothing can be added any more."""
    return int(connection.exec_driver_sql(_SETTLED[connection.dialect.name]).scalar_one())
