"""The operations that follow from a collection's declaration."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field, create_model

from client.models import Page
from client.models.kinds import Choice, Several
from client.models.written import new_model
from server.routes import reading, writing
from server.routes.call import MERGE_PATCH
from server.routes.collection import CUSTOMER, Action, Collection
from server.routes.contract import (
    CREATED,
    IF_MATCH,
    IF_NONE_MATCH,
    PREFER,
    SAVED,
    id_parameter,
    link,
)
from server.routes.operation import Operation, Sent, Shown


def operations_of(collection: Collection[Any]) -> Iterator[Operation]:
    """Give every operation of a collection."""
    makers = {"list": _list, "get": _get, "create": _create, "patch": _patch, "delete": _delete}
    for verb, make in makers.items():
        if verb in collection.verbs:
            operation = make(collection)
            yield replace(operation, handle=collection.handlers.get(verb, operation.handle))
    for action in collection.actions:
        yield _act(collection, action)
    yield from collection.operations


def page_model(model: type[BaseModel]) -> type[BaseModel]:
    """Give the model of a page of records, with a name that people can read in the contract."""
    page: Any = Page
    return create_model(f"{model.__name__}Page", __base__=page[model], __doc__=Page.__doc__)


_SINGLE = (
    'Where there is none yet, the patch makes it: its version is then 0 (`If-Match: "0"`, or '
    "`If-None-Match: *`). "
)
_ONCE = "Takes `Idempotency-Key`, see `#/components/parameters/IdempotencyKey`."


def _list(collection: Collection[Any]) -> Operation:
    query = reading.list_query(collection)
    shown = Shown(
        description="A page.",
        model=page_model(collection.model),
        trimmed=collection.model,
        example={"items": [collection.shown_example], "total": 1},
        headers=("ETag", "Cache-Control", "Link"),
    )
    return Operation(
        method="GET",
        path=collection.address,
        name=f"list_{_word(collection.path)}",
        tag=collection.path,
        summary=f"List {_spoken(collection.path)}",
        description=f"{collection.about} {collection.ordered}".rstrip(),
        permission=f"{collection.path}:read",
        handle=partial(reading.list_records, collection=collection, query=query),
        answers={200: shown, 304: Shown(description="Nothing changed.", headers=("ETag", "Cache-Control"))},
        refusals=(404, 422),
        parameters=(*_parent(collection), IF_NONE_MATCH),
        query=query,
        separated=frozenset({"fields"}),
    )


@cache
def _get_query(collection: Collection[Any]) -> type[BaseModel]:
    members: dict[str, Any] = {"fields": reading.fields_member(collection.model.model_fields)}
    if collection.includes:
        choice = Choice(options=dict.fromkeys(collection.includes, ""))
        about = (
            "Parts that come along: the first 50 records as their own lists give them, or the one there is."
        )
        members["include"] = (
            Annotated[list[str], Several(max_items=20, item=choice), Field(description=about)],
            [],
        )
    return new_model(create_model(f"{collection.model.__name__}Get", **members))


def _get(collection: Collection[Any]) -> Operation:
    query = _get_query(collection)
    shown = Shown(
        description=f"The {collection.singular}.",
        model=collection.document or collection.model,
        trimmed=collection.document or collection.model,
        example=collection.shown_example,
        headers=("ETag", "Cache-Control"),
    )
    return Operation(
        method="GET",
        path=collection.item_address,
        name=f"get_{_word(collection.singular)}",
        tag=collection.path,
        summary=f"Read a {collection.singular}",
        description="The ETag is the version in quotes; with `include` or `fields`, the version, `-` and a "
        "digest. Members equal to their default are left out.",
        permission=f"{collection.path}:read",
        handle=partial(reading.get_record, collection=collection, query=query),
        answers={200: shown, 304: Shown(description="Nothing changed.", headers=("ETag", "Cache-Control"))},
        refusals=(404, 422),
        parameters=(*_place(collection), IF_NONE_MATCH),
        query=query,
        separated=frozenset({"fields", "include"}),
    )


def _create(collection: Collection[Any]) -> Operation:
    shown = Shown(
        description="Made.",
        model=collection.model,
        example=collection.shown_example,
        headers=CREATED,
        links=_links(collection, created=True),
    )
    return Operation(
        method="POST",
        path=collection.address,
        name=f"create_{_word(collection.singular)}",
        tag=collection.path,
        summary=f"Make a {collection.singular}",
        description=f"{collection.about} {_ONCE}",
        permission=f"{collection.path}:write",
        handle=partial(writing.create_record, collection=collection),
        answers={201: shown},
        refusals=(400, 404, 409, 413, 415, 422) if collection.owners else (400, 409, 413, 415, 422),
        parameters=(*_parent(collection), PREFER),
        sent=Sent(model=collection.new_model, example=collection.example, more=collection.new_schema),
    )


_DIFFERENCE: Final = {
    MERGE_PATCH: {
        "schema": {"type": "object", "description": "What became other than was sent."},
        "example": {"version": 2, "updated_at": "2026-03-02T09:30:00Z"},
    }
}


def _patch(collection: Collection[Any]) -> Operation:
    members = collection.patch_model.model_fields
    changed = {name: value for name, value in collection.example.items() if name in members}
    return Operation(
        method="PATCH",
        path=collection.item_address,
        name=f"change_{_word(collection.singular)}",
        tag=collection.path,
        summary=f"Change a {collection.singular}",
        description="A merge patch (RFC 7396): a member that is left out stays, `null` removes it, a list is "
        "replaced as a whole. It starts from the version in `If-Match`. A patch that changes nothing makes "
        f"no new version. {_SINGLE if collection.single else ''}{_ONCE}",
        permission=f"{collection.path}:write",
        handle=partial(writing.patch_record, collection=collection),
        answers={
            200: Shown(
                description="Changed.",
                model=collection.model,
                example=collection.shown_example | {"version": 2},
                headers=SAVED,
                other_media_types={} if collection.unversioned else _DIFFERENCE,
            ),
            204: Shown(description="Changed; `Prefer: return=minimal` was asked for.", headers=SAVED),
        },
        refusals=(400, 404, 409, 412, 413, 415, 422, 428),
        parameters=(*_place(collection), IF_MATCH, PREFER),
        sent=Sent(
            model=collection.patch_model,
            example=changed,
            media_type=MERGE_PATCH,
            more=collection.patch_schema,
        ),
    )


def _delete(collection: Collection[Any]) -> Operation:
    return Operation(
        method="DELETE",
        path=collection.item_address,
        name=f"remove_{_word(collection.singular)}",
        tag=collection.path,
        summary=f"Remove a {collection.singular}",
        description="For good. With `If-Match`, only that version. " + collection.removal,
        permission=f"{collection.path}:delete",
        handle=partial(writing.delete_record, collection=collection),
        answers={204: Shown(description="Removed.")},
        refusals=(404, 409, 412, 422),
        parameters=_place(collection),
    )


def _act(collection: Collection[Any], action: Action[Any]) -> Operation:
    model = action.sent_model
    sent = None if model is None else Sent(model=model, example=action.example)
    return Operation(
        method="POST",
        path=f"{collection.item_address}/{action.name}",
        name=f"{_word(action.name)}_{_word(collection.singular)}",
        tag=collection.path,
        summary=action.summary,
        description=f"{action.description} {'' if sent else 'Takes no body. '}Where it is so already, "
        f"nothing changes. {_ONCE} `If-Match` is honoured, not demanded.",
        permission=action.permission or f"{collection.path}:write",
        further=action.further,
        handle=partial(writing.act_on_record, collection=collection, action=action),
        answers={
            200: Shown(description="Done.", model=collection.model, headers=SAVED),
            204: Shown(description="Done; `Prefer: return=minimal` was asked for.", headers=SAVED),
        },
        refusals=(400, 404, 409, 412, 413, 415, 422) if sent else (404, 409, 412, 413, 422),
        parameters=(*_place(collection), PREFER),
        sent=sent,
    )


def _parent(collection: Collection[Any]) -> tuple[dict[str, Any], ...]:
    return tuple(id_parameter(name, what) for name, what in collection.owners)


def _place(collection: Collection[Any]) -> tuple[dict[str, Any], ...]:
    own = () if collection.single else (id_parameter(collection.id_name, collection.singular),)
    return (*_parent(collection), *own)


def _links(collection: Collection[Any], *, created: bool) -> dict[str, Any]:
    """Say how the answer leads to other operations (OpenAPI links)."""
    place = {collection.id_name: "$response.body#/id"} if created else {}
    place |= {name: f"$request.path.{name}" for name, _ in collection.owners}
    current = place | {"If-Match": "$response.header.ETag"}
    singular = _word(collection.singular)
    found: dict[str, Any] = {}
    if "get" in collection.verbs:
        found["read"] = link(f"get_{singular}", place)
    if "patch" in collection.verbs:
        found["change"] = link(f"change_{singular}", current)
    if "delete" in collection.verbs:
        found["remove"] = link(f"remove_{singular}", place)
    for action in collection.actions:
        found[action.name] = link(f"{_word(action.name)}_{singular}", place)
    for name, parts in collection.part_links.items():
        found[name] = link(parts, {CUSTOMER: "$response.body#/id"})
    return found


def _word(text: str) -> str:
    return text.replace("-", "_").replace(" ", "_")


def _spoken(text: str) -> str:
    return text.replace("-", " ")
