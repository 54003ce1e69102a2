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


async def save_merged(
    collection: "Collection[T, Any]",
    record_id: str,
    base: dict[str, Any],
    mine: dict[str, Any],
    choose: Choose,
    wish: str = "",
) -> Saved[T] | None:
    """Save what `mine` changes of `base`; where others were faster, merge and ask only about real clashes.

    `base` and `mine` are records as JSON, `base` with its `version`. Gives None where the person chose to go
    on editing. `wish` is what the server may do besides (RFC 7240). Raises CustomerApiError; after
    MOST_ROUNDS stale answers in a row, Stale.
    """
    merged_with: list[str] = []
    latest: T | None = None
    for _ in range(MOST_ROUNDS):
        patch = _without_server_fields(patch_between(base, mine))
        if not patch and latest is not None:
            return Saved(latest, base, merged_with)
        try:
            answer: Answer[T] = await collection.update(
                record_id, patch, version=base["version"], wish=wish, base=base
            )
        except Stale as stale:
            if stale.current is None:
                raise
            latest = stale.current
            theirs = latest.to_json()
            merged = merge(_shared(base), _shared(mine), _shared(theirs))
            mine = merged.value
            if merged.clashes:
                chosen = await choose(merged.clashes)
                if chosen is None:
                    return None
                mine = merged.resolved(chosen)
            ours = {change.pointer for change in changes(_shared(theirs), mine)}
            merged_with = [
                change.pointer
                for change in changes(base, theirs)
                if _told(change.pointer) and change.pointer not in ours
            ]
            base = theirs
            continue
        return Saved(answer.value, base, merged_with, answer.fulfilled)
    raise Stale


_SERVER_FIELDS = ("id", "version", "created_at", "updated_at", "number", "archived_at", "author", "author_id")


def _without_server_fields(patch: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in patch.items() if name not in _SERVER_FIELDS}


def _shared(record: Mapping[str, Any]) -> dict[str, Any]:
    return _without_server_fields(dict(record))


def _told(pointer: str) -> bool:
    return pointer.lstrip("/").split("/")[0] not in _SERVER_FIELDS
