"""Devices, usage allowances and tickets; each rule on both databases."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.desk import MERGE_PATCH, make_customer

Api = Callable[..., Awaitable[httpx.AsyncClient]]

ANY = MERGE_PATCH | {"If-Match": "*"}
GB = 10**9


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def made(client: httpx.AsyncClient, path: str, **members: Any) -> dict[str, Any]:
    answer = await client.post(path, json=members)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()  # type: ignore[no-any-return]


@pytest.mark.feature("F7.2")
async def test_an_item_is_with_one_customer_at_most(api: Api) -> None:
    staff = await api()
    first, second = await make_customer(staff), await make_customer(staff, given_name="Ann")
    here, there = (f"/v1/customers/{one.id}/devices" for one in (first, second))
    device = await made(staff, here, item_id="KS-1", product="Key safe", barcode="501")
    assert device["assigned_at"] == device["created_at"]
    taken = await staff.post(there, json={"item_id": "KS-1", "product": "Key safe"})
    assert refused(taken) == (409, "assigned_already")
    assert f"customer {first.number}" in taken.json()["detail"]
    assert "this customer" in (await staff.post(here, json={"item_id": "KS-1", "product": "x"})).text
    returned = await made(staff, f"{here}/{device['id']}/return", status="broken")
    assert (returned["status"], "returned_at" in returned) == ("broken", True)
    other = await made(staff, there, item_id="KS-1", product="Key safe")
    again = await staff.post(f"{here}/{device['id']}/assign")
    assert refused(again) == (409, "assigned_already")
    renamed = await staff.patch(f"{there}/{other['id']}", json={"item_id": "KS-2"}, headers=ANY)
    assert renamed.status_code == 200
    back = (await staff.post(f"{here}/{device['id']}/assign")).json()
    assert (back.get("status", "assigned"), "returned_at" in back) == ("assigned", False)
    renamed = await staff.patch(f"{there}/{other['id']}", json={"item_id": "KS-1"}, headers=ANY)
    assert refused(renamed) == (409, "assigned_already")
    lost = await staff.post(f"{here}/{device['id']}/return", json={"status": "assigned"})
    assert (lost.status_code, lost.json()["errors"][0]["pointer"]) == (422, "/status")


@pytest.mark.feature("F7.3")
async def test_a_bonus_is_granted_on_top_of_the_cap_and_taken_back(api: Api) -> None:
    staff = await api()
    place = f"/v1/customers/{(await make_customer(staff)).id}/allowances"
    allowance = await made(staff, place, product="Guest Wi-Fi", included=200 * GB, may_buy_more=True)
    here = f"{place}/{allowance['id']}"
    capped = await staff.patch(here, json={"manual_cap": 250 * GB, "at_cap": "cut_off"}, headers=ANY)
    assert (capped.json()["manual_cap"], capped.json()["at_cap"]) == (250 * GB, "cut_off")
    until = (date.today() + timedelta(days=3)).isoformat()  # noqa: DTZ011 - any day ahead does
    grant = {"amount": 5 * GB, "reason": "Two days without a line", "until_on": until}
    granted = await made(staff, f"{here}/grant-bonus", **grant)
    (bonus,) = granted["bonuses"]
    assert (bonus["amount"], bonus["granted_by"]) == (5 * GB, "Stan Staff")
    # By the day of the office, which names no time zone here.
    for day in ("2020-01-01", (datetime.now(UTC).date() - timedelta(days=1)).isoformat()):
        over = await staff.post(f"{here}/grant-bonus", json=grant | {"until_on": day})
        assert refused(over) == (409, "in_the_past")
    for wrong in ({"amount": 0}, {"amount": 10**16}, {"amount": 1.5}, {"reason": " "}):
        assert (await staff.post(f"{here}/grant-bonus", json=grant | wrong)).status_code == 422
    kept = await made(staff, f"{here}/withdraw-bonus", bonus_id=bonus["id"])
    assert "bonuses" not in kept
    gone = await staff.post(f"{here}/withdraw-bonus", json={"bonus_id": bonus["id"]})
    assert refused(gone) == (409, "unknown_bonus")
    nobody = await (await api("viewer")).post(f"{here}/grant-bonus", json=grant)
    assert nobody.status_code == 403


@pytest.mark.feature("F7.3")
async def test_usage_is_counted_once_however_often_and_late_it_is_reported(api: Api) -> None:
    staff = await api()
    customer = f"/v1/customers/{(await make_customer(staff)).id}"
    allowance = await made(staff, f"{customer}/allowances", product="Guest Wi-Fi", included=200 * GB)
    here = f"{customer}/allowances/{allowance['id']}"
    now = datetime.now(UTC)

    async def report(used: int, minutes_ago: int, since: str = "2026-11-01") -> Any:
        measured_at = (now - timedelta(minutes=minutes_ago)).isoformat()
        body = {"used": used, "period_starts_on": since, "measured_at": measured_at}
        return (await made(staff, f"{here}/usage", **body)).get("used", 0)

    assert await report(150 * GB, 60) == 150 * GB
    assert await report(150 * GB, 60) == 150 * GB
    assert await report(120 * GB, 90) == 150 * GB, "counted before the last one"
    assert await report(210 * GB, 30) == 210 * GB
    assert await report(220 * GB, 20) == 220 * GB
    assert await report(1 * GB, 10, since="2026-10-01") == 220 * GB, "of the period before"
    assert await report(1 * GB, 5, since="2026-12-01") == 1 * GB, "a new period"
    fast = {"used": 1, "period_starts_on": "2026-12-01", "measured_at": "2199-01-01T00:00:00Z"}
    assert refused(await staff.post(f"{here}/usage", json=fast)) == (409, "in_the_future")
    # Counting is no change: whoever edits meanwhile meets no clash, and the history tells only of the cap.
    shown = (await staff.get(here)).json()
    assert (shown["version"], shown["used"]) == (1, 1 * GB)
    events = (await staff.get(f"{customer}/events")).json()["items"]
    kinds = [event["kind"] for event in events if event["kind"].startswith("allowances.")]
    assert kinds == ["allowances.used_up", "allowances.created"]


@pytest.mark.feature("F7.4")
async def test_a_ticket_passes_from_one_side_to_the_other_and_rests_when_closed(api: Api) -> None:
    staff = await api()
    customer = f"/v1/customers/{(await make_customer(staff)).id}"
    ticket = await made(staff, f"{customer}/tickets", subject="Wi-Fi drops out", body="Since Monday")
    assert ticket["opened_by"] == "Stan Staff"
    here = f"{customer}/tickets/{ticket['id']}"

    async def state() -> tuple[str, int]:
        shown = (await staff.get(here)).json()
        return shown.get("state", "open"), shown.get("reply_count", 0)

    await made(staff, f"{here}/replies", body="Ask the depot first", internal=True)
    assert await state() == ("open", 1)
    await made(staff, f"{here}/replies", body="A new router comes on Thursday")
    assert await state() == ("pending", 2)
    await made(staff, f"{here}/replies", body="It came, thanks", said_by="customer")
    assert await state() == ("open", 3)
    mixed = await staff.post(f"{here}/replies", json={"body": "x", "said_by": "customer", "internal": True})
    assert refused(mixed) == (409, "not_internal")
    closed = (await staff.post(f"{here}/close")).json()
    assert (closed["state"], "closed_at" in closed) == ("closed", True)
    late = await staff.post(f"{here}/replies", json={"body": "One more thing"})
    assert refused(late) == (409, "closed")
    assert "Reopen" in late.json()["detail"]
    summary = (await staff.get(f"{customer}?include=summary")).json()["summary"]
    assert "open_ticket_count" not in summary
    reopened = (await staff.post(f"{here}/reopen")).json()
    assert (reopened.get("state", "open"), "closed_at" in reopened) == ("open", False)
    await made(staff, f"{here}/replies", body="One more thing", said_by="customer")
    said = (await staff.get(f"{here}/replies")).json()["items"]
    assert [reply["body"] for reply in said][::3] == ["Ask the depot first", "One more thing"]
    assert (await staff.get(f"{customer}?include=summary")).json()["summary"]["open_ticket_count"] == 1
    events = (await staff.get(f"{customer}/events")).json()["items"]
    told = [(event["kind"], event["changes"][0].get("new")) for event in events]
    assert ("tickets.changed", "pending") in told
    for method, path in (("DELETE", here), ("DELETE", f"{here}/replies/{said[0]['id']}")):
        assert (await staff.request(method, path)).status_code == 405


@pytest.mark.feature("F7.4")
async def test_replies_on_the_ticket_of_somebody_else_are_not_there(api: Api) -> None:
    staff = await api()
    first, second = await make_customer(staff), await make_customer(staff, given_name="Ann")
    ticket = await made(staff, f"/v1/customers/{first.id}/tickets", subject="A", body="B")
    place = f"/v1/customers/{second.id}/tickets/{ticket['id']}/replies"
    assert (await staff.get(place)).status_code == 404
    assert (await staff.post(place, json={"body": "x"})).status_code == 404
