"""Live changes: everyone hears what concerns them, once committed, in order, and nobody misses any."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, insert

from server.live.feed import after
from server.store.clock import now
from server.store.database import Database
from server.store.positions import next_position, settled
from server.store.tables import events
from tests.desk import MERGE_PATCH, PASSWORD
from tests.fixtures import Template
from tests.live import LiveServer, live
from tests.server.following import following
from tests.server.serving import add_admin, served

pytestmark = pytest.mark.feature("F9.4")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    kind = "sqlite_template" if request.param == "sqlite" else "postgres_template"
    template: Template = request.getfixturevalue(kind)
    with live(template.copy(tmp_path_factory.mktemp("following"))) as server:
        yield server


def made(server: LiveServer, **members: Any) -> dict[str, Any]:
    with server.client() as client:
        answer = client.post("/v1/customers", json={"given_name": "Joanna"} | members)
        assert answer.status_code == 201, answer.text
        return answer.json()  # type: ignore[no-any-return]


def changed(server: LiveServer, customer: dict[str, Any], role: str = "staff", **members: Any) -> None:
    with server.client(role) as client:
        headers = MERGE_PATCH | {"If-Match": "*"}
        client.patch(f"/v1/customers/{customer['id']}", json=members, headers=headers).raise_for_status()


def noted(server: LiveServer, customer: dict[str, Any], role: str = "staff", **members: Any) -> None:
    with server.client(role) as client:
        note = {"body": "a secret"} | members
        client.post(f"/v1/customers/{customer['id']}/notes", json=note).raise_for_status()


async def test_a_change_is_told_at_once_and_without_a_word_about_the_person(server: LiveServer) -> None:
    customer = made(server)
    async with following(server, "viewer") as stream:
        began = time.monotonic()
        await asyncio.to_thread(changed, server, customer, given_name="Zebulon")
        await asyncio.to_thread(noted, server, customer)
        hints = await stream.until(2)
        assert time.monotonic() - began < 3
        assert hints == [
            {"customer_id": customer["id"], "version": 2, "kind": "customers.changed"},
            {"customer_id": customer["id"], "version": 1, "kind": "notes.created"},
        ]
        assert b"Zebulon" not in stream.raw
        assert b"secret" not in stream.raw
        assert len(stream.raw) < 400


async def test_who_comes_again_with_the_last_id_hears_first_what_was_missed(server: LiveServer) -> None:
    customer, other = made(server), made(server)
    async with following(server) as stream:
        known = stream.last_id
    for name in ("A", "B", "C"):
        changed(server, customer, given_name=name)
        changed(server, other, given_name=name)
    async with following(server, last_event_id=known, customers=customer["id"]) as stream:
        await stream.until(3)
        await asyncio.to_thread(changed, server, customer, given_name="D")
        hints = await stream.until(4)
        assert [(hint["customer_id"], hint["version"]) for hint in hints] == [
            (customer["id"], version) for version in (2, 3, 4, 5)
        ]
    async with following(server, last_event_id=stream.last_id) as again:
        await asyncio.sleep(0.3)
        assert again.hints == []


async def test_what_is_for_admins_is_hinted_to_admins_only(server: LiveServer) -> None:
    customer = made(server)
    async with following(server, "staff") as staff, following(server, "admin") as admin:
        await asyncio.to_thread(noted, server, customer, "admin", visibility="admin")
        await asyncio.to_thread(noted, server, customer, "admin")
        assert len(await admin.until(2)) == 2
        assert len(await staff.until(1)) == 1
    with server.client("staff") as client, server.client("admin") as boss:
        page = {"since": str(int(staff.last_id) - 2)}
        assert len(boss.get("/v1/changes", params=page).json()["items"]) >= len(
            client.get("/v1/changes", params=page).json()["items"]
        )


async def test_accounts_are_not_hinted_to_those_who_may_not_see_them(server: LiveServer) -> None:
    customer = made(server)
    async with following(server, "viewer") as viewer, following(server, "admin") as admin:
        with server.client("admin") as client:
            given = {"login": f"new{time.time_ns()}", "name": "New", "role": "viewer"}
            (await asyncio.to_thread(client.post, "/v1/staff", json=given)).raise_for_status()
        await asyncio.to_thread(changed, server, customer, given_name="X")
        assert [hint["kind"] for hint in await admin.until(2)] == ["staff.created", "customers.changed"]
        assert [hint["kind"] for hint in await viewer.until(1)] == ["customers.changed"]


async def test_a_removed_customer_is_told_by_id(server: LiveServer) -> None:
    customer = made(server, status="inactive")
    async with following(server, customers=customer["id"]) as stream:
        with server.client() as client:
            await asyncio.to_thread(client.delete, f"/v1/customers/{customer['id']}")
        (hint,) = await stream.until(1)
        assert (hint["customer_id"], hint["kind"]) == (customer["id"], "customers.removed")


async def test_signing_out_ends_the_stream(server: LiveServer) -> None:
    form = {"grant_type": "password", "username": "staff", "password": PASSWORD}
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        tokens = (await client.post("/v1/oauth/token", data=form)).json()
        async with following(server, token=tokens["access_token"]) as stream:
            await client.post("/v1/oauth/revoke", data={"token": tokens["refresh_token"]})
            await stream.end(3)


async def test_a_person_has_a_bounded_number_of_streams(server: LiveServer) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(following(server, "viewer"))
        with server.client("viewer") as client:
            refused = await asyncio.to_thread(client.get, "/v1/events")
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
            assert refused.headers["Retry-After"]
    async with following(server, "viewer"):
        pass


def test_those_who_cannot_stream_ask_for_the_list(server: LiveServer) -> None:
    with server.client() as client:
        begun = client.get("/v1/changes").json()
        assert "items" not in begun
        customer = made(server)
        for name in ("A", "B", "C"):
            changed(server, customer, given_name=name)
        since, seen = begun["cursor"], []
        for _ in range(4):
            page = client.get("/v1/changes", params={"since": since, "limit": 1}).json()
            seen += page.get("items", [])
            since = page["cursor"]
            assert page.get("more", False) == (len(seen) < 4)
        assert [(hint["kind"], hint["version"]) for hint in seen] == [
            ("customers.created", 1),
            *(("customers.changed", version) for version in (2, 3, 4)),
        ]
        assert "items" not in client.get("/v1/changes", params={"since": since}).json()
        refused = client.get("/v1/changes", params={"since": "abc"})
        assert (refused.status_code, refused.json()["code"]) == (404, "unknown_cursor")
        headers = {"Last-Event-ID": "one that was never given"}
        refused = client.get("/v1/events", headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (404, "unknown_cursor")


def test_head_leaves_no_stream_behind(server: LiveServer) -> None:
    with server.client("admin") as client:
        for _ in range(12):
            assert client.head("/v1/events").status_code == 200


async def test_a_transaction_that_ends_late_is_not_skipped(postgres_database: Database) -> None:
    """The one that began first commits last: its entry has the smaller number and becomes visible later."""

    def write(name: str) -> Any:
        def work(connection: Connection) -> None:
            row = {"id": name, "at": now(), "kind": "customers.changed", "record_id": name, "changes": []}
            connection.execute(insert(events).values(position=next_position(connection.dialect), **row))

        return work

    start = await postgres_database.read(settled)
    begun, may_end = threading.Event(), threading.Event()

    def slowly(connection: Connection) -> None:
        write("first")(connection)
        begun.set()
        may_end.wait(10)

    slow = asyncio.create_task(postgres_database.write(slowly))
    await asyncio.to_thread(begun.wait, 10)
    await postgres_database.write(write("second"))
    early = await postgres_database.read(lambda connection: after(connection, start, 10))
    assert (early.entries, early.unsettled) == ([], True)
    may_end.set()
    await slow
    late = await postgres_database.read(lambda connection: after(connection, early.position, 10))
    assert len(late.entries) == 2
    assert not late.unsettled


def test_a_transaction_is_told_as_a_whole(database: Database) -> None:

    start = database.read_now(settled)
    placed = insert(events).values(position=next_position(database.engine.dialect))
    for group in range(3):
        rows = [
            {"id": f"{group}-{place}", "at": now(), "kind": "customers.changed", "changes": []}
            for place in range(7)
        ]
        database.write_now(partial(Connection.execute, statement=placed, parameters=rows))
    seen, position, more = 0, start, True
    while more:
        batch = database.read_now(partial(after, position=position, most=10))
        seen, position, more = seen + len(batch.entries), batch.position, batch.more
        assert batch.entries
    assert seen == 21


async def test_two_processes_hear_each_other(postgres_template: Template, tmp_path: Path) -> None:
    url = postgres_template.copy(tmp_path)
    add_admin(url)
    with served(url, tmp_path) as one, served(url, tmp_path) as two:
        form = {"grant_type": "password", "username": "anna", "password": "a few words in a row"}
        async with httpx.AsyncClient(base_url=one.url, trust_env=False) as client:
            tokens = (await client.post("/v1/oauth/token", data=form)).json()
        there = LiveServer(two.url, {"admin": tokens["access_token"]}, url)
        here = LiveServer(one.url, {"staff": tokens["access_token"]}, url)
        async with following(there, "admin") as stream:
            await asyncio.sleep(0.3)
            began = time.monotonic()
            await asyncio.to_thread(made, here)
            assert [hint["kind"] for hint in await stream.until(1)] == ["customers.created"]
            assert time.monotonic() - began < 2.5  # told, not found by looking
            two.process.terminate()
            await stream.end(3)
            assert await asyncio.to_thread(two.process.wait, 5) == 0
