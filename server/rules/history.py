"""The history: what changed, field by field, written in the transaction of the change."""

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import Dialect, insert, update

from client.models.base import Record
from server.rules.work import Work
from server.store.ids import new_id
from server.store.positions import next_position
from server.store.prepared import Prepared
from server.store.tables import events

_UNTOLD: Final = frozenset({"id", "version", "created_at", "updated_at", "number"})
"""Members that every change sets; the entry has them in other forms."""

Change = dict[str, Any]


def record(
    work: Work,
    kind: str,
    *,
    changes: Sequence[Change],
    version: int,
    customer_id: str | None = None,
    record_id: str = "",
    admin_only: bool = False,
) -> None:
    """Write one entry. With `admin_only`, nobody else ever sees it."""
    _insertion(work.connection.dialect).run(
        work.connection,
        {
            "id": new_id(),
            "customer_id": customer_id,
            "at": work.now,
            "actor_id": work.actor.id,
            "actor": work.actor.name,
            "kind": kind,
            "record_id": record_id,
            "version": version,
            "changes": changes,
            "visibility": "admin" if admin_only else "staff",
            "request_id": work.request_id,
        },
    )


def hide(work: Work, record_id: str) -> None:
    """Leave the entries about a record to admins from now on."""
    statement = update(events).where(events.c.record_id == record_id).values(visibility="admin")
    work.connection.execute(statement)


@lru_cache(maxsize=8)
def _insertion(dialect: Dialect) -> Prepared:
    placed = insert(events).values(position=next_position(dialect))
    return Prepared(placed, dialect, [column.name for column in events.columns if column.name != "position"])


def split(hidden: Container[str], changes: Sequence[Change]) -> tuple[list[Change], list[Change]]:
    """Part the changes that everyone may see from those of `hidden` members."""
    shown: list[Change] = []
    secret: list[Change] = []
    for change in changes:
        (secret if change["field"].split("/")[1] in hidden else shown).append(change)
    return shown, secret


def told_in_full(record: Record) -> dict[str, Any]:
    """Give a record as it travels, with the words that are left out there because they are the usual ones.

    So the history says from which state to which a booking went, not that it has none any more.
    """
    return {name: getattr(record, name) for name in _usual_words(type(record))} | record.to_json()


@cache
def _usual_words(model: type[Record]) -> tuple[str, ...]:
    """Name the members that are a word where nothing else is said, such as a state."""
    fields = model.model_fields.items()
    return tuple(name for name, field in fields if isinstance(field.default, str) and field.default)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Compare two representations; an absent value is left out of a change.

    Members of lists that have ids are followed by them; a pointer counts their place after the change, or
    before it where it is gone. Lists that were put in another order are told as a whole.
    """
    found: list[Change] = []
    for name in {**old, **new}:
        if name not in _UNTOLD:
            found.extend(_compare(f"/{name}", old.get(name), new.get(name)))
    return found


def _compare(pointer: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if _is_open(old) and _is_open(new):
        for name in {**old, **new}:
            yield from _compare(f"{pointer}/{name}", old.get(name), new.get(name))
        return
    if _has_ids(old) and _has_ids(new):
        yield from _compare_parts(pointer, old or [], new or [])
        return
    change: Change = {"field": pointer}
    if old not in (None, []):
        change["old"] = old
    if new not in (None, []):
        change["new"] = new
    yield change


def _is_open(value: Any) -> bool:
    """Say whether an object is told member by member. A quantity is one value with its unit."""
    return isinstance(value, dict) and not value.keys() & {"unit", "currency"}


def _has_ids(value: Any) -> bool:
    return value is None or (
        isinstance(value, list) and all(isinstance(part, dict) and "id" in part for part in value)
    )


def _compare_parts(pointer: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[Change]:
    before = {part["id"]: part for part in old}
    after = {part["id"] for part in new}
    if [part["id"] for part in old if part["id"] in after] != [
        part["id"] for part in new if part["id"] in before
    ]:
        # Places tell nothing where parts changed theirs.
        yield {"field": pointer, "old": old, "new": new}
        return
    for place, part in enumerate(old):
        if part["id"] not in after:
            yield {"field": f"{pointer}/{place}", "old": part}
    for place, part in enumerate(new):
        was = before.get(part["id"])
        if was is None:
            yield {"field": f"{pointer}/{place}", "new": part}
        else:
            for name in {**was, **part}:
                yield from _compare(f"{pointer}/{place}/{name}", was.get(name), part.get(name))
