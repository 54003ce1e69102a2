"""Lists in the order of a column, page by page from the last row shown."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from client.models.customer_search import CustomerSearch, RowsWanted
from server.store.search import counts, cursor, page
from server.store.search.filters import Filters
from server.store.search.page import FoundPage
from server.store.search.query import Query
from server.store.search.raw import Raw, Row

if TYPE_CHECKING:
    from server.store.search.base import SearchIndex

_COLUMNS = {
    "number": "c.number",
    "name": "c.sort_name",
    "phone": "c.primary_phone",
    "email": "c.primary_email",
    "city": "c.sort_city",
    "status": "c.status",
}
_FEW = 8_000
"""Up to so many matches of the filters are found by the index and then sorted; more are met by walking
the order itself."""


def find(index: "SearchIndex", raw: Raw, search: CustomerSearch, filters: Filters) -> FoundPage:
    """Give a page of the list without anything typed. Raises `BadCursor`."""
    query = Query([], filters)
    total = None if search.cursor else counts.total(index, raw, search, query)
    if search.sort == "recent":
        return _recent(index, raw, search, filters, query, total)
    conditions = list(filters.conditions), list(filters.parameters)
    if query.required:
        few = index.ranks(raw, query, None, _FEW + 1)
        if len(few) <= _FEW:
            conditions = among(raw, few)
    return _ordered(raw, search, *conditions, total)


def sorted_matches(raw: Raw, search: CustomerSearch, ranks: Sequence[int], most: int) -> FoundPage:
    """Give a page of the matches with these ranks, in the order of a column. Raises `BadCursor`."""
    total = None if len(ranks) > most or search.cursor else len(ranks)
    return _ordered(raw, search, *among(raw, ranks[:most]), total)


def _recent(
    index: "SearchIndex",
    raw: Raw,
    search: CustomerSearch,
    filters: Filters,
    query: Query,
    total: int | None,
) -> FoundPage:
    if query.required:
        before = cursor.decode(search.cursor, int)[0] if search.cursor else None
        limit = search.limit + 1
        ranks = index.ranks(raw, query, before, limit)
        items = page.of_ranks(raw, ranks[: search.limit], search.fields)
        return FoundPage(items, cursor.encode([ranks[-2]]) if len(ranks) == limit else None, total)
    return walk(raw, search, list(filters.conditions), list(filters.parameters), total)


def walk(
    raw: Raw, search: RowsWanted, conditions: list[str], parameters: list[Any], total: int | None
) -> FoundPage:
    """Give a page of those for whom all conditions on `customers c` hold. Raises `BadCursor`."""
    if search.sort != "recent":
        return _ordered(raw, search, conditions, parameters, total)
    there, values = list(conditions), list(parameters)
    if search.cursor:
        there.append("c.rank < ?")
        values.append(cursor.decode(search.cursor, int)[0])
    rows = _select(raw, "", there, values, "c.rank DESC", search.limit + 1)
    return _page(raw, search, rows, [page.RANK], total)


def _ordered(
    raw: Raw, search: RowsWanted, conditions: list[str], parameters: list[Any], total: int | None
) -> FoundPage:
    """Walk a column from the cursor on. Customers that have nothing in it come last either way."""
    descending = search.sort.startswith("-")
    column = _COLUMNS[search.sort.removeprefix("-")]
    kind = int if column == "c.number" else str
    value, number = cursor.decode(search.cursor, kind, int) if search.cursor else (None, None)
    direction, after = (" DESC", "<") if descending else ("", ">")
    # Among equals by number, which no save changes.
    order = f"{column}{direction}, c.number{direction}"
    limit = search.limit + 1
    rows: list[Row] = []
    if value != "":
        there, values = list(conditions), list(parameters)
        if kind is str:
            there.append(f"{column} > ''")
        if value is not None:
            there.append(f"({column}, c.number) {after} (?, ?)")
            values += [value, number]
        rows = _select(raw, f", {column}", there, values, order, limit)
    if kind is str and len(rows) < limit:
        there, values = [*conditions, f"{column} = ''"], list(parameters)
        if value == "":
            there.append(f"c.number {after} ?")
            values.append(number)
        rows += _select(raw, f", {column}", there, values, order, limit - len(rows))
    return _page(raw, search, rows, [page.ROW_WIDTH, page.NUMBER], total)


def _select(
    raw: Raw, more: str, conditions: Sequence[str], parameters: Sequence[Any], order: str, limit: int
) -> list[Row]:
    where = " WHERE " + " AND ".join(conditions) if conditions else ""
    # Every part of the statement is a constant of this package; values are parameters.
    sql = f"SELECT {page.COLUMNS}{more} FROM customers c{where} ORDER BY {order} LIMIT {limit}"  # noqa: S608 - constants
    return raw.rows(sql, parameters)


def among(raw: Raw, ranks: Sequence[int]) -> tuple[list[str], list[Any]]:
    """Give the condition that a customer has one of these ranks, and its parameters."""
    if raw.postgresql:
        return ["c.rank = ANY(?)"], [list(ranks)]
    return ["c.rank IN (SELECT value FROM json_each(?))"], [json.dumps(list(ranks))]


def few(raw: Raw, conditions: Sequence[str], parameters: Sequence[Any]) -> list[int] | None:
    """Give the ranks of those for whom all conditions on `customers c` hold; None where they are many."""
    where = " AND ".join([*conditions, "TRUE"])
    sql = f"SELECT c.rank FROM customers c WHERE {where} LIMIT {_FEW + 1}"  # noqa: S608 - constants
    ranks = [row[0] for row in raw.rows(sql, parameters)]
    return ranks if len(ranks) <= _FEW else None


def _page(
    raw: Raw, search: RowsWanted, rows: list[Row], place: Sequence[int], total: int | None
) -> FoundPage:
    more = len(rows) > search.limit
    rows = rows[: search.limit]
    next_cursor = cursor.encode([rows[-1][part] for part in place]) if more else None
    return FoundPage(page.build(raw, rows, search.fields), next_cursor, total)
