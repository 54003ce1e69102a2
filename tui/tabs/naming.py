"""Fields and values of any record as people read them, from the model's own declarations."""

import types
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from client import models
from client.models.base import Model
from client.models.kinds import LANGUAGE, Choice, Day, Phone, Reference
from client.models.written import kind_of
from tui.forms.formats import Formats

_CALLED: Mapping[str, str] = MappingProxyType(
    {"payments": "MembershipPayment", "services": "OfferedService", "tax": "CustomerTax"}
)
"""Models that are not called like one record of their collection."""
_UNNAMED: Mapping[str, str] = MappingProxyType({})


def one_of(collection: str) -> str:
    """Give the singular of a collection's name: `reply`, `branch`, `payment method`."""
    words = collection.replace("-", " ")
    for plural, singular in (("ies", "y"), ("ches", "ch"), ("s", "")):
        if words.endswith(plural):
            return words.removesuffix(plural) + singular
    return words


def model_of(collection: str) -> type[BaseModel]:
    """Give the model of a collection's records; of one that is not known here, a model without fields."""
    usual = "".join(word.capitalize() for word in one_of(collection).split())
    found = getattr(models, _CALLED.get(collection, usual), None)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else Model


def field_name(model: type[BaseModel], pointer: str) -> str:
    """Give the name of the field that a JSON Pointer into a record points to, such as `Phone 2, Kind`.

    List items are counted from one; an id in the place of an index is left out.
    """
    names: list[str] = []
    inside: FieldInfo | None = None
    for step, field in _walk(model, pointer):
        if field is not None:
            names.append(field.title or step)
        elif inside is not None and get_origin(inside.annotation) is dict:
            # Values by name: the name says it.
            names[-1] = step.replace("_", " ").capitalize()
        elif step.isdigit() and names:
            names[-1] += f" {int(step) + 1}"
        inside = field
    return ", ".join(names) or pointer.strip("/")


def value_text(
    model: type[BaseModel], pointer: str, value: Any, formats: Formats, names: Mapping[str, str] = _UNNAMED
) -> str:
    """Give the value at a pointer as people read it; "" where there is none.

    `names` says what records are called, by their ids.
    """
    field = _field_at(model, pointer)
    if isinstance(value, str) and value in names and isinstance(kind_of(field) if field else None, Reference):
        return names[value]
    return _shown(value, field, formats)


def referred_to(model: type[BaseModel], pointer: str) -> str:
    """Give the collection whose records a field points to; "" where it points to none."""
    field = _field_at(model, pointer)
    kind = kind_of(field) if field is not None else None
    return kind.collection if isinstance(kind, Reference) else ""


def _field_at(model: type[BaseModel], pointer: str) -> FieldInfo | None:
    return next((field for _, field in reversed(list(_walk(model, pointer))) if field is not None), None)


def _shown(value: Any, field: FieldInfo | None, formats: Formats) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_shown(item, field, formats) for item in value)
    if isinstance(value, dict) and set(value) == {"amount", "currency"}:
        return formats.money(str(value["amount"]), str(value["currency"]))
    if isinstance(value, dict):
        part = _model_in(field.annotation) if field is not None else None
        shown = [
            _shown(inner, part.model_fields.get(name) if part else None, formats)
            for name, inner in value.items()
            if name not in ("id", "latitude", "longitude") and inner is not False
        ]
        return " ".join(text for text in shown if text and text != "yes")
    kind = kind_of(field) if field is not None else None
    if isinstance(kind, Choice):
        return Formats.words(str(value))
    if kind == LANGUAGE:
        return formats.language_name(str(value))
    if isinstance(kind, Phone) or (isinstance(value, str) and value.startswith("+") and value[1:].isdigit()):
        return formats.phone(value)
    with suppress(ValueError):
        if isinstance(kind, Day) or (
            field is not None and date in (field.annotation, *get_args(field.annotation))
        ):
            return formats.day(date.fromisoformat(str(value)))
        if field is not None and datetime in (field.annotation, *get_args(field.annotation)):
            return formats.moment(datetime.fromisoformat(str(value)))
    return str(value)


def _walk(model: type[BaseModel], pointer: str) -> Iterator[tuple[str, FieldInfo | None]]:
    here: type[BaseModel] | None = model
    for raw in pointer.strip("/").split("/"):
        step = raw.replace("~1", "/").replace("~0", "~")
        field = here.model_fields.get(step) if here is not None else None
        yield step, field
        if field is not None:
            here = _model_in(field.annotation)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (list, Union, types.UnionType):
        return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
    return None
