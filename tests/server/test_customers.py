"""Customers over the whole application, on both databases."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from client.patches import apply_patch
from tests.desk import MERGE_PATCH, make_customer

Api = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.mark.feature("F1.7")
async def test_only_a_name_is_needed(api: Api) -> None:
    staff = await api()
    answer = await staff.post("/v1/customers", json={"given_name": " Zoë ", "family_name": "Ångström"})
    assert answer.status_code == 201
    made = answer.json()
    assert made["display_name"] == "Zoë Ångström"
    assert (made["number"], made["version"], made["status"], made["access"]) == (1, 1, "new", "allowed")
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Location"] == f"/v1/customers/{made['id']}"
    again = await staff.get(answer.headers["Location"])
    assert again.json() == made
    nameless = await staff.post("/v1/customers", json={"phones": [{"number": "+442079460958"}]})
    assert (nameless.status_code, nameless.json()["errors"][0]["pointer"]) == (422, "/display_name")


async def test_a_patch_starts_from_a_version(api: Api) -> None:
    staff = await api()
    customer = await make_customer(staff)
    place = f"/v1/customers/{customer.id}"
    missing = await staff.patch(place, json={"given_name": "Jo"}, headers=MERGE_PATCH)
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition_required")
    fine = await staff.patch(place, json={"given_name": "Jo"}, headers=MERGE_PATCH | {"If-Match": '"1"'})
    assert (fine.status_code, fine.headers["ETag"], fine.json()["version"]) == (200, '"2"', 2)
    assert fine.json()["display_name"] == "Jo Byrne"
    stale = await staff.patch(place, json={"given_name": "J."}, headers=MERGE_PATCH | {"If-Match": '"1"'})
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"2"')
    assert stale.json()["current"] == fine.json()


async def test_a_save_can_be_answered_with_next_to_nothing(api: Api) -> None:
    staff = await api()
    customer = await make_customer(staff)
    headers = MERGE_PATCH | {"If-Match": '"1"', "Prefer": "return=minimal"}
    saved = await staff.patch(f"/v1/customers/{customer.id}", json={"born_on": "1990-12-31"}, headers=headers)
    assert (saved.status_code, saved.content) == (204, b"")
    assert (saved.headers["ETag"], saved.headers["Preference-Applied"]) == ('"2"', "return=minimal")


async def test_a_save_can_be_answered_with_what_became_other_than_was_sent(api: Api) -> None:
    staff = await api()
    customer = await make_customer(staff)
    place, wish = f"/v1/customers/{customer.id}", MERGE_PATCH | {"Prefer": "difference"}
    once = wish | {"If-Match": '"1"', "Idempotency-Key": "one"}
    patch = {"given_name": " Jo ", "language": "", "phones": [{"number": "+442079460958"}]}
    saved = await staff.patch(place, json=patch, headers=once)
    assert (saved.status_code, saved.headers["ETag"]) == (200, '"2"')
    assert saved.headers["Content-Type"] == MERGE_PATCH["Content-Type"]
    now = (await staff.get(place)).json()
    assert apply_patch(apply_patch(customer.to_json(), patch), saved.json()) == now
    told = saved.json().keys() - {"updated_at"}
    assert told == {"version", "given_name", "display_name", "language", "phones"}
    again = await staff.patch(place, json=patch, headers=once)
    assert (again.content, again.headers["Content-Type"]) == (saved.content, saved.headers["Content-Type"])
    stale = await staff.patch(place, json={"given_name": "J."}, headers=wish | {"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["current"]) == (412, now)
    whole = await staff.patch(place, json={"given_name": "J."}, headers=wish | {"If-Match": "*"})
    assert (whole.headers["Content-Type"], whole.json()["display_name"]) == ("application/json", "J. Byrne")


@pytest.mark.feature("F9.4")
async def test_every_change_is_in_the_history_field_by_field(api: Api) -> None:
    staff = await api()
    customer = await make_customer(staff, phones=[{"number": "+442079460958"}])
    place = f"/v1/customers/{customer.id}"
    phone = customer.phones[0].model_dump() | {"number": "+442079460959"}
    patch = {"phones": [phone], "born_on": "1990-12-31", "family_name": None}
    await staff.patch(place, json=patch, headers=MERGE_PATCH | {"If-Match": '"1"'})
    changed, created = (await staff.get(f"{place}/events")).json()["items"]
    assert (created["kind"], created["version"], created["actor"]) == ("customers.created", 1, "Stan Staff")
    assert (changed["kind"], changed["version"]) == ("customers.changed", 2)
    assert sorted(changed["changes"], key=lambda change: change["field"]) == [
        {"field": "/born_on", "new": "1990-12-31"},
        {"field": "/display_name", "old": "Joanna Byrne", "new": "Joanna"},
        {"field": "/family_name", "old": "Byrne"},
        {"field": "/phones/0/number", "old": "+442079460958", "new": "+442079460959"},
    ]
    of_phones = (await staff.get(f"{place}/events", params={"field": "/phones/0"})).json()
    assert [event["version"] for event in of_phones["items"]] == [2, 1][: len(of_phones["items"])]
    of_birth = (await staff.get(f"{place}/events", params={"field": "born_on"})).json()
    assert [event["version"] for event in of_birth["items"]] == [2]


@pytest.mark.feature("F1.2")
async def test_search_finds_what_was_saved(api: Api) -> None:
    staff = await api()
    customer = await make_customer(staff, phones=[{"number": "+442079460958"}])
    for typed in ("byr joa", "0958", "1"):
        answer = await staff.post("/v1/customers/search", json={"q": typed})
        assert answer.status_code == 200
        assert [row["id"] for row in answer.json()["items"]] == [customer.id]
    assert (await staff.get("/v1/customers")).json()["total"] == 1
