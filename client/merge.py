"""The three-way merge of JSON records: pure functions, nothing is modified.

Members are merged one by one, lists of objects with an `id` item by item, lists of different words as sets,
and other lists as a whole. A null member and an absent one mean the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from client.patches import (
    EXCLUSIVE,
    FieldChange,
    JsonObject,
    apply_patch,
    are_items,
    changes,
    covers,
    escaped,
    flagged,
    patch_between,
    same,
)

__all__ = [
    "Clash",
    "FieldChange",
    "Merged",
    "apply_patch",
    "changes",
    "covers",
    "merge",
    "patch_between",
    "same",
]


@dataclass(frozen=True, slots=True)
class Clash:
    """One place that both sides changed, each in its own way. None stands for absent."""

    pointer: str
    """Where in the merged value: a JSON Pointer (RFC 6901)."""
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a merge."""

    value: dict[str, Any]
    """Both sides' changes; at a clash theirs, or the item that one side changed and the other removed."""
    clashes: tuple[Clash, ...]
    """What a person must decide."""

    def resolved(self, choices: Mapping[str, Any]) -> dict[str, Any]:
        """Give the value with what was chosen at the pointers of clashes; None removes."""
        value: Any = self.value
        # From the last to the first: a removed item moves only those behind it.
        for clash in reversed(self.clashes):
            if clash.pointer in choices:
                value = _placed(value, clash.pointer.split("/")[1:], choices[clash.pointer])
        return dict(value)


def merge(base: JsonObject, mine: JsonObject, theirs: JsonObject) -> Merged:
    """Merge two descendants of `base`: what only one side changed is taken, the rest is a clash."""
    clashes: list[Clash] = []
    value = _merge_objects(base, mine, theirs, "", clashes)
    return Merged(value, tuple(clashes))


def _merge_objects(
    base: JsonObject, mine: JsonObject, theirs: JsonObject, pointer: str, clashes: list[Clash]
) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for name in dict.fromkeys([*theirs, *mine]):
        value = _merge_values(
            base.get(name), mine.get(name), theirs.get(name), f"{pointer}/{escaped(name)}", clashes
        )
        if value is not None:
            merged[name] = value
    return merged


def _merge_values(base: Any, mine: Any, theirs: Any, pointer: str, clashes: list[Clash]) -> Any:
    if same(mine, theirs) or same(mine, base):
        return theirs
    if same(theirs, base):
        return mine
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return _merge_objects(base if isinstance(base, dict) else {}, mine, theirs, pointer, clashes)
    lists = [[] if side is None else side for side in (base, mine, theirs)]
    if all(isinstance(side, list) for side in lists):
        if all(map(_are_words, lists)):
            return _merge_words(*lists) or None
        if are_items(lists[0]) and are_items(lists[1], new_ones=True) and are_items(lists[2]):
            return _ItemMerge(lists[0], lists[1], lists[2], pointer, clashes).value() or None
    clashes.append(Clash(pointer, base, mine, theirs))
    return theirs


def _are_words(value: list[Any]) -> bool:
    return all(isinstance(word, str) for word in value) and len(set(value)) == len(value)


