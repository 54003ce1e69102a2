"""Marketing lists: a search without those who are to be left out, and how many those are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from client.models.customer_search import CustomerSearch, RowsWanted
from server.store.search import listing
from server.store.search.filters import resolve
from server.store.search.page import FoundPage
from server.store.search.raw import Raw

if TYPE_CHECKING:
    from server.store.search.base import SearchIndex

MOST: Final = 1000
"""Words that more customers match than this make no list."""


class TooMany(Exception):
    """What was typed matches more customers than a list is made of; filters have no such bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Conditions on `customers c`, constants of the rules: nothing of a request is in them."""

    refused: str
    """Who is left out whatever else holds."""
    reached: str
    """Who has an address or a number."""
    asked: str = "TRUE"
    """Whom of the rest the search is about."""


@dataclass(frozen=True, slots=True)
class FoundAudience:
    """A page of the list, and the counts beside it, which only the first page has."""

    page: FoundPage
    left_out: int | None = None
    unreachable: int | None = None


def find(
    index: "SearchIndex", connection: Connection, search: CustomerSearch, bounds: Bounds
) -> FoundAudience:
    """Give a page of the customers whom a search finds and nothing speaks against.

    Raises `BadCursor`, and `TooMany` where what was typed matches more than MOST.
    """
    raw = Raw(connection)
    filters = resolve(index, raw, search)
    if filters is None:
        return FoundAudience(FoundPage([], None, 0), 0, 0)
    conditions, parameters = list(filters.conditions), list(filters.parameters)
    if search.q.strip():
        ranks = index.matches(raw, search, filters, MOST + 1)
        if len(ranks) > MOST:
            raise TooMany
        among, values = listing.among(raw, ranks)
        conditions, parameters = conditions + among, parameters + values
    return of_those(raw, search, conditions, parameters, bounds)


def of_those(
    raw: Raw, wanted: RowsWanted, conditions: list[str], parameters: list[Any], bounds: Bounds
) -> FoundAudience:
    """Give a page of those for whom all conditions on `customers c` hold and nothing speaks against them.

    Raises `BadCursor`.
    """
    may = [*conditions, bounds.asked, bounds.reached, f"NOT ({bounds.refused})"]
    if wanted.cursor:
        return FoundAudience(listing.walk(raw, wanted, may, parameters, None))
    where = " AND ".join([*conditions, "TRUE"])
    counts = ", ".join(
        f"COALESCE(SUM(CASE WHEN {counted} THEN 1 ELSE 0 END), 0)"
        for counted in (
            bounds.refused,
            f"NOT ({bounds.refused}) AND {bounds.asked} AND NOT ({bounds.reached})",
            f"NOT ({bounds.refused}) AND {bounds.asked} AND {bounds.reached}",
        )
    )
    row = raw.one(f"SELECT {counts} FROM customers c WHERE {where}", parameters)  # noqa: S608 - constants
    left_out, unreachable, total = map(int, row or (0, 0, 0))
    return FoundAudience(listing.walk(raw, wanted, may, parameters, total), left_out, unreachable)
