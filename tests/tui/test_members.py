"""The Members tab by keyboard: memberships, gift cards, rewards, against a real server and provider."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures import Template
from tests.live import LiveServer, live
from tests.tui.desks import Person, at_desk
from tests.tui.test_profile import fetched, make_customer, patch

TODAY = datetime.now(UTC).date()
PRICE = {"amount": "89.00", "currency": "GBP"}
FEE = {"amount": "40.00", "currency": "GBP"}


@pytest.fixture(scope="module")
def office(sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Give a server with a payment provider, two plans and a branch."""
    url = sqlite_template.copy(tmp_path_factory.mktemp("members"))
    with live(url, demo_payments=True, currency="GBP") as server:
        with server.client("admin") as admin:
            spa = {"name": "Spa 4", "price": PRICE, "credit": "Massage", "credits": 4, "credit_days": 90}
            term = {"minimum_months": 6, "cancellation_fee": FEE}
            old = {"name": "Spa of old", "price": PRICE, "active": False}
            for path, record in (("plans", spa | term), ("plans", old), ("branches", {"name": "Quay"})):
                assert admin.post(f"/v1/{path}", json=record).status_code == 201
        yield server


def joined(office: LiveServer, token: str = "tok_visa", **members: Any) -> dict[str, Any]:  # noqa: S107 - a name of a test card
    """Make an active customer with a card and a membership."""
    customer = make_customer(office, status="active")
    with office.client() as staff:
        ids = {
            name: staff.get(f"/v1/{path}").json()["items"][0]["id"]
            for name, path in (("plan_id", "plans"), ("branch_id", "branches"))
        }
        place = f"/v1/customers/{customer['id']}"
        assert staff.post(f"{place}/payment-methods", json={"token": token}).status_code == 201
        assert staff.post(f"{place}/memberships", json=ids | members).status_code == 201
    return customer


def only(office: LiveServer, customer: dict[str, Any], part: str) -> dict[str, Any]:
    """Give the one record of a customer's collection."""
    (record,) = fetched(office, customer, part)["items"]
    return dict(record)


async def to_members(person: Person) -> None:
    await person.tab("memberships")
    await person.sees("Gift cards")
    await person.sees_no("Loading…")


