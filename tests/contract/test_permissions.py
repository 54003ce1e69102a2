"""Every operation of the contract for every role: who may, and who may not."""

from collections.abc import Iterator
from typing import Any

import pytest

from server.auth.actor import PERMISSIONS
from server.store.database import Database
from tests.desk import Desk, open_desk

ROLES = (None, "viewer", "staff", "admin")


def _operations(contract: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _permission(operation: dict[str, Any]) -> str | None:
    """Give the word that an operation needs, an empty one for any role, None where nobody must sign in."""
    security = operation.get("security", [])
    if not security or {} in security:
        return None
    words: list[str] = security[0]["oauth2"]
    return words[0] if words else ""


@pytest.mark.feature("F12.3")
@pytest.mark.parametrize("role", ROLES)
async def test_each_role_may_do_what_the_contract_says_and_no_more(
    sqlite_database: Database, role: str
) -> None:
    desk = open_desk(sqlite_database)
    checked = 0
    async with desk.client(role) as client:
        for method, path, operation in _operations(desk.app.openapi()):
            needed = _permission(operation)
            status = (await client.request(method, path.replace("{", "").replace("}", ""))).status_code
            refused = 401 if role is None else 403
            may = needed is None or (role is not None and (not needed or needed in PERMISSIONS[role]))
            expected = status not in (401, 403) if may else status == refused
            assert expected, f"{role}: {method} {path} answered {status}, it needs {needed}"
            checked += 1
    assert checked >= 45


async def test_only_signing_in_and_the_service_document_are_open_to_all(sqlite_database: Database) -> None:
    contract = open_desk(sqlite_database).app.openapi()
    open_paths = {path for _, path, operation in _operations(contract) if _permission(operation) is None}
    signing_in = {"/v1/oauth/token", "/v1/oauth/revoke", "/.well-known/oauth-authorization-server"}
    portal = {"/v1/portal/confirm", "/v1/portal/sign-in"}
    assert open_paths == signing_in | portal | {"/v1/"}


async def test_a_viewer_changes_nothing(desk: Desk) -> None:
    async with desk.client("viewer") as viewer:
        for method, path, operation in _operations(desk.app.openapi()):
            if method in ("POST", "PATCH", "DELETE") and not operation["operationId"].startswith(
                ("search", "find", "get_tokens", "revoke", "change_own", "confirm_portal", "sign_in_to")
            ):
                answer = await viewer.request(method, path.replace("{", "").replace("}", ""))
                assert answer.status_code == 403, (method, path)
