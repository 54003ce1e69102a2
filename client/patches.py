"""Merge patches (RFC 7396), and what differs between two JSON records: pure functions.

A record is a JSON object without nulls: a member that is null and one that is absent mean the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

JsonObject = Mapping[str, Any]

EXCLUSIVE: Final = ("is_primary", "is_default")
"""Flags that at most one item of a list has."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field with its value before and after; None stands for absent."""

    pointer: str
    old: Any
    new: Any


def patch_between(base: JsonObject, target: JsonObject) -> dict[str, Any]:
    """Give the smallest merge patch that makes `target` of `base` (RFC 7396)."""
    patch: dict[str, Any] = {
        name: None for name in base if base[name] is not None and target.get(name) is None
    }
    for name, new in target.items():
        old = base.get(name)
        if new is not None and not same(old, new):
            deeper = isinstance(old, dict) and isinstance(new, dict)
            patch[name] = patch_between(old or {}, new) if deeper else new
    return patch


def apply_patch(value: Any, patch: Any) -> Any:
    """Give `value` changed as a merge patch says (RFC 7396, section 2)."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(value) if isinstance(value, Mapping) else {}
    for name, change in patch.items():
        if change is None:
            result.pop(name, None)
        else:
            result[name] = apply_patch(result.get(name), change)
    return result


def changes(base: JsonObject, target: JsonObject) -> list[FieldChange]:
    """Name every field that differs, in the order of the records; items with ids are found by their ids."""
    found: list[FieldChange] = []
    _compare(base, target, "", found)
    return found


def same(one: Any, other: Any) -> bool:
    """Say whether two JSON values are equal; unlike Python, JSON tells `true` from `1`."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def covers(want: Any, have: Any) -> bool:
    """Say whether `have` is what a server makes of `want`: equal but for ids and flags that it gives."""
    if not (isinstance(want, list) and isinstance(have, list)):
        return same(want, have)
    flags = [flag for flag in EXCLUSIVE if not any(flagged(item, flag) for item in want)]
    return len(want) == len(have) and all(
        same(asked, _as_asked(kept, asked, flags)) for asked, kept in zip(want, have, strict=True)
    )


def are_items(value: Any, *, new_ones: bool = False) -> TypeGuard[list[dict[str, Any]]]:
    """Say whether this is a list of objects with different ids; with `new_ones`, some may have none yet."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        return False
    ids = [item.get("id") or None for item in value]
    named = [item_id for item_id in ids if item_id is not None]
    return (
        all(isinstance(item_id, str) for item_id in named)
        and len(set(named)) == len(named)
        and (new_ones or len(named) == len(value))
    )


def flagged(item: Any, flag: str) -> bool:
    """Say whether an item of a list has a flag set."""
    return isinstance(item, Mapping) and item.get(flag) is True


def escaped(name: str) -> str:
    """Give a member's name as a step of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _as_asked(kept: Any, asked: Any, flags: list[str]) -> Any:
    if not (isinstance(kept, Mapping) and isinstance(asked, Mapping)):
        return kept
    given = [*flags, *([] if asked.get("id") else ["id"])]
    return {name: value for name, value in kept.items() if name in asked or name not in given}


def _compare(old: Any, new: Any, pointer: str, found: list[FieldChange]) -> None:
    if same(old, new):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys([*old, *new]):
            _compare(old.get(name), new.get(name), f"{pointer}/{escaped(name)}", found)
    elif are_items(old) and are_items(new, new_ones=True):
        before = {item["id"]: item for item in old}
        for index, item in enumerate(new):
            _compare(before.pop(item.get("id", ""), None), item, f"{pointer}/{index}", found)
        for index, item in enumerate(old):
            if item["id"] in before:
                found.append(FieldChange(f"{pointer}/{index}", item, None))
        if found == [] or not any(change.pointer.startswith(pointer) for change in found):
            found.append(FieldChange(pointer, old, new))
    else:
        found.append(FieldChange(pointer, old, new))
