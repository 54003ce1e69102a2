"""Memberships over HTTP: who joins, what a payment brings, what leaving costs."""

from calendar import monthrange
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from server.store.database import Database
from tests.desk import make_customer
from tests.server.joining import EURO, FEE, JANUARY, Spa, open_spa
from tests.server.paying import ANY


@pytest.fixture
async def spa(database: Database) -> AsyncIterator[Spa]:
    """Give a spa that is still to be opened."""
    async with open_spa(database) as opened:
        yield opened


@pytest.mark.feature("F6.1")
async def test_a_membership_takes_over_what_the_plan_costs_that_day(spa: Spa) -> None:
    await spa.opened(minimum_months=6, cancellation_fee=FEE)
    people = (await spa.admin.get("/v1/staff")).json()["items"]
    made = await spa.joined(sold_by_id=people[0]["id"], note="Came with her sister", **JANUARY)
    await spa.admin.patch(f"/v1/plans/{spa.plan['id']}", json={"price": FEE}, headers=ANY)
    kept = (await spa.staff.get(f"{spa.place}/memberships/{made['id']}")).json()
    assert (kept["plan"], kept["price"], kept["state"]) == ("Spa 4", EURO, "active")
    assert (kept["started_on"], kept["next_payment_on"]) == ("2026-01-31", "2026-01-31")
    assert kept["sold_by_id"] == people[0]["id"]
    gone = await spa.admin.delete(f"/v1/plans/{spa.plan['id']}")
    assert (gone.status_code, gone.json()["code"]) == (409, "in_use")


@pytest.mark.feature("F6.1", "F2.3")
@pytest.mark.parametrize("change", [{"status": "inactive"}, {"status": "blocked"}, None])
async def test_only_new_and_active_customers_can_join_or_be_charged(
    spa: Spa, change: dict[str, str] | None
) -> None:
    await spa.opened()
    made = await spa.joined()
    if change is None:
        await spa.staff.post(f"{spa.place}/archive")
    else:
        await spa.staff.patch(spa.place, json=change, headers=ANY)
    answer = await spa.join()
    assert (answer.status_code, answer.json()["code"]) == (409, "customer_not_active")
    answer = await spa.staff.post(f"{spa.place}/memberships/{made['id']}/process")
    assert (answer.status_code, answer.json()["code"]) == (409, "customer_not_active")
    assert await spa.items(f"memberships/{made['id']}/payments") == []


async def test_nothing_comes_after_the_last_day_there_is(spa: Spa) -> None:
    await spa.opened(minimum_months=12)
    made = await spa.joined(started_on="9999-12-31", next_payment_on="9999-12-31")
    assert made["minimum_until"] == "9999-12-31"
    place = f"{spa.place}/memberships/{made['id']}"
    paid = await spa.staff.post(f"{place}/process")
    # What was taken is written down, whatever day comes next.
    assert (paid.status_code, paid.json()["next_payment_on"]) == (200, "9999-12-31"), paid.text
    assert [one["state"] for one in await spa.items(f"memberships/{made['id']}/payments")] == ["succeeded"]


@pytest.mark.feature("F6.2")
async def test_a_payment_brings_credits_moves_the_next_one_and_is_told(spa: Spa) -> None:
    await spa.opened()
    made = await spa.joined(**JANUARY)
    place = f"{spa.place}/memberships/{made['id']}"
    key = {"Idempotency-Key": "once"}
    first, again = [await spa.staff.post(f"{place}/process", headers=key) for _ in range(2)]
    assert first.status_code == again.status_code == 200, first.text
    assert first.json()["next_payment_on"] == again.json()["next_payment_on"] == "2026-02-28"
    assert first.json()["credits_left"] == 4
    (payment,) = await spa.items(f"memberships/{made['id']}/payments")
    assert (payment["state"], payment["amount"], payment["period_on"]) == ("succeeded", EURO, "2026-01-31")
    assert payment["actor"] == "Stan Staff"
    second = await spa.staff.post(f"{place}/process")
    assert second.json()["next_payment_on"] == "2026-03-31"
    assert [bought["amount"] for bought in await spa.items("purchases")] == [EURO, EURO]
    kinds = [event["kind"] for event in await spa.items("events")]
    assert kinds.count("memberships.paid") == 2


@pytest.mark.feature("F6.2")
async def test_a_declined_card_is_told_and_changes_nothing_else(spa: Spa) -> None:
    await spa.opened("declined")
    made = await spa.joined(**JANUARY)
    answer = await spa.staff.post(f"{spa.place}/memberships/{made['id']}/process")
    assert (answer.status_code, answer.json()["code"]) == (409, "payment_declined")
    (payment,) = await spa.items(f"memberships/{made['id']}/payments")
    assert payment["state"] == "failed"
    assert payment["reason"]
    kept = (await spa.items("memberships"))[0]
    assert (kept["next_payment_on"], kept.get("credits_left", 0)) == ("2026-01-31", 0)


