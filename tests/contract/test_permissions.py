"""Every operation of the contract for every role: who may, and who may not."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from server.auth.actor import PERMISSIONS
from server.routes import COLLECTIONS
from server.store.database import Database
from tests.desk import Desk, make_customer, open_desk

ROLES = (None, "viewer", "staff", "admin")
BY_DEVICE = {"/v1/oauth/device", "/device", "/device/request", "/device/decision"}
"""Where a terminal is signed in from another device: a code and a password, or a ticket, are the proof."""


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


async def _asked(
    client: httpx.AsyncClient, method: str, path: str, operation: dict[str, Any]
) -> httpx.Response:
    """Make a request without a body; of a stream without end only its beginning."""
    endless = "text/event-stream" in operation["responses"].get("200", {}).get("content", {})
    return await client.request("HEAD" if endless else method, path.replace("{", "").replace("}", ""))


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
            status = (await _asked(client, method, path, operation)).status_code
            refused = 401 if role is None else 403
            may = needed is None or (role is not None and (not needed or needed in PERMISSIONS[role]))
            expected = status not in (401, 403) if may else status == refused
            assert expected, f"{role}: {method} {path} answered {status}, it needs {needed}"
            checked += 1
    assert checked >= 45


async def test_only_signing_in_and_the_service_document_are_open_to_all(sqlite_database: Database) -> None:
    contract = open_desk(sqlite_database).app.openapi()
    open_paths = {path for _, path, operation in _operations(contract) if _permission(operation) is None}
    signing_in = {
        "/v1/oauth/token",
        "/v1/oauth/revoke",
        "/.well-known/oauth-authorization-server",
    } | BY_DEVICE
    portal = {"/v1/portal/confirm", "/v1/portal/sign-in"}
    assert open_paths == signing_in | portal | {"/v1/"}


async def test_a_viewer_changes_nothing(desk: Desk) -> None:
    async with desk.client("viewer") as viewer:
        for method, path, operation in _operations(desk.app.openapi()):
            if method in ("POST", "PATCH", "DELETE") and not operation["operationId"].startswith(
                (
                    "search",
                    "find",
                    "preview",
                    "get_tokens",
                    "revoke",
                    "change_own",
                    "check_own",
                    "confirm_portal",
                    "sign_in_to",
                    "begin_device",
                    "show_device",
                    "decide_device",
                )
            ):
                answer = await viewer.request(method, path.replace("{", "").replace("}", ""))
                assert answer.status_code == 403, (method, path)


def test_every_verb_and_action_of_every_collection_needs_a_word_of_its_own(sqlite_database: Database) -> None:
    contract = open_desk(sqlite_database).app.openapi()
    needed = {(method, path): _permission(operation) for method, path, operation in _operations(contract)}
    methods = {"list": "GET", "get": "GET", "create": "POST", "patch": "PATCH", "delete": "DELETE"}
    words = {"GET": "read", "POST": "write", "PATCH": "write", "DELETE": "delete"}
    for collection in COLLECTIONS:
        for verb in collection.verbs:
            place = collection.address if verb in ("list", "create") else collection.item_address
            word = f"{collection.path}:{words[methods[verb]]}"
            assert needed[methods[verb], place] == word, (verb, place)
        for action in collection.actions:
            own = action.permission or f"{collection.path}:write"
            assert needed["POST", f"{collection.item_address}/{action.name}"] == own, action.name
    writing = {place: word for place, word in needed.items() if place[0] != "GET" and not word}
    passwords = {"/v1/me/password", "/v1/me/password/check"}
    open_to_all = {"/v1/oauth/token", "/v1/oauth/revoke"} | passwords | BY_DEVICE
    assert {path for _, path in writing if not path.startswith("/v1/portal/")} <= open_to_all


@pytest.mark.parametrize("role", ["viewer", "staff", "admin"])
async def test_a_record_is_reached_through_its_own_customer_only(
    sqlite_database: Database, role: str
) -> None:
    desk = open_desk(sqlite_database)
    async with desk.client("admin") as admin, desk.client(role) as client:
        mine, other = await make_customer(admin), await make_customer(admin)
        reached = 0
        for collection in COLLECTIONS:
            if collection.parent is not None or not collection.of_customer or collection.single:
                continue
            made = await admin.post(
                f"/v1/customers/{mine.id}/{collection.path}", json=dict(collection.example)
            )
            if made.status_code != 201:
                continue
            reached += 1
            record = f"{other.id}/{collection.path}/{made.json()['id']}"
            headers = {"If-Match": "*", "Content-Type": "application/merge-patch+json"}
            for method in ("GET", "PATCH", "DELETE", "POST"):
                steps = [f"/{action.name}" for action in collection.actions] if method == "POST" else [""]
                for step in steps:
                    answer = await client.request(
                        method, f"/v1/customers/{record}{step}", content=b"{}", headers=headers
                    )
                    assert answer.status_code in (403, 404, 405, 415, 422), (method, record, answer.text)
                    assert answer.status_code != 422 or method == "POST", (method, record, answer.text)
            own = await admin.get(f"/v1/customers/{mine.id}/{collection.path}")
            assert made.json()["id"] in {one["id"] for one in own.json()["items"]}, collection.path
    assert reached >= 3
