"""The mechanics that every collection shares, shown on the one or other of them, on both databases."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.desk import MERGE_PATCH, Desk, make_customer

Api = Callable[..., Awaitable[httpx.AsyncClient]]


async def _labels(admin: httpx.AsyncClient, names: str) -> None:
    for name in names.split():
        assert (await admin.post("/v1/labels", json={"name": name})).status_code == 201


async def test_a_list_goes_on_where_it_stopped_while_records_are_added(api: Api) -> None:
    admin = await api("admin")
    await _labels(admin, "bee cat dog eel")
    first = (await admin.get("/v1/labels", params={"limit": 2})).json()
    assert ([label["name"] for label in first["items"]], first["total"]) == (["bee", "cat"], 4)
    await _labels(admin, "ant fox")
    answer = await admin.get("/v1/labels", params={"limit": 3, "cursor": first["next_cursor"]})
    assert [label["name"] for label in answer.json()["items"]] == ["dog", "eel", "fox"]
    assert "next_cursor" not in answer.json()


async def test_link_leads_to_the_next_page(api: Api) -> None:
    admin = await api("admin")
    await _labels(admin, "ant bee")
    answer = await admin.get("/v1/labels", params={"limit": 1, "fields": "name"})
    following = answer.links["next"]["url"]
    assert [label["name"] for label in (await admin.get(following)).json()["items"]] == ["bee"]
    assert "Link" not in (await admin.get(following)).headers


@pytest.mark.parametrize("cursor", ["x", "W10", "e30", "WyJhIiwiYiIsImMiXQ", "bm90IGpzb24"])
@pytest.mark.parametrize("path", ["/v1/labels", "/v1/customers", "/v1/staff"])
async def test_a_cursor_that_was_not_given_leads_nowhere(api: Api, path: str, cursor: str) -> None:
    answer = await (await api()).get(path, params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_cursor")


async def test_a_client_that_has_it_gets_304(api: Api) -> None:
    staff = await api()
    customer = await make_customer(staff)
    for path in (f"/v1/customers/{customer.id}", f"/v1/customers/{customer.id}?include=notes", "/v1/labels"):
        first = await staff.get(path)
        again = await staff.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    plain, whole = f"/v1/customers/{customer.id}", f"/v1/customers/{customer.id}?include=events"
    before = (await staff.get(whole)).headers["ETag"]
    patch = MERGE_PATCH | {"If-Match": (await staff.get(plain)).headers["ETag"]}
    await staff.patch(plain, json={"company_name": "Byrne & Co"}, headers=patch)
    changed = await staff.get(whole, headers={"If-None-Match": before})
    assert (changed.status_code, changed.headers["ETag"][:3]) == (200, '"2-')


async def test_a_change_may_start_from_the_etag_of_a_part(api: Api) -> None:
    staff = await api()
    customer = await make_customer(staff)
    place = f"/v1/customers/{customer.id}"
    tag = (await staff.get(place, params={"fields": "given_name"})).headers["ETag"]
    assert tag.startswith('"1-')
    answer = await staff.patch(place, json={"given_name": "Jo"}, headers=MERGE_PATCH | {"If-Match": tag})
    assert answer.status_code == 200


async def test_one_request_gives_a_whole_screen(api: Api) -> None:
    staff = await api()
    customer = await make_customer(staff)
    for body in ("first", "second"):
        await staff.post(f"/v1/customers/{customer.id}/notes", json={"body": body, "pinned": body == "first"})
    screen = (await staff.get(f"/v1/customers/{customer.id}?include=notes,events")).json()
    assert [note["body"] for note in screen["notes"]["items"]] == ["first", "second"]
    assert [event["kind"] for event in screen["events"]["items"]] == ["notes.created"] * 2 + [
        "customers.created"
    ]
    trimmed = (await staff.get(f"/v1/customers/{customer.id}?fields=number")).json()
    assert trimmed == {"id": customer.id, "number": 1}


async def test_how_long_answers_are_good(api: Api) -> None:
    staff = await api()
    people = await staff.get("/v1/customers")
    reference = await staff.get("/v1/labels")
    assert people.headers["Cache-Control"] == "private, no-cache"
    assert reference.headers["Cache-Control"] == "private, max-age=60, stale-while-revalidate=600"


async def test_a_patch_that_changes_nothing_makes_no_version(api: Api) -> None:
    staff = await api()
    customer = await make_customer(staff)
    place = f"/v1/customers/{customer.id}"
    for patch in ({}, {"given_name": " Joanna "}, {"middle_name": None}):
        answer = await staff.patch(place, json=patch, headers=MERGE_PATCH | {"If-Match": '"1"'})
        assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
    assert len((await staff.get(f"{place}/events")).json()["items"]) == 1


async def test_the_same_request_again_gets_the_first_answer(api: Api) -> None:
    staff = await api()
    key = {"Idempotency-Key": "one"}
    first = await staff.post("/v1/customers", json={"company_name": "Acme"}, headers=key)
    again = await staff.post("/v1/customers", json={"company_name": "Acme"}, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert (again.headers["Location"], again.headers["Idempotency-Replayed"]) == (
        first.headers["Location"],
        "true",
    )
    assert (await staff.get("/v1/customers")).json()["total"] == 1
    other = await staff.post("/v1/customers", json={"company_name": "Acme Ltd"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_reused")
    colleague = await api("admin")
    theirs = await colleague.post("/v1/customers", json={"company_name": "Acme Ltd"}, headers=key)
    assert theirs.status_code == 201


async def test_a_refused_request_may_be_corrected_under_its_key(api: Api) -> None:
    staff = await api()
    key = {"Idempotency-Key": "one"}
    refused = await staff.post(
        "/v1/customers", json={"labels": ["gone"], "company_name": "Acme"}, headers=key
    )
    assert refused.status_code == 409
    assert (await staff.post("/v1/customers", json={"company_name": "Acme"}, headers=key)).status_code == 201


async def test_a_patch_sent_twice_is_done_once(api: Api) -> None:
    staff = await api()
    customer = await make_customer(staff)
    headers = MERGE_PATCH | {"If-Match": '"1"', "Idempotency-Key": "one", "Prefer": "return=minimal"}
    place = f"/v1/customers/{customer.id}"
    answers = [await staff.patch(place, json={"given_name": "Jo"}, headers=headers) for _ in range(2)]
    assert [(answer.status_code, answer.headers["ETag"]) for answer in answers] == [(204, '"2"')] * 2


async def test_the_same_request_twice_at_once_is_done_once(api: Api) -> None:
    staff = await api()
    send = [
        staff.post("/v1/customers", json={"company_name": "Acme"}, headers={"Idempotency-Key": "one"})
        for _ in range(12)
    ]
    codes = [answer.status_code for answer in await asyncio.gather(*send)]
    assert set(codes) <= {201, 409}
    assert (await staff.get("/v1/customers")).json()["total"] == 1


async def test_savers_at_once_from_one_version_win_once(api: Api) -> None:
    staff = await api()
    customer = await make_customer(staff)
    headers = MERGE_PATCH | {"If-Match": '"1"'}
    send = [
        staff.patch(f"/v1/customers/{customer.id}", json={"status_reason": f"r{number}"}, headers=headers)
        for number in range(12)
    ]
    codes = sorted(answer.status_code for answer in await asyncio.gather(*send))
    assert codes == [200] + [412] * 11
    assert len((await staff.get(f"/v1/customers/{customer.id}/events")).json()["items"]) == 2


async def test_unknown_ids_parameters_and_members_are_named(api: Api) -> None:
    staff = await api()
    for path in (
        "/v1/customers/none",
        "/v1/customers/%00",
        "/v1/labels/0",
        f"/v1/customers/{'x' * 80}/notes",
    ):
        assert (await staff.get(path)).json()["code"] == "not_found"
    unknown = (await staff.get("/v1/labels", params={"colour": "red"})).json()
    assert unknown["errors"][0]["pointer"] == "colour"
    member = (await staff.post("/v1/customers", json={"given_name": "Jo", "number": 7})).json()
    assert member["errors"][0] == {
        "pointer": "/number",
        "code": "unknown_member",
        "detail": "There is no such member here, or it cannot be set.",
    }


async def test_every_refusal_names_its_request(desk: Desk) -> None:
    async with desk.client() as staff:
        refused = await staff.get("/v1/customers/none")
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert refused.json()["request_id"] == refused.headers["X-Request-Id"]
        assert refused.json()["detail"] == "There is no such customer."
