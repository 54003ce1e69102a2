"""Saving a record that others may have changed meanwhile: nothing of anyone's is overwritten unseen."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from client.errors import Stale
from client.merge import Clash, changes, merge, patch_between
from client.models.base import Record

if TYPE_CHECKING:
    from client.collection import Answer, Collection

T = TypeVar("T", bound=Record)
Choose = Callable[[Sequence[Clash]], Awaitable[Mapping[str, Any] | None]]
"""Asks a person which value each clash shall have; gives values by pointer, or None to go on editing."""

MOST_ROUNDS = 5
"""How often in a row somebody else may be faster before we stop trying."""


@dataclass(frozen=True, slots=True)
class Saved(Generic[T]):
    """What came of a save."""

    record: T
    before: dict[str, Any]
    """The record as it was right before our change, as JSON."""
    merged: list[str] = field(default_factory=list)
    """Pointers of what others had changed meanwhile and what now stands beside our change."""
    fulfilled: str = ""
    """Which wish the server fulfilled besides."""
    waits: bool = False
    """Whether it waits for the link: the record is as it will be."""


async def save_merged(
    collection: "Collection[T, Any]",
    record_id: str,
    base: dict[str, Any],
    mine: dict[str, Any],
    choose: Choose,
    wish: str = "",
    idempotency_key: str = "",
) -> Saved[T] | None:
    """Save what `mine` changes of `base`; where others were faster, merge and ask only about real clashes.

    `base` and `mine` are records as JSON, `base` with its `version`. Gives None where the person chose to go
    on editing. `wish` is what the server may do besides (RFC 7240). `idempotency_key` is that of an earlier
    sending of the same, whose answer was lost. Raises CustomerApiError; after MOST_ROUNDS stale answers in a
    row, Stale.
    """
    merged_with: list[str] = []
    latest: T | None = None
    for _ in range(MOST_ROUNDS):
        patch = _without_server_fields(patch_between(base, mine))
        if not patch and latest is not None:
            return Saved(latest, base, merged_with)
        try:
            answer: Answer[T] = await collection.update(
                record_id,
                patch,
                version=base["version"],
                wish=wish,
                base=base,
                idempotency_key=idempotency_key,
            )
        except Stale as stale:
            if stale.current is None:
                raise
            latest = stale.current
            theirs = latest.to_json()
            resolved = await _resolved(base, mine, theirs, choose)
            if resolved is None:
                return None
            mine, merged_with = resolved, _beside(base, theirs, resolved)
            # What is sent next is another request.
            base, idempotency_key = theirs, ""
            continue
        return Saved(answer.value, base, merged_with, answer.fulfilled)
    raise Stale


async def _resolved(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any], choose: Choose
) -> dict[str, Any] | None:
    """Give what shall be saved over `theirs`, asking about clashes; None where the person goes on editing."""
    merged = merge(shared(base), shared(mine), shared(theirs))
    if not merged.clashes:
        return merged.value
    chosen = await choose(merged.clashes)
    return None if chosen is None else merged.resolved(chosen)


def _beside(base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]) -> list[str]:
    """Name what others changed of `base` and what we leave as they have it."""
    ours = {change.pointer for change in changes(shared(theirs), mine)}
    return [
        change.pointer
        for change in changes(base, theirs)
        if _told(change.pointer) and change.pointer not in ours
    ]


_SERVER_FIELDS = ("id", "version", "created_at", "updated_at", "number", "archived_at", "author", "author_id")


def _without_server_fields(patch: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in patch.items() if name not in _SERVER_FIELDS}


def shared(record: Mapping[str, Any]) -> dict[str, Any]:
    """Give what of a record people change: not what the server gives it."""
    return _without_server_fields(dict(record))


def _told(pointer: str) -> bool:
    return pointer.lstrip("/").split("/")[0] not in _SERVER_FIELDS
