"""Customers who are likely the same, and those found by what stands in other tables, on both databases."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from server.store.database import Database
from server.store.search import index_for
from tests.desk import MERGE_PATCH, make_customer

Api = Callable[..., Awaitable[httpx.AsyncClient]]


async def groups(client: httpx.AsyncClient, limit: int = 20) -> list[tuple[str, str, list[int]]]:
    """Give all groups, page by page: why, what is shared, and the numbers."""
    found: list[tuple[str, str, list[int]]] = []
    params: dict[str, Any] = {"limit": limit}
    while True:
        answer = await client.get("/v1/customers/duplicates", params=params)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [
            (one["reason"], one["shared"], sorted(row["number"] for row in one["customers"]))
            for one in page["items"]
        ]
        if "next_cursor" not in page:
            return found
        params["cursor"] = page["next_cursor"]


async def found(client: httpx.AsyncClient, typed: str) -> list[str]:
    rows = (await client.post("/v1/customers/search", json={"q": typed})).json()["items"]
    return [row["id"] for row in rows]


async def alike(staff: httpx.AsyncClient) -> None:
    """Make customers of whom some share something: 1 and 2, 2 and 3, 3 and 4, 5 to 7."""
    leith = [{"city": "Leith", "postal_code": "EH6 6AA"}]
    others = [{"city": "Bath", "postal_code": "BA1 1AA"}]
    members: list[dict[str, Any]] = [
        {"given_name": "Ann", "emails": [{"address": "ann@example.org"}]},
        {"given_name": "Anne", "emails": [{"address": "x@example.org"}, {"address": "ANN@example.org"}]},
        {"given_name": "Jo", "phones": [{"number": "+442079460101"}], "addresses": leith},
        {"given_name": "jo", "addresses": [{"postal_code": "eh66aa"}]},
        {"given_name": "Jo", "addresses": others},
        {"given_name": "Em", "phones": [{"number": "+442079460102"}]},
        {"given_name": "El", "phones": [{"number": "+4420794601", "extension": "02"}]},
        {"given_name": "Ed", "phones": [{"number": "+442079460102"}]},
    ]
    for one in members:
        await make_customer(staff, **one)


@pytest.mark.feature("F1.9", "F1.7")
async def test_those_who_share_something_are_found_page_by_page(api: Api) -> None:
    staff = await api("staff")
    await alike(staff)
    expected = [
        ("email", "ann@example.org", [1, 2]),
        ("phone", "442079460102", [6, 7, 8]),
        ("name", "jo byrne", [3, 4]),
    ]
    assert await groups(staff) == expected
    assert await groups(staff, limit=1) == expected
    for wrong in ("nonsense", "WyJ4IiwieCJd"):
        bad = await staff.get("/v1/customers/duplicates", params={"cursor": wrong})
        assert (bad.status_code, bad.json()["code"]) == (404, "unknown_cursor")


@pytest.mark.feature("F1.9")
async def test_those_told_apart_are_not_found_again(api: Api) -> None:
    staff, viewer = await api("staff"), await api("viewer")
    await alike(staff)
    rows = (await staff.post("/v1/customers/search", json={"limit": 20})).json()["items"]
    ids = {row["number"]: row["id"] for row in rows}
    for numbers in ((1, 2), (6, 7)):
        said = await staff.post("/v1/customers/distinct", json={"ids": [ids[number] for number in numbers]})
        assert said.status_code == 204, said.text
    assert [numbers for _, _, numbers in await groups(staff)] == [[6, 7, 8], [3, 4]]
    await staff.post("/v1/customers/distinct", json={"ids": [ids[6], ids[7], ids[8]]})
    assert [numbers for _, _, numbers in await groups(staff)] == [[3, 4]]
    for sent, status, code in (
        ([ids[1]], 422, "invalid"),
        ([ids[1], "nobody"], 409, "unknown_reference"),
    ):
        refused = await staff.post("/v1/customers/distinct", json={"ids": sent})
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    refused = await viewer.post("/v1/customers/distinct", json={"ids": [ids[3], ids[4]]})
    assert refused.status_code == 403
    body = {"from_id": ids[8], "from_version": 1}
    merged = await staff.post(f"/v1/customers/{ids[1]}/merge", json=body, headers={"If-Match": "*"})
    assert merged.status_code == 200, merged.text
    assert [numbers for _, _, numbers in await groups(staff)] == [[3, 4]]


@pytest.mark.feature("F1.9")
async def test_a_change_or_a_removal_ends_a_group(api: Api) -> None:
    staff = await api("staff")
    first = await make_customer(staff, phones=[{"number": "+442079460102"}])
    second = await make_customer(staff, phones=[{"number": "+442079460102"}])
    assert len(await groups(staff)) == 1
    headers = MERGE_PATCH | {"If-Match": "*"}
    await staff.patch(f"/v1/customers/{first.id}", json={"phones": []}, headers=headers)
    assert await groups(staff) == []
    await make_customer(staff, phones=[{"number": "+442079460102"}])
    assert len(await groups(staff)) == 1
    await staff.post(f"/v1/customers/{second.id}/archive")
    assert (await staff.delete(f"/v1/customers/{second.id}")).status_code == 204
    assert await groups(staff) == []


@pytest.mark.feature("F1.2")
async def test_customers_are_found_by_their_login(api: Api, database: Database) -> None:
    staff = await api("staff")
    one, other = await make_customer(staff), await make_customer(staff, given_name="Ruth")
    version = '"0"'
    for customer, login in ((one, "quayside.jo77"), (other, "ruth@login.example")):
        account = f"/v1/customers/{customer.id}/portal-account"
        made = await staff.patch(account, json={"login": login}, headers=MERGE_PATCH | {"If-Match": version})
        assert made.status_code == 200, made.text
    again = database.write_now
    for rebuilt in (False, True):
        if rebuilt:
            again(lambda connection: index_for(database.dialect).rebuild(connection))
        for typed in ("quayside.jo77", "quays", "QUAYSIDE jo77"):
            assert await found(staff, typed) == [one.id], (typed, rebuilt)
        for typed in ("ruth@login.example", "ruth@log", "login.example"):
            assert await found(staff, typed) == [other.id], (typed, rebuilt)
    place = f"/v1/customers/{one.id}/portal-account"
    await staff.patch(place, json={"login": "harbour"}, headers=MERGE_PATCH | {"If-Match": "*"})
    assert (await found(staff, "quays"), await found(staff, "harbour")) == ([], [one.id])
    await staff.patch(
        f"/v1/customers/{one.id}", json={"middle_name": "Q"}, headers=MERGE_PATCH | {"If-Match": "*"}
    )
    assert await found(staff, "harbour") == [one.id]
    assert (await staff.delete(place)).status_code == 204
    assert await found(staff, "harbour") == []


@pytest.mark.feature("F1.2")
async def test_on_postgresql_an_old_customer_whose_login_changes_is_found_once(
    postgres_database: Database,
) -> None:
    from tests.desk import open_desk

    async with open_desk(postgres_database).client("staff") as staff:
        old = await make_customer(staff)
        for _ in range(3):
            await make_customer(staff, given_name="Newer")

        # As after thousands of saves: the tables of the newest do not hold the first one any more.
        def age(connection: Any) -> None:
            for table in ("search_latest", "search_newest"):
                connection.exec_driver_sql(f"DELETE FROM {table} WHERE rank <= 2")  # noqa: S608 - constants
            connection.exec_driver_sql("UPDATE search_floor SET floor = 2")

        postgres_database.write_now(age)
        account = f"/v1/customers/{old.id}/portal-account"
        headers = MERGE_PATCH | {"If-Match": '"0"'}
        assert (await staff.patch(account, json={"login": "quayside"}, headers=headers)).status_code == 200
        assert await found(staff, "quayside") == [old.id]
        held = "SELECT count(*) FROM search_latest WHERE rank <= 2"
        assert postgres_database.read_now(lambda c: c.exec_driver_sql(held).scalar()) == 0
        assert len(await found(staff, "byrne")) == 4
