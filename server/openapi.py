"""The contract: OpenAPI 3.1 from the declarations of the routes. `python -m server.openapi` writes it."""

import argparse
import json
import sys
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from client.models import FieldProblem, Problem
from server.auth.actor import PERMISSIONS, SCOPES
from server.problems import PROBLEM, TITLES
from server.routes.call import JSON
from server.routes.collection import CUSTOMER
from server.routes.contract import EVERYWHERE, HEADERS, IDEMPOTENCY_KEY, PROBLEM_HEADERS
from server.routes.introduction import INTRODUCTION, TAGS
from server.routes.operation import Operation, Sent, Shown

Piece = dict[str, Any]

_REFERENCE: Final = "#/components/schemas/{model}"


def describe(app: FastAPI, operations: Sequence[Operation]) -> Piece:
    """Give the whole contract of an application: what FastAPI knows of it, and its operations."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary="Customer profiles for a desk where the phone still rings.",
        description=INTRODUCTION,
        routes=app.routes,
        tags=[{"name": name, "description": about} for name, about in _tags(operations).items()],
        license_info={"name": "MIT", "identifier": "MIT"},
        servers=[{"url": "/", "description": "This server"}],
    )
    for address in document["paths"].values():
        for found in address.values():
            _complete(found)
    paths: Piece = {}
    names = {operation.name for operation in operations}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, names)
    document["paths"] = {**paths, **document["paths"]}
    components = document.setdefault("components", {})
    known = {
        name: part for name, part in components.get("schemas", {}).items() if "ValidationError" not in name
    }
    components["schemas"] = dict(sorted({**known, **_schemas(operations)}.items()))
    components["responses"] = {name: _problem(status) for status, name in _problem_names().items()}
    components["headers"] = HEADERS
    components["parameters"] = {"IdempotencyKey": IDEMPOTENCY_KEY}
    components["securitySchemes"] = {"oauth2": _SCHEME}
    return document


def _tags(operations: Sequence[Operation]) -> dict[str, str]:
    """Describe the groups that operations are in: in words of their own, or as the first one begins."""
    found: dict[str, str] = {}
    for operation in operations:
        found.setdefault(operation.tag, operation.description.partition(". ")[0].rstrip(".") + ".")
    return TAGS | {name: about for name, about in found.items() if name not in TAGS}


_SCHEME: Final[Piece] = {
    "type": "oauth2",
    "description": "An opaque access token of a few minutes in `Authorization: Bearer` (RFC 6750), renewed "
    "by a refresh token that is good for one use.",
    "flows": {
        "password": {
            "tokenUrl": "/v1/oauth/token",
            "refreshUrl": "/v1/oauth/token",
            "scopes": dict(SCOPES),
        }
    },
}


def _operation(operation: Operation, names: Container[str]) -> Piece:
    """Describe an operation; its links lead to those of `names`."""
    described: Piece = {
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.description + _needed(operation.permission),
        "operationId": operation.name,
        "parameters": [*_query_parameters(operation), *operation.parameters],
        "security": _security(operation),
        "responses": _responses(operation, names),
    }
    if operation.sent is not None:
        described["requestBody"] = _body(operation.sent)
    return described


def _complete(found: Piece) -> None:
    """Add to an operation that FastAPI describes what every operation may answer."""
    names = _problem_names()
    refusals = {*EVERYWHERE, *((400, 413, 415, 422) if "requestBody" in found else ())}
    if "security" not in found:
        refusals -= {401, 403}
        found["security"] = []
    for status in sorted(refusals):
        own = found["responses"].get(str(status), {})
        if not own or "HTTPValidationError" in str(own):
            found["responses"][str(status)] = {"$ref": f"#/components/responses/{names[status]}"}


def _needed(permission: str) -> str:
    """Say which permission an operation needs, and who has it."""
    if not permission:
        return ""
    roles = ", ".join(role for role, granted in PERMISSIONS.items() if permission in granted)
    return f"\n\nPermission: `{permission}` ({roles})."


def _security(operation: Operation) -> list[Piece]:
    needed = [{"oauth2": [operation.permission] if operation.permission else []}]
    return [{}, *needed] if operation.open else needed


def _body(sent: Sent) -> Piece:
    if sent.model is None:
        return {"required": True, "content": {sent.media_type: {}}}
    content = {
        "schema": {"$ref": _REFERENCE.format(model=sent.model.__name__)},
        "example": dict(sent.example),
    }
    return {"required": True, "content": {sent.media_type: content}}


def _responses(operation: Operation, names: Container[str]) -> Piece:
    described: Piece = {str(status): _shown(shown, names) for status, shown in operation.answers.items()}
    refusals = set(EVERYWHERE)
    if not operation.permission:
        refusals.discard(403)
    refusals |= {*operation.refusals}
    if 404 in refusals and f"{{{CUSTOMER}}}" in operation.path:
        refusals.add(410)  # a customer who was merged into another one
    problems = _problem_names()
    for status in sorted(refusals):
        described[str(status)] = {"$ref": f"#/components/responses/{problems[status]}"}
    return described


def _shown(shown: Shown, names: Container[str]) -> Piece:
    described: Piece = {"description": shown.description}
    headers = (*shown.headers, "X-Request-Id")
    described["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    if shown.model is not None:
        schema: Piece = {"$ref": _REFERENCE.format(model=shown.model.__name__)}
        if shown.model is shown.trimmed:
            schema = _maybe_trimmed(schema, shown.model)
        described["content"] = {shown.media_type: {"schema": schema}}
        if shown.example is not None:
            described["content"][shown.media_type]["example"] = dict(shown.example)
        described["content"] |= shown.other_media_types
    elif shown.media_type != JSON:
        described["content"] = {shown.media_type: {}}
    links = {name: found for name, found in shown.links.items() if found["operationId"] in names}
    if links:
        described["links"] = links
    return described


def _maybe_trimmed(whole: Piece, model: type[BaseModel]) -> Piece:
    return {"anyOf": [whole, {"$ref": _REFERENCE.format(model=f"{model.__name__}Fields")}]}


def _trimmed_schema(model: type[BaseModel]) -> Piece:
    """Describe what is left of a record when `fields` names a few members."""
    place = _REFERENCE.format(model=model.__name__)
    return {
        "type": "object",
        "title": f"{model.__name__}Fields",
        "description": f"Some members of `{model.__name__}`: those that `fields` named, and the id.",
        "required": ["id"],
        "properties": {name: {"$ref": f"{place}/properties/{name}"} for name in model.model_fields},
    }


def _query_parameters(operation: Operation) -> Iterator[Piece]:
    if operation.query is None:
        return
    schema = operation.query.model_json_schema()
    for name, member in schema["properties"].items():
        member = dict(member)
        about = member.pop("description", "")
        member.pop("title", None)
        if member.get("default") in (None, "", []):
            member.pop("default", None)
        if "anyOf" in member:
            member = next(arm for arm in member["anyOf"] if arm.get("type") != "null")
        parameter: Piece = {"name": name, "in": "query", "description": about, "schema": member}
        if member.get("type") == "array":
            separated = name in operation.separated
            parameter |= {"style": "form", "explode": not separated}
            # `fields=` would name a member without a name.
            member |= {"minItems": 1} if separated else {}
        yield parameter


def _problem_names() -> dict[int, str]:
    return {
        status: "".join(word.capitalize() for word in code.split("_"))
        for status, (code, _, _) in TITLES.items()
    }


def _problem(status: int) -> Piece:
    code, title, sentence = TITLES[status]
    names = (*PROBLEM_HEADERS.get(status, ()), "X-Request-Id")
    example = {"type": "about:blank", "title": title, "status": status, "detail": sentence, "code": code}
    return {
        "description": f"{title}: {sentence}",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": {PROBLEM: {"schema": {"$ref": _REFERENCE.format(model="Problem")}, "example": example}},
    }


def _schemas(operations: Sequence[Operation]) -> Mapping[str, Piece]:
    models: dict[str, type[BaseModel]] = {"Problem": Problem, "FieldProblem": FieldProblem}
    for operation in operations:
        for shown in operation.answers.values():
            if shown.model is not None:
                models[shown.model.__name__] = shown.model
        if operation.sent is not None and operation.sent.model is not None:
            models[operation.sent.model.__name__] = operation.sent.model
    _, schema = models_json_schema(
        [(model, "validation") for model in models.values()], ref_template=_REFERENCE
    )
    found: Mapping[str, Piece] = schema["$defs"]
    schemas = {name: _without_empty_defaults(part) for name, part in found.items()}
    for operation in operations:
        for shown in operation.answers.values():
            if shown.trimmed is not None and shown.model is not None:
                schemas[f"{shown.trimmed.__name__}Fields"] = _trimmed_schema(shown.trimmed)
                if shown.trimmed is not shown.model:
                    items = {"$ref": _REFERENCE.format(model=shown.trimmed.__name__)}
                    members = schemas[shown.model.__name__]["properties"]
                    members["items"]["items"] = _maybe_trimmed(items, shown.trimmed)
        if operation.sent is not None and operation.sent.model is not None:
            _merge(schemas[operation.sent.model.__name__], operation.sent.more)
    return schemas


def _merge(schema: Piece, more: Mapping[str, Any]) -> None:
    """Add what the models cannot say."""
    for name, value in more.items():
        if isinstance(value, Mapping) and name in schema:
            _merge(schema[name], value)
        else:
            schema[name] = value


def _without_empty_defaults(schema: Piece) -> Piece:
    """Take out defaults that say nothing: nothing at all, which is not always a value that may be sent."""
    for member in schema.get("properties", {}).values():
        if member.get("default", 0) in (None, "", []):
            del member["default"]
    return schema


def written(document: Piece) -> str:
    """Give the contract as text, the same each time."""
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the contract to docs/openapi.json, or to another file."""
    from server.app import build_app
    from server.config import ServerSettings
    from server.store.database import Database

    parser = argparse.ArgumentParser(prog="python -m server.openapi", description=main.__doc__)
    parser.add_argument(
        "file", nargs="?", default="docs/openapi.json", help="where to; - for standard output"
    )
    file = parser.parse_args(arguments).file
    text = written(build_app(ServerSettings(), Database("sqlite://")).openapi())
    if file == "-":
        sys.stdout.write(text)
    else:
        Path(file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
