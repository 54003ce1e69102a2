"""Where the records of a collection are kept: every statement that reads or writes their rows, once."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    and_,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.exc import IntegrityError

from client.models import Model, Record
from server.auth.actor import Actor
from server.problems import Refusal
from server.routes.collection import CUSTOMER, Collection, Condition
from server.rules.work import Work
from server.store.prepared import Prepared, insertion, replacement
from server.store.records import members, record_columns
from server.store.tables import Json

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Record)


def get(
    connection: Connection, collection: Collection[M], actor: Actor, record_id: str, parent_id: str = ""
) -> M | None:
    """Give a record, or None where it is not there, not of this customer, or not for this person."""
    statement = _one(collection, actor.role, connection.dialect)
    row = statement.one(connection, {"record_id": record_id, "parent_id": parent_id})
    return None if row is None else collection.model.model_validate(row)


def lock(
    connection: Connection, collection: Collection[M], actor: Actor, record_id: str, parent_id: str = ""
) -> M | None:
    """Do the same, and let nobody else change it before this transaction ends."""
    if connection.dialect.name == "postgresql":
        # A statement of its own: the next one then sees what the one waited for has committed.
        _lock(collection, connection.dialect).one(connection, {"record_id": record_id})
    return get(connection, collection, actor, record_id, parent_id)


def page(
    connection: Connection,
    collection: Collection[M],
    actor: Actor,
    parent_id: str,
    limit: int,
    after: Sequence[Any] | None,
    conditions: Sequence[Condition] = (),
) -> tuple[list[M], list[Any] | None]:
    """Give a page of records and the place where the next one begins, None on the last page.

    A place is the values of the last record shown, so that new records shift nothing.
    """
    table = collection.table
    statement = _selected(collection, connection.dialect.name).where(*conditions)
    statement = _narrowed(statement, collection, actor, parent_id)
    if after is not None:
        statement = statement.where(_behind(collection, after))
    columns = [(table.c[name], down) for name, down in collection.order]
    statement = statement.order_by(*(column.desc() if down else column for column, down in columns))
    rows = connection.execute(statement.limit(limit + 1)).all()
    records = [collection.model.model_validate(members(row)) for row in rows[:limit]]
    if len(rows) <= limit:
        return records, None
    last = rows[limit - 1]
    return records, [members(last)[name] for name, _ in collection.order]


def count(
    connection: Connection,
    collection: Collection[Any],
    actor: Actor,
    parent_id: str,
    most: int,
    conditions: Sequence[Condition] = (),
) -> int | None:
    """Count the records of a list; None beyond `most`."""
    statement = select(collection.table.c.id).where(*conditions)
    counted = _narrowed(statement, collection, actor, parent_id).limit(most + 1).subquery()
    number = connection.execute(select(func.count()).select_from(counted)).scalar_one()
    return int(number) if number <= most else None


def add(
    work: Work, collection: Collection[R], record: R, shown: Mapping[str, Any], parent_id: str
) -> dict[str, Any]:
    """Write a new record's row and give it; `shown` is the record's representation.

    Raises `Refusal` with 409 where one like it was written a moment before.
    """
    dialect = work.connection.dialect
    values = _stored(collection, record, shown) | collection.rules.columns(work, record)
    if collection.of_customer:
        values[CUSTOMER] = parent_id
    for column in collection.table.columns:
        if column.name not in values:
            values[column.name] = getattr(column.default, "arg", None)
    return _write(work, _insertion(collection.table, dialect), values)


def change(
    work: Work,
    collection: Collection[R],
    old: R,
    record: R,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> dict[str, Any]:
    """Write what changed in a record's row and give the whole row; `before` and `after` represent both."""
    values = _stored(collection, record, after)
    was = _stored(collection, old, before)
    fresh = collection.rules.columns(work, record)
    changed = {name: value for name, value in values.items() if value != was[name]} | fresh
    statement = _replacement(collection.table, work.connection.dialect, tuple(changed))
    _write(work, statement, changed | {"row_id": record.id})
    return values | fresh


def _stored(collection: Collection[R], record: R, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Give the columns that follow from a record alone."""
    columns = collection.table.columns
    values: dict[str, Any] = {}
    for name in type(record).model_fields:
        if name in columns:
            # Lists of parts are kept as they are shown.
            values[name] = shown.get(name, []) if columns[name].type is Json else getattr(record, name)
    return values | collection.rules.derived(record)


def remove(work: Work, collection: Collection[Any], record_id: str) -> None:
    """Take a record's row away. Raises `Refusal` with 409 where others point to it."""
    try:
        work.connection.execute(delete(collection.table).where(collection.table.c.id == record_id))
    except IntegrityError:
        sentence = f"Other records still point to this {collection.singular}."
        raise Refusal(409, sentence, code="in_use") from None


def _write(work: Work, statement: Prepared, values: dict[str, Any]) -> dict[str, Any]:
    try:
        statement.run(work.connection, values)
    except IntegrityError:
        raise Refusal(409, "Another one like this was saved a moment before.") from None
    return values


@lru_cache(maxsize=256)
def _one(collection: Collection[Any], role: str, dialect: Dialect) -> Prepared:
    who = Actor(id="", name="", role=role, session_id="")
    statement = _selected(collection, dialect.name).where(collection.table.c.id == bindparam("record_id"))
    return Prepared(_narrowed(statement, collection, who, bindparam("parent_id")), dialect)


@lru_cache(maxsize=256)
def _lock(collection: Collection[Any], dialect: Dialect) -> Prepared:
    identity = collection.table.c.id
    return Prepared(select(identity).where(identity == bindparam("record_id")).with_for_update(), dialect)


_insertion = lru_cache(maxsize=256)(insertion)
_replacement = lru_cache(maxsize=1024)(replacement)


@lru_cache(maxsize=256)
def _selected(collection: Collection[Any], dialect: str) -> Select[Any]:
    order = [collection.table.c[name] for name, _ in collection.order]
    columns = {
        column.name: column for column in (*record_columns(collection.model, collection.table), *order)
    }
    return select(*columns.values(), *collection.extra_columns(dialect))


def _narrowed(
    statement: Select[Any], collection: Collection[Any], actor: Actor, parent_id: str | BindParameter[Any]
) -> Select[Any]:
    if collection.of_customer:
        statement = statement.where(collection.table.c[CUSTOMER] == parent_id)
    condition = collection.rules.visible(actor)
    return statement if condition is None else statement.where(condition)


def _behind(collection: Collection[Any], place: Sequence[Any]) -> ColumnElement[bool]:
    """Say that a row comes after a place: greater in the first column that differs."""
    equal: list[ColumnElement[bool]] = []
    ways: list[ColumnElement[bool]] = []
    for (name, down), value in zip(collection.order, place, strict=True):
        column = collection.table.c[name]
        behind = literal(value, column.type)  # Written out, for SQLAlchemy compares no plain True or False.
        ways.append(and_(*equal, column < behind if down else column > behind))
        equal.append(column == value)
    return or_(*ways)
