"""The index in PostgreSQL: one GIN index on the tokens of each customer."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from server.store.search import counts, typos
from server.store.search.base import SearchIndex
from server.store.search.document import Document, tokens
from server.store.search.query import Query, spelled
from server.store.search.raw import Raw
from server.store.search.terms import All, Expression

_TABLES = (
    """CREATE TABLE search_documents (
        rank BIGINT PRIMARY KEY, customer_id VARCHAR(64) NOT NULL UNIQUE,
        names TEXT NOT NULL, others TEXT NOT NULL, phones TEXT NOT NULL, emails TEXT NOT NULL,
        filters TEXT NOT NULL, number TEXT NOT NULL, archived SMALLINT NOT NULL,
        tokens TEXT[] COLLATE "C" NOT NULL)""",
    # Without the list of pending entries, which every search would have to read.
    "CREATE INDEX ix_search_documents_tokens ON search_documents USING gin (tokens) WITH (fastupdate = off)",
    *counts.TABLE,
    *typos.TABLE,
)
_NAMES = ("search_documents", "search_counts", "search_typos")
_STORED = "d.names, d.others, d.phones, d.emails, d.filters, d.number, d.archived"


class PostgresqlIndex(SearchIndex):
    """The index where the database is PostgreSQL."""

    def create(self, connection: Connection) -> None:
        """Make the tables of the index."""
        raw = Raw(connection)
        for statement in _TABLES:
            raw.run(statement)

    def drop(self, connection: Connection) -> None:
        """Take the tables of the index away."""
        raw = Raw(connection)
        for name in _NAMES:
            raw.run(f"DROP TABLE IF EXISTS {name}")

    def clear(self, raw: Raw) -> None:
        """Empty the index."""
        raw.run(f"TRUNCATE {', '.join(_NAMES)}")

    def stored(self, raw: Raw, customer_id: str) -> tuple[int, Document] | None:
        """Give the rank and the document under which a customer is indexed."""
        row = raw.one(
            f"SELECT {_STORED}, d.rank FROM search_documents d WHERE d.customer_id = ?",  # noqa: S608 - constants
            (customer_id,),
        )
        return None if row is None else (row[7], Document.of(row[:7]))

    def insert(self, raw: Raw, customer_id: str, rank: int, kept: Document) -> None:
        """Add a document."""
        raw.run(
            "INSERT INTO search_documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (rank, customer_id, *kept.stored(), tokens(kept)),
        )

    def insert_many(self, raw: Raw, documents: Iterable[tuple[str, int, Document]]) -> None:
        """Add many documents to those that are there."""
        raw.copy(
            "COPY search_documents FROM STDIN",
            ((rank, customer_id, *kept.stored(), tokens(kept)) for customer_id, rank, kept in documents),
        )

    def delete(self, raw: Raw, customer_id: str, rank: int, kept: Document) -> None:  # noqa: ARG002 - the id is enough
        """Take a document away."""
        raw.run("DELETE FROM search_documents WHERE customer_id = ?", (customer_id,))

    def ranks(self, raw: Raw, query: Query, before: int | None, limit: int) -> list[int]:
        """Give the ranks of the newest matches older than rank `before`, newest first."""
        where, parameters = _conditions(query)
        if before is not None:
            where.append("d.rank < ?")
            parameters.append(before)
        sql = (
            f"SELECT d.rank FROM search_documents d WHERE {' AND '.join(where)} ORDER BY d.rank DESC LIMIT ?"  # noqa: S608 - constants
        )
        return [rank for (rank,) in raw.rows(sql, [*parameters, limit])]

    def best(self, raw: Raw, stages: Sequence[Query], limit: int) -> list[tuple[int, int]]:
        """Give matches stage by stage, newest first within each: the place of the stage, and the rank."""
        found: list[tuple[int, int]] = []
        seen: set[int] = set()
        for place, query in enumerate(stages):
            new = [rank for rank in self.ranks(raw, query, None, limit) if rank not in seen]
            new = new[: limit - len(found)]
            found += [(place, rank) for rank in new]
            if len(found) == limit:
                break
            seen.update(new)
        return found

    def documents(self, raw: Raw, ranks: Sequence[int]) -> list[tuple[int, Document]]:
        """Give the documents with these ranks, newest first."""
        sql = f"SELECT {_STORED}, d.rank FROM search_documents d WHERE d.rank = ANY(?) ORDER BY d.rank DESC"  # noqa: S608 - constants
        return [(row[7], Document.of(row[:7])) for row in raw.rows(sql, (list(ranks),))] if ranks else []

    def count(self, raw: Raw, query: Query, limit: int) -> int:
        """Count matches, at most `limit`."""
        where, parameters = _conditions(query)
        found = f"SELECT FROM search_documents d WHERE {' AND '.join(where)} LIMIT ?"
        row = raw.one(f"SELECT COUNT(*) FROM ({found}) found", [*parameters, limit])  # noqa: S608 - constants
        return int(row[0]) if row is not None else 0


def _conditions(query: Query) -> tuple[list[str], list[Any]]:
    parameters: list[Any] = []
    conditions = [_sql(part, query.archived, parameters) for part in query.required]
    if query.excluded is not None:
        conditions.append(f"NOT {_sql(query.excluded, query.archived, parameters)}")
    return conditions, parameters


def _sql(expression: Expression, archived: str, parameters: list[Any]) -> str:
    """Write an expression as conditions on the tokens, its values appended to `parameters`."""
    if isinstance(expression, str):
        parameters.append(list(spelled(expression, archived)))
        return "d.tokens && ?"
    plain = [part for part in expression.parts if isinstance(part, str)]
    if isinstance(expression, All) and archived == "any":
        plain = []
    rest = expression.parts if not plain else [part for part in expression.parts if not isinstance(part, str)]
    joint, operator = (" AND ", "@>") if isinstance(expression, All) else (" OR ", "&&")
    written: list[str] = []
    if plain:
        parameters.append([token for part in plain for token in spelled(part, archived)])
        written.append(f"d.tokens {operator} ?")
    written += [_sql(part, archived, parameters) for part in rest]
    return f"({joint.join(written)})"
