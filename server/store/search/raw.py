"""The driver's own connection: on the search path SQLAlchemy would cost more than the database does."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Row = Sequence[Any]


class Raw:
    """Runs SQL written with `?` on the driver connection beneath a SQLAlchemy connection.

    What the driver raises comes as SQLAlchemy's `DBAPIError`, without the parameters.
    """

    __slots__ = ("_connection", "_error", "postgresql")

    def __init__(self, connection: Connection) -> None:
        self._connection: Any = connection.connection.driver_connection
        self._error: type[Exception] = connection.dialect.dbapi.Error  # type: ignore[union-attr]
        self.postgresql = connection.dialect.name == "postgresql"

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run a statement and give its rows."""
        try:
            if self.postgresql:
                cursor = self._connection.execute(_percent(sql), parameters, prepare=True)
            else:
                cursor = self._connection.execute(sql, parameters)
            rows: list[Row] = cursor.fetchall()
        except self._error as error:
            raise DBAPIError(sql, None, error) from error
        return rows

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        """Run a statement and give its first row."""
        rows = self.rows(sql, parameters)
        return rows[0] if rows else None

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement that gives no rows."""
        try:
            self._connection.execute(_percent(sql) if self.postgresql else sql, parameters)
        except self._error as error:
            raise DBAPIError(sql, None, error) from error

    def many(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each set of parameters."""
        try:
            cursor = self._connection.cursor()
            cursor.executemany(_percent(sql) if self.postgresql else sql, parameters)
            cursor.close()
        except self._error as error:
            raise DBAPIError(sql, None, error) from error

    def copy(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Send rows with PostgreSQL's COPY."""
        with self._connection.cursor() as cursor, cursor.copy(sql) as copy:
            for row in rows:
                copy.write_row(row)


@lru_cache(maxsize=512)
def _percent(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")
