"""Many rows at once, past SQLAlchemy and straight to the driver."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any, Final

from pydantic_core import to_json
from sqlalchemy import Connection, Table
from sqlalchemy.types import Date

from server.store.tables import Json, UtcDateTime

_BATCH: Final = 1000

Convert = Callable[[Any], Any]


class Bulk:
    """Fills one table from rows by column name; the column's default stands for what is left out."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._driver: Any = connection.connection.driver_connection
        self._postgresql = connection.dialect.name == "postgresql"
        columns = list(table.columns)
        self._defaults = {column.name: _default(column) for column in columns}
        self._values = itemgetter(*self._defaults)
        converts = [(place, self._convert(column.type)) for place, column in enumerate(columns)]
        self._converts = [(place, convert) for place, convert in converts if convert is not None]
        names = ", ".join(f'"{name}"' for name in self._defaults)
        if self._postgresql:
            self._statement = f"COPY {table.name} ({names}) FROM STDIN"
        else:
            marks = ", ".join("?" * len(columns))
            self._statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 - own names
        self._rows: list[list[Any]] = []

    def add(self, row: dict[str, Any]) -> None:
        """Take a row; it is written with others, at the latest by `flush`."""
        values = list(self._values({**self._defaults, **row}))
        for place, convert in self._converts:
            values[place] = convert(values[place])
        self._rows.append(values)

    def full(self) -> bool:
        """Say whether enough rows wait."""
        return len(self._rows) >= _BATCH

    def flush(self) -> None:
        """Write what waits."""
        if self._postgresql:
            with self._driver.cursor() as cursor, cursor.copy(self._statement) as copy:
                for row in self._rows:
                    copy.write_row(row)
        else:
            self._driver.executemany(self._statement, self._rows)
        self._rows.clear()

    def _convert(self, kind: Any) -> Convert | None:
        if kind is Json:
            return _json
        if self._postgresql:
            return None
        if isinstance(kind, UtcDateTime):
            return _instant
        return _day if isinstance(kind, Date) else None


@contextmanager
def filling(connection: Connection, *tables: Table) -> Iterator[list[Bulk]]:
    """Open tables to be filled in the given order, for one may refer to those before it."""
    bulks = [Bulk(connection, table) for table in tables]
    yield bulks
    flush(bulks)


def flush(bulks: list[Bulk]) -> None:
    """Write what waits, in order."""
    for bulk in bulks:
        bulk.flush()


def _default(column: Any) -> Any:
    return column.default.arg if column.default is not None else None


def _json(value: Any) -> str:
    return to_json(value).decode()


def _instant(value: datetime | None) -> str | None:
    """Write an instant as SQLAlchemy does on SQLite."""
    return None if value is None else value.astimezone(UTC).isoformat(" ", "microseconds")[:26]


def _day(value: date | None) -> str | None:
    return None if value is None else str(value)
