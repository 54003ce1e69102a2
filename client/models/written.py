"""From a model as it is read, the models as they are written: one to create, one to patch.

The field declarations of the read model are the only ones: kinds become checks, read-only members
disappear, `Initially` becomes a default, and in a patch every member may be left out.
"""

import types
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, create_model
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from client.models.describing import Described
from client.models.kinds import CREATE_ONLY, READ_ONLY, Initially, Kind, Refused


class Checked:
    """Annotation that runs a kind's check after pydantic's own, and puts its schema into the contract."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        inner = core_schema.no_info_after_validator_function(self._check, handler(source))
        if type(self.kind).take is Kind.take:
            return inner
        return core_schema.no_info_before_validator_function(self._take, inner)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(schema) | self.kind.schema()

    def _check(self, value: Any) -> Any:
        return _told(self.kind.check, value)

    def _take(self, value: Any) -> Any:
        return _told(self.kind.take, value)


def _told(check: Callable[[Any], Any], value: Any) -> Any:
    try:
        return check(value)
    except Refused as refused:
        # The sentence is passed as context, never as the template: it may contain braces.
        raise PydanticCustomError(refused.code, "{sentence}", {"sentence": refused.sentence}) from None


def kind_of(field: FieldInfo) -> Kind | None:
    """Give the kind that a field was declared with."""
    return next((item for item in field.metadata if isinstance(item, Kind)), None)


def is_read_only(field: FieldInfo) -> bool:
    """Say whether the server alone sets this field."""
    return READ_ONLY in field.metadata


def writable_fields(model: type[BaseModel], *, patch: bool = False) -> Iterator[tuple[str, FieldInfo]]:
    """Name the fields that a client may send, in order; for a patch without those set only at creation."""
    for name, field in model.model_fields.items():
        if not is_read_only(field) and not (patch and CREATE_ONLY in field.metadata):
            yield name, field


def initial_value(field: FieldInfo) -> Any:
    """Give what a new record gets in this field when nothing is said; `...` where something must be said."""
    given = next((item for item in field.metadata if isinstance(item, Initially)), None)
    if given is not None:
        return given.value
    return ... if field.is_required() else field.get_default(call_default_factory=True)


@cache
def new_model(model: type[BaseModel]) -> type[BaseModel]:
    """Give the model of a create request. Unknown members are refused."""
    fields: dict[str, Any] = {}
    for name, field in writable_fields(model):
        fields[name] = (_written_type(field), _described(field, initial_value(field)))
    about = f"What is sent to make a {model.__name__.lower()}."
    return _made(model, f"{model.__name__}New", about, fields)


@cache
def patch_model(model: type[BaseModel]) -> type[BaseModel]:
    """Give the model of a merge patch (RFC 7396): every member optional, `null` removes an optional one.

    A member that is an object is a patch itself; `objects_model` checks it once it is merged.
    """
    about = f"What is sent to change a {model.__name__.lower()} (RFC 7396)."
    fields = dict(writable_fields(model, patch=True))
    return _made(model, f"{model.__name__}Patch", about, _patched(fields))


@cache
def objects_model(model: type[BaseModel]) -> type[BaseModel] | None:
    """Give the model of those members that are objects, as they must be after a patch; None without any."""
    fields: dict[str, Any] = {
        name: (_written_type(field), _described(field, None))
        for name, field in writable_fields(model, patch=True)
        if _is_object(field.annotation)
    }
    return _made(model, f"{model.__name__}Objects", "", fields) if fields else None


@cache
def _part_patch(model: type[BaseModel]) -> type[BaseModel]:
    """Give the model of a patch of a model that is part of another one."""
    return _made(model, f"{model.__name__}PartPatch", model.__doc__ or "", _patched(model.model_fields))


def _patched(fields: Mapping[str, FieldInfo]) -> dict[str, Any]:
    patched: dict[str, Any] = {}
    for name, field in fields.items():
        kind = _patched_object(field.annotation) if _is_object(field.annotation) else _written_type(field)
        if not field.is_required():
            kind = kind | None
        patched[name] = (kind, _described(field, None))
    return patched


def _arms(annotation: Any) -> tuple[Any, ...]:
    union = get_origin(annotation) in (Union, types.UnionType)
    return get_args(annotation) if union else (annotation,)


def _is_object(annotation: Any) -> bool:
    """Say whether a member is a JSON object: a model, or values by name."""
    return any(
        get_origin(arm) is dict or (isinstance(arm, type) and issubclass(arm, BaseModel))
        for arm in _arms(annotation)
    )


def _patched_object(annotation: Any) -> Any:
    """Give what a patch may hold for a member that is an object."""
    found: list[Any] = []
    for arm in _arms(annotation):
        if get_origin(arm) is dict:
            _, value = get_args(arm)
            found.append(dict.__class_getitem__((str, Union[value, None])))  # noqa: UP007 - built at run time
        else:
            model = isinstance(arm, type) and issubclass(arm, BaseModel)
            found.append(_part_patch(arm) if model else arm)
    return Union[tuple(found)]  # noqa: UP007 - built at run time


@cache
def _part_model(model: type[BaseModel]) -> type[BaseModel]:
    """Give the written form of a model that is part of another one."""
    fields: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        fields[name] = (_written_type(field), _described(field, initial_value(field)))
    return _made(model, f"{model.__name__}Part", model.__doc__ or "", fields)


class Written(Described):
    """Base of all that is sent. Members that are not known are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _made(model: type[BaseModel], name: str, about: str, fields: Mapping[str, Any]) -> type[BaseModel]:
    """Make a model as it is sent, whose members are described as those of the model that is read."""
    made = create_model(name, __base__=Written, __doc__=about, **fields)
    made.described_by = model
    return made


def _described(field: FieldInfo, default: Any) -> Any:
    return Field(default, title=field.title, description=field.description, examples=field.examples)


def _written_type(field: FieldInfo) -> Any:
    kind = kind_of(field)
    written = _parts(field.annotation)
    if kind is None:
        return written
    optional = get_origin(written) in (Union, types.UnionType)
    if not optional:
        return Annotated[written, Checked(kind)]
    present = tuple(arm for arm in get_args(written) if arm is not type(None))
    return Annotated[Union[present], Checked(kind)] | None  # noqa: UP007 - built at run time


def _parts(annotation: Any) -> Any:
    """Give an annotation with every model inside it replaced by its written form."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _part_model(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (list, dict):
        return origin[tuple(_parts(argument) for argument in arguments)]
    if origin in (Union, types.UnionType):
        return Union[tuple(_parts(argument) for argument in arguments)]  # noqa: UP007
    return annotation
