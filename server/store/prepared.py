"""Statements that run with every save, compiled once: building one costs more than running it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Delete,
    Dialect,
    Float,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    insert,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeEngine

Processor = Callable[[Any], Any]


class Prepared:
    """A statement in the words of one dialect, run on the driver's own connection.

    Values travel as SQLAlchemy's types say. What the driver raises is passed on as it is, save for a broken
    constraint, which is SQLAlchemy's `IntegrityError` here too.
    """

    def __init__(
        self,
        statement: Select[Any] | Insert | Update | Delete,
        dialect: Dialect,
        written: Sequence[str] | None = None,
    ) -> None:
        compiled = statement.compile(
            dialect=dialect, column_keys=written, compile_kwargs={"render_postcompile": True}
        )
        self._sql = str(compiled)
        self._given: dict[str, Any] = dict(compiled.params)
        self._order: Sequence[str] | None = compiled.positiontup if dialect.positional else None
        self._processors = {
            name: processor
            for name, parameter in compiled.binds.items()
            if (processor := parameter.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }
        self._names: list[str] = []
        self._readers: list[Processor | None] = []
        if isinstance(statement, Select):
            self._names = [cast("str", column.key) for column in statement.selected_columns]
            self._readers = [_reader(column.type, dialect) for column in statement.selected_columns]
        self._broken: type[Exception] = dialect.loaded_dbapi.IntegrityError

    def one(self, connection: Connection, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """Give the first row by column name, or None."""
        row = self._run(connection, values).fetchone()
        if row is None:
            return None
        return {
            name: value if read is None else read(value)
            for name, read, value in zip(self._names, self._readers, row, strict=True)
        }

    def values(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Give the first column of every row."""
        return [row[0] for row in self._run(connection, values).fetchall()]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """Run a statement that gives no rows. Raises `IntegrityError`."""
        try:
            self._run(connection, values)
        except self._broken as error:
            raise IntegrityError(self._sql, None, error) from error

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        given = {**self._given, **values}
        for name, process in self._processors.items():
            given[name] = process(given[name])
        driver: Any = connection.connection.driver_connection
        return driver.execute(self._sql, [given[name] for name in self._order] if self._order else given)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    if isinstance(kind, Float):
        return None  # both drivers give floats, and SQLAlchemy would want to know the column's type number
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def insertion(table: Table, dialect: Dialect) -> Prepared:
    """Prepare the writing of whole rows."""
    return Prepared(insert(table), dialect, table.columns.keys())


def replacement(table: Table, dialect: Dialect, names: Sequence[str]) -> Prepared:
    """Prepare the writing of some columns of the row whose `id` is passed as `row_id`."""
    return Prepared(update(table).where(table.c.id == bindparam("row_id")), dialect, names)