@pytest.mark.feature("F6.2")
async def test_a_credit_changes_state_and_expiry(spa: Spa) -> None:
    await spa.opened()
    made = await spa.joined()
    place = f"{spa.place}/memberships/{made['id']}"
    await spa.staff.post(f"{place}/process")
    credit = (await spa.items(f"memberships/{made['id']}/credits"))[0]
    address = f"{place}/credits/{credit['id']}"
    used = await spa.staff.patch(address, json={"state": "used", "note": "Visit of 3 May"}, headers=ANY)
    assert used.json()["state"] == "used"
    assert (await spa.staff.get(place)).json()["credits_left"] == 3
    late = {"state": "available", "expires_on": "2020-01-01"}
    answer = await spa.staff.patch(address, json=late, headers=ANY)
    assert (answer.status_code, answer.json()["code"]) == (409, "expired")
    later = {"state": "available", "expires_on": "2099-01-01"}
    assert (await spa.staff.patch(address, json=later, headers=ANY)).json()["expires_on"] == "2099-01-01"


@pytest.mark.feature("F6.2")
async def test_leaving_within_the_minimum_term_costs_the_fee_as_an_invoice(spa: Spa) -> None:
    await spa.opened(minimum_months=60, cancellation_fee=FEE)
    made = await spa.joined()
    place = f"{spa.place}/memberships/{made['id']}"
    assert made["cancellation_fee"] == FEE
    waived = await spa.staff.post(f"{place}/cancel", json={"waive_fee": True})
    assert (waived.status_code, waived.json()["code"]) == (403, "fee_not_waived")
    assert "memberships:waive" not in (await spa.staff.get("/v1/")).json()["permissions"]
    assert "memberships:waive" in (await spa.admin.get("/v1/")).json()["permissions"]
    left = await spa.staff.post(f"{place}/cancel", json={"reason": "Moves away"})
    assert (left.json()["state"], left.json()["cancel_reason"]) == ("ended", "Moves away")
    (invoice,) = await spa.items("invoices")
    assert invoice["lines"][0]["description"] == "Cancellation fee, Spa 4"
    assert invoice["subtotal"] == FEE
    await spa.staff.post(f"{place}/cancel", json={})
    assert len(await spa.items("invoices")) == 1
    over = await spa.staff.post(f"{place}/process")
    assert (over.status_code, over.json()["code"]) == (409, "membership_over")


@pytest.mark.feature("F6.2")
async def test_after_the_minimum_term_leaving_is_free_and_what_was_paid_for_runs_on(spa: Spa) -> None:
    await spa.opened(minimum_months=1, cancellation_fee=FEE)
    made = await spa.joined(started_on="2026-01-05", next_payment_on="2099-01-05")
    left = await spa.staff.post(f"{spa.place}/memberships/{made['id']}/cancel", json={})
    assert (left.json()["state"], left.json()["ends_on"]) == ("cancelled", "2099-01-05")
    assert await spa.items("invoices") == []


@pytest.mark.feature("F6.2")
async def test_a_card_of_somebody_else_is_refused(spa: Spa) -> None:
    await spa.opened()
    made = await spa.joined()
    other = await make_customer(spa.staff)
    card = await spa.staff.post(f"/v1/customers/{other.id}/payment-methods", json={"token": "tok_visa"})
    change = {"payment_method_id": card.json()["id"]}
    answer = await spa.staff.patch(f"{spa.place}/memberships/{made['id']}", json=change, headers=ANY)
    assert (answer.status_code, answer.json()["code"]) == (409, "unknown_reference")


@pytest.mark.feature("F6.1")
async def test_what_is_left_out_is_who_adds_it_and_a_first_day_that_is_not_over(spa: Spa) -> None:
    await spa.opened()
    me = (await spa.staff.get("/v1/me")).json()
    made = await spa.joined(started_on="2019-01-31")
    assert made["sold_by_id"] == me["id"]
    first = date.fromisoformat(made["next_payment_on"])
    today = datetime.now(UTC).date()
    assert today <= first <= today + timedelta(days=31)
    assert first.day == monthrange(first.year, first.month)[1]


@pytest.mark.feature("F6.2")
async def test_a_payment_that_was_moved_stays_on_its_new_day(spa: Spa) -> None:
    await spa.opened()
    made = await spa.joined(**JANUARY)
    place = f"{spa.place}/memberships/{made['id']}"
    await spa.staff.patch(place, json={"next_payment_on": "2026-03-15"}, headers=ANY)
    days = [(await spa.staff.post(f"{place}/process")).json()["next_payment_on"] for _ in range(2)]
    assert days == ["2026-04-15", "2026-05-15"]


@pytest.mark.feature("F6.2")
async def test_two_who_ask_at_once_pay_one_period(spa: Spa) -> None:
    await spa.opened()
    made = await spa.joined(**JANUARY)
    place = f"{spa.place}/memberships/{made['id']}"
    seen = {"If-Match": f'"{made["version"]}"'}
    answers = [await spa.staff.post(f"{place}/process", headers=seen) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 412]
    assert len(await spa.items(f"memberships/{made['id']}/payments")) == 1


@pytest.mark.feature("F6.2", "F2.1")
async def test_the_summary_tells_of_memberships_that_are_not_over(spa: Spa) -> None:
    await spa.opened()
    made = [await spa.joined(next_payment_on=day) for day in ("2099-01-05", "2026-01-05")]
    await spa.staff.post(f"{spa.place}/memberships/{made[0]['id']}/process")
    await spa.staff.post(f"{spa.place}/memberships/{made[1]['id']}/cancel", json={})
    document = (await spa.staff.get(spa.place, params={"include": "summary"})).json()
    told = {"plan": "Spa 4", "state": "active", "credits_left": 4, "next_payment_on": "2099-02-05"}
    assert document["summary"]["memberships"] == [told]