def _merge_words(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    removed = set(base) - set(mine)
    added = [word for word in mine if word not in base and word not in theirs]
    return [word for word in theirs if word not in removed] + added


class _ItemMerge:
    """Merges lists whose items are objects with ids; items of mine without an id are new."""

    def __init__(
        self,
        base: list[dict[str, Any]],
        mine: list[dict[str, Any]],
        theirs: list[dict[str, Any]],
        pointer: str,
        clashes: list[Clash],
    ) -> None:
        mine = _named_as_theirs(base, mine, theirs)
        self._sides = [
            {_key(index, item): item for index, item in enumerate(side)} for side in (base, mine, theirs)
        ]
        self._pointer = pointer
        self._clashes = clashes
        # A flag that every side gives to one item at most says which item of the list it is.
        self._choices = {flag: holders for flag in EXCLUSIVE if (holders := self._holders(flag)) is not None}

    def value(self) -> list[dict[str, Any]]:
        merged: dict[str, dict[str, Any]] = {}
        for key in self._order():
            base, mine, theirs = (self._unflagged(side.get(key)) for side in self._sides)
            item = self._merged(base, mine, theirs, f"{self._pointer}/{len(merged)}")
            if item is not None:
                merged[key] = item
        for flag, holders in self._choices.items():
            self._give_flag(flag, holders, merged)
        return list(merged.values())

    def _merged(
        self,
        base: dict[str, Any] | None,
        mine: dict[str, Any] | None,
        theirs: dict[str, Any] | None,
        pointer: str,
    ) -> dict[str, Any] | None:
        if mine is not None and theirs is not None:
            return _merge_objects(base or {}, mine, theirs, pointer, self._clashes)
        kept = theirs if mine is None else mine
        if base is None or kept is None:
            return kept
        if same(kept, base):
            return None
        self._clashes.append(Clash(pointer, base, mine, theirs))
        return kept

    def _order(self) -> list[str]:
        """Give theirs first and my new ones behind, unless mine alone put them in another order."""
        base, mine, theirs = self._sides
        first, second = theirs, mine
        if _common(mine, base) != _common(base, mine) and _common(theirs, base) == _common(base, theirs):
            first, second = mine, theirs
        return list(dict.fromkeys([*first, *second]))

    def _holders(self, flag: str) -> tuple[str | None, ...] | None:
        found = [[key for key, item in side.items() if flagged(item, flag)] for side in self._sides]
        return tuple(keys[0] if keys else None for keys in found) if max(map(len, found)) == 1 else None

    def _unflagged(self, item: dict[str, Any] | None) -> dict[str, Any] | None:
        if item is None or not any(flagged(item, flag) for flag in self._choices):
            return item
        return {name: value for name, value in item.items() if not (name in self._choices and value is True)}

    def _give_flag(
        self, flag: str, holders: tuple[str | None, ...], merged: dict[str, dict[str, Any]]
    ) -> None:
        base, mine, theirs = holders
        chosen = mine if theirs == base else theirs
        if mine not in (base, theirs) and theirs != base and mine in merged:
            if theirs in merged:
                pointer = f"{self._pointer}/{list(merged).index(mine)}/{flag}"
                self._clashes.append(Clash(pointer, True if mine == base else None, True, None))
            else:
                chosen = mine
        holder = next((key for key in (chosen, theirs, mine, base) if key in merged), None)
        if holder is not None and chosen is not None:
            merged[holder] = merged[holder] | {flag: True}


def _common(keys: Iterable[str], others: Mapping[str, Any]) -> list[str]:
    return [key for key in keys if key in others]


def _key(index: int, item: dict[str, Any]) -> str:
    return item.get("id") or f"\0{index}"


def _named_as_theirs(
    base: list[dict[str, Any]], mine: list[dict[str, Any]], theirs: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Find my new items among those that the other side added: a twin, or a save whose answer was lost."""
    known = {item["id"] for item in [*base, *mine] if item.get("id")}
    added = [item for item in theirs if item["id"] not in known]
    named: list[dict[str, Any]] = []
    for item in mine:
        twin = None if item.get("id") else next((other for other in added if _twins(item, other)), None)
        if twin is not None:
            added.remove(twin)
        named.append(item if twin is None else item | {"id": twin["id"]})
    return named


def _twins(mine: dict[str, Any], theirs: dict[str, Any]) -> bool:
    ignored = ("id", *EXCLUSIVE)
    return same(
        {name: value for name, value in mine.items() if name not in ignored},
        {name: value for name, value in theirs.items() if name not in ignored},
    )


def _placed(value: Any, steps: list[str], chosen: Any) -> Any:
    name, deeper = steps[0].replace("~1", "/").replace("~0", "~"), steps[1:]
    if isinstance(value, list):
        return _placed_in_list(value, int(name), deeper, chosen)
    result = dict(value)
    placed = _placed(result[name], deeper, chosen) if deeper else chosen
    if placed is None:
        result.pop(name, None)
    else:
        result[name] = placed
    return result


def _placed_in_list(value: list[Any], index: int, deeper: list[str], chosen: Any) -> list[Any]:
    if not deeper:
        if chosen is None:
            return value[:index] + value[index + 1 :]
        kept = {flag: True for flag in EXCLUSIVE if flagged(value[index], flag)}
        return [*value[:index], {**chosen, **kept}, *value[index + 1 :]]
    if deeper[0] in EXCLUSIVE and chosen is True:
        value = [{name: kept for name, kept in item.items() if name != deeper[0]} for item in value]
    return [*value[:index], _placed(value[index], deeper, chosen), *value[index + 1 :]]
