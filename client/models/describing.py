"""The sentences under the members of a model, read from its source when somebody asks for them.

The contract and the hints of forms ask. Nobody else does, and reading them costs more than making the models.
"""

import re
import sys
from collections.abc import Mapping
from functools import cache
from inspect import cleandoc
from itertools import pairwise
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
        if issubclass(base, Described):
            found |= _members(_source_of(base))
    return found


def sentences_under(described: type) -> dict[str, str]:
    """Give what stands under each member of any class that stands on its own in a module."""
    return _members(_source_of(described))


def _source_of(model: type) -> str:
    """Give the text of a class that stands on its own in a module; empty for any other.

    One class at a time: a syntax tree of a whole module takes megabytes that are never given back.
    """
    from importlib.abc import InspectLoader

    loader = getattr(sys.modules.get(model.__module__), "__loader__", None)
    if "." in model.__qualname__ or not isinstance(loader, InspectLoader):
        return ""
    try:
        source = loader.get_source(model.__module__) or ""
    except (ImportError, OSError):
        return ""
    found = re.search(rf"^class {model.__name__}\b.*?(?=^[^\s)]|\Z)", source, re.MULTILINE | re.DOTALL)
    return found[0] if found else ""


def _members(source: str) -> dict[str, str]:
    import ast

    found: dict[str, str] = {}
    for node in ast.parse(source).body:
        body = node.body if isinstance(node, ast.ClassDef) else []
        for member, below in pairwise(body):
            if (
                isinstance(member, ast.AnnAssign)
                and isinstance(member.target, ast.Name)
                and isinstance(below, ast.Expr)
                and isinstance(below.value, ast.Constant)
                and isinstance(below.value.value, str)
            ):
                found[member.target.id] = cleandoc(below.value.value)
    return found
