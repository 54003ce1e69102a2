"""Reading a collection: its list, page by page, and one record with what belongs to it."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Response
from pydantic import BaseModel, Field, create_model
from pydantic_core import to_json
from sqlalchemy import Connection

from client.models import Model
from client.models.kinds import Choice, Line, Number, Several
from client.models.written import new_model
from server.problems import Fault, Refusal, not_found
from server.routes import shelf
from server.routes.answer import Answer, conditional, found, version_tag
from server.routes.call import Call, query_of
from server.routes.collection import CUSTOMER, Collection
from server.store.search import cursor as cursors

_MOST_COUNTED: Final = 1_000
"""Lists up to this length say how long they are."""


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
        shape = Field(
            "", description=filterable.description, pattern=filterable.pattern, examples=[filterable.example]
        )
        added[name] = (str, shape)
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
    parent = _parent(call, collection)
    conditions = [
        filterable.condition(values[name], call.database.dialect)
        for name, filterable in collection.filters.items()
        if values[name]
    ]
    after = _place(collection, values["cursor"])

    def work(connection: Connection) -> dict[str, Any]:
        if collection.of_customer:
            require_customer(connection, parent)
        records, place = shelf.page(
            connection, collection, call.actor, parent, values["limit"], after, conditions
        )
        items = [trimmed(shown(call, collection, record), values["fields"]) for record in records]
        result: dict[str, Any] = {"items": items}
        if place is not None:
            result["next_cursor"] = cursors.encode([str(part) for part in place])
        elif after is None:
            result["total"] = len(records)
        if place is not None and after is None:
            total = shelf.count(connection, collection, call.actor, parent, _MOST_COUNTED, conditions)
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
    record_id = call.place(collection.id_name, collection.singular)
    parent = _parent(call, collection)
    wanted = query_of(call.request, query, frozenset({"fields", "include"})).model_dump() if query else {}
    parts, fields = wanted.get("include", []), wanted.get("fields", [])

    def work(connection: Connection) -> Answer:
        record = shelf.get(connection, collection, call.actor, record_id, parent)
        if record is None:
            raise not_found(collection.singular)
        value = shown(call, collection, record)
        if not (parts or fields or collection.unversioned):
            return found(call.request, value, collection.cache, record.version)
        for name in dict.fromkeys(parts):
            value[name] = _included(connection, call, collection, name, record.id)
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


def require_customer(connection: Connection, customer_id: str) -> None:
    """Raise 404 where there is no such customer."""
    if connection.exec_driver_sql(_CUSTOMER[connection.dialect.name], (customer_id,)).first() is None:
        raise not_found("customer")


def _included(
    connection: Connection, call: Call, collection: Collection[Any], name: str, parent_id: str
) -> dict[str, Any]:
    include = collection.includes[name]
    inner = include.collection
    records, place = shelf.page(connection, inner, call.actor, parent_id, include.limit, None)
    result: dict[str, Any] = {"items": [shown(call, inner, record) for record in records]}
    if place is not None:
        result["next_cursor"] = cursors.encode([str(part) for part in place])
    return result


def _parent(call: Call, collection: Collection[Any]) -> str:
    return call.place(CUSTOMER, "customer") if collection.of_customer else ""


def _place(collection: Collection[Any], cursor: str) -> list[Any] | None:
    """Read a cursor. Raises `Refusal` where this server did not give it for this list."""
    if not cursor:
        return None
    texts = read_cursor(cursor, *[str] * len(collection.order))
    return [
        _parsed(collection.table.c[name].type.python_type, text)
        for (name, _), text in zip(collection.order, texts, strict=True)
    ]


def _parsed(kind: type, text: str) -> Any:
    if kind is bool:
        return text == "True"
    return text


def read_cursor(cursor: str, *kinds: type) -> list[Any]:
    """Read the parts of a cursor. Raises `Refusal`."""
    try:
        return cursors.decode(cursor, *kinds)
    except cursors.BadCursor as error:
        raise bad_cursor(error) from None


def bad_cursor(error: cursors.BadCursor) -> Refusal:
    """Give the refusal of a cursor that is not one of this list: there is no such page."""
    return Refusal(404, str(error), "unknown_cursor", [Fault("cursor", "unknown_cursor", str(error))])
