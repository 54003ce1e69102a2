"""Bulk work: many customers in one request, each by itself, each refusal named."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from client.models import Customer
from server.store import tables
from server.store.database import Database
from tests.desk import make_customer

Api = Callable[..., Awaitable[httpx.AsyncClient]]

pytestmark = pytest.mark.feature("F1.8")


async def _bulk(client: httpx.AsyncClient, key: str = "", **body: Any) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await client.post("/v1/customers/bulk", json=body, headers=headers)


async def _full(client: httpx.AsyncClient) -> Customer:
    """Make a customer who can carry no further label."""
    names = [f"label {number:02}" for number in range(50)]
    for name in names:
        await client.post("/v1/labels", json={"name": name})
    return await make_customer(client, given_name="Full", labels=names)


async def _history(client: httpx.AsyncClient, customer_id: str) -> list[str]:
    answer = await client.get(f"/v1/customers/{customer_id}/events")
    return [event["kind"] for event in answer.json()["items"]]


async def test_each_customer_is_done_by_itself_and_told_in_its_own_history(api: Api) -> None:
    staff = await api()
    await staff.post("/v1/labels", json={"name": "Donor"})
    ids = [(await make_customer(staff, given_name=f"Nr {number}")).id for number in range(3)]
    await staff.post("/v1/customers/" + ids[1] + "/archive")
    done = await _bulk(staff, ids=ids, operation="label", label="donor")
    assert done.status_code == 200, done.text
    assert done.json() == {"items": [{"id": one, "outcome": "changed"} for one in ids]}
    again = (await _bulk(staff, ids=[*ids, ids[0]], operation="label", label="Donor")).json()["items"]
    assert [item["outcome"] for item in again] == ["unchanged"] * 3
    for one in ids:
        assert (await staff.get(f"/v1/customers/{one}")).json()["labels"] == ["Donor"]
        assert (await _history(staff, one))[0] == "customers.changed"
    found = await staff.post("/v1/customers/search", json={"label": ["donor"], "archived": "any"})
    assert found.json()["total"] == 3
    away = (await _bulk(staff, ids=ids, operation="archive")).json()["items"]
    assert [item["outcome"] for item in away] == ["changed", "unchanged", "changed"]
    assert (await _history(staff, ids[0]))[0] == "customers.archived"
    back = (await _bulk(staff, ids=[ids[0], ids[2]], operation="unarchive")).json()["items"]
    assert {item["outcome"] for item in back} == {"changed"}
    off = (await _bulk(staff, ids=ids, operation="unlabel", label="DONOR")).json()["items"]
    assert {item["outcome"] for item in off} == {"changed"}
    assert "labels" not in (await staff.get(f"/v1/customers/{ids[0]}")).json()


async def test_a_refused_customer_holds_up_no_other_and_is_named(api: Api) -> None:
    staff = await api()
    first = await make_customer(staff, given_name="First")
    full = await _full(staff)
    last = await make_customer(staff, given_name="Last")
    await staff.post("/v1/labels", json={"name": "one more"})
    done = await _bulk(staff, ids=[first.id, full.id, "gone", last.id], operation="label", label="one more")
    items = done.json()["items"]
    assert [item["outcome"] for item in items] == ["changed", "refused", "refused", "changed"]
    assert (items[1]["code"], items[1]["number"]) == ("too_many", full.number)
    assert items[1]["name"] == full.display_name
    assert items[2] == {
        "id": "gone",
        "outcome": "refused",
        "code": "not_found",
        "sentence": "There is no such customer (any more).",
    }
    assert (await staff.get(f"/v1/customers/{full.id}")).json()["version"] == full.version
    assert (await staff.get(f"/v1/customers/{last.id}")).json()["labels"] == ["one more"]


async def test_the_same_request_is_done_once_and_another_under_its_key_is_refused(
    api: Api, database: Database
) -> None:
    staff = await api()
    await staff.post("/v1/labels", json={"name": "donor"})
    one = await make_customer(staff)
    full = await _full(staff)
    body = {"ids": [one.id, full.id, "gone"], "operation": "label", "label": "donor"}
    first = await _bulk(staff, "k1", **body)
    assert (await _bulk(staff, ids=[one.id], operation="unlabel", label="donor")).status_code == 200
    second = await _bulk(staff, "k1", **body)
    assert second.json() == first.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "labels" not in (await staff.get(f"/v1/customers/{one.id}")).json()
    with database.engine.connect() as connection:
        kept = connection.execute(select(tables.idempotency_keys.c.body)).scalars().all()
    assert b"Byrne" not in b"".join(kept), "a name outlives its customer in a kept answer"
    other = await _bulk(staff, "k1", ids=[one.id], operation="archive")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_reused")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"ids": [], "operation": "archive"}, 422, "invalid"),
        ({"ids": [f"c{number}" for number in range(101)], "operation": "archive"}, 422, "invalid"),
        ({"ids": ["c"], "operation": "erase"}, 422, "invalid"),
        ({"ids": ["c"], "operation": "label"}, 422, "invalid"),
        ({"ids": ["c"], "operation": "label", "label": "nobody's"}, 409, "unknown_label"),
    ],
)
async def test_a_request_that_cannot_be_done_to_anybody_is_refused(
    api: Api, body: dict[str, Any], status: int, code: str
) -> None:
    refused = await _bulk(await api(), **body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_viewers_change_nobody(api: Api) -> None:
    one = await make_customer(await api())
    assert (await _bulk(await api("viewer"), ids=[one.id], operation="archive")).status_code == 403


async def test_two_at_work_on_the_same_customers_both_come_to_an_end(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    for name in ("one", "two"):
        await staff.post("/v1/labels", json={"name": name})
    ids = [(await make_customer(staff, given_name=f"Nr {number}")).id for number in range(12)]
    both = await asyncio.gather(
        _bulk(staff, ids=ids, operation="label", label="one"),
        _bulk(admin, ids=ids[::-1], operation="label", label="two"),
    )
    assert [answer.status_code for answer in both] == [200, 200]
    for one in ids:
        assert (await staff.get(f"/v1/customers/{one}")).json()["labels"] == ["one", "two"]
