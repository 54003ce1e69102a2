"""The index in SQLite: FTS5 whose row id is the customer's rank, read backwards until the page is full."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from server.store.search import alike, counts, typos
from server.store.search.base import SearchIndex
from server.store.search.document import Document, tokens
from server.store.search.query import Query, spelled
from server.store.search.raw import Raw
from server.store.search.terms import All, Expression, leaves

_TABLES = (
    # Contentless, so an entry is deleted by giving its tokens again: they are made of search_documents.
    """CREATE VIRTUAL TABLE search_tokens USING fts5(
        tokens, content='', detail=none, columnsize=0, tokenize="ascii tokenchars '-_@.+'")""",
    """CREATE TABLE search_documents (
        rank INTEGER PRIMARY KEY, customer_id VARCHAR(64) NOT NULL UNIQUE,
        names TEXT NOT NULL, others TEXT NOT NULL, phones TEXT NOT NULL, emails TEXT NOT NULL,
        filters TEXT NOT NULL, number TEXT NOT NULL, archived INTEGER NOT NULL)""",
    *counts.TABLE,
    *typos.TABLE,
    alike.SQLITE,
)
_NAMES = ("search_tokens", "search_documents", "search_counts", "search_typos", "search_alike")
_STORED = "d.names, d.others, d.phones, d.emails, d.filters, d.number, d.archived"
_BATCH = 20_000
_APART = re.compile(r"[\x00-\x1f!-*,/:-?\[-^`{-\x7f]")
"""ASCII that FTS5 would take for the end of a token; the blank is one on purpose."""


class SqliteIndex(SearchIndex):
    """The index where the database is SQLite."""

    tables = _TABLES
    names = _NAMES
    looks_first = False

    def clear(self, raw: Raw) -> None:
        """Empty the index."""
        raw.run("INSERT INTO search_tokens(search_tokens) VALUES ('delete-all')")
        for name in _NAMES[1:]:
            raw.run(f"DELETE FROM {name}")  # noqa: S608 - constants

    def stored(self, raw: Raw, customer_id: str) -> tuple[int, Document] | None:
        """Give the rank and the document under which a customer is indexed."""
        row = raw.one(
            f"SELECT {_STORED}, d.rank FROM search_documents d WHERE d.customer_id = ?",  # noqa: S608 - constants
            (customer_id,),
        )
        return None if row is None else (row[7], Document.of(row[:7]))

    def insert(self, raw: Raw, customer_id: str, rank: int, kept: Document) -> None:
        """Add a document."""
        raw.run("INSERT INTO search_tokens(rowid, tokens) VALUES (?, ?)", (rank, _text(kept)))
        raw.run(_INSERT, (rank, customer_id, *kept.stored()))

    def insert_many(self, raw: Raw, documents: Iterable[tuple[str, int, Document]]) -> None:
        """Add many documents to those that are there."""
        empty = raw.one("SELECT 1 FROM search_documents LIMIT 1") is None
        batch: list[tuple[str, int, Document]] = []
        for item in documents:
            batch.append(item)
            if len(batch) == _BATCH:
                _insert(raw, batch)
                batch = []
        _insert(raw, batch)
        if empty:
            raw.run("INSERT INTO search_tokens(search_tokens) VALUES ('optimize')")

    def delete(self, raw: Raw, customer_id: str, rank: int, kept: Document) -> None:
        """Take a document away."""
        raw.run(
            "INSERT INTO search_tokens(search_tokens, rowid, tokens) VALUES ('delete', ?, ?)",
            (rank, _text(kept)),
        )
        raw.run("DELETE FROM search_documents WHERE customer_id = ?", (customer_id,))

    def ranks(self, raw: Raw, query: Query, before: int | None, limit: int) -> list[int]:
        """Give the ranks of the newest matches older than rank `before`, newest first."""
        conditions: list[str] = []
        parameters: list[Any] = []
        if query.required:
            tables, rank = "search_tokens s", "s.rowid"
            conditions.append("s.search_tokens MATCH ?")
            parameters.append(_match(query))
            if query.checked:
                tables += " CROSS JOIN search_documents d ON d.rank = s.rowid"
        else:
            tables, rank = "search_documents d", "d.rank"
            if query.archived != "any":
                conditions.append(f"d.archived = {int(query.archived == 'yes')}")
        for expression in query.checked:
            names = leaves(expression)
            conditions.append(f"({' OR '.join(['instr(d.filters, ?)'] * len(names))})")
            parameters += [f" {name} " for name in names]
        if before is not None:
            conditions.append(f"{rank} < ?")
            parameters.append(before)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        sql = f"SELECT {rank} FROM {tables} {where} ORDER BY {rank} DESC LIMIT ?"  # noqa: S608 - values are parameters
        return [row[0] for row in raw.rows(sql, [*parameters, limit])]

    def best(self, raw: Raw, stages: Sequence[Query], limit: int) -> list[tuple[int, int]]:
        """Give matches stage by stage, newest first within each: the place of the stage, and the rank."""
        found: list[tuple[int, int]] = []
        seen: set[int] = set()
        for place, query in enumerate(stages):
            # What an earlier stage has found is skipped here: FTS5 would pay more for leaving it out.
            ranks = self.ranks(raw, query, None, limit)
            new = [rank for rank in ranks if rank not in seen][: limit - len(found)]
            found += [(place, rank) for rank in new]
            if len(found) == limit:
                break
            seen.update(new)
        return found

    def documents(self, raw: Raw, ranks: Sequence[int]) -> list[tuple[int, Document]]:
        """Give the documents with these ranks, newest first."""
        return (
            [(row[7], Document.of(row[:7])) for row in raw.rows(_DOCUMENTS, (json.dumps(ranks),))]
            if ranks
            else []
        )

    def count(self, raw: Raw, query: Query, limit: int) -> int:
        """Count matches, at most `limit`."""
        return len(self.ranks(raw, query, None, limit))


_INSERT = "INSERT INTO search_documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DOCUMENTS = (
    f"SELECT {_STORED}, d.rank FROM search_documents d"  # noqa: S608 - constants
    " WHERE d.rank IN (SELECT value FROM json_each(?)) ORDER BY d.rank DESC"
)


def _insert(raw: Raw, batch: list[tuple[str, int, Document]]) -> None:
    batch.sort(key=itemgetter(1))  # FTS5 writes what it has gathered whenever a row id is not the largest

    def indexed() -> Iterator[tuple[int, str]]:
        return ((rank, _text(kept)) for _, rank, kept in batch)

    raw.many("INSERT INTO search_tokens(rowid, tokens) VALUES (?, ?)", indexed())
    raw.many(_INSERT, ((rank, customer_id, *kept.stored()) for customer_id, rank, kept in batch))


def _text(kept: Document) -> str:
    return _APART.sub("_", " ".join(tokens(kept)))


def _match(query: Query) -> str:
    """Write a query in the language of FTS5."""
    required = " AND ".join([_fts(part, query.archived) for part in query.required])
    return required if query.excluded is None else f"({required}) NOT {_fts(query.excluded, query.archived)}"


def _fts(expression: Expression, archived: str) -> str:
    if isinstance(expression, str):
        # A token holds no quotation mark and no blank: what FTS5 would not take for one token is replaced.
        plain = _APART.sub("_", expression.replace(" ", "_"))
        if archived == "no":
            return f'"{plain}"'
        return "(" + " OR ".join([f'"{token}"' for token in spelled(plain, archived)]) + ")"
    joint = " AND " if isinstance(expression, All) else " OR "
    return "(" + joint.join([_fts(part, archived) for part in expression.parts]) + ")"