@pytest.mark.feature("F6.1")
async def test_a_membership_is_added_with_branch_plan_seller_and_note(
    office: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(office, status="active")
    async with at_desk(office, tmp_path, open_customer=customer["id"]) as person:
        await to_members(person)
        await person.sees("No memberships. Press a to add a membership.")
        await person.press("a")
        await person.pick("Quay")
        await person.press("enter")
        await person.sees("Spa 4")
        assert "Spa of old" not in person.screen, "what is not offered can be picked"
        await person.press("enter")
        await person.pick("Ada Admin")
        await person.type("tomorrow")
        await person.press("tab", "tab")
        await person.type("Came with her sister")
        await person.press("enter", "f2")
        await person.sees("Added Spa 4; next payment")
        await person.sees("Came with her sister")
        await person.press("1")
        await person.sees("Membership")
        assert "Spa 4   next payment" in person.screen
    made = only(office, customer, "/memberships")
    assert date.fromisoformat(made["next_payment_on"]) - TODAY <= timedelta(days=2)
    with office.client() as staff:
        sellers = {one["id"]: one["name"] for one in staff.get("/v1/staff").json()["items"]}
    assert sellers[made["sold_by_id"]] == "Ada Admin"


@pytest.mark.feature("F6.1", "F2.3")
async def test_who_is_left_alone_is_offered_neither_a_membership_nor_a_payment(
    office: LiveServer, tmp_path: Path
) -> None:
    customer = joined(office)
    async with at_desk(office, tmp_path, open_customer=customer["id"]) as person:
        await to_members(person)
        assert "k pay now" in person.screen
        patch(office, customer, status="inactive")
        await person.press("f5")
        await person.sees("! This customer is inactive: memberships neither begin nor are charged.")
        foot = person.screen.splitlines()[-1]
        assert "k pay now" not in foot
        await person.press("a")
        assert "Sold by" not in person.screen
    async with at_desk(office, tmp_path, "viewer", open_customer=customer["id"]) as person:
        await to_members(person)
        await person.press("enter")
        await person.sees("Payment activity")
        assert not {"k pay", "c cancel", "e edit", "a add"} & set(person.screen.splitlines()[-1].split("  "))


@pytest.mark.feature("F6.2")
async def test_a_payment_is_taken_now_and_a_credit_is_used(office: LiveServer, tmp_path: Path) -> None:
    customer = joined(office)
    async with at_desk(office, tmp_path, open_customer=customer["id"]) as person:
        await to_members(person)
        await person.press("enter")
        await person.sees("Nothing was taken yet.")
        await person.press("k")
        await person.sees("£89.00 to Visa …4242 of")
        await person.type("pay")
        await person.press("enter")
        await person.sees("Succeeded")
        await person.sees("Credits left      4")
        await person.press("end", "up")
        while "▸  Massage" not in person.screen:
            await person.press("up")
        await person.press("e")
        await person.sees("Good until")
        await person.press("down", "space", "down", "down", "enter")
        await person.type("Visit of 3 May")
        await person.press("enter", "f2")
        await person.sees("Credits left      3")
        assert "▸  Massage" in person.screen, "the marker has gone elsewhere"
        await person.sees("Used or over")
        await person.press("escape")
        await person.sees("3 credits left")
        await person.tab("activity")
        await person.sees("took the payment of a membership")
    made = only(office, customer, "/memberships")
    credits_ = fetched(office, customer, f"/memberships/{made['id']}/credits")["items"]
    assert [
        (one["state"], one.get("note")) for one in credits_ if one.get("state", "available") == "used"
    ] == [("used", "Visit of 3 May")]


@pytest.mark.feature("F6.2")
async def test_a_declined_card_is_told_and_another_one_is_picked(office: LiveServer, tmp_path: Path) -> None:
    customer = joined(office, "tok_declined")
    with office.client() as staff:
        staff.post(f"/v1/customers/{customer['id']}/payment-methods", json={"token": "tok_amex"})
    async with at_desk(office, tmp_path, open_customer=customer["id"]) as person:
        await to_members(person)
        await person.press("enter")
        await person.sees("Nothing was taken yet.")
        await person.press("k")
        await person.sees("Visa …0002")
        await person.type("pay")
        await person.press("enter")
        await person.sees("FAILED")
        assert person.status == "Visa …0002 was not charged: The card was declined. Nothing was taken."
        await person.press("e")
        await person.sees("▸  Card")
        await person.pick("Amex")
        await person.press("f2")
        await person.sees("Amex …0005")
        await person.press("k")
        await person.sees("£89.00 to Amex …0005")
        # A colleague is quicker: nothing is taken twice.
        made = only(office, customer, "/memberships")
        with office.client() as staff:
            paid = staff.post(f"/v1/customers/{customer['id']}/memberships/{made['id']}/process")
            assert paid.status_code == 200
        await person.type("pay")
        await person.press("enter")
        await person.sees("nothing was taken. Look")
        await person.sees("Credits left      4")
    payments = fetched(office, customer, f"/memberships/{made['id']}/payments")["items"]
    assert [one["state"] for one in payments] == ["succeeded", "failed"]


@pytest.mark.feature("F6.2")
@pytest.mark.parametrize("role", ["staff", "admin"])
async def test_cancelling_says_the_fee_first_and_only_admins_let_it_go(
    office: LiveServer, tmp_path: Path, role: str
) -> None:
    customer = joined(office)
    async with at_desk(office, tmp_path, role, open_customer=customer["id"]) as person:
        await to_members(person)
        await person.press("c")
        await person.sees("costs a fee of £40.00")
        assert ("you can let it go" in person.screen) is (role == "admin")
        assert only(office, customer, "/memberships")["state"] == "active"
        await person.type("cancel")
        await person.press("enter")
        await person.sees("Reason")
        assert ("Without the fee" in person.screen) is (role == "admin")
        await person.type("Moves away")
        await person.press("enter")
        if role == "admin":
            await person.press("space")
        await person.press("f2")
        await person.sees("because: Moves away")
        assert "c cancel" not in person.screen.splitlines()[-1]
    assert only(office, customer, "/memberships")["state"] == "ended"
    assert len(fetched(office, customer, "/invoices")["items"]) == (0 if role == "admin" else 1)


@pytest.mark.feature("F6.3")
async def test_a_gift_card_is_sold_and_used(office: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(office)
    async with at_desk(office, tmp_path, open_customer=customer["id"]) as person:
        await to_members(person)
        await person.press("down", "a")
        await person.sees("What it was bought for")
        await person.type("50")
        await person.press("enter")
        await person.type("Her mother")
        await person.press("enter", "f2")
        await person.sees("Added gift card RV-")
        await person.sees("£50.00 left of £50.00")
        for amount, seen in (("60", "Only 50.00 GBP is left"), ("20", "£30.00 left"), ("-5", "£35.00 left")):
            await person.press("v")
            await person.sees("What is taken")
            await person.type(amount)
            await person.press("enter")
            await person.type("Tea")
            await person.press("enter", "f2")
            await person.sees(seen)
            if amount == "60":
                await person.press("escape")
                await person.sees_no("What is taken")
    assert only(office, customer, "/gift-cards")["balance"]["amount"] == "35.00"


@pytest.mark.feature("F6.3")
async def test_what_is_taken_from_a_card_is_of_its_currency_and_one_that_is_over_says_so(
    office: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(office)
    euro = {"amount": {"amount": "50.00", "currency": "EUR"}, "recipient": "Her mother's cousin in Leith"}
    over = euro | {"bought_on": "2020-01-01", "expires_on": "2021-12-31"}
    with office.client() as staff:
        for card in (over, euro):
            made = staff.post(f"/v1/customers/{customer['id']}/gift-cards", json=card)
            assert made.status_code == 201
    async with at_desk(office, tmp_path, open_customer=customer["id"]) as person:
        await to_members(person)
        await person.sees("EXPIRED 31 Dec 2021")
        assert "for Her mother's cousin in Leith" in person.screen
        await person.press("down", "v")
        await person.sees("What is taken")
        title = person.app.screen.query_one(".box").border_title
        assert title == f"Take something from {made.json()['code']}, or put it back"
        await person.type("20")
        await person.press("enter")
        await person.type("Tea")
        await person.press("enter", "f2")
        await person.sees("€30.00 left of €50.00")


@pytest.mark.feature("F6.4")
async def test_rewards_are_written_down_below_code_and_balance(office: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(office)
    async with at_desk(office, tmp_path, open_customer=customer["id"]) as person:
        await to_members(person)
        await person.sees(f"Code FRIEND-{customer['number']}   Balance nothing")
        await person.press("end", "a")
        await person.sees("▸  Entry")
        await person.press("tab")
        await person.type("15")
        await person.press("enter")
        await person.type("Brought 1055")
        await person.press("enter", "f2")
        await person.sees("+£15.00")
        await person.sees("Balance £15.00")
    assert only(office, customer, "/rewards")["about"] == "Brought 1055"


@pytest.mark.feature("F6.4", "F12.4")
async def test_what_a_server_lacks_is_not_on_the_tab(sqlite_template: Template, tmp_path: Path) -> None:
    with live(sqlite_template.copy(tmp_path), without="referral_rewards") as server:
        customer = make_customer(server)
        async with at_desk(server, tmp_path, open_customer=customer["id"]) as person:
            await to_members(person)
            await person.sees("No memberships.")
            assert "Rewards" not in person.screen


@pytest.mark.feature("F6.1")
async def test_admins_keep_the_plans(office: LiveServer, tmp_path: Path) -> None:
    async with at_desk(office, tmp_path, "admin") as person:
        await person.may("plans:write")
        await person.press("ctrl+p")
        await person.type("plans of")
        await person.sees("Manage plans of memberships")
        await person.press("enter")
        await person.sees("Spa of old")
        assert "not offered" in person.screen
        await person.sees("a add")
        await person.press("a")
        await person.sees("Cancellation fee")
        await person.type("Laundry bag")
        await person.press("enter")
        await person.type("21")
        await person.press("enter", "f2")
        await person.sees("£21.00 every month")
