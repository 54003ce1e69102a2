"""Changing a collection over HTTP: make, change, remove, act - each in one transaction with its history."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from fastapi import Response
from pydantic_core import to_json
from sqlalchemy import Connection

from client.models import Record
from client.patches import apply_patch, patch_between
from server.problems import Refusal, not_found
from server.routes import making, shelf
from server.routes.answer import Answer, version_tag
from server.routes.call import DIFFERENCE, MERGE_PATCH, RETURN_MINIMAL, Call, checked, version_conflict
from server.routes.collection import Action, Collection
from server.routes.idempotency import once
from server.routes.json_body import parse_json
from server.routes.reading import id_in, owners_in, require_owners, shown
from server.rules.work import Work

M = TypeVar("M", bound=Record)


async def create_record(call: Call, collection: Collection[Any]) -> Response:
    """Make a record: 201 with its address, its ETag and itself."""
    body = call.read(collection.new_model)
    _refuse_hidden(call, collection, body.model_fields_set)
    owners = owners_in(call, collection)

    def make(connection: Connection) -> Answer:
        require_owners(connection, collection, call.actor, owners)
        # What was left out gets its initial value, and counts as not given.
        members, work = body.model_dump(), call.work(connection, owners)
        record = making.make(work, collection, members, given=body.model_fields_set)
        place = f"{call.request.url.path}/{record.id}"
        headers = _headers(record, work.applied) | {"Location": place}
        return Answer(201, headers, to_json(shown(call, collection, record)))

    return (await call.database.write(once(call, make))).response()


async def patch_record(call: Call, collection: Collection[Any]) -> Response:
    """Change a record by a merge patch (RFC 7396) that starts from the version in `If-Match`.

    A single record that is not there yet has the version 0, and is made.
    """
    body = call.read(collection.patch_model, MERGE_PATCH)
    _refuse_hidden(call, collection, body.model_fields_set)
    sent = body.model_dump(exclude_unset=True)
    as_sent = parse_json(call.body) if call.prefers(DIFFERENCE) and not collection.unversioned else None
    if collection.beforehand is not None:
        call, sent = await collection.beforehand(call, sent)
    place, expected = _place(call, collection), call.expected_versions()

    def patch(connection: Connection) -> Answer:
        found, work = _found(call, collection, connection, place)
        if found is None and collection.single:
            return _first(call, collection, work, sent, expected)
        old = _at_version(call, collection, found, expected)
        new = making.change(work, collection, old, merged_members(collection, old, sent))
        # Whoever names one version has that record, unless members of it change without a version.
        known = as_sent is not None and len(expected or ()) == 1
        asked = apply_patch(shown(call, collection, old), as_sent) if known else None
        return _answered(call, collection, new, work, asked)

    return (await call.database.write(once(call, patch))).response()


async def delete_record(call: Call, collection: Collection[Any]) -> Response:
    """Remove a record: 204. `If-Match` is honoured, not demanded."""
    place, expected = _place(call, collection), call.expected_versions() or frozenset()

    def remove(connection: Connection) -> Answer:
        old, work = _found(call, collection, connection, place)
        making.remove(work, collection, _at_version(call, collection, old, expected))
        return Answer(204)

    return (await call.database.write(remove)).response()


def refuse_removal(call: Call, collection: Collection[Any], connection: Connection) -> None:
    """Raise what removing a record would be refused with, for what is to be done before."""
    record_id, owners = _place(call, collection)
    old = shelf.get(connection, collection, call.actor, record_id, owners)
    found = _at_version(call, collection, old, call.expected_versions() or frozenset())
    collection.rules.check_removal(call.work(connection, owners), found)


async def act_on_record(call: Call, collection: Collection[Any], action: Action[Any]) -> Response:
    """Do what an action does. Done already, it changes nothing. `If-Match` is honoured, not demanded."""
    body = () if action.sent_model is None else (call.read(action.sent_model),)
    if body and action.beforehand is not None:
        call, values = await action.beforehand(call, body[0].model_dump())
        body = (body[0].model_copy(update=values),)
    place, expected = _place(call, collection), call.expected_versions() or frozenset()

    def act(connection: Connection) -> Answer:
        found, work = _found(call, collection, connection, place)
        old = _at_version(call, collection, found, expected)
        members = action.change(work, old, *body)
        return _answered(call, collection, making.change(work, collection, old, members, action.event), work)

    return (await call.database.write(once(call, act))).response()


Place = tuple[str, Mapping[str, str]]
"""A record's id and the ids of what it belongs to."""


