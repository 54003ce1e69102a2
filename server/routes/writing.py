"""Changing a collection: make, change, remove, act - each in one transaction with its history."""

from collections.abc import Mapping
from typing import Any, TypeVar

from fastapi import Response
from pydantic_core import to_json
from sqlalchemy import Connection

from client.models import Record
from server.problems import Refusal, not_found
from server.routes import shelf
from server.routes.answer import Answer, version_tag
from server.routes.call import MERGE_PATCH, Call, version_conflict
from server.routes.collection import CUSTOMER, Action, Collection
from server.routes.idempotency import once
from server.routes.reading import require_customer, shown, without_hidden
from server.rules import history
from server.rules.work import Work
from server.store.ids import new_id

M = TypeVar("M", bound=Record)


async def create_record(call: Call, collection: Collection[Any]) -> Response:
    """Make a record: 201 with its address, its ETag and itself."""
    body = call.read(collection.new_model)
    _refuse_hidden(call, collection, body.model_fields_set)
    parent = _parent(call, collection)

    def make(connection: Connection) -> Answer:
        if collection.of_customer:
            require_customer(connection, parent)
        work = call.work(connection)
        values = {"id": new_id(), "version": 1, "created_at": work.now, "updated_at": work.now}
        values |= body.model_dump()
        collection.rules.fill(work, values, parent)
        record = collection.model.model_validate(values)
        record = collection.rules.check(work, None, record, frozenset(body.model_fields_set))
        representation = record.to_json()
        row = shelf.add(work, collection, record, representation, parent)
        _remember(work, collection, None, record, {}, representation, parent, "created")
        collection.rules.after(work, None, record, row)
        place = f"{call.request.url.path}/{record.id}"
        headers = {"ETag": version_tag(1), "Location": place, "Cache-Control": collection.cache}
        return Answer(201, headers, to_json(without_hidden(call, collection, representation)))

    return (await call.database.write(once(call, make))).response()


async def patch_record(call: Call, collection: Collection[Any]) -> Response:
    """Change a record by a merge patch (RFC 7396) that starts from the version in `If-Match`."""
    body = call.read(collection.patch_model, MERGE_PATCH)
    _refuse_hidden(call, collection, body.model_fields_set)
    sent = {
        name: _default(collection.model, name) if value is None else value
        for name, value in body.model_dump(exclude_unset=True).items()
    }
    record_id, parent = _place(call, collection)
    expected = call.expected_versions()

    def patch(connection: Connection) -> Answer:
        work = call.work(connection)
        old = _at_version(call, collection, work, record_id, parent, expected)
        return _changed(call, collection, work, old, sent, parent, "changed")

    return (await call.database.write(once(call, patch))).response()


async def delete_record(call: Call, collection: Collection[Any]) -> Response:
    """Remove a record: 204. `If-Match` is honoured, not demanded."""
    record_id, parent = _place(call, collection)
    expected = call.expected_versions() or frozenset()

    def remove(connection: Connection) -> Answer:
        work = call.work(connection)
        old = _at_version(call, collection, work, record_id, parent, expected)
        collection.rules.check_removal(work, old)
        _remember(work, collection, old, None, old.to_json(), {}, parent, "removed")
        collection.rules.after(work, old, None, {})
        shelf.remove(work, collection, old.id)
        return Answer(204)

    return (await call.database.write(remove)).response()


async def act_on_record(call: Call, collection: Collection[Any], action: Action[Any]) -> Response:
    """Do what an action does. Done already, it changes nothing. `If-Match` is honoured, not demanded."""
    record_id, parent = _place(call, collection)
    expected = call.expected_versions() or frozenset()

    def act(connection: Connection) -> Answer:
        work = call.work(connection)
        old = _at_version(call, collection, work, record_id, parent, expected)
        return _changed(call, collection, work, old, action.change(work, old), parent, action.event)

    return (await call.database.write(once(call, act))).response()


def _changed(
    call: Call,
    collection: Collection[M],
    work: Work,
    old: M,
    sent: Mapping[str, Any],
    parent: str,
    event: str,
) -> Answer:
    values = {name: getattr(old, name) for name in type(old).model_fields} | dict(sent)
    new = collection.rules.check(work, old, collection.model.model_validate(_plain(values)), frozenset(sent))
    if new != old:
        new = new.model_copy(update={"version": old.version + 1, "updated_at": work.now})
        before, after = old.to_json(), new.to_json()
        row = shelf.change(work, collection, old, new, before, after)
        _remember(work, collection, old, new, before, after, parent, event)
        collection.rules.after(work, old, new, row)
    headers = {"ETag": version_tag(new.version), "Cache-Control": collection.cache}
    if call.wants_little():
        return Answer(204, headers | {"Preference-Applied": "return=minimal"})
    return Answer(200, headers, to_json(shown(call, collection, new)))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [part.model_dump() if hasattr(part, "model_dump") else part for part in value]
        if isinstance(value, list)
        else value
        for name, value in values.items()
    }


def _remember(
    work: Work,
    collection: Collection[M],
    old: M | None,
    new: M | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    parent: str,
    event: str,
) -> None:
    """Write the history: what everyone may see, and apart from it what is for admins."""
    version, record_id = (
        max(before.get("version", 0), after.get("version", 0)),
        before.get("id") or after["id"],
    )
    of_itself = collection.path == "customers"
    changes = history.differences(before, after) if after or collection.keeps_removed else []
    admin_only = any(collection.rules.admin_only(either) for either in (old, new) if either is not None)
    open_changes, hidden_changes = history.split(collection.hidden_members, changes)
    for told, secret in ((open_changes, admin_only), (hidden_changes, True)):
        if told or told is open_changes:
            history.record(
                work,
                f"{collection.path}.{event}",
                changes=told,
                version=version,
                # A removed customer's history goes with it; that it was removed stays.
                customer_id=parent or (record_id if of_itself and after else None),
                record_id="" if of_itself and after else record_id,
                admin_only=secret,
            )


def _at_version(
    call: Call,
    collection: Collection[M],
    work: Work,
    record_id: str,
    parent: str,
    expected: frozenset[int] | None,
) -> M:
    """Give the record that is to be changed. Raises 404, 428 or 412."""
    if collection.of_customer:
        require_customer(work.connection, parent)
    old = shelf.lock(work.connection, collection, call.actor, record_id, parent)
    if old is None:
        raise not_found(collection.singular)
    conflict = version_conflict(expected, old.version, shown(call, collection, old))
    if conflict is not None:
        raise conflict
    return old


def _refuse_hidden(call: Call, collection: Collection[Any], sent: set[str]) -> None:
    hidden = collection.hidden_members & sent
    if hidden and not call.actor.is_admin:
        raise Refusal(403, f"Only admins may set {', '.join(sorted(hidden))}.")


def _place(call: Call, collection: Collection[Any]) -> tuple[str, str]:
    return call.place(collection.id_name, collection.singular), _parent(call, collection)


def _parent(call: Call, collection: Collection[Any]) -> str:
    return call.place(CUSTOMER, "customer") if collection.of_customer else ""


def _default(model: type[Record], name: str) -> Any:
    return model.model_fields[name].get_default(call_default_factory=True)
