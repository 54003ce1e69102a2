"""What the server keeps, whatever a client says; each rule on both databases."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from server.accounts import set_password_of
from server.auth.passwords import Passwords
from server.store.database import Database
from tests.desk import MERGE_PATCH, PASSWORD, SETTINGS, Desk, make_customer

Api = Callable[..., Awaitable[httpx.AsyncClient]]

ANY = MERGE_PATCH | {"If-Match": "*"}


async def patched(client: httpx.AsyncClient, path: str, **members: Any) -> dict[str, Any]:
    answer = await client.patch(path, json=members, headers=ANY)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.feature("F3.2")
async def test_exactly_one_phone_is_the_primary_one(api: Api) -> None:
    staff = await api()
    numbers = [{"number": "+44 (20) 7946-0958"}, {"number": "+442079460959"}]
    made = await make_customer(staff, phones=numbers)
    assert [(phone.number, phone.is_primary) for phone in made.phones] == [
        ("+442079460958", True),
        ("+442079460959", False),
    ]
    assert len({phone.id for phone in made.phones}) == 2
    both = [{"number": "+442079460958", "is_primary": True}, {"number": "+442079460959", "is_primary": True}]
    answer = await staff.post("/v1/customers", json={"given_name": "Jo", "phones": both})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/phones/1/is_primary"


@pytest.mark.feature("F3.3", "F3.4")
async def test_ids_of_parts_stay_and_are_never_shared(api: Api) -> None:
    staff = await api()
    made = await make_customer(staff, emails=[{"address": "a@example.org"}, {"address": "b@example.org"}])
    first, second = made.emails
    sent = [{"id": second.id, "address": "b@example.org"}, {"id": second.id, "address": "c@example.org"}]
    emails = (await patched(staff, f"/v1/customers/{made.id}", emails=sent))["emails"]
    assert emails[0]["id"] == second.id
    assert emails[1]["id"] not in (first.id, second.id)
    assert emails[0]["is_primary"]


@pytest.mark.feature("F3.1")
async def test_the_full_name_follows_its_parts_until_it_is_given(api: Api) -> None:
    staff = await api()
    made = await make_customer(staff, middle_name="B.")
    place = f"/v1/customers/{made.id}"
    assert made.display_name == "Joanna B. Byrne"
    assert (await patched(staff, place, family_name="Doe"))["display_name"] == "Joanna B. Doe"
    assert (await patched(staff, place, display_name="Jo"))["display_name"] == "Jo"
    assert (await patched(staff, place, family_name="Roe"))["display_name"] == "Jo"
    assert (await patched(staff, place, display_name=""))["display_name"] == "Joanna B. Roe"
    nobody = {"display_name": "", "given_name": None, "middle_name": None, "family_name": None}
    answer = await staff.patch(place, json=nobody, headers=ANY)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/display_name")
    company = await make_customer(staff, type="organization", company_name="Acme")
    assert company.display_name == "Acme"


@pytest.mark.feature("F2.4")
async def test_a_blocked_status_implies_blocked_access(api: Api) -> None:
    staff = await api()
    place = f"/v1/customers/{(await make_customer(staff)).id}"
    blocked = await patched(staff, place, status="blocked", access="allowed")
    assert (blocked["status"], blocked["access"]) == ("blocked", "blocked")
    assert (await patched(staff, place, status="active"))["access"] == "allowed"
    await staff.post(f"{place}/block")
    again = (await staff.post(f"{place}/unblock")).json()
    assert (again["status"], again["access"]) == ("active", "allowed")


@pytest.mark.feature("F2.5", "F2.6")
async def test_only_an_inactive_or_archived_customer_can_be_deleted(api: Api) -> None:
    staff = await api()
    made = await make_customer(staff)
    place = f"/v1/customers/{made.id}"
    assert await refused(await staff.delete(place)) == (409, "not_deletable")
    archived = await staff.post(f"{place}/archive", headers={"Prefer": "return=minimal"})
    assert (archived.status_code, archived.headers["ETag"]) == (204, '"2"')
    assert (await staff.post(f"{place}/archive")).json()["version"] == 2
    assert (await staff.get("/v1/customers")).json()["items"] == []
    stale = await staff.delete(place, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert (await staff.delete(place, headers={"If-Match": '"2"'})).status_code == 204
    for path in (place, f"{place}/events", f"{place}/notes"):
        assert (await staff.get(path)).status_code == 404
    answer = await staff.get("/v1/customers", params={"q": "byrne", "archived": "any"})
    assert answer.json()["items"] == []


async def test_what_a_customer_points_to_is_there(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    answer = await staff.post(
        "/v1/customers", json={"given_name": "Jo", "branch_id": "none", "labels": ["vip"]}
    )
    assert await refused(answer) == (409, "unknown_reference")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/branch_id", "/labels/0"]
    branch = (await admin.post("/v1/branches", json={"name": "Riverside"})).json()
    made = await make_customer(staff, branch_id=branch["id"])
    assert await refused(await admin.delete(f"/v1/branches/{branch['id']}")) == (409, "in_use")
    await patched(staff, f"/v1/customers/{made.id}", branch_id=None)
    assert (await admin.delete(f"/v1/branches/{branch['id']}")).status_code == 204


@pytest.mark.feature("F9.3")
async def test_a_renamed_label_shows_at_once_and_a_removed_one_is_gone(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    label = (await admin.post("/v1/labels", json={"name": "Donor"})).json()
    made = await make_customer(staff, labels=["DONOR", "donor"])
    place = f"/v1/customers/{made.id}"
    assert made.labels == ["Donor"]
    before = (await staff.get(place)).headers["ETag"]
    await patched(admin, f"/v1/labels/{label['id']}", name="Patron")
    renamed = await staff.get(place, headers={"If-None-Match": before})
    assert (renamed.status_code, renamed.json()["labels"], renamed.json()["version"]) == (200, ["Patron"], 2)
    found = await staff.post("/v1/customers/search", json={"label": ["patron"]})
    assert [row["labels"] for row in found.json()["items"]] == [["Patron"]]
    assert (await admin.delete(f"/v1/labels/{label['id']}")).status_code == 204
    assert "labels" not in (await staff.get(place)).json()
    events = (await staff.get(f"{place}/events", params={"field": "/labels"})).json()["items"]
    of_labels = [change for event in events for change in event["changes"] if change["field"] == "/labels"]
    assert [change.get("new") for change in of_labels] == [None, ["Patron"], ["Donor"]]


async def test_names_are_compared_without_case_and_accents(api: Api) -> None:
    admin = await api("admin")
    await admin.post("/v1/labels", json={"name": "Élan"})
    taken = await admin.post("/v1/labels", json={"name": " ELAN "})
    assert await refused(taken) == (409, "name_taken")
    assert taken.json()["errors"][0]["pointer"] == "/name"


@pytest.mark.feature("F9.1", "F9.2")
async def test_a_note_for_admins_never_leaves_for_others(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    place = f"/v1/customers/{(await make_customer(staff)).id}"
    note = (await staff.post(f"{place}/notes", json={"body": "Owes us"})).json()
    assert (note["author"], note.get("visibility", "staff")) == (
        "Stan Staff",
        "staff",
    )
    secret = (await admin.post(f"{place}/notes", json={"body": "Ask Ada", "visibility": "admin"})).json()
    forbidden = await staff.post(f"{place}/notes", json={"body": "x", "visibility": "admin"})
    assert forbidden.status_code == 403

    async def seen(client: httpx.AsyncClient) -> str:
        parts = (f"{place}/notes", f"{place}/events", f"{place}?include=notes,events", "/v1/customers?q=ask")
        return "".join([(await client.get(path)).text for path in parts])

    assert "Ask Ada" not in await seen(staff)
    assert "Ask Ada" in await seen(admin)
    for method in ("GET", "DELETE"):
        answer = await staff.request(method, f"{place}/notes/{secret['id']}")
        assert answer.status_code == 404
    await patched(admin, f"{place}/notes/{note['id']}", visibility="admin")
    assert "Owes us" not in await seen(staff)


@pytest.mark.feature("F12.3")
async def test_there_is_always_an_admin(api: Api, desk: Desk) -> None:
    admin = await api("admin")
    me = (await admin.get("/v1/me")).json()
    for change in ({"role": "staff"}, {"disabled": True}):
        answer = await admin.patch(f"/v1/staff/{me['id']}", json=change, headers=ANY)
        assert await refused(answer) == (409, "last_admin")
    second = {"login": "bea", "name": "Bea", "role": "admin"}
    assert (await admin.post("/v1/staff", json=second)).status_code == 201
    # Bea has no password yet: an admin who cannot sign in does not count.
    answer = await admin.patch(f"/v1/staff/{me['id']}", json={"role": "staff"}, headers=ANY)
    assert await refused(answer) == (409, "last_admin")
    give_password(desk.database, "bea")
    assert (await patched(admin, f"/v1/staff/{me['id']}", role="staff"))["role"] == "staff"
    assert (await admin.post("/v1/staff", json=second)).status_code == 403


def give_password(database: Database, login: str) -> None:
    hashed = Passwords(SETTINGS).hash_now(PASSWORD)
    database.write_now(lambda connection: set_password_of(connection, login, hashed, datetime.now(UTC)))


async def test_a_disabled_account_is_out_at_once(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    me = (await staff.get("/v1/me")).json()
    await patched(admin, f"/v1/staff/{me['id']}", disabled=True)
    assert (await staff.get("/v1/me")).status_code == 401
    assert (await admin.post("/v1/staff", json={"login": "staff", "name": "Again"})).status_code == 409
    assert (await admin.delete(f"/v1/staff/{me['id']}")).status_code == 405


async def test_a_save_moves_a_customer_to_the_front_and_a_view_does_not(api: Api) -> None:
    staff = await api()
    first, second = await make_customer(staff), await make_customer(staff, given_name="Jim")

    async def order() -> list[int]:
        return [row["number"] for row in (await staff.get("/v1/customers")).json()["items"]]

    await staff.get(f"/v1/customers/{first.id}")
    assert await order() == [second.number, first.number]
    await patched(staff, f"/v1/customers/{first.id}", born_on="1990-12-31")
    assert await order() == [first.number, second.number]
