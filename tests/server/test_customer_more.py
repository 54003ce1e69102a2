"""What else staff know of a customer: weight, warnings, extra contact, additional fields, privilege."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from server.accounts import AccountRefused, set_disabled
from server.store.database import Database
from tests.desk import MERGE_PATCH, PASSWORD, Desk, make_customer, open_desk

Api = Callable[..., Awaitable[httpx.AsyncClient]]
ANY = MERGE_PATCH | {"If-Match": "*"}


async def _place(client: httpx.AsyncClient, **members: Any) -> str:
    return f"/v1/customers/{(await make_customer(client, **members)).id}"


async def _patch(client: httpx.AsyncClient, place: str, **members: Any) -> httpx.Response:
    return await client.patch(place, json=members, headers=ANY)


async def _changes(client: httpx.AsyncClient, place: str) -> list[dict[str, Any]]:
    """Give what the newest entry of the history tells."""
    changes: list[dict[str, Any]] = (await client.get(f"{place}/events")).json()["items"][0]["changes"]
    return changes


def _fault(answer: httpx.Response) -> tuple[int, str, str]:
    first = answer.json()["errors"][0]
    return answer.status_code, first["pointer"], first["code"]


@pytest.mark.feature("F2.7")
async def test_a_weight_has_a_unit_and_the_day_it_was_taken(api: Api) -> None:
    staff = await api()
    place = await _place(staff, weight={"value": 71.5, "taken_on": "2026-02-01"})
    assert (await staff.get(place)).json()["weight"] == {
        "value": 71.5,
        "unit": "kg",
        "taken_on": "2026-02-01",
    }
    saved = await _patch(staff, place, weight={"value": 158, "unit": "lb", "taken_on": None})
    today = datetime.now(UTC).date().isoformat()
    assert saved.json()["weight"] == {"value": 158, "unit": "lb", "taken_on": today}
    assert (await _changes(staff, place))[0] == {
        "field": "/weight",
        "old": {"value": 71.5, "unit": "kg", "taken_on": "2026-02-01"},
        "new": {"value": 158.0, "unit": "lb", "taken_on": today},
    }
    for weight, pointer, code in (
        ({"value": 0}, "/weight/value", "out_of_range"),
        ({"unit": "st"}, "/weight/unit", "not_an_option"),
        ({"taken_on": "2126-01-01"}, "/weight/taken_on", "in_the_future"),
    ):
        refused = await _patch(staff, place, weight=weight)
        assert _fault(refused)[1:] == (pointer, code)
    assert "weight" not in (await _patch(staff, place, weight=None)).json()


@pytest.mark.feature("F2.12")
async def test_a_warning_names_who_wrote_it_whatever_is_sent(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    place = await _place(staff)
    alert = {
        "text": "Dog bites",
        "severity": "critical",
        "author": "Nobody",
        "created_at": "1999-01-01T00:00:00Z",
    }
    first = (await _patch(staff, place, alerts=[alert])).json()["alerts"]
    assert (first[0]["text"], first[0]["severity"], first[0]["author"]) == (
        "Dog bites",
        "critical",
        "Stan Staff",
    )
    assert first[0]["created_at"] > "2026"
    second = (await _patch(admin, place, alerts=[first[0], {"text": "Owes a key"}])).json()["alerts"]
    assert [each["author"] for each in second] == ["Stan Staff", "Ada Admin"]
    assert second[0] == first[0]
    third = (await _patch(admin, place, alerts=[second[0] | {"text": "Dog bit"}])).json()["alerts"]
    assert (third[0]["id"], third[0]["author"]) == (first[0]["id"], "Ada Admin")
    assert "alerts" not in (await _patch(staff, place, alerts=[])).json()
    too_many = await _patch(staff, place, alerts=[{"text": str(number)} for number in range(11)])
    assert _fault(too_many) == (422, "/alerts", "too_many")
    viewer = await api("viewer")
    assert (await _patch(viewer, place, alerts=[alert])).status_code == 403


@pytest.mark.feature("F3.7")
async def test_extra_contact_is_saved_member_by_member(api: Api) -> None:
    staff = await api()
    place = await _place(staff, extra_contact={"business_name": "Byrne & Co"})
    pair = {"label": "Pager", "value": "1234"}
    saved = (await _patch(staff, place, extra_contact={"best_way": "Text first", "fields": [pair]})).json()
    extra = saved["extra_contact"]
    assert (extra["business_name"], extra["best_way"]) == ("Byrne & Co", "Text first")
    assert extra["fields"][0].items() >= pair.items()
    assert extra["fields"][0]["id"]
    told = {change["field"] for change in await _changes(staff, place)}
    assert told == {"/extra_contact/best_way", "/extra_contact/fields/0"}
    refused = await _patch(staff, place, extra_contact={"alternate_phone": "none"})
    assert _fault(refused) == (422, "/extra_contact/alternate_phone", "not_a_phone")
    gone = await _patch(staff, place, extra_contact=None)
    assert "extra_contact" not in gone.json()


async def _define(admin: httpx.AsyncClient, name: str, **members: Any) -> dict[str, Any]:
    answer = await admin.post("/v1/custom-fields", json={"name": name} | members)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.mark.feature("F3.8")
async def test_additional_fields_take_what_their_definition_says(api: Api) -> None:
    admin, staff = await api("admin"), await api()
    for name, kind in {
        "Motto": "text",
        "Shoe size": "number",
        "Moved in": "date",
        "Newsletter?": "yes_no",
        "Web site": "link",
    }.items():
        await _define(admin, name, type=kind)
    await _define(admin, "Parking", type="choice", options=["street", "yard"])
    place = await _place(staff)
    good = {
        "motto": "onwards",
        "shoe_size": 42.5,
        "moved_in": "2020-05-01",
        "newsletter": False,
        "web_site": "https://byrne.example.org",
        "parking": "yard",
    }
    assert (await _patch(staff, place, custom_fields=good)).json()["custom_fields"] == good
    for key, value, code in (
        ("motto", 7, "wrong_type"),
        ("motto", "a\nb", "several_lines"),
        ("shoe_size", "42", "wrong_type"),
        ("shoe_size", True, "wrong_type"),
        ("shoe_size", 1e16, "out_of_range"),
        ("moved_in", "May", "not_a_date"),
        ("newsletter", "yes", "wrong_type"),
        ("web_site", "javascript:x", "not_a_link"),
        ("parking", "roof", "not_an_option"),
        ("hat_size", "7", "unknown_member"),
    ):
        refused = await _patch(staff, place, custom_fields={key: value})
        assert _fault(refused) == (422, f"/custom_fields/{key}", code)
    assert (await _patch(staff, place, custom_fields={"motto": None, "parking": ""})).status_code == 200
    assert {change["field"] for change in await _changes(staff, place)} == {
        "/custom_fields/motto",
        "/custom_fields/parking",
    }


@pytest.mark.feature("F3.8")
async def test_a_required_field_is_asked_for_where_additional_fields_are_saved(api: Api) -> None:
    admin, staff = await api("admin"), await api()
    place = await _place(staff)
    await _define(admin, "Door code", required=True)
    await _define(admin, "Motto")
    assert (await _patch(staff, place, given_name="Jo")).status_code == 200
    assert (await staff.post("/v1/customers", json={"given_name": "Al"})).status_code == 201
    refused = await _patch(staff, place, custom_fields={"motto": "onwards"})
    assert _fault(refused) == (422, "/custom_fields/door_code", "missing")
    assert refused.json()["detail"] == "Door code must be filled in."
    saved = await _patch(staff, place, custom_fields={"motto": "onwards", "door_code": "12"})
    assert saved.status_code == 200


@pytest.mark.feature("F3.8")
async def test_definitions_are_admins_business_and_stay_while_they_are_used(api: Api) -> None:
    admin, staff = await api("admin"), await api()
    motto = await _define(admin, "Motto")
    place = f"/v1/custom-fields/{motto['id']}"
    assert (await staff.post("/v1/custom-fields", json={"name": "X"})).status_code == 403
    for body, code in (({"name": "motto"}, "name_taken"), ({"name": "Other", "key": "motto"}, "key_taken")):
        refused = await admin.post("/v1/custom-fields", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    for options, code in (({}, "missing"), ({"options": ["a", "A"]}, "repeated")):
        refused = await admin.post("/v1/custom-fields", json={"name": "Pick", "type": "choice", **options})
        assert _fault(refused) == (422, "/options", code)
    assert (await _define(admin, "名前"))["key"].startswith("field")
    customer = await _place(staff, custom_fields={"motto": "onwards"})
    refused = await admin.delete(place)
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    await admin.patch(place, json={"archived": True, "required": True}, headers=ANY)
    # What is there stays as it is; nothing new is taken.
    kept = await _patch(staff, customer, custom_fields={"motto": "onwards"})
    assert kept.json()["custom_fields"] == {"motto": "onwards"}
    assert _fault(await _patch(staff, customer, custom_fields={"motto": "back"}))[2] == "unknown_member"
    await _patch(staff, customer, custom_fields={"motto": None})
    assert (await admin.delete(place)).status_code == 204


@pytest.mark.feature("F3.8")
async def test_customers_are_found_by_additional_fields(api: Api) -> None:
    admin, staff = await api("admin"), await api()
    for name, kind in {"Motto": "text", "Shoe size": "number", "Site": "link", "Since": "date"}.items():
        await _define(admin, name, type=kind)
    answers = {
        "motto": "Överallt",
        "shoe_size": 9371,
        "site": "https://kite.example.org",
        "since": "2011-12-13",
    }
    place = await _place(staff, custom_fields=answers)

    async def found(words: str) -> int:
        return len((await staff.get("/v1/customers", params={"q": words})).json()["items"])

    assert [await found(words) for words in ("overal", "9371", "kite byrne", "2011")] == [1, 1, 1, 0]
    await _patch(staff, place, custom_fields={"motto": "onwards"})
    assert [await found("overal"), await found("onw")] == [0, 1]


async def _privilege(
    client: httpx.AsyncClient, place: str, privilege: str, password: str = ""
) -> httpx.Response:
    body = {"privilege": privilege} | ({"password": password} if password else {})
    return await client.post(f"{place}/set-privilege", json=body)


async def _sign_in(client: httpx.AsyncClient, login: str, password: str) -> httpx.Response:
    form = {"grant_type": "password", "username": login, "password": password}
    return await client.post("/v1/oauth/token", data=form)


@pytest.mark.feature("F9.5")
async def test_a_customer_is_made_staff_and_admin_and_back(api: Api) -> None:
    admin, staff, nobody = await api("admin"), await api(), await api(None)
    place = await _place(staff, emails=[{"address": "Jo.Byrne@example.org"}])
    assert (await _privilege(staff, place, "staff", PASSWORD)).status_code == 403
    assert _fault(await _privilege(admin, place, "staff")) == (422, "/password", "missing")
    assert _fault(await _privilege(admin, place, "staff", "aaaaaaaaaaaa"))[2] == "weak_password"
    assert (await _privilege(admin, place, "staff", PASSWORD)).json()["privilege"] == "staff"
    assert (await _sign_in(nobody, "jo.byrne", PASSWORD)).status_code == 200
    promoted = await _privilege(admin, place, "admin")
    assert (promoted.json()["privilege"], promoted.json()["version"]) == ("admin", 3)
    token = (await _sign_in(nobody, "jo.byrne", PASSWORD)).json()["access_token"]
    own = {"Authorization": f"Bearer {token}"}
    assert (await nobody.get(place, headers=own)).json()["privilege"] == "admin"
    assert (await _privilege(admin, place, "none")).status_code == 200
    assert (await nobody.get(place, headers=own)).status_code == 401
    assert "privilege" not in (await admin.get(place)).json()
    assert _fault(await _privilege(admin, place, "staff")) == (422, "/password", "missing")


@pytest.mark.feature("F9.5")
async def test_only_admins_see_a_privilege_and_its_history(api: Api) -> None:
    admin, staff = await api("admin"), await api()
    place = await _place(staff, emails=[{"address": "jo@example.org"}])
    await _privilege(admin, place, "staff", PASSWORD)
    assert "privilege" not in (await staff.get(place)).json()
    assert "privilege" not in (await staff.get(f"{place}/events")).text
    assert "privilege" not in (await staff.get("/v1/changes", params={"since": "0"})).text
    assert "customer_id" not in (await staff.get("/v1/staff")).text
    assert "customer_id" in (await admin.get("/v1/staff")).text
    assert (await _changes(admin, place)) == [{"field": "/privilege", "old": "none", "new": "staff"}]
    text = (await admin.get(f"{place}/events")).text
    assert PASSWORD not in text
    assert "argon2" not in text


@pytest.mark.feature("F9.5")
async def test_what_happens_to_the_account_shows_on_the_customer(api: Api) -> None:
    admin = await api("admin")
    place = await _place(admin, emails=[{"address": "jo@example.org"}], status="inactive")
    await _privilege(admin, place, "staff", PASSWORD)
    accounts = (await admin.get("/v1/staff")).json()["items"]
    account = next(each for each in accounts if each["login"] == "jo")
    assert place.endswith(account["customer_id"])
    before = (await admin.get(place)).headers["ETag"]
    await admin.patch(f"/v1/staff/{account['id']}", json={"role": "admin"}, headers=ANY)
    after = await admin.get(place)
    assert (after.json()["privilege"], after.headers["ETag"] == before) == ("admin", False)
    assert (await _changes(admin, place)) == [{"field": "/privilege", "old": "staff", "new": "admin"}]
    refused = await admin.delete(place)
    assert (refused.status_code, refused.json()["code"]) == (409, "has_privilege")
    await _privilege(admin, place, "none")
    assert (await admin.delete(place)).status_code == 204


@pytest.mark.feature("F9.5")
async def test_a_sign_in_name_is_made_of_the_address_and_is_free(api: Api) -> None:
    admin = await api("admin")
    without = await _place(admin)
    refused = await _privilege(admin, without, "staff", PASSWORD)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_address")
    logins = []
    for address in ("Zoë+x@example.org", "zoex@example.net", "--@example.org"):
        place = await _place(admin, emails=[{"address": address}])
        await _privilege(admin, place, "staff", PASSWORD)
        accounts = (await admin.get("/v1/staff")).json()["items"]
        logins += [each["login"] for each in accounts if each.get("customer_id") == place.rpartition("/")[2]]
    assert logins == ["zoex", "zoex3", "customer4"]


@pytest.mark.feature("F9.5")
async def test_the_last_admin_stays_one_whichever_way_it_is_tried(database: Database) -> None:
    desk: Desk = open_desk(database)
    async with desk.client("admin") as admin:
        place = await _place(admin, emails=[{"address": "jo@example.org"}])
        await _privilege(admin, place, "admin", PASSWORD)
        token = (await _sign_in(admin, "jo", PASSWORD)).json()["access_token"]
        own = {"Authorization": f"Bearer {token}"}
        database.write_now(lambda connection: set_disabled(connection, "admin", True, datetime.now(UTC)))
        for privilege in ("none", "staff"):
            body = {"privilege": privilege}
            refused = await admin.post(f"{place}/set-privilege", json=body, headers=own)
            assert (refused.status_code, refused.json()["code"]) == (409, "last_admin")
        with pytest.raises(AccountRefused, match="'jo' is the last admin"):
            database.write_now(lambda connection: set_disabled(connection, "jo", True, datetime.now(UTC)))
