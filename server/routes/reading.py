"""Reading a collection: its list, page by page, and one record with what belongs to it."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from fastapi import Response
from pydantic import BaseModel, Field, create_model
from pydantic_core import to_json
from sqlalchemy import Connection

from client.models import Model
from client.models.kinds import Choice, Code, Line, Number, Several
from client.models.written import new_model
from server.auth.actor import Actor
from server.problems import Fault, Refusal, not_found
from server.routes import shelf
from server.routes.answer import Answer, conditional, found, version_tag
from server.routes.call import Call, query_of
from server.routes.collection import CUSTOMER, Collection, Include
from server.store.search import cursor as cursors

_MOST_COUNTED: Final = 1_000
"""Lists up to this length say how long they are."""
_LONGEST_FILTER: Final = 400
_LONGEST_NUMBER: Final = 18
"""Signs of a whole number that fits into 64 bits, whatever it is."""


class ListQuery(Model):
    """How much of a list is wanted, and from where."""

    limit: Annotated[int, Number(minimum=1, maximum=200), Field(title="Rows")] = 100
    """How many records."""
    cursor: Annotated[str, Line(max_length=1000), Field(title="Cursor")] = ""
    """`next_cursor` of the page before."""


def list_query(collection: Collection[Any]) -> type[BaseModel]:
    """Give the query of a collection's list: limit, cursor, fields, and its filters."""
    added: dict[str, Any] = {"fields": fields_member(collection.model.model_fields)}
    for name, filterable in collection.filters.items():
        form = Code(
            pattern=filterable.pattern,
            example=filterable.example,
            what="what this narrows a list by",
            max_length=_LONGEST_FILTER,
        )
        described = Field(description=filterable.description, examples=[filterable.example])
        added[name] = (Annotated[str, form, described], "")
    name = f"{collection.model.__name__}List"
    return new_model(create_model(name, __base__=ListQuery, __doc__=ListQuery.__doc__, **added))


def fields_member(names: Any) -> Any:
    """Give the `fields` parameter for a model with these members."""
    choice = Choice(options=dict.fromkeys(names, ""))
    about = "Only these members; `id` always comes along. Empty: all."
    return (
        Annotated[list[str], Several(max_items=50, item=choice), Field(title="Fields", description=about)],
        [],
    )


async def list_records(call: Call, collection: Collection[Any], query: type[BaseModel]) -> Response:
    """Answer a list."""
    wanted = query_of(call.request, query, frozenset({"fields"}))
    values = wanted.model_dump()
    owners = owners_in(call, collection)
    conditions = [
        filterable.condition(values[name], call.database.dialect)
        for name, filterable in collection.filters.items()
        if values[name]
    ]
    after = _place(collection, values["cursor"])

    def work(connection: Connection) -> dict[str, Any]:
        require_owners(connection, collection, call.actor, owners)
        records, place = shelf.page(
            connection, collection, call.actor, owners, values["limit"], after, conditions
        )
        items = [trimmed(shown(call, collection, record), values["fields"]) for record in records]
        result: dict[str, Any] = {"items": items}
        if place is not None:
            result["next_cursor"] = cursors.encode([str(part) for part in place])
        elif after is None:
            result["total"] = len(records)
        if place is not None and after is None:
            total = shelf.count(connection, collection, call.actor, owners, _MOST_COUNTED, conditions)
            if total is not None:
                result["total"] = total
        return result

    return listed(call, await call.database.read(work), collection.cache)


def listed(call: Call, result: Mapping[str, Any], cache: str) -> Response:
    """Answer with a page, and a `Link` to the next one where the address alone leads there (RFC 8288)."""
    headers: dict[str, str] = {}
    if "next_cursor" in result and call.request.method in ("GET", "HEAD"):
        following = call.request.url.include_query_params(cursor=result["next_cursor"])
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return found(call.request, result, cache, headers=headers).response()


async def get_record(call: Call, collection: Collection[Any], query: type[BaseModel] | None) -> Response:
    """Answer one record, with what `include` asks for and of what `fields` asks for."""
    record_id = id_in(call, collection)
    owners = owners_in(call, collection)
    wanted = query_of(call.request, query, frozenset({"fields", "include"})).model_dump() if query else {}
    parts, fields = wanted.get("include", []), wanted.get("fields", [])

    def work(connection: Connection) -> Answer:
        if collection.parent is not None:
            require_owners(connection, collection, call.actor, owners)
        record = shelf.get(connection, collection, call.actor, record_id, owners)
        if record is None:
            raise not_found(collection.singular)
        value = shown(call, collection, record)
        if not (parts or fields or collection.unversioned):
            return found(call.request, value, collection.cache, record.version)
        for name in dict.fromkeys(parts):
            part = _included(connection, call, collection.includes[name], record.id)
            if part is not None:
                value[name] = part
        body = to_json(trimmed(value, [*fields, *parts] if fields else []))
        return conditional(call.request, body, version_tag(record.version, body), collection.cache, {})

    return (await call.database.read(work)).response()


