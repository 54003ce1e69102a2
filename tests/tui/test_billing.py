"""The Billing tab by keyboard: cards, invoices, taxes, subscriptions, against a real server and provider."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from client.models.money import Money
from client.models.purchase import Spending, SpentInMonth
from tests.fixtures import Template
from tests.live import LiveServer, live
from tests.tui.desks import Person, at_desk
from tui.forms.formats import Formats
from tui.tabs.spending import ChartPart, DebtPart, bars
from tui.terminal.glyphs import ascii_stand_in

TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def office(sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    url = sqlite_template.copy(tmp_path_factory.mktemp("billing"))
    with live(url, demo_payments=True, currency="GBP") as server:
        with server.client("admin") as admin:
            for rate in (
                {"name": "VAT 20 %", "percent": "20", "country": "GB", "is_standard": True},
                {"name": "Reduced", "percent": "5", "country": "GB"},
            ):
                assert admin.post("/v1/tax-rates", json=rate).status_code == 201
        yield server


def new_customer(office: LiveServer, **members: Any) -> str:
    with office.client() as staff:
        body = {"given_name": "Joanna", "family_name": "Byrne", "addresses": [{"country": "GB"}]}
        return str(staff.post("/v1/customers", json=body | members).json()["id"])


def ask(office: LiveServer, path: str) -> Any:
    with office.client() as staff:
        return staff.get(f"/v1/customers/{path}").json()


def kept_below(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def to_billing(person: Person) -> None:
    titles = person.screen.splitlines()[2]
    await person.press(titles[titles.index("Bill") - 2])
    await person.sees("Balance")


async def down_to(person: Person, text: str) -> None:
    """Move the marker to the row with a text."""
    await person.press("home")
    for _ in range(40):
        marked = next((line for line in person.screen.splitlines() if line.startswith("▸")), "")
        if text in marked:
            return
        await person.press("down")
    raise AssertionError(f"No row {text!r}:\n{person.screen}")


@pytest.mark.feature("F5.1")
async def test_a_token_makes_a_card_and_a_card_number_does_not_leave_the_form(
    office: LiveServer, tmp_path: Path
) -> None:
    customer_id = new_customer(office)
    async with at_desk(office, tmp_path, open_customer=customer_id) as person:
        await to_billing(person)
        await down_to(person, "No payment methods")
        await person.press("a")
        await person.sees("▸  Token")
        await person.type("4242 42424242 4242")
        await person.press("f2")
        await person.sees("This looks like a card number")
        assert person.screen.count("This looks like a card number") == 1, "it is said twice"
        await person.sees("Not yet: look at Token.")
        assert ask(office, f"{customer_id}/payment-methods")["items"] == []
        await person.press("escape")
        await person.sees_no("This looks like")
        await person.sees("not saved; what you typed is not kept.")
        assert b"4242" not in kept_below(tmp_path), "what was typed is on disk"
        for token in ("tok_visa", "tok_mastercard"):
            await person.press("a")
            await person.sees("▸  Token")
            await person.type(token)
            await person.press("f2")
            await person.sees({"tok_visa": "…4242", "tok_mastercard": "…4444"}[token])
        await down_to(person, "Mastercard")
        await person.press("f")
        await person.sees("This card is charged from now on")
        await person.press("d")
        await person.sees("The payment provider forgets it too")
        await person.type("4444")
        await person.press("enter")
        await person.sees("Removed Mastercard")
    [left] = ask(office, f"{customer_id}/payment-methods")["items"]
    assert (left["last4"], left["is_default"]) == ("4242", True)


@pytest.mark.feature("F5.1")
async def test_a_card_typed_on_the_providers_page_comes_by_a_key(office: LiveServer, tmp_path: Path) -> None:
    customer_id = new_customer(office)
    async with at_desk(office, tmp_path, open_customer=customer_id) as person:
        await to_billing(person)
        await down_to(person, "No payment methods")
        await person.press("i")
        await person.sees("This page is the payment provider's")
        url = next(line.strip() for line in person.screen.splitlines() if "/pages/" in line)
        async with httpx.AsyncClient() as customer:
            await customer.post(url, data={"token": "tok_amex"})
        await person.press("escape", "g")
        await person.sees("…0005")
        assert person.status == "One card has come."


@pytest.mark.feature("F5.4", "F5.6")
async def test_an_invoice_is_written_opened_paid_and_shown_in_the_chart(
    office: LiveServer, tmp_path: Path
) -> None:
    customer_id = new_customer(office)
    async with at_desk(office, tmp_path, open_customer=customer_id) as person:
        await to_billing(person)
        await down_to(person, "No invoices")
        await person.press("a")
        await person.sees("▸  Date")
        await person.press("tab", "tab", "tab")
        await person.press("a")
        await person.sees("What is paid for")
        await person.type("Panes, all")
        await person.press("enter")
        await person.type("1.5")  # over the 1 that stands there
        await person.press("enter")
        await person.type("40")
        await person.press("f2")
        await person.sees("Panes, all")
        await person.press("f2")
        await person.sees("Saved invoice")
        await person.sees("Balance")
        [made] = ask(office, f"{customer_id}/invoices")["items"]
        assert [line["description"] for line in made["lines"]] == ["Panes, all"]
        number = str(made["number"])
        await down_to(person, f"  {number} ")
        await person.press("enter")
        await person.sees("VAT 20 %")
        await person.sees("Total")
        assert "£72.00" in person.screen
        assert "VAT 20 % ·" not in person.screen, "the rate is told twice"
        await person.press("k")
        await person.sees("Paid on")
        await person.press("tab", "enter")
        await person.sees("Bank transfer")
        await person.press("enter", "f2")
        await person.sees("Paid.")
        await person.press("escape")
        await person.sees("Spent £72.00")
        await person.press("end")
        await person.sees("Spend by month")
    [paid] = ask(office, f"{customer_id}/invoices")["items"]
    assert (paid["state"], paid["paid_on"]) == ("paid", TODAY.isoformat())


@pytest.mark.feature("F5.4")
async def test_voiding_and_charging_ask_for_the_number_first(office: LiveServer, tmp_path: Path) -> None:
    customer_id = new_customer(office)
    with office.client() as staff:
        line = {"description": "Ironing", "unit_price": {"amount": "22.00", "currency": "GBP"}}
        place = f"/v1/customers/{customer_id}"
        dates = {"issued_on": "2026-01-12", "due_on": "2026-01-26"}
        numbers = [
            str(staff.post(f"{place}/invoices", json={"lines": [line]} | dates).json()["number"])
            for _ in range(2)
        ]
        staff.post(f"{place}/payment-methods", json={"token": "tok_visa"})
    async with at_desk(office, tmp_path, open_customer=customer_id) as person:
        await to_billing(person)
        await person.sees("OVERDUE")
        await down_to(person, f"  {numbers[0]} ")
        await person.press("enter")
        await person.sees("OVERDUE by ")
        await person.press("escape", "v")
        await person.sees("need not be paid any more")
        await person.type(numbers[0])
        await person.press("enter")
        await person.sees("Why")
        await person.type("Twice")
        await person.press("f2")
        await person.sees("Void.")
        await down_to(person, f"  {numbers[1]} ")
        await person.press("c")
        await person.sees("Visa …4242, and marks the")
        await person.type(numbers[1])
        await person.press("enter")
        await person.sees("The card was charged")
        await person.sees_no("OVERDUE")
    states = [(one["state"], one.get("paid_by")) for one in ask(office, f"{customer_id}/invoices")["items"]]
    assert states == [("paid", "card"), ("void", None)]


@pytest.mark.feature("F5.2", "F5.3")
async def test_an_exemption_is_written_with_its_papers_and_stands_in_the_header(
    office: LiveServer, tmp_path: Path
) -> None:
    customer_id = new_customer(office, billing_type="recurring")
    async with at_desk(office, tmp_path, open_customer=customer_id) as person:
        await to_billing(person)
        await person.sees("Full periods in a fixed cycle")
        await person.press("e")
        await person.sees("A period of its own, paid in advance")
        await person.press("down", "enter", "f2")
        await person.sees("Prepaid   A period of its own")
        await down_to(person, "The usual tax")
        await person.press("a")
        await person.sees("Certificate")
        await down_to(person, "Exempt")
        await person.press("space", "f2")
        await person.sees("An exemption needs its reason")
        await person.sees("Not yet: look at Reason and 1 more.")
        await down_to(person, "Reason")
        await person.press("e")
        await person.type("Charity")
        await person.press("enter")
        await person.type("CH 7")
        await person.press("f2")
        await person.sees("Charity, certificate CH 7")
        await person._until(lambda: "TAX EXEMPT" in person.screen.splitlines()[0], "the flag", 10)
    customer = ask(office, f"{customer_id}?include=tax")
    assert customer["billing_type"] == "prepaid"
    assert customer["tax"]["certificate_number"] == "CH 7"


@pytest.mark.feature("F5.2", "F9.4")
async def test_the_rate_of_a_customer_is_told_by_its_name_on_the_tab_and_in_the_activity(
    office: LiveServer, tmp_path: Path
) -> None:
    customer_id = new_customer(office)
    async with at_desk(office, tmp_path, open_customer=customer_id) as person:
        await to_billing(person)
        await down_to(person, "The usual tax")
        await person.press("a")
        await person.pick("VAT 20")
        await person.press("f2")
        await person.sees("Saved the sales tax.")
        await down_to(person, "VAT 20 %")
        await person.press("0")
        await person.sees("Rate: VAT 20 %")


@pytest.mark.feature("F5.5")
async def test_a_subscription_is_paused_and_cancelled_and_a_purchase_added(
    office: LiveServer, tmp_path: Path
) -> None:
    customer_id = new_customer(office)
    with office.client() as staff:
        body = {
            "product": "Laundry bag",
            "price": {"amount": "24.00", "currency": "GBP"},
            "started_on": (TODAY + timedelta(9)).isoformat(),
        }
        staff.post(f"/v1/customers/{customer_id}/subscriptions", json=body)
    async with at_desk(office, tmp_path, open_customer=customer_id) as person:
        await to_billing(person)
        await down_to(person, "Laundry bag")
        await person.press("z")
        await person.sees("Paused: it renews no more")
        await person.press("u")
        await person.sees("Active")
        await person.press("E")
        await person.sees("renews no more, and cannot be")
        await person.type("cancel")
        await person.press("enter")
        await person.sees("Cancelled")
        await person.press("A")
        await person.sees("a purchase")
        await person.type("purch")
        await person.press("enter")
        await person.sees("▸  What")
        await person.type("Soap")
        await person.press("enter")
        await person.type("3.5")
        await person.press("f2")
        await person.sees("Spent £3.50")
    assert ask(office, f"{customer_id}/purchases")["items"][0]["bought_on"] == TODAY.isoformat()
    [left] = ask(office, f"{customer_id}/subscriptions")["items"]
    assert left["ends_on"] == (TODAY + timedelta(9)).isoformat()


async def test_a_viewer_sees_it_all_and_is_offered_nothing(office: LiveServer, tmp_path: Path) -> None:
    customer_id = new_customer(office)
    with office.client() as staff:
        staff.post(f"/v1/customers/{customer_id}/payment-methods", json={"token": "tok_visa"})
    async with at_desk(office, tmp_path, role="viewer", open_customer=customer_id) as person:
        await to_billing(person)
        await down_to(person, "…4242")
        footer = person.screen.splitlines()[-1]
        for word in ("add", "remove", "default", "card link", "charge"):
            assert word not in footer


@pytest.mark.feature("F5.2")
async def test_an_admin_adds_a_rate_of_tax(office: LiveServer, tmp_path: Path) -> None:
    async with at_desk(office, tmp_path, role="admin") as person:
        await person.may("tax-rates:write")
        await person.press("ctrl+p")
        await person.type("rates of")
        await person.press("enter")
        await person.sees("20 %")
        await person.press("a")
        await person.sees("▸  Name")
        await person.type("Third")
        await person.press("enter")
        await person.type("7.25%")
        await person.press("f2")
        await person.sees("7.25 %")


FORMATS = Formats(dates="de_DE", numbers="de_DE", currency="EUR")


def spending(*amounts: str) -> Spending:
    months = [f"2026-{month:02}" for month in range(1, len(amounts) + 1)]
    return Spending(
        months=[
            SpentInMonth(month=month, amount=Money(amount=amount, currency="EUR"))
            for month, amount in zip(months, amounts, strict=True)
        ],
        balance=[Money(amount="1250.00", currency="EUR"), Money(amount="300", currency="JPY")],
        overdue=[Money(amount="50.00", currency="EUR")],
    )


@pytest.mark.feature("F5.6")
def test_the_chart_shows_whatever_is_more_than_nothing_as_more_than_nothing() -> None:
    assert bars([Decimal(0), Decimal("0.01"), Decimal(50), Decimal(100)], 3, rows=2) == [
        "         ██",
        "   ▁▁ ██ ██",
    ]
    assert bars([Decimal(0)] * 3, 2, rows=1) == [""]
    assert bars([], 2, rows=1) == [""]


@pytest.mark.feature("F5.6")
@pytest.mark.parametrize("width", [20, 40, 78, 118])
def test_the_chart_fits_its_width_and_tells_sum_and_average(width: int) -> None:
    told = spending(*("10.00" for _ in range(11)), "130.00")
    rows = ChartPart(lambda: told, FORMATS).rows(width, 0)
    texts = ["".join(span.text for span in row.spans) for row in rows]
    assert all(len(text) <= width for text in texts)
    assert ("Dez" if width > 60 else "D") in texts[-2]
    assert rows[-1].key is not None, "the marker goes there, and the chart comes into view"
    if width >= 78:
        assert "240,00\xa0€" in texts[-1].replace(" €", "\xa0€")
        assert "20,00" in texts[-1]


def test_debts_of_several_currencies_stand_beside_each_other() -> None:
    rows = DebtPart(lambda: spending("0.00"), FORMATS).rows(78, 0)
    text = "".join(span.text for span in rows[0].spans)
    assert "1.250,00" in text
    assert "OVERDUE" in text
    narrow = DebtPart(lambda: spending("0.00"), FORMATS).rows(30, 0)
    assert len(narrow) == 3
    assert [row.spans[0].text.strip() for row in DebtPart(lambda: None, FORMATS).rows(30, 0)] == ["Loading…"]


def test_bars_grow_in_ascii_too() -> None:
    steps = [ascii_stand_in(step, 1) for step in "▁▂▃▅▆▇█"]
    assert len(set(steps)) == 7
    assert "?" not in steps
