"""The fields of a form, taken from the declarations of a model."""

import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from functools import cache
from typing import Any, Final, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from client.models.describing import descriptions
from client.models.kinds import CREATE_ONLY, WRITE_ONLY, Choice, Kind, Line, Paragraph, Reference
from client.models.money import Money
from client.models.secret import Secret
from client.models.written import initial_value, is_read_only, kind_of


class Control(Enum):
    """How a field is changed."""

    LINE = auto()
    """One line is typed."""
    PARAGRAPH = auto()
    """Several lines are typed."""
    CHOICE = auto()
    """One of a few words is picked."""
    REFERENCE = auto()
    """A record of another collection is picked."""
    YES_NO = auto()
    """It is switched over."""
    WORDS = auto()
    """Several words are typed, with commas between them."""
    ITEMS = auto()
    """Each item has a form of its own."""


@dataclass(frozen=True, slots=True)
class FormField:
    """What a form knows of one field."""

    name: str
    title: str
    help: str
    """What to know before typing; empty where the title says it all."""
    kind: Kind | None
    control: Control
    base_type: type
    """Type of the value in Python, without None: str, int, float, bool, date, datetime, Money, list."""
    item_model: type[BaseModel] | None
    initial: Any
    """JSON value of the field in a new record when nothing is said."""
    left_out: Any
    """JSON value that is the same as leaving the member out; None where it is never left out."""
    required: bool
    """Whether it cannot be empty."""
    read_only: bool
    create_only: bool
    write_only: bool
    """Whether it is never shown again, and never kept on disk."""

    @property
    def secret(self) -> bool:
        """Whether it is masked on the screen."""
        return isinstance(self.kind, Secret)

    @property
    def typed(self) -> bool:
        """Whether text is typed into it."""
        return self.control in (Control.LINE, Control.PARAGRAPH, Control.WORDS)


@cache
def fields_of(model: type[BaseModel]) -> Mapping[str, FormField]:
    """Give the fields of a model by name, in the order of their declaration."""
    described = descriptions(model)
    return {
        name: _field(name, info, info.description or described.get(name, ""))
        for name, info in model.model_fields.items()
    }


def lasting(fields: Mapping[str, FormField], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Give of what was typed, by field, that which may be kept on disk: no tokens, no passwords."""
    return {name: value for name, value in typed.items() if not fields[name].write_only}


def _field(name: str, info: FieldInfo, description: str) -> FormField:
    kind = kind_of(info)
    base_type, item = _types(info.annotation)
    initial = initial_value(info)
    must_be_said = initial is ...
    if must_be_said:
        initial = [] if base_type is list else "" if base_type is str else None
    return FormField(
        name=name,
        title=info.title or name.replace("_", " ").capitalize(),
        help=_help(description),
        kind=kind,
        control=_control(kind, base_type, item),
        base_type=base_type,
        item_model=item,
        initial=initial,
        left_out=None if info.is_required() else info.get_default(call_default_factory=True),
        required=must_be_said or (isinstance(kind, Line | Paragraph) and kind.required),
        read_only=is_read_only(info),
        create_only=CREATE_ONLY in info.metadata,
        write_only=WRITE_ONLY in info.metadata,
    )


def _types(annotation: Any) -> tuple[type, type[BaseModel] | None]:
    """Give the type of a value without None and, for a list of models, the model."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    if get_origin(annotation) is list:
        (item,) = get_args(annotation)
        is_model = isinstance(item, type) and issubclass(item, BaseModel)
        return list, item if is_model else None
    known = (str, bool, int, float, date, datetime, Money)
    return (annotation if annotation in known else object), None


def _control(kind: Kind | None, base_type: type, item: type[BaseModel] | None) -> Control:
    if item is not None:
        return Control.ITEMS
    if base_type is list:
        return Control.WORDS
    if base_type is bool:
        return Control.YES_NO
    for kind_type, control in _CONTROLS.items():
        if isinstance(kind, kind_type):
            return control
    return Control.LINE


_CONTROLS: Final = {
    Paragraph: Control.PARAGRAPH,
    Choice: Control.CHOICE,
    Reference: Control.REFERENCE,
}

_STANDARDS: Final = re.compile(r"\b(vCard|SCIM|TMF629|RFC|ISO|BCP|E\.164|IANA|WGS|UUID)\b")


def _help(description: str) -> str:
    """Give the first sentence of a description, unless it speaks of standards and not to a person."""
    sentence = re.split(r"(?<=\.)\s", description.strip(), maxsplit=1)[0]
    return "" if _STANDARDS.search(sentence) else sentence.replace("`", "")