def shown(call: Call, collection: Collection[Any], record: Any) -> dict[str, Any]:
    """Give a record as this person may see it."""
    return without_hidden(call, collection, record.to_json())


def without_hidden(call: Call, collection: Collection[Any], value: dict[str, Any]) -> dict[str, Any]:
    """Take out what is for admins only, where this person is none."""
    if not call.actor.is_admin:
        for name in collection.hidden_members:
            value.pop(name, None)
    return value


def trimmed(value: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    """Keep only some members, and the id."""
    return {name: part for name, part in value.items() if name in fields or name == "id"} if fields else value


_CUSTOMER: Final = {
    "sqlite": "SELECT 1 FROM customers WHERE id = ?",
    "postgresql": "SELECT 1 FROM customers WHERE id = %s",
}


def require_owners(
    connection: Connection, collection: Collection[Any], actor: Actor, owners: Mapping[str, str]
) -> None:
    """Raise 404 where what a record belongs to is not there, not its customer's, or not for this person."""
    customer_id = owners.get(CUSTOMER)
    if customer_id is not None:
        statement = _CUSTOMER[connection.dialect.name]
        if connection.exec_driver_sql(statement, (customer_id,)).first() is None:
            raise not_found("customer")
    parent = collection.parent
    if parent is not None:
        require_owners(connection, parent, actor, {name: owners[name] for name, _ in parent.owners})
        if shelf.get(connection, parent, actor, owners[parent.id_name], owners) is None:
            raise not_found(parent.singular)


def _included(connection: Connection, call: Call, include: Include, record_id: str) -> Any:
    """Give what comes along, None where there is nothing or the person may not see it."""
    inner = include.collection
    if inner is None:
        return None if include.compute is None else include.compute(connection, call.actor, record_id)
    if not call.actor.may(f"{inner.path}:read"):
        return None
    owners = {CUSTOMER: record_id}
    if inner.single:
        record = shelf.get(connection, inner, call.actor, "", owners)
        return None if record is None else shown(call, inner, record)
    records, place = shelf.page(connection, inner, call.actor, owners, include.limit, None)
    result: dict[str, Any] = {"items": [shown(call, inner, record) for record in records]}
    if place is not None:
        result["next_cursor"] = cursors.encode([str(part) for part in place])
    return result


def owners_in(call: Call, collection: Collection[Any]) -> dict[str, str]:
    """Read from the address what a record belongs to."""
    return {name: call.place(name, what) for name, what in collection.owners}


def id_in(call: Call, collection: Collection[Any]) -> str:
    """Read a record's id from the address; empty for a single record."""
    return "" if collection.single else call.place(collection.id_name, collection.singular)


def _place(collection: Collection[Any], cursor: str) -> list[Any] | None:
    """Read a cursor. Raises `Refusal` where this server did not give it for this list."""
    if not cursor:
        return None
    texts = read_cursor(cursor, *[str] * len(collection.order))
    try:
        return [
            _PARSED.get(collection.table.c[name].type.python_type, str)(text)
            for (name, _), text in zip(collection.order, texts, strict=True)
        ]
    except (ValueError, OverflowError):
        raise bad_cursor(cursors.BadCursor("This cursor belongs to another list.")) from None


def _whole(text: str) -> int:
    """Read a whole number of a cursor. Raises ValueError for one that no column holds."""
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(text)
    return int(text)


_PARSED: Final[Mapping[type, Callable[[str], Any]]] = {
    bool: lambda text: text == "True",
    int: _whole,
    date: date.fromisoformat,
    datetime: lambda text: datetime.fromisoformat(text).astimezone(UTC),
}
"""How the parts of a cursor are read that are no text."""


def read_cursor(cursor: str, *kinds: type) -> list[Any]:
    """Read the parts of a cursor. Raises `Refusal`."""
    try:
        return cursors.decode(cursor, *kinds)
    except cursors.BadCursor as error:
        raise bad_cursor(error) from None


def bad_cursor(error: cursors.BadCursor) -> Refusal:
    """Give the refusal of a cursor that is not one of this list: there is no such page."""
    return Refusal(404, str(error), "unknown_cursor", [Fault("cursor", "unknown_cursor", str(error))])
