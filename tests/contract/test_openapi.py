"""The contract document: current, valid, and complete enough to build another server from."""

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from server.openapi import main

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    made = tmp_path_factory.mktemp("contract") / "openapi.json"
    main([str(made)])
    return json.loads(made.read_text())  # type: ignore[no-any-return]


def test_the_committed_contract_is_current(contract: dict[str, Any]) -> None:
    assert json.loads(COMMITTED.read_text()) == contract, "Run: python -m server.openapi"


def test_the_contract_is_openapi_3_1(contract: dict[str, Any]) -> None:
    assert contract["openapi"].startswith("3.1")
    validate(contract)


def test_every_operation_tells_all_that_can_come_of_it(contract: dict[str, Any]) -> None:
    names: set[str] = set()
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["operationId"] not in names, where
            names.add(operation["operationId"])
            assert operation["summary"], where
            assert operation["description"], where
            assert operation["tags"], where
            responses = operation["responses"]
            assert {"429", "500", "503"} <= set(responses), where
            if operation["security"] and {} not in operation["security"]:
                assert "401" in responses, where
            if "application/merge-patch+json" in operation.get("requestBody", {}).get("content", {}):
                assert {"400", "404", "412", "415", "422", "428"} <= set(responses), where
            for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
                assert "schema" in body or not media_type.endswith("json"), where


def test_examples_are_what_the_contract_describes(contract: dict[str, Any]) -> None:
    contents = [
        content
        for methods in contract["paths"].values()
        for operation in methods.values()
        for part in (operation.get("requestBody", {}), *operation["responses"].values())
        for content in part.get("content", {}).values()
    ]
    examples = [(content["schema"], content["example"]) for content in contents if "example" in content]
    assert len(examples) > 40
    for schema, example in examples:
        OAS31Validator(schema | {"components": contract["components"]}).validate(example)


def test_refusals_are_problems(contract: dict[str, Any]) -> None:
    for name, response in contract["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], name


def test_members_are_described(contract: dict[str, Any]) -> None:
    schemas = contract["components"]["schemas"]
    for name in ("Customer", "CustomerNew", "CustomerPatch", "LabelNew", "Note", "Event", "StaffPatch"):
        for member, described in schemas[name]["properties"].items():
            assert described.get("description") or described.get("title"), f"{name}.{member}"
