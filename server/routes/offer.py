"""What one server offers of all that there is: its collections, but for features left out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from server.opening import CannotStart
from server.routes.collection import Collection
from server.routes.operation import Operation


def offered(
    collections: Sequence[Collection[Any]], without: str, others: Mapping[str, Sequence[Operation]]
) -> tuple[list[Collection[Any]], dict[str, Sequence[Operation]]]:
    """Give the collections, and the `others` that are none, but for those of the features in `without`.

    Commas stand between the names there.

    What belongs to a collection that is left out goes with it, and so does what would come along from it,
    and an action that takes a permission for it.
    Raises CannotStart for a name that is no feature, and for customers.
    """
    left_out = {name.strip().replace("-", "_") for name in without.split(",")} - {""}
    if not left_out:
        return list(collections), dict(others)
    known = [*feature_names(collections), *others]
    for name in sorted(left_out - set(known)) or sorted(left_out & {"customers"}):
        there = ", ".join(name for name in known if name != "customers")
        raise CannotStart(f"There is no feature {name!r} to leave out. There are: {there}.")
    gone = {f"{collection.path}:" for collection in collections if collection.features & left_out}
    left = [
        replace(
            collection,
            includes=_left(collection, left_out),
            actions=[
                action for action in collection.actions if not action.permission.startswith(tuple(gone))
            ],
        )
        for collection in collections
        if not collection.features & left_out
    ]
    return left, {name: found for name, found in others.items() if name not in left_out}


def feature_names(collections: Sequence[Collection[Any]]) -> list[str]:
    """Name the features of collections, each once, in their order."""
    return list(dict.fromkeys(collection.own_feature for collection in collections))


def _left(collection: Collection[Any], left_out: set[str]) -> dict[str, Any]:
    return {
        name: include
        for name, include in collection.includes.items()
        if include.collection is None or not include.collection.features & left_out
    }
