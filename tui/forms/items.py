"""Lists of parts in a record, such as the phones of a customer: pure functions on their JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from client.patches import same
from tui.forms.fields import fields_of

PRIMARY = "is_primary"


def lean(model: type[BaseModel], record: Mapping[str, Any]) -> dict[str, Any]:
    """Give a record without null members and without those that are the same when left out."""
    fields = fields_of(model)
    return {
        name: value
        for name, value in record.items()
        if value is not None
        and (name not in fields or fields[name].left_out is None or not same(value, fields[name].left_out))
    }


def with_one_primary(
    model: type[BaseModel], items: Sequence[Mapping[str, Any]], primary: int | None = None
) -> list[dict[str, Any]]:
    """Give the items with exactly one primary one: the wanted one, else the one it was, else the first."""
    if PRIMARY not in fields_of(model):
        return [dict(item) for item in items]
    if primary is None:
        primary = next((place for place, item in enumerate(items) if item.get(PRIMARY)), 0)
    return [
        {name: value for name, value in item.items() if name != PRIMARY}
        | ({PRIMARY: True} if place == primary else {})
        for place, item in enumerate(items)
    ]


def with_ids(mine: Any, theirs: Any) -> Any:
    """Give my items with the ids that the server has given to those that are otherwise the same."""
    if not isinstance(mine, list) or not isinstance(theirs, list):
        return mine
    taken = {item.get("id") for item in mine if isinstance(item, dict)}
    free = [item for item in theirs if isinstance(item, dict) and item.get("id") not in taken]
    result = []
    for item in mine:
        found = next((other for other in free if not item.get("id") and _alike(item, other)), None)
        if found is not None:
            free.remove(found)
        result.append(item | {"id": found["id"]} if found is not None else item)
    return result


def _alike(item: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    own = ("id", PRIMARY)
    return same(
        {name: value for name, value in item.items() if name not in own},
        {name: value for name, value in other.items() if name not in own},
    )
