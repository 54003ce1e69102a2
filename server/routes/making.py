"""Making, changing and removing records with their rules and their history, inside one transaction.

Requests come here (see `writing`), and so do actions that write other records than their own.
"""

from collections.abc import Collection as Collected
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel

from client.models import Record
from server.routes import shelf
from server.routes.collection import Collection
from server.rules import history
from server.rules.work import Work
from server.store.ids import new_id

M = TypeVar("M", bound=Record)


def make(
    work: Work,
    collection: Collection[M],
    members: Mapping[str, Any],
    *,
    owners: Mapping[str, str] | None = None,
    given: Collected[str] | None = None,
) -> M:
    """Make a record of `members`, read-only ones among them, and give it as it is stored.

    `owners` are the ids of what it belongs to, where that is not what `work` is about; `given` names the
    members that somebody chose, where those are not all. Raises `Refusal`.
    """
    if owners is not None:
        work = replace(work, owners=owners)
    values = {"id": new_id(), "version": 1, "created_at": work.now, "updated_at": work.now, **members}
    parent_id = next(reversed(list(work.owners.values())), "")
    collection.rules.fill(work, values, parent_id)
    record = collection.model.model_validate(values)
    record = collection.rules.check(work, None, record, frozenset(members if given is None else given))
    representation = record.to_json()
    row = shelf.add(work, collection, record, representation)
    _remember(work, collection, None, record, {}, representation, "created")
    collection.rules.after(work, None, record, row)
    return record


def change(
    work: Work, collection: Collection[M], old: M, members: Mapping[str, Any], event: str = "changed"
) -> M:
    """Set `members` of a record and give it as it is then; one that stays as it was gets no new version.

    `event` is what the history calls it; empty: it is counted, not told, and gets no version either. Raises
    `Refusal`.
    """
    new = _checked(work, collection, old, members, frozenset(members))
    return old if new == old else _set(work, collection, old, new, event)


def become(
    work: Work,
    collection: Collection[M],
    old: M,
    members: Mapping[str, Any],
    event: str,
    *,
    given: frozenset[str],
    kept: Mapping[str, Any],
    told: Sequence[history.Change],
) -> M:
    """Set what a record becomes together with another one: always a new version with an entry of its own.

    `given` names the members that somebody chose; `kept` are members that rules would sign anew; `told`
    stands before the changes. Raises `Refusal`.
    """
    new = _checked(work, collection, old, members, given).model_copy(update=kept)
    return _set(work, collection, old, new, event, told)


def _checked(
    work: Work, collection: Collection[M], old: M, members: Mapping[str, Any], given: frozenset[str]
) -> M:
    plain = old.model_dump() | {name: _plain(value) for name, value in members.items()}
    return collection.rules.check(work, old, collection.model.model_validate(plain), given)


def _set(
    work: Work,
    collection: Collection[M],
    old: M,
    new: M,
    event: str,
    told: Sequence[history.Change] = (),
) -> M:
    if event:
        new = new.model_copy(update={"version": old.version + 1, "updated_at": work.now})
    before, after = old.to_json(), new.to_json()
    row = shelf.change(work, collection, old, new, before, after)
    if event:
        _remember(work, collection, old, new, before, after, event, told)
    collection.rules.after(work, old, new, row)
    return new


def remove(work: Work, collection: Collection[M], old: M) -> None:
    """Take a record away. Raises `Refusal` where it must stay."""
    collection.rules.check_removal(work, old)
    _remember(work, collection, old, None, old.to_json(), {}, "removed")
    collection.rules.after(work, old, None, {})
    shelf.remove(work, collection, old.id)


def give_way(work: Work, collection: Collection[M], old: M) -> None:
    """Take a record away because another one says the same: nothing forbids it and nothing follows."""
    _remember(work, collection, old, None, old.to_json(), {}, "removed")
    shelf.remove(work, collection, old.id)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value.model_dump() if isinstance(value, BaseModel) else value


def _remember(
    work: Work,
    collection: Collection[M],
    old: M | None,
    new: M | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    event: str,
    also: Sequence[history.Change] = (),
) -> None:
    """Write the history: what everyone may see, and apart from it what is for admins."""
    version, record_id = (
        max(before.get("version", 0), after.get("version", 0)),
        before.get("id") or after["id"],
    )
    of_itself = collection.path == "customers"
    if old is not None and new is not None:
        before, after = history.told_in_full(old), history.told_in_full(new)
    changes = history.differences(before, after) if after or collection.keeps_removed else []
    admin_only = any(collection.rules.admin_only(either) for either in (old, new) if either is not None)
    open_changes, hidden_changes = history.split(collection.hidden_members, [*also, *changes])
    for told, secret in ((open_changes, admin_only), (hidden_changes, True)):
        # Where nothing else changed, that something did is for admins too: the kind may say what.
        if told or (told is open_changes and not hidden_changes):
            history.record(
                work,
                f"{collection.path}.{event}",
                changes=told,
                version=version,
                # A removed customer's history goes with it; that it was removed stays.
                customer_id=work.customer_id or (record_id if of_itself and after else None),
                record_id="" if of_itself and after else record_id,
                admin_only=secret,
            )
