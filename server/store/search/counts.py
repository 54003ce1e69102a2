"""How many customers a list has, kept while they are saved.

Each save that changes a count adds a row with the difference, so that two saves never wait for one
another; now and then such rows are added up into one.
"""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from client.models.customer_search import CustomerSearch
from server.store.search.document import Document
from server.store.search.query import Query
from server.store.search.raw import Raw

if TYPE_CHECKING:
    from server.store.search.base import SearchIndex

COUNTED = 1000
"""Matches are counted up to here where no count is kept."""
_TOGETHER = 32
"""One save in so many adds up the rows of a count."""

TABLE = (
    """CREATE TABLE search_counts (
        token VARCHAR(100) NOT NULL, archived INTEGER NOT NULL, difference BIGINT NOT NULL)""",
    "CREATE INDEX ix_search_counts_token ON search_counts (token, archived, difference)",
)

_Key = tuple[str, int]


class Counted:
    """Counts of many customers, to be stored at once."""

    def __init__(self) -> None:
        self._counts: Counter[_Key] = Counter()

    def add(self, kept: Document) -> None:
        """Count one customer."""
        self._counts.update(_keys(kept))

    def store(self, raw: Raw) -> None:
        """Add the counts to those that are stored."""
        _insert(raw, self._counts)


def change(raw: Raw, before: Document | None, after: Document | None) -> None:
    """Keep the counts right while a customer changes from one document to another."""
    if before is not None and after is not None and list(_keys(before)) == list(_keys(after)):
        return
    differences: Counter[_Key] = Counter()
    differences.update(_keys(after) if after is not None else ())
    differences.subtract(_keys(before) if before is not None else ())
    _insert(raw, differences)
    for key, difference in differences.items():
        if difference and random.randrange(_TOGETHER) == 0:  # noqa: S311 - not a secret
            _add_up(raw, key)


def of_tokens(raw: Raw, tokens: Sequence[str]) -> dict[str, int]:
    """Count the customers that have each of the filters, archived or not; `""` counts all."""
    marks = ", ".join("?" * len(tokens))
    sql = f"SELECT token, SUM(difference) FROM search_counts WHERE token IN ({marks}) GROUP BY token"  # noqa: S608 - question marks only
    return {token: int(found) for token, found in raw.rows(sql, tokens)}


def total(index: "SearchIndex", raw: Raw, search: CustomerSearch, query: Query) -> int | None:
    """Count the customers of a list; None where no count is kept and there are more than COUNTED."""
    kept = _kept(search, query)
    if kept is None:
        found = index.count(raw, query, COUNTED + 1)
        return found if found <= COUNTED else None
    tokens, archived = kept
    marks = ", ".join("?" * len(tokens))
    where = f"token IN ({marks}) AND archived BETWEEN ? AND ?"
    sql = f"SELECT SUM(difference) FROM search_counts WHERE {where}"  # noqa: S608 - question marks only
    row = raw.one(sql, [*tokens, *archived])
    return int(row[0] or 0) if row is not None else 0


def _kept(search: CustomerSearch, query: Query) -> tuple[list[str], tuple[int, int]] | None:
    archived = {"no": (0, 0), "yes": (1, 1)}.get(search.archived, (0, 1))
    required = [*query.required, *query.checked]
    if not required:
        return [""], archived
    if len(required) > 1:
        return None
    only = required[0]
    return [only] if isinstance(only, str) else [str(part) for part in only.parts], archived


def _keys(kept: Document) -> Iterable[_Key]:
    archived = int(kept.archived)
    return [("", archived), *((name, archived) for name in kept.filters)]


def _insert(raw: Raw, differences: Counter[_Key]) -> None:
    rows = [(*key, difference) for key, difference in differences.items() if difference]
    raw.many("INSERT INTO search_counts (token, archived, difference) VALUES (?, ?, ?)", rows)


def _add_up(raw: Raw, key: _Key) -> None:
    if raw.postgresql:
        raw.run(
            "WITH gone AS (DELETE FROM search_counts WHERE ctid IN (SELECT ctid FROM search_counts"
            " WHERE token = ? AND archived = ? FOR UPDATE SKIP LOCKED) RETURNING token, archived, difference)"
            " INSERT INTO search_counts SELECT token, archived, SUM(difference) FROM gone GROUP BY 1, 2",
            key,
        )
        return
    row = raw.one("SELECT SUM(difference) FROM search_counts WHERE token = ? AND archived = ?", key)
    raw.run("DELETE FROM search_counts WHERE token = ? AND archived = ?", key)
    raw.run("INSERT INTO search_counts VALUES (?, ?, ?)", (*key, row[0] if row is not None else 0))