def _place(call: Call, collection: Collection[Any]) -> Place:
    return id_in(call, collection), owners_in(call, collection)


def _found(
    call: Call, collection: Collection[M], connection: Connection, place: Place
) -> tuple[M | None, Work]:
    """Give the record at a place, locked, and the frame of its change. Raises 404."""
    record_id, owners = place
    require_owners(connection, collection, call.actor, owners)
    old = shelf.lock(connection, collection, call.actor, record_id, owners)
    return old, call.work(connection, owners)


def _at_version(call: Call, collection: Collection[M], old: M | None, expected: frozenset[int] | None) -> M:
    """Give the record that is to be changed. Raises 404, 428 or 412."""
    if old is None:
        raise not_found(collection.singular)
    conflict = version_conflict(expected, old.version, shown(call, collection, old))
    if conflict is not None:
        raise conflict
    return old


def _first(
    call: Call,
    collection: Collection[Any],
    work: Work,
    sent: Mapping[str, Any],
    expected: frozenset[int] | None,
) -> Answer:
    """Make a single record of the patch that expects none. Raises 428, 412 or 422."""
    conflict = version_conflict(expected, 0, {})
    if conflict is not None or not expected:
        raise conflict or Refusal(
            412, f"There is no such {collection.singular} yet.", headers={"ETag": '"0"'}
        )
    body = checked(collection.new_model, apply_patch({}, sent))
    record = making.make(work, collection, body.model_dump(), given=body.model_fields_set)
    return _answered(call, collection, record, work)


def _answered(
    call: Call, collection: Collection[M], record: M, work: Work, asked: Mapping[str, Any] | None = None
) -> Answer:
    """Answer a change with the record, or with what differs from how it was `asked` to be."""
    if call.prefers(RETURN_MINIMAL):
        return Answer(204, _headers(record, [RETURN_MINIMAL, *work.applied]))
    told, headers = shown(call, collection, record), _headers(record, work.applied)
    if asked is not None:
        told, headers = patch_between(asked, told), {**headers, "Content-Type": MERGE_PATCH}
    return Answer(200, headers, to_json(told))


def _headers(record: Record, applied: Sequence[str]) -> dict[str, str]:
    # No word to caches: none keeps the answer to a change (RFC 9111, section 3), and bytes count.
    headers = {"ETag": version_tag(record.version)}
    return headers | {"Preference-Applied": ", ".join(applied)} if applied else headers


def merged_members(collection: Collection[M], old: M, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Give the members that a patch sets: defaults for those it removes, objects merged and checked whole."""
    values = {
        name: _default(collection.model, name) if value is None else value for name, value in sent.items()
    }
    model = collection.objects_model
    patched = {name for name, value in sent.items() if isinstance(value, dict)}
    if model is not None and patched:
        before = old.to_json()
        merged = checked(model, {name: apply_patch(before.get(name), sent[name]) for name in patched})
        values |= merged.model_dump(include=patched)
    return values


def _refuse_hidden(call: Call, collection: Collection[Any], sent: set[str]) -> None:
    hidden = collection.hidden_members & sent
    if hidden and not call.actor.is_admin:
        raise Refusal(403, f"Only admins may set {', '.join(sorted(hidden))}.")


def _default(model: type[Record], name: str) -> Any:
    return model.model_fields[name].get_default(call_default_factory=True)
