"""The index in PostgreSQL: GIN indexes on the tokens of all customers and, once more, of the newest ones.

GIN gives all that match, in no order, so a search with very many matches is answered from the newest
customers alone; one that finds too few of those has few enough matches among the rest to sort them.
"""

from collections.abc import Iterable, Sequence

from server.store.search import postgresql_sql as sql
from server.store.search.base import SearchIndex
from server.store.search.document import Document, tokens
from server.store.search.postgresql_where import conditions
from server.store.search.query import Query
from server.store.search.raw import Raw


class PostgresqlIndex(SearchIndex):
    """The index where the database is PostgreSQL."""

    tables = sql.TABLES
    names = sql.NAMES
    looks_first = True

    def clear(self, raw: Raw) -> None:
        """Empty the index."""
        for statement in sql.CLEAR:
            raw.run(statement)

    def stored(self, raw: Raw, customer_id: str) -> tuple[int, Document] | None:
        """Give the rank and the document under which a customer is indexed."""
        row = raw.one(sql.STORED, (customer_id,))
        return None if row is None else (row[7], Document.of(row[:7]))

    def insert(self, raw: Raw, customer_id: str, rank: int, kept: Document) -> None:
        """Add a document."""
        raw.run(sql.insert(), (rank, customer_id, *kept.stored(), tokens(kept)))
        for tier in sql.TIERS:
            if rank % tier.spare == 0:
                raw.run(sql.RAISE_FLOOR, (rank - tier.size, tier.place, rank - tier.size))
                raw.run(sql.trim(tier), (rank - tier.size,))

    def insert_many(self, raw: Raw, documents: Iterable[tuple[str, int, Document]]) -> None:
        """Add many documents to those that are there."""
        empty = raw.one("SELECT 1 FROM search_documents LIMIT 1") is None
        if empty:  # an index is made far faster than it is filled
            raw.run("SET LOCAL maintenance_work_mem = '512MB'")
            raw.run("DROP INDEX ix_search_documents_tokens")
        raw.copy(
            "COPY search_documents FROM STDIN",
            ((rank, customer_id, *kept.stored(), tokens(kept)) for customer_id, rank, kept in documents),
        )
        if empty:
            raw.run(sql.INDEX)
        for statement in (
            *(part for tier in sql.TIERS for part in sql.fill(tier)),
            "ANALYZE search_documents",
        ):
            raw.run(statement)

    def delete(self, raw: Raw, customer_id: str, rank: int, kept: Document) -> None:  # noqa: ARG002 - rank and tokens go along
        """Take a document away."""
        raw.run(sql.delete(), (customer_id,))

    def ranks(self, raw: Raw, query: Query, before: int | None, limit: int) -> list[int]:
        """Give the ranks of the newest matches older than rank `before`, newest first."""
        if query.excluded is None:
            return _ranks(raw, query, before, limit)
        # Both are read and one is taken from the other: to look at each match would cost far more.
        excluded = query.only_excluded()
        found: list[int] = []
        while len(found) < limit:
            some = _ranks(raw, query, before, limit)
            others = _ranks(raw, excluded, before, limit)
            oldest = max(some[-1] if len(some) == limit else 0, others[-1] if len(others) == limit else 0)
            found += [rank for rank in some if rank >= oldest and rank not in others]
            if not oldest:
                break
            before = oldest
        return found[:limit]

    def few(self, raw: Raw, query: Query, enough: int, most: int) -> list[int] | None:
        """Give the ranks of all matches, newest first, if they are at most `most`; else None.

        Where there are `enough` among the newest, the others are not asked for.
        """
        where = conditions(query)
        rows = raw.rows(sql.few(where, enough, most + 1), where.everywhere(len(sql.TIERS)))
        complete = bool(rows) and rows[0][0]
        ranks = sorted((rank for _, rank in rows if rank is not None), reverse=True)
        return ranks if complete and len(ranks) <= most else None

    def best(self, raw: Raw, stages: Sequence[Query], limit: int) -> list[tuple[int, int]]:
        """Give matches stage by stage, newest first within each: the place of the stage, and the rank."""
        wheres = [conditions(query) for query in stages]
        parameters = [value for where in wheres for value in where.everywhere(len(sql.TIERS))]
        rows = raw.rows(sql.best(wheres, limit), parameters)
        found: dict[int, int] = {}
        for place, rank in sorted(rows, key=lambda row: (row[0], -row[1])):
            found.setdefault(rank, place)
        return [(place, rank) for rank, place in found.items()][:limit]

    def documents(self, raw: Raw, ranks: Sequence[int]) -> list[tuple[int, Document]]:
        """Give the documents with these ranks, newest first."""
        rows = raw.rows(sql.DOCUMENTS, (list(ranks),)) if ranks else []
        return [(row[7], Document.of(row[:7])) for row in rows]

    def count(self, raw: Raw, query: Query, limit: int) -> int:
        """Count matches, at most `limit`."""
        where = conditions(query)
        row = raw.one(sql.count(where, limit), where.everywhere(len(sql.TIERS)))
        return int(row[0]) if row is not None else 0


def _ranks(raw: Raw, query: Query, before: int | None, limit: int) -> list[int]:
    where = conditions(query)
    if before is None:
        rows = raw.rows(sql.best([where], limit), where.everywhere(len(sql.TIERS)))
        return sorted((rank for _, rank in rows), reverse=True)
    rows = raw.rows(sql.newest(where, limit), [*where.tier_values, before] * len(sql.TIERS))
    found = sorted((rank for (rank,) in rows), reverse=True)
    if len(found) < limit:
        missing, many = limit - len(found), sql.TIERS[-1].size // sql.MANY
        dense = raw.one(sql.count_newest(where, many), where.tier_values)
        if dense is not None and dense[0] == many:
            rows = raw.rows(sql.walk(where, missing), [before, *where.rest_values])
        else:
            rows = raw.rows(sql.rest(where, missing), [*where.rest_values, before])
        found += [rank for (rank,) in rows]
    return found
