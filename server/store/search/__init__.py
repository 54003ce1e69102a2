"""Finding customers: the index of what can be typed, the list with its filters and orders, duplicates.

`index_for(dialect).put` and `remove` run in the transaction of the save, so the index is never behind.
"""

from functools import cache

from server.store.search.base import SearchIndex
from server.store.search.cursor import BadCursor
from server.store.search.page import FoundPage
from server.store.search.postgresql import PostgresqlIndex
from server.store.search.sqlite import SqliteIndex

__all__ = ["BadCursor", "FoundPage", "SearchIndex", "index_for"]


@cache
def index_for(dialect: str) -> SearchIndex:
    """Give the index for a SQLAlchemy dialect name, `sqlite` or `postgresql`."""
    return PostgresqlIndex() if dialect == "postgresql" else SqliteIndex()
