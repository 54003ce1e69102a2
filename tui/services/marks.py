"""Which customers are marked for work on several at once. Pure: no widgets, no network."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final

from client.models import CustomerRow, Page

SIGN: Final = "✓"
"""Stands before the name of a marked customer."""

NextPage = Callable[[str], Awaitable[Page[CustomerRow]]]
"""From a cursor, empty at first, to a page of customers. Raises CustomerApiError."""


@dataclass(frozen=True, slots=True)
class Everyone:
    """All that a search or a report finds, also those that have not been fetched."""

    next_page: NextPage
    total: int | None
    """How many there are, where the server counted them."""


class Marks:
    """The marked customers: some, or everyone found but some."""

    def __init__(self) -> None:
        self.rows: dict[str, CustomerRow] = {}
        """Those marked one by one, or still marked after the last work."""
        self.everyone: Everyone | None = None
        self._without: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self.rows) or self.everyone is not None

    @property
    def count(self) -> int | None:
        """How many are marked; None where nobody counted them."""
        if self.everyone is None:
            return len(self.rows)
        return None if self.everyone.total is None else max(0, self.everyone.total - len(self._without))

    @property
    def excepted(self) -> bool:
        """Whether everyone is marked but some."""
        return bool(self._without)

    def toggle(self, row: CustomerRow) -> None:
        """Mark a customer, or take the mark off."""
        if self.everyone is not None:
            self._without ^= {row.id}
        elif self.rows.pop(row.id, None) is None:
            self.rows[row.id] = row

    def mark_all(self, everyone: Everyone) -> None:
        """Mark all that are found."""
        self.clear()
        self.everyone = everyone

    def clear(self) -> None:
        """Take all marks off."""
        self.rows = {}
        self.everyone = None
        self._without = set()

    def keep(self, rows: Iterable[CustomerRow]) -> None:
        """Leave only these marked."""
        self.clear()
        self.rows = {row.id: row for row in rows}

    def among(self, found: Iterable[CustomerRow], others: Iterable[CustomerRow] = ()) -> frozenset[str]:
        """Give the ids of those shown that are marked; `others` are not part of what was found."""
        if self.everyone is not None:
            return frozenset(row.id for row in found) - self._without
        return frozenset(row.id for row in (*found, *others) if row.id in self.rows)

    def words(self, write: Callable[[float], str]) -> str:
        """Say how many are marked; empty where nobody is."""
        if not self:
            return ""
        count = "" if self.count is None else f"{write(self.count)} "
        if self.everyone is None:
            return f"{SIGN} {count}marked"
        but = f" but {write(len(self._without))}" if self._without else ""
        return f"{SIGN} all {count}marked{but}"

    async def collect(self, progress: Callable[[int, int], None]) -> dict[str, CustomerRow]:
        """Give every marked customer, fetching those that are not known here. Raises CustomerApiError."""
        if self.everyone is None:
            return dict(self.rows)
        rows: dict[str, CustomerRow] = {}
        cursor, seen = "", set[str]()
        while True:
            page = await self.everyone.next_page(cursor)
            rows |= {row.id: row for row in page.items if row.id not in self._without}
            progress(len(rows), max(len(rows), self.count or 0))
            seen.add(cursor)
            cursor = page.next_cursor or ""
            if not cursor or cursor in seen:
                return rows
