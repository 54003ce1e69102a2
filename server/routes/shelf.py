"""Where the records of a collection are kept: every statement that reads or writes their rows, once."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final, TypeVar

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
from server.problems import REMOVED_MEANWHILE, Refusal
from server.routes.collection import Collection, Condition
from server.rules.work import Work
from server.store.prepared import Prepared, insertion, replacement
from server.store.records import members, record_columns
from server.store.tables import Json

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Record)

Owners = Mapping[str, str]
"""The ids of what a record belongs to, by the columns that keep them."""
NOBODYS: Final[Owners] = {}
_ASKING: Final = "asking_id"
"""The parameter of a statement that is the id of who asks, where it makes a difference who that is."""


def get(
    connection: Connection, collection: Collection[M], actor: Actor, record_id: str, owners: Owners = NOBODYS
) -> M | None:
    """Give a record, or None where it is not there, not of these owners, or not for this person.

    The id of a single record is not asked about.
    """
    statement = _one(collection, actor.role, connection.dialect)
    row = statement.one(connection, {"record_id": record_id, _ASKING: actor.id, **owners})
    return None if row is None else collection.model.model_validate(row)


def lock(
    connection: Connection, collection: Collection[M], actor: Actor, record_id: str, owners: Owners = NOBODYS
) -> M | None:
    """Do the same, and let nobody else change it before this transaction ends."""
    if connection.dialect.name == "postgresql":
        # A statement of its own: the next one then sees what the one waited for has committed.
        _lock(collection, connection.dialect).one(connection, {"record_id": record_id, **owners})
    return get(connection, collection, actor, record_id, owners)


def page(
    connection: Connection,
    collection: Collection[M],
    actor: Actor,
    owners: Owners,
    limit: int,
    after: Sequence[Any] | None,
    conditions: Sequence[Condition] = (),
) -> tuple[list[M], list[Any] | None]:
    """Give a page of records and the place where the next one begins, None on the last page.

    A place is the values of the last record shown, so that new records shift nothing.
    """
    table = collection.table
    statement = _selected(collection, connection.dialect.name).where(*conditions)
    statement = _narrowed(statement, collection, actor, owners)
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
    owners: Owners,
    most: int,
    conditions: Sequence[Condition] = (),
) -> int | None:
    """Count the records of a list; None beyond `most`."""
    statement = select(collection.table.c.id).where(*conditions)
    counted = _narrowed(statement, collection, actor, owners).limit(most + 1).subquery()
    number = connection.execute(select(func.count()).select_from(counted)).scalar_one()
    return int(number) if number <= most else None


def add(work: Work, collection: Collection[R], record: R, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Write a new record's row and give it; `shown` is the record's representation.

    Raises `Refusal` with 409 where one like it was written a moment before.
    """
    dialect = work.connection.dialect
    values = _stored(collection, record, shown) | collection.rules.columns(work, record)
    values |= work.owners
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


def row_of(collection: Collection[R], record: R, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Give a record's row, but for the columns that change with every save."""
    return _stored(collection, record, shown)


def _stored(collection: Collection[R], record: R, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Give the columns that follow from a record alone."""
    plain, parts = _kept(collection)
    values = {name: getattr(record, name) for name in plain}
    for name, nothing in parts:
        # Parts are kept as they are shown.
        values[name] = shown.get(name, nothing)
    return values | collection.rules.derived(record)


@cache
def _kept(collection: Collection[Any]) -> tuple[list[str], list[tuple[str, Any]]]:
    """Name the members with a column of their own; those kept as JSON with what they hold where not shown."""
    columns = {column.name: column for column in record_columns(collection.model, collection.table)}
    plain: list[str] = []
    parts: list[tuple[str, Any]] = []
    for name, field in collection.model.model_fields.items():
        if name in columns and columns[name].type is Json:
            default = field.get_default(call_default_factory=True)
            parts.append((name, default.to_json() if isinstance(default, Model) else default))
        elif name in columns:
            plain.append(name)
    return plain, parts


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
    except IntegrityError as error:
        if _points_nowhere(error):
            sentence = "What this belongs to or points to was removed a moment before. Look again."
            raise Refusal(409, sentence, REMOVED_MEANWHILE) from None
        raise Refusal(409, "Another one like this was saved a moment before.") from None
    return values


def _points_nowhere(error: IntegrityError) -> bool:
    """Say whether a foreign key is what was broken: SQLSTATE 23503, SQLITE_CONSTRAINT_FOREIGNKEY."""
    of_sqlite = getattr(error.orig, "sqlite_errorname", "") == "SQLITE_CONSTRAINT_FOREIGNKEY"
    return of_sqlite or getattr(error.orig, "sqlstate", "") == "23503"


@lru_cache(maxsize=256)
def _one(collection: Collection[Any], role: str, dialect: Dialect) -> Prepared:
    asking: Any = bindparam(_ASKING)
    who = Actor(id=asking, name="", role=role, session_id="")
    statement = _selected(collection, dialect.name).where(*_itself(collection))
    return Prepared(_narrowed(statement, collection, who, _asked(collection)), dialect)


@lru_cache(maxsize=256)
def _lock(collection: Collection[Any], dialect: Dialect) -> Prepared:
    statement = select(collection.table.c.id).where(*_itself(collection))
    if collection.single:
        statement = statement.where(*_belonging(collection, _asked(collection)))
    return Prepared(statement.with_for_update(), dialect)


def _itself(collection: Collection[Any]) -> list[ColumnElement[bool]]:
    """Say which record is meant: that of an id, or the only one of its owners."""
    return [] if collection.single else [collection.table.c.id == bindparam("record_id")]


def _asked(collection: Collection[Any]) -> dict[str, BindParameter[Any]]:
    return {name: bindparam(name) for name, _ in collection.owners}


def _belonging(
    collection: Collection[Any], owners: Mapping[str, str | BindParameter[Any]]
) -> list[ColumnElement[bool]]:
    return [collection.table.c[name] == owners[name] for name, _ in collection.owners]


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
    statement: Select[Any],
    collection: Collection[Any],
    actor: Actor,
    owners: Mapping[str, str | BindParameter[Any]],
) -> Select[Any]:
    statement = statement.where(*_belonging(collection, owners))
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
