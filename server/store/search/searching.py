"""A search for what was typed: stage after stage until the page is full."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from client.models.customer import CustomerSearch
from server.store.search import cursor, listing, page, typos
from server.store.search.counts import COUNTED
from server.store.search.document import Document
from server.store.search.filters import Filters
from server.store.search.page import FoundPage
from server.store.search.query import Query
from server.store.search.raw import Raw, Row
from server.store.search.terms import Stage, Term, all_of

if TYPE_CHECKING:
    from server.store.search.base import SearchIndex

SORTED = 1000
"""How many of the best matches an order other than the best first takes in."""
_CHUNK = 200
_CHECKED = 10_000
"""How many doubtful candidates of one stage are looked at for one page."""


class Searching:
    """One search with something typed."""

    def __init__(
        self, index: "SearchIndex", raw: Raw, search: CustomerSearch, filters: Filters, terms: list[Term]
    ) -> None:
        self._index = index
        self._raw = raw
        self._search = search
        self._filters = filters
        self._terms = terms

    def find(self) -> FoundPage:
        """Give the page. Raises `BadCursor`."""
        search = self._search
        if search.sort != "recent":
            found = self._rows(Stage.EXACT, None, SORTED + 1)
            return listing.sorted_matches(self._raw, search, [row[page.RANK] for _, row in found], SORTED)
        stage, before = _place(search.cursor)
        found = self._rows(stage, before, search.limit + 1)
        more = len(found) > search.limit
        found = found[: search.limit]
        items = page.build(self._raw, [row for _, row in found], search.fields)
        if not more:
            return FoundPage(items, None, None if search.cursor else len(found))
        last, row = found[-1]
        next_cursor = cursor.encode([int(last), row[page.RANK]])
        return FoundPage(items, next_cursor, None if search.cursor else self._total(last))

    def _rows(self, stage: Stage, before: int | None, limit: int) -> list[tuple[Stage, Row]]:
        """Give matches from a place on; those with a typo only where there is no other match at all."""
        found: list[tuple[Stage, Row]] = []
        first = stage is Stage.EXACT and before is None
        while stage < Stage.TYPO and len(found) < limit:
            found += [(stage, row) for row in self._stage(stage, before, limit - len(found))]
            stage, before = Stage(stage + 1), None
        if stage is Stage.TYPO and not found and (first or before is not None):
            found = [(stage, row) for row in self._with_typos(before, limit)]
        return found

    def _stage(self, stage: Stage, before: int | None, limit: int) -> list[Row]:
        terms = self._terms
        expression = all_of([term.expression(stage) for term in terms])
        sure = all(term.sure(stage) for term in terms)
        if stage is Stage.EXACT:
            query = Query([expression], self._filters, documents=not sure)
            return self._walk(query, before, limit, lambda kept: _hold(terms, stage, kept))
        earlier = Stage(stage - 1)
        excluded = all_of([term.expression(earlier) for term in terms])
        if all(term.sure(earlier) for term in terms):
            if sure and excluded == expression:
                return []
            query = Query([expression], self._filters, excluded, documents=not sure)
        else:
            query = Query([expression], self._filters, documents=True)
        return self._walk(
            query, before, limit, lambda kept: _hold(terms, stage, kept) and not _hold(terms, earlier, kept)
        )

    def _with_typos(self, before: int | None, limit: int) -> list[Row]:
        expressions = [typos.expression(self._raw, term) for term in self._terms]
        if expressions == [term.expression(Stage.ANYWHERE) for term in self._terms]:
            return []
        query = Query(expressions, self._filters, documents=True)
        return self._walk(
            query, before, limit, lambda kept: all(typos.holds(term, kept) for term in self._terms)
        )

    def _walk(
        self, query: Query, before: int | None, limit: int, holds: Callable[[Document], bool]
    ) -> list[Row]:
        if not query.documents:
            return self._index.walk(self._raw, query, before, limit)
        found: list[Row] = []
        checked = 0
        while len(found) < limit and checked < _CHECKED:
            rows = self._index.walk(self._raw, query, before, _CHUNK)
            found += [row for row in rows if holds(Document.of(row[page.ROW_WIDTH :]))]
            if len(rows) < _CHUNK:
                break
            checked += len(rows)
            before = rows[-1][page.RANK]
        return found[:limit]

    def _total(self, last: Stage) -> int | None:
        """Count all matches, where they are few enough."""
        if last is Stage.TYPO:
            return None
        terms = self._terms
        widest = Stage.INSIDE
        if all(term.sure(widest) for term in terms):
            query = Query([all_of([term.expression(widest) for term in terms])], self._filters)
            total = self._index.count(self._raw, query, COUNTED + 1)
            return total if total <= COUNTED else None
        total = len(self._rows(Stage.EXACT, None, COUNTED + 1))
        return total if total <= COUNTED else None


def _place(encoded: str) -> tuple[Stage, int | None]:
    if not encoded:
        return Stage.EXACT, None
    number, before = cursor.decode(encoded, int, int)
    if number not in tuple(Stage):
        raise cursor.BadCursor("This cursor belongs to another list.")
    return Stage(number), before


def _hold(terms: list[Term], stage: Stage, kept: Document) -> bool:
    return all(term.holds(stage, kept) for term in terms)
