"""People who may act for a customer: one link, seen from both ends, on both databases."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.desk import MERGE_PATCH, make_customer

Api = Callable[..., Awaitable[httpx.AsyncClient]]

pytestmark = pytest.mark.feature("F3.9")


async def _linked(staff: httpx.AsyncClient, **members: Any) -> tuple[str, str, dict[str, Any]]:
    """Make two customers of whom the second may act for the first."""
    owner = (await make_customer(staff, given_name="Olive")).id
    friend = (await make_customer(staff, given_name="Frank")).id
    answer = await staff.post(f"/v1/customers/{owner}/contacts", json={"contact_id": friend} | members)
    assert answer.status_code == 201, answer.text
    return owner, friend, answer.json()


async def test_a_contact_is_seen_from_both_ends_in_the_request_that_opens_a_customer(api: Api) -> None:
    staff = await api()
    owner, friend, made = await _linked(staff, product="Flat at the quay", invoices=True)
    assert (made["number"], made["contact"], made["invoices"]) == (2, "Frank Byrne", True)
    document = (await staff.get(f"/v1/customers/{owner}?include=contacts,acts_for")).json()
    assert document["contacts"]["items"] == [made]
    assert document["acts_for"]["items"] == []
    (turned,) = (await staff.get(f"/v1/customers/{friend}?include=acts_for")).json()["acts_for"]["items"]
    assert (turned["acted_for_id"], turned["acted_for"]) == (owner, "Olive Byrne")
    assert (turned["product"], turned["invoices"], turned["id"]) == ("Flat at the quay", True, made["id"])


async def test_rights_are_changed_one_by_one_and_the_history_tells(api: Api) -> None:
    staff = await api()
    owner, _, made = await _linked(staff, invoices=True)
    place = f"/v1/customers/{owner}/contacts/{made['id']}"
    patch = {"invoices": False, "support": True}
    answer = await staff.patch(place, json=patch, headers=MERGE_PATCH | {"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    assert answer.json()["support"]
    assert "invoices" not in answer.json()
    event = (await staff.get(f"/v1/customers/{owner}/events")).json()["items"][0]
    assert event["kind"] == "contacts.changed"
    assert {change["field"] for change in event["changes"]} == {"/invoices", "/support"}
    assert (await staff.delete(place)).status_code == 204
    assert (await staff.get(f"/v1/customers/{owner}/contacts")).json()["items"] == []


async def test_nobody_is_a_contact_of_their_own_nor_twice_for_the_same_thing(api: Api) -> None:
    staff = await api()
    owner, friend, made = await _linked(staff, product="Flat")
    place = f"/v1/customers/{owner}/contacts"
    refused = {
        "same_customer": {"contact_id": owner},
        "already_contact": {"contact_id": friend, "product": "  FLAT "},
        "unknown_reference": {"contact_id": "nobody"},
    }
    for code, body in refused.items():
        answer = await staff.post(place, json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, code)
        assert answer.json()["errors"][0]["pointer"] == "/contact_id"
        assert answer.json()["detail"]
    other = await staff.post(place, json={"contact_id": friend, "product": "House"})
    assert other.status_code == 201
    patch = MERGE_PATCH | {"If-Match": '"1"'}
    same = await staff.patch(f"{place}/{other.json()['id']}", json={"product": "flat"}, headers=patch)
    assert (same.status_code, same.json()["errors"][0]["pointer"]) == (409, "/product")
    own = await staff.patch(f"{place}/{made['id']}", json={"product": "FLAT"}, headers=patch)
    assert own.status_code == 200


async def test_who_a_contact_is_cannot_be_changed_and_standing_shows(api: Api) -> None:
    staff = await api()
    owner, friend, made = await _linked(staff)
    place = f"/v1/customers/{owner}/contacts/{made['id']}"
    patch = MERGE_PATCH | {"If-Match": '"1"'}
    assert (await staff.patch(place, json={"contact_id": owner}, headers=patch)).status_code == 422
    before = (await staff.get(place)).headers["ETag"]
    for act, standing in (("block", "blocked"), ("archive", "archived")):
        assert (await staff.post(f"/v1/customers/{friend}/{act}")).status_code == 200
        again = await staff.get(place, headers={"If-None-Match": before})
        assert (again.status_code, again.json()["standing"]) == (200, standing)


async def test_a_removed_customer_takes_its_links_along_and_the_history_says_so(api: Api) -> None:
    staff = await api()
    owner, friend, _ = await _linked(staff)
    await staff.post(f"/v1/customers/{friend}/archive")
    assert (await staff.delete(f"/v1/customers/{friend}")).status_code == 204
    document = (await staff.get(f"/v1/customers/{owner}?include=contacts,events")).json()
    assert document["contacts"]["items"] == []
    event = document["events"]["items"][0]
    assert event["kind"] == "contacts.removed"
    assert event["changes"] == [{"field": "/contact", "old": "Frank Byrne"}]
    owner, friend, _ = await _linked(staff)
    await staff.post(f"/v1/customers/{owner}/archive")
    assert (await staff.delete(f"/v1/customers/{owner}")).status_code == 204
    assert (await staff.get(f"/v1/customers/{friend}/acts-for")).json()["items"] == []


async def test_a_viewer_sees_contacts_and_changes_none(api: Api) -> None:
    owner, friend, made = await _linked(await api())
    viewer = await api("viewer")
    place = f"/v1/customers/{owner}/contacts"
    assert (await viewer.get(place)).json()["items"][0]["id"] == made["id"]
    assert (await viewer.get(f"/v1/customers/{friend}/acts-for")).status_code == 200
    assert (await viewer.post(place, json={"contact_id": friend})).status_code == 403
    assert (await viewer.delete(f"{place}/{made['id']}")).status_code == 403


@pytest.mark.feature("F9.6")
async def test_an_erased_person_is_not_named_in_the_history_of_those_they_acted_for(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    owner, friend, made = await _linked(staff, invoices=True)
    again = await staff.post(
        f"/v1/customers/{owner}/contacts", json={"contact_id": friend, "product": "Flat"}
    )
    assert (await staff.delete(f"/v1/customers/{owner}/contacts/{made['id']}")).status_code == 204
    await staff.post(f"/v1/customers/{friend}/archive")
    assert "Frank" in (await staff.get(f"/v1/customers/{owner}/events")).text
    erased = await admin.post(f"/v1/customers/{friend}/erase", json={"number": again.json()["number"]})
    assert erased.status_code == 200, erased.text
    document = (await staff.get(f"/v1/customers/{owner}?include=contacts,events")).json()
    assert document["contacts"]["items"] == []
    assert "Frank" not in str(document)
    kinds = [event["kind"] for event in document["events"]["items"]]
    assert kinds[:3] == ["contacts.removed", "contacts.created", "contacts.created"]
