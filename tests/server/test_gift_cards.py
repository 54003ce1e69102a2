"""Gift cards and rewards over HTTP: nothing is spent that is not there."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from server.store.database import Database
from tests.desk import SETTINGS, make_customer, open_desk
from tests.server.paying import new_place

Api = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.mark.feature("F6.3")
async def test_a_gift_card_never_gives_more_than_is_left(api: Api) -> None:
    staff = await api("staff")
    place = await new_place(staff)
    fifty = {"amount": "50.00", "currency": "EUR"}
    card = (await staff.post(f"{place}/gift-cards", json={"amount": fifty})).json()
    assert card["balance"] == fifty
    assert len(card["code"]) == 12
    over = {"amount": fifty, "bought_on": "2026-05-02", "expires_on": "2026-05-01"}
    refused = await staff.post(f"{place}/gift-cards", json=over)
    assert refused.json()["errors"][0]["pointer"] == "/expires_on"
    use = f"{place}/gift-cards/{card['id']}/use"

    async def take(amount: str, currency: str = "EUR") -> httpx.Response:
        sent = {"amount": {"amount": amount, "currency": currency}, "reason": "Invoice 2041"}
        return await staff.post(use, json=sent)

    taken = (await take("20.10")).json()
    assert (taken["balance"]["amount"], taken["last_use"]) == ("29.90", "Invoice 2041")
    events = (await staff.get(f"{place}/events")).json()["items"]
    assert ("gift-cards.used", "/last_use", "Invoice 2041") in [
        (event["kind"], change["field"], change.get("new")) for event in events for change in event["changes"]
    ]
    assert (await take("29.91")).json()["code"] == "not_enough"
    assert (await take("-20.11")).json()["code"] == "too_much"
    assert (await take("1", "USD")).json()["errors"][0]["code"] == "mixed_currencies"
    assert (await take("29.90")).json()["balance"]["amount"] == "0.00"


@pytest.mark.feature("F6.4")
async def test_rewards_are_earned_used_and_never_below_nothing(api: Api) -> None:
    staff = await api("staff")
    place = await new_place(staff)

    async def enter(kind: str, amount: str) -> httpx.Response:
        sent = {"kind": kind, "amount": {"amount": amount, "currency": "EUR"}, "about": "Brought 1055"}
        return await staff.post(f"{place}/rewards", json=sent)

    assert (await enter("earned", "15.00")).status_code == 201
    assert (await enter("used", "15.01")).json()["code"] == "not_enough"
    assert (await enter("used", "5.00")).status_code == 201
    document = (await staff.get(place, params={"include": "reward_account,rewards"})).json()
    assert document["reward_account"]["balances"] == [{"amount": "10.00", "currency": "EUR"}]
    assert document["reward_account"]["code"] == f"FRIEND-{document['number']}"
    assert [entry["kind"] for entry in document["rewards"]["items"]] == ["used", "earned"]


@pytest.mark.feature("F6.3", "F6.4")
async def test_those_who_spend_the_same_money_at_once_spend_it_once(api: Api) -> None:
    staff = await api("staff")
    place = await new_place(staff)
    ten = {"amount": "10.00", "currency": "EUR"}
    card = (await staff.post(f"{place}/gift-cards", json={"amount": ten})).json()
    await staff.post(f"{place}/rewards", json={"kind": "earned", "amount": ten})
    for path, sent in (
        (f"gift-cards/{card['id']}/use", {"amount": ten, "reason": "Tea"}),
        ("rewards", {"kind": "used", "amount": ten}),
    ):
        answers = await asyncio.gather(*(staff.post(f"{place}/{path}", json=sent) for _ in range(4)))
        assert sorted(answer.is_success for answer in answers) == [False, False, False, True]
        assert {answer.json()["code"] for answer in answers if not answer.is_success} == {"not_enough"}


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
