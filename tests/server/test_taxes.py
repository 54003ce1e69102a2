"""Which tax an invoice gets: the usual one, another one, or none with its papers. On both databases."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.server.paying import ANY, new_place, refusal

Api = Callable[..., Awaitable[httpx.AsyncClient]]

pytestmark = pytest.mark.feature("F5.2")

PAPERS = {"exempt": True, "reason": "Registered charity", "certificate_number": "CH-204518"}


async def rate(admin: httpx.AsyncClient, name: str, percent: str, **members: Any) -> str:
    answer = await admin.post("/v1/tax-rates", json={"name": name, "percent": percent} | members)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def taxed(client: httpx.AsyncClient, place: str, **members: Any) -> tuple[str, str]:
    """Give the tax's name and the total of an invoice over a hundred."""
    lines = [{"description": "Cleaning", "unit_price": {"amount": "100.00", "currency": "EUR"}}]
    made = (await client.post(f"{place}/invoices", json={"lines": lines} | members)).json()
    return made.get("tax_name", ""), made["total"]["amount"]


async def put(client: httpx.AsyncClient, place: str, **members: Any) -> httpx.Response:
    version = (await client.get(f"{place}/tax")).json().get("version", 0)
    return await client.patch(f"{place}/tax", json=members, headers=ANY | {"If-Match": f'"{version}"'})


async def test_the_own_rate_comes_before_the_regions_before_the_countrys(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    reduced = await rate(admin, "Reduced", "5", country="US")
    await rate(admin, "Federal", "7", country="US", is_standard=True)
    await rate(admin, "Oregon", "7.25", country="US", region="OR", is_standard=True)
    assert await taxed(staff, await new_place(staff)) == ("", "100.00")
    elsewhere = await new_place(staff, addresses=[{"country": "US", "region": "WA"}])
    assert await taxed(staff, elsewhere) == ("Federal", "107.00")
    place = await new_place(staff, addresses=[{"country": "US", "region": "OR"}])
    assert await taxed(staff, place) == ("Oregon", "107.25")
    assert (await put(staff, place, rate_id=reduced)).status_code == 200
    assert await taxed(staff, place) == ("Reduced", "105.00")
    assert (await staff.get(f"{place}/tax")).json()["rate"] == "Reduced"
    assert refusal(await admin.delete(f"/v1/tax-rates/{reduced}")) == (409, "in_use")
    assert (await staff.delete(f"{place}/tax")).status_code == 204
    assert await taxed(staff, place) == ("Oregon", "107.25")


async def test_an_exemption_needs_its_papers_and_ends_on_its_day(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    await rate(admin, "VAT", "20", country="GB", is_standard=True)
    place = await new_place(staff, addresses=[{"country": "GB"}])
    refused = await put(staff, place, exempt=True, reason="Charity")
    assert refusal(refused) == (422, "invalid")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/certificate_number"]
    assert (await put(staff, place, **PAPERS)).status_code == 200
    name, total = await taxed(staff, place)
    assert total == "100.00"
    assert "CH-204518" in name
    summary = (await staff.get(f"{place}?include=summary,tax")).json()
    assert (summary["summary"]["tax_exempt"], summary["tax"]["exempt"]) == (True, True)
    await put(staff, place, valid_until="2026-01-31")
    dates = {"issued_on": "2026-01-31", "due_on": "2026-02-28"}
    assert (await taxed(staff, place, **dates))[1] == "100.00"
    assert (await taxed(staff, place, **dates | {"issued_on": "2026-02-01"})) == ("VAT", "120.00")
    assert "tax_exempt" not in (await staff.get(f"{place}?include=summary")).json().get("summary", {})


async def test_rates_are_exact_and_only_admins_write_them(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    assert (await staff.post("/v1/tax-rates", json={"name": "x", "percent": "1"})).status_code == 403
    first = await rate(admin, "VAT", "20.50", country="GB", is_standard=True)
    assert (await staff.get(f"/v1/tax-rates/{first}")).json()["percent"] == "20.5"
    second = {"name": "Other", "percent": "1", "country": "GB", "is_standard": True}
    assert refusal(await admin.post("/v1/tax-rates", json=second)) == (409, "standard_taken")
    for percent in ("100.0001", "-1", "1e1", "NaN", "٢"):
        answer = await admin.post("/v1/tax-rates", json={"name": "Odd", "percent": percent})
        assert answer.status_code == 422, percent
    unused = await rate(admin, "Old", "3", active=False)
    place = await new_place(staff)
    assert refusal(await put(staff, place, rate_id=unused)) == (409, "not_in_use")
    assert refusal(await put(staff, place, rate_id="nothing")) == (409, "unknown_reference")
