"""What any collection can be declared as: nested, single, with actions that take a body, left out."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest

from server.opening import CannotStart
from server.store.database import Database
from tests.desk import MERGE_PATCH, SETTINGS, Desk, make_customer, open_desk
from tests.server.declared import baskets_desk

Api = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
def desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Give a desk with baskets, eggs and nests on each kind of database."""
    return baskets_desk(database, monkeypatch)


@pytest.fixture
async def staff(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of a staff member."""
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(desk.client("staff"))


async def _basket(client: httpx.AsyncClient, **members: object) -> tuple[str, str]:
    """Make a customer with a basket and give both addresses."""
    customer = f"/v1/customers/{(await make_customer(client)).id}"
    made = await client.post(f"{customer}/baskets", json={"name": "Easter"} | members)
    assert made.status_code == 201, made.text
    return customer, made.headers["Location"]


async def _kinds(client: httpx.AsyncClient, customer: str) -> list[str]:
    return [event["kind"] for event in (await client.get(f"{customer}/events")).json()["items"]]


async def test_a_nested_record_belongs_to_its_parent_and_its_customer(staff: httpx.AsyncClient) -> None:
    customer, basket = await _basket(staff)
    egg = await staff.post(f"{basket}/eggs", json={"color": "blue"})
    assert egg.status_code == 201
    place = egg.headers["Location"]
    assert place.startswith(f"{basket}/eggs/")
    assert (await staff.get(place)).json()["color"] == "blue"
    assert [each["color"] for each in (await staff.get(f"{basket}/eggs")).json()["items"]] == ["blue"]
    assert await _kinds(staff, customer) == ["eggs.created", "baskets.created", "customers.created"]
    assert (await staff.delete(place)).status_code == 204


async def test_a_nested_record_is_found_below_its_own_parent_only(
    desk: Desk, staff: httpx.AsyncClient
) -> None:
    _, basket = await _basket(staff)
    place = (await staff.post(f"{basket}/eggs", json={"color": "blue"})).headers["Location"]
    other_customer, other = await _basket(staff)
    egg = place.rpartition("/")[2]
    stray = f"{other_customer}/baskets/{basket.rpartition('/')[2]}/eggs"
    for path, sentence in {
        f"{other}/eggs/{egg}": "There is no such egg.",
        stray: "There is no such basket.",
        f"{stray}/{egg}": "There is no such basket.",
        place.replace("/v1/customers/", "/v1/customers/x"): "There is no such customer.",
    }.items():
        answer = await staff.get(path)
        assert (answer.status_code, answer.json()["detail"]) == (404, sentence), path
    refused = await staff.post(stray, json={"color": "red"})
    assert (refused.status_code, refused.json()["detail"]) == (404, "There is no such basket.")
    async with desk.client("admin") as admin:
        await admin.patch(basket, json={"state": "secret"}, headers=MERGE_PATCH | {"If-Match": "*"})
        assert (await admin.get(place)).status_code == 200
    assert (await staff.get(place)).json()["detail"] == "There is no such basket."
    assert (await staff.delete(place)).status_code == 404


async def test_an_action_reads_its_body_strictly_and_writes_what_it_must(staff: httpx.AsyncClient) -> None:
    customer, basket = await _basket(staff)
    for body, pointer in (({}, "/eggs"), ({"eggs": 4}, "/eggs"), ({"eggs": 1, "lid": True}, "/lid")):
        refused = await staff.post(f"{basket}/shut", json=body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    assert (await staff.post(f"{basket}/shut")).status_code == 415
    empty = await staff.post(f"{basket}/shut", json={"eggs": 0})
    assert (empty.status_code, empty.json()["code"]) == (409, "no_egg")
    key = {"Idempotency-Key": "one", "Prefer": "return=minimal"}
    answers = [await staff.post(f"{basket}/shut", json={"eggs": 2}, headers=key) for _ in range(2)]
    assert [(answer.status_code, answer.headers["ETag"]) for answer in answers] == [(204, '"2"')] * 2
    assert (await staff.get(f"{basket}/eggs")).json()["total"] == 2
    assert (await _kinds(staff, customer))[:3] == ["baskets.shut", "eggs.created", "eggs.created"]
    again = await staff.post(f"{basket}/shut", json={"eggs": 1})
    assert (again.status_code, again.json()["version"]) == (200, 2)


async def test_what_an_action_wrote_goes_when_it_is_refused(staff: httpx.AsyncClient) -> None:
    customer, basket = await _basket(staff)
    stale = await staff.post(f"{basket}/shut", json={"eggs": 2}, headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.json()["current"]["version"]) == (412, 1)
    assert (await staff.get(f"{basket}/eggs")).json()["total"] == 0
    assert await _kinds(staff, customer) == ["baskets.created", "customers.created"]


async def test_the_first_patch_makes_a_single_record(staff: httpx.AsyncClient) -> None:
    customer = f"/v1/customers/{(await make_customer(staff)).id}"
    nest = f"{customer}/nests"
    assert (await staff.get(nest)).status_code == 404
    for headers, status in (({}, 428), ({"If-Match": '"1"'}, 412), ({"If-Match": "*"}, 412)):
        assert (await staff.patch(nest, json={}, headers=MERGE_PATCH | headers)).status_code == status
    for first in ({"If-Match": '"0"'}, {"If-None-Match": "*"}):
        missing = await staff.patch(nest, json={"color": None}, headers=MERGE_PATCH | first)
        assert (missing.status_code, missing.json()["errors"][0]["pointer"]) == (422, "/color")
        made = await staff.patch(nest, json={"color": "blue"}, headers=MERGE_PATCH | first)
        assert (made.status_code, made.headers["ETag"], made.json()["color"]) == (200, '"1"', "blue")
        again = await staff.patch(nest, json={"color": "red"}, headers=MERGE_PATCH | first)
        assert (again.status_code, again.json()["current"]["color"]) == (412, "blue")
        assert (await staff.get(nest)).json() == made.json()
        assert (await staff.delete(nest)).status_code == 204
    assert (await _kinds(staff, customer))[:2] == ["nests.removed", "nests.created"]


async def test_a_patch_merges_into_members_that_are_objects(staff: httpx.AsyncClient) -> None:
    _, basket = await _basket(staff, lining={"material": "straw", "layers": 3}, marks={"a": "1", "b": "2"})

    async def patch(**members: object) -> httpx.Response:
        return await staff.patch(basket, json=members, headers=MERGE_PATCH | {"If-Match": "*"})

    assert (await patch(lining={"layers": 4})).json()["lining"] == {"material": "straw", "layers": 4}
    assert (await patch(lining={"layers": None})).json()["lining"] == {"material": "straw"}
    assert (await patch(marks={"a": None, "c": "3"})).json()["marks"] == {"b": "2", "c": "3"}
    for members, pointer in (
        ({"lining": {"material": None}}, "/lining/material"),
        ({"lining": {"layers": 10}}, "/lining/layers"),
        ({"marks": {"c": "too long to be one"}}, "/marks/c"),
    ):
        refused = await patch(**members)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    assert "lining" not in (await patch(lining=None)).json()
    assert (await patch(lining={"layers": 2})).json()["errors"][0]["pointer"] == "/lining/material"


@pytest.mark.feature("F12.4")
async def test_what_a_server_is_told_to_leave_out_is_nowhere(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = SETTINGS.model_copy(update={"without": "baskets, notes"})
    desk = baskets_desk(sqlite_database, monkeypatch, settings=settings)
    async with desk.client("admin") as admin:
        service = (await admin.get("/v1/")).json()
        assert not {"baskets", "notes"} & set(service["features"])
        assert {"customers", "nests", "labels"} <= set(service["features"])
        for words in (service["permissions"], (await admin.get("/v1/me")).json()["permissions"]):
            assert not [word for word in words if word.startswith(("baskets", "eggs", "notes"))]
            assert "nests:write" in words
        customer = await make_customer(admin)
        for path in ("notes", "baskets", "baskets/x/eggs"):
            assert (await admin.get(f"/v1/customers/{customer.id}/{path}")).status_code == 404
        refused = await admin.get(f"/v1/customers/{customer.id}", params={"include": "notes"})
        assert refused.status_code == 422
        whole = await admin.get(f"/v1/customers/{customer.id}", params={"include": "events,summary"})
        assert "note_count" not in whole.json()["summary"]
        contract = (await admin.get("/openapi.json")).text
        assert "/baskets/" not in contract
        assert "list_notes" not in contract


@pytest.mark.parametrize("name", ["customers", "devicez"])
def test_a_server_says_what_it_cannot_leave_out(sqlite_database: Database, name: str) -> None:
    with pytest.raises(CannotStart, match=f"There is no feature '{name}' to leave out. There are: notes, "):
        open_desk(sqlite_database, SETTINGS.model_copy(update={"without": name}))


async def test_the_summary_counts_what_this_person_may_see(api: Api) -> None:
    admin, staff = await api("admin"), await api("staff")
    place = f"/v1/customers/{(await make_customer(staff)).id}"
    for visibility in ("staff", "admin"):
        await admin.post(f"{place}/notes", json={"body": "hello", "visibility": visibility})
    counts = [
        (await client.get(place, params={"include": "summary"})).json()["summary"]["note_count"]
        for client in (admin, staff)
    ]
    assert counts == [2, 1]


async def test_an_address_that_begins_like_another_is_found(api: Api) -> None:
    staff = await api()
    answers = {
        "/v1/customers/search/notes": (404, "There is no such customer."),
        "/v1/customers/search": (405, "This cannot be done with what the address names."),
        "/v1/customers//notes": (404, "There is nothing here."),
        "/v1/customers/": (404, "There is nothing here."),
        "/v1/labels/x/y": (404, "There is nothing here."),
    }
    for path, expected in answers.items():
        answer = await staff.get(path)
        assert (answer.status_code, answer.json()["detail"]) == expected, path
