"""A search for what was typed: stage after stage until the page is full."""

from collections.abc import Callable
from itertools import takewhile
from typing import TYPE_CHECKING

from client.models.customer_search import CustomerSearch
from server.store.search import cursor, listing, page, typos
from server.store.search.document import Document
from server.store.search.filters import Filters
from server.store.search.page import FoundPage
from server.store.search.query import Query
from server.store.search.raw import Raw
from server.store.search.terms import NOTHING, Digits, Expression, Stage, Term, Words, all_of

if TYPE_CHECKING:
    from server.store.search.base import SearchIndex

SORTED = 1000
"""How many of the best matches an order other than the best first takes in."""
COUNTED = 250
"""Matches of what was typed are counted up to here."""
_SEVERAL = 400
_CHUNK = 64
_CHECKED = 10_000
"""How many doubtful candidates of one stage are looked at for one page."""

Hit = tuple[Stage, int]
"""The stage at which a customer was found, and its rank."""


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
        looks_inside = self._expression(Stage.INSIDE) != self._expression(Stage.ANYWHERE)
        self._last = Stage.INSIDE if looks_inside else Stage.ANYWHERE
        self._exactest = Stage.NUMBER if any(isinstance(term, Digits) for term in terms) else Stage.EXACT
        self._many = False
        self._all: list[int] | None = None

    def find(self) -> FoundPage:
        """Give the page. Raises `BadCursor`."""
        search = self._search
        if search.sort != "recent":
            return listing.sorted_matches(self._raw, search, self.ranks(SORTED + 1), SORTED)
        if search.cursor:
            stage, before = _place(search.cursor)
            found = self._later(stage, before, search.limit + 1)
        else:
            found = self._first(search.limit + 1)
        more = len(found) > search.limit
        found = found[: search.limit]
        items = page.of_ranks(self._raw, [rank for _, rank in found], search.fields)
        next_cursor = cursor.encode([int(found[-1][0]), found[-1][1]]) if more else None
        if search.cursor:
            return FoundPage(items, next_cursor, None)
        if more and found[0][0] == Stage.TYPO:
            # Nothing is exact here, so the count of exact matches would be none.
            mistyped = len(self._first(COUNTED + 1))
            return FoundPage(items, next_cursor, mistyped if mistyped <= COUNTED else None)
        return FoundPage(items, next_cursor, self._total() if more else len(found))

    def ranks(self, limit: int) -> list[int]:
        """Give the ranks of the best matches."""
        return [rank for _, rank in self._first(limit)]

    def _first(self, limit: int) -> list[Hit]:
        """Give the best matches; those with a typo only where there is no other match at all."""
        hits = self._looked_at()
        stage = Stage.INSIDE
        if hits is None:
            stages = list(takewhile(self._sure, self._stages()))
            queries = [self._query(stage) for stage in stages]
            found = self._index.best(self._raw, queries, limit) if queries else []
            hits = [(stages[place], rank) for place, rank in found]
            stage = Stage(self._exactest + len(stages))
        seen = {rank for _, rank in hits}
        while stage <= self._last and len(hits) < limit:
            new = self._checked(stage, None, limit - len(hits), seen)
            seen.update(new)
            hits += [(stage, rank) for rank in new]
            stage = Stage(stage + 1)
        if not hits:
            hits = [(Stage.TYPO, rank) for rank in self._with_typos(None, limit)]
        return hits[:limit]

    def _looked_at(self) -> list[Hit] | None:
        """Give all matches up to ANYWHERE by looking at each; None where tokens decide or there are many."""
        most, enough = _CHUNK, _CHUNK + 1
        if self._sure(Stage.ANYWHERE):
            if not self._index.looks_first:
                return None
            # Several tokens together cost the index so much that it is asked for them but once.
            filters = len(self._filters.required) + len(self._filters.checked)
            several = len(self._terms) + filters > 1
            most, enough = _SEVERAL if several else self._search.limit, self._search.limit + 1
            self._many = several
        ranks = self._index.few(self._raw, self._query(Stage.ANYWHERE), enough, most)
        if ranks is None:
            return None
        self._many = False
        hits: list[Hit] = []
        for rank, kept in self._index.documents(self._raw, ranks):
            hits += [(stage, rank) for stage in self._stages() if _hold(self._terms, stage, kept)][:1]
        self._all = [rank for _, rank in hits]
        return sorted(hits, key=lambda hit: (hit[0], -hit[1]))

    def _later(self, stage: Stage, before: int, limit: int) -> list[Hit]:
        """Give the matches after a place in the result."""
        if stage is Stage.TYPO:
            return [(stage, rank) for rank in self._with_typos(before, limit)]
        hits: list[Hit] = []
        older: int | None = before
        while stage <= self._last and len(hits) < limit:
            earlier = Stage(stage - 1) if stage > self._exactest else None
            if self._sure(stage) and (earlier is None or self._sure(earlier)):
                excluded = None if earlier is None else self._expression(earlier)
                query = Query([self._expression(stage)], self._filters, excluded)
                new = self._index.ranks(self._raw, query, older, limit - len(hits))
            else:
                new = self._checked(stage, older, limit - len(hits), set(), earlier)
            hits += [(stage, rank) for rank in new]
            stage, older = Stage(stage + 1), None
        return hits

    def _checked(
        self, stage: Stage, before: int | None, limit: int, seen: set[int], earlier: Stage | None = None
    ) -> list[int]:
        """Give matches whose tokens leave a doubt: each is looked at.

        Matches of earlier stages are left out, those in `seen` and those at stage `earlier`.
        """
        terms = self._terms

        def holds(kept: Document) -> bool:
            return _hold(terms, stage, kept) and not (earlier is not None and _hold(terms, earlier, kept))

        return self._walk(self._query(stage), before, limit, holds, seen)

    def _with_typos(self, before: int | None, limit: int) -> list[int]:
        """Give matches in which one of the words typed has one letter wrong."""
        found: set[int] = set()
        for mistyped in self._terms:
            if not typos.possible(mistyped):
                continue
            found.update(self._mistyped(mistyped, before, limit))
        return sorted(found, reverse=True)[:limit]

    def _mistyped(self, mistyped: Words, before: int | None, limit: int) -> list[int]:
        others = [term for term in self._terms if term is not mistyped]
        required = [term.expression(Stage.ANYWHERE) for term in others]
        few = required and self._index.count(self._raw, Query(required, self._filters), _CHUNK) < _CHUNK
        if not few:
            required.append(near := typos.expression(self._raw, mistyped))
            if near == NOTHING:
                return []

        def holds(kept: Document) -> bool:
            return typos.holds(mistyped, kept) and _hold(others, Stage.ANYWHERE, kept)

        return self._walk(Query(required, self._filters), before, limit, holds, set())

    def _walk(
        self,
        query: Query,
        before: int | None,
        limit: int,
        holds: Callable[[Document], bool],
        seen: set[int],
    ) -> list[int]:
        found: list[int] = []
        checked = 0
        while len(found) < limit and checked < _CHECKED:
            chunk = max(_CHUNK, limit + len(seen))
            ranks = self._index.ranks(self._raw, query, before, chunk)
            kept = self._index.documents(self._raw, [rank for rank in ranks if rank not in seen])
            found += [rank for rank, document in kept if holds(document)]
            if len(ranks) < chunk:
                break
            checked += chunk
            before = ranks[-1]
        return found[:limit]

    def _total(self) -> int | None:
        """Count all matches, where they are few enough."""
        if self._many:
            return None
        found = self._all
        if found is None:
            if not self._sure(Stage.ANYWHERE):
                return None
            total = self._index.count(self._raw, self._query(Stage.ANYWHERE), COUNTED + 1)
            if total > COUNTED or self._last is not Stage.INSIDE:
                return total if total <= COUNTED else None
            found = self._index.ranks(self._raw, self._query(Stage.ANYWHERE), None, COUNTED)
        if self._last is not Stage.INSIDE:
            return len(found)
        seen = set(found)
        ranks = self._index.ranks(self._raw, self._query(Stage.INSIDE), None, len(found) + _CHUNK)
        doubtful = [rank for rank in ranks if rank not in seen]
        if len(doubtful) >= _CHUNK:
            return None
        kept = self._index.documents(self._raw, doubtful)
        return len(found) + sum(_hold(self._terms, Stage.INSIDE, document) for _, document in kept)

    def _stages(self) -> tuple[Stage, ...]:
        """Give the stages that tokens may decide, best first."""
        return tuple(Stage)[self._exactest : Stage.INSIDE]

    def _query(self, stage: Stage) -> Query:
        return Query([self._expression(stage)], self._filters)

    def _expression(self, stage: Stage) -> Expression:
        return all_of([term.expression(stage) for term in self._terms])

    def _sure(self, stage: Stage) -> bool:
        return all(term.sure(stage) for term in self._terms)


def _place(encoded: str) -> Hit:
    number, before = cursor.decode(encoded, int, int)
    if number not in tuple(Stage):
        raise cursor.BadCursor("This cursor belongs to another list.")
    return Stage(number), before


def _hold(terms: list[Term], stage: Stage, kept: Document) -> bool:
    return all(term.holds(stage, kept) for term in terms)
