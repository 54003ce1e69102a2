"""Members of members: a field of an object inside a record is named by its path, `extra_contact/best_way`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from pydantic import BaseModel

from tui.forms.fields import FormField, fields_of


def inner_fields(model: type[BaseModel], name: str) -> dict[str, FormField]:
    """Give the fields of the object that a member of a model holds, by their paths."""
    annotation = model.model_fields[name].annotation
    inner = next(
        arm
        for arm in (annotation, *get_args(annotation))
        if isinstance(arm, type) and issubclass(arm, BaseModel)
    )
    return {
        f"{name}/{key}": replace(field, name=f"{name}/{key}")
        for key, field in fields_of(inner).items()
        if key != "id"
    }


def member(record: Mapping[str, Any], path: str, missing: Any = None) -> Any:
    """Give what stands at a path, `missing` where nothing does."""
    here: Any = record
    for step in path.split("/"):
        if not isinstance(here, Mapping) or step not in here:
            return missing
        here = here[step]
    return here


def with_member(record: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Give the record with another value at a path. None takes it away, and what is empty without it."""
    step, _, rest = path.partition("/")
    if rest:
        inner = record.get(step)
        value = with_member(inner if isinstance(inner, Mapping) else {}, rest, value) or None
    changed = {**record, step: value}
    if rest and value is None:
        del changed[step]
    return {name: kept for name, kept in changed.items() if "/" not in path or kept is not None}


def field_at(fields: Mapping[str, FormField], pointer: str) -> tuple[str, Sequence[str]]:
    """Give the field, "" for none, that a JSON Pointer leads to or into, and the steps beyond it."""
    steps = pointer.strip("/").split("/")
    for length in range(len(steps), 0, -1):
        name = "/".join(steps[:length])
        if name in fields:
            return name, steps[length:]
    return "", steps


def unknown_of(draft: Mapping[str, Any], fields: Mapping[str, FormField]) -> dict[str, dict[str, Any]]:
    """Give what a draft holds in fields of objects that are not among these."""
    found = {
        part: {
            name: value for name, value in draft.get(part, {}).items() if "/" in name and name not in fields
        }
        for part in ("values", "typed")
    }
    return {part: held for part, held in found.items() if held}
