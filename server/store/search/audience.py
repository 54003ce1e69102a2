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
    left_out, unreachable, total = _counts(raw, conditions, parameters, bounds)
    return FoundAudience(listing.walk(raw, wanted, may, parameters, total), left_out, unreachable)


def _counts(raw: Raw, conditions: list[str], parameters: list[Any], bounds: Bounds) -> tuple[int, int, int]:
    """Count those left out, those of the rest who cannot be reached, and those on the list.

    As groups, so that each question is asked once of each customer.
    """
    where = " AND ".join([*conditions, "TRUE"])
    asked = f"{bounds.refused}, {bounds.asked}, {bounds.reached}"
    sql = f"SELECT {asked}, COUNT(*) FROM customers c WHERE {where} GROUP BY 1, 2, 3"  # noqa: S608 - constants
    left_out = unreachable = total = 0
    for refused, wants, reached, number in raw.rows(sql, parameters):
        if refused:
            left_out += number
        elif wants and reached:
            total += number
        elif wants:
            unreachable += number
    return left_out, unreachable, total
