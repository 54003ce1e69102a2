"""Customers put straight into the tables and the index, for tests of the search alone."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, update

from client.fold import fold
from client.models.customer_search import CustomerSearch
from server.store import tables
from server.store.database import Database
from server.store.search import FoundPage, index_for

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


class Office:
    """A database with an index, to which customers are added by what matters to a test."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.index = index_for(database.dialect)
        self.rank = 0
        self.number = 0
        self.rows: dict[str, dict[str, Any]] = {}
        self.labels: dict[str, list[str]] = {}

    def label(self, label_id: str, name: str) -> None:
        made = {"version": 1, "created_at": NOW, "updated_at": NOW, "color": "gray", "description": ""}
        values = {"id": label_id, "name": name, "name_key": fold(name), **made}
        self._write(lambda connection: connection.execute(insert(tables.labels).values(**values)))

    def add(self, name: str, *, labels: Sequence[str] = (), **given: Any) -> str:
        """Add a customer and give its id, which is its name."""
        self.number += 1
        row = customer(name, number=self.number, rank=self._next_rank(), **given)
        self.rows[row["id"]] = row
        self.labels[row["id"]] = list(labels)

        def work(connection: Connection) -> None:
            connection.execute(insert(tables.customers).values(**row))
            self._index(connection, row)

        self._write(work)
        return name

    def change(self, customer_id: str, *, labels: Sequence[str] | None = None, **given: Any) -> None:
        """Save a customer: it becomes the last changed."""
        old = self.rows[customer_id]
        row = old | customer(customer_id, **{**_given(old), **given}) | {"rank": self._next_rank()}
        row |= {"id": customer_id, "number": old["number"]}
        self.rows[customer_id] = row
        if labels is not None:
            self.labels[customer_id] = list(labels)

        def work(connection: Connection) -> None:
            columns = tables.customers.c
            connection.execute(update(tables.customers).where(columns.id == customer_id).values(**row))
            self._index(connection, row)

        self._write(work)

    def clear(self) -> None:
        """Remove everyone; numbers begin anew."""
        for customer_id in list(self.rows):
            self.remove(customer_id)
        self.number = 0

    def remove(self, customer_id: str) -> None:
        del self.rows[customer_id]
        del self.labels[customer_id]

        def work(connection: Connection) -> None:
            self.index.remove(connection, customer_id)
            connection.execute(delete(tables.customers).where(tables.customers.c.id == customer_id))

        self._write(work)

    def find(self, q: str = "", **given: Any) -> FoundPage:
        """Give one page."""
        search = CustomerSearch(q=q, **given)
        return self.database.read_now(lambda connection: self.index.find(connection, search))

    def ids(self, q: str = "", **given: Any) -> list[str]:
        """Give the ids of the first page."""
        return [item["id"] for item in self.find(q, **given).items]

    def all_ids(self, q: str = "", **given: Any) -> list[str]:
        """Give the ids of all pages."""
        found: list[str] = []
        page = self.find(q, **given)
        while True:
            found += [item["id"] for item in page.items]
            if page.next_cursor is None:
                return found
            page = self.find(q, **given | {"cursor": page.next_cursor})

    def _index(self, connection: Connection, row: dict[str, Any]) -> None:
        marks = tables.customer_labels
        connection.execute(delete(marks).where(marks.c.customer_id == row["id"]))
        for label_id in self.labels[row["id"]]:
            connection.execute(insert(marks).values(customer_id=row["id"], label_id=label_id))
        self.index.put(connection, row, self.labels[row["id"]])

    def _next_rank(self) -> int:
        self.rank += 1
        return self.rank

    def _write(self, work: Any) -> None:
        self.database.write_now(work)


def customer(
    name: str,
    *,
    number: int = 1,
    rank: int = 1,
    phone: str = "",
    email: str = "",
    city: str = "",
    postal_code: str = "",
    archived: bool = False,
    **columns: Any,
) -> dict[str, Any]:
    """Give a row of `customers`."""
    plain = ("external_id", "given_name", "middle_name", "family_name", "company_name", "status_reason",
             "gender", "language", "time_zone", "referral_method", "billing_type")  # fmt: skip
    return {
        **dict.fromkeys(plain, ""),
        **dict.fromkeys(("born_on", "branch_id", "partner_id", "location_id")),
        "id": name, "number": number, "rank": rank, "version": 1, "created_at": NOW, "updated_at": NOW,
        "type": "individual", "display_name": name, "status": "active", "access": "allowed",
        "archived_at": NOW if archived else None, "mail_opt_out": False, "email_opt_out": False,
        "emails": [{"id": "e", "address": email, "is_primary": True}] if email else [],
        "phones": [{"id": "p", "number": phone, "is_primary": True}] if phone else [],
        "addresses": [{"id": "a", "city": city, "postal_code": postal_code, "is_primary": True}],
        "sort_name": fold(columns.get("display_name", name)), "primary_phone": phone,
        "primary_email": email, "city": city, "sort_city": fold(city),
        **columns,
    }  # fmt: skip


def _given(row: dict[str, Any]) -> dict[str, Any]:
    """Give the arguments of `customer` that made a row."""
    return {
        "phone": row["primary_phone"], "email": row["primary_email"], "city": row["city"],
        "archived": row["archived_at"] is not None, "status": row["status"],
        "display_name": row["display_name"],
    }  # fmt: skip
