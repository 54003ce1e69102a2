"""The sentences under the members of a model, read from its source when somebody asks for them.

The contract and the hints of forms ask. Nobody else does, and reading them costs more than making the models.
"""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from typing import ClassVar

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class Described(BaseModel):
    """A model whose JSON Schema describes each member by the sentences that stand under it."""

    described_by: ClassVar[type[BaseModel] | None] = None
    """The model under whose members the sentences stand, where it is not this one."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler, /
    ) -> JsonSchemaValue:
        """Add the descriptions; one that a member was declared with stays."""
        schema = handler(core_schema)
        members = handler.resolve_ref_schema(schema).get("properties", {})
        for name, description in descriptions(cls.described_by or cls).items():
            if name in members:
                members[name].setdefault("description", description)
        return schema


@cache
def descriptions(model: type[BaseModel]) -> Mapping[str, str]:
    """Give what stands under each member of a model and of those it builds on."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        found |= _written_in(base.__module__).get(base.__qualname__, {})
    return found


@cache
def _written_in(module: str) -> Mapping[str, Mapping[str, str]]:
    """Give the descriptions in every class of a module's source, by qualified name."""
    try:
        source = inspect.getsource(sys.modules[module])
    except (KeyError, OSError, TypeError):
        return {}
    return dict(_classes(ast.parse(source), ""))


def _classes(
    node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, path: str
) -> Iterator[tuple[str, Mapping[str, str]]]:
    for inner in node.body:
        if isinstance(inner, ast.ClassDef):
            yield path + inner.name, dict(_members(inner))
            yield from _classes(inner, f"{path}{inner.name}.")
        elif isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _classes(inner, f"{path}{inner.name}.<locals>.")


def _members(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for member, below in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(member, ast.AnnAssign)
            and isinstance(member.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            yield member.target.id, inspect.cleandoc(below.value.value)
