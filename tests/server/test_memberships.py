"""Memberships over HTTP: who joins, what a payment brings, what leaving costs; gift cards and rewards."""

from calendar import monthrange
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from server.memberships_due import settle_due
from server.payments.charging import Charging
from server.payments.demo import DemoProvider, demo_provider
from server.payments.http import HttpProvider
from server.routes.settling import SETTLERS
from server.store.clock import now
from server.store.database import Database
from server.store.tables import charges
from tests.desk import MERGE_PATCH, SETTINGS, Desk, make_customer, open_desk

ANY = MERGE_PATCH | {"If-Match": "*"}
EURO = {"amount": "89.00", "currency": "EUR"}
FEE = {"amount": "40.00", "currency": "EUR"}
JANUARY = {"started_on": "2026-01-31", "next_payment_on": "2026-01-31"}


@pytest.fixture(scope="module")
def provider() -> Iterator[DemoProvider]:
    """Give a payment provider of made-up money."""
    with demo_provider() as running:
        yield running


@pytest.fixture
def paid_desk(database: Database, provider: DemoProvider) -> Desk:
    """Give a desk with a payment provider."""
    told = {"payments_url": provider.url, "payments_secret": provider.secret}
    return open_desk(database, SETTINGS.model_copy(update=told))


@pytest.fixture
async def staff(paid_desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client that is signed in as staff."""
    async with paid_desk.client("staff") as client:
        yield client


@pytest.fixture
async def admin(paid_desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client that is signed in as admin."""
    async with paid_desk.client("admin") as client:
        yield client


class Spa:
    """A plan, a branch and a customer with a card."""

    def __init__(self, staff: httpx.AsyncClient, admin: httpx.AsyncClient) -> None:
        self.staff = staff
        self.admin = admin
        self.plan: dict[str, Any] = {}
        self.branch_id = ""
        self.customer_id = ""

    async def opened(self, token: str = "tok_visa", **plan: Any) -> "Spa":  # noqa: S107 - a name of a test card
        members = {"name": "Spa 4", "price": EURO, "credit": "Massage", "credits": 4, "credit_days": 90}
        answer = await self.admin.post("/v1/plans", json=members | plan)
        assert answer.status_code == 201, answer.text
        self.plan = answer.json()
        self.branch_id = (await self.admin.post("/v1/branches", json={"name": "Quay"})).json()["id"]
        self.customer_id = (await make_customer(self.staff)).id
        if token:
            card = await self.staff.post(f"{self.place}/payment-methods", json={"token": token})
            assert card.status_code == 201, card.text
        return self

    @property
    def place(self) -> str:
        return f"/v1/customers/{self.customer_id}"

    async def join(self, **members: Any) -> httpx.Response:
        sent = {"plan_id": self.plan["id"], "branch_id": self.branch_id} | members
        return await self.staff.post(f"{self.place}/memberships", json=sent)

    async def joined(self, **members: Any) -> dict[str, Any]:
        answer = await self.join(**members)
        assert answer.status_code == 201, answer.text
        return answer.json()  # type: ignore[no-any-return]

    async def items(self, path: str) -> list[dict[str, Any]]:
        return (await self.staff.get(f"{self.place}/{path}")).json()["items"]  # type: ignore[no-any-return]


@pytest.fixture
def spa(staff: httpx.AsyncClient, admin: httpx.AsyncClient) -> Spa:
    """Give a spa that is still to be opened."""
    return Spa(staff, admin)


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
    await spa.opened("tok_declined")
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


@pytest.mark.feature("F6.2")
async def test_payments_are_taken_on_their_day_once_and_credits_expire(spa: Spa, paid_desk: Desk) -> None:
    await spa.opened()
    made = await spa.joined(**JANUARY)
    charging, database = paid_desk.app.state.charging, paid_desk.database
    day = datetime(2026, 2, 1, 12, tzinfo=UTC)
    for _ in range(2):
        await settle_due(database, charging, day)
    (payment,) = await spa.items(f"memberships/{made['id']}/payments")
    assert (payment["state"], payment["period_on"], payment["actor"]) == (
        "succeeded",
        "2026-01-31",
        "the server",
    )
    assert (await spa.items("memberships"))[0]["next_payment_on"] == "2026-02-28"
    credits_before = await spa.items(f"memberships/{made['id']}/credits")
    assert {credit["state"] for credit in credits_before} == {"available"}
    # Whoever is inactive is left alone: the day passes, and credits that nobody used in time expire.
    await spa.staff.patch(spa.place, json={"status": "inactive"}, headers=ANY)
    await settle_due(database, charging, datetime(2026, 5, 20, 12, tzinfo=UTC))
    assert len(await spa.items(f"memberships/{made['id']}/payments")) == 1
    assert (await spa.items("memberships"))[0]["next_payment_on"] == "2026-03-31"
    credits_after = await spa.items(f"memberships/{made['id']}/credits")
    assert {credit["state"] for credit in credits_after} == {"expired"}


@pytest.mark.feature("F6.2")
async def test_a_day_without_a_card_is_told_once(spa: Spa, paid_desk: Desk) -> None:
    await spa.opened("")
    made = await spa.joined(**JANUARY)
    for _ in range(2):
        await settle_due(paid_desk.database, paid_desk.app.state.charging, datetime(2026, 2, 1, tzinfo=UTC))
    (payment,) = await spa.items(f"memberships/{made['id']}/payments")
    assert (payment["state"], payment["actor"]) == ("failed", "the server")
    assert "no payment method" in payment["reason"]


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


@pytest.mark.feature("F6.2")
async def test_a_try_before_the_day_leaves_the_day_its_own(spa: Spa, paid_desk: Desk) -> None:
    await spa.opened("tok_declined")
    made = await spa.joined(**JANUARY)
    await spa.staff.post(f"{spa.place}/memberships/{made['id']}/process")
    card = await spa.staff.post(f"{spa.place}/payment-methods", json={"token": "tok_amex"})
    change = {"payment_method_id": card.json()["id"]}
    await spa.staff.patch(f"{spa.place}/memberships/{made['id']}", json=change, headers=ANY)
    await settle_due(paid_desk.database, paid_desk.app.state.charging, datetime(2026, 1, 31, 12, tzinfo=UTC))
    payments = await spa.items(f"memberships/{made['id']}/payments")
    assert [(one["state"], one["actor"]) for one in payments] == [
        ("succeeded", "the server"),
        ("failed", "Stan Staff"),
    ]


@pytest.mark.feature("F6.2")
async def test_a_silent_provider_is_asked_once_and_what_was_begun_is_finished_later(
    spa: Spa, paid_desk: Desk
) -> None:
    await spa.opened()
    made = [await spa.joined(**JANUARY) for _ in range(2)]
    database = paid_desk.database
    nobody = Charging(database, HttpProvider("http://127.0.0.1:9", "unheard"), SETTLERS)
    await settle_due(database, nobody, datetime(2026, 1, 31, 12, tzinfo=UTC))
    begun = await database.read(lambda work: [one.subject_id for one in work.execute(select(charges))])
    assert begun == [made[0]["id"]]
    # What is under way can be neither cancelled nor paid once more meanwhile.
    place = f"{spa.place}/memberships/{made[0]['id']}"
    for act in ("cancel", "process"):
        answer = await spa.staff.post(f"{place}/{act}", json={})
        assert (answer.status_code, answer.json()["code"]) == (409, "payment_running")
    for _ in range(2):
        await paid_desk.app.state.charging.resume(now() + timedelta(minutes=3))
    kept = (await spa.staff.get(place)).json()
    assert (kept["next_payment_on"], kept["credits_left"]) == ("2026-02-28", 4)
    (payment,) = await spa.items(f"memberships/{made[0]['id']}/payments")
    assert (payment["state"], payment["actor"]) == ("succeeded", "the server")


@pytest.mark.feature("F6.2", "F2.1")
async def test_the_summary_tells_of_memberships_that_are_not_over(spa: Spa) -> None:
    await spa.opened()
    made = [await spa.joined(next_payment_on=day) for day in ("2099-01-05", "2026-01-05")]
    await spa.staff.post(f"{spa.place}/memberships/{made[0]['id']}/process")
    await spa.staff.post(f"{spa.place}/memberships/{made[1]['id']}/cancel", json={})
    document = (await spa.staff.get(spa.place, params={"include": "summary"})).json()
    told = {"plan": "Spa 4", "state": "active", "credits_left": 4, "next_payment_on": "2099-02-05"}
    assert document["summary"]["memberships"] == [told]


@pytest.mark.feature("F6.2")
async def test_what_was_cancelled_ends_on_its_last_day(spa: Spa, paid_desk: Desk) -> None:
    await spa.opened()
    made = await spa.joined(next_payment_on="2099-01-05")
    await spa.staff.post(f"{spa.place}/memberships/{made['id']}/cancel", json={})
    await settle_due(paid_desk.database, None, datetime(2099, 1, 6, tzinfo=UTC))
    assert (await spa.items("memberships"))[0]["state"] == "ended"


@pytest.mark.feature("F6.3")
async def test_a_gift_card_never_gives_more_than_is_left(spa: Spa) -> None:
    await spa.opened("")
    fifty = {"amount": "50.00", "currency": "EUR"}
    card = (await spa.staff.post(f"{spa.place}/gift-cards", json={"amount": fifty})).json()
    assert card["balance"] == fifty
    assert len(card["code"]) == 12
    use = f"{spa.place}/gift-cards/{card['id']}/use"

    async def take(amount: str, currency: str = "EUR") -> httpx.Response:
        sent = {"amount": {"amount": amount, "currency": currency}, "reason": "Invoice 2041"}
        return await spa.staff.post(use, json=sent)

    taken = (await take("20.10")).json()
    assert (taken["balance"]["amount"], taken["last_use"]) == ("29.90", "Invoice 2041")
    events = await spa.items("events")
    assert ("gift-cards.used", "/last_use", "Invoice 2041") in [
        (event["kind"], change["field"], change.get("new")) for event in events for change in event["changes"]
    ]
    assert (await take("29.91")).json()["code"] == "not_enough"
    assert (await take("-20.11")).json()["code"] == "too_much"
    assert (await take("1", "USD")).json()["errors"][0]["code"] == "mixed_currencies"
    assert (await take("29.90")).json()["balance"]["amount"] == "0.00"


@pytest.mark.feature("F6.4")
async def test_rewards_are_earned_used_and_never_below_nothing(spa: Spa) -> None:
    await spa.opened("")

    async def enter(kind: str, amount: str) -> httpx.Response:
        sent = {"kind": kind, "amount": {"amount": amount, "currency": "EUR"}, "about": "Brought 1055"}
        return await spa.staff.post(f"{spa.place}/rewards", json=sent)

    assert (await enter("earned", "15.00")).status_code == 201
    assert (await enter("used", "15.01")).json()["code"] == "not_enough"
    assert (await enter("used", "5.00")).status_code == 201
    document = (await spa.staff.get(spa.place, params={"include": "reward_account,rewards"})).json()
    assert document["reward_account"]["balances"] == [{"amount": "10.00", "currency": "EUR"}]
    assert document["reward_account"]["code"] == f"FRIEND-{document['number']}"
    assert [entry["kind"] for entry in document["rewards"]["items"]] == ["used", "earned"]


@pytest.mark.feature("F6.4", "F12.4")
async def test_a_server_without_rewards_has_nothing_of_them(database: Database) -> None:
    desk = open_desk(database, SETTINGS.model_copy(update={"without": "referral_rewards"}))
    async with desk.client("admin") as admin:
        customer = await make_customer(admin)
        assert (await admin.get(f"/v1/customers/{customer.id}/rewards")).status_code == 404
        service = (await admin.get("/v1/")).json()
        assert "referral_rewards" not in service["features"]
        assert not any(word.startswith("rewards:") for word in service["permissions"])
        include = {"include": "reward_account"}
        assert (await admin.get(f"/v1/customers/{customer.id}", params=include)).json().get(
            "reward_account", {}
        ) == {}
