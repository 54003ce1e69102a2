"""Invoices: exact sums, numbers without gaps, and settled ones that never change. On both databases."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.models.invoice import InvoiceLine, sums_of
from client.models.money import Money, digits_of
from server.payments.demo import DemoProvider
from server.payments.provider import ProviderSilent
from server.store.clock import now
from server.store.database import Database
from tests.desk import Desk
from tests.server.paying import ANY, add_card, new_place, paying_desk, refusal

Api = Callable[..., Awaitable[httpx.AsyncClient]]

pytestmark = pytest.mark.feature("F5.4")


def line(price: str, quantity: str = "1", currency: str = "EUR", what: str = "Cleaning") -> dict[str, Any]:
    return {
        "description": what,
        "quantity": quantity,
        "unit_price": {"amount": price, "currency": currency},
    }


async def invoice(
    client: httpx.AsyncClient, place: str, *lines: dict[str, Any], **more: Any
) -> dict[str, Any]:
    answer = await client.post(f"{place}/invoices", json={"lines": list(lines or [line("40.00")]), **more})
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def plain(value: dict[str, str]) -> str:
    return f"{value['amount']} {value['currency']}"


LINES = st.lists(
    st.tuples(st.integers(0, 10**7), st.integers(-(10**6), 10**9)), min_size=1, max_size=8
)  # fmt: skip


@given(lines=LINES, percent=st.integers(0, 10**6), currency=st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_every_line_and_the_tax_are_rounded_half_up_to_the_smallest_unit(
    lines: list[tuple[int, int]], percent: int, currency: str
) -> None:
    digits = digits_of(currency)
    unit = Decimal(1).scaleb(-digits)
    given_lines = [
        InvoiceLine(
            description="x",
            quantity=f"{Decimal(quantity).scaleb(-4):f}",
            unit_price=Money(amount=f"{Decimal(price).scaleb(-digits):f}", currency=currency),
        )
        for quantity, price in lines
    ]
    rate = f"{Decimal(percent).scaleb(-4):f}"
    sums = sums_of(given_lines, rate)
    exact = [
        (Decimal(quantity).scaleb(-4) * Decimal(price).scaleb(-digits)).quantize(unit, ROUND_HALF_UP)
        for quantity, price in lines
    ]
    assert sums.subtotal.exact == sum(exact)
    assert sums.tax.exact == (sum(exact) * Decimal(rate) / 100).quantize(unit, ROUND_HALF_UP)
    assert sums.total.exact == sums.subtotal.exact + sums.tax.exact
    assert sums.total.minor == int(sums.total.exact.scaleb(digits))
    for amount in (sums.subtotal.amount, sums.tax.amount, sums.total.amount):
        assert len(amount.partition(".")[2]) == digits


async def test_the_server_adds_up_and_numbers_in_sequence(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    await admin.post(
        "/v1/tax-rates", json={"name": "VAT", "percent": "19", "country": "DE", "is_standard": True}
    )
    home = {"type": "home", "city": "Berlin", "country": "DE"}
    place = await new_place(staff, addresses=[home])
    first = await invoice(staff, place, line("33.33", "0.5"), line("10.05", "3", what="Windows"))
    assert [plain(first[name]) for name in ("subtotal", "tax", "total")] == [
        "46.82 EUR",
        "8.90 EUR",
        "55.72 EUR",
    ]
    assert (first["number"], first["tax_name"], first["tax_percent"]) == (1, "VAT", "19")
    assert first["due_on"] > first["issued_on"]
    refused = await staff.post(f"{place}/invoices", json={"lines": [line("1.00"), line("1", currency="JPY")]})
    assert refusal(refused) == (422, "invalid")
    assert refused.json()["errors"][0]["code"] == "mixed_currencies"
    yen = await invoice(staff, place, line("1250", "1.5", "JPY"))
    assert (yen["number"], plain(yen["subtotal"]), plain(yen["tax"])) == (2, "1875 JPY", "356 JPY")
    changed = await staff.patch(
        f"{place}/invoices/{yen['id']}", json={"lines": [line("100", "1", "JPY")]}, headers=ANY
    )
    assert plain(changed.json()["total"]) == "119 JPY"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"lines": []}, "missing"),
        ({"lines": [line("-1.00")]}, "out_of_range"),
        ({"lines": [line("1.001")]}, "too_exact"),
        ({"lines": [line("1.00", "1e3")]}, "not_an_amount"),
        ({"lines": [line("1.00")], "issued_on": "2026-03-02", "due_on": "2026-03-01"}, "too_early"),
        ({"lines": [line("999999999999.00", "1000000")]}, "out_of_range"),
        ({"lines": [{"description": " ", "unit_price": {"amount": "1", "currency": "EUR"}}]}, "blank"),
    ],
)
async def test_what_does_not_add_up_is_refused(
    sqlite_database: Database, body: dict[str, Any], code: str
) -> None:
    with paying_desk(sqlite_database) as (desk, _):
        async with desk.client() as staff:
            answer = await staff.post(f"{await new_place(staff)}/invoices", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


async def test_a_settled_invoice_never_changes_and_none_is_removed(api: Api) -> None:
    staff = await api()
    place = await new_place(staff)
    paid, void = await invoice(staff, place), await invoice(staff, place)
    body = {"paid_on": "2026-03-09", "paid_by": "transfer"}
    for _ in range(2):
        answer = await staff.post(f"{place}/invoices/{paid['id']}/mark-paid", json=body)
        assert (answer.status_code, answer.json()["state"], answer.json()["version"]) == (200, "paid", 2)
    voided = await staff.post(f"{place}/invoices/{void['id']}/void", json={"reason": "Written twice"})
    assert (voided.json()["state"], voided.json()["void_reason"]) == ("void", "Written twice")
    for path, method, sent in (
        (paid["id"], "PATCH", {"note": "Hello"}),
        (f"{paid['id']}/void", "POST", {"reason": "Mistake"}),
        (f"{void['id']}/mark-paid", "POST", body),
        (void["id"], "PATCH", {"lines": [line("1.00")]}),
    ):
        answer = await staff.request(
            method, f"{place}/invoices/{path}", json=sent, headers=ANY if method == "PATCH" else {}
        )
        assert refusal(answer) == (409, "invoice_settled")
    assert (await staff.delete(f"{place}/invoices/{void['id']}")).status_code == 405
    incomplete = await staff.post(f"{place}/invoices/{paid['id']}/mark-paid", json={"paid_by": "cash"})
    assert refusal(incomplete) == (422, "invalid")


@pytest.mark.feature("F5.5", "F5.6")
async def test_what_is_paid_is_a_purchase_and_sums_are_told_with_the_customer(api: Api) -> None:
    staff = await api()
    place = await new_place(staff)
    today = now().date().isoformat()
    first = await invoice(staff, place, line("40.00"), line("2.50", what="Soap"))
    await invoice(staff, place, line("10.00"), issued_on="2026-01-02", due_on="2026-01-16")
    await invoice(staff, place, line("7.000", currency="KWD"))
    await staff.post(f"{place}/invoices/{first['id']}/mark-paid", json={"paid_on": today, "paid_by": "cash"})
    gift = {"what": "Gift basket", "amount": {"amount": "7.50", "currency": "EUR"}, "bought_on": "2020-05-01"}
    made = (await staff.post(f"{place}/purchases", json=gift)).json()
    seen = (await staff.get(f"{place}?include=purchases,spending,summary")).json()
    bought = seen["purchases"]["items"]
    assert [(one["what"], plain(one["amount"])) for one in bought] == [
        ("Cleaning and 1 more", "42.50 EUR"),
        ("Gift basket", "7.50 EUR"),
    ]
    assert bought[0]["invoice_id"] == first["id"]
    spending, summary = seen["spending"], seen["summary"]
    assert [plain(one) for one in spending["spent"]] == ["50.00 EUR"]
    assert len(spending["months"]) == 12
    assert (spending["months"][-1]["month"], plain(spending["months"][-1]["amount"])) == (
        today[:7],
        "42.50 EUR",
    )
    assert plain(spending["months"][0]["amount"]) == "0.00 EUR"
    assert [plain(one) for one in spending["balance"]] == ["10.00 EUR", "7.000 KWD"]
    assert [plain(one) for one in spending["overdue"]] == ["10.00 EUR"]
    assert (summary["overdue"], summary["balance"]) == (True, spending["balance"])
    for method, sent in (("PATCH", {"what": "x"}), ("DELETE", None)):
        answer = await staff.request(
            method, f"{place}/purchases/{bought[0]['id']}", json=sent, headers=ANY if sent else {}
        )
        assert refusal(answer) == (409, "of_invoice")
    assert (await staff.delete(f"{place}/purchases/{made['id']}")).status_code == 204


@pytest.fixture
def paying(database: Database) -> Iterator[tuple[Desk, DemoProvider]]:
    with paying_desk(database) as opened:
        yield opened


async def test_a_card_is_charged_once_for_an_invoice(paying: tuple[Desk, DemoProvider]) -> None:
    desk, provider = paying
    async with desk.client() as staff:
        place = await new_place(staff)
        one = await invoice(staff, place)
        path = f"{place}/invoices/{one['id']}/charge"
        assert refusal(await staff.post(path, json={})) == (409, "no_payment_method")
        await add_card(staff, place)
        key = {"Idempotency-Key": "once"}
        for _ in range(3):
            answer = await staff.post(path, json={}, headers=key)
            assert (answer.status_code, answer.json()["state"]) == (200, "paid"), answer.text
        assert answer.json()["paid_by"] == "card"
        assert refusal(await staff.post(path, json={})) == (409, "invoice_settled")
        purchases = (await staff.get(f"{place}/purchases")).json()
    assert [amount for _, amount in provider.charged] == [{"amount": "40.00", "currency": "EUR"}]
    assert purchases["total"] == 1


async def test_a_key_that_paid_one_invoice_pays_no_other(paying: tuple[Desk, DemoProvider]) -> None:
    desk, provider = paying
    async with desk.client() as staff:
        place = await new_place(staff)
        one, other = await invoice(staff, place), await invoice(staff, place)
        await add_card(staff, place)
        key = {"Idempotency-Key": "the-same"}
        paid = await staff.post(f"{place}/invoices/{one['id']}/charge", json={}, headers=key)
        assert paid.status_code == 200, paid.text
        again = await staff.post(f"{place}/invoices/{other['id']}/charge", json={}, headers=key)
        assert refusal(again) == (422, "idempotency_reused")
        card = (await staff.get(f"{place}/payment-methods")).json()["items"][0]["id"]
        body = {"payment_method_id": card}
        again = await staff.post(f"{place}/invoices/{one['id']}/charge", json=body, headers=key)
        assert refusal(again) == (422, "idempotency_reused"), "it asked for something else"
        assert (await staff.get(f"{place}/invoices/{other['id']}")).json().get("state", "open") == "open"
    assert len(provider.charged) == 1


async def test_a_key_pays_one_of_two_invoices_at_the_same_moment(paying: tuple[Desk, DemoProvider]) -> None:
    desk, provider = paying
    async with desk.client() as staff:
        place = await new_place(staff)
        await add_card(staff, place)
        for moment in range(5):
            two = [await invoice(staff, place) for _ in range(2)]
            key = {"Idempotency-Key": f"moment-{moment}"}
            paths = [f"{place}/invoices/{one['id']}/charge" for one in two]
            answers = await asyncio.gather(*(staff.post(path, json={}, headers=key) for path in paths))
            assert sorted(answer.status_code for answer in answers) == [200, 422], moment
            assert len(provider.charged) == moment + 1


async def test_a_declined_card_leaves_the_invoice_open(paying: tuple[Desk, DemoProvider]) -> None:
    desk, _ = paying
    async with desk.client() as staff:
        place = await new_place(staff)
        one, card = await invoice(staff, place), await add_card(staff, place, "insufficient")
        path = f"{place}/invoices/{one['id']}"
        answer = await staff.post(f"{path}/charge", json={"payment_method_id": card["id"]})
        assert refusal(answer) == (409, "payment_declined")
        assert "not enough money" in answer.json()["detail"]
        assert (await staff.get(path)).json().get("state", "open") == "open"
        await add_card(staff, place, "mastercard")
        fine = await staff.post(f"{path}/charge", json={})
        assert refusal(fine) == (409, "payment_declined"), "the first card is still the default one"


async def test_a_charge_whose_answer_was_lost_is_finished_and_taken_once(
    paying: tuple[Desk, DemoProvider], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, provider = paying
    charging = desk.app.state.charging
    real = charging.provider.charge

    async def lost(*arguments: Any) -> Any:
        await real(*arguments)
        raise ProviderSilent

    async with desk.client() as staff:
        place = await new_place(staff)
        one = await invoice(staff, place)
        await add_card(staff, place)
        path = f"{place}/invoices/{one['id']}"
        monkeypatch.setattr(charging.provider, "charge", lost)
        answer = await staff.post(f"{path}/charge", json={})
        assert refusal(answer) == (503, "payment_unknown")
        monkeypatch.undo()
        for step, body in (("charge", {}), ("void", {"reason": "x"})):
            assert refusal(await staff.post(f"{path}/{step}", json=body)) == (409, "payment_running")
        assert await charging.resume(now()) == 0, "whoever began it may still be at it"
        assert await charging.resume(now().replace(year=now().year + 1)) == 1
        settled = (await staff.get(path)).json()
        told = (await staff.get(f"{place}/events")).json()["items"]
    assert settled["state"] == "paid"
    assert len(provider.charged) == 1
    assert [event["actor"] for event in told if event["kind"] == "invoices.paid"] == ["the server"]
