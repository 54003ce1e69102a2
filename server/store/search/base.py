"""The index as the rest of the server sees it: what both databases do alike."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, inspect, select

from client.models.customer_search import CustomerSearch, DuplicateQuery
from client.text import clean
from server.store.search import alike, counts, duplicates, elsewhere, listing, page, typos
from server.store.search.document import FORM, NOTHING_ELSE, Document, document
from server.store.search.filters import Filters, label_words, resolve
from server.store.search.page import FoundPage
from server.store.search.query import Query
from server.store.search.raw import Raw
from server.store.search.reading import read
from server.store.search.searching import Searching
from server.store.search.terms import Expression, leaves
from server.store.tables import customer_labels, customers

_DENSE = 16
"""One customer in so many, or more, makes a filter dense."""
Customer = Mapping[str, Any]
"""A row of `customers`: every column by name, e-mails, phones and addresses as lists, and its rank."""


class SearchIndex(ABC):
    """Keeps what customers are found by, and finds them.

    Every method works in the caller's transaction on the caller's connection.
    """

    tables: tuple[str, ...]
    """The statements that make it."""
    names: tuple[str, ...]
    """The names of its tables."""
    looks_first: bool
    """Whether it is faster to look at a few matches than to ask the index again for every stage."""

    def is_current(self, connection: Connection) -> bool:
        """Say whether the index is there in the form that this version makes."""
        if not inspect(connection).has_table("search_form"):
            return False
        return connection.exec_driver_sql("SELECT form FROM search_form").scalar() == FORM

    def ensure(self, connection: Connection) -> None:
        """Make the index anew, from the customers that are there, unless it is current."""
        if not self.is_current(connection):
            self.drop(connection)
            self.create(connection)
            self.rebuild(connection)

    def create(self, connection: Connection) -> None:
        """Make the tables of the index."""
        raw = Raw(connection)
        for statement in self.tables:
            raw.run(statement)
        raw.run("CREATE TABLE search_form (form INTEGER NOT NULL)")
        raw.run("INSERT INTO search_form VALUES (?)", (FORM,))

    def drop(self, connection: Connection) -> None:
        """Take the tables of the index away, also those of another form of it."""
        raw = Raw(connection)
        for name in (*self.names, "search_form"):
            raw.run(f"DROP TABLE IF EXISTS {name}")

    def put(
        self,
        connection: Connection,
        customer: Customer,
        label_ids: Sequence[str],
        login: str | None = None,
    ) -> None:
        """Index a customer, new or changed, under its present rank and labels.

        `login` is that of the portal where it is about to be another than is stored.
        """
        raw = Raw(connection)
        kept = document(customer, label_ids, elsewhere.of_customer(raw, customer["id"], login))
        old = self.stored(raw, customer["id"])
        if old == (customer["rank"], kept):
            return
        if old is not None:
            self.delete(raw, customer["id"], *old)
        self.insert(raw, customer["id"], customer["rank"], kept)
        before = old[1] if old is not None else None
        typos.change(self, raw, before, kept)
        counts.change(raw, before, kept)
        alike.change(raw, customer["id"], before, kept)

    def renew(self, connection: Connection, customer_id: str, login: str | None = None) -> None:
        """Index a customer anew where something else than its own row has changed; the place stays."""
        row = connection.execute(select(customers).where(customers.c.id == customer_id)).mappings().first()
        if row is not None:
            carried = select(customer_labels.c.label_id).where(customer_labels.c.customer_id == customer_id)
            self.put(connection, dict(row), list(connection.scalars(carried)), login)

    def remove(self, connection: Connection, customer_id: str) -> None:
        """Forget a customer; one that is not indexed is no error."""
        raw = Raw(connection)
        old = self.stored(raw, customer_id)
        if old is not None:
            self.delete(raw, customer_id, *old)
            typos.change(self, raw, old[1], None)
            counts.change(raw, old[1], None)
            alike.change(raw, customer_id, old[1], None)

    def put_many(
        self, connection: Connection, customers_with_labels: Iterable[tuple[Customer, Sequence[str]]]
    ) -> None:
        """Index customers that are not in the index yet; far faster than one by one."""
        raw = Raw(connection)
        vocabulary: set[str] = set()
        counted = counts.Counted()
        known = elsewhere.of_everyone(raw)

        def documents() -> Iterable[tuple[str, int, Document]]:
            for customer, label_ids in customers_with_labels:
                kept = document(customer, label_ids, known.get(customer["id"], NOTHING_ELSE))
                vocabulary.update(typos.prefixes(kept.names))
                counted.add(kept)
                yield customer["id"], customer["rank"], kept

        self.insert_many(raw, documents())
        typos.add(raw, vocabulary)
        counted.store(raw)
        alike.fill(raw)

    def put_new(
        self, connection: Connection, customers_with_labels: Iterable[tuple[Customer, Sequence[str]]]
    ) -> None:
        """Index customers who were just made, beside those who are there, while others are saved."""
        raw = Raw(connection)
        vocabulary: set[str] = set()
        counted = counts.Counted()
        for customer, label_ids in customers_with_labels:
            kept = document(customer, label_ids, NOTHING_ELSE)
            vocabulary.update(typos.prefixes(kept.names))
            counted.add(kept)
            self.insert(raw, customer["id"], customer["rank"], kept)
            alike.change(raw, customer["id"], None, kept)
        typos.add(raw, vocabulary)
        counted.store(raw)

    def rebuild(self, connection: Connection) -> None:
        """Make the index anew from the tables."""
        self.clear(Raw(connection))
        labels: dict[str, list[str]] = {}
        for customer_id, label_id in connection.execute(select(customer_labels)):
            labels.setdefault(customer_id, []).append(label_id)
        rows = connection.execute(select(customers).order_by(customers.c.rank)).mappings()
        found = [dict(row) for row in rows]
        self.put_many(connection, ((row, labels.get(row["id"], ())) for row in found))

    def find(self, connection: Connection, search: CustomerSearch) -> FoundPage:
        """Give a page of customers. Raises `BadCursor`.

        With `q`, best matches come first, the last changed first among equals, unless `sort` says
        otherwise: then the best `searching.SORTED` matches are put in that order. `total` is exact for
        lists by one filter, and up to `counts.COUNTED` for the rest; beyond that, and on later pages, None.
        """
        raw = Raw(connection)
        filters = resolve(self, raw, search)
        if filters is None:
            return FoundPage([], None, 0)
        if not search.q.strip():
            return listing.find(self, raw, search, filters)
        terms = read(clean(search.q), label_words(raw))
        if not terms:
            return FoundPage([], None, 0)
        return Searching(self, raw, search, filters, terms).find()

    def matches(self, raw: Raw, search: CustomerSearch, filters: Filters, limit: int) -> list[int]:
        """Give the ranks of the best matches of what was typed."""
        terms = read(clean(search.q), label_words(raw))
        return Searching(self, raw, search, filters, terms).ranks(limit) if terms else []

    def duplicates(self, connection: Connection, query: DuplicateQuery) -> list[dict[str, Any]]:
        """Give customers that are likely the one described, likeliest first: at most 20 rows."""
        raw = Raw(connection)
        return page.of_ranks(raw, duplicates.find(self, raw, query), ())

    def dense(self, raw: Raw, filters: Sequence[Expression]) -> frozenset[Expression]:
        """Name the filters that are better looked up in each document than in the index."""
        names = {expression: leaves(expression) for expression in filters}
        counted = counts.of_tokens(raw, ["", *(name for found in names.values() for name in found)])
        few = counted.get("", 0) // _DENSE
        return frozenset(
            expression
            for expression, found in names.items()
            if sum(counted.get(name, 0) for name in found) > few
        )

    @abstractmethod
    def clear(self, raw: Raw) -> None:
        """Empty the index."""

    @abstractmethod
    def stored(self, raw: Raw, customer_id: str) -> tuple[int, Document] | None:
        """Give the rank and the document under which a customer is indexed."""

    @abstractmethod
    def insert(self, raw: Raw, customer_id: str, rank: int, kept: Document) -> None:
        """Add a document."""

    @abstractmethod
    def insert_many(self, raw: Raw, documents: Iterable[tuple[str, int, Document]]) -> None:
        """Add many documents to those that are there."""

    @abstractmethod
    def delete(self, raw: Raw, customer_id: str, rank: int, kept: Document) -> None:
        """Take a document away."""

    @abstractmethod
    def ranks(self, raw: Raw, query: Query, before: int | None, limit: int) -> list[int]:
        """Give the ranks of the newest matches older than rank `before`, newest first."""

    def few(self, raw: Raw, query: Query, enough: int, most: int) -> list[int] | None:  # noqa: ARG002 - see below
        """Give the ranks of all matches, newest first, if they are at most `most`; else None.

        An index for which finding that out is dear may give None where there are `enough`.
        """
        ranks = self.ranks(raw, query, None, most + 1)
        return ranks if len(ranks) <= most else None

    @abstractmethod
    def best(self, raw: Raw, stages: Sequence[Query], limit: int) -> list[tuple[int, int]]:
        """Give matches stage by stage, newest first within each: the place of the stage, and the rank.

        Each stage matches all that the stage before it does.
        """

    @abstractmethod
    def documents(self, raw: Raw, ranks: Sequence[int]) -> list[tuple[int, Document]]:
        """Give the documents with these ranks, newest first."""

    @abstractmethod
    def count(self, raw: Raw, query: Query, limit: int) -> int:
        """Count matches, at most `limit`."""
